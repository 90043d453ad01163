"""Compensation for victims: claimed in a case, awarded against a payer, paid in parts. Each command, then its rule."""

from dataclasses import dataclass
from typing import Annotated

from nrm_contracts.fields import AmountMinor, Code, Day, Ref
from nrm_contracts.prosecution.events import CompensationAwarded, CompensationClaimed, CompensationPaid
from nrm_kernel.decider import Decision
from nrm_kernel.errors import NotFound, Refused
from nrm_prosecution.domain.claim import Claim
from nrm_prosecution.domain.ground import LegalBasis, on_live_ground
from nrm_prosecution.domain.proceedings import must_be_victim_in
from nrm_prosecution.domain.proceeds import Currency, must_be_in_currency
from nrm_prosecution.domain.victim import Victim

Payer = Annotated[str, Code("compensation_payer")]


@dataclass(frozen=True, slots=True)
class ClaimCompensation:
    """Claim this much in the case."""

    person_ref: Ref
    criminal_case_id: Ref
    compensation_id: Ref
    amount_minor: AmountMinor
    ccy: Currency
    occurred_on: Day
    legal_basis: LegalBasis


@on_live_ground
def claim_compensation(command: ClaimCompensation, victim: Victim) -> Decision:
    """By whoever is a victim in the case. Taking part in the proceedings is no condition."""
    must_be_victim_in(victim, command.criminal_case_id)
    return [
        CompensationClaimed(
            person_ref=command.person_ref,
            criminal_case_id=command.criminal_case_id,
            compensation_id=command.compensation_id,
            amount_minor=_some(command.amount_minor, "The claim"),
            ccy=command.ccy,
            claimed_on=command.occurred_on,
        )
    ]


@dataclass(frozen=True, slots=True)
class _OnClaim:
    """Money of a claim: how much, and of which payer."""

    person_ref: Ref
    compensation_id: Ref
    payer: Payer
    amount_minor: AmountMinor
    ccy: Currency
    occurred_on: Day
    legal_basis: LegalBasis


@dataclass(frozen=True, slots=True)
class AwardCompensation(_OnClaim):
    """This much was awarded, to be paid by this payer."""


@dataclass(frozen=True, slots=True)
class PayCompensation(_OnClaim):
    """Money reached the person."""


@on_live_ground
def award_compensation(command: AwardCompensation, victim: Victim) -> Decision:
    """A claim may be awarded in parts, against the offender and from the state's fund."""
    _claim(command, victim, "The award")
    return [
        CompensationAwarded(
            person_ref=command.person_ref,
            compensation_id=command.compensation_id,
            payer=command.payer,
            amount_minor=command.amount_minor,
            ccy=command.ccy,
            awarded_on=command.occurred_on,
        )
    ]


@on_live_ground
def pay_compensation(command: PayCompensation, victim: Victim) -> Decision:
    """Never more from a payer than was awarded against that payer."""
    unpaid_minor = _claim(command, victim, "The payment").unpaid_minor.get(command.payer, 0)
    if command.amount_minor > unpaid_minor:
        raise Refused(
            "AWARD_EXCEEDED",
            f"The payment was not recorded: {unpaid_minor} minor units of what was awarded against {command.payer} are "
            "left. Record the award first, or correct the amount.",
            unpaid_minor=unpaid_minor,
        )
    return [
        CompensationPaid(
            person_ref=command.person_ref,
            compensation_id=command.compensation_id,
            payer=command.payer,
            amount_minor=command.amount_minor,
            ccy=command.ccy,
            paid_on=command.occurred_on,
        )
    ]


def _claim(command: _OnClaim, victim: Victim, what: str) -> Claim:
    """The claim that some money in its currency goes to."""
    claim = victim.known().claims.get(command.compensation_id)
    if claim is None:
        raise NotFound
    must_be_in_currency(command.ccy, claim.ccy, what)
    _some(command.amount_minor, what)
    return claim


def _some(amount_minor: int, what: str) -> int:
    if not amount_minor:
        raise Refused("AMOUNT_ZERO", f"{what} was not recorded: its amount is 0. Name the amount.")
    return amount_minor
