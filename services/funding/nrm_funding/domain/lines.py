"""Budget lines: the money of one source for one fiscal year. Contracts reserve their ceilings in them."""

from dataclasses import dataclass, field
from datetime import date

from immutables import Map

from nrm_contracts.fields import AmountMinor, Day, Ref
from nrm_contracts.funding.events import (
    BudgetLineApproved,
    BudgetReallocated,
    BudgetReceived,
    CeilingReleased,
    CeilingReserved,
    ReallocationProposed,
    SourceAllocated,
)
from nrm_contracts.funding.parts import Currency, FiscalYear
from nrm_funding.domain.money import require_amount, require_currency
from nrm_funding.domain.sources import SOURCE, Source, left_in_source, registered_source
from nrm_kernel.changing import replace
from nrm_kernel.decider import Decision, Fold, In
from nrm_kernel.errors import NotFound, Refused

YEAR_DAYS_MAX = 366


@dataclass(frozen=True, slots=True)
class Line:
    """A budget line: its present ceiling, what contracts reserved of it, reallocations waiting for a second officer."""

    approved: BudgetLineApproved | None = None
    ceiling_minor: int = 0
    reserved_minor: int = 0
    proposals: Map[str, ReallocationProposed] = field(default_factory=Map)

    @property
    def free_minor(self) -> int:
        """What is neither reserved by a contract nor moved elsewhere."""
        return self.ceiling_minor - self.reserved_minor


@dataclass(frozen=True, slots=True)
class ApproveBudgetLine:
    """A line takes its ceiling out of a source's year; it pays for deliveries between two days, both included."""

    line_id: Ref
    source_id: Ref
    fiscal_year: FiscalYear
    starts_on: Day
    ends_on: Day
    ceiling_minor: AmountMinor
    ccy: Currency
    officer: str
    measure_ref: Ref | None = None


@dataclass(frozen=True, slots=True)
class ReallocateBudget:
    """The first of two officers moves free money to another line of the same source and year."""

    reallocation_id: Ref
    from_line_id: Ref
    to_line_id: Ref
    amount_minor: AmountMinor
    ccy: Currency
    officer: str


@dataclass(frozen=True, slots=True)
class ConfirmReallocation:
    """The second officer confirms; only now the money moves."""

    reallocation_id: Ref
    from_line_id: Ref
    to_line_id: Ref
    officer: str


def approve_line(command: ApproveBudgetLine, line: Line, source: Source) -> Decision:
    """Raises SOURCE_UNKNOWN, SOURCE_NOT_VALID, DATES_INVALID, SOURCE_EXHAUSTED and the refusals of amounts."""
    registered = registered_source(command.source_id, source)
    require_amount(command.ceiling_minor)
    require_currency(command.ccy, registered.ccy, "the source")
    _require_span(command)
    _require_source_valid(command, registered.valid_from, registered.valid_to)
    left = left_in_source(source, command.fiscal_year)
    if command.ceiling_minor > left:
        raise Refused(
            "SOURCE_EXHAUSTED",
            f"The source has {left} minor units left for {command.fiscal_year}, the line asks for "
            f"{command.ceiling_minor}. Lower the ceiling or take another source.",
            left_minor=left,
        )
    taken = SourceAllocated(command.source_id, command.line_id, command.fiscal_year, command.ceiling_minor)
    return [_approved(command), In(SOURCE.stream(command.source_id), taken)]


def _approved(command: ApproveBudgetLine) -> BudgetLineApproved:
    return BudgetLineApproved(
        line_id=command.line_id,
        source_id=command.source_id,
        fiscal_year=command.fiscal_year,
        starts_on=command.starts_on,
        ends_on=command.ends_on,
        ceiling_minor=command.ceiling_minor,
        ccy=command.ccy,
        approved_by=command.officer,
        measure_ref=command.measure_ref,
    )


def _require_span(command: ApproveBudgetLine) -> None:
    if not 0 <= (command.ends_on - command.starts_on).days < YEAR_DAYS_MAX:
        raise Refused("DATES_INVALID", "A line's fiscal year ends on or after its first day and within twelve months.")


def _require_source_valid(command: ApproveBudgetLine, valid_from: date, valid_to: date | None) -> None:
    if command.ends_on < valid_from or (valid_to is not None and command.starts_on > valid_to):
        raise Refused(
            "SOURCE_NOT_VALID",
            f"The source gives money from {valid_from} to {valid_to or 'no fixed day'}, outside the line's days. "
            "Take another source, or other days.",
        )


