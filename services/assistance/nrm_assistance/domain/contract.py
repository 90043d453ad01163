"""This agency's own copy of a contract: what it pays for, how much is claimed. It gates money, never help."""

from dataclasses import dataclass, field
from datetime import date
from functools import singledispatch
from typing import Annotated, Final

from immutables import Map
from pydantic import Field

from nrm_contracts.assistance.events import (
    CeilingAlertRaised,
    ContractFreed,
    ContractLot,
    ContractRecorded,
    ContractUsed,
)
from nrm_contracts.fields import Code, Day, Origin, Ref
from nrm_kernel.changing import replace
from nrm_kernel.decider import At, Decision, Fold
from nrm_kernel.errors import Refused

RUNNING: Final = ("signed", "resumed")
LotKey = tuple[str, str]
"""Service code and unit."""


@dataclass(frozen=True, slots=True)
class Contract:
    """How a contract stands. ``claims`` are those that take from a lot; ``used_milli`` is their sum per lot."""

    terms: ContractRecorded | None = None
    claims: Map[str, ContractUsed] = field(default_factory=Map)
    used_milli: Map[LotKey, int] = field(default_factory=Map)
    ceiling_percent: int = 0

    def lot(self, service_code: str, unit: str) -> ContractLot | None:
        """What the contract pays for that service in that unit, if it does."""
        lots = self.terms.lots if self.terms else ()
        return next((lot for lot in lots if (lot.service_code, lot.unit) == (service_code, unit)), None)


@singledispatch
def _after(_event: object, contract: Contract) -> Contract:
    """Facts that no rule asks for leave the contract as it was."""
    return contract


@_after.register
def _(event: ContractRecorded, contract: Contract) -> Contract:
    return replace(contract, terms=event)


@_after.register
def _(event: CeilingAlertRaised, contract: Contract) -> Contract:
    return replace(contract, ceiling_percent=event.percent)


@_after.register
def _(event: ContractUsed, contract: Contract) -> Contract:
    return _counted(contract, contract.claims.set(event.claim_id, event), event, event.qty_milli)


@_after.register
def _(event: ContractFreed, contract: Contract) -> Contract:
    claim = contract.claims[event.claim_id]
    return _counted(contract, contract.claims.delete(event.claim_id), claim, -claim.qty_milli)


def _counted(contract: Contract, claims: Map[str, ContractUsed], claim: ContractUsed, qty_milli: int) -> Contract:
    key = claim.service_code, claim.unit
    used = contract.used_milli.get(key, 0) + qty_milli
    return replace(contract, claims=claims, used_milli=contract.used_milli.set(key, used))


CONTRACT: Final[Fold[Contract, object]] = Fold("contract", Contract(), lambda state, event: _after(event, state))


def at(contract_ref: str) -> At[Contract, object]:
    """The stream of a contract."""
    return At(CONTRACT, contract_ref)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordContract:
    """The funder told of a contract, or of a change in it."""

    contract_ref: Ref
    funder: Origin
    change: Annotated[str, Code("contract_change")]
    lots: tuple[ContractLot, ...]
    ccy: Annotated[str, Code("iso_4217")]
    starts_on: Day
    ends_on: Day


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseCeilingAlert:
    """The funder told that the money of a contract is nearly used up."""

    contract_ref: Ref
    funder: Origin
    percent: Annotated[int, Field(ge=0, le=1000)]


def record_contract(command: RecordContract, contract: Contract) -> Decision:
    """A contract belongs to the funder that first told of it."""
    _of_this_funder(contract, command.funder)
    return [
        ContractRecorded(
            command.contract_ref,
            command.funder,
            command.change,
            command.lots,
            command.ccy,
            command.starts_on,
            command.ends_on,
        )
    ]


def raise_ceiling_alert(command: RaiseCeilingAlert, contract: Contract) -> Decision:
    """Another payer must be found in time; no help stops."""
    _of_this_funder(contract, command.funder)
    return [CeilingAlertRaised(command.contract_ref, command.percent)]


def _of_this_funder(contract: Contract, funder: str) -> None:
    if contract.terms and contract.terms.funder != funder:
        raise Refused(
            "CONTRACT_OF_ANOTHER_FUNDER",
            f"This contract is one with {contract.terms.funder}; {funder} cannot change it. Ask both agencies.",
            funder=contract.terms.funder,
        )


def gap(contract: Contract, lot: LotKey, qty_milli: int, first: date, last: date) -> str | None:
    """Why the contract does not pay for this delivery (code of ``unfunded_reason``); None when it does."""
    terms, priced = contract.terms, contract.lot(*lot)
    if terms is None:
        return "contract_unknown"
    if terms.change not in RUNNING or not terms.starts_on <= first <= last <= terms.ends_on:
        return "contract_not_running"
    if priced is None:
        return "not_in_contract"
    if contract.used_milli.get(lot, 0) + qty_milli > priced.qty_max_milli:
        return "ceiling_reached"
    return None
