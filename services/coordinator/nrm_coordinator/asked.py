"""What a request may ask: references, codes and days are checked before anything is recorded or read.

A text that is no reference is never written into the record of looks: somebody may have typed a name.
"""

import re
from collections.abc import Sequence
from datetime import date
from difflib import get_close_matches

from nrm_contracts.codes import UnknownCode, check
from nrm_contracts.coordinator.v1 import coordinator_pb2 as pb
from nrm_coordinator.listing import Filter
from nrm_coordinator.standing import ASSISTANCE, IDENTIFICATION, codes
from nrm_kernel.errors import Invalid

_REF = re.compile(r"[0-9a-f]{32}")


def reference(field: str, text: str) -> str:
    """A reference as agencies draw them. Raises Invalid FIELD_INVALID."""
    if not _REF.fullmatch(text):
        what = f"{field} is not a reference: 32 characters of 0-9 and a-f"
        raise Invalid(
            "FIELD_INVALID", f"{what}. Nothing was looked up. Copy it from a list or a receipt.", {field: what}
        )
    return text


def day(field: str, text: str) -> str:
    """A day, or empty. Raises Invalid FIELD_INVALID."""
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        what = f"{field} is not a day, written YYYY-MM-DD"
        raise Invalid("FIELD_INVALID", f"{what}. Correct it, or leave it empty.", {field: what}) from None


def period(from_on: str, to_on: str) -> tuple[str, str]:
    """Both days of a period, each of them empty for no bound. Raises Invalid FIELD_INVALID."""
    first, last = day("from_on", from_on), day("to_on", to_on)
    if first and last and last < first:
        what = "to_on lies before from_on"
        raise Invalid("FIELD_INVALID", f"{what}. Swap them.", {"to_on": what})
    return first, last


def listed(field: str, list_name: str, code: str) -> str:
    """A code of a list, or empty. Raises Invalid CODE_UNKNOWN."""
    try:
        if code:
            check(list_name, code)
    except UnknownCode as unknown:
        raise Invalid("CODE_UNKNOWN", f"{field}: {unknown}", {field: str(unknown)}) from None
    return code


def persons(request: pb.ListPathwaysRequest) -> Filter:
    """Which persons are asked for. Raises Invalid CODE_UNKNOWN."""
    return Filter(
        listed("region", "iso_3166_2", request.region),
        listed("sex", "sex", request.sex),
        listed("age_band", "age_band", request.age_band),
        _standing(IDENTIFICATION, request.identification),
        _standing(ASSISTANCE, request.assistance),
        overdue=request.overdue,
    )


def _standing(facet: str, code: str) -> str:
    known = codes(facet)
    if code and code not in known:
        what = f"This is not a standing with {facet}. {_nearest(code, known)}"
        raise Invalid("CODE_UNKNOWN", f"{facet}: {what}", {facet: what})
    return code


def _nearest(code: str, known: Sequence[str]) -> str:
    near = get_close_matches(code, known, n=1)
    return f"The nearest is {near[0]!r}." if near else f"Use one of: {', '.join(known)}."
