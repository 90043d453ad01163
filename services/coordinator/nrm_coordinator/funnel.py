"""Funnels of persons, of criminal cases and of defendants: three counting units, side by side, never added up.

``P(E)`` is the number of distinct persons, after merges, with an event E that happened in the period and was recorded
by then; ``C(E)`` and ``D(E)`` count criminal cases and defendants alike.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from nrm_coordinator import tables as t
from nrm_coordinator.moment import AsOf
from nrm_coordinator.people import everybody
from nrm_kernel.views import ViewReader

Step = tuple[str, str]
"""An event type, and what its detail must contain (empty: anything)."""

PERSONS: Final[Mapping[str, Sequence[Step]]] = {
    "detected": (
        ("identification.PersonDetected", ""),
        ("identification.SuggestionReceived", ""),
        ("assistance.PersonRegistered", ""),
    ),
    "referred": (("identification.ReferralSubmitted", ""), ("identification.ReferralReceived", "")),
    "presumed": (("identification.StageDecided", "outcome=positive"),),
    "confirmed": (("identification.StageDecided", "final=true outcome=positive"),),
    "offered": (("assistance.AssistanceOffered", ""),),
    "accepted": (("assistance.AssistanceAccepted", ""),),
    "assisted": (("assistance.ServiceUnitDelivered", ""),),
    "planned": (("assistance.PlanAgreed", ""),),
    "goals_met": (("assistance.CaseClosed", "outcome=goal_met"),),
    "in_case": (("prosecution.VictimLinkedToCase", ""),),
    "compensated": (("prosecution.CompensationPaid", ""),),
}
CASES: Final[Mapping[str, Sequence[Step]]] = {
    "registered": (("prosecution.CriminalCaseRegistered", ""),),
    "discontinued": (("prosecution.CaseDiscontinued", ""),),
    "settled": (("prosecution.CaseSettled", ""),),
    "indicted": (("prosecution.DefendantIndicted", ""),),
    "judged": (("prosecution.JudgmentEntered", ""),),
    "final": (("prosecution.CaseBecameFinal", ""),),
    "convicted": (("prosecution.JudgmentBecameFinal", "outcome=convicted"),),
}
DEFENDANTS: Final[Mapping[str, Sequence[Step]]] = {
    "suspected": (("prosecution.DefendantAdded", ""),),
    "charged": (("prosecution.DefendantCharged", ""),),
    "indicted": (("prosecution.DefendantIndicted", ""),),
    "judged": (("prosecution.JudgmentEntered", ""),),
    "convicted": (
        ("prosecution.JudgmentBecameFinal", "outcome=convicted"),
        ("prosecution.JudgmentBecameFinal", "outcome=plea_agreed"),
    ),
    "acquitted": (("prosecution.JudgmentBecameFinal", "outcome=acquitted"),),
}


@dataclass(frozen=True, slots=True)
class Funnels:
    """The three funnels; each maps a step to its count."""

    persons: Mapping[str, int]
    cases: Mapping[str, int]
    defendants: Mapping[str, int]


async def funnels(reader: ViewReader, as_of: AsOf, from_on: str = "", to_on: str = "") -> Funnels:
    """The funnels over events that happened in the period, as they were known then."""
    people = await everybody(reader, as_of)
    kinds = {kind for funnel in (PERSONS, CASES, DEFENDANTS) for steps in funnel.values() for kind, _ in steps}
    c = t.step.c
    query = select(c.kind, c.detail, c.subject, c.other).where(c.kind.in_(kinds), c.recorded_at <= as_of.moment)
    if from_on:
        query = query.where(c.occurred_on >= from_on)
    if to_on:
        query = query.where(c.occurred_on <= to_on)
    rows = [tuple(row) for row in await reader.rows(query.distinct())]
    units = await _units(reader, as_of)
    return Funnels(
        _counted(PERSONS, [(kind, detail, people.name(subject)) for kind, detail, subject, _ in rows]),
        _counted(CASES, [row[:3] for row in rows if row[2] in units.cases]),
        _counted(DEFENDANTS, [row[:3] for row in rows if row[2] in units.defendants]),
    )


@dataclass(frozen=True, slots=True)
class _Units:
    cases: frozenset[str]
    defendants: frozenset[str]


async def _units(reader: ViewReader, as_of: AsOf) -> _Units:
    """Which subjects are criminal cases and which are defendants: an event about both counts once in each funnel."""
    c = t.step.c
    opening = ("prosecution.CrimeReported", "prosecution.CriminalCaseRegistered", "prosecution.DefendantAdded")
    query = select(c.kind, c.subject, c.other).where(c.kind.in_(opening), c.recorded_at <= as_of.moment)
    rows = [tuple(row) for row in await reader.rows(query)]
    cases = {subject for kind, subject, _ in rows if kind != "prosecution.DefendantAdded"}
    defendants = {subject for kind, subject, _ in rows if kind == "prosecution.DefendantAdded" and subject not in cases}
    return _Units(frozenset(cases), frozenset(defendants))


def _counted(funnel: Mapping[str, Sequence[Step]], rows: Sequence[tuple[str, ...]]) -> dict[str, int]:
    return {
        step: len({subject for kind, detail, subject in rows if any(_fits(kind, detail, one) for one in steps)})
        for step, steps in funnel.items()
    }


def _fits(kind: str, detail: str, step: Step) -> bool:
    wanted, codes = step
    return kind == wanted and set(codes.split()) <= set(detail.split())
