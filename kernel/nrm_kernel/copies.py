"""What agencies keep of data that was erased where it came from: who was told, and who said that it is gone.

GDPR art. 19: whoever was shown data is told of its erasure. One who was shown data elsewhere may have written it down;
no key that is destroyed reaches that, so an officer of theirs has to see to it and say so. Both sides stand in one
stream for each person: what this agency told others, and what others told this one.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from immutables import Map

from nrm_contracts.fields import Ref
from nrm_contracts.policy import NationalPolicy
from nrm_contracts.record.events import (
    CopiesErased,
    CopiesErasedNotified,
    CopiesErasedReceived,
    DeadlineMet,
    DeadlineSet,
    ErasureNoted,
    ErasureNotified,
    ErasureTold,
)
from nrm_kernel.decider import Decision, Fold, In, Notice, Streams
from nrm_kernel.errors import NotFound, Refused

CONFIRMATION = "erasure_confirmation"
"""The kind of deadline, by the list deadline_kind."""

Counts = Mapping[str, int]
"""How often something was looked at."""


@dataclass(frozen=True, slots=True)
class Word:
    """One erasure that the ``other`` agency was told of, or told of; open until it is ``answered``."""

    other: str
    handover_id: str
    data_classes: tuple[str, ...]
    told_on: date | None = None
    due_on: date | None = None
    answered: bool = False


@dataclass(frozen=True, slots=True)
class Copies:
    """By erasure id: what this agency ``told`` others of a person, and what it was told and ``owes`` an answer to."""

    told: Map[str, Word] = Map()
    owes: Map[str, Word] = Map()

    def open_here(self) -> list[tuple[str, Word]]:
        """What this agency has not answered yet, the most pressing first."""
        still = ((erasure, word) for erasure, word in self.owes.items() if not word.answered)
        return sorted(still, key=lambda one: (one[1].due_on or date.max, one[0]))


def evolve(copies: Copies, event: object) -> Copies:
    """What is told and owed after an event."""
    match event:
        case ErasureTold(to=other, handover_id=handover, erasure_id=erasure, data_classes=classes):
            return replace(copies, told=copies.told.set(erasure, Word(other, handover, classes)))
        case ErasureNoted(sender=other, handover_id=handover, erasure_id=erasure, data_classes=classes):
            return replace(copies, owes=copies.owes.set(erasure, Word(other, handover, classes)))
        case DeadlineSet(about=erasure, anchor_on=told_on, due_on=due_on) if erasure in copies.owes:
            word = replace(copies.owes[erasure], told_on=told_on, due_on=due_on)
            return replace(copies, owes=copies.owes.set(erasure, word))
        case CopiesErased(erasure_id=erasure):
            return replace(copies, owes=copies.owes.set(erasure, replace(copies.owes[erasure], answered=True)))
        case CopiesErasedReceived(erasure_id=erasure):
            return replace(copies, told=copies.told.set(erasure, replace(copies.told[erasure], answered=True)))
    return copies


COPIES: Fold[Copies, object] = Fold("copies", Copies(), evolve)


@dataclass(frozen=True, slots=True)
class Shown:
    """An agency that was shown data which can still be read. ``erasure_id`` is fresh: what it will be told under."""

    to: str
    handover_id: str
    data_classes: tuple[str, ...]
    erasure_id: str


@dataclass(frozen=True, slots=True)
class Showings:
    """Who was ``shown`` what, as far as it was looked up.

    ``streams`` are those in which a look may stand that comes in between: under the person's ``handovers`` there were
    ``looked`` so many in them.
    """

    shown: Sequence[Shown]
    streams: Streams
    handovers: Collection[str]
    looked: int

    def apart(self, states: Sequence[Any]) -> tuple[Sequence[object], Sequence[Counts]]:
        """The states of a command's streams without and with those of its looks, which it reads last."""
        others = len(states) - len(self.streams)
        return states[:others], states[others:]

    def are_all(self, looks: Sequence[Counts]) -> bool:
        """Whether nobody looked since."""
        return sum(counts.get(one, 0) for counts in looks for one in self.handovers) == self.looked


