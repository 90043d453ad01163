"""A person and everything that this agency does for them: one stream, one state, evolved event by event."""

from dataclasses import dataclass, field
from datetime import date
from functools import singledispatch
from typing import Final

from immutables import Map

from nrm_assistance.domain import delivered, following, placed, returning, warned
from nrm_assistance.domain.parts import Case, Consent, Deadlines, Plan, Profile
from nrm_assistance.domain.returning import Return
from nrm_assistance.domain.warned import Safety
from nrm_contracts.assistance import events as e
from nrm_contracts.assistance.case_events import Entitlement
from nrm_contracts.record.events import HandoverMinted, HandoverReceived
from nrm_kernel.changing import replace
from nrm_kernel.decider import At, Fold


@dataclass(frozen=True, slots=True)
class Person:
    """A person as this agency knows them.

    ``handovers`` names, per other agency, the handover id that both use. ``requests`` are those of the latest case: who
    asked, by handover id. ``silent_from`` says from which day an agency is told nothing more about the person.
    ``moved_to``: agencies that took the person over. ``returning``: the case's latest return, unless it was called off.
    ``merged_with`` are other records here of the same person; ``statuses``: of which decision each agency told last.
    """

    profile: Profile | None = None
    case: Case | None = None
    handovers: Map[str, str] = field(default_factory=Map)
    requests: Map[str, str] = field(default_factory=Map)
    consents: Map[str, Consent] = field(default_factory=Map)
    silent_from: Map[str, date] = field(default_factory=Map)
    risk_level: str = "not_asked"
    best_interest_assessed: bool = False
    determination: e.BestInterestDetermined | None = None
    plan: Plan | None = None
    placements: placed.Placements = field(default_factory=Map)
    deliveries: delivered.Deliveries = field(default_factory=Map)
    follow_ups: following.FollowUps = field(default_factory=following.FollowUps)
    lost: bool = False
    exiting: bool = False
    exit_on: date | None = None
    entitlement: Entitlement = "need"
    transfer_to: str | None = None
    moved_to: frozenset[str] = frozenset()
    returning: Return | None = None
    merged_with: frozenset[str] = frozenset()
    statuses: Map[str, e.StatusRecorded] = field(default_factory=Map)
    safety: Safety = field(default_factory=Safety)
    deadlines: Deadlines = field(default_factory=Map)
    version: int = 0

    @property
    def taking_over(self) -> frozenset[str]:
        """Agencies that took the person over, or were asked to and have not answered."""
        return self.moved_to | {self.transfer_to} if self.transfer_to else self.moved_to


def evolve(person: Person, event: object) -> Person:
    """The person after one more fact."""
    return replace(_after(event, person), version=person.version + 1)


PERSON: Final[Fold[Person, object]] = Fold("person", Person(), evolve)


def at(person_ref: str) -> At[Person, object]:
    """The stream of a person."""
    return At(PERSON, person_ref)


@singledispatch
def _after(_event: object, person: Person) -> Person:
    """Facts that no rule asks for leave the person as they were."""
    return person


@_after.register
def _(event: e.PersonRegistered, person: Person) -> Person:
    return replace(person, profile=Profile(event.region, event.age_band, event.sex, event.language, event.minor))


@_after.register
def _(event: e.ProfileCorrected, person: Person) -> Person:
    assert person.profile, "only what was described is put right"
    return replace(
        person, profile=Profile(event.region, event.age_band, event.sex, event.language, person.profile.minor)
    )


@_after.register
def _(event: HandoverMinted, person: Person) -> Person:
    return replace(person, handovers=person.handovers.set(event.to, event.handover_id))


@_after.register
def _(event: HandoverReceived, person: Person) -> Person:
    return replace(person, handovers=person.handovers.set(event.sender, event.handover_id))


@_after.register
def _(event: e.CaseOpened, person: Person) -> Person:
    return Person(
        profile=person.profile,
        case=Case(event.case_id, event.source, event.opened_on),
        handovers=person.handovers,
        consents=person.consents,
        silent_from=person.silent_from,
        placements=person.placements,
        deliveries=person.deliveries,
        follow_ups=person.follow_ups.in_case(event.case_id),
        entitlement=person.entitlement,
        statuses=person.statuses,
        transfer_to=person.transfer_to,
        moved_to=person.moved_to,
        merged_with=person.merged_with,
        safety=person.safety.in_case(event.opened_on),
    )


@_after.register
def _(event: e.RequestReceived, person: Person) -> Person:
    return replace(person, requests=person.requests.set(event.handover_id, event.requester))


@_after.register
def _(_event: e.AssistanceOffered, person: Person) -> Person:
    return _in_case(person, stage="offered")


@_after.register
def _(_event: e.AssistanceAccepted, person: Person) -> Person:
    return _in_case(person, stage="accepted")


@_after.register
def _(event: e.AssistanceDeclined, person: Person) -> Person:
    return _ended(person, "declined", event.declined_on)


@_after.register
def _(event: e.CaseClosed, person: Person) -> Person:
    return _ended(person, event.outcome, event.closed_on)


def _ended(person: Person, outcome: str, day: date) -> Person:
    ended = _in_case(person, stage="ended")
    assert ended.case, "only a case ends"
    return replace(ended, case=replace(ended.case, outcome=outcome, ended_on=day))


@_after.register
def _(event: e.PhaseEntered, person: Person) -> Person:
    return _in_case(person, phase=event.phase)


