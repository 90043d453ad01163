"""Service standards: what a unit of a service costs on a day, and how much of it one person may get."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated

from immutables import Map

from nrm_contracts.fields import AmountMinor, Code, Day, QtyMilli
from nrm_contracts.funding.events import ServiceStandardPublished
from nrm_contracts.funding.parts import Currency, ServiceCode, ServiceUnit
from nrm_funding.domain.money import require_amount
from nrm_kernel.decider import Decision, Fold
from nrm_kernel.errors import Refused

Prices = tuple[ServiceStandardPublished, ...]


@dataclass(frozen=True, slots=True)
class Standard:
    """The prices of one service by unit, oldest first; each holds until the next begins."""

    prices: Map[str, Prices] = field(default_factory=Map)

    def on(self, unit: str, day: date) -> ServiceStandardPublished | None:
        """The standard that is valid on a day, or None before the first."""
        valid = [each for each in self.prices.get(unit, ()) if each.valid_from <= day]
        return valid[-1] if valid else None


@dataclass(frozen=True, slots=True)
class PublishServiceStandard:
    """A price for everybody, from a day on. A price is never changed backwards: units were claimed at it."""

    service_code: ServiceCode
    unit: ServiceUnit
    unit_price_minor: AmountMinor
    ccy: Currency
    valid_from: Day
    now: datetime
    qty_max_per_person_milli: QtyMilli | None = None
    quality: tuple[Annotated[str, Code("quality_criterion")], ...] = ()


def publish_standard(command: PublishServiceStandard, standard: Standard) -> Decision:
    """Raises PRICE_NOT_LATER and the refusals of amounts. The first price of a service may begin in the past."""
    require_amount(command.unit_price_minor)
    earlier = standard.prices.get(command.unit, ())
    if earlier and command.valid_from <= max(earlier[-1].valid_from, command.now.date()):
        raise Refused(
            "PRICE_NOT_LATER",
            "A new price begins after the last published one and after today, for units up to today may be claimed "
            "already. Choose a later day.",
            last_valid_from=earlier[-1].valid_from.isoformat(),
        )
    return [
        ServiceStandardPublished(
            service_code=command.service_code,
            unit=command.unit,
            unit_price_minor=command.unit_price_minor,
            ccy=command.ccy,
            valid_from=command.valid_from,
            qty_max_per_person_milli=command.qty_max_per_person_milli,
            quality=command.quality,
        )
    ]


def _evolve(standard: Standard, event: object) -> Standard:
    match event:
        case ServiceStandardPublished(unit=unit):
            return Standard(standard.prices.set(unit, (*standard.prices.get(unit, ()), event)))
        case _:
            return standard


STANDARD: Fold[Standard, object] = Fold("standard", Standard(), _evolve)
