"""What a query asks for, in the forms that commands are held to. Each check gives what it was given."""

import re
from datetime import date
from typing import Final

from pydantic import TypeAdapter, ValidationError

from nrm_contracts.codes import UnknownCode, check
from nrm_contracts.fields import Origin
from nrm_kernel.errors import Invalid

_REF: Final = re.compile(r"[0-9a-f]{32}")
_ORIGIN: Final = TypeAdapter(Origin).validate_python


def reference(field: str, text: str) -> str:
    """A reference as agencies draw them. Raises Invalid FIELD_INVALID."""
    if not _REF.fullmatch(text):
        what = f"{field} is not a reference: 32 characters of 0-9 and a-f"
        raise Invalid(
            "FIELD_INVALID", f"{what}. Nothing was looked up. Copy it from a list or a receipt.", {field: what}
        )
    return text


def origin(field: str, text: str) -> str:
    """The name of a log, whether or not there is one. Raises Invalid FIELD_INVALID."""
    try:
        return _ORIGIN(text)
    except ValidationError:
        what = f"{field} is no name of a log: <deployment>/<service>/<agency>, each of a-z, 0-9 and -"
        raise Invalid("FIELD_INVALID", f"{what}. Nothing was looked up.", {field: what}) from None


def day(field: str, text: str) -> str:
    """A day, or empty. Raises Invalid FIELD_INVALID."""
    try:
        known = not text or date.fromisoformat(text).isoformat() == text
    except ValueError:
        known = False
    if not known:
        what = f"{field} is not a day of the calendar, written YYYY-MM-DD"
        raise Invalid("FIELD_INVALID", f"{what}. Correct it, or leave it empty.", {field: what})
    return text


def on_list(field: str, list_name: str, code: str) -> str:
    """A code of a list, or empty. Raises Invalid CODE_UNKNOWN."""
    try:
        if code:
            check(list_name, code)
    except UnknownCode as unknown:
        raise Invalid("CODE_UNKNOWN", f"{field}: {unknown}", {field: str(unknown)}) from None
    return code