def reallocate(command: ReallocateBudget, line: Line, to_line: Line) -> Decision:
    """Raises NotFound, LINE_UNKNOWN, REALLOCATION_CROSSES, LINE_EXHAUSTED and the refusals of amounts."""
    giving, _ = _require_siblings(command.from_line_id, line, command.to_line_id, to_line)
    require_amount(command.amount_minor)
    require_currency(command.ccy, giving.ccy, "the line")
    require_free(command.from_line_id, line, command.amount_minor)
    return [
        ReallocationProposed(
            reallocation_id=command.reallocation_id,
            from_line_id=command.from_line_id,
            to_line_id=command.to_line_id,
            amount_minor=command.amount_minor,
            ccy=command.ccy,
            proposed_by=command.officer,
        )
    ]


def confirm_reallocation(command: ConfirmReallocation, line: Line, to_line: Line) -> Decision:
    """Raises REALLOCATION_UNKNOWN, SECOND_OFFICER_NEEDED, LINE_EXHAUSTED."""
    proposed = line.proposals.get(command.reallocation_id)
    if proposed is None or proposed.to_line_id != command.to_line_id:
        raise Refused("REALLOCATION_UNKNOWN", "No such reallocation waits between these lines. Check all three ids.")
    if proposed.proposed_by == command.officer:
        raise Refused(
            "SECOND_OFFICER_NEEDED",
            "You proposed this reallocation yourself. Another officer has to confirm it.",
        )
    require_free(command.from_line_id, line, proposed.amount_minor)
    moved = BudgetReallocated(
        reallocation_id=proposed.reallocation_id,
        from_line_id=proposed.from_line_id,
        to_line_id=proposed.to_line_id,
        amount_minor=proposed.amount_minor,
        ccy=proposed.ccy,
        approved_by=(proposed.proposed_by, command.officer),
    )
    received = BudgetReceived(proposed.reallocation_id, proposed.to_line_id, proposed.amount_minor, proposed.ccy)
    return [moved, In(LINE.stream(proposed.to_line_id), received)]


def _require_siblings(
    line_id: str, line: Line, to_line_id: str, to_line: Line
) -> tuple[BudgetLineApproved, BudgetLineApproved]:
    if line.approved is None:
        raise NotFound
    giving, taking = line.approved, approved_line(to_line_id, to_line)
    if line_id == to_line_id or (giving.source_id, giving.fiscal_year) != (taking.source_id, taking.fiscal_year):
        raise Refused(
            "REALLOCATION_CROSSES",
            "Money moves between two lines of one source and one fiscal year only. Choose another line.",
        )
    return giving, taking


def approved_line(line_id: str, line: Line) -> BudgetLineApproved:
    """Raises LINE_UNKNOWN."""
    if line.approved is None:
        raise Refused("LINE_UNKNOWN", f"No budget line {line_id} is approved here. Check the reference.")
    return line.approved


def require_free(line_id: str, line: Line, amount_minor: int) -> None:
    """Raises LINE_EXHAUSTED: no more is reserved or moved than the line has free."""
    if amount_minor > line.free_minor:
        raise Refused(
            "LINE_EXHAUSTED",
            f"Budget line {line_id} has {line.free_minor} minor units free; {amount_minor} are asked for. "
            "Lower the amount, or reallocate to this line first.",
            free_minor=line.free_minor,
        )


def _evolve(line: Line, event: object) -> Line:
    match event:
        case BudgetLineApproved():
            return replace(line, approved=event, ceiling_minor=event.ceiling_minor)
        case ReallocationProposed():
            return replace(line, proposals=line.proposals.set(event.reallocation_id, event))
        case BudgetReallocated(reallocation_id=reallocation_id, amount_minor=amount):
            waiting = line.proposals.delete(reallocation_id)
            return replace(line, proposals=waiting, ceiling_minor=line.ceiling_minor - amount)
        case BudgetReceived(amount_minor=amount):
            return replace(line, ceiling_minor=line.ceiling_minor + amount)
        case CeilingReserved(amount_minor=amount):
            return replace(line, reserved_minor=line.reserved_minor + amount)
        case CeilingReleased(amount_minor=amount):
            return replace(line, reserved_minor=line.reserved_minor - amount)
        case _:
            return line


LINE: Fold[Line, object] = Fold("line", Line(), _evolve)
