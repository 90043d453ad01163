"""The contacts of a follow-up, tried and made: a part of the person's state, evolved event by event."""

from dataclasses import dataclass
from typing import Final

from immutables import Map

from nrm_assistance.domain.parts import Deadlines
from nrm_contracts.assistance import events as e
from nrm_kernel.changing import replace

CONTACT: Final = "follow_up_contact"
"""The kind of deadline by which a contact is due."""


@dataclass(frozen=True, slots=True)
class Made:
    """A contact that stands: the version of the stream at its entry, and what it met."""

    version: int
    due: e.DeadlineSet


@dataclass(frozen=True, slots=True)
class FollowUps:
    """By month, how often a contact was tried in vain in the latest case; by case and month, those that were made."""

    case_id: str = ""
    missed: Map[int, int] = Map()
    made: Map[tuple[str, int], Made] = Map()

    def in_case(self, case_id: str) -> "FollowUps":
        """As another case begins: what was made in earlier ones can still be put right."""
        return FollowUps(case_id, made=self.made)


def after(event: object, known: FollowUps, version: int, deadlines: Deadlines) -> FollowUps:
    """The contacts after one more fact; ``deadlines`` are those that were live before it."""
    match event:
        case e.FollowUpMissed():
            return replace(known, missed=known.missed.set(event.month, event.attempt))
        case e.FollowUpContactMade():
            made = Made(version, deadlines[CONTACT, event.month])
            return replace(known, made=known.made.set((known.case_id, event.month), made))
        case e.FollowUpVoided():
            [voided] = [key for key, made in known.made.items() if made.version == event.corrects]
            return replace(known, made=known.made.delete(voided))
        case _:
            return known


EVENTS: Final = (e.FollowUpMissed, e.FollowUpContactMade, e.FollowUpVoided)
"""The facts about contacts."""
