"""Money in minor units and quantities in thousandths: what they come to, and which are no amounts at all."""

from nrm_kernel.errors import Refused

MINOR_MAX = 2**53 - 1
"""The widest integer that an event can hold (RFC 8785, I-JSON)."""


def amount_of(price_minor: int, qty_milli: int) -> int:
    """The price of a quantity in minor units.

    Each delivered unit is rounded by itself, half to even (ISO 80000-1 annex B rule A): an invoice is the sum of its
    units' amounts and is never rounded again, however it is cut into lines.
    """
    whole, rest = divmod(price_minor * qty_milli, 1000)
    return whole + (rest > 500 or (rest == 500 and whole % 2 == 1))


def require_amount(amount_minor: int) -> None:
    """Raises AMOUNT_NOT_POSITIVE or AMOUNT_TOO_LARGE."""
    if amount_minor <= 0:
        raise Refused("AMOUNT_NOT_POSITIVE", "The amount is not above zero. State it in minor units, such as 1250.")
    if amount_minor > MINOR_MAX:
        raise Refused("AMOUNT_TOO_LARGE", f"The amount is above {MINOR_MAX} minor units, the most that a record holds.")


def require_currency(ccy: str, expected: str, of: str) -> None:
    """Raises CURRENCY_DIFFERS: one contract, one line and one source know one currency each."""
    if ccy != expected:
        raise Refused(
            "CURRENCY_DIFFERS",
            f"The amount is in {ccy}, but {of} is kept in {expected}. State the amount in {expected}.",
            expected=expected,
        )
