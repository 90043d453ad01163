"""One contract from its source to the payment, and what the provider hears of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrm_contracts.funding.events import ClaimAnswered, ContractNotified

if TYPE_CHECKING:
    from tests.funding.conftest import Fund


def test_a_verified_night_is_paid_once_and_the_provider_hears_of_each_step(fund: Fund) -> None:
    contract_ref = fund.signed_contract(ceiling_minor=100_000, price_minor=1_500)
    claim_id = fund.verified(contract_ref, nights=2)
    invoice_id = fund.approved(contract_ref, claim_id)
    fund.paid(contract_ref, invoice_id, 3_000)

    year = fund.year(contract_ref)
    assert (year.claimed_minor, year.verified_minor, year.approved_minor, year.paid_minor) == (3_000,) * 4
    heard = [notice.event for notice in fund.notices]
    assert [each.change for each in heard if isinstance(each, ContractNotified)] == ["signed"]
    assert [each.answer for each in heard if isinstance(each, ClaimAnswered)] == ["recorded", "verified", "paid"]
    assert {notice.about for notice in fund.notices} == {contract_ref}
