"""Random officers, random orders of events, and a small model of the money that knows nothing of the rules.

The model keeps what was accepted and adds everything up anew after each step; the contract keeps running totals. Both
must agree, and invariants 13 to 17 must hold, however the commands of several officers interleave.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.often import often

from nrm_contracts.policy import ApprovalStep
from nrm_funding.domain.agreements import AmendContract, SignContract
from nrm_funding.domain.approvals import ApproveInvoice
from nrm_funding.domain.awards import LotOffer, YearCeiling
from nrm_funding.domain.claims import VoidUnit
from nrm_funding.domain.invoices import MatchInvoice, QueryInvoice, RejectInvoice, SubmitInvoice
from nrm_funding.domain.lines import ConfirmReallocation, ReallocateBudget
from nrm_funding.domain.payments import MakePayment, OrderPayment, RaiseClawback, ReversePayment
from nrm_funding.domain.units import RejectUnit, VerifyUnit
from nrm_kernel.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.funding.conftest import Fund

DAWN = "test/assistance/ngo-dawn"
NAMES = ["ada", "ben", "cy", "dee", "eve", "fay", "gus", "hal", "ida"]
OFFICERS = st.sampled_from(NAMES)
PICK = st.integers(0, 999)
PRICES = {"shelter": ((date(2025, 1, 1), 7), (date(2026, 7, 1), 11)), "legal_aid": ((date(2025, 1, 1), 333),)}
UNITS = {"shelter": "bed_night", "legal_aid": "hour"}
TWO_APPROVERS_FROM = 20


def price_on(service_code: str, day: date) -> int:
    """What the published list says, looked up without the service's code."""
    return max((start, price) for start, price in PRICES[service_code] if start <= day)[1]


@dataclass
class ModelUnit:
    contract_ref: str
    handover_id: str
    service_code: str
    first_day: date
    days: int
    amount: int
    status: str = "recorded"
    verifier: str = ""

    @property
    def deliveries(self) -> set[tuple[str, str, date]]:
        """What was delivered to whom on which day: nights one by one, hours by their first day."""
        days = range(self.days if self.service_code == "shelter" else 1)
        return {(self.handover_id, self.service_code, self.first_day + timedelta(days=nth)) for nth in days}


@dataclass
class ModelInvoice:
    contract_ref: str
    year: int
    claim_ids: tuple[str, ...]
    submitter: str
    status: str = "submitted"
    matcher: str = ""
    approvers: list[str] = field(default_factory=list)


@dataclass
class ModelPayment:
    invoice_id: str
    amount: int
    orderer: str
    payer: str = ""
    back: int = 0


