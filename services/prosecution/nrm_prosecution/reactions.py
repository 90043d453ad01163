"""What other agencies' notices make this one do: the only door in beside gRPC."""

from collections.abc import Callable, Sequence
from datetime import date

from nrm_contracts.assistance.events import ContactFound, ContactLost
from nrm_contracts.identification.events import (
    ConsentNotified,
    IncidentVoidedNotified,
    RecordsMergedNotified,
    RecoveryNotified,
    StatusNotified,
    VictimReported,
)
from nrm_kernel.decider import At, Decision
from nrm_kernel.entry import Entry
from nrm_kernel.errors import Refused
from nrm_kernel.service import Ask, Asking, Reaction
from nrm_prosecution.domain import incident
from nrm_prosecution.domain.told import (
    NoteConsent,
    NoteContact,
    NoteMerge,
    NoteRecovery,
    NoteReport,
    NoteStatus,
    Teller,
    note_consent,
    note_contact,
    note_merge,
    note_recovery,
    note_report,
    note_status,
)
from nrm_prosecution.domain.victim import VICTIMS


async def on_victim_reported(notice: VictimReported, entry: Entry, asking: Asking) -> Sequence[Ask]:
    """A victim is known here from now on; the region that the notice names is left behind."""
    by = await _teller(notice.handover_id, entry, asking)
    command = NoteReport(
        by=by,
        minor=notice.minor,
        exploitation_forms=notice.exploitation_forms,
        participation_consented=notice.participation_consented,
        reported_on=notice.reported_on,
        incident_shared_ref=notice.incident_shared_ref,
    )
    named = notice.incident_shared_ref
    return [Ask(command, note_report, [At(VICTIMS, by.person_ref), *([incident.at(named)] if named else [])])]


async def on_incident_voided(notice: IncidentVoidedNotified, entry: Entry, _asking: Asking) -> Sequence[Ask]:
    """The incident counts no longer for whoever reads of it here. The reports of persons stand."""
    command = incident.NoteIncidentVoiding(
        incident_id=notice.incident_shared_ref,
        voided_by=entry.origin,
        reason=notice.reason,
        voided_on=notice.voided_on,
    )
    return [Ask(command, incident.note_incident_voiding, [incident.at(notice.incident_shared_ref)])]


async def on_status_notified(notice: StatusNotified, entry: Entry, asking: Asking) -> Sequence[Ask]:
    """A positive decision opens a penalised charge's review again."""
    by = await _known_teller(notice.handover_id, entry, asking)
    command = NoteStatus(
        by=by,
        stage=notice.stage,
        outcome=notice.outcome,
        final=notice.final,
        decided_on=notice.decided_on,
        agency=asking.agency,
        policy=asking.policy,
    )
    return await _ask(command, note_status, by, asking)


async def on_recovery_notified(notice: RecoveryNotified, entry: Entry, asking: Asking) -> Sequence[Ask]:
    """Nobody presses for a statement before the period's last day has passed."""
    by = await _known_teller(notice.handover_id, entry, asking)
    command = NoteRecovery(
        by=by,
        change=notice.change,
        starts_on=notice.starts_on,
        ends_on=notice.ends_on,
        told_on=_day(entry),
        agency=asking.agency,
        policy=asking.policy,
    )
    return await _ask(command, note_recovery, by, asking)


async def on_consent_notified(notice: ConsentNotified, entry: Entry, asking: Asking) -> Sequence[Ask]:
    """A revocation withdraws the participation that rests on it."""
    by = await _teller(notice.handover_id, entry, asking)
    command = NoteConsent(by=by, scope=notice.scope, change=notice.change, effective_on=notice.effective_on)
    return await _ask(command, note_consent, by, asking)


async def on_contact_lost(notice: ContactLost, entry: Entry, asking: Asking) -> Sequence[Ask]:
    """The fact alone."""
    by = await _teller(notice.handover_id, entry, asking)
    return await _ask(NoteContact(by=by, in_contact=False, since=notice.lost_on), note_contact, by, asking)


async def on_contact_found(notice: ContactFound, entry: Entry, asking: Asking) -> Sequence[Ask]:
    """The fact alone."""
    by = await _teller(notice.handover_id, entry, asking)
    return await _ask(NoteContact(by=by, in_contact=True, since=notice.found_on), note_contact, by, asking)


async def on_records_merged(notice: RecordsMergedNotified, entry: Entry, asking: Asking) -> Sequence[Ask]:
    """Two references here are one person's; one reference that is both already needs nothing."""
    by = await _known_teller(notice.handover_id, entry, asking)
    other = await _known_teller(notice.other_handover_id, entry, asking)
    if by.person_ref == other.person_ref:
        return []
    command = NoteMerge(by=by, other=other, change=notice.change)
    return [Ask(command, note_merge, [At(VICTIMS, by.person_ref), At(VICTIMS, other.person_ref)])]


REACTIONS = (
    Reaction("victim-reported", VictimReported, on_victim_reported),
    Reaction("incident-voided", IncidentVoidedNotified, on_incident_voided),
    Reaction("status-notified", StatusNotified, on_status_notified),
    Reaction("recovery-notified", RecoveryNotified, on_recovery_notified),
    Reaction("consent-notified", ConsentNotified, on_consent_notified),
    Reaction("contact-lost", ContactLost, on_contact_lost),
    Reaction("contact-found", ContactFound, on_contact_found),
    Reaction("records-merged", RecordsMergedNotified, on_records_merged),
)


async def _teller(handover_id: str, entry: Entry, asking: Asking) -> Teller:
    """Who told of whom; somebody unknown so far gets a fresh reference."""
    person_ref = await asking.person_behind(handover_id) or asking.new_ref()
    return Teller(person_ref, handover_id, entry.origin)


async def _known_teller(handover_id: str, entry: Entry, asking: Asking) -> Teller:
    """Who told of whom; the one must have reported the other before. Refused with HANDOVER_UNKNOWN."""
    if await asking.person_behind(handover_id) is None:
        raise Refused("HANDOVER_UNKNOWN", f"{entry.origin} reported nobody to this agency under this handover.")
    return await _teller(handover_id, entry, asking)


async def _ask(command: object, decide: Callable[..., Decision], by: Teller, asking: Asking) -> Sequence[Ask]:
    """The command on the person and on every reference that was told to be the same person's."""
    victim, _ = await asking.state(VICTIMS, by.person_ref)
    same = [At(VICTIMS, other) for other in sorted(victim.merged)]
    return [Ask(command, decide, [At(VICTIMS, by.person_ref), *same])]


def _day(entry: Entry) -> date:
    """The day of the notice: its times are cut to the day."""
    return date.fromisoformat(entry.occurred_at[:10])
