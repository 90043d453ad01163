"""What commands on a person share, and what an agency's name says of it."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from nrm_contracts.codes import code_list
from nrm_contracts.fields import Origin, Ref
from nrm_contracts.identification.terms import Basis
from nrm_contracts.policy import NationalPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutPerson:
    """``occurred_on`` is the day it happened in the world; ``agency`` is this agency's own origin.

    ``legal_basis`` is the ground that the officer names; None leaves it to the rule.
    """

    person_ref: Ref
    occurred_on: date
    agency: Origin
    policy: NationalPolicy
    legal_basis: Basis | None = None


def service_kind(origin: str) -> str:
    """The kind of service that an agency runs: the middle part of its origin."""
    return origin.split("/")[1]


@cache
def organisation_kind(origin: str) -> str:
    """The kind of organisation that an agency is, a code of ``org_kind``: its name begins with it.

    ``demo/identification/border-guard-east`` is a border guard. Empty for a name that begins otherwise.
    """
    name = origin.split("/")[2].replace("-", "_") + "_"
    return max((kind for kind in code_list("org_kind") if name.startswith(f"{kind}_")), key=len, default="")
