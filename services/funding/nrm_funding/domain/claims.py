"""What providers tell: a unit was delivered under a contract, or a claim is taken back.

No claim is ever refused for lack of money. Help was given; what cannot be paid as things stand is recorded as an
unfunded liability with its reason, and an officer or another payer sees to it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from nrm_contracts.fields import Code, Day, Origin, QtyMilli, Ref
from nrm_contracts.funding.events import (
    CeilingAlertRaised,
    CeilingNearlyReached,
    ClaimableUnitRecorded,
    ClawbackRaised,
    DuplicateClaimFound,
    InvoiceQueried,
    UnfundedLiabilityRecorded,
    UnitClaimed,
    UnitVoided,
)
from nrm_contracts.funding.parts import EvidenceHash, ServiceCode, ServiceUnit
from nrm_contracts.policy import NationalPolicy
from nrm_funding.domain.balances import overpaid_by
from nrm_funding.domain.claimants import CLAIMANT, Claimant
from nrm_funding.domain.contract import Contract, Unit, Year, known_unit, signed_terms
from nrm_funding.domain.pricing import Priced, not_payable, priced
from nrm_funding.domain.standards import Standard
from nrm_funding.domain.units import answered, released, require_handover
from nrm_kernel.decider import Decision, In, Notice
from nrm_kernel.errors import NotFound, Refused

DELIVERY_DAYS_MAX = 366


@dataclass(frozen=True, slots=True)
class RecordClaimableUnit:
    """A provider's notice that it delivered a unit under a contract; ``provider`` is who sent the notice."""

    contract_ref: Ref
    claim_id: Ref
    handover_id: Ref
    service_code: ServiceCode
    unit: ServiceUnit
    qty_milli: QtyMilli
    delivered_from: Day
    delivered_to: Day
    evidence_hash: EvidenceHash
    provider: Origin
    now: datetime
    policy: NationalPolicy


@dataclass(frozen=True, slots=True)
class VoidUnit:
    """A provider's notice that it takes a claim back."""

    contract_ref: Ref
    claim_id: Ref
    handover_id: Ref
    reason: Annotated[str, Code("void_reason")]
    provider: Origin
    agency: Origin
    occurred_on: date
    policy: NationalPolicy


def record_claimable_unit(
    command: RecordClaimableUnit, contract: Contract, standard: Standard, claimant: Claimant
) -> Decision:
    """Raises NotFound, CONTRACT_NOT_SIGNED, DATES_INVALID. A second claim for a delivery is no unit."""
    terms = signed_terms(command.contract_ref, contract)
    if terms.provider != command.provider:
        raise NotFound
    if not 0 <= (command.delivered_to - command.delivered_from).days < DELIVERY_DAYS_MAX:
        raise Refused("DATES_INVALID", "A delivery ends on or after its first day and within a year. Claim it again.")
    if command.claim_id in contract.units or command.claim_id in contract.duplicates:
        return [DuplicateClaimFound(command.contract_ref, command.claim_id, command.contract_ref, command.claim_id)]
    claimed = _claimed(command)
    first = claimant.claimed_before(claimed)
    if first is not None:
        found = DuplicateClaimFound(command.contract_ref, command.claim_id, first.contract_ref, first.claim_id)
        return [found, answered(command.provider, command.contract_ref, command.claim_id, "duplicate", "duplicate")]
    return _record(command, contract, standard, claimant, claimed)


def _claimed(command: RecordClaimableUnit) -> UnitClaimed:
    return UnitClaimed(
        handover_id=command.handover_id,
        contract_ref=command.contract_ref,
        claim_id=command.claim_id,
        service_code=command.service_code,
        unit=command.unit,
        qty_milli=command.qty_milli,
        delivered_from=command.delivered_from,
        delivered_to=command.delivered_to,
    )


