"""Acts of the fund. Who recorded, verified, approved and paid are different officers."""

from collections.abc import Sequence
from datetime import date

from nrm.demo.agencies import CCY, short
from nrm.demo.step import Step
from nrm_contracts.funding.v1 import budgets_pb2, claims_pb2, contracts_pb2, invoices_pb2, payments_pb2

OFFICER, VERIFIER, MATCHER, APPROVER, PAYER = 1, 2, 3, 4, 5

PRICES_MINOR = {
    ("shelter", "bed_night"): 6_500,
    ("crisis_accommodation", "bed_night"): 9_000,
    ("psychological", "session"): 7_000,
    ("legal_aid", "hour"): 8_500,
    ("medical", "visit"): 5_000,
}
"""Per unit, in minor units. Without a source."""


def contract_label(shelter: str, year: int) -> str:
    """What the script calls a shelter's contract of a year."""
    return f"@contract-{short(shelter)}-{year}"


def line_label(shelter: str, year: int) -> str:
    """What the script calls the budget line that such a contract is paid from."""
    return f"@line-{short(shelter)}-{year}"


def source(label: str, on: date, kind: str, amounts_minor: dict[int, int]) -> Step:
    """Money becomes known."""
    years = [budgets_pb2.SourceYear(fiscal_year=year, amount_minor=amount) for year, amount in amounts_minor.items()]
    request = budgets_pb2.RegisterFundingSourceRequest(kind=kind, ccy=CCY, years=years, valid_from=on.isoformat())
    return Step(on, request, {"source_id": label}, officer=OFFICER)


def in_kind(label: str, on: date, item: str, value_minor: int) -> Step:
    """Something other than money is given."""
    request = budgets_pb2.RecordInKindRequest(
        source_id=label, item=item, basis="market_price", value_minor=value_minor, ccy=CCY
    )
    return Step(on, request, officer=OFFICER)


def publish(service_code: str, unit: str, on: date, valid_from: date) -> Step:
    """A price for everybody."""
    request = contracts_pb2.PublishServiceStandardRequest(
        service_code=service_code,
        unit=unit,
        unit_price_minor=PRICES_MINOR[service_code, unit],
        ccy=CCY,
        valid_from=valid_from.isoformat(),
        quality=("trained_staff", "confidentiality"),
    )
    return Step(on, request, officer=OFFICER)


def line(shelter: str, year: int, source: str, on: date, ceiling_minor: int) -> Step:
    """Money for one shelter and year."""
    request = budgets_pb2.ApproveBudgetLineRequest(
        source_id=source,
        fiscal_year=year,
        starts_on=f"{year}-01-01",
        ends_on=f"{year}-12-31",
        ceiling_minor=ceiling_minor,
        ccy=CCY,
    )
    return Step(on, request, {"line_id": line_label(shelter, year)}, officer=APPROVER)


def award(shelter: str, year: int, on: date, ceiling_minor: int) -> Step:
    """A contract is awarded."""
    lots = [
        contracts_pb2.LotOffer(service_code=service, unit=unit, qty_max_milli=50_000_000)
        for service, unit in PRICES_MINOR
    ]
    ceiling = contracts_pb2.YearCeiling(
        fiscal_year=year, line_id=line_label(shelter, year), ceiling_minor=ceiling_minor
    )
    request = contracts_pb2.AwardContractRequest(
        provider=shelter,
        ccy=CCY,
        starts_on=f"{year}-01-01",
        ends_on=f"{year}-12-31",
        years=[ceiling],
        lots=lots,
        criteria=("quality", "price"),
    )
    return Step(on, request, {"contract_ref": contract_label(shelter, year)}, officer=OFFICER)


def sign(contract: str, on: date) -> Step:
    """A second officer signs."""
    return Step(on, contracts_pb2.SignContractRequest(contract_ref=contract), officer=APPROVER)


def verify(contract: str, claim_id: str, on: date) -> Step:
    """An officer checks a delivery."""
    request = claims_pb2.VerifyUnitRequest(contract_ref=contract, claim_id=claim_id, method="document")
    return Step(on, request, officer=VERIFIER)


def invoice(contract: str, on: date, number: int, claim_ids: Sequence[str], total_minor: int, shelter: str) -> Step:
    """The shelter asks for its money."""
    request = invoices_pb2.SubmitInvoiceRequest(
        contract_ref=contract, invoice_no=number, claim_ids=claim_ids, total_minor=total_minor, ccy=CCY
    )
    return Step(on, request, {"invoice_id": f"{contract}-invoice-{number}"}, by=shelter)


def match(contract: str, invoice: str, on: date) -> Step:
    """The invoice agrees with what was verified."""
    return Step(on, invoices_pb2.MatchInvoiceRequest(contract_ref=contract, invoice_id=invoice), officer=MATCHER)


def approve(contract: str, invoice: str, on: date) -> Step:
    """An officer who had no hand in it approves."""
    return Step(on, invoices_pb2.ApproveInvoiceRequest(contract_ref=contract, invoice_id=invoice), officer=APPROVER)


def order(contract: str, invoice: str, on: date, amount_minor: int) -> Step:
    """The treasury is told to pay."""
    request = payments_pb2.OrderPaymentRequest(
        contract_ref=contract, invoice_id=invoice, amount_minor=amount_minor, ccy=CCY
    )
    return Step(on, request, {"payment_id": f"{invoice}-payment"}, officer=MATCHER)


def pay(contract: str, invoice: str, on: date, amount_minor: int) -> Step:
    """The money left the line."""
    request = payments_pb2.MakePaymentRequest(
        contract_ref=contract, payment_id=f"{invoice}-payment", amount_minor=amount_minor, ccy=CCY
    )
    return Step(on, request, officer=PAYER)


def explain(contract: str, year: int, on: date, actual: int) -> Step:
    """Why a year went otherwise than planned."""
    request = contracts_pb2.ExplainVarianceRequest(
        contract_ref=contract,
        fiscal_year=year,
        service_code="shelter",
        target_milli=1_000_000,
        actual_milli=actual * 1_000,
        reason="more_arrivals",
    )
    return Step(on, request, officer=OFFICER)


def complete(contract: str, on: date) -> Step:
    """The contract ran to its end."""
    return Step(on, contracts_pb2.CompleteContractRequest(contract_ref=contract), officer=OFFICER)


def release(shelter: str, year: int, on: date) -> Step:
    """What was not used goes back to the line."""
    request = contracts_pb2.ReleaseCeilingRequest(
        contract_ref=contract_label(shelter, year), fiscal_year=year, line_id=line_label(shelter, year)
    )
    return Step(on, request, officer=APPROVER)
