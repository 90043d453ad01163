"""What other agencies' notices make this one do: the only door in beside gRPC. None of them stops any help."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import fields
from datetime import date
from typing import Any, Final, TypedDict

from nrm_assistance.domain import closing, consents, contract, delivery, intake, safety, status
from nrm_assistance.domain import person as persons
from nrm_assistance.domain.care import RaiseRiskAlert, raise_risk_alert
from nrm_assistance.domain.command import AboutPerson
from nrm_assistance.domain.contract import CONTRACT, RaiseCeilingAlert, RecordContract
from nrm_assistance.domain.person import PERSON
from nrm_contracts.assistance.events import AssistanceAnswered, ContractLot, TransferRequested
from nrm_contracts.funding.events import CeilingNearlyReached, ClaimAnswered, ContractNotified
from nrm_contracts.identification.events import (
    AssistanceRequested,
    ConsentNotified,
    ProfileCorrectedNotified,
    RecordsMergedNotified,
    RecoveryNotified,
    StatusNotified,
)
from nrm_contracts.policy import NationalPolicy
from nrm_contracts.prosecution.events import (
    HearingCalledOffNotified,
    HearingNotified,
    OffenderReleasedNotified,
    ProtectionMeasureNotified,
    VictimChargedNotified,
)
from nrm_kernel.decider import Decision
from nrm_kernel.entry import Entry
from nrm_kernel.service import Ask, Asking, Reaction, known_person

React = Callable[[Any, Entry, Asking], Awaitable[Sequence[Ask]]]


class _Told(TypedDict):
    """What every command on a person takes from the notice and from this agency."""

    occurred_on: date
    agency: str
    policy: NationalPolicy


async def on_assistance_requested(notice: AssistanceRequested, entry: Entry, asking: Asking) -> Sequence[Ask]:
    """A request opens a case, under this agency's own reference of the person."""
    return await _requested(notice, "requested", notice.needs, entry, asking)


async def on_transfer_requested(notice: TransferRequested, entry: Entry, asking: Asking) -> Sequence[Ask]:
    """Another assistance agency asks this one to take over; the person is asked anew what they need."""
    return await _requested(notice, "transferred", ("not_asked",), entry, asking)


async def _requested(
    notice: AssistanceRequested | TransferRequested,
    source: str,
    needs: tuple[str, ...],
    entry: Entry,
    asking: Asking,
) -> Sequence[Ask]:
    command = intake.ReceiveRequest(
        person_ref=await _person(notice.handover_id, asking),
        case_id=asking.new_ref(),
        requester=entry.origin,
        handover_id=notice.handover_id,
        source=source,
        needs=needs,
        region=notice.region,
        age_band=notice.age_band,
        sex=notice.sex,
        language=notice.language,
        minor=notice.minor,
        requested_on=notice.requested_on,
        **_told(entry, asking),
    )
    return _ask(command, intake.receive_request)


async def on_assistance_answered(notice: AssistanceAnswered, entry: Entry, asking: Asking) -> Sequence[Ask]:
    """The agency that was asked to take over answered. That it made an offer is not yet an answer."""
    person_ref = await asking.person_behind(notice.handover_id)
    if person_ref is None or notice.answer == "offered":
        return []
    answer: closing.TransferAnswer = "accepted" if notice.answer == "accepted" else "declined"
    command = closing.NoteTransferAnswer(
        person_ref=person_ref, sender=entry.origin, answer=answer, **_told(entry, asking)
    )
    return _ask(command, closing.note_transfer_answer)


async def on_status_notified(notice: StatusNotified, entry: Entry, asking: Asking) -> Sequence[Ask]:
    """What help rests on in law is reckoned anew."""
    command = status.NoteStatus(
        person_ref=await known_person(notice.handover_id, asking),
        sender=entry.origin,
        handover_id=notice.handover_id,
        stage=notice.stage,
        outcome=notice.outcome,
        final=notice.final,
        decided_on=notice.decided_on,
        exit_on=notice.exit_on,
        **_told(entry, asking),
    )
    return _ask(command, status.note_status)


async def on_recovery_notified(notice: RecoveryNotified, entry: Entry, asking: Asking) -> Sequence[Ask]:
    """Recorded, so that plans can be made around it."""
    command = status.NoteRecovery(
        person_ref=await known_person(notice.handover_id, asking),
        sender=entry.origin,
        handover_id=notice.handover_id,
        change=notice.change,
        starts_on=notice.starts_on,
        ends_on=notice.ends_on,
        **_told(entry, asking),
    )
    return _ask(command, status.note_recovery)


async def on_consent_notified(notice: ConsentNotified, entry: Entry, asking: Asking) -> Sequence[Ask]:
    """From the day that it counts, the agency that told of the person is told nothing more, or is told again."""
    command = consents.NoteSharedConsent(
        person_ref=await _person(notice.handover_id, asking),
        sender=entry.origin,
        handover_id=notice.handover_id,
        scope=notice.scope,
        change=notice.change,
        effective_on=notice.effective_on,
        **_told(entry, asking),
    )
    return _ask(command, consents.note_shared_consent)


async def on_records_merged(notice: RecordsMergedNotified, entry: Entry, asking: Asking) -> Sequence[Ask]:
    """Two persons known here are one. Handovers that this agency does not hold both of concern others."""
    person_ref = await asking.person_behind(notice.handover_id)
    other_ref = await asking.person_behind(notice.other_handover_id)
    if person_ref is None or other_ref is None or person_ref == other_ref:
        return []
    command = status.NoteMerge(person_ref=person_ref, other_ref=other_ref, change=notice.change, **_told(entry, asking))
    return [Ask(command, status.note_merge, [persons.at(person_ref), persons.at(other_ref)])]


