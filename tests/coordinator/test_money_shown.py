"""The money that followed one person's help: claimed, verified, paid, come back, owed back; and compensation."""

from typing import Any

import pytest
from tests.coordinator.events import assistance, funding, made, prosecution
from tests.coordinator.logs import CROWN, FUND, NGO, POLICE, Logs, Office, ref
from tests.coordinator.stories import delivered, detected, handed_over, helped

HERE, THERE, OTHER = ref(1), ref(2), ref(6)
POUNDS, EUROS = ref(800), ref(801)


def helped_under_contracts() -> Logs:
    logs = Logs()
    for contract_ref, ccy in ((POUNDS, "GBP"), (EUROS, "EUR")):
        awarded = made(funding.ContractAwarded, "2026-01-02", contract_ref=contract_ref, provider=NGO, ccy=ccy)
        logs.record(FUND, "2026-01-02", awarded)
    detected(logs, "2026-01-10", HERE)
    helped(logs, "2026-01-11", HERE, THERE, ref(3), ref(41))
    return logs


def claim(logs: Logs, nth: int, contract_ref: str = POUNDS, person_ref: str = THERE, amount_minor: int = 100) -> None:
    """A delivery is claimed, recorded and verified."""
    on = "2026-02-01"
    delivered(logs, on, person_ref, ref(50 + nth), nights=1)
    claimed = {"claim_id": ref(90 + nth), "contract_ref": contract_ref, "handover_id": ref(4)}
    own = {"person_ref": person_ref, "delivery_id": ref(50 + nth)}
    logs.record(NGO, on, made(assistance.DeliveryClaimed, on, **claimed, **own))
    unit = {"service_code": "shelter", "unit": "bed_night", "qty_milli": 1000, "price_minor": amount_minor}
    logs.record(FUND, on, made(funding.ClaimableUnitRecorded, on, **claimed, **unit, amount_minor=amount_minor))
    happened(logs, funding.UnitVerified, nth, contract_ref, amount_minor=amount_minor, method="visit")


def happened(logs: Logs, form: type[object], nth: int, contract_ref: str = POUNDS, **told: object) -> None:
    """Something happens to a claim."""
    on = "2026-02-02"
    logs.record(FUND, on, made(form, on, claim_id=ref(90 + nth), contract_ref=contract_ref, **told))


def on_invoice(logs: Logs, form: type[object], nth: int = 0, **told: object) -> None:
    """Something happens to an invoice in pounds."""
    on = "2026-03-01"
    own = {"contract_ref": POUNDS, "invoice_id": ref(80 + nth), "ccy": "GBP"}
    logs.record(FUND, on, made(form, on, **own, **told))


def invoice(logs: Logs, *claims: int, nth: int = 0) -> None:
    """An invoice over these claims."""
    told = {"claim_ids": tuple(ref(90 + one) for one in claims), "total_minor": 100 * len(claims)}
    on_invoice(logs, funding.InvoiceSubmitted, nth, **told, submitted_by=funding.Signatory(NGO, "desk"))


def pay(logs: Logs, amount_minor: int, nth: int = 0) -> None:
    """Money leaves the line."""
    on_invoice(logs, funding.PaymentMade, nth, payment_id=ref(82), amount_minor=amount_minor)


async def money(logs: Logs) -> list[tuple[str, int, int, int, int]]:
    """Currency; claimed, verified, paid, owed back."""
    names = ("claimed_minor", "verified_minor", "paid_minor", "owed_back_minor")
    seen = (await Office.over(logs).pathway(HERE)).get("money", [])
    return [(one["ccy"], *(int(one.get(name, 0)) for name in names)) for one in seen]


async def test_amounts_of_two_currencies_stand_apart() -> None:
    logs = helped_under_contracts()
    claim(logs, 1)
    claim(logs, 2, EUROS, amount_minor=70)
    claim(logs, 3)
    assert await money(logs) == [("EUR", 70, 70, 0, 0), ("GBP", 200, 200, 0, 0)]


