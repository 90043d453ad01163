"""Funnels of persons, of criminal cases and of defendants: three counting units, side by side, never added up.

``P(E)`` is the number of distinct persons, after merges, with an event E that happened in the period and was recorded
by then; ``C(E)`` and ``D(E)`` count criminal cases, after those taken into others, and defendants alike.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Select, select

from nrm_coordinator import tables as t
from nrm_coordinator.corrections import stands
from nrm_coordinator.help_given import assisted
from nrm_coordinator.milestones import ASSISTED, Unit, steps
from nrm_coordinator.moment import AsOf
from nrm_coordinator.people import Names, every_case, everybody
from nrm_kernel.views import ViewReader


@dataclass(frozen=True, slots=True)
class Funnels:
    """The three funnels; each maps a step to its count."""

    persons: Mapping[str, int]
    cases: Mapping[str, int]
    defendants: Mapping[str, int]


async def funnels(reader: ViewReader, as_of: AsOf, from_on: str = "", to_on: str = "") -> Funnels:
    """The funnels over events that happened in the period, as they were known then."""
    reached = [tuple(row) for row in await reader.rows(_reached(as_of, from_on, to_on))]
    reached += [("person", ASSISTED, row.person_ref) for row in await reader.rows(assisted(as_of, from_on, to_on))]
    persons, cases = await everybody(reader, as_of), await every_case(reader, as_of)
    return Funnels(
        _counted("person", reached, persons),
        _counted("case", reached, cases),
        _counted("defendant", reached, Names({})),
    )


def _reached(as_of: AsOf, from_on: str, to_on: str) -> Select[tuple[str, str, str]]:
    c = t.milestone.c
    query = (
        select(c.unit, c.step, c.subject).where(c.recorded_at <= as_of.moment, stands(t.milestone, as_of)).distinct()
    )
    query = query.where(c.occurred_on >= from_on) if from_on else query
    return query.where(c.occurred_on <= to_on) if to_on else query


def _counted(unit: Unit, reached: Iterable[tuple[str, ...]], names: Names) -> dict[str, int]:
    subjects: dict[str, set[str]] = {step: set() for step in steps(unit)}
    for of_unit, step, subject in reached:
        if of_unit == unit:
            subjects[step].add(names.name(subject))
    return {step: len(those) for step, those in subjects.items()}
