"""A defendant: a person in one case, counted apart from persons and from cases."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from immutables import Map

from nrm_contracts.prosecution.events import (
    DefendantAdded,
    DefendantCharged,
    DefendantIndicted,
    DefendantProceedingsEnded,
    JudgmentBecameFinal,
    JudgmentCorrected,
    JudgmentEntered,
    OffenderReleased,
)
from nrm_kernel.changing import replace


class DefendantStatus(StrEnum):
    """Where a defendant stands. What a court decided may change on appeal until it is final."""

    SUSPECTED = "suspected"
    CHARGED = "charged"
    DISMISSED = "dismissed"
    ACQUITTED = "acquitted"
    CONVICTED = "convicted"
    PLEA_AGREED = "plea_agreed"
    SETTLED = "settled"
    ABSCONDED = "absconded"
    DECEASED = "deceased"


SENT_BACK = "sent_back"
GUILTY = frozenset({DefendantStatus.CONVICTED, DefendantStatus.PLEA_AGREED})


@dataclass(frozen=True, slots=True)
class Defendant:
    """``ended``: nothing can change the outcome any more. ``instance``: of the last judgment, if any.

    ``judgment`` is the last one as it reads now, ``judged_at`` the version of the case at the entry that holds it;
    ``corrected``: it was put right after it was written down; ``first_of_case``: with it the case was judged first.
    ``stepped_on`` is the day of the last step towards a judgment, ``judged_after`` that of the step before the last
    judgment, ``followed_on`` that of the step after it. ``released_on``: of the release that was recorded last.
    """

    defendant_ref: str
    status: DefendantStatus = DefendantStatus.SUSPECTED
    articles: frozenset[str] = frozenset()
    indicted: bool = False
    instance: str = ""
    ended: bool = False
    released_on: date | None = None
    judgment: JudgmentEntered | None = None
    judged_at: int = 0
    corrected: bool = False
    first_of_case: bool = False
    stepped_on: date = date.min
    judged_after: date = date.min
    followed_on: date = date.max

    @property
    def pending(self) -> bool:
        """Charged, and the end of it not known yet."""
        return self.status is not DefendantStatus.SUSPECTED and not self.ended

    @property
    def awaits_judgment(self) -> bool:
        """Before the court without a judgment: none was given yet, or a higher court sent it back."""
        return self.indicted and self.status is DefendantStatus.CHARGED and not self.ended

    @property
    def judged(self) -> bool:
        """A judgment stands that is not final."""
        return bool(self.instance) and self.status is not DefendantStatus.CHARGED and not self.ended


Defendants = Map[str, Defendant]
"""The defendants of one case, by reference."""

DefendantEvent = (
    DefendantAdded
    | DefendantCharged
    | DefendantIndicted
    | JudgmentEntered
    | JudgmentBecameFinal
    | DefendantProceedingsEnded
    | OffenderReleased
)


def evolve(defendants: Defendants, event: DefendantEvent, version: int) -> Defendants:
    """The defendants after the event, with which the case has this version."""
    if isinstance(event, DefendantAdded):
        return defendants.set(event.defendant_ref, Defendant(event.defendant_ref))
    one = _after(defendants[event.defendant_ref], event)
    if isinstance(event, JudgmentEntered):
        one = replace(one, judgment=event, judged_at=version, corrected=False, first_of_case=False)
    return defendants.set(event.defendant_ref, one)


def opened(defendants: Defendants, judged_at: int) -> Defendants:
    """The judgment in that entry was the first one of the case."""
    for ref, one in defendants.items():
        if one.judged_at == judged_at:
            return defendants.set(ref, replace(one, first_of_case=True))
    return defendants


def corrected(defendants: Defendants, event: JudgmentCorrected, version: int) -> Defendants:
    """The judgment reads as it should have from the first."""
    one = defendants[event.defendant_ref]
    if one.judgment is None or one.judged_at != event.corrects:
        return defendants
    right = replace(
        one.judgment,
        articles=event.articles,
        sentence_months=event.sentence_months,
        suspended=event.suspended,
        aggravating=event.aggravating,
        judged_on=event.happened_on,
    )
    stepped_on = event.happened_on if one.stepped_on == one.judgment.judged_on else one.stepped_on
    put_right = replace(one, judgment=right, judged_at=version, corrected=True, stepped_on=stepped_on)
    return defendants.set(event.defendant_ref, put_right)


def brought_before(defendants: Defendants, on: date) -> Defendants:
    """The case came before a court that day, a first or a higher one: judgments given go before it, others follow."""
    return Map(
        {ref: _followed(replace(one, stepped_on=max(one.stepped_on, on)), on) for ref, one in defendants.items()}
    )


def _followed(one: Defendant, on: date) -> Defendant:
    return replace(one, followed_on=min(one.followed_on, on)) if one.judged else one


def _after(one: Defendant, event: DefendantEvent) -> Defendant:
    match event:
        case DefendantCharged():
            charged = replace(one, stepped_on=max(one.stepped_on, event.charged_on))
            return replace(charged, status=DefendantStatus.CHARGED, articles=frozenset(event.articles))
        case DefendantIndicted():
            indicted = replace(one, stepped_on=max(one.stepped_on, event.indicted_on))
            return replace(indicted, indicted=True, articles=frozenset(event.articles))
        case JudgmentEntered():
            return _judged(one, event)
        case JudgmentBecameFinal():
            return replace(_followed(one, event.final_on), ended=True)
        case DefendantProceedingsEnded():
            return replace(_followed(one, event.ended_on), status=DefendantStatus(event.outcome), ended=True)
        case OffenderReleased():
            return replace(one, released_on=event.released_on)
        case DefendantAdded():
            return one


def _judged(one: Defendant, event: JudgmentEntered) -> Defendant:
    return replace(
        one,
        status=judged_as(event.outcome),
        instance=event.instance,
        judged_after=one.stepped_on,
        stepped_on=event.judged_on,
        followed_on=date.max,
    )


def judged_as(outcome: str) -> DefendantStatus:
    """The status that a judgment's outcome gives; one whose judgment is sent back awaits a new one."""
    return DefendantStatus.CHARGED if outcome == SENT_BACK else DefendantStatus(outcome)
