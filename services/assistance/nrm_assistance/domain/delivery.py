"""Units of help as they are delivered, and their claims on contracts.

Help is recorded first and money looked for second: whatever is wrong with a contract, the delivery stands and is owed
by nobody yet. One delivery has one living claim at most, over all contracts.
"""

from dataclasses import dataclass
from typing import Annotated

from nrm_assistance.domain.command import AboutPerson, cites_no_dead_consent, needs_consent, open_case
from nrm_assistance.domain.contract import CONTRACT, Contract, gap
from nrm_assistance.domain.parts import Delivery
from nrm_assistance.domain.person import Person
from nrm_assistance.domain.telling import introduced
from nrm_contracts.assistance.events import (
    ClaimableUnitSent,
    ClaimableUnitVoided,
    ClaimAnswerRecorded,
    ContractFreed,
    ContractUsed,
    DeliveryClaimed,
    DeliveryUnfunded,
    EvidenceHash,
    ServiceUnitDelivered,
    ServiceUnitVoided,
)
from nrm_contracts.fields import Code, Day, Origin, QtyMilli, Ref
from nrm_kernel.decider import Decision, In, Notice
from nrm_kernel.errors import NotFound, Refused

NIGHT = "bed_night"
NOT_PAID = ("rejected", "duplicate")
"""Answers of a funder after which the delivery has no payer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverServiceUnit(AboutPerson):
    """Help was given: how much of what, over which days, with what proof. ``contract_ref`` names who may pay."""

    delivery_id: Ref
    claim_id: Ref
    new_handover_id: Ref
    service_code: Annotated[str, Code("service_code")]
    unit: Annotated[str, Code("service_unit")]
    qty_milli: QtyMilli
    delivered_from: Day
    delivered_to: Day
    evidence_hash: EvidenceHash
    person_acknowledged: bool
    contract_ref: Ref | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimDelivery(AboutPerson):
    """A delivery without a payer is put to a contract after all."""

    delivery_id: Ref
    contract_ref: Ref
    claim_id: Ref
    new_handover_id: Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidServiceUnit(AboutPerson):
    """A delivery was recorded wrongly. ``contract_ref`` names the contract that it is claimed under, if any."""

    delivery_id: Ref
    reason: Annotated[str, Code("void_reason")]
    contract_ref: Ref | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordClaimAnswer:
    """What the funder answered to a claim."""

    person_ref: Ref
    contract_ref: Ref
    funder: Origin
    claim_id: Ref
    answer: Annotated[str, Code("claim_answer")]
    reason: Annotated[str, Code("unit_rejection_reason")] | None = None


Claiming = DeliverServiceUnit | ClaimDelivery


def deliver_service_unit(command: DeliverServiceUnit, person: Person, contract: Contract | None = None) -> Decision:
    """In any open case, and later for help given while it was open. Money decides only whether it is claimed now."""
    _while_open(command, person)
    needs_consent(command, person, "assistance")
    _plausible(command)
    _not_recorded_before(command, person)
    delivered = ServiceUnitDelivered(
        command.person_ref,
        command.delivery_id,
        command.service_code,
        command.unit,
        command.qty_milli,
        command.delivered_from,
        command.delivered_to,
        command.evidence_hash,
        command.person_acknowledged,
    )
    delivery = Delivery.of(delivered)
    if command.contract_ref is None or contract is None:
        return [delivered, DeliveryUnfunded(command.person_ref, command.delivery_id, "no_contract")]
    lacking = gap(contract, delivery.lot, delivery.qty_milli, delivery.delivered_from, delivery.delivered_to)
    if lacking:
        return [delivered, DeliveryUnfunded(command.person_ref, command.delivery_id, lacking, command.contract_ref)]
    return [delivered, *_claimed(command, command.contract_ref, delivery, person, contract)]


def claim_delivery(command: ClaimDelivery, person: Person, contract: Contract) -> Decision:
    """Also after the case ended: care was given, and somebody may owe for it."""
    cites_no_dead_consent(command, person)
    delivery = _standing(person, command.delivery_id)
    if contract.terms is None:
        raise NotFound
    if delivery.claim_id:
        raise Refused("DELIVERY_CLAIMED", "This delivery has a living claim. It is paid once: wait for the answer.")
    lacking = gap(contract, delivery.lot, delivery.qty_milli, delivery.delivered_from, delivery.delivered_to)
    if lacking:
        raise Refused(
            "CONTRACT_DOES_NOT_PAY",
            f"The contract does not pay for this delivery: {lacking}. It stays without a payer; try another contract.",
            unfunded_reason=lacking,
        )
    return _claimed(command, command.contract_ref, delivery, person, contract)


def void_service_unit(command: VoidServiceUnit, person: Person, contract: Contract | None = None) -> Decision:
    """Recorded wrongly, whenever it is found; the funder is told, whatever was paid."""
    cites_no_dead_consent(command, person)
    delivery = _standing(person, command.delivery_id)
    if delivery.contract_ref != command.contract_ref:
        raise Refused(
            "CONTRACT_MISMATCH",
            "contract_ref is not the contract that the delivery is claimed under. Read the delivery with ListUnits.",
        )
    voided = ServiceUnitVoided(command.person_ref, command.delivery_id, command.reason, delivery.claim_id)
    if contract is None or contract.terms is None or delivery.claim_id is None or command.contract_ref is None:
        return [voided]
    handover_id = person.handovers[contract.terms.funder]
    told = ClaimableUnitVoided(delivery.claim_id, handover_id, command.contract_ref, command.reason)
    return [
        voided,
        In(CONTRACT.stream(command.contract_ref), ContractFreed(command.contract_ref, delivery.claim_id)),
        Notice(contract.terms.funder, command.contract_ref, told),
    ]


def record_claim_answer(command: RecordClaimAnswer, person: Person, contract: Contract) -> Decision:
    """From the contract's funder alone; a claim that is refused frees its quantity and leaves the delivery unpaid.

    An answer that crossed the voiding of its claim changes nothing.
    """
    used = contract.claims.get(command.claim_id)
    if contract.terms is None or contract.terms.funder != command.funder:
        raise Refused("CONTRACT_OF_ANOTHER_FUNDER", f"{command.funder} is not the funder of this contract.")
    if used is None or used.person_ref != command.person_ref:
        return []
    answered = ClaimAnswerRecorded(
        command.person_ref, used.delivery_id, command.contract_ref, command.claim_id, command.answer, command.reason
    )
    if command.answer not in NOT_PAID:
        return [answered]
    return [
        answered,
        DeliveryUnfunded(command.person_ref, used.delivery_id, "claim_rejected", command.contract_ref),
        In(CONTRACT.stream(command.contract_ref), ContractFreed(command.contract_ref, command.claim_id)),
    ]


def _claimed(
    command: Claiming, contract_ref: str, delivery: Delivery, person: Person, contract: Contract
) -> list[object]:
    """The one living claim of the delivery: own fact, quantity taken from the lot, notice under a fresh id."""
    assert contract.terms, "a contract without terms pays for nothing"
    funder = contract.terms.funder
    handover_id, minted = introduced(command, person, funder)
    claim_id, delivery_id = command.claim_id, command.delivery_id
    sent = ClaimableUnitSent(
        claim_id,
        handover_id,
        contract_ref,
        delivery.service_code,
        delivery.unit,
        delivery.qty_milli,
        delivery.delivered_from,
        delivery.delivered_to,
        delivery.evidence_hash,
    )
    used = ContractUsed(contract_ref, claim_id, command.person_ref, delivery_id, *delivery.lot, delivery.qty_milli)
    return [
        *minted,
        DeliveryClaimed(command.person_ref, delivery_id, contract_ref, claim_id, handover_id),
        In(CONTRACT.stream(contract_ref), used),
        Notice(funder, contract_ref, sent),
    ]


def _standing(person: Person, delivery_id: str) -> Delivery:
    delivery = person.deliveries.get(delivery_id)
    if delivery is None:
        raise NotFound
    if delivery.voided:
        raise Refused("DELIVERY_VOIDED", "This delivery was voided before. Nothing to do.")
    return delivery


def _while_open(command: DeliverServiceUnit, person: Person) -> None:
    ended_on = person.case.ended_on if person.case else None
    if ended_on is None or command.delivered_to > ended_on:
        open_case(person)


def _plausible(command: DeliverServiceUnit) -> None:
    if not command.delivered_from <= command.delivered_to <= command.occurred_on:
        raise Refused(
            "DELIVERY_DAYS_IMPOSSIBLE",
            f"From {command.delivered_from} to {command.delivered_to} is no span of days up to {command.occurred_on}. "
            "Correct the days; help is recorded once it was given.",
        )
    days = (command.delivered_to - command.delivered_from).days + 1
    if command.unit == NIGHT and command.qty_milli > days * 1000:
        raise Refused("NIGHTS_EXCEED_DAYS", f"These days have at most {days} nights. Correct qty_milli or the days.")


def _not_recorded_before(command: DeliverServiceUnit, person: Person) -> None:
    """The same proof for the same days, or a second bed for one night, is the same delivery twice."""
    span = command.delivered_from, command.delivered_to
    for delivery_id, other in person.deliveries.items():
        if other.voided or not other.overlaps(*span):
            continue
        same_proof = (other.service_code, other.evidence_hash) == (command.service_code, command.evidence_hash)
        if same_proof or command.unit == other.unit == NIGHT:
            raise Refused(
                "DELIVERY_RECORDED_BEFORE",
                f"Delivery {delivery_id} covers days of this one with the same proof, or a bed for the same night. "
                "Void that one first if it is wrong.",
                delivery_id=delivery_id,
            )
