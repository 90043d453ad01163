"""What other agencies are told of a person: only where a handover exists and the person has not forbidden it."""

from collections.abc import Iterable
from datetime import date
from typing import Final, Protocol

from nrm_assistance.domain.command import AboutPerson
from nrm_assistance.domain.person import Person
from nrm_contracts.assistance.events import AssistanceAnswered
from nrm_contracts.record.events import HandoverMinted
from nrm_kernel.decider import Notice

REASONS_TOLD: Final = ("no_suitable_place",)
"""Reasons to decline that speak of the offer. Others speak of the person, whom fear of a requester may have moved."""


def may_tell(person: Person, agency: str, day: date) -> bool:
    """Whether that agency may be told something about the person on that day."""
    silent_from = person.silent_from.get(agency)
    return silent_from is None or day < silent_from


def to_requesters(command: AboutPerson, person: Person, answer: str, reason: str | None = None) -> list[object]:
    """What became of the requests, to each agency that asked."""
    return [
        answered(command, handover_id, requester, answer, reason) for handover_id, requester in _open(command, person)
    ]


def _open(command: AboutPerson, person: Person) -> Iterable[tuple[str, str]]:
    return (
        (handover_id, requester)
        for handover_id, requester in sorted(person.requests.items())
        if may_tell(person, requester, command.occurred_on)
    )


def answered(command: AboutPerson, handover_id: str, requester: str, answer: str, reason: str | None = None) -> Notice:
    """The answer to one request, without a reason that could betray what the person fears."""
    told = reason if reason in REASONS_TOLD else None
    return Notice(requester, handover_id, AssistanceAnswered(handover_id, answer, command.occurred_on, told))


class Introducing(Protocol):
    """A command that may be the first to name a person to another agency."""

    @property
    def person_ref(self) -> str: ...

    @property
    def new_handover_id(self) -> str: ...


def introduced(command: Introducing, person: Person, to: str) -> tuple[str, list[object]]:
    """The handover id under which that agency knows the person, and the fact that it was minted just now, if so."""
    known = person.handovers.get(to)
    if known:
        return known, []
    return command.new_handover_id, [HandoverMinted(command.person_ref, to, command.new_handover_id)]