def _record(
    command: RecordClaimableUnit, contract: Contract, standard: Standard, claimant: Claimant, claimed: UnitClaimed
) -> Decision:
    price = priced(claimed, contract.awarded.ccy if contract.awarded else "", standard, claimant)
    unit = Unit(_claim(command, contract, price), barred=price.barred)
    year = contract.year_of(command.delivered_from, command.delivered_to)
    reason = not_payable(contract, unit, command.now.date()) or _over_claimed(year, unit)
    facts: list[object] = [unit.claim, In(CLAIMANT.stream(command.handover_id), claimed)]
    notices = [answered(command.provider, command.contract_ref, command.claim_id, "recorded", reason)]
    if reason is not None:
        facts.append(_unfunded(unit, year, reason))
    if year is not None and _nearly_reached(year, unit, command.policy.ceiling_alert_percent):
        percent = command.policy.ceiling_alert_percent
        facts.append(CeilingAlertRaised(command.contract_ref, year.fiscal_year, percent, year.ceiling_minor))
        nearly = CeilingNearlyReached(command.contract_ref, percent)
        notices.append(Notice(command.provider, command.contract_ref, nearly))
    return [*facts, *notices]


def _claim(command: RecordClaimableUnit, contract: Contract, price: Priced) -> ClaimableUnitRecorded:
    year = contract.year_of(command.delivered_from, command.delivered_to)
    return ClaimableUnitRecorded(
        contract_ref=command.contract_ref,
        claim_id=command.claim_id,
        handover_id=command.handover_id,
        service_code=command.service_code,
        unit=command.unit,
        qty_milli=command.qty_milli,
        delivered_from=command.delivered_from,
        delivered_to=command.delivered_to,
        evidence_hash=command.evidence_hash,
        fiscal_year=year.fiscal_year if year else None,
        price_minor=price.price_minor,
        amount_minor=price.amount_minor,
    )


def _over_claimed(year: Year | None, unit: Unit) -> str | None:
    return "year_ceiling" if year and _claimed_after(year, unit) > year.ceiling_minor else None


def _claimed_after(year: Year, unit: Unit) -> int:
    return max(year.claimed_minor, year.verified_minor) + unit.amount_minor


def _nearly_reached(year: Year, unit: Unit, percent: int) -> bool:
    return not year.alerted and _claimed_after(year, unit) * 100 >= year.ceiling_minor * percent


def _unfunded(unit: Unit, year: Year | None, reason: str) -> UnfundedLiabilityRecorded:
    shortage = unit.claim.amount_minor
    if reason == "year_ceiling" and year is not None:
        shortage = min(unit.amount_minor, _claimed_after(year, unit) - year.ceiling_minor)
    return UnfundedLiabilityRecorded(unit.claim.contract_ref, unit.claim.claim_id, reason, shortage)


def void_unit(command: VoidUnit, contract: Contract, claimant: Claimant) -> Decision:
    """Raises NotFound, CLAIM_UNKNOWN, HANDOVER_DIFFERS. Of a claim that is closed already nothing is left."""
    terms = signed_terms(command.contract_ref, contract)
    if terms.provider != command.provider:
        raise NotFound
    if command.claim_id in contract.duplicates:
        return []
    unit = known_unit(command.claim_id, contract)
    require_handover(unit, command.handover_id)
    if unit.status not in ("recorded", "verified"):
        return []
    voided = UnitVoided(command.contract_ref, command.claim_id, command.reason)
    return [voided, *_clawback(contract, unit), released(unit), *_queried(contract, unit)]


def _clawback(contract: Contract, unit: Unit) -> Iterator[ClawbackRaised]:
    """What was paid for a unit that never was is owed back, without anybody having to notice."""
    owed = overpaid_by(contract, unit)
    if owed:
        invoice = contract.invoices[unit.invoice_id or ""].submitted
        yield ClawbackRaised(
            contract_ref=invoice.contract_ref,
            invoice_id=invoice.invoice_id,
            claim_id=unit.claim.claim_id,
            amount_minor=owed,
            ccy=invoice.ccy,
            reason="unit_voided",
        )


def _queried(contract: Contract, unit: Unit) -> Iterator[InvoiceQueried]:
    invoice = contract.invoices.get(unit.invoice_id or "")
    if invoice is not None and invoice.status in ("submitted", "matched"):
        yield InvoiceQueried(unit.claim.contract_ref, invoice.submitted.invoice_id, "quantity_differs")
