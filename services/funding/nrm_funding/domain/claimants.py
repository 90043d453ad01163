"""What was claimed under one handover, over all contracts: the reason why one delivery is paid once."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from immutables import Map

from nrm_contracts.funding.events import UnitClaimed, UnitClaimReleased
from nrm_kernel.changing import replace
from nrm_kernel.decider import Fold

Slot = tuple[str, str, date, date]


@dataclass(frozen=True, slots=True)
class Claimant:
    """Live claims by id and by what they occupy, and how much of each service they come to, in thousandths."""

    claims: Map[str, UnitClaimed] = field(default_factory=Map)
    occupied: Map[Slot, str] = field(default_factory=Map)
    qty_milli: Map[str, int] = field(default_factory=Map)

    def claimed_before(self, claim: UnitClaimed) -> UnitClaimed | None:
        """The live claim for the same delivery, if there is one."""
        first = next((self.occupied[slot] for slot in occupied_by(claim) if slot in self.occupied), None)
        return None if first is None else self.claims[first]


def occupied_by(claim: UnitClaimed) -> list[Slot]:
    """What a delivery occupies: each of its nights, from the first day on; any other unit its days as a whole."""
    service, unit = claim.service_code, claim.unit
    if unit != "bed_night":
        return [(service, unit, claim.delivered_from, claim.delivered_to)]
    return [(service, unit, night, night) for night in _nights(claim)]


def _nights(claim: UnitClaimed) -> list[date]:
    days = (claim.delivered_to - claim.delivered_from).days + 1
    nights = min(days, -(-claim.qty_milli // 1000))
    return [claim.delivered_from + timedelta(days=nth) for nth in range(nights)]


def _evolve(claimant: Claimant, event: object) -> Claimant:
    match event:
        case UnitClaimed():
            return _claimed(claimant, event)
        case UnitClaimReleased(claim_id=claim_id) if claim_id in claimant.claims:
            return _released(claimant, claimant.claims[claim_id])
        case _:
            return claimant


def _claimed(claimant: Claimant, claim: UnitClaimed) -> Claimant:
    occupied = claimant.occupied.update(dict.fromkeys(occupied_by(claim), claim.claim_id))
    claims = claimant.claims.set(claim.claim_id, claim)
    return replace(_counted(claimant, claim, claim.qty_milli), claims=claims, occupied=occupied)


def _released(claimant: Claimant, claim: UnitClaimed) -> Claimant:
    occupied = claimant.occupied
    for slot in occupied_by(claim):
        occupied = occupied.delete(slot)
    claims = claimant.claims.delete(claim.claim_id)
    return replace(_counted(claimant, claim, -claim.qty_milli), claims=claims, occupied=occupied)


def _counted(claimant: Claimant, claim: UnitClaimed, change_milli: int) -> Claimant:
    before = claimant.qty_milli.get(claim.service_code, 0)
    return replace(claimant, qty_milli=claimant.qty_milli.set(claim.service_code, before + change_milli))


CLAIMANT: Fold[Claimant, object] = Fold("claimant", Claimant(), _evolve)
