"""Any sequence of commands, from officers and from other agencies, keeps the invariants of assistance."""

from datetime import timedelta
from typing import cast

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tests.assistance.story import (
    AUTHORITY,
    CHILD,
    DAY,
    DEAL,
    OTHER_NGO,
    POLICE,
    POLICY,
    US,
    World,
    asks,
    lived,
    ref,
)
from tests.often import often

from nrm_assistance.domain.care import (
    AgreePlan,
    AssessBestInterest,
    AssessNeeds,
    DetermineBestInterest,
    EnterPhase,
    RaiseRiskAlert,
    ReachGoal,
    RevisePlan,
)
from nrm_assistance.domain.closing import CloseCase, NoteTransferAnswer, SuggestReferral, TransferCase
from nrm_assistance.domain.command import AboutPerson
from nrm_assistance.domain.consents import GiveConsent, NoteSharedConsent, RevokeConsent
from nrm_assistance.domain.contact import MissFollowUp, RecordFollowUp, ReportFound, ReportLost, VoidFollowUp
from nrm_assistance.domain.contract import RecordContract
from nrm_assistance.domain.delivery import ClaimDelivery, DeliverServiceUnit, RecordClaimAnswer, VoidServiceUnit
from nrm_assistance.domain.intake import (
    AcceptAssistance,
    DeclineAssistance,
    OfferAssistance,
    OpenCase,
    ReceiveRequest,
    RegisterPerson,
)
from nrm_assistance.domain.person import PERSON, Person
from nrm_assistance.domain.placement import (
    EndPlacement,
    ExtendPlacement,
    StartPlacement,
    dated_plan_needed,
    open_placement,
)
from nrm_assistance.domain.returns import (
    AssessReturnRisk,
    CallOffReturn,
    ConfirmReintegration,
    ConsentToReturn,
    OpenReturn,
    RecordReceiverAnswer,
    RecordReturn,
    ReferAbroad,
)
from nrm_assistance.domain.status import NoteStatus
from nrm_assistance.rpc import WRITES
from nrm_contracts.assistance.events import AssistanceDeclined, CaseClosed, CaseOpened, DeliveryClaimed
from nrm_kernel.testing.entries import event_data

MONEY = ("CONTRACT", "CEILING", "FUND", "PAY")
"""What no reason for refusing help may speak of."""
CONSENTED = (AssessNeeds, AgreePlan, RevisePlan, StartPlacement, ExtendPlacement, DeliverServiceUnit, RecordFollowUp)
"""What rests on consent to assistance."""
DATED = st.none() | st.integers(1, 300)


