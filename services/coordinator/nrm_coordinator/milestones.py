"""The steps of the three funnels, and which events take somebody to them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from nrm_contracts.assistance import events as assistance
from nrm_contracts.identification import events as identification
from nrm_contracts.prosecution import events as prosecution
from nrm_coordinator import tables as t
from nrm_coordinator.corrections import CORRECTED_BY
from nrm_coordinator.making import Build, Given
from nrm_kernel.views import Add

Unit = Literal["person", "case", "defendant"]
"""The counting units. They are never mixed: a reference is of one of them."""

REF: Final[Mapping[Unit, str]] = {"person": "person_ref", "case": "criminal_case_id", "defendant": "defendant_ref"}

ASSISTED: Final = "assisted"
"""The one step that is read from deliveries, because a delivery that was voided took nobody anywhere."""


@dataclass(frozen=True, slots=True)
class Milestone:
    """An event that takes the subject of this unit to this step, if its fields are as ``where`` says."""

    unit: Unit
    step: str
    event: type[object]
    where: Mapping[str, str | int | bool] = field(default_factory=dict)


_POSITIVE: Final = {"outcome": "positive"}
_FINAL = prosecution.JudgmentBecameFinal

MILESTONES: Final = (
    Milestone("person", "detected", identification.PersonDetected),
    Milestone("person", "detected", assistance.CaseOpened, {"source": "walk_in"}),
    Milestone("person", "detected", prosecution.VictimRegistered),
    Milestone("person", "referred", identification.ReferralSubmitted),
    Milestone("person", "presumed", identification.StageDecided, _POSITIVE | {"stage": 1}),
    Milestone("person", "confirmed", identification.StageDecided, _POSITIVE | {"final": True}),
    Milestone("person", "offered", assistance.AssistanceOffered),
    Milestone("person", "declined", assistance.AssistanceDeclined),
    Milestone("person", "accepted", assistance.AssistanceAccepted),
    Milestone("person", ASSISTED, assistance.ServiceUnitDelivered),
    Milestone("person", "planned", assistance.PlanAgreed),
    Milestone("person", "goals_met", assistance.CaseClosed, {"outcome": "goal_met"}),
    Milestone("person", "return_opened", assistance.ReturnOpened),
    Milestone("person", "return_made", assistance.PersonReturned),
    Milestone("person", "return_received", assistance.ReintegrationHandoverConfirmed),
    Milestone("person", "in_case", prosecution.VictimLinkedToCase),
    Milestone("person", "compensated", prosecution.CompensationPaid),
    Milestone("case", "reported", prosecution.CrimeReported),
    Milestone("case", "registered", prosecution.CriminalCaseRegistered),
    Milestone("case", "discontinued", prosecution.CaseDiscontinued),
    Milestone("case", "settled", prosecution.CaseSettled),
    Milestone("case", "indicted", prosecution.CaseIndicted),
    Milestone("case", "judged", prosecution.CaseJudged),
    Milestone("case", "final", prosecution.CaseBecameFinal),
    Milestone("case", "convicted", _FINAL, {"outcome": "convicted"}),
    Milestone("case", "convicted", _FINAL, {"outcome": "plea_agreed"}),
    Milestone("defendant", "suspected", prosecution.DefendantAdded),
    Milestone("defendant", "charged", prosecution.DefendantCharged),
    Milestone("defendant", "ended_without_judgment", prosecution.DefendantProceedingsEnded),
    Milestone("defendant", "indicted", prosecution.DefendantIndicted),
    Milestone("defendant", "judged", prosecution.JudgmentEntered),
    Milestone("defendant", "acquitted", _FINAL, {"outcome": "acquitted"}),
    Milestone("defendant", "dismissed", _FINAL, {"outcome": "dismissed"}),
    Milestone("defendant", "convicted", _FINAL, {"outcome": "convicted"}),
    Milestone("defendant", "convicted", _FINAL, {"outcome": "plea_agreed"}),
)


def steps(unit: Unit) -> list[str]:
    """The steps of a funnel, in order."""
    return list(dict.fromkeys(one.step for one in MILESTONES if one.unit == unit))


def _builds() -> dict[type[object], Build]:
    forms = {one.event for one in MILESTONES if one.step != ASSISTED}
    builds = {form: _build(tuple(one for one in MILESTONES if one.event is form)) for form in forms}
    return builds | {right: builds[wrong] for wrong, right in CORRECTED_BY.items() if wrong in builds}


def _build(milestones: tuple[Milestone, ...]) -> Build:
    told = [(one.unit, one.step, REF[one.unit], one.where.items()) for one in milestones]

    def build(given: Given) -> list[Add]:
        return [
            given.adds(
                t.milestone,
                {"unit": unit, "step": step, "subject": given.data[ref], "occurred_on": given.on},
            )
            for unit, step, ref, where in told
            if where <= given.data.items()
        ]

    return build


FACTS = _builds()
