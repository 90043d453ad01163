"""Part of a victim's state: compensation claimed, awarded and paid, in integer minor units of one currency each."""

from dataclasses import dataclass, field

from immutables import Map

from nrm_contracts.prosecution.events import CompensationAwarded, CompensationClaimed, CompensationPaid
from nrm_kernel.changing import replace


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim. ``unpaid_minor``: by payer, what was awarded and not paid yet."""

    compensation_id: str
    ccy: str
    unpaid_minor: Map[str, int] = field(default_factory=Map)


Claims = Map[str, Claim]
"""By compensation id."""

ClaimEvent = CompensationClaimed | CompensationAwarded | CompensationPaid


def evolve(claims: Claims, event: ClaimEvent) -> Claims:
    """The claims after the event."""
    if isinstance(event, CompensationClaimed):
        return claims.set(event.compensation_id, Claim(event.compensation_id, event.ccy))
    claim = claims[event.compensation_id]
    change_minor = event.amount_minor if isinstance(event, CompensationAwarded) else -event.amount_minor
    left_minor = claim.unpaid_minor.get(event.payer, 0) + change_minor
    return claims.set(
        event.compensation_id, replace(claim, unpaid_minor=claim.unpaid_minor.set(event.payer, left_minor))
    )
