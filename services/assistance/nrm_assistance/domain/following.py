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
    """By month: how often a contact was tried in vain, and those that were made."""

    missed: Map[int, int] = Map()
    made: Map[int, Made] = Map()


def after(event: object, known: FollowUps, version: int, deadlines: Deadlines) -> FollowUps:
    """The contacts after one more fact; ``deadlines`` are those that were live before it."""
    match event:
        case e.FollowUpMissed():
            return replace(known, missed=known.missed.set(event.month, event.attempt))
        case e.FollowUpContactMade():
            made = Made(version, deadlines[CONTACT, event.month])
            return replace(known, made=known.made.set(event.month, made))
        case e.FollowUpVoided():
            return replace(known, made=known.made.delete(event.month))
        case _:
            return known


EVENTS: Final = (e.FollowUpMissed, e.FollowUpContactMade, e.FollowUpVoided)
"""The facts about contacts."""
