"""Two records of one person become one, and can be taken apart again exactly; either takes two officers."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from nrm_contracts.fields import Code, Origin, Ref
from nrm_contracts.identification.deadline_events import DeadlineLifted, DeadlineSet
from nrm_contracts.identification.events import RecordsMergedNotified
from nrm_contracts.identification.person_events import (
    Known,
    PersonRecordAbsorbed,
    PersonRecordReleased,
    PersonRecordsMerged,
    PersonRecordsUnmerged,
    RecordsChangeProposed,
)
from nrm_contracts.identification.terms import MergeChange
from nrm_identification.domain import joined
from nrm_identification.domain.command import AboutPerson
from nrm_identification.domain.standing import require_current
from nrm_identification.domain.state import person as persons
from nrm_identification.domain.state.deadlines import GRANTED, Deadlines
from nrm_identification.domain.state.person import Person, current_profile, profile_of
from nrm_kernel.decider import Decision, In, Notice
from nrm_kernel.errors import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class OfRecords(AboutPerson):
    """Two records: under ``person_ref`` the person goes on, ``absorbed_ref`` rests or is to."""

    absorbed_ref: Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class MergePersonRecords(OfRecords):
    """They are one person's, one officer found."""

    basis: Annotated[str, Code("merge_basis")]
    officer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmergePersonRecords(OfRecords):
    """They were two persons after all, one officer found."""

    reason: Annotated[str, Code("unmerge_reason")]
    officer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmRecordsChange(OfRecords):
    """A second officer confirms what another one proposed."""

    officer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOverMerge(OfRecords):
    """Another agency, which has had it confirmed, tells that they are one person's."""

    sender: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOverUnmerge(OfRecords):
    """Another agency, which has had it confirmed, tells that they are two persons'."""

    sender: Origin


def merge_person_records(command: MergePersonRecords, kept: Person, absorbed: Person) -> Decision:
    """Proposed, and no more: a wrong merge shows one person's record to those who know another."""
    _may_merge(command, kept, absorbed)
    return [
        RecordsChangeProposed(
            command.person_ref,
            command.absorbed_ref,
            "merged",
            command.officer,
            command.occurred_on,
            basis=command.basis,
        )
    ]


def unmerge_person_records(command: UnmergePersonRecords, kept: Person, absorbed: Person) -> Decision:
    """Proposed, and no more."""
    _may_unmerge(command, kept, absorbed)
    return [
        RecordsChangeProposed(
            command.person_ref,
            command.absorbed_ref,
            "unmerged",
            command.officer,
            command.occurred_on,
            reason=command.reason,
        )
    ]


def confirm_records_change(command: ConfirmRecordsChange, kept: Person, absorbed: Person) -> Decision:
    """Does what was proposed, if it still may be done; who proposed it cannot confirm it."""
    profile_of(kept)
    proposal = kept.proposed.get(command.absorbed_ref)
    if proposal is None:
        raise Refused("NOTHING_PROPOSED", "No change of these two records waits for a second officer.")
    if proposal.officer == command.officer:
        raise Refused("SECOND_OFFICER_REQUIRED", "You proposed this change: another officer must confirm it.")
    if proposal.basis is not None:
        return _merged(command, kept, absorbed, proposal.basis)
    return _unmerged(command, kept, absorbed, proposal.reason or "different_people")


def take_over_merge(command: TakeOverMerge, kept: Person, absorbed: Person) -> Decision:
    """Two officers of the other agency stand for it."""
    return _merged(command, kept, absorbed, "agency_confirmed", but_not=command.sender)


def take_over_unmerge(command: TakeOverUnmerge, kept: Person, absorbed: Person) -> Decision:
    """Likewise."""
    return _unmerged(command, kept, absorbed, "different_people", but_not=command.sender)


def must_go_on(one: Person, other: Person) -> bool:
    """Whether the one record alone can go on, and the other one can rest.

    What was granted in it and runs weighs most; then that an answer or a decision is awaited in it.
    """
    return _weight(one) > _weight(other) and not other.absorbed


def _weight(person: Person) -> tuple[bool, bool]:
    return person.granted, person.referrals.open is not None


