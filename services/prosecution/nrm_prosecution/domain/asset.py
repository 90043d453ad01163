"""What offenders own or earned by the crime: from being traced to being shared out."""

from dataclasses import dataclass
from enum import StrEnum

from immutables import Map

from nrm_contracts.prosecution.events import (
    AssetConfiscated,
    AssetFrozen,
    AssetRealised,
    AssetReleased,
    AssetTraced,
    ConfiscationSought,
    ProceedsDistributed,
)
from nrm_kernel.changing import replace


class AssetStatus(StrEnum):
    """Where an asset stands."""

    TRACED = "traced"
    FROZEN = "frozen"
    CONFISCATION_SOUGHT = "confiscation_sought"
    CONFISCATED = "confiscated"
    RELEASED = "released"
    REALISED = "realised"
    DISTRIBUTED = "distributed"


@dataclass(frozen=True, slots=True)
class Asset:
    """An asset; ``left_minor`` is what of its proceeds is not shared out yet, in minor units of ``ccy``."""

    asset_id: str
    ccy: str
    status: AssetStatus = AssetStatus.TRACED
    left_minor: int = 0


Assets = Map[str, Asset]
"""The assets of one case, by id."""

AssetEvent = (
    AssetTraced
    | AssetFrozen
    | ConfiscationSought
    | AssetConfiscated
    | AssetReleased
    | AssetRealised
    | ProceedsDistributed
)

_STATUS_AFTER: dict[type[AssetEvent], AssetStatus] = {
    AssetFrozen: AssetStatus.FROZEN,
    ConfiscationSought: AssetStatus.CONFISCATION_SOUGHT,
    AssetConfiscated: AssetStatus.CONFISCATED,
    AssetReleased: AssetStatus.RELEASED,
}


def evolve(assets: Assets, event: AssetEvent) -> Assets:
    """The assets after the event."""
    if isinstance(event, AssetTraced):
        return assets.set(event.asset_id, Asset(event.asset_id, event.ccy))
    return assets.set(event.asset_id, _after(assets[event.asset_id], event))


def _after(asset: Asset, event: AssetEvent) -> Asset:
    match event:
        case AssetRealised():
            return replace(asset, status=AssetStatus.REALISED, left_minor=event.amount_minor)
        case ProceedsDistributed():
            left_minor = asset.left_minor - event.amount_minor
            status = AssetStatus.REALISED if left_minor else AssetStatus.DISTRIBUTED
            return replace(asset, status=status, left_minor=left_minor)
        case _:
            return replace(asset, status=_STATUS_AFTER[type(event)])
