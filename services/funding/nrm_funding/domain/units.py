"""Delivered units as an officer finds them: verified, so that they bind money, or rejected."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from nrm_contracts.codes import code_list
from nrm_contracts.fields import Code, Ref
from nrm_contracts.funding.events import (
    ClaimableUnitRecorded,
    ClaimAnswered,
    DuplicateClaimFound,
    UnfundedLiabilityRecorded,
    UnitClaimReleased,
    UnitRejected,
    UnitVerified,
    UnitVoided,
)
from nrm_contracts.funding.parts import NotPayable
from nrm_funding.domain.balances import withdrawn
from nrm_funding.domain.claimants import CLAIMANT, Claimant
from nrm_funding.domain.contract import Contract, Unit, known_unit, signed_terms
from nrm_funding.domain.pricing import not_payable
from nrm_kernel.changing import replace
from nrm_kernel.decider import Decision, In, Notice
from nrm_kernel.errors import Refused


@dataclass(frozen=True, slots=True)
class VerifyUnit:
    """An officer checked the delivery; the unit's amount now binds the contract's year."""

    contract_ref: Ref
    claim_id: Ref
    method: Annotated[str, Code("verification_method")]
    officer: str
    now: datetime


@dataclass(frozen=True, slots=True)
class RejectUnit:
    """An officer found that the unit is not to be paid; ``handover_id`` is the claim's own, as listed with it."""

    contract_ref: Ref
    claim_id: Ref
    handover_id: Ref
    reason: NotPayable
    officer: str


def verify_unit(command: VerifyUnit, contract: Contract) -> Decision:
    """Raises NotFound, CONTRACT_NOT_SIGNED, CLAIM_UNKNOWN, UNIT_NOT_OPEN, UNIT_<why it is not payable>."""
    terms = signed_terms(command.contract_ref, contract)
    unit = _open_unit(command.claim_id, contract, "recorded")
    reason = not_payable(contract, unit, command.now.date())
    year = contract.year_of(unit.claim.delivered_from, unit.claim.delivered_to)
    if reason is not None or year is None:
        raise _refused_as(reason or "outside_dates", command.claim_id)
    verified = UnitVerified(
        contract_ref=command.contract_ref,
        claim_id=command.claim_id,
        fiscal_year=year.fiscal_year,
        amount_minor=unit.amount_minor,
        method=command.method,
        verified_by=command.officer,
    )
    return [verified, answered(terms.provider, command.contract_ref, command.claim_id, "verified")]


def _refused_as(reason: str, claim_id: str) -> Refused:
    label = code_list("unit_rejection_reason").label(reason)
    return Refused(
        f"UNIT_{reason.upper()}",
        f"Claim {claim_id} cannot be paid as things stand: {label.lower()}. It stays recorded as unfunded; reject it, "
        "or mend what stands in its way.",
        not_payable=reason,
    )


def _open_unit(claim_id: str, contract: Contract, *statuses: str) -> Unit:
    unit = known_unit(claim_id, contract)
    if unit.status not in statuses or unit.invoice_id is not None:
        on_invoice = " and stands on an invoice" if unit.invoice_id else ""
        raise Refused(
            "UNIT_NOT_OPEN", f"The unit of claim {claim_id} is {unit.status}{on_invoice}. Nothing was changed."
        )
    return unit


def reject_unit(command: RejectUnit, contract: Contract, claimant: Claimant) -> Decision:
    """Raises NotFound, CONTRACT_NOT_SIGNED, CLAIM_UNKNOWN, UNIT_NOT_OPEN, HANDOVER_DIFFERS."""
    terms = signed_terms(command.contract_ref, contract)
    unit = _open_unit(command.claim_id, contract, "recorded", "verified")
    require_handover(unit, command.handover_id)
    return [
        UnitRejected(command.contract_ref, command.claim_id, command.reason, command.officer),
        released(unit),
        answered(terms.provider, command.contract_ref, command.claim_id, "rejected", command.reason),
    ]


def require_handover(unit: Unit, handover_id: str) -> None:
    """Raises HANDOVER_DIFFERS."""
    if unit.claim.handover_id != handover_id:
        raise Refused("HANDOVER_DIFFERS", "The claim was made under another handover id. Take the one listed with it.")


def released(unit: Unit) -> In:
    """Frees the delivery for a corrected claim."""
    claim = unit.claim
    return In(CLAIMANT.stream(claim.handover_id), UnitClaimReleased(claim.handover_id, claim.claim_id))


def answered(provider: str, contract_ref: str, claim_id: str, answer: str, reason: str | None = None) -> Notice:
    """Tells the provider what became of a claim."""
    return Notice(provider, contract_ref, ClaimAnswered(contract_ref, claim_id, answer, reason))


def evolve_unit(contract: Contract, event: object) -> Contract:
    """The contract after an event of one of its units; unchanged by any other."""
    match event:
        case ClaimableUnitRecorded():
            return _counted(contract, event)
        case UnfundedLiabilityRecorded(claim_id=claim_id, reason=reason):
            return contract.with_unit(_barred(contract.units[claim_id], reason))
        case DuplicateClaimFound(claim_id=claim_id) if claim_id not in contract.units:
            return replace(contract, duplicates=contract.duplicates.set(claim_id, event.first_claim_id))
        case UnitVerified():
            return _verified(contract, event)
        case UnitRejected(claim_id=claim_id):
            return withdrawn(contract, contract.units[claim_id], "rejected")
        case UnitVoided(claim_id=claim_id):
            return withdrawn(contract, contract.units[claim_id], "voided")
        case _:
            return contract


def _counted(contract: Contract, claim: ClaimableUnitRecorded) -> Contract:
    contract = contract.with_unit(Unit(claim, fiscal_year=claim.fiscal_year))
    if claim.fiscal_year is None:
        return contract
    year = contract.years[claim.fiscal_year]
    return contract.with_year(replace(year, claimed_minor=year.claimed_minor + (claim.amount_minor or 0)))


def _barred(unit: Unit, reason: str) -> Unit:
    for_good = unit.claim.amount_minor is None or reason == "person_maximum"
    return replace(unit, barred=reason) if for_good else unit


def _verified(contract: Contract, event: UnitVerified) -> Contract:
    unit = contract.units[event.claim_id]
    key = unit.claim.service_code, unit.claim.unit
    use = contract.lots[key]
    use = replace(use, verified_milli=use.verified_milli + unit.claim.qty_milli)
    year = contract.years[event.fiscal_year]
    claimed_minor = year.claimed_minor + (event.amount_minor if unit.fiscal_year is None else 0)
    year = replace(year, claimed_minor=claimed_minor, verified_minor=year.verified_minor + event.amount_minor)
    unit = replace(unit, status="verified", fiscal_year=event.fiscal_year, verified_by=event.verified_by)
    return replace(contract, lots=contract.lots.set(key, use)).with_year(year).with_unit(unit)
