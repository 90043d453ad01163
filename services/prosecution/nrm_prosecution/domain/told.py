"""What other agencies told about a person, and what follows from it here. Each command, then its rule.

Only notices ask for these commands. What is told of a person holds for every reference that was told to be the same
person, so that a recovery period or a revocation under one name protects under the other.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from nrm_contracts.fields import Day, Origin, Ref
from nrm_contracts.identification.terms import (
    ConsentChange,
    Forms,
    MergeChange,
    RecoveryChange,
    Scope,
    Stage,
    StatusOutcome,
)
from nrm_contracts.policy import NationalPolicy
from nrm_contracts.prosecution.events import (
    ConsentNoted,
    ContactNoted,
    RecordsMergeNoted,
    RecoveryNoted,
    StatusNoted,
    VictimParticipationWithdrawn,
    VictimReportReceived,
)
from nrm_contracts.record.events import HandoverReceived
from nrm_kernel.changing import replace
from nrm_kernel.decider import Decision, In
from nrm_prosecution.domain import incident as incidents
from nrm_prosecution.domain.incident import Incident
from nrm_prosecution.domain.nonpunishment import reviews_reopened
from nrm_prosecution.domain.participation import SCOPES
from nrm_prosecution.domain.victim import VICTIMS, Victim


@dataclass(frozen=True, slots=True)
class Teller:
    """Who told, under which handover, and the reference that the person has here: a fresh one if it was unknown."""

    person_ref: Ref
    handover_id: Ref
    origin: Origin


@dataclass(frozen=True, slots=True)
class NoteReport:
    """A victim was reported."""

    by: Teller
    minor: bool
    exploitation_forms: Forms
    participation_consented: bool
    reported_on: Day
    incident_shared_ref: Ref | None = None


def note_report(command: NoteReport, victim: Victim, incident: Incident | None = None) -> Decision:
    """The person has a reference here from now on. Where they are is not kept, not even the region."""
    report = VictimReportReceived(
        person_ref=command.by.person_ref,
        handover_id=command.by.handover_id,
        reported_by=command.by.origin,
        minor=command.minor,
        exploitation_forms=command.exploitation_forms,
        participation_consented=command.participation_consented,
        reported_on=command.reported_on,
        incident_shared_ref=command.incident_shared_ref,
    )
    named = command.incident_shared_ref
    told = incidents.told(named, command.by.origin, incident) if named and incident else []
    return [*_received(command.by, victim), report, *told]


@dataclass(frozen=True, slots=True)
class NoteStatus:
    """An authority decided on the person's status."""

    by: Teller
    stage: Stage
    outcome: StatusOutcome
    final: bool
    decided_on: Day
    agency: Origin
    policy: NationalPolicy


def note_status(command: NoteStatus, *known: Victim) -> Decision:
    """A positive decision is new ground to look again at a charge that was penalised.

    The same decision told again, under its right day, is a correction and no new ground.
    """

    def effects(victim: Victim) -> Iterator[object]:
        noted = StatusNoted(
            person_ref=victim.person_ref,
            decided_by=command.by.origin,
            stage=command.stage,
            outcome=command.outcome,
            final=command.final,
            decided_on=command.decided_on,
        )
        last = victim.statuses.get(noted.decided_by)
        if noted == last:
            return
        yield noted
        is_correction = last is not None and noted == replace(last, decided_on=noted.decided_on)
        if command.outcome == "positive" and not is_correction:
            yield from reviews_reopened(victim, "status_positive", command.decided_on, command.policy, command.agency)

    return _for_all(command.by, known, effects)


@dataclass(frozen=True, slots=True)
class NoteRecovery:
    """The recovery period began, was made longer or ended."""

    by: Teller
    change: RecoveryChange
    starts_on: Day
    ends_on: Day
    told_on: Day
    agency: Origin
    policy: NationalPolicy


