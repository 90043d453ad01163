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
    """``ended``: nothing can change the outcome any more. ``instance``: of the last judgment, if any."""

    defendant_ref: str
    status: DefendantStatus = DefendantStatus.SUSPECTED
    articles: frozenset[str] = frozenset()
    indicted: bool = False
    instance: str = ""
    ended: bool = False
    released: bool = False

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


def evolve(defendants: Defendants, event: DefendantEvent) -> Defendants:
    """The defendants after the event."""
    if isinstance(event, DefendantAdded):
        return defendants.set(event.defendant_ref, Defendant(event.defendant_ref))
    return defendants.set(event.defendant_ref, _after(defendants[event.defendant_ref], event))


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