class FundMachine(RuleBasedStateMachine):
    """Each rule sends one command; the model changes only when it was accepted."""

    funds: ClassVar[list[Callable[[], Fund]]] = []
    seen: ClassVar[Counter[str]] = Counter()

    @initialize()
    def begin(self) -> None:
        self.fund = self.funds[0]()
        steps = (ApprovalStep(0, 1), ApprovalStep(TWO_APPROVERS_FROM, 2))
        self.fund.policy = replace(self.fund.policy, approval_steps=steps)
        self.fund.now = datetime(2025, 1, 2, tzinfo=UTC)
        for service_code, prices in PRICES.items():
            for start, price in prices:
                self.fund.price(price, start, service_code=service_code, unit=UNITS[service_code])
        self.fund.now = datetime(2027, 12, 31, 12, tzinfo=UTC)
        source_id = self.fund.source(2_000)
        self.lines = [self.fund.approved_line(source_id, 400, year) for year in (2026, 2026, 2027)]
        self.contracts = [self._contract(self.lines[0], 60), self._contract(self.lines[0], 340)]
        self.fund.amend(self.contracts[0], 2027, self.lines[2], 50)
        self.units: dict[str, ModelUnit] = {}
        self.invoices: dict[str, ModelInvoice] = {}
        self.payments: dict[str, ModelPayment] = {}

    def _contract(self, line_id: str, ceiling_minor: int) -> str:
        lots = (LotOffer("shelter", "bed_night", 12_000), LotOffer("legal_aid", "hour", 12_000))
        given = {"ends_on": date(2027, 12, 31), "lots": lots}
        contract_ref = self.fund.award([YearCeiling(2026, line_id, ceiling_minor)], **given)
        self.fund.do(SignContract, contract_ref=contract_ref, officer="signer")
        return contract_ref

    def accepted(self, command: type[Any], **given: object) -> bool:
        """Whether the rules let it pass; nothing but a refusal may come instead, and it leaves no trace."""
        before = dict(self.fund.states)
        try:
            self.fund.do(command, **given)
        except Refused as refusal:
            assert self.fund.states == before
            self.seen[refusal.reason] += 1
            return False
        self.seen[command.__name__] += 1
        return True

    @rule(
        pick=PICK,
        person=st.integers(0, 2),
        service_code=st.sampled_from(["shelter", "legal_aid"]),
        offset=st.integers(0, 400),
        nights=st.integers(1, 3),
        milli=st.integers(1, 2_000),
    )
    def claim(self, pick: int, person: int, service_code: str, offset: int, nights: int, milli: int) -> None:
        """No claim is ever refused."""
        contract_ref, first = self.contracts[pick % 2], date(2026, 6, 1) + timedelta(days=offset)
        days, qty_milli = (nights, nights * 1000) if service_code == "shelter" else (1, milli)
        of_what = {"service_code": service_code, "unit": UNITS[service_code], "qty_milli": qty_milli}
        handover_id = f"{person:032x}"
        claim_id = self.fund.claim(contract_ref, days, first, handover_id=handover_id, **of_what)
        self.seen["claim"] += 1
        if claim_id in self.fund.contract(contract_ref).duplicates:
            self.seen["duplicate"] += 1
            return
        exact = Decimal(price_on(service_code, first)) * qty_milli / 1000
        amount = int(exact.quantize(Decimal(1), ROUND_HALF_EVEN))
        self.units[claim_id] = ModelUnit(contract_ref, handover_id, service_code, first, nights, amount)

    def _some(self, among: dict[str, Any], pick: int) -> str:
        return sorted(among)[pick % len(among)]

    @precondition(lambda self: self.units)
    @rule(pick=PICK, officer=OFFICERS)
    def verify(self, pick: int, officer: str) -> None:
        self._verify(self._some(self.units, pick), officer)

    def _verify(self, claim_id: str, officer: str) -> None:
        unit = self.units[claim_id]
        given = {"contract_ref": unit.contract_ref, "claim_id": claim_id, "method": "visit", "officer": officer}
        if self.accepted(VerifyUnit, **given):
            unit.status, unit.verifier = "verified", officer

    @precondition(lambda self: self.units)
    @rule(pick=PICK, void=st.booleans())
    def withdraw(self, pick: int, void: bool) -> None:
        claim_id = self._some(self.units, pick)
        unit = self.units[claim_id]
        given = {"contract_ref": unit.contract_ref, "claim_id": claim_id, "handover_id": unit.handover_id}
        if void:
            if self.accepted(VoidUnit, reason="wrong_quantity", provider=DAWN, **given) and unit.status != "rejected":
                unit.status = "voided" if unit.status != "clawed_back" else unit.status
                self._lapse_behind(claim_id)
        elif self.accepted(RejectUnit, reason="no_evidence", **given):
            unit.status = "rejected"

    def _lapse_behind(self, claim_id: str) -> None:
        """A voided unit sends an invoice that is not approved yet back."""
        for invoice in self.invoices.values():
            if claim_id in invoice.claim_ids and invoice.status in ("submitted", "matched"):
                invoice.status, invoice.approvers = "queried", []

    @precondition(lambda self: self.units)
    @rule(picks=st.lists(PICK, min_size=1, max_size=3), officer=OFFICERS, own=st.booleans(), careful=st.booleans())
    def submit(self, picks: list[int], officer: str, own: bool, careful: bool) -> None:
        """Any units, or with care verified ones of one contract."""
        pool = {key: unit for key, unit in self.units.items() if unit.status == "verified"} if careful else self.units
        pool = pool or self.units
        first = self.units[self._some(pool, picks[0])]
        if careful:
            pool = {key: unit for key, unit in pool.items() if unit.contract_ref == first.contract_ref}
        self._submit(tuple(dict.fromkeys(self._some(pool, pick) for pick in picks)), officer, own)

    def _submit(self, claim_ids: tuple[str, ...], officer: str, own: bool) -> str | None:
        first = self.units[claim_ids[0]]
        invoice_id = self.fund.ref()
        accepted = self.accepted(
            SubmitInvoice,
            contract_ref=first.contract_ref,
            invoice_id=invoice_id,
            invoice_no=len(self.invoices) + 1,
            claim_ids=claim_ids,
            total_minor=sum(self.units[claim_id].amount for claim_id in claim_ids),
            ccy="KZT",
            officer=officer,
            caller_agency="test/funding/fund" if own else DAWN,
        )
        if not accepted:
            return None
        submitter = officer if own else f"{DAWN} {officer}"
        self.invoices[invoice_id] = ModelInvoice(first.contract_ref, first.first_day.year, claim_ids, submitter)
        return invoice_id

    @rule(pick=PICK, offset=st.integers(0, 380), nights=st.integers(1, 3), hands=st.permutations(NAMES))
    def go_all_the_way(self, pick: int, offset: int, nights: int, hands: list[str]) -> None:
        """What happens most: nights are claimed, verified, invoiced, approved, by one officer after the other."""
        before = set(self.units)
        self.claim(pick, pick % 3, "shelter", offset, nights, 1)
        for claim_id in self.units.keys() - before:
            self._verify(claim_id, hands[0])
            invoice_id = self._submit((claim_id,), hands[1], own=True)
            for officer in hands[2:5] if invoice_id else ():
                self._advance(invoice_id or "", officer)

    @precondition(lambda self: self.invoices)
    @rule(pick=PICK, officer=OFFICERS)
    def advance(self, pick: int, officer: str) -> None:
        """The next step of an invoice: match, approve."""
        self._advance(self._some(self.invoices, pick), officer)

    def _advance(self, invoice_id: str, officer: str) -> None:
        invoice = self.invoices[invoice_id]
        on = {"contract_ref": invoice.contract_ref, "invoice_id": invoice_id, "officer": officer}
        if invoice.status in ("submitted", "queried") and self.accepted(MatchInvoice, **on):
            invoice.status, invoice.matcher = "matched", officer
        elif invoice.status == "matched" and self.accepted(ApproveInvoice, **on):
            invoice.approvers.append(officer)
            total = sum(self.units[claim_id].amount for claim_id in invoice.claim_ids)
            if len(invoice.approvers) == (2 if total >= TWO_APPROVERS_FROM else 1):
                invoice.status = "approved"

    @precondition(lambda self: self.invoices)
    @rule(pick=PICK, reject=st.booleans())
    def send_back(self, pick: int, reject: bool) -> None:
        invoice_id = self._some(self.invoices, pick)
        invoice = self.invoices[invoice_id]
        on = {"contract_ref": invoice.contract_ref, "invoice_id": invoice_id}
        if reject and self.accepted(RejectInvoice, reason="duplicate", **on):
            invoice.status = "rejected"
        elif not reject and self.accepted(QueryInvoice, reason="evidence_missing", **on):
            invoice.status, invoice.approvers = "queried", []

    @precondition(lambda self: any(invoice.status == "approved" for invoice in self.invoices.values()))
    @rule(pick=PICK, change=st.integers(-20, 1), orderer=OFFICERS, payer=OFFICERS)
    def pay(self, pick: int, change: int, orderer: str, payer: str) -> None:
        """What is due, a little less, or one too much."""
        approved = {key: invoice for key, invoice in self.invoices.items() if invoice.status == "approved"}
        invoice_id = self._some(approved, pick)
        amount = self._live(self.invoices[invoice_id]) - self._paid(invoice_id) + change
        contract_ref, payment_id = self.invoices[invoice_id].contract_ref, self.fund.ref()
        given = {"contract_ref": contract_ref, "payment_id": payment_id, "amount_minor": amount, "ccy": "KZT"}
        if self.accepted(OrderPayment, invoice_id=invoice_id, officer=orderer, **given):
            self.payments[payment_id] = ModelPayment(invoice_id, amount, orderer)
            self._make(payment_id, payer)

    @precondition(lambda self: self.payments)
    @rule(pick=PICK, payer=OFFICERS)
    def pay_later(self, pick: int, payer: str) -> None:
        self._make(self._some(self.payments, pick), payer)

    def _make(self, payment_id: str, payer: str) -> None:
        payment = self.payments[payment_id]
        contract_ref = self.invoices[payment.invoice_id].contract_ref
        given = {"contract_ref": contract_ref, "payment_id": payment_id, "ccy": "KZT", "officer": payer}
        if self.accepted(MakePayment, amount_minor=payment.amount, **given):
            assert not payment.payer, "an order is carried out once"
            payment.payer = payer

    @precondition(lambda self: self.payments)
    @rule(pick=PICK, amount=st.integers(-5, 60))
    def reverse(self, pick: int, amount: int) -> None:
        payment_id = self._some(self.payments, pick)
        payment = self.payments[payment_id]
        given = {"contract_ref": self.invoices[payment.invoice_id].contract_ref, "payment_id": payment_id}
        if self.accepted(ReversePayment, amount_minor=amount, ccy="KZT", reason="bank_returned", **given):
            payment.back += amount

    @precondition(lambda self: self.payments)
    @rule(pick=PICK, other=PICK)
    def claw_back(self, pick: int, other: int) -> None:
        claim_ids = self.invoices[self.payments[self._some(self.payments, pick)].invoice_id].claim_ids
        claim_id = claim_ids[other % len(claim_ids)]
        given = {"contract_ref": self.units[claim_id].contract_ref, "claim_id": claim_id, "reason": "fraud"}
        if self.accepted(RaiseClawback, **given):
            self.units[claim_id].status = "clawed_back"

    @rule(amount=st.integers(-5, 150), first=OFFICERS, second=OFFICERS, back=st.booleans())
    def move_budget(self, amount: int, first: str, second: str, back: bool) -> None:
        giving, taking = self.lines[:2][::-1] if back else self.lines[:2]
        between = {"reallocation_id": self.fund.ref(), "from_line_id": giving, "to_line_id": taking}
        if self.accepted(ReallocateBudget, amount_minor=amount, ccy="KZT", officer=first, **between):
            assert self.accepted(ConfirmReallocation, officer=second, **between) == (first != second)

    @rule(pick=PICK, ceiling=st.integers(-5, 500))
    def amend(self, pick: int, ceiling: int) -> None:
        year = {"fiscal_year": 2026, "line_id": self.lines[0], "ceiling_minor": ceiling}
        self.accepted(AmendContract, contract_ref=self.contracts[pick % 2], **year)

    # What must hold after every step

    def _live(self, invoice: ModelInvoice) -> int:
        return sum(self.units[each].amount for each in invoice.claim_ids if self.units[each].status == "verified")

    def _paid(self, invoice_id: str) -> int:
        made = (payment for payment in self.payments.values() if payment.invoice_id == invoice_id and payment.payer)
        return sum(payment.amount - payment.back for payment in made)

    @invariant()
    def totals_agree_with_the_model_and_stay_in_order(self) -> None:
        for contract_ref in self.contracts:
            for year in self.fund.contract(contract_ref).years.values():
                here = {
                    key: invoice
                    for key, invoice in self.invoices.items()
                    if (invoice.contract_ref, invoice.year, invoice.status)
                    == (contract_ref, year.fiscal_year, "approved")
                }
                paid = sum(self._paid(key) for key in here)
                owed = sum(max(0, self._paid(key) - self._live(invoice)) for key, invoice in here.items())
                approved = sum(self._live(invoice) for invoice in here.values()) + owed
                verified = owed + sum(
                    unit.amount
                    for unit in self.units.values()
                    if (unit.contract_ref, unit.first_day.year, unit.status)
                    == (contract_ref, year.fiscal_year, "verified")
                )
                assert (year.paid_minor, year.approved_minor, year.verified_minor) == (paid, approved, verified)
                assert 0 <= paid <= approved <= verified <= year.ceiling_minor

    @invariant()
    def lines_promise_and_pay_no_more_than_they_have(self) -> None:
        for line_id in self.lines:
            line = self.fund.line(line_id)
            years = [
                year
                for contract_ref in self.contracts
                for year in self.fund.contract(contract_ref).years.values()
                if year.line_id == line_id
            ]
            assert line.reserved_minor == sum(year.ceiling_minor for year in years)
            assert sum(year.paid_minor for year in years) <= line.reserved_minor <= line.ceiling_minor
        assert sum(self.fund.line(line_id).ceiling_minor for line_id in self.lines[:2]) == 800

    @invariant()
    def one_delivery_binds_money_once(self) -> None:
        verified = [unit for unit in self.units.values() if unit.status == "verified"]
        deliveries = [each for unit in verified for each in unit.deliveries]
        assert len(deliveries) == len(set(deliveries))

    @invariant()
    def four_pairs_of_hands(self) -> None:
        for payment in self.payments.values():
            if payment.payer:
                invoice = self.invoices[payment.invoice_id]
                verifiers = {self.units[claim_id].verifier for claim_id in invoice.claim_ids}
                approvers = set(invoice.approvers)
                assert invoice.submitter not in verifiers
                assert not approvers & {invoice.submitter, *verifiers}
                assert len(approvers) == len(invoice.approvers)
                assert payment.payer not in {invoice.submitter, *verifiers, *approvers, payment.orderer}


@pytest.mark.slow
def test_money_holds_under_interleaved_commands(new_fund: Callable[[], Fund]) -> None:
    FundMachine.funds[:] = [new_fund]
    run_state_machine_as_test(FundMachine, settings=settings(max_examples=often(50), stateful_step_count=80))


@pytest.mark.slow
def test_the_machine_comes_to_every_kind_of_step(new_fund: Callable[[], Fund]) -> None:
    FundMachine.funds[:] = [new_fund]
    FundMachine.seen.clear()
    accepted = {"MakePayment", "ReversePayment", "RaiseClawback", "VoidUnit", "QueryInvoice", "duplicate"}
    refused = {"OFFICERS_NOT_DISTINCT", "OVER_APPROVED", "REVERSAL_OVER_PAID", "UNIT_YEAR_CEILING", "LINE_EXHAUSTED"}
    rounds = iter(range(30))  # most of the time one or two are enough
    while never := (accepted | refused) - set(FundMachine.seen):
        assert next(rounds, None) is not None, (never, FundMachine.seen)
        run_state_machine_as_test(FundMachine, settings=settings(max_examples=50, stateful_step_count=80))
