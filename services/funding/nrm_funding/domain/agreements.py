"""A contract's life after its award: signed, amended, suspended, resumed, ended, its unused money given back."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from immutables import Map

from nrm_contracts.fields import AmountMinor, Code, Ref
from nrm_contracts.funding.events import (
    CeilingAlertRaised,
    CeilingReleased,
    CeilingReserved,
    ContractAwarded,
    ContractCancelled,
    ContractCompleted,
    ContractNotified,
    ContractResumed,
    ContractSigned,
    ContractSuspended,
    ContractTerminated,
    ContractYear,
    ContractYearChanged,
    VarianceExplained,
)
from nrm_contracts.funding.parts import FiscalYear, ServiceCode
from nrm_funding.domain.awards import YearCeiling, contract_year, require_apart
from nrm_funding.domain.contract import FINISHED, Contract, LotUse, Year, signed_terms, terms_of
from nrm_funding.domain.lines import LINE, Line
from nrm_kernel.changing import replace
from nrm_kernel.decider import Decision, In, Notice
from nrm_kernel.errors import Refused


@dataclass(frozen=True, slots=True)
class SignContract:
    """A second officer signs; the provider is told."""

    contract_ref: Ref
    officer: str


@dataclass(frozen=True, slots=True)
class AmendContract:
    """The ceiling of a year is raised, or a year is added; the difference is reserved in the line."""

    contract_ref: Ref
    fiscal_year: FiscalYear
    line_id: Ref
    ceiling_minor: AmountMinor
    officer: str


@dataclass(frozen=True, slots=True)
class ReleaseCeiling:
    """What a finished contract left of a year's ceiling goes back to the line."""

    contract_ref: Ref
    fiscal_year: FiscalYear
    line_id: Ref
    officer: str


@dataclass(frozen=True, slots=True)
class SuspendContract:
    """Money is held, and deliveries from that day on are not payable. Help and claims go on."""

    contract_ref: Ref
    reason: Annotated[str, Code("contract_suspension_reason")]
    occurred_on: date


@dataclass(frozen=True, slots=True)
class ResumeContract:
    """Deliveries from that day on are payable again."""

    contract_ref: Ref
    occurred_on: date


@dataclass(frozen=True, slots=True)
class TerminateContract:
    """The contract ends on that day, before its time; an unsigned one is cancelled."""

    contract_ref: Ref
    reason: Annotated[str, Code("contract_termination_reason")]
    occurred_on: date


@dataclass(frozen=True, slots=True)
class CompleteContract:
    """The contract ran to its end."""

    contract_ref: Ref
    occurred_on: date


@dataclass(frozen=True, slots=True)
class ExplainVariance:
    """Why a year's deliveries differ from what was planned."""

    contract_ref: Ref
    fiscal_year: FiscalYear
    service_code: ServiceCode
    target_milli: int
    actual_milli: int
    reason: Annotated[str, Code("variance_reason")]
    officer: str


def sign_contract(command: SignContract, contract: Contract) -> Decision:
    """Raises NotFound, CONTRACT_NOT_AWARDED, SECOND_OFFICER_NEEDED."""
    terms = terms_of(contract)
    _require_status(command.contract_ref, contract, "CONTRACT_NOT_AWARDED", "awarded")
    if terms.awarded_by == command.officer:
        raise Refused("SECOND_OFFICER_NEEDED", "You awarded this contract yourself. Another officer has to sign it.")
    signed = ContractSigned(command.contract_ref, command.officer)
    return [signed, _told(terms, "signed", contract.ends_on)]


def amend_contract(command: AmendContract, contract: Contract, line: Line) -> Decision:
    """Raises NotFound, CONTRACT_FINISHED, YEARS_INVALID, CEILING_NOT_HIGHER, LINE_EXHAUSTED, LINE_UNKNOWN."""
    terms = terms_of(contract)
    if contract.status in FINISHED:
        raise Refused("CONTRACT_FINISHED", f"Contract {command.contract_ref} is {contract.status}. Award a new one.")
    before = contract.years.get(command.fiscal_year)
    rise = command.ceiling_minor - (before.ceiling_minor if before else 0)
    if rise <= 0 or (before and before.line_id != command.line_id):
        raise Refused(
            "CEILING_NOT_HIGHER",
            "An amendment adds a year or raises the ceiling of a year in its own line. Correct the line or the amount.",
        )
    wanted = YearCeiling(command.fiscal_year, command.line_id, rise)
    year = replace(contract_year(wanted, line, terms.ccy), ceiling_minor=command.ceiling_minor)
    require_apart([year, *(each for each in contract.years.values() if each.fiscal_year != year.fiscal_year)])
    changed = ContractYearChanged(command.contract_ref, year, command.officer)
    reserved = CeilingReserved(command.line_id, command.contract_ref, rise)
    return [changed, In(LINE.stream(command.line_id), reserved)]


def release_ceiling(command: ReleaseCeiling, contract: Contract, line: Line) -> Decision:
    """Raises NotFound, CONTRACT_NOT_FINISHED, YEAR_UNKNOWN, NOTHING_TO_RELEASE."""
    terms_of(contract)
    _require_status(command.contract_ref, contract, "CONTRACT_NOT_FINISHED", *FINISHED)
    year = contract.years.get(command.fiscal_year)
    if year is None or year.line_id != command.line_id:
        raise Refused("YEAR_UNKNOWN", f"The contract has no year {command.fiscal_year} in line {command.line_id}.")
    left = year.ceiling_minor - year.verified_minor
    if left == 0:
        raise Refused("NOTHING_TO_RELEASE", "Everything that the contract reserved in this year is used.")
    lowered = ContractYear(year.fiscal_year, year.line_id, year.starts_on, year.ends_on, year.verified_minor)
    changed = ContractYearChanged(command.contract_ref, lowered, command.officer)
    return [changed, In(LINE.stream(command.line_id), CeilingReleased(command.line_id, command.contract_ref, left))]


