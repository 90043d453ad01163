"""What a request may ask: references, codes and days are checked before anything is recorded or read.

A text that is no reference is never written into the record of looks: somebody may have typed a name.
"""

from collections.abc import Collection, Sequence
from difflib import get_close_matches

from nrm_contracts.coordinator.v1 import coordinator_pb2 as pb
from nrm_coordinator.listing import Filter
from nrm_coordinator.standing import ASSISTANCE, IDENTIFICATION, codes
from nrm_kernel.asked import day, on_list
from nrm_kernel.errors import Invalid


def period(from_on: str, to_on: str) -> tuple[str, str]:
    """Both days of a period, each of them empty for no bound. Raises Invalid FIELD_INVALID."""
    first, last = day("from_on", from_on), day("to_on", to_on)
    if first and last and last < first:
        what = "to_on lies before from_on"
        raise Invalid("FIELD_INVALID", f"{what}. Swap them.", {"to_on": what})
    return first, last


def persons(request: pb.ListPathwaysRequest) -> Filter:
    """Which persons are asked for. Raises Invalid CODE_UNKNOWN."""
    return Filter(
        on_list("region", "iso_3166_2", request.region),
        on_list("sex", "sex", request.sex),
        on_list("age_band", "age_band", request.age_band),
        _standing(IDENTIFICATION, request.identification),
        _standing(ASSISTANCE, request.assistance),
        overdue=request.overdue,
    )


def agency(field: str, origin: str, known: Collection[str]) -> str:
    """Which agency is meant. Raises Invalid AGENCY_UNKNOWN: of nobody nothing is overdue, and nothing ever arrives."""
    if origin not in known:
        what = f"No agency of that name is in the trust file. {_nearest(origin, sorted(known))}"
        raise Invalid("AGENCY_UNKNOWN", f"{field}: {what}", {field: what})
    return origin


def _standing(facet: str, code: str) -> str:
    known = codes(facet)
    if code and code not in known:
        what = f"This is not a standing with {facet}. {_nearest(code, known)}"
        raise Invalid("CODE_UNKNOWN", f"{facet}: {what}", {facet: what})
    return code


def _nearest(code: str, known: Sequence[str]) -> str:
    near = [one for one in known if one.endswith(f"/{code}")] or get_close_matches(code, known, n=1)
    return f"The nearest is {near[0]!r}." if near else f"Use one of: {', '.join(known)}."
