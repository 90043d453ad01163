"""What commands on a person share."""

from dataclasses import dataclass
from datetime import date

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
