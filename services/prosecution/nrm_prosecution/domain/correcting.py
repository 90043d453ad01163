"""A slip of the pen in a judgment is put right by a new fact, which names the entry that it corrects."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from nrm_contracts.fields import Code, Day, Ref
from nrm_contracts.prosecution.case_events import Article
from nrm_contracts.prosecution.events import CaseJudgedCorrected, JudgmentCorrected, JudgmentEntered
from nrm_kernel.changing import replace
from nrm_kernel.decider import Decision
from nrm_kernel.errors import Refused
from nrm_prosecution.domain.case import CriminalCase
from nrm_prosecution.domain.court import SENTENCE_MONTHS_MAX, EnterJudgment, must_be_consistent
from nrm_prosecution.domain.defendant import Defendant


@dataclass(frozen=True, slots=True)
class CorrectJudgment:
    """All that is right of the last judgment on a defendant, also where it was right before. Its outcome stands."""

    criminal_case_id: Ref
    defendant_ref: Ref
    reason: Annotated[str, Code("correction_reason")]
    happened_on: Day
    articles: tuple[Article, ...]
    sentence_months: Annotated[int, Field(ge=0, le=SENTENCE_MONTHS_MAX)]
    suspended: bool
    aggravating: tuple[Annotated[str, Code("aggravating_factor")], ...]
    occurred_on: Day


def correct_judgment(command: CorrectJudgment, case: CriminalCase) -> Decision:
    """At any time, also of a final judgment: what the court said does not change by being copied rightly."""
    one = case.defendant(command.defendant_ref)
    right = _right(command, one)
    if right == one.judgment:
        raise Refused("NOTHING_CORRECTED", "Nothing was recorded: the judgment reads so already.")
    _require_possible_day(command, one, right)
    corrected = JudgmentCorrected(
        criminal_case_id=command.criminal_case_id,
        defendant_ref=command.defendant_ref,
        corrects=one.judged_at,
        reason=command.reason,
        happened_on=right.judged_on,
        instance=right.instance,
        outcome=right.outcome,
        articles=right.articles,
        sentence_months=right.sentence_months,
        suspended=right.suspended,
        aggravating=right.aggravating,
    )
    return [corrected, *_of_the_case(command, case, one)]


def _require_possible_day(command: CorrectJudgment, one: Defendant, right: JudgmentEntered) -> None:
    """Between the steps before and after it: no judgment before the charge, and none after it became final."""
    first, last = one.judged_after, min(command.occurred_on, one.followed_on)
    if one.judgment is not None and right.judged_on != one.judgment.judged_on and not first <= right.judged_on <= last:
        raise Refused(
            "DAY_IMPOSSIBLE",
            f"Nothing was recorded: the judgment cannot have been on {right.judged_on}, only from {first} to {last}. "
            "Check happened_on.",
            first=first.isoformat(),
            last=last.isoformat(),
        )


def _right(command: CorrectJudgment, one: Defendant) -> JudgmentEntered:
    """The judgment as it should read. Refused where there is none, or where it would contradict its outcome."""
    judgment = one.judgment
    if judgment is None:
        raise Refused("JUDGMENT_MISSING", "Nothing was recorded: no judgment on this defendant is on record.")
    must_be_consistent(
        EnterJudgment(
            criminal_case_id=command.criminal_case_id,
            defendant_ref=command.defendant_ref,
            instance=judgment.instance,
            outcome=judgment.outcome,
            articles=command.articles,
            sentence_months=command.sentence_months,
            suspended=command.suspended,
            aggravating=command.aggravating,
            occurred_on=command.happened_on,
        )
    )
    return replace(
        judgment,
        articles=tuple(dict.fromkeys(command.articles)),
        sentence_months=command.sentence_months,
        suspended=command.suspended,
        aggravating=tuple(dict.fromkeys(command.aggravating)),
        judged_on=command.happened_on,
    )


def _of_the_case(command: CorrectJudgment, case: CriminalCase, one: Defendant) -> list[object]:
    """The day of the case's first judgment was noted with the case, too, and is wrong there as well."""
    if not one.first_of_case or one.judgment is None or one.judgment.judged_on == command.happened_on:
        return []
    return [CaseJudgedCorrected(command.criminal_case_id, case.judged_at, command.reason, command.happened_on)]