def _in_case(person: Person, stage: str = "", phase: str = "") -> Person:
    case = person.case
    assert case, "a case goes on only after it was opened"
    return replace(person, case=replace(case, stage=stage or case.stage, phase=phase or case.phase))


@_after.register
def _(event: e.ConsentGiven, person: Person) -> Person:
    given = replace(person, consents=person.consents.set(event.consent_id, Consent(event)))
    return _spoken(given, event.share_with) if event.share_with else given


@_after.register
def _(event: e.ConsentRevoked, person: Person) -> Person:
    consent = replace(person.consents[event.consent_id], revoked_from=event.effective_on)
    revoked = replace(person, consents=person.consents.set(event.consent_id, consent))
    to = consent.given.share_with
    return replace(revoked, silent_from=person.silent_from.set(to, event.effective_on)) if to else revoked


@_after.register
def _(event: e.SharedConsentChanged, person: Person) -> Person:
    if event.change == "given":
        return _spoken(person, event.sender)
    return replace(person, silent_from=person.silent_from.set(event.sender, event.effective_on))


def _spoken(person: Person, agency: str) -> Person:
    """That agency may be told again."""
    if agency not in person.silent_from:
        return person
    return replace(person, silent_from=person.silent_from.delete(agency))


@_after.register
def _(event: e.NeedsAssessed, person: Person) -> Person:
    return replace(person, risk_level=event.risk_level)


@_after.register
def _(_event: e.BestInterestAssessed, person: Person) -> Person:
    return replace(person, best_interest_assessed=True)


@_after.register
def _(event: e.BestInterestDetermined, person: Person) -> Person:
    return replace(person, determination=event)


@_after.register(e.PlanAgreed)
@_after.register(e.PlanRevised)
def _(event: e.PlanAgreed | e.PlanRevised, person: Person) -> Person:
    goals = frozenset(event.goals)
    reached = person.plan.reached & goals if person.plan else frozenset[str]()
    return replace(person, plan=Plan(goals, event.planned_end, event.reintegration_on, reached))


@_after.register
def _(event: e.GoalReached, person: Person) -> Person:
    assert person.plan, "a goal is reached only within a plan"
    return replace(person, plan=replace(person.plan, reached=person.plan.reached | {event.goal}))


def _placed(event: object, person: Person) -> Person:
    return replace(person, placements=placed.after(event, person.placements))


for stay in placed.EVENTS:
    _after.register(stay, _placed)


def _delivered(event: object, person: Person) -> Person:
    return replace(person, deliveries=delivered.after(event, person.deliveries))


for unit in delivered.EVENTS:
    _after.register(unit, _delivered)


def _followed(event: object, person: Person) -> Person:
    return replace(person, follow_ups=following.after(event, person.follow_ups, person.version + 1, person.deadlines))


for contact in following.EVENTS:
    _after.register(contact, _followed)


@_after.register(e.PersonLost)
@_after.register(e.PersonFound)
def _(event: e.PersonLost | e.PersonFound, person: Person) -> Person:
    return replace(person, lost=isinstance(event, e.PersonLost))


@_after.register
def _(event: e.StatusRecorded, person: Person) -> Person:
    return replace(person, statuses=person.statuses.set(event.authority, event))


@_after.register
def _(event: e.EntitlementChanged, person: Person) -> Person:
    return replace(person, entitlement=event.entitlement)


@_after.register
def _(event: e.ExitPlanStarted, person: Person) -> Person:
    return replace(person, exiting=True, exit_on=event.exit_on)


@_after.register
def _(_event: e.ExitPlanLifted, person: Person) -> Person:
    return replace(person, exiting=False, exit_on=None)


@_after.register
def _(event: e.TransferOffered, person: Person) -> Person:
    return replace(person, transfer_to=event.to)


@_after.register
def _(event: e.TransferAnswered, person: Person) -> Person:
    answered = replace(person, transfer_to=None)
    return replace(answered, moved_to=person.moved_to | {event.to}) if event.answer == "accepted" else answered


@_after.register
def _(event: e.ReturnOpened, person: Person) -> Person:
    return replace(person, returning=returning.opened(event))


def _returning(event: object, person: Person) -> Person:
    assert person.returning, "a return goes on only after it was opened"
    return replace(person, returning=returning.after(event, person.returning))


for later in returning.LATER:
    _after.register(later, _returning)


@_after.register
def _(event: e.RecordsMerged, person: Person) -> Person:
    others = {event.other_ref}
    merged = person.merged_with | others if event.change == "merged" else person.merged_with - others
    return replace(person, merged_with=merged)


def _warned(event: object, person: Person) -> Person:
    helped = person.case is not None and person.case.is_open
    known = replace(person, safety=warned.after(event, person.safety, helped=helped))
    if isinstance(event, e.RiskAlertRaised):
        return replace(known, returning=returning.doubted(person.returning, event.raised_on))
    return known


for news in warned.EVENTS:
    _after.register(news, _warned)


@_after.register
def _(event: e.DeadlineSet, person: Person) -> Person:
    return replace(person, deadlines=person.deadlines.set((event.kind, event.month), event))


@_after.register(e.DeadlineMet)
@_after.register(e.DeadlineLifted)
def _(event: e.DeadlineMet | e.DeadlineLifted, person: Person) -> Person:
    key = event.kind, event.month
    return replace(person, deadlines=person.deadlines.delete(key)) if key in person.deadlines else person