def suspend_contract(command: SuspendContract, contract: Contract) -> Decision:
    """Raises NotFound, CONTRACT_NOT_RUNNING."""
    terms = terms_of(contract)
    _require_status(command.contract_ref, contract, "CONTRACT_NOT_RUNNING", "signed")
    suspended = ContractSuspended(command.contract_ref, command.reason, command.occurred_on)
    return [suspended, _told(terms, "suspended", contract.ends_on)]


def resume_contract(command: ResumeContract, contract: Contract) -> Decision:
    """Raises NotFound, CONTRACT_NOT_SUSPENDED, RESUMED_TOO_EARLY."""
    terms = terms_of(contract)
    _require_status(command.contract_ref, contract, "CONTRACT_NOT_SUSPENDED", "suspended")
    suspended_on = contract.pauses[-1][0]
    if command.occurred_on < suspended_on:
        raise Refused("RESUMED_TOO_EARLY", f"The contract was suspended on {suspended_on}. Resume it on a later day.")
    resumed = ContractResumed(command.contract_ref, command.occurred_on)
    return [resumed, _told(terms, "resumed", contract.ends_on)]


def terminate_contract(command: TerminateContract, contract: Contract) -> Decision:
    """Raises NotFound, CONTRACT_FINISHED. A provider that never saw the contract signed is not told."""
    terms = terms_of(contract)
    _require_status(command.contract_ref, contract, "CONTRACT_FINISHED", "awarded", "signed", "suspended")
    if contract.status == "awarded":
        return [ContractCancelled(command.contract_ref, command.reason)]
    last_day = min(contract.ends_on, command.occurred_on)
    terminated = ContractTerminated(command.contract_ref, command.reason, last_day)
    return [terminated, _told(terms, "terminated", last_day)]


def complete_contract(command: CompleteContract, contract: Contract) -> Decision:
    """Raises NotFound, CONTRACT_NOT_RUNNING, CONTRACT_STILL_RUNNING."""
    terms = terms_of(contract)
    _require_status(command.contract_ref, contract, "CONTRACT_NOT_RUNNING", "signed")
    if command.occurred_on < contract.ends_on:
        raise Refused("CONTRACT_STILL_RUNNING", f"The contract runs to {contract.ends_on}. Terminate it to end it now.")
    completed = ContractCompleted(command.contract_ref, command.occurred_on)
    return [completed, _told(terms, "completed", contract.ends_on)]


def explain_variance(command: ExplainVariance, contract: Contract) -> Decision:
    """Raises NotFound, CONTRACT_NOT_SIGNED, YEAR_UNKNOWN."""
    signed_terms(command.contract_ref, contract)
    if command.fiscal_year not in contract.years:
        raise Refused("YEAR_UNKNOWN", f"The contract has no year {command.fiscal_year}.")
    return [
        VarianceExplained(
            contract_ref=command.contract_ref,
            fiscal_year=command.fiscal_year,
            service_code=command.service_code,
            target_milli=command.target_milli,
            actual_milli=command.actual_milli,
            reason=command.reason,
            explained_by=command.officer,
        )
    ]


def _require_status(contract_ref: str, contract: Contract, reason: str, *statuses: str) -> None:
    if contract.status not in statuses:
        raise Refused(
            reason,
            f"Contract {contract_ref} is {contract.status}; this needs one that is {' or '.join(statuses)}.",
            status=contract.status,
        )


def _told(terms: ContractAwarded, change: str, ends_on: date) -> Notice:
    told = ContractNotified(terms.contract_ref, change, terms.lots, terms.ccy, terms.starts_on, ends_on)
    return Notice(terms.provider, terms.contract_ref, told)


def evolve_agreement(contract: Contract, event: object) -> Contract:
    """The contract after an event of its terms or its life; unchanged by any other."""
    match event:
        case ContractAwarded():
            return _awarded(event)
        case ContractSigned():
            return replace(contract, status="signed")
        case ContractYearChanged(year=year):
            return contract.with_year(_changed(contract.years.get(year.fiscal_year), year))
        case CeilingAlertRaised(fiscal_year=fiscal_year):
            return contract.with_year(replace(contract.years[fiscal_year], alerted=True))
        case _:
            return _evolve_life(contract, event)


def _evolve_life(contract: Contract, event: object) -> Contract:
    match event:
        case ContractSuspended(suspended_on=day):
            return replace(contract, status="suspended", pauses=(*contract.pauses, (day, date.max)))
        case ContractResumed(resumed_on=day):
            return replace(contract, status="signed", pauses=(*contract.pauses[:-1], (contract.pauses[-1][0], day)))
        case ContractTerminated(terminated_on=day):
            return replace(contract, status="terminated", ends_on=day)
        case ContractCancelled():
            return replace(contract, status="cancelled")
        case ContractCompleted():
            return replace(contract, status="completed")
        case _:
            return contract


def _awarded(event: ContractAwarded) -> Contract:
    years = {year.fiscal_year: _changed(None, year) for year in event.years}
    lots = {(lot.service_code, lot.unit): LotUse(lot) for lot in event.lots}
    return Contract(awarded=event, status="awarded", ends_on=event.ends_on, years=Map(years), lots=Map(lots))


def _changed(before: Year | None, year: ContractYear) -> Year:
    new = Year(year.fiscal_year, year.line_id, year.starts_on, year.ends_on, year.ceiling_minor)
    if before is None:
        return new
    return replace(before, ceiling_minor=year.ceiling_minor, alerted=False)