async def test_a_claim_without_an_amount_counts_nothing() -> None:
    logs = helped_under_contracts()
    on, claimed = "2026-02-01", {"claim_id": ref(91), "contract_ref": POUNDS, "handover_id": ref(4)}
    own = {"person_ref": THERE, "delivery_id": ref(51)}
    logs.record(NGO, on, made(assistance.DeliveryClaimed, on, **claimed, **own))
    unit = {"service_code": "shelter", "unit": "bed_night", "qty_milli": 1000}
    logs.record(
        FUND, on, made(funding.ClaimableUnitRecorded, on, **claimed, **unit, amount_minor=None, price_minor=None)
    )
    assert await money(logs) == [("GBP", 0, 0, 0, 0)]


@pytest.mark.parametrize(
    ("form", "reason"), [(funding.UnitRejected, "no_evidence"), (funding.UnitVoided, "recorded_in_error")]
)
async def test_what_was_rejected_or_taken_back_counts_nowhere(form: type[object], reason: str) -> None:
    logs = helped_under_contracts()
    claim(logs, 1)
    claim(logs, 2)
    happened(logs, form, 2, reason=reason)
    assert await money(logs) == [("GBP", 100, 100, 0, 0)]


async def test_a_unit_is_paid_when_its_invoice_is_paid_in_full_and_unpaid_when_money_comes_back() -> None:
    logs = helped_under_contracts()
    claim(logs, 1)
    claim(logs, 2)
    claim(logs, 3)
    invoice(logs, 1, 2)
    pay(logs, 150)
    assert await money(logs) == [("GBP", 300, 300, 0, 0)]
    pay(logs, 50)
    assert await money(logs) == [("GBP", 300, 300, 200, 0)]
    on_invoice(logs, funding.PaymentReversed, payment_id=ref(82), amount_minor=1, reason="bank_returned")
    assert await money(logs) == [("GBP", 300, 300, 0, 0)]


async def test_an_invoice_is_paid_as_a_whole_and_each_person_has_their_own_part() -> None:
    logs = helped_under_contracts()
    claim(logs, 1)
    claim(logs, 2, person_ref=OTHER)
    invoice(logs, 1, 2)
    pay(logs, 100)
    assert await money(logs) == [("GBP", 100, 100, 0, 0)]
    pay(logs, 100)
    assert await money(logs) == [("GBP", 100, 100, 100, 0)]


async def test_units_of_a_rejected_invoice_may_stand_on_another_one() -> None:
    logs = helped_under_contracts()
    claim(logs, 1)
    invoice(logs, 1)
    invoice(logs, 1, nth=3)
    pay(logs, 100, nth=3)
    assert await money(logs) == [("GBP", 100, 100, 100, 0)]


async def test_what_was_paid_for_a_unit_that_was_clawed_back_is_owed_back_and_the_rest_stays_paid() -> None:
    logs = helped_under_contracts()
    claim(logs, 1)
    claim(logs, 2)
    invoice(logs, 1, 2)
    pay(logs, 200)
    owed: dict[str, Any] = {"claim_id": ref(92), "amount_minor": 100, "reason": "ineligible_cost"}
    on_invoice(logs, funding.ClawbackRaised, **owed)
    assert await money(logs) == [("GBP", 100, 100, 100, 100)]


async def test_a_claim_of_nobody_known_is_on_nobodys_pathway() -> None:
    logs = helped_under_contracts()
    claim(logs, 1, person_ref=OTHER)
    assert await money(logs) == []


async def test_compensation_is_told_as_claimed_awarded_and_paid() -> None:
    logs = Logs()
    detected(logs, "2026-01-10", HERE)
    handed_over(logs, "2026-01-11", (POLICE, HERE), (CROWN, THERE), ref(3))
    told = {"person_ref": THERE, "compensation_id": ref(70), "ccy": "GBP"}
    awarded = {**told, "payer": "offender"}
    logs.record(
        CROWN,
        "2026-02-01",
        made(prosecution.CompensationClaimed, "2026-02-01", **told, criminal_case_id=ref(900), amount_minor=900),
        made(prosecution.CompensationAwarded, "2026-02-01", **awarded, amount_minor=600),
        made(prosecution.CompensationPaid, "2026-02-01", **awarded, amount_minor=200),
        made(prosecution.CompensationPaid, "2026-02-01", **awarded, amount_minor=150),
    )
    office = Office.over(logs)
    assert (await office.pathway(HERE))["compensation"] == [
        {"ccy": "GBP", "claimed_minor": "900", "awarded_minor": "600", "paid_minor": "350"}
    ]
    assert (await office.funnels())["persons"]["compensated"] == 1
