"""A contract with many units decides in as many steps as one with few: calls are counted, nothing is timed."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

from nrm_funding.domain.payments import ReversePayment

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.funding.conftest import Fund


def calls_made(work: Callable[[], object]) -> int:
    """How many functions, of Python and of C, are called; not by a search for what others left behind."""
    count = 0

    def see(_frame: object, event: str, _arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    gc.disable()
    sys.setprofile(see)
    try:
        work()
    finally:
        sys.setprofile(None)
        gc.enable()
    return count


def one_unit_from_claim_to_reversal(fund: Fund, contract_ref: str) -> None:
    invoice_id = fund.approved(contract_ref, fund.verified(contract_ref))
    payment_id = fund.paid(contract_ref, invoice_id, 10)
    given = {"contract_ref": contract_ref, "payment_id": payment_id, "ccy": "KZT", "reason": "bank_returned"}
    fund.do(ReversePayment, amount_minor=10, **given)


def calls_after(fund: Fund, units: int) -> int:
    contract_ref = fund.signed_contract(price_minor=10)
    for _ in range(units):
        fund.approved(contract_ref, fund.verified(contract_ref))
    return calls_made(lambda: one_unit_from_claim_to_reversal(fund, contract_ref))


def test_the_steps_of_a_command_do_not_grow_with_the_contract(new_fund: Callable[[], Fund]) -> None:
    few, many = calls_after(new_fund(), 3), calls_after(new_fund(), 300)
    assert many <= few * 1.02
