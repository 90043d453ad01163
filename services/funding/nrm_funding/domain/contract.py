"""The state of one contract: its terms, its years with their running totals, its units, invoices and payments.

Nothing here is summed up again when a command comes: totals are kept, and the big maps share what did not change, so a
contract with fifty thousand units decides as fast as one with five.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from immutables import Map

from nrm_contracts.funding.events import (
    ClaimableUnitRecorded,
    ContractAwarded,
    InvoiceSubmitted,
    Lot,
    PaymentOrdered,
    Signatory,
)
from nrm_kernel.changing import replace
from nrm_kernel.errors import NotFound, Refused

FINISHED = ("cancelled", "terminated", "completed")


@dataclass(frozen=True, slots=True)
class Year:
    """One budget line's share in the contract, and how far it is used, all in minor units.

    ``paid <= approved <= verified <= ceiling`` holds after every command. Money that is owed back counts in the first
    three until it is back. ``claimed`` is what providers asked for and may be above the ceiling.
    """

    fiscal_year: int
    line_id: str
    starts_on: date
    ends_on: date
    ceiling_minor: int
    claimed_minor: int = 0
    verified_minor: int = 0
    approved_minor: int = 0
    paid_minor: int = 0
    alerted: bool = False

    def covers(self, first: date, last: date) -> bool:
        """Whether deliveries between these days are this year's."""
        return self.starts_on <= first and last <= self.ends_on


@dataclass(frozen=True, slots=True)
class LotUse:
    """A lot and how much of it was verified, in thousandths."""

    lot: Lot
    verified_milli: int = 0


@dataclass(frozen=True, slots=True)
class Unit:
    """A claimed unit. ``barred``: why it can never be paid as claimed; ``invoice_id``: the live invoice it is on."""

    claim: ClaimableUnitRecorded
    status: str = "recorded"
    fiscal_year: int | None = None
    barred: str | None = None
    verified_by: str = ""
    invoice_id: str | None = None

    @property
    def amount_minor(self) -> int:
        return self.claim.amount_minor or 0


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice. ``granted`` is what was approved less units withdrawn since; ``paid`` is net of what came back."""

    submitted: InvoiceSubmitted
    verified_by: frozenset[str]
    status: str = "submitted"
    matched_by: str = ""
    approvals: tuple[str, ...] = ()
    granted_minor: int = 0
    paid_minor: int = 0
    pending: tuple[str, ...] = ()

    @property
    def owed_back_minor(self) -> int:
        """What was paid without ground."""
        return max(0, self.paid_minor - self.granted_minor)

    @property
    def approved_minor(self) -> int:
        """What counts as approved: money owed back does until it is back."""
        return self.granted_minor + self.owed_back_minor

    @property
    def due_minor(self) -> int:
        """What was approved and is not paid."""
        return self.approved_minor - self.paid_minor


@dataclass(frozen=True, slots=True)
class Payment:
    """An order to pay and what came of it."""

    ordered: PaymentOrdered
    status: str = "ordered"
    reversed_minor: int = 0


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract; ``ends_on`` is its effective last day, ``pauses`` the spans in which it was suspended."""

    awarded: ContractAwarded | None = None
    status: str = "none"
    ends_on: date = date.max
    pauses: tuple[tuple[date, date], ...] = ()
    years: Map[int, Year] = field(default_factory=Map)
    lots: Map[tuple[str, str], LotUse] = field(default_factory=Map)
    units: Map[str, Unit] = field(default_factory=Map)
    duplicates: Map[str, str] = field(default_factory=Map)
    invoices: Map[str, Invoice] = field(default_factory=Map)
    invoice_numbers: Map[int, str] = field(default_factory=Map)
    payments: Map[str, Payment] = field(default_factory=Map)

    def year_of(self, first: date, last: date) -> Year | None:
        """The year that pays for deliveries between these days; there are few years."""
        return next((year for year in self.years.values() if year.covers(first, last)), None)

    def paused(self, first: date, last: date) -> bool:
        """Whether the contract was suspended on any of these days."""
        return any(start <= last and first < resumed for start, resumed in self.pauses)

    def with_year(self, year: Year) -> "Contract":
        return replace(self, years=self.years.set(year.fiscal_year, year))

    def with_unit(self, unit: Unit) -> "Contract":
        return replace(self, units=self.units.set(unit.claim.claim_id, unit))

    def with_units(self, units: Iterable[Unit]) -> "Contract":
        return replace(self, units=self.units.update({unit.claim.claim_id: unit for unit in units}))

    def with_invoice(self, invoice: Invoice) -> "Contract":
        return replace(self, invoices=self.invoices.set(invoice.submitted.invoice_id, invoice))

    def with_payment(self, payment: Payment) -> "Contract":
        return replace(self, payments=self.payments.set(payment.ordered.payment_id, payment))


def terms_of(contract: Contract) -> ContractAwarded:
    """Raises NotFound."""
    if contract.awarded is None:
        raise NotFound
    return contract.awarded


def signed_terms(contract_ref: str, contract: Contract) -> ContractAwarded:
    """Raises NotFound, CONTRACT_NOT_SIGNED."""
    terms = terms_of(contract)
    if contract.status == "awarded" or (not contract.units and contract.status == "cancelled"):
        raise Refused(
            "CONTRACT_NOT_SIGNED", f"Contract {contract_ref} is not signed. Let a second officer sign it first."
        )
    return terms


def require_not_suspended(contract_ref: str, contract: Contract) -> None:
    """Raises CONTRACT_SUSPENDED: while a contract is suspended its money is held; help and claims go on."""
    if contract.status == "suspended":
        raise Refused(
            "CONTRACT_SUSPENDED",
            f"Contract {contract_ref} is suspended, so nothing is approved or paid under it. Resume it first.",
        )


def known_unit(claim_id: str, contract: Contract) -> Unit:
    """Raises CLAIM_UNKNOWN."""
    unit = contract.units.get(claim_id)
    if unit is None:
        raise Refused("CLAIM_UNKNOWN", f"No unit was recorded under claim {claim_id}. It cannot be verified or paid.")
    return unit


def known_invoice(invoice_id: str, contract: Contract) -> Invoice:
    """Raises NotFound."""
    invoice = contract.invoices.get(invoice_id)
    if invoice is None:
        raise NotFound
    return invoice


def known_payment(payment_id: str, contract: Contract) -> Payment:
    """Raises NotFound."""
    payment = contract.payments.get(payment_id)
    if payment is None:
        raise NotFound
    return payment


def hands_on(invoice: Invoice, agency: str) -> frozenset[Signatory]:
    """Everybody who had a hand in an invoice before its approval: who submitted, verified and matched it."""
    own = {*invoice.verified_by, invoice.matched_by} - {""}
    return frozenset({invoice.submitted.submitted_by, *(Signatory(agency, officer) for officer in own)})
