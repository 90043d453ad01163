"""Amounts: price times quantity, rounded half to even, once for each unit."""

from decimal import ROUND_HALF_EVEN, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrm_funding.domain.money import MINOR_MAX, amount_of, require_amount, require_currency
from nrm_kernel.errors import Refused


@given(price_minor=st.integers(1, MINOR_MAX), qty_milli=st.integers(1, MINOR_MAX))
def test_an_amount_is_the_exact_product_rounded_half_to_even(price_minor: int, qty_milli: int) -> None:
    with localcontext(prec=60):
        exact = Decimal(price_minor) * Decimal(qty_milli) / Decimal(1000)
        assert amount_of(price_minor, qty_milli) == int(exact.quantize(Decimal(1), ROUND_HALF_EVEN))


@pytest.mark.parametrize(
    ("price_minor", "qty_milli", "amount_minor"),
    [(1000, 1000, 1000), (1, 500, 0), (3, 500, 2), (5, 500, 2), (1, 501, 1), (1, 499, 0), (333, 333, 111)],
)
def test_halves_go_to_the_even_neighbour(price_minor: int, qty_milli: int, amount_minor: int) -> None:
    assert amount_of(price_minor, qty_milli) == amount_minor


@pytest.mark.parametrize(
    ("amount_minor", "reason"),
    [(0, "AMOUNT_NOT_POSITIVE"), (-1, "AMOUNT_NOT_POSITIVE"), (MINOR_MAX + 1, "AMOUNT_TOO_LARGE")],
)
def test_what_is_no_amount_is_refused(amount_minor: int, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        require_amount(amount_minor)
    assert refused.value.reason == reason


def test_the_widest_amount_is_one() -> None:
    require_amount(MINOR_MAX)


def test_another_currency_is_refused_with_the_one_expected() -> None:
    with pytest.raises(Refused) as refused:
        require_currency("EUR", "KZT", "the contract")
    assert (refused.value.reason, refused.value.facts["expected"]) == ("CURRENCY_DIFFERS", "KZT")
