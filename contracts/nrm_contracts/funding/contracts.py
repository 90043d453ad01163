"""Contracts with providers, from award to end."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from nrm_contracts.catalogue import Audience, event
from nrm_contracts.fields import AmountMinor, Code, Day, Origin, Ref
from nrm_contracts.funding.parts import ContractYear, Currency, FiscalYear, Lot, ServiceCode


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class ContractAwarded:
    """A provider is to deliver these services; the ceilings are reserved in the budget lines."""

    contract_ref: Ref
    provider: Origin
    ccy: Currency
    starts_on: Day
    ends_on: Day
    years: tuple[ContractYear, ...]
    lots: tuple[Lot, ...]
    criteria: tuple[Annotated[str, Code("award_criterion")], ...]
    awarded_by: str


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class ContractSigned:
    """A second officer signed; from now on deliveries under it can be claimed."""

    contract_ref: Ref
    signed_by: str


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class ContractYearChanged:
    """A year was added, its ceiling raised by amendment, or lowered to what was verified once the contract was over."""

    contract_ref: Ref
    year: ContractYear
    changed_by: str


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class ContractSuspended:
    """Payments are held, and deliveries from that day on are not payable until it is resumed."""

    contract_ref: Ref
    reason: Annotated[str, Code("contract_suspension_reason")]
    suspended_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class ContractResumed:
    """Deliveries from that day on are payable again."""

    contract_ref: Ref
    resumed_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class ContractTerminated:
    """The contract ends before its time; deliveries up to that day stay payable."""

    contract_ref: Ref
    reason: Annotated[str, Code("contract_termination_reason")]
    terminated_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class ContractCancelled:
    """An awarded contract is never signed; nothing was payable under it."""

    contract_ref: Ref
    reason: Annotated[str, Code("contract_termination_reason")]


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class ContractCompleted:
    """The contract ran to its end; what was delivered in time stays payable."""

    contract_ref: Ref
    completed_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class CeilingAlertRaised:
    """Claims of a year passed the policy's share of its ceiling. Nothing is refused for it; another payer is needed."""

    contract_ref: Ref
    fiscal_year: FiscalYear
    percent: int
    ceiling_minor: AmountMinor


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class VarianceExplained:
    """Why a contract's year came out otherwise than planned."""

    contract_ref: Ref
    fiscal_year: FiscalYear
    service_code: ServiceCode
    target_milli: Annotated[int, Field(ge=0)]
    actual_milli: Annotated[int, Field(ge=0)]
    reason: Annotated[str, Code("variance_reason")]
    explained_by: str
