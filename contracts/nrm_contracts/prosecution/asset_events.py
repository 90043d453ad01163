"""What happens to what offenders own; part of the catalogue in ``events.py``."""

from dataclasses import dataclass
from typing import Annotated

from nrm_contracts.catalogue import Audience, event
from nrm_contracts.fields import AmountMinor, Code, Day, Origin, Ref

Currency = Annotated[str, Code("iso_4217")]


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class FinancialInvestigationOpened:
    """The money behind the crime is being followed."""

    criminal_case_id: Ref
    opened_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class AssetTraced:
    """Something of value was found; ``est_minor`` is its estimated value."""

    criminal_case_id: Ref
    asset_id: Ref
    kind: Annotated[str, Code("asset_kind")]
    est_minor: AmountMinor
    ccy: Currency
    traced_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class AssetFrozen:
    """The asset may not be moved."""

    criminal_case_id: Ref
    asset_id: Ref
    frozen_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class ConfiscationSought:
    """The court was asked to confiscate the asset."""

    criminal_case_id: Ref
    asset_id: Ref
    sought_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class AssetConfiscated:
    """A court took the asset, valued at ``amount_minor``."""

    criminal_case_id: Ref
    asset_id: Ref
    amount_minor: AmountMinor
    ccy: Currency
    confiscated_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class AssetReleased:
    """The court gave the asset back instead of confiscating it."""

    criminal_case_id: Ref
    asset_id: Ref
    released_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class AssetRealised:
    """The confiscated asset was turned into money."""

    criminal_case_id: Ref
    asset_id: Ref
    amount_minor: AmountMinor
    ccy: Currency
    realised_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class ProceedsDistributed:
    """Part of the proceeds went to victims, to the fund for victims or to the budget.

    What went to a fund of this mechanism names it, and the ``proceeds_ref`` by which that fund knows the sum.
    """

    criminal_case_id: Ref
    asset_id: Ref
    to: Annotated[str, Code("proceeds_recipient")]
    amount_minor: AmountMinor
    ccy: Currency
    distributed_on: Day
    fund: Origin | None = None
    proceeds_ref: Ref | None = None


@event(version=1, audience=Audience.NOTICE, sensitivity=1)
@dataclass(frozen=True, slots=True)
class ProceedsSent:
    """To a fund: this sum of confiscated proceeds is yours to spend on help. From which case is not said."""

    proceeds_ref: Ref
    amount_minor: AmountMinor
    ccy: Currency
    distributed_on: Day