def _may_merge(command: OfRecords, kept: Person, absorbed: Person) -> None:
    if command.person_ref == command.absorbed_ref:
        raise Refused("SAME_RECORD", "These are one record already. Name two records to merge.")
    require_current(command, kept)
    current_profile(absorbed)
    if absorbed.absorbed:
        raise Refused(
            "RECORD_HAS_ABSORBED",
            f"Record {command.absorbed_ref} itself goes on for others. Merge the other way round, or unmerge.",
        )
    if absorbed.granted and must_go_on(absorbed, kept):
        raise Refused(
            "RECORD_GRANTED",
            f"In record {command.absorbed_ref} a recovery period, a status or a permit runs, and in "
            f"{command.person_ref} none. Merge the other way round: what was granted goes on there.",
            person_ref=command.person_ref,
            absorbed_ref=command.absorbed_ref,
        )
    if absorbed.referrals.open is not None and kept.referrals.open is None:
        raise Refused(
            "REFERRAL_OPEN",
            f"In record {command.absorbed_ref} a referral is open, which nobody could answer or decide while it rests. "
            "Merge the other way round, or wait for its end.",
            person_ref=command.person_ref,
            absorbed_ref=command.absorbed_ref,
        )


def _may_unmerge(command: OfRecords, kept: Person, absorbed: Person) -> None:
    profile_of(kept)
    profile_of(absorbed)
    if command.absorbed_ref not in kept.absorbed:
        raise Refused("NOT_MERGED", f"Record {command.absorbed_ref} does not rest under {command.person_ref}.")


def _merged(command: OfRecords, kept: Person, absorbed: Person, basis: str, but_not: str = "") -> Decision:
    """Nothing is copied between the records, so nothing is allowed afterwards that was not before.

    What is due in the absorbed record rests with it, but for the ends of what was granted there: they come.
    """
    _may_merge(command, kept, absorbed)
    on = command.occurred_on
    merged = PersonRecordsMerged(
        command.person_ref, command.absorbed_ref, basis, tuple(_referrers(absorbed, command.agency)), on
    )
    rests = PersonRecordAbsorbed(command.absorbed_ref, command.person_ref, on)
    due = (one for one in _in_order(absorbed.deadlines) if one.kind not in GRANTED)
    lifted = (DeadlineLifted(one.person_ref, one.kind, one.about, on) for one in due)
    return [
        merged,
        *_in_absorbed(command, rests, *lifted),
        *_news(kept, absorbed, "merged", but_not),
        *joined.carried_over(command, kept, absorbed),
        *joined.told_as_joined(command.agency, on, kept, absorbed),
        *_in_absorbed(command, *joined.told_as_joined(command.agency, on, absorbed, kept)),
    ]


def _unmerged(command: OfRecords, kept: Person, absorbed: Person, reason: str, but_not: str = "") -> Decision:
    """Each record is what it was, plus what was recorded in it since; what rested is due as before."""
    _may_unmerge(command, kept, absorbed)
    on = command.occurred_on
    unmerged = PersonRecordsUnmerged(command.person_ref, command.absorbed_ref, reason, on)
    released = PersonRecordReleased(command.absorbed_ref, command.person_ref, on)
    due_again = _in_order(absorbed.resting)
    one, other = persons.evolve(kept, unmerged), persons.evolve(absorbed, released)
    return [
        unmerged,
        *_in_absorbed(command, released, *due_again),
        *_news(kept, absorbed, "unmerged", but_not),
        *joined.owed_no_more(command, kept, command.absorbed_ref),
        *joined.told_as_parted(command.agency, on, kept.safety, one),
        *joined.told_as_parted(command.agency, on, absorbed.safety, other),
    ]


def _in_absorbed(command: OfRecords, *outcomes: object) -> Iterator[object]:
    stream = persons.PERSON.stream(command.absorbed_ref)
    return (one if isinstance(one, Notice) else In(stream, one) for one in outcomes)


def _in_order(deadlines: Deadlines) -> list[DeadlineSet]:
    """The same order in every run, whatever order a map holds them in."""
    return [deadline for _key, deadline in sorted(deadlines.items())]


def _referrers(absorbed: Person, own_agency: str) -> Iterator[Known]:
    """Who referred the person under the other name, and so is owed the answer from now on."""
    peers = {one.peer for one in absorbed.referrals.by_id.values() if one.here and one.phase != "ended"}
    for agency in sorted(peers - {own_agency}):
        yield Known(agency, absorbed.handovers[agency])


def _news(kept: Person, absorbed: Person, change: MergeChange, but_not: str) -> Iterator[Notice]:
    """Not back to who told it: a merge and an undoing that cross would go to and fro for ever."""
    for agency in sorted((set(kept.handovers) & set(absorbed.handovers)) - {but_not}):
        name, other = kept.handovers[agency], absorbed.handovers[agency]
        yield Notice(to=agency, about=name, event=RecordsMergedNotified(name, other, change))
