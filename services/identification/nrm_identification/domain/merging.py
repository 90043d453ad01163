"""Two records of one person become one, and can be taken apart again exactly."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from nrm_contracts.fields import Code, Ref
from nrm_contracts.identification.deadline_events import DeadlineLifted, DeadlineSet
from nrm_contracts.identification.events import RecordsMergedNotified
from nrm_contracts.identification.person_events import (
    Known,
    PersonRecordAbsorbed,
    PersonRecordReleased,
    PersonRecordsMerged,
    PersonRecordsUnmerged,
)
from nrm_contracts.identification.terms import MergeChange
from nrm_identification.domain.command import AboutPerson
from nrm_identification.domain.standing import require_current
from nrm_identification.domain.state import person as persons
from nrm_identification.domain.state.deadlines import Deadlines
from nrm_identification.domain.state.person import Person, current_profile, profile_of
from nrm_kernel.decider import Decision, In, Notice
from nrm_kernel.errors import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class MergePersonRecords(AboutPerson):
    """``person_ref`` goes on, ``absorbed_ref`` rests."""

    absorbed_ref: Ref
    basis: Annotated[str, Code("merge_basis")]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmergePersonRecords(AboutPerson):
    """They were two persons after all."""

    absorbed_ref: Ref
    reason: Annotated[str, Code("unmerge_reason")]


def merge_person_records(command: MergePersonRecords, kept: Person, absorbed: Person) -> Decision:
    """Nothing is copied between the records, so nothing is allowed afterwards that was not before.

    What is due in the absorbed record rests with it.
    """
    if command.person_ref == command.absorbed_ref:
        raise Refused("SAME_RECORD", "These are one record already. Name two records to merge.")
    require_current(command, kept)
    current_profile(absorbed)
    if absorbed.absorbed:
        raise Refused(
            "RECORD_HAS_ABSORBED",
            f"Record {command.absorbed_ref} itself goes on for others. Merge the other way round, or unmerge.",
        )
    on = command.occurred_on
    merged = PersonRecordsMerged(
        command.person_ref, command.absorbed_ref, command.basis, tuple(_referrers(absorbed, command.agency)), on
    )
    rests = PersonRecordAbsorbed(command.absorbed_ref, command.person_ref, on)
    lifted = (DeadlineLifted(one.person_ref, one.kind, one.about, on) for one in _in_order(absorbed.deadlines))
    return [merged, *_in_absorbed(command, rests, *lifted), *_news(kept, absorbed, "merged")]


def unmerge_person_records(command: UnmergePersonRecords, kept: Person, absorbed: Person) -> Decision:
    """Each record is what it was, plus what was recorded in it since; what rested is due as before."""
    profile_of(kept)
    profile_of(absorbed)
    if command.absorbed_ref not in kept.absorbed:
        raise Refused("NOT_MERGED", f"Record {command.absorbed_ref} does not rest under {command.person_ref}.")
    on = command.occurred_on
    unmerged = PersonRecordsUnmerged(command.person_ref, command.absorbed_ref, command.reason, on)
    released = PersonRecordReleased(command.absorbed_ref, command.person_ref, on)
    due_again = _in_order(absorbed.resting)
    return [unmerged, *_in_absorbed(command, released, *due_again), *_news(kept, absorbed, "unmerged")]


def _in_absorbed(command: MergePersonRecords | UnmergePersonRecords, *events: object) -> Iterator[In]:
    stream = persons.PERSON.stream(command.absorbed_ref)
    return (In(stream, event) for event in events)


def _in_order(deadlines: Deadlines) -> list[DeadlineSet]:
    """The same order in every run, whatever order a map holds them in."""
    return [deadline for _key, deadline in sorted(deadlines.items())]


def _referrers(absorbed: Person, own_agency: str) -> Iterator[Known]:
    """Who referred the person under the other name, and so is owed the answer from now on."""
    peers = {one.peer for one in absorbed.referrals.by_id.values() if one.here and one.phase != "ended"}
    for agency in sorted(peers - {own_agency}):
        yield Known(agency, absorbed.handovers[agency])


def _news(kept: Person, absorbed: Person, change: MergeChange) -> Iterator[Notice]:
    for agency in sorted(set(kept.handovers) & set(absorbed.handovers)):
        name, other = kept.handovers[agency], absorbed.handovers[agency]
        yield Notice(to=agency, about=name, event=RecordsMergedNotified(name, other, change))
