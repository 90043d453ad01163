"""The money behind the crime: followed, frozen, confiscated, shared out. Each command, then its rule.

Money comes long before a judgment and goes on long after it, so an asset does not wait for a stage of the case.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from nrm_contracts.fields import AmountMinor, Code, Day, Origin, Ref
from nrm_contracts.prosecution.events import (
    AssetConfiscated,
    AssetFrozen,
    AssetRealised,
    AssetReleased,
    AssetTraced,
    ConfiscationSought,
    FinancialInvestigationOpened,
    ProceedsDistributed,
    ProceedsSent,
)
from nrm_kernel.decider import Decision, Notice
from nrm_kernel.errors import Refused
from nrm_kernel.identity import service_of
from nrm_prosecution.domain.asset import Asset, AssetStatus
from nrm_prosecution.domain.case import CriminalCase

Currency = Annotated[str, Code("iso_4217")]


@dataclass(frozen=True, slots=True)
class OpenFinancialInvestigation:
    """Begin to follow the money behind the crime."""

    criminal_case_id: Ref
    occurred_on: Day


def open_financial_investigation(command: OpenFinancialInvestigation, case: CriminalCase) -> Decision:
    """Once per case, while it is open."""
    case.must_be_open("The financial investigation")
    if case.money_followed:
        raise Refused(
            "FINANCIAL_INVESTIGATION_OPEN", "Nothing was recorded: the financial investigation is open already."
        )
    return [FinancialInvestigationOpened(command.criminal_case_id, command.occurred_on)]


@dataclass(frozen=True, slots=True)
class TraceAsset:
    """Something of value was found; ``est_minor`` is its estimated value."""

    criminal_case_id: Ref
    asset_id: Ref
    kind: Annotated[str, Code("asset_kind")]
    est_minor: AmountMinor
    ccy: Currency
    occurred_on: Day


def trace_asset(command: TraceAsset, case: CriminalCase) -> Decision:
    """While the case is open."""
    case.must_be_open("The asset")
    return [
        AssetTraced(
            criminal_case_id=command.criminal_case_id,
            asset_id=command.asset_id,
            kind=command.kind,
            est_minor=command.est_minor,
            ccy=command.ccy,
            traced_on=command.occurred_on,
        )
    ]


@dataclass(frozen=True, slots=True)
class FreezeAsset:
    """The asset may not be moved."""

    criminal_case_id: Ref
    asset_id: Ref
    occurred_on: Day


def freeze_asset(command: FreezeAsset, case: CriminalCase) -> Decision:
    """After it was traced."""
    _must_stand(case.asset(command.asset_id), AssetStatus.TRACED, "The freezing")
    return [AssetFrozen(command.criminal_case_id, command.asset_id, command.occurred_on)]


@dataclass(frozen=True, slots=True)
class SeekConfiscation:
    """Ask the court to confiscate the asset."""

    criminal_case_id: Ref
    asset_id: Ref
    occurred_on: Day


def seek_confiscation(command: SeekConfiscation, case: CriminalCase) -> Decision:
    """After it was frozen."""
    _must_stand(case.asset(command.asset_id), AssetStatus.FROZEN, "The request to confiscate")
    return [ConfiscationSought(command.criminal_case_id, command.asset_id, command.occurred_on)]


@dataclass(frozen=True, slots=True)
class ConfiscateAsset:
    """A court took the asset, valued at ``amount_minor``."""

    criminal_case_id: Ref
    asset_id: Ref
    amount_minor: AmountMinor
    ccy: Currency
    occurred_on: Day


def confiscate_asset(command: ConfiscateAsset, case: CriminalCase) -> Decision:
    """After the court was asked."""
    asset = case.asset(command.asset_id)
    _must_stand(asset, AssetStatus.CONFISCATION_SOUGHT, "The confiscation")
    must_be_in_currency(command.ccy, asset.ccy, "The confiscation")
    return [
        AssetConfiscated(
            criminal_case_id=command.criminal_case_id,
            asset_id=command.asset_id,
            amount_minor=command.amount_minor,
            ccy=command.ccy,
            confiscated_on=command.occurred_on,
        )
    ]


@dataclass(frozen=True, slots=True)
class ReleaseAsset:
    """The court gave the asset back."""

    criminal_case_id: Ref
    asset_id: Ref
    occurred_on: Day


def release_asset(command: ReleaseAsset, case: CriminalCase) -> Decision:
    """Instead of confiscating it."""
    _must_stand(case.asset(command.asset_id), AssetStatus.CONFISCATION_SOUGHT, "The release")
    return [AssetReleased(command.criminal_case_id, command.asset_id, command.occurred_on)]


@dataclass(frozen=True, slots=True)
class RealiseAsset:
    """The confiscated asset was turned into this much money."""

    criminal_case_id: Ref
    asset_id: Ref
    amount_minor: AmountMinor
    ccy: Currency
    occurred_on: Day


def realise_asset(command: RealiseAsset, case: CriminalCase) -> Decision:
    """After it was confiscated; it may bring more or less than its value."""
    asset = case.asset(command.asset_id)
    _must_stand(asset, AssetStatus.CONFISCATED, "The sale")
    must_be_in_currency(command.ccy, asset.ccy, "The sale")
    return [
        AssetRealised(
            criminal_case_id=command.criminal_case_id,
            asset_id=command.asset_id,
            amount_minor=command.amount_minor,
            ccy=command.ccy,
            realised_on=command.occurred_on,
        )
    ]


@dataclass(frozen=True, slots=True)
class DistributeProceeds:
    """Give part of the proceeds to victims, to a fund for victims or to the budget. ``fund``: which one, if to one."""

    criminal_case_id: Ref
    asset_id: Ref
    to: Annotated[str, Code("proceeds_recipient")]
    amount_minor: AmountMinor
    ccy: Currency
    occurred_on: Day
    agencies: Mapping[str, str]
    proceeds_ref: Ref
    fund: Origin | None = None


def distribute_proceeds(command: DistributeProceeds, case: CriminalCase) -> Decision:
    """Never more than is left of what the asset brought. A fund is told its sum, and not the case."""
    asset = case.asset(command.asset_id)
    _must_stand(asset, AssetStatus.REALISED, "The distribution")
    must_be_in_currency(command.ccy, asset.ccy, "The distribution")
    if not 0 < command.amount_minor <= asset.left_minor:
        raise Refused(
            "PROCEEDS_EXCEEDED",
            f"The distribution was not recorded: {command.amount_minor} is not between 1 and the "
            f"{asset.left_minor} minor units that are left.",
            left_minor=asset.left_minor,
        )
    fund = _fund(command)
    distributed = ProceedsDistributed(
        criminal_case_id=command.criminal_case_id,
        asset_id=command.asset_id,
        to=command.to,
        amount_minor=command.amount_minor,
        ccy=command.ccy,
        distributed_on=command.occurred_on,
        fund=fund,
        proceeds_ref=command.proceeds_ref if fund else None,
    )
    sum_sent = ProceedsSent(command.proceeds_ref, command.amount_minor, command.ccy, command.occurred_on)
    return [distributed, *([Notice(fund, command.proceeds_ref, sum_sent)] if fund else [])]


def _fund(command: DistributeProceeds) -> str | None:
    """The fund that gets the sum; None where the recipient is no fund."""
    if (command.to == "fund") is (command.fund is None):
        raise Refused(
            "FUND_UNCLEAR",
            "The distribution was not recorded: it names a fund exactly if it goes to one. Say which, or leave it out.",
            to=command.to,
        )
    if command.fund is not None and (command.fund not in command.agencies or service_of(command.fund) != "funding"):
        raise Refused(
            "FUND_UNKNOWN",
            f"The distribution was not recorded: {command.fund} is no funding agency of this mechanism. Name one.",
            fund=command.fund,
        )
    return command.fund


def must_be_in_currency(ccy: str, agreed: str, deed: str) -> None:
    """Refused when an amount is not in the currency of what it belongs to: amounts are never converted."""
    if ccy != agreed:
        raise Refused(
            "CURRENCY_WRONG", f"{deed} was not recorded: it is in {ccy}, and the rest is in {agreed}.", ccy=agreed
        )


def _must_stand(asset: Asset, status: AssetStatus, deed: str) -> None:
    if asset.status is not status:
        raise Refused(
            "ASSET_STATUS_WRONG",
            f"{deed} was not recorded: the asset is {asset.status}, and it must be {status}. Record the step before.",
            status=asset.status.value,
        )