async def on_victim_charged(notice: VictimChargedNotified, entry: Entry, asking: Asking) -> Sequence[Ask]:
    """A charge is a danger for the person; in an open case somebody looks at what they need now."""
    person_ref = await asking.person_behind(notice.handover_id)
    if person_ref is None:
        return []
    person, _ = await asking.state(PERSON, person_ref)
    if person.case is None or not person.case.is_open:
        return []
    command = RaiseRiskAlert(person_ref=person_ref, kind="victim_charged", **_told(entry, asking))
    return _ask(command, raise_risk_alert)


def _noting(command: type[AboutPerson], decide: Callable[..., Decision]) -> React:
    """News of somebody known here: the notice's fields are the command's. What concerns nobody here is let go."""
    taken = {field.name for field in fields(command)}

    async def react(notice: Any, entry: Entry, asking: Asking) -> Sequence[Ask]:  # noqa: ANN401 - one for all notices
        person_ref = await asking.person_behind(notice.handover_id)
        if person_ref is None:
            return []
        said = {"sender": entry.origin} | {field.name: getattr(notice, field.name) for field in fields(notice)}
        told = {name: value for name, value in said.items() if name in taken}
        return _ask(command(person_ref=person_ref, **told, **_told(entry, asking)), decide)

    return react


async def on_contract_notified(notice: ContractNotified, entry: Entry, _asking: Asking) -> Sequence[Ask]:
    """This agency keeps its own copy of the contract, so that claims need nobody else's store."""
    command = RecordContract(
        contract_ref=notice.contract_ref,
        funder=entry.origin,
        change=notice.change,
        lots=tuple(ContractLot(lot.service_code, lot.unit, lot.price_minor, lot.qty_max_milli) for lot in notice.lots),
        ccy=notice.ccy,
        starts_on=notice.starts_on,
        ends_on=notice.ends_on,
    )
    return [Ask(command, contract.record_contract, [contract.at(notice.contract_ref)])]


async def on_ceiling_nearly_reached(notice: CeilingNearlyReached, entry: Entry, _asking: Asking) -> Sequence[Ask]:
    """An alert, and no stop."""
    command = RaiseCeilingAlert(contract_ref=notice.contract_ref, funder=entry.origin, percent=notice.percent)
    return [Ask(command, contract.raise_ceiling_alert, [contract.at(notice.contract_ref)])]


async def on_claim_answered(notice: ClaimAnswered, entry: Entry, asking: Asking) -> Sequence[Ask]:
    """The claim's own delivery learns the answer. A claim that was voided meanwhile needs none."""
    held, _ = await asking.state(CONTRACT, notice.contract_ref)
    claim = held.claims.get(notice.claim_id)
    if claim is None:
        return []
    command = delivery.RecordClaimAnswer(
        person_ref=claim.person_ref,
        contract_ref=notice.contract_ref,
        funder=entry.origin,
        claim_id=notice.claim_id,
        answer=notice.answer,
        reason=notice.reason,
    )
    return [
        Ask(
            command,
            delivery.record_claim_answer,
            [persons.at(claim.person_ref), contract.at(notice.contract_ref)],
        )
    ]


PASSED_ON: Final = frozenset({"identification", "assistance"})
"""Who tells news of a person's safety further: a prosecutor does not know who helps, or who takes over."""

REACTIONS: Final = (
    Reaction("assistance-requested", AssistanceRequested, on_assistance_requested),
    Reaction("transfer-requested", TransferRequested, on_transfer_requested),
    Reaction("assistance-answered", AssistanceAnswered, on_assistance_answered),
    Reaction("status-notified", StatusNotified, on_status_notified),
    Reaction("recovery-notified", RecoveryNotified, on_recovery_notified),
    Reaction("consent-notified", ConsentNotified, on_consent_notified),
    Reaction(
        "profile-corrected",
        ProfileCorrectedNotified,
        _noting(intake.NoteProfileCorrection, intake.note_profile_correction),
    ),
    Reaction("records-merged", RecordsMergedNotified, on_records_merged),
    Reaction("victim-charged", VictimChargedNotified, on_victim_charged),
    Reaction(
        "offender-released",
        OffenderReleasedNotified,
        _noting(safety.NoteOffenderRelease, safety.note_offender_release),
        PASSED_ON,
    ),
    Reaction("hearing", HearingNotified, _noting(safety.NoteHearing, safety.note_hearing), PASSED_ON),
    Reaction(
        "hearing-called-off",
        HearingCalledOffNotified,
        _noting(safety.NoteHearingCallOff, safety.note_hearing_call_off),
        PASSED_ON,
    ),
    Reaction(
        "protection-measure",
        ProtectionMeasureNotified,
        _noting(safety.NoteProtectionChange, safety.note_protection_change),
        PASSED_ON,
    ),
    Reaction("contract-notified", ContractNotified, on_contract_notified),
    Reaction("ceiling-nearly-reached", CeilingNearlyReached, on_ceiling_nearly_reached),
    Reaction("claim-answered", ClaimAnswered, on_claim_answered),
)


async def _person(handover_id: str, asking: Asking) -> str:
    """Whom the handover is about; a fresh reference for somebody not known here yet."""
    return await asking.person_behind(handover_id) or asking.new_ref()


def _told(entry: Entry, asking: Asking) -> _Told:
    """The notice's own day: its times are cut to the day."""
    day = date.fromisoformat(entry.occurred_at[:10])
    return {"occurred_on": day, "agency": asking.agency, "policy": asking.policy}


def _ask(command: AboutPerson, decide: Callable[..., Decision]) -> Sequence[Ask]:
    return [Ask(command, decide, [persons.at(command.person_ref)])]
