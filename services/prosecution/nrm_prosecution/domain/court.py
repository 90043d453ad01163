"""The case before the court, until nothing is left to be done. Each command, then its rule."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from nrm_contracts.fields import Code, Day, Ref
from nrm_contracts.prosecution.case_events import Article
from nrm_contracts.prosecution.events import (
    AppealLodged,
    CaseBecameFinal,
    CaseClosed,
    CaseJudged,
    EnforcementStarted,
    JudgmentBecameFinal,
    JudgmentEntered,
    TrialOpened,
)
from nrm_kernel.decider import Decision
from nrm_kernel.errors import Refused
from nrm_prosecution.domain.case import CriminalCase
from nrm_prosecution.domain.charging import must_name_articles, wrong_status
from nrm_prosecution.domain.deadlines import lifted
from nrm_prosecution.domain.defendant import GUILTY, SENT_BACK, Defendant
from nrm_prosecution.domain.stages import JUDGED, CaseStatus

SENTENCE_MONTHS_MAX = 1200
"""A hundred years; more is a slip of the pen."""

_FIRST = "first"
_JUDGED_GUILTY = frozenset(status.value for status in GUILTY)
_IN_COURT = JUDGED | {CaseStatus.TRIAL}


@dataclass(frozen=True, slots=True)
class OpenTrial:
    """The court opened the trial."""

    criminal_case_id: Ref
    occurred_on: Day


def open_trial(command: OpenTrial, case: CriminalCase) -> Decision:
    """Of an indicted case in which somebody is left to be judged."""
    case.must_reach(CaseStatus.TRIAL, "The trial")
    if not any(one.awaits_judgment for one in case.defendants.values()):
        raise Refused(
            "DEFENDANTS_MISSING",
            "The trial was not recorded: no indicted defendant is left to be judged. Discontinue the case.",
        )
    return [TrialOpened(command.criminal_case_id, command.occurred_on)]


@dataclass(frozen=True, slots=True)
class EnterJudgment:
    """A court's judgment on one defendant. ``sentence_months`` 0: no term of imprisonment."""

    criminal_case_id: Ref
    defendant_ref: Ref
    instance: Annotated[str, Code("court_instance")]
    outcome: Annotated[str, Code("judgment_outcome")]
    articles: tuple[Article, ...]
    sentence_months: Annotated[int, Field(ge=0, le=SENTENCE_MONTHS_MAX)]
    suspended: bool
    aggravating: tuple[Annotated[str, Code("aggravating_factor")], ...]
    occurred_on: Day


def enter_judgment(command: EnterJudgment, case: CriminalCase) -> Decision:
    """By the first instance on one who awaits it, by a higher one on one whose judgment was appealed."""
    case.must_be_in(_IN_COURT, "The judgment")
    _must_suit_instance(command, case, case.defendant(command.defendant_ref))
    must_be_consistent(command)
    entered = JudgmentEntered(
        criminal_case_id=command.criminal_case_id,
        defendant_ref=command.defendant_ref,
        instance=command.instance,
        outcome=command.outcome,
        articles=tuple(dict.fromkeys(command.articles)),
        sentence_months=command.sentence_months,
        suspended=command.suspended,
        aggravating=tuple(dict.fromkeys(command.aggravating)),
        judged_on=command.occurred_on,
    )
    if case.status is CaseStatus.TRIAL:
        return [entered, CaseJudged(command.criminal_case_id, command.occurred_on)]
    return [entered]


def _must_suit_instance(command: EnterJudgment, case: CriminalCase, one: Defendant) -> None:
    if command.instance == _FIRST:
        if not one.awaits_judgment:
            raise wrong_status(one, "The judgment", "a first instance judges one who is indicted and not judged")
        if command.outcome == SENT_BACK:
            raise Refused(
                "OUTCOME_WRONG",
                "The judgment was not recorded: a first instance sends nothing back. Choose what it decided.",
                outcome=command.outcome,
            )
        return
    case.must_be_in(frozenset({CaseStatus.APPEAL}), f"The judgment of the {command.instance} instance")
    if not one.judged:
        raise wrong_status(one, "The judgment", "a higher court judges one whose judgment is not final")


def must_be_consistent(command: EnterJudgment) -> None:
    """Refused when the sentence contradicts the outcome."""
    if command.outcome in _JUDGED_GUILTY:
        must_name_articles(command.articles, "The conviction")
        return
    if command.sentence_months or command.suspended or command.aggravating:
        raise Refused(
            "SENTENCE_WITHOUT_CONVICTION",
            f"The judgment was not recorded: its outcome is {command.outcome}, yet it names a sentence. Leave out "
            "months, suspension and aggravating factors, or correct the outcome.",
            outcome=command.outcome,
        )


@dataclass(frozen=True, slots=True)
class LodgeAppeal:
    """A judgment of the case goes before a higher court."""

    criminal_case_id: Ref
    occurred_on: Day


def lodge_appeal(command: LodgeAppeal, case: CriminalCase) -> Decision:
    """While a judgment stands that is not final. Further appeals in the same case need no step of their own."""
    case.must_reach(CaseStatus.APPEAL, "The appeal")
    if not any(one.judged for one in case.defendants.values()):
        raise Refused(
            "JUDGMENT_MISSING", "The appeal was not recorded: no judgment that could be appealed stands in this case."
        )
    return [AppealLodged(command.criminal_case_id, command.occurred_on)]


@dataclass(frozen=True, slots=True)
class FinalizeJudgment:
    """The judgment on this defendant can no longer be appealed."""

    criminal_case_id: Ref
    defendant_ref: Ref
    occurred_on: Day


def finalize_judgment(command: FinalizeJudgment, case: CriminalCase) -> Decision:
    """With the last open defendant the whole case is final."""
    case.must_be_in(JUDGED, "The final judgment")
    one = case.defendant(command.defendant_ref)
    if not one.judged:
        raise wrong_status(one, "The final judgment", "it takes one whose judgment is not final yet")
    final = JudgmentBecameFinal(command.criminal_case_id, command.defendant_ref, one.status.value, command.occurred_on)
    if case.pending == (one,):
        return [final, CaseBecameFinal(command.criminal_case_id, command.occurred_on)]
    return [final]


@dataclass(frozen=True, slots=True)
class StartEnforcement:
    """Begin to carry out the final judgments."""

    criminal_case_id: Ref
    occurred_on: Day


def start_enforcement(command: StartEnforcement, case: CriminalCase) -> Decision:
    """Of a case that is final."""
    case.must_reach(CaseStatus.ENFORCEMENT, "The enforcement")
    return [EnforcementStarted(command.criminal_case_id, command.occurred_on)]


@dataclass(frozen=True, slots=True)
class CloseCase:
    """Nothing is left to be done."""

    criminal_case_id: Ref
    occurred_on: Day


def close_case(command: CloseCase, case: CriminalCase) -> Decision:
    """After the enforcement; what was still due is due no more."""
    case.must_reach(CaseStatus.CLOSED, "The closing")
    return [CaseClosed(command.criminal_case_id, command.occurred_on), *lifted(case.deadlines, command.occurred_on)]
