"""A fund in memory: commands go through the same tables as over gRPC, events are checked against the catalogue."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from nrm_contracts.funding.events import SourceYear
from nrm_contracts.policy import ApprovalStep, NationalPolicy
from nrm_funding.domain.agreements import AmendContract, SignContract
from nrm_funding.domain.approvals import ApproveInvoice
from nrm_funding.domain.awards import AwardContract, LotOffer, YearCeiling
from nrm_funding.domain.claimants import CLAIMANT
from nrm_funding.domain.claims import RecordClaimableUnit, VoidUnit, record_claimable_unit, void_unit
from nrm_funding.domain.contract import Contract, Year
from nrm_funding.domain.contracts import CONTRACT
from nrm_funding.domain.deadlines import with_deadlines
from nrm_funding.domain.invoices import MatchInvoice, SubmitInvoice
from nrm_funding.domain.lines import LINE, ApproveBudgetLine, Line
from nrm_funding.domain.payments import MakePayment, OrderPayment
from nrm_funding.domain.sources import RegisterFundingSource
from nrm_funding.domain.standards import STANDARD, PublishServiceStandard
from nrm_funding.domain.units import VerifyUnit
from nrm_funding.rpc import WRITES
from nrm_kernel.decider import At, In, Notice
from nrm_kernel.errors import NrmError
from nrm_kernel.policy import load_history
from nrm_kernel.testing.entries import stored

FUND, POLICE = "test/funding/fund", "test/identification/police"
DAWN, HARBOUR = "test/assistance/ngo-dawn", "test/assistance/ngo-harbour"
POLICY_FILE = Path(__file__).parents[2] / "policies" / "kz.toml"
NOW = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
MARCH = date(2026, 3, 1)
EVIDENCE = "e" * 64


def ref(number: int) -> str:
    """An invented reference."""
    return f"{number:032x}"


@dataclass
class Fund:
    """One funding agency without a store: streams of events, their states, and what was told to whom."""

    policy: NationalPolicy
    streams: dict[str, list[object]] = field(default_factory=dict)
    states: dict[str, Any] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    now: datetime = NOW
    refs: int = 0

    def do(self, command_type: type[Any], **given: object) -> Sequence[object]:
        """Let the rules decide a command as an officer of the fund would give it, and record what it makes happen."""
        write = next((write for write in WRITES if write.command is command_type), None)
        names = {each.name for each in fields(command_type)}
        minted = {name: self.ref() for name in (write.minted if write else ()) if name not in given}
        kernel = {
            "officer": "officer",
            "agency": FUND,
            "caller_agency": FUND,
            "agencies": {FUND: "funding", DAWN: "assistance", HARBOUR: "assistance", POLICE: "identification"},
            "policy": self.policy,
            "now": self.now,
            "occurred_on": self.now.date(),
        }
        filled = {name: value for name, value in kernel.items() if name in names}
        command = command_type(**{**minted, **filled, **given})
        if write is not None:
            return self.record(command, write.decide, write.streams(command))
        return self._react(command)

    def _react(self, command: RecordClaimableUnit | VoidUnit) -> Sequence[object]:
        contract, claimant = At(CONTRACT, command.contract_ref), At(CLAIMANT, command.handover_id)
        if isinstance(command, VoidUnit):
            return self.record(command, with_deadlines(void_unit), (contract, claimant))
        return self.record(command, record_claimable_unit, (contract, At(STANDARD, command.service_code), claimant))

    def record(self, command: object, decide: Callable[..., Any], streams: Sequence[At[Any, Any]]) -> Sequence[object]:
        """Decide on the states of these streams; each event is held against its form before it is kept."""
        folds = {at.stream: at.fold for at in streams}
        outcome = decide(command, *(self.states.get(at.stream, at.fold.initial) for at in streams))
        for each in outcome:
            if isinstance(each, Notice):
                self.notices.append(each)
                stored(each.event)
                continue
            stream, event = (each.stream, each.event) if isinstance(each, In) else (streams[0].stream, each)
            stored(event)
            self.streams.setdefault(stream, []).append(event)
            fold = folds[stream]
            self.states[stream] = fold.evolve(self.states.get(stream, fold.initial), event)
        return list(outcome)

    def ref(self) -> str:
        """A fresh reference."""
        self.refs += 1
        return ref(self.refs)

    def contract(self, contract_ref: str) -> Contract:
        """The contract's state."""
        state = self.states.get(CONTRACT.stream(contract_ref), CONTRACT.initial)
        assert isinstance(state, Contract)
        return state

    def year(self, contract_ref: str, fiscal_year: int = 2026) -> Year:
        """A year of the contract."""
        return self.contract(contract_ref).years[fiscal_year]

    def refused(self, command_type: type[Any], **given: object) -> str:
        """Why the rules refuse a command; nothing is recorded then."""
        before = dict(self.states)
        with pytest.raises(NrmError) as refused:
            self.do(command_type, **given)
        assert self.states == before
        return refused.value.reason

    def line(self, line_id: str) -> Line:
        """The budget line's state."""
        state = self.states.get(LINE.stream(line_id), LINE.initial)
        assert isinstance(state, Line)
        return state

    # What most tests begin with

    def source(self, amount_minor: int = 1_000_000, ccy: str = "KZT", years: Sequence[int] = (2025, 2026, 2027)) -> str:
        """A source that gives so much in each year."""
        given = tuple(SourceYear(year, amount_minor) for year in years)
        source_id = self.ref()
        self.do(
            RegisterFundingSource,
            source_id=source_id,
            kind="state",
            ccy=ccy,
            years=given,
            earmarks=(),
            valid_from=date(2025, 1, 1),
        )
        return source_id

    def approved_line(self, source_id: str, ceiling_minor: int = 500_000, year: int = 2026, ccy: str = "KZT") -> str:
        """A line for one calendar year."""
        line_id = self.ref()
        self.do(
            ApproveBudgetLine,
            line_id=line_id,
            source_id=source_id,
            fiscal_year=year,
            starts_on=date(year, 1, 1),
            ends_on=date(year, 12, 31),
            ceiling_minor=ceiling_minor,
            ccy=ccy,
        )
        return line_id

    def price(self, price_minor: int, valid_from: date = date(2025, 1, 1), **given: object) -> None:
        """A published price of a night in a shelter."""
        named = {"service_code": "shelter", "unit": "bed_night", "ccy": "KZT", **given}
        self.do(PublishServiceStandard, unit_price_minor=price_minor, valid_from=valid_from, **named)

    def award(self, years: Sequence[YearCeiling], **given: object) -> str:
        """An awarded contract of the first NGO, for nights in a shelter."""
        contract_ref = self.ref()
        named = {
            "provider": DAWN,
            "ccy": "KZT",
            "starts_on": date(2026, 1, 1),
            "ends_on": date(2026, 12, 31),
            "lots": (LotOffer("shelter", "bed_night", 1_000_000),),
            "criteria": ("quality",),
            "conflict_declared": False,
            "officer": "awarder",
            **given,
        }
        self.do(AwardContract, contract_ref=contract_ref, years=tuple(years), **named)
        return contract_ref

    def award_in(self, line_id: str, ceiling_minor: int) -> str:
        """An awarded contract with one year, 2026, out of that line."""
        return self.award([YearCeiling(2026, line_id, ceiling_minor)])

    def signed_contract(self, ceiling_minor: int = 100_000, price_minor: int = 1_000, **given: object) -> str:
        """A signed contract with one year, 2026, and everything that it stands on."""
        line_id = self.approved_line(self.source())
        self.price(price_minor)
        contract_ref = self.award([YearCeiling(2026, line_id, ceiling_minor)], **given)
        self.do(SignContract, contract_ref=contract_ref, officer="signer")
        return contract_ref

    def amend(self, contract_ref: str, fiscal_year: int, line_id: str, ceiling_minor: int) -> None:
        """A year with a ceiling, added to or raised in the contract."""
        year = {"fiscal_year": fiscal_year, "line_id": line_id, "ceiling_minor": ceiling_minor}
        self.do(AmendContract, contract_ref=contract_ref, **year)

    def claim(self, contract_ref: str, nights: int = 1, day: date = MARCH, **given: object) -> str:
        """A claim of the first NGO for nights; each for a person of its own unless a handover is named."""
        claim_id = str(given.pop("claim_id", "") or self.ref())
        named = {
            "handover_id": self.ref(),
            "service_code": "shelter",
            "unit": "bed_night",
            "qty_milli": nights * 1000,
            "delivered_from": day,
            "delivered_to": date.fromordinal(day.toordinal() + nights - 1),
            "evidence_hash": EVIDENCE,
            "provider": DAWN,
            **given,
        }
        self.do(RecordClaimableUnit, contract_ref=contract_ref, claim_id=claim_id, **named)
        return claim_id

    def verified(
        self, contract_ref: str, nights: int = 1, day: date = MARCH, officer: str = "verifier", **given: object
    ) -> str:
        """A claim that an officer verified."""
        claim_id = self.claim(contract_ref, nights, day, **given)
        self.do(VerifyUnit, contract_ref=contract_ref, claim_id=claim_id, method="document", officer=officer)
        return claim_id

    def invoice(self, contract_ref: str, *claim_ids: str, **given: object) -> str:
        """An invoice of the NGO over these claims."""
        invoice_id = self.ref()
        contract = self.contract(contract_ref)
        named = {
            "invoice_no": len(contract.invoices) + 1,
            "total_minor": sum(contract.units[claim_id].amount_minor for claim_id in claim_ids),
            "ccy": "KZT",
            "officer": "submitter",
            "caller_agency": DAWN,
            **given,
        }
        self.do(SubmitInvoice, contract_ref=contract_ref, invoice_id=invoice_id, claim_ids=claim_ids, **named)
        return invoice_id

    def approved(self, contract_ref: str, *claim_ids: str) -> str:
        """An invoice over these claims, matched and approved."""
        invoice_id = self.invoice(contract_ref, *claim_ids)
        self.do(MatchInvoice, contract_ref=contract_ref, invoice_id=invoice_id, officer="matcher")
        self.do(ApproveInvoice, contract_ref=contract_ref, invoice_id=invoice_id, officer="approver")
        return invoice_id

    def ordered(self, contract_ref: str, invoice_id: str, amount_minor: int) -> str:
        """An order to pay."""
        payment_id = self.ref()
        self.do(
            OrderPayment,
            contract_ref=contract_ref,
            invoice_id=invoice_id,
            payment_id=payment_id,
            amount_minor=amount_minor,
            ccy="KZT",
            officer="orderer",
        )
        return payment_id

    def paid(self, contract_ref: str, invoice_id: str, amount_minor: int) -> str:
        """A payment that was ordered and made."""
        payment_id = self.ordered(contract_ref, invoice_id, amount_minor)
        self.do(
            MakePayment,
            contract_ref=contract_ref,
            payment_id=payment_id,
            amount_minor=amount_minor,
            ccy="KZT",
            officer="payer",
        )
        return payment_id


@pytest.fixture(scope="session")
def policy() -> NationalPolicy:
    """Kazakhstan's rules with two steps of approval: one officer, and two from 50,000 minor units on."""
    steps = (ApprovalStep(0, 1), ApprovalStep(50_000, 2))
    return replace(load_history(POLICY_FILE).newest, approval_steps=steps, ceiling_alert_percent=80)


@pytest.fixture(scope="session")
def new_fund(policy: NationalPolicy) -> Callable[[], Fund]:
    """Makes an empty fund; for tests that need a fresh one for each example."""
    return lambda: Fund(policy)


@pytest.fixture
def fund(new_fund: Callable[[], Fund]) -> Fund:
    """An empty fund."""
    return new_fund()
