"""Delivered units of help, their claims on contracts, and this agency's own copy of each contract."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from nrm_contracts.catalogue import Audience, event
from nrm_contracts.fields import AmountMinor, Code, Day, Origin, QtyMilli, Ref

EvidenceHash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256, in lower-case hex, of the signed sheet or other proof that the agency keeps for a delivered unit."""


@dataclass(frozen=True, slots=True)
class ContractLot:
    """What a contract pays for: a service, its price per unit and the most units."""

    service_code: Annotated[str, Code("service_code")]
    unit: Annotated[str, Code("service_unit")]
    price_minor: AmountMinor
    qty_max_milli: QtyMilli


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class ServiceUnitDelivered:
    """Help was given. Whether anybody pays for it is a question of its own: see :class:`DeliveryUnfunded`."""

    person_ref: Ref
    delivery_id: Ref
    service_code: Annotated[str, Code("service_code")]
    unit: Annotated[str, Code("service_unit")]
    qty_milli: QtyMilli
    delivered_from: Day
    delivered_to: Day
    evidence_hash: EvidenceHash
    person_acknowledged: bool


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class DeliveryClaimed:
    """A delivered unit was put to a contract; the funder knows it by ``claim_id`` alone."""

    person_ref: Ref
    delivery_id: Ref
    contract_ref: Ref
    claim_id: Ref
    handover_id: Ref


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class DeliveryUnfunded:
    """A delivered unit has no payer, and why: help went on, the money is owed."""

    person_ref: Ref
    delivery_id: Ref
    reason: Annotated[str, Code("unfunded_reason")]
    contract_ref: Ref | None = None


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class ServiceUnitVoided:
    """A delivered unit was recorded wrongly and counts no more."""

    person_ref: Ref
    delivery_id: Ref
    reason: Annotated[str, Code("void_reason")]
    claim_id: Ref | None = None


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class ClaimAnswerRecorded:
    """What the funder answered to a claim."""

    person_ref: Ref
    delivery_id: Ref
    contract_ref: Ref
    claim_id: Ref
    answer: Annotated[str, Code("claim_answer")]
    reason: Annotated[str, Code("unit_rejection_reason")] | None = None


# This agency's own copy of a contract, in the stream of the contract


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class ContractRecorded:
    """What the funder told about a contract. A contract that is suspended or over pays for nothing; help goes on."""

    contract_ref: Ref
    funder: Origin
    change: Annotated[str, Code("contract_change")]
    lots: tuple[ContractLot, ...]
    ccy: Annotated[str, Code("iso_4217")]
    starts_on: Day
    ends_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class ContractUsed:
    """A claim took from a lot of the contract."""

    contract_ref: Ref
    claim_id: Ref
    person_ref: Ref
    delivery_id: Ref
    service_code: Annotated[str, Code("service_code")]
    unit: Annotated[str, Code("service_unit")]
    qty_milli: QtyMilli


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class ContractFreed:
    """A claim was voided or refused: its quantity is free again."""

    contract_ref: Ref
    claim_id: Ref


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class CeilingAlertRaised:
    """The money of a contract is nearly used up: another payer is needed. Nothing stops."""

    contract_ref: Ref
    percent: int