class Helping(RuleBasedStateMachine):
    """One person, adult or child, whom anything may happen to."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.day = DAY
        self.nth = 0
        self.agreed: set[str] = set()
        self.expected: object = None
        self.left, self.left_on = Person(), DAY

    @initialize(minor=st.booleans())
    def registered(self, *, minor: bool) -> None:
        self.world.do(asks(RecordContract), asks(RegisterPerson, minor=minor, age_band="9-17" if minor else "27-29"))

    def asked(self, command: type[AboutPerson], **values: object) -> str | None:
        """Ask, on this day and with fresh ids; gives the reason of a refusal."""
        self.nth += 1
        fresh = {name: ref(f"{name[:6]} {self.nth}") for name in MINTED.get(command, ()) if name not in values}
        self.expected = asks(command, occurred_on=self.day, **fresh, **values)
        return self.world.refuses(self.expected)

    @rule(days=st.integers(1, 40))
    def time_passes(self, days: int) -> None:
        self.day += timedelta(days=days)

    @rule(source=st.sampled_from([POLICE, AUTHORITY]))
    def somebody_asks_for_help(self, source: str) -> None:
        self.asked(ReceiveRequest, requester=source, handover_id=ref(source[-8:]), case_id=ref(f"case {self.nth}"))

    @rule()
    def the_person_comes_back(self) -> None:
        self.asked(OpenCase)

    @rule()
    def help_is_offered(self) -> None:
        self.asked(OfferAssistance)

    @rule()
    def the_person_accepts(self) -> None:
        if self.asked(AcceptAssistance) is None:
            self.agreed.add(cast(AcceptAssistance, self.expected).consent_id)

    @rule()
    def the_person_declines(self) -> None:
        self.asked(DeclineAssistance, reason="family")

    @rule(scope=st.sampled_from(["assistance", "referral", "share_with"]))
    def the_person_consents(self, scope: str) -> None:
        share_with = OTHER_NGO if scope == "share_with" else None
        if self.asked(GiveConsent, scope=scope, share_with=share_with) is None and scope == "assistance":
            self.agreed.add(cast(GiveConsent, self.expected).consent_id)

    @rule(which=st.integers(0, 5))
    def the_person_revokes(self, which: int) -> None:
        consents = sorted(self.world.person().consents)
        if consents:
            consent_id = consents[which % len(consents)]
            self.asked(RevokeConsent, consent_id=consent_id)
            self.agreed.discard(consent_id)

    @rule(command=st.sampled_from([*CONSENTED[:1], ReachGoal, AssessBestInterest]))
    def care_goes_on(self, command: type[AboutPerson]) -> None:
        later = {"reassess_by": self.day + timedelta(days=30)} if command is AssessNeeds else {}
        self._rests_on_consent(self.asked(command, **later))

    @rule(command=st.sampled_from([AgreePlan, RevisePlan]), dated=DATED)
    def a_plan_is_made(self, command: type[AboutPerson], dated: int | None) -> None:
        day = None if dated is None else self.day + timedelta(days=dated)
        end = self.day + timedelta(days=200)
        self._rests_on_consent(self.asked(command, reintegration_on=day, planned_end=end))

    @rule(phase=st.sampled_from(["crisis", "reintegration", "follow_up"]))
    def help_moves_on(self, phase: str) -> None:
        self.asked(EnterPhase, phase=phase)

    @rule(kind=st.sampled_from(["child_centre", "foster"]), max_days=st.integers(1, 200))
    def the_person_moves_in(self, kind: str, max_days: int) -> None:
        self._rests_on_consent(self.asked(StartPlacement, kind=kind, max_days=max_days))

    @rule(max_days=st.integers(1, 300))
    def the_stay_is_extended(self, max_days: int) -> None:
        self._rests_on_consent(self.asked(ExtendPlacement, placement_id=self._stay(), max_days=max_days))

    @rule()
    def the_person_moves_out(self) -> None:
        self.asked(EndPlacement, placement_id=self._stay(), reason="moved_on")

    def _stay(self) -> str:
        stays = self.world.person().placements.items()
        return next((key for key, stay in stays if stay.ended_on is None), ref("no stay"))

    @rule(basis=st.sampled_from(["", "vital_interest"]), deal=st.sampled_from([None, DEAL]), qty=st.integers(1, 6_000))
    def help_is_given(self, basis: str, deal: str | None, qty: int) -> None:
        refusal = self.asked(
            DeliverServiceUnit,
            legal_basis=basis,
            contract_ref=deal,
            qty_milli=qty,
            delivered_from=self.day,
            delivered_to=self.day,
            evidence_hash=f"{self.nth:064x}",
        )
        assert not any(word in (refusal or "") for word in MONEY), "no money gate blocks help (invariant 17)"
        case = self.world.person().case
        if basis and case and case.is_open:
            assert refusal is None, "nothing blocks crisis care in an open case"
        if not basis:
            self._rests_on_consent(refusal)

    @rule(which=st.integers(0, 9), step=st.sampled_from(["claim", "void", "rejected", "paid"]))
    def money_is_sought(self, which: int, step: str) -> None:
        deliveries = self.world.person().deliveries
        if not deliveries:
            return
        key = sorted(deliveries)[which % len(deliveries)]
        one = deliveries[key]
        if step == "claim":
            self.asked(ClaimDelivery, delivery_id=key)
        elif step == "void":
            self.asked(VoidServiceUnit, delivery_id=key, contract_ref=one.contract_ref, reason="duplicate")
        elif one.claim_id:
            self.world.refuses(asks(RecordClaimAnswer, claim_id=one.claim_id, answer=step))

    @rule(month=st.sampled_from([1, 3, 6, 12]))
    def the_person_is_followed_up(self, month: int) -> None:
        fares = {"wellbeing": "fair", "housing": "supported", "income": "none", "safe": "unknown"}
        self._rests_on_consent(self.asked(RecordFollowUp, month=month, **fares))
        self.asked(MissFollowUp, month=month)

    @rule(month=st.sampled_from([1, 3, 6, 12]))
    def a_follow_up_was_recorded_in_error(self, month: int) -> None:
        self.asked(VoidFollowUp, month=month, reason="wrong_person")

    @rule(command=st.sampled_from([ReportLost, ReportFound]))
    def contact_changes(self, command: type[AboutPerson]) -> None:
        self.asked(command)

    @rule(kind=st.sampled_from(["threat", "self_harm"]))
    def danger_is_seen(self, kind: str) -> None:
        self.asked(RaiseRiskAlert, kind=kind)

    @rule(outcome=st.sampled_from(["positive", "negative"]), final=st.booleans())
    def status_is_decided(self, outcome: str, *, final: bool) -> None:
        assert self.asked(NoteStatus, outcome=outcome, final=final, handover_id=ref("authority's")) is None

    @rule(change=st.sampled_from(["given", "revoked"]), sender=st.sampled_from([POLICE, AUTHORITY]))
    def consent_changes_elsewhere(self, change: str, sender: str) -> None:
        told = {"sender": sender, "handover_id": ref(sender[-8:]), "effective_on": self.day}
        assert self.asked(NoteSharedConsent, change=change, **told) is None

    @rule(answer=st.sampled_from(["accepted", "declined"]))
    def the_person_is_handed_on(self, answer: str) -> None:
        self.asked(SuggestReferral, to=AUTHORITY)
        self.asked(TransferCase, to=OTHER_NGO)
        self.asked(NoteTransferAnswer, sender=OTHER_NGO, answer=answer)

    @rule(risk=st.sampled_from(["safe", "not_safe"]), called_off=st.booleans())
    def a_return_is_looked_into(self, risk: str, *, called_off: bool) -> None:
        self.asked(OpenReturn)
        self.asked(AssessReturnRisk, risk=risk)
        if called_off:
            self.asked(CallOffReturn, reason="not_safe")

    @rule(answer=st.sampled_from(["accepted", "declined"]), determined=st.booleans())
    def the_return_is_made_ready(self, answer: str, *, determined: bool) -> None:
        self.asked(ConsentToReturn)
        if determined:
            self.asked(DetermineBestInterest, review_by=self.day + timedelta(days=60))
        self.asked(ReferAbroad)
        self.asked(RecordReceiverAnswer, answer=answer)

    @rule(basis=st.sampled_from(["", "vital_interest"]))
    def the_person_leaves(self, basis: str) -> None:
        before = self.world.person()
        if self.asked(RecordReturn, legal_basis=basis) is None:
            self.left, self.left_on = before, self.day

    @rule()
    def the_person_is_received(self) -> None:
        self.asked(ConfirmReintegration)

    @rule(outcome=st.sampled_from(["goal_met", "withdrew", "returned"]))
    def the_case_is_closed(self, outcome: str) -> None:
        self.asked(CloseCase, outcome=outcome)

    def _rests_on_consent(self, refusal: str | None) -> None:
        """Invariant 2: what was done on the ground of consent was done while one lived."""
        if refusal is None and isinstance(self.expected, CONSENTED):
            assert self.agreed

    @invariant()
    def an_open_case_has_one_owner_and_a_live_deadline(self) -> None:
        """Invariant 20; and a case that ended has none."""
        person = self.world.person()
        if person.case is None:
            return
        assert bool(person.deadlines) == person.case.is_open
        assert {due.owner for due in person.deadlines.values()} <= {US}

    @invariant()
    def whoever_returned_wanted_to_was_safe_and_was_received(self) -> None:
        """Invariant 22, of whoever left last."""
        person, on = self.left, self.left_on
        if person.returning is None:
            return
        assert person.returning.risk(on) == "safe"
        assert person.consents[person.returning.consent_id or ""].is_live(on)
        assert person.returning.accepted_on
        assert person.profile
        assert not person.profile.minor or (person.determination and on <= person.determination.review_by)

    @invariant()
    def one_case_is_open_at_most(self) -> None:
        opened = 0
        for event in self.world.events():
            opened += isinstance(event, CaseOpened) - isinstance(event, CaseClosed | AssistanceDeclined)
            assert 0 <= opened <= 1

    @invariant()
    def no_child_stays_long_in_an_institution_without_a_dated_plan(self) -> None:
        """Invariant 19."""
        person = self.world.person()
        if dated_plan_needed(POLICY, person, open_placement(person)):
            assert person.plan is not None
            assert person.plan.reintegration_on is not None

    @invariant()
    def a_delivery_has_one_living_claim_at_most(self) -> None:
        """Invariant 15, the sender's half."""
        claimed = [event.claim_id for event in self.world.events() if isinstance(event, DeliveryClaimed)]
        assert len(claimed) == len(set(claimed)), "a claim id is never used twice"
        living = [claim.delivery_id for one in self.world.contracts.values() for claim in one.claims.values()]
        assert len(living) == len(set(living))

    @invariant()
    def notices_hold_no_name_of_our_own(self) -> None:
        person = self.world.person()
        case_ids = {person.case.case_id} if person.case else set()
        own = {ref("anna")}.union(person.deliveries, person.placements, person.consents, case_ids)
        for notice in self.world.notices:
            told = set(map(str, event_data(notice.event).values()))
            assert not told & own

    @invariant()
    def the_state_follows_from_the_record(self) -> None:
        assert PERSON.state(self.world.events()) == self.world.person()


MINTED = {write.command: write.minted for write in WRITES}
TestHelping = pytest.mark.slow(Helping.TestCase)
TestHelping.settings = settings(max_examples=often(60), stateful_step_count=40, deadline=None)


def test_a_child_is_helped_under_the_same_rules() -> None:
    assert lived(*CHILD)
