"""What commands on a person share, and what the rules ask of them."""

from dataclasses import dataclass
from datetime import date

from nrm_contracts.fields import Origin, Ref
from nrm_contracts.policy import NationalPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutPerson:
    """``occurred_on`` is the day it happened in the world; ``agency`` is this agency's own origin."""

    person_ref: Ref
    occurred_on: date
    agency: Origin
    policy: NationalPolicy


def service_kind(origin: str) -> str:
    """The kind of service that an agency runs: the middle part of its origin."""
    return origin.split("/")[1]
