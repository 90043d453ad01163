"""A case with its defendants, driven at random: whatever is asked in whatever order, the rules hold. Invariant 20."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Literal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.often import often

from nrm_contracts.prosecution.events import (
    CaseBecameFinal,
    DefendantAdded,
    DefendantProceedingsEnded,
    JudgmentBecameFinal,
)
from nrm_kernel.errors import NotFound, Refused
from nrm_kernel.service import Write
from nrm_prosecution.domain import charging, court, pausing, register, safety
from nrm_prosecution.domain.case import CASES, CriminalCase, stage_after
from nrm_prosecution.domain.defendant import Defendant, DefendantStatus
from nrm_prosecution.domain.stages import CaseStatus, may_follow
from nrm_prosecution.rpc_commands import COMMANDS

CASE, AGENCY, ELSEWHERE, DAY = "c" * 32, "test/prosecution/north", "test/prosecution/south", date(2026, 3, 2)
ARTICLES = ("KZ-CC-128",)
REFS = [f"{number:032x}" for number in range(2)]
DEFENDANTS = st.sampled_from(REFS)
RULES: dict[type[object], Write] = {write.command: write for write in COMMANDS}

STEPS = (
    register.OpenInvestigation(CASE, DAY),
    register.ReviewCase(CASE, DAY, DAY + timedelta(30)),
    register.ReclassifyCase(CASE, "0302", "KZ-CC-308", DAY),
    pausing.SuspendCase(CASE, "suspect_abroad", DAY),
    pausing.ResumeCase(CASE, DAY),
    court.OpenTrial(CASE, DAY),
    court.LodgeAppeal(CASE, DAY),
    court.StartEnforcement(CASE, DAY),
    court.CloseCase(CASE, DAY),
)
ENDINGS = (
    pausing.TransferCase(CASE, ELSEWHERE, DAY),
    pausing.DiscontinueCase(CASE, "no_evidence", DAY),
    pausing.SettleCase(CASE, "compensation", DAY),
)


class CaseMachine(RuleBasedStateMachine):
    """Every command may be asked at any time; what is refused leaves nothing behind."""

    def __init__(self) -> None:
        super().__init__()
        self.past: list[object] = []
        self.case = CriminalCase()

    def ask(self, command: object) -> None:
        before = self.case
        try:
            happened = RULES[type(command)].decide(command, self.case)
        except (Refused, NotFound):
            return
        for event in happened:
            self.past.append(event)
            self.case = CASES.evolve(self.case, event)
        self.must_be_an_arrow(before.status)
        for ref, one in before.defendants.items():
            must_be_a_defendants_step(one, self.case.defendants[ref])

    def must_be_an_arrow(self, before: CaseStatus | None) -> None:
        if before is not self.case.status:
            assert self.case.status is not None
            assert may_follow(before, self.case.status), f"{before} -> {self.case.status}"

    @initialize(reported=st.booleans())
    def a_case_comes_in(self, reported: bool) -> None:
        if reported:
            self.ask(register.ReportCrime(CASE, (), False, DAY, AGENCY))
            self.ask(register.RegisterReportedCase(CASE, "0204", "KZ-CC-128", DAY))
        else:
            self.ask(register.RegisterCase(CASE, (), "0204", "KZ-CC-128", True, DAY, AGENCY))
        self.ask(register.OpenInvestigation(CASE, DAY))

    @rule(step=st.sampled_from(STEPS))
    def a_step(self, step: object) -> None:
        self.ask(step)

    @precondition(lambda self: len(self.past) > 12)
    @rule(ending=st.sampled_from(ENDINGS))
    def an_ending(self, ending: object) -> None:
        self.ask(ending)

    @rule(ref=DEFENDANTS)
    def a_suspect(self, ref: str) -> None:
        if ref not in self.case.defendants:
            roles = ("Exploiter",)
            self.ask(charging.AddDefendant(CASE, ref, "male", "30-38", "unknown", roles, False, DAY))

    @rule(ref=DEFENDANTS, act=st.sampled_from([charging.ChargeDefendant, charging.IndictDefendant]))
    def a_charge(self, ref: str, act: Callable[[str, str, tuple[str, ...], date], object]) -> None:
        self.ask(act(CASE, ref, ARTICLES, DAY))

    @rule(ref=DEFENDANTS, outcome=st.sampled_from(["dismissed", "absconded", "deceased"]))
    def an_early_end(self, ref: str, outcome: Literal["dismissed", "absconded", "deceased"]) -> None:
        self.ask(charging.EndDefendantProceedings(CASE, ref, outcome, DAY))

    @rule(
        ref=DEFENDANTS,
        instance=st.sampled_from(["first", "appeal", "cassation"]),
        outcome=st.sampled_from(["convicted", "plea_agreed", "acquitted", "dismissed", "sent_back"]),
    )
    def a_judgment(self, ref: str, instance: str, outcome: str) -> None:
        months = 60 if outcome in ("convicted", "plea_agreed") else 0
        self.ask(court.EnterJudgment(CASE, ref, instance, outcome, ARTICLES, months, False, (), DAY))

    @rule(ref=DEFENDANTS)
    def an_end(self, ref: str) -> None:
        self.ask(court.FinalizeJudgment(CASE, ref, DAY))

    @rule(ref=DEFENDANTS)
    def a_release(self, ref: str) -> None:
        self.ask(safety.ReleaseOffender(CASE, ref, DAY, AGENCY))

    @rule(ref=DEFENDANTS)
    def a_defendant_goes_to_court(self, ref: str) -> None:
        self.a_suspect(ref)
        self.a_charge(ref, charging.ChargeDefendant)
        self.a_charge(ref, charging.IndictDefendant)

    @rule(appealed=st.booleans())
    def the_case_goes_on(self, appealed: bool) -> None:
        match self.case.status:
            case CaseStatus.SUSPENDED:
                self.ask(pausing.ResumeCase(CASE, DAY))
            case CaseStatus.INDICTED:
                self.ask(court.OpenTrial(CASE, DAY))
            case CaseStatus.TRIAL:
                self.a_judgment(REFS[0], "first", "convicted")
                self.a_judgment(REFS[1], "first", "acquitted")
            case CaseStatus.FIRST_INSTANCE if appealed:
                self.ask(court.LodgeAppeal(CASE, DAY))
            case CaseStatus.FIRST_INSTANCE | CaseStatus.APPEAL:
                self.an_end(REFS[0])
                self.an_end(REFS[1])
            case _:
                self.ask(court.StartEnforcement(CASE, DAY))

    @invariant()
    def an_open_case_has_one_owner_and_something_due_and_an_ended_one_nothing(self) -> None:
        if self.case.status is not None:
            assert self.case.lead_org == AGENCY
            assert [one.owner for one in self.case.deadlines.values()] == ([AGENCY] if self.case.open else [])

    @invariant()
    def a_case_is_final_when_nobody_in_it_is_open(self) -> None:
        finals = sum(isinstance(event, CaseBecameFinal) for event in self.past)
        judged = {CaseStatus.FINAL, CaseStatus.ENFORCEMENT, CaseStatus.CLOSED}
        assert finals == (self.case.status in judged)
        if finals:
            assert self.case.pending == ()

    @invariant()
    def an_outcome_that_is_final_is_final_once(self) -> None:
        ended = [event.defendant_ref for event in self.past if isinstance(event, JudgmentBecameFinal)]
        ended += [event.defendant_ref for event in self.past if isinstance(event, DefendantProceedingsEnded)]
        assert len(ended) == len(set(ended))

    @invariant()
    def defendants_are_counted_apart_from_cases(self) -> None:
        added = {event.defendant_ref for event in self.past if isinstance(event, DefendantAdded)}
        assert set(self.case.defendants) == added
        assert CASE not in added

    @invariant()
    def the_stage_follows_from_the_events_of_the_case_alone(self) -> None:
        stages = [stage for event in self.past if (stage := stage_after(event)) is not None]
        assert (stages[-1] if stages else None) is self.case.status

    @invariant()
    def the_same_history_gives_the_same_case(self) -> None:
        assert CASES.state(self.past) == self.case


def must_be_a_defendants_step(before: Defendant, after: Defendant) -> None:
    """A defendant goes from suspected to charged to an outcome; what is final stays; a judgment may be overturned."""
    if before.ended:
        assert (after.status, after.ended) == (before.status, True)
    elif before.status is not after.status:
        assert after.status is not DefendantStatus.SUSPECTED
        assert before.status is not DefendantStatus.SUSPECTED or after.status is DefendantStatus.CHARGED
        overturned = before.status not in (DefendantStatus.SUSPECTED, DefendantStatus.CHARGED)
        assert not overturned or after.instance in ("appeal", "cassation")


TestCaseMachine = CaseMachine.TestCase
TestCaseMachine.settings = settings(max_examples=often(40), stateful_step_count=60, deadline=None)
