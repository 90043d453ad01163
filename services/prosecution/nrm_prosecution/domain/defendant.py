"""A defendant: a person in one case, counted apart from persons and from cases."""

from dataclasses import dataclass, replace
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
    """

    defendant_ref: str
    status: DefendantStatus = DefendantStatus.SUSPECTED
    articles: frozenset[str] = frozenset()
    indicted: bool = False
    instance: str = ""
    ended: bool = False
    released: bool = False
    judgment: JudgmentEntered | None = None
    judged_at: int = 0
    corrected: bool = False
    first_of_case: bool = False

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
    return defendants.set(event.defendant_ref, replace(one, judgment=right, judged_at=version, corrected=True))


def _after(one: Defendant, event: DefendantEvent) -> Defendant:
    match event:
        case DefendantCharged():
            return replace(one, status=DefendantStatus.CHARGED, articles=frozenset(event.articles))
        case DefendantIndicted():
            return replace(one, indicted=True, articles=frozenset(event.articles))
        case JudgmentEntered():
            return replace(one, status=judged_as(event.outcome), instance=event.instance)
        case JudgmentBecameFinal():
            return replace(one, ended=True)
        case DefendantProceedingsEnded():
            return replace(one, status=DefendantStatus(event.outcome), ended=True)
        case _:
            return replace(one, released=True)


def judged_as(outcome: str) -> DefendantStatus:
    """The status that a judgment's outcome gives; one whose judgment is sent back awaits a new one."""
    return DefendantStatus.CHARGED if outcome == SENT_BACK else DefendantStatus(outcome)