NEVER = Showings((), (), (), 0)
"""Of data that nobody else may have seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteErasure:
    """Another agency erased what it had shown here."""

    person_ref: Ref
    sender: str
    handover_id: Ref
    erasure_id: Ref
    data_classes: tuple[str, ...]
    today: date
    agency: str
    policy: NationalPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmCopiesErased:
    """An officer answers for this agency: nothing of it is kept here any more."""

    person_ref: Ref
    erasure_id: Ref
    officer: str
    occurred_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteCopiesErased:
    """An agency that was told answered."""

    person_ref: Ref
    sender: str
    handover_id: Ref
    erasure_id: Ref
    occurred_on: date


def told(person_ref: str, shown: Sequence[Shown], today: date, policy: NationalPolicy) -> Decision:
    """Each agency that was shown what is erased hears of the classes that it saw, and of nothing else.

    The deadline is the recipient's: as long as it has not even heard, its duty stands here.
    """
    outcome: list[object] = []
    for one in shown:
        classes = one.data_classes
        outcome += [
            _in(person_ref, ErasureTold(person_ref, one.to, one.handover_id, one.erasure_id, classes)),
            _in(person_ref, _due(person_ref, one.erasure_id, ErasureTold, today, one.to, policy)),
            Notice(one.to, one.handover_id, ErasureNotified(one.handover_id, one.erasure_id, classes)),
        ]
    return outcome


def note_erasure(command: NoteErasure, copies: Copies) -> Decision:
    """A duty of this agency from the day on which it hears of it; the same word again changes nothing."""
    if command.erasure_id in copies.owes:
        return []
    noted = ErasureNoted(
        command.person_ref, command.sender, command.handover_id, command.erasure_id, command.data_classes
    )
    due = _due(command.person_ref, command.erasure_id, ErasureNoted, command.today, command.agency, command.policy)
    return [noted, due]


def confirm_copies_erased(command: ConfirmCopiesErased, _person: object, copies: Copies) -> Decision:
    """Once, for each erasure that this agency was told of."""
    owed = copies.owes.get(command.erasure_id)
    if owed is None:
        raise NotFound
    if owed.answered:
        raise Refused(
            "ERASURE_ALREADY_CONFIRMED", "Nothing was recorded: an officer has already said that it is gone here."
        )
    person, erasure = command.person_ref, command.erasure_id
    return [
        _in(person, CopiesErased(person, erasure, command.officer)),
        _in(person, DeadlineMet(person, CONFIRMATION, erasure, command.occurred_on)),
        Notice(owed.other, owed.handover_id, CopiesErasedNotified(owed.handover_id, erasure)),
    ]


def note_copies_erased(command: NoteCopiesErased, copies: Copies) -> Decision:
    """Counts from the agency that was told under that handover; a second answer changes nothing."""
    word = copies.told.get(command.erasure_id)
    if word is None or (word.other, word.handover_id) != (command.sender, command.handover_id):
        raise Refused("ERASURE_UNKNOWN", "An agency answers to an erasure that it was not told of from here.")
    if word.answered:
        return []
    return [
        CopiesErasedReceived(command.person_ref, command.sender, command.erasure_id),
        DeadlineMet(command.person_ref, CONFIRMATION, command.erasure_id, command.occurred_on),
    ]


def _in(person_ref: str, event: object) -> In:
    return In(COPIES.stream(person_ref), event)


def _due(
    person_ref: str, erasure_id: str, anchor: type[object], on: date, owner: str, policy: NationalPolicy
) -> DeadlineSet:
    rule = f"{policy.version}/deadlines.{CONFIRMATION}"
    due_on = policy.due(CONFIRMATION, on)
    return DeadlineSet(person_ref, CONFIRMATION, erasure_id, anchor.__name__, on, rule, owner, due_on)