def note_recovery(command: NoteRecovery, *known: Victim) -> Decision:
    """Until its end nobody presses for a statement; its beginning is new ground to look at a charge again."""

    def effects(victim: Victim) -> Iterator[object]:
        yield RecoveryNoted(victim.person_ref, command.change, command.starts_on, command.ends_on)
        if command.change == "started":
            yield from reviews_reopened(victim, "recovery_started", command.told_on, command.policy, command.agency)

    return _for_all(command.by, known, effects)


@dataclass(frozen=True, slots=True)
class NoteConsent:
    """A consent given elsewhere changed."""

    by: Teller
    scope: Scope
    change: ConsentChange
    effective_on: Day


def note_consent(command: NoteConsent, *known: Victim) -> Decision:
    """Taking part ends with the consent that it rested on, unless the person agreed anew here later."""

    def effects(victim: Victim) -> Iterator[object]:
        yield ConsentNoted(victim.person_ref, command.scope, command.change, command.effective_on)
        if command.change != "given" and command.scope in SCOPES:
            yield from _withdrawn(victim, command.effective_on)

    return _for_all(command.by, known, effects)


@dataclass(frozen=True, slots=True)
class NoteContact:
    """Those who assist the person lost contact, or found it again."""

    by: Teller
    in_contact: bool
    since: Day


def note_contact(command: NoteContact, *known: Victim) -> Decision:
    """The fact alone. It ends nothing here: a person who is out of contact has withdrawn nothing."""

    def effects(victim: Victim) -> Iterator[object]:
        yield ContactNoted(victim.person_ref, command.in_contact, command.since)

    return _for_all(command.by, known, effects)


@dataclass(frozen=True, slots=True)
class NoteMerge:
    """Two persons known here are one and the same, or after all not."""

    by: Teller
    other: Teller
    change: MergeChange


def note_merge(command: NoteMerge, victim: Victim, other: Victim) -> Decision:
    """Both keep their references and their history; what protects one protects the other from now on."""
    return [
        *_received(command.by, victim),
        *_merged(command, command.by, victim, other),
        *(
            In(VICTIMS.stream(command.other.person_ref), event)
            for event in (
                *_received(command.other, other),
                *_merged(command, command.other, other, victim),
            )
        ),
    ]


def _merged(command: NoteMerge, one: Teller, victim: Victim, other: Victim) -> Iterator[object]:
    other_ref = ({command.by.person_ref, command.other.person_ref} - {one.person_ref}).pop()
    yield RecordsMergeNoted(one.person_ref, other_ref, command.change)
    if command.change == "unmerged":
        return
    for starts_on in sorted(set(other.recoveries) - set(victim.recoveries)):
        yield RecoveryNoted(one.person_ref, "started", starts_on, other.recoveries[starts_on].ends_on)
    if other.revoked_on and not (victim.revoked_on and victim.revoked_on >= other.revoked_on):
        yield ConsentNoted(one.person_ref, "proceedings", "revoked", other.revoked_on)
        yield from _withdrawn(replace(victim, person_ref=one.person_ref), other.revoked_on)


def _for_all(by: Teller, known: tuple[Victim, ...], effects: Callable[[Victim], Iterable[object]]) -> Decision:
    """The effects on the person that was told of, and on each that was told to be the same one."""
    victim, *same = known
    return [
        *_received(by, victim),
        *effects(replace(victim, person_ref=by.person_ref)),
        *(In(VICTIMS.stream(one.person_ref), event) for one in same for event in effects(one)),
    ]


def _received(by: Teller, victim: Victim) -> Iterator[HandoverReceived]:
    if by.handover_id not in victim.handover_ids:
        yield HandoverReceived(by.person_ref, by.origin, by.handover_id)


def _withdrawn(victim: Victim, on: date) -> Iterator[VictimParticipationWithdrawn]:
    for case_id in sorted(victim.participations):
        capacities = victim.participations[case_id].capacities
        for capacity in sorted(capacities):
            if capacities[capacity] <= on:
                yield VictimParticipationWithdrawn(victim.person_ref, case_id, capacity, on)
