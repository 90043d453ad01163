"""Acts of assistance agencies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

from google.protobuf.message import Message

from nrm.demo.acts.identification import INFORMED
from nrm.demo.people import Invented
from nrm.demo.step import Step
from nrm_contracts.assistance.v1 import (
    care_pb2,
    closing_pb2,
    consents_pb2,
    contact_pb2,
    intake_pb2,
    placements_pb2,
    returns_pb2,
    units_pb2,
)


@dataclass(frozen=True, slots=True)
class Unit:
    """Help given between two days, both included; ``qty`` in whole units. ``contract`` is the label of who may pay."""

    service_code: str
    unit: str
    qty: int
    first: date
    last: date
    contract: str = ""


def register(who: Invented, on: date, channel: str) -> Step:
    """Somebody comes without a referral."""
    request = intake_pb2.RegisterPersonRequest(
        region=who.region,
        age_band=who.age_band,
        sex=who.sex,
        language=who.language,
        minor=who.is_child,
        detection_channel=channel,
        needs=who.needs,
        identity=who.identity,
    )
    return Step(on, request, {"person_ref": who.label}, officer=who.number)


def offer(who: Invented, on: date, services: Sequence[str] = ("shelter", "social_work", "legal_aid")) -> Step:
    """What help there is."""
    return Step(on, intake_pb2.OfferAssistanceRequest(person_ref=who.label, services=services), officer=who.number)


def accept(who: Invented, on: date) -> Step:
    """The person, or a child's guardian, says yes."""
    request = intake_pb2.AcceptAssistanceRequest(
        person_ref=who.label,
        informed_points=INFORMED,
        interpreter_used=who.language != "eng",
        given_by="guardian" if who.is_child else "self",
    )
    return Step(on, request, {"consent_id": f"@assist-{who.number}"}, officer=who.number)


def decline(who: Invented, on: date, reason: str) -> Step:
    """The person says no, and why."""
    return Step(on, intake_pb2.DeclineAssistanceRequest(person_ref=who.label, reason=reason), officer=who.number)


def weigh(who: Invented, on: date) -> Step:
    """A child's best interests."""
    request = care_pb2.AssessBestInterestRequest(
        person_ref=who.label, factors=("child_view", "safety", "education"), child_view_heard=True, result="care_suits"
    )
    return Step(on, request, officer=who.number)


def assess(who: Invented, on: date) -> Step:
    """What the person needs."""
    request = care_pb2.AssessNeedsRequest(
        person_ref=who.label,
        domains=[
            care_pb2.DomainLevel(domain=domain, level=1 + who.number % 4) for domain in ("safety", "housing", "legal")
        ],
        risk_level=("low", "medium", "high")[who.number % 3],
        reassess_by=(on + timedelta(days=90)).isoformat(),
    )
    return Step(on, request, officer=who.number)


def plan(who: Invented, on: date, ends_on: date, goals: Sequence[str]) -> Step:
    """What is agreed with the person."""
    request = care_pb2.AgreePlanRequest(
        person_ref=who.label,
        goals=goals,
        services=[care_pb2.PlannedService(service_code="psychological", unit="session", qty_milli=8_000)],
        planned_end=ends_on.isoformat(),
        agreed_by_person=True,
        reintegration_on=ends_on.isoformat() if who.is_child else "",
    )
    return Step(on, request, officer=who.number)


def house(who: Invented, shelter: str, on: date, kind: str = "shelter", max_days: int = 180) -> Step:
    """The person moves into one of the shelter's own houses."""
    facility = sha256(f"{shelter} {kind} {who.number % 7}".encode()).hexdigest()[:32]
    request = placements_pb2.StartPlacementRequest(
        person_ref=who.label, facility_ref=facility, kind=kind, max_days=max_days
    )
    return Step(on, request, {"placement_id": _stay(who)}, officer=who.number)


def leave(who: Invented, on: date, reason: str = "moved_on") -> Step:
    """The person moves out."""
    request = placements_pb2.EndPlacementRequest(person_ref=who.label, placement_id=_stay(who), reason=reason)
    return Step(on, request, officer=who.number)


def deliver(who: Invented, unit: Unit) -> Step:
    """Help is given, and recorded when its last day is over."""
    label = f"@delivery-{who.number}-{unit.service_code}-{unit.first}"
    request = units_pb2.DeliverServiceUnitRequest(
        person_ref=who.label,
        service_code=unit.service_code,
        unit=unit.unit,
        qty_milli=unit.qty * 1_000,
        delivered_from=unit.first.isoformat(),
        delivered_to=unit.last.isoformat(),
        evidence_hash=sha256(label.encode()).hexdigest(),
        person_acknowledged=True,
        contract_ref=unit.contract,
    )
    return Step(unit.last, request, {"delivery_id": label}, officer=who.number)


