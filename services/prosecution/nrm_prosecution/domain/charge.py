"""Part of a victim's state: charges against the person, and whether somebody looked at why they did it."""

from dataclasses import dataclass
from enum import StrEnum

from immutables import Map

from nrm_contracts.prosecution.events import NonPunishmentReviewed, NonPunishmentReviewOpened, VictimCharged
from nrm_kernel.changing import replace


class Review(StrEnum):
    """Where the non-punishment review of a charge stands; the last three are its outcomes."""

    OPEN = "open"
    DROPPED = "dropped"
    NO_PENALTY = "no_penalty"
    PENALISED = "penalised"


@dataclass(frozen=True, slots=True)
class Charge:
    """One charge. There is no moment at which it stands without a review: both are recorded together."""

    charge_id: str
    review: Review = Review.OPEN


Charges = Map[str, Charge]
"""By charge id."""

ChargeEvent = VictimCharged | NonPunishmentReviewOpened | NonPunishmentReviewed


def evolve(charges: Charges, event: ChargeEvent) -> Charges:
    """The charges after the event."""
    match event:
        case VictimCharged():
            return charges.set(event.charge_id, Charge(event.charge_id))
        case NonPunishmentReviewOpened():
            return charges.set(event.charge_id, replace(charges[event.charge_id], review=Review.OPEN))
        case NonPunishmentReviewed():
            return charges.set(event.charge_id, replace(charges[event.charge_id], review=Review(event.outcome)))