def void(who: Invented, unit: Unit, on: date) -> Step:
    """A delivery was recorded wrongly."""
    label = f"@delivery-{who.number}-{unit.service_code}-{unit.first}"
    request = units_pb2.VoidServiceUnitRequest(
        person_ref=who.label, delivery_id=label, reason="wrong_quantity", contract_ref=unit.contract
    )
    return Step(on, request, officer=who.number)


def prepare(who: Invented, on: date, hearing_on: date) -> Step:
    """What awaits the person in court."""
    request = care_pb2.PrepareForHearingRequest(person_ref=who.label, hearing_on=hearing_on.isoformat())
    return Step(on, request, officer=who.number)


def phase(who: Invented, on: date, phase: str) -> Step:
    """Help moves on."""
    return Step(on, care_pb2.EnterPhaseRequest(person_ref=who.label, phase=phase), officer=who.number)


def reach(who: Invented, on: date, goal: str) -> Step:
    """A goal of the plan is reached."""
    return Step(on, care_pb2.ReachGoalRequest(person_ref=who.label, goal=goal), officer=who.number)


def follow_up(who: Invented, on: date, month: int) -> Step:
    """How the person fares, so many months after help ended."""
    request = contact_pb2.RecordFollowUpRequest(
        person_ref=who.label,
        month=month,
        wellbeing=("fair", "good", "very_good")[(who.number + month) % 3],
        housing="own_or_rented" if month > 3 else "supported",
        income="employed" if month > 6 else "benefits",
        safe="yes",
    )
    return Step(on, request, officer=who.number)


def void_follow_up(who: Invented, on: date, month: int) -> Step:
    """What was written down of that contact was somebody else's."""
    request = contact_pb2.VoidFollowUpRequest(person_ref=who.label, month=month, reason="wrong_person")
    return Step(on, request, officer=who.number)


def miss(who: Invented, on: date, month: int) -> Step:
    """The person could not be reached."""
    return Step(on, contact_pb2.MissFollowUpRequest(person_ref=who.label, month=month), officer=who.number)


def lose(who: Invented, on: date, last_contact_on: date) -> Step:
    """Nobody here knows where the person is."""
    request = contact_pb2.ReportLostRequest(person_ref=who.label, last_contact_on=last_contact_on.isoformat())
    return Step(on, request, officer=who.number)


def find(who: Invented, on: date) -> Step:
    """The person is in touch again."""
    return Step(on, contact_pb2.ReportFoundRequest(person_ref=who.label), officer=who.number)


def alarm(who: Invented, on: date, kind: str) -> Step:
    """Somebody sees danger."""
    return Step(on, care_pb2.RaiseRiskAlertRequest(person_ref=who.label, kind=kind), officer=who.number)


def close(who: Invented, on: date, outcome: str) -> Step:
    """The case ends."""
    return Step(on, closing_pb2.CloseCaseRequest(person_ref=who.label, outcome=outcome), officer=who.number)


def consent(who: Invented, on: date, scope: str, share_with: str = "") -> Step:
    """The person agrees to one thing more."""
    request = consents_pb2.GiveConsentRequest(
        person_ref=who.label,
        scope=scope,
        share_with=share_with,
        informed_points=INFORMED,
        interpreter_used=who.language != "eng",
        given_by="guardian" if who.is_child else "self",
    )
    return Step(on, request, {"consent_id": f"@{scope}-{who.number}"}, officer=who.number)


def goes_abroad(who: Invented, country: str, on: date) -> tuple[Step, ...]:
    """From the wish to return until the receiver abroad confirms, three weeks later."""
    agreed = returns_pb2.ConsentToReturnRequest(
        person_ref=who.label,
        informed_points=INFORMED,
        interpreter_used=who.language != "eng",
        given_by="guardian" if who.is_child else "self",
    )
    receiver = sha256(f"a receiver in {country}".encode()).hexdigest()[:32]
    asked = returns_pb2.ReferAbroadRequest(
        person_ref=who.label, receiver_ref=receiver, receiver_kind="shelter", form_version=1
    )
    days: tuple[tuple[int, Message], ...] = (
        (0, returns_pb2.OpenReturnRequest(person_ref=who.label, to_country=country)),
        (4, returns_pb2.AssessReturnRiskRequest(person_ref=who.label, risk="safe_with_measures")),
        (5, agreed),
        (5, asked),
        (14, returns_pb2.RecordReceiverAnswerRequest(person_ref=who.label, answer="accepted")),
        (20, returns_pb2.RecordReturnRequest(person_ref=who.label)),
        (22, returns_pb2.ConfirmReintegrationRequest(person_ref=who.label)),
    )
    return tuple(Step(on + timedelta(days=after), request, officer=who.number) for after, request in days)


def suggest(who: Invented, on: date, to: str) -> Step:
    """An identification agency is told that the person may be asked."""
    return Step(on, closing_pb2.SuggestReferralRequest(person_ref=who.label, to=to), officer=who.number)


def _stay(who: Invented) -> str:
    return f"@stay-{who.number}"
