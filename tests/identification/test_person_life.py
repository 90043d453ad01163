"""Any life that a person can have between two police forces, an authority, a shelter and a prosecutor.

Whatever is done in whatever order, the invariants hold; they are read off the recorded events, not the rules' states.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from tests.identification.memory import Agency
from tests.identification.reading import open_referrals
from tests.identification.scene import (
    AGENCIES,
    ALL_POINTS,
    AUTHORITY,
    OTHER_SHELTER,
    POLICE,
    PROSECUTOR,
    SECOND_POLICE,
    SHELTER,
    SIGNS,
    UK,
)
from tests.identification.story import World
from tests.often import often

from nrm_contracts.assistance.events import ContactFound, ContactLost
from nrm_contracts.identification import events as happened
from nrm_contracts.policy import Period, Unit
from nrm_contracts.prosecution.events import VictimChargedNotified
from nrm_identification.domain.aftermath import DisqualifyPerson, ExpireStatus, RequestReconsideration, RevokeStatus
from nrm_identification.domain.child import (
    AppointGuardian,
    AssessAge,
    DisputeAge,
    RecordGuardianConflict,
)
from nrm_identification.domain.consent import GiveConsent, RefuseConsent, RevokeConsent, revoke_consent
from nrm_identification.domain.correcting import CorrectStage
from nrm_identification.domain.deciding import DecideStage
from nrm_identification.domain.detection import NotifyAnonymously, Screen
from nrm_identification.domain.merging import ConfirmRecordsChange, MergePersonRecords, UnmergePersonRecords
from nrm_identification.domain.permits import EndResidencePermit, IssueResidencePermit
from nrm_identification.domain.recovery import EndRecovery, ExtendRecovery, StartRecovery
from nrm_identification.domain.referral import AcknowledgeReferral, ReturnReferral, SubmitReferral
from nrm_identification.domain.sharing import ReportVictim, RequestAssistance
from nrm_identification.domain.state.deadlines import GRANTED, PERMIT_END, RECOVERY_END
from nrm_identification.domain.state.person import PERSON, Person
from nrm_identification.domain.state.phase import OPEN
from nrm_identification.domain.telling import entitled
from nrm_kernel.errors import NrmError
from nrm_kernel.testing.entries import event_data
from nrm_kernel.testing.spec import Spec

AGENCY = st.sampled_from([POLICE, SECOND_POLICE, AUTHORITY])
SCOPE = st.sampled_from(["interview", "referral", "assistance", "proceedings"])
BASIS = st.sampled_from([None, "consent", "vital_interest", "legal_obligation"])
BAND = st.sampled_from(["9-17", "27-29", "unknown"])
WHO = st.integers(0, 3)


class PersonLife(RuleBasedStateMachine):
    """Officers do what they will; the rules let them or not."""

    def __init__(self) -> None:
        super().__init__()
        hastened = (UK.stages[0], replace(UK.stages[1], person_may_hasten=True))
        self.world = World(replace(UK, stages=hastened, status_term=Period(40, Unit.CALENDAR_DAYS)))

    # What officers do

    @rule(band=BAND, claimed=st.booleans())
    def detect(self, band: str, claimed: bool) -> None:
        self.world.detected(age_band=band, minor_claimed=claimed)

    @rule(at=st.sampled_from([POLICE, SECOND_POLICE]), point=st.sampled_from(["referred", "pending", "recovering"]))
    def arrive(self, at: str, point: str) -> None:
        {"referred": self.world.referred, "pending": self.world.pending, "recovering": self.world.recovering}[point](
            self.at(at)
        )

    @rule(at=AGENCY, who=WHO, outcome=st.sampled_from(["indicated", "not_indicated", "inconclusive"]))
    def screen(self, at: str, who: int, outcome: str) -> None:
        self.attempt(at, who, Screen, **(SIGNS | {"outcome": outcome}))

    @rule(at=AGENCY, who=WHO, scope=SCOPE, giver=st.sampled_from(["self", "guardian"]))
    def consent(self, at: str, who: int, scope: str, giver: str) -> None:
        asked = {"scope": scope, "purpose": "referral", "informed_points": ALL_POINTS, "given_by": giver}
        self.attempt(at, who, GiveConsent, **asked)

    @rule(at=AGENCY, who=WHO, scope=SCOPE, command=st.sampled_from([RefuseConsent, RevokeConsent]))
    def say_no(self, at: str, who: int, scope: str, command: type[object]) -> None:
        self.attempt(at, who, command, scope=scope)

    @rule(at=AGENCY, who=WHO)
    def notify(self, at: str, who: int) -> None:
        self.attempt(at, who, NotifyAnonymously)

    @rule(at=AGENCY, who=WHO, note=st.sampled_from([None, "change_care"]), again=st.booleans())
    def refer(self, at: str, who: int, note: str | None, again: bool) -> None:
        incidents: tuple[str, ...] = ()
        person_ref = self.somebody(at, who)
        if again and person_ref and not self.at(at).person(person_ref).merged_into:
            incidents = (self.world.linked_incident(person_ref, self.at(at)),)
        self.attempt(at, who, SubmitReferral, to=AUTHORITY, best_interest_note=note, incident_ids=incidents)

    @rule(who=WHO, taken=st.booleans())
    def answer(self, who: int, taken: bool) -> None:
        if taken:
            self.attempt(AUTHORITY, who, AcknowledgeReferral, **self.referral(who))
        else:
            self.attempt(AUTHORITY, who, ReturnReferral, missing=("account",), **self.referral(who))

    @rule(at=AGENCY, who=WHO, stage=st.integers(1, 2), outcome=st.sampled_from(["positive", "negative"]))
    def decide(self, at: str, who: int, stage: int, outcome: str) -> None:
        asked = {"outcome": outcome, "grounds": ("expert_report",), "person_asks": stage == 1}
        self.attempt(at, who, DecideStage, stage=stage, **asked, **self.referral(who))

    @rule(who=WHO, asks=st.booleans())
    def decide_last(self, who: int, asks: bool) -> None:
        asked = {"outcome": "positive", "grounds": ("expert_report",), "person_asks": asks}
        self.attempt(AUTHORITY, who, DecideStage, stage=2, **asked, **self.referral(who))

    @rule(who=WHO, days=st.sampled_from([None, 20, 60]))
    def start_recovery(self, who: int, days: int | None) -> None:
        ends_on = self.world.authority.on + timedelta(days) if days else None
        self.attempt(AUTHORITY, who, StartRecovery, ends_on=ends_on, **self.referral(who))

    @rule(who=WHO, days=st.integers(-10, 90))
    def extend_recovery(self, who: int, days: int) -> None:
        ends_on = self.world.authority.on + timedelta(days)
        self.attempt(AUTHORITY, who, ExtendRecovery, ends_on=ends_on, reason="health")

    @rule(who=WHO, reason=st.sampled_from(["elapsed", "own_request"]))
    def end_recovery(self, who: int, reason: str) -> None:
        self.attempt(AUTHORITY, who, EndRecovery, reason=reason)

    @rule(who=WHO)
    def reconsider(self, who: int) -> None:
        asked = {"requested_by": "self", "grounds": ("new_information",)}
        self.attempt(AUTHORITY, who, RequestReconsideration, **asked, **self.referral(who))

    @rule(who=WHO)
    def disqualify(self, who: int) -> None:
        self.attempt(AUTHORITY, who, DisqualifyPerson, ground="public_order", harm_weighed=True, **self.referral(who))

    @rule(who=WHO)
    def revoke_status(self, who: int) -> None:
        self.attempt(AUTHORITY, who, RevokeStatus, ground="decided_in_error", **self.referral(who))

    @rule(at=AGENCY, who=WHO, basis=BASIS, to=st.sampled_from([SHELTER, OTHER_SHELTER]))
    def ask_help(self, at: str, who: int, basis: str | None, to: str) -> None:
        self.attempt(at, who, RequestAssistance, to=to, legal_basis=basis)

    @rule(at=AGENCY, who=WHO, basis=BASIS)
    def report(self, at: str, who: int, basis: str | None) -> None:
        self.attempt(at, who, ReportVictim, to=PROSECUTOR, legal_basis=basis)

    @rule(at=AGENCY, who=WHO, band=BAND)
    def assess_age(self, at: str, who: int, band: str) -> None:
        self.attempt(at, who, AssessAge, method="social_work", result_band=band)

    @rule(at=AGENCY, who=WHO)
    def dispute_age(self, at: str, who: int) -> None:
        self.attempt(at, who, DisputeAge, reason="appearance")

    @rule(at=AGENCY, who=WHO, conflicted=st.booleans())
    def guard(self, at: str, who: int, conflicted: bool) -> None:
        if conflicted:
            self.attempt(at, who, RecordGuardianConflict, conflict="suspect")
        else:
            self.attempt(at, who, AppointGuardian, relation="state_guardian")

    @rule(at=AGENCY, who=WHO, other=WHO, apart=st.booleans())
    def merge(self, at: str, who: int, other: int, apart: bool) -> None:
        absorbed = self.somebody(at, other)
        if absorbed and apart:
            self.attempt(at, who, UnmergePersonRecords, absorbed_ref=absorbed, reason="different_people")
        elif absorbed:
            self.attempt(at, who, MergePersonRecords, absorbed_ref=absorbed, basis="documents")
        if absorbed:
            self.attempt(at, who, ConfirmRecordsChange, absorbed_ref=absorbed, officer="officer-2")

    @rule(who=WHO, ends=st.booleans())
    def permit(self, who: int, ends: bool) -> None:
        if ends:
            self.attempt(AUTHORITY, who, EndResidencePermit, reason="own_request")
        else:
            self.attempt(AUTHORITY, who, IssueResidencePermit, ground="personal", **self.referral(who))

    @rule(who=WHO, days=st.integers(-5, 40))
    def correct(self, who: int, days: int) -> None:
        person_ref = self.somebody(AUTHORITY, who)
        referral = self.world.authority.person(person_ref).referrals.newest if person_ref else None
        if referral is not None and referral.decided is not None:
            right = {"happened_on": referral.decided.decided_on + timedelta(days), "grounds": ("court_finding",)}
            stage = {"stage": referral.decided.stage, "reason": "typing_error"}
            self.attempt(AUTHORITY, who, CorrectStage, referral_id=referral.referral_id, **stage, **right)

    @rule(who=WHO)
    def expire(self, who: int) -> None:
        self.attempt(AUTHORITY, who, ExpireStatus, **self.referral(who))

    # What others do

    @rule(at=AGENCY, who=WHO, back=st.booleans())
    def lose_contact(self, at: str, who: int, back: bool) -> None:
        if handover_id := self.name_at(at, who, SHELTER):
            on = self.at(at).on
            notice: object = ContactFound(handover_id, on) if back else ContactLost(handover_id, on)
            self.at(at).hear(SHELTER, notice)

    @rule(at=AGENCY, who=WHO)
    def charge(self, at: str, who: int) -> None:
        if handover_id := self.name_at(at, who, PROSECUTOR):
            self.at(at).hear(PROSECUTOR, VictimChargedNotified(handover_id, self.at(at).on))

    @precondition(lambda self: self.world.delivered < len(self.world.sent))
    @rule()
    def deliver(self) -> None:
        self.world.deliver()

    @rule(days=st.sampled_from([1, 10, 31]))
    def wait(self, days: int) -> None:
        self.world.go_to(self.world.police.on + timedelta(days))

    # What always holds

    @invariant()
    def one_referral_is_open_at_a_time(self) -> None:
        """Invariant 9, read off the events."""
        for _, _, stream in self.persons():
            assert len(open_referrals(stream)) <= 1

    @invariant()
    def nothing_rests_on_a_consent_that_is_gone(self) -> None:
        """Invariants 2 and 3."""
        for agency, person_ref, stream in self.persons():
            live: dict[str, str] = {}
            for event in stream:
                match event:
                    case happened.ConsentGiven():
                        live[event.scope] = event.consent_id
                    case happened.ConsentRevoked() | happened.ConsentChangeReceived(change="refused" | "revoked"):
                        live.pop(event.scope, None)
                    case happened.ReferralSubmitted():
                        assert event.consent_id == live.get("referral") or event.child_exemption
                        assert event.consent_id or event.best_interest_note
                    case happened.AssistanceAsked(basis="consent"):
                        assert event.consent_id == live["assistance"]
                    case happened.VictimReportMade(basis="consent"):
                        assert event.consent_id == live["proceedings"]
            assert set(live) == {scope for scope, _ in agency.person(person_ref).consents.given}

    @invariant()
    def whoever_is_owed_a_step_has_a_deadline_with_an_owner(self) -> None:
        """Invariants 18 and 20: a child without guardian is owed one, support never stops at once."""
        for agency, person_ref, _ in self.persons():
            person = agency.person(person_ref)
            kinds = {kind for kind, _ in person.owed}
            assert not (person.phase in OPEN and not kinds), person.phase
            assert all(deadline.owner for deadline in person.owed.values())
            if person.childhood.is_child and person.childhood.guardian is None:
                assert "guardian_appointment" in kinds
            for referral in person.referrals.by_id.values():
                if referral.here and referral.phase in {"not_confirmed", "disqualified", "revoked", "expired"}:
                    exits = agency.events(person_ref, happened.ExitPeriodStarted)
                    assert any(one.referral_id == referral.referral_id and one.after == "negative" for one in exits)

    @invariant()
    def only_ends_of_what_was_granted_are_due_in_a_record_that_rests(self) -> None:
        """And nothing rests in one that does not. What runs has an end that is due, wherever it was granted."""
        for agency, person_ref, stream in self.persons():
            due: set[tuple[str, str]] = set()
            for event in stream:
                match event:
                    case happened.DeadlineSet():
                        due.add((event.kind, event.about))
                    case happened.DeadlineMet() | happened.DeadlineLifted():
                        due.discard((event.kind, event.about))
            person = agency.person(person_ref)
            assert due == set(person.deadlines)
            assert {kind for kind, _about in due} <= set(GRANTED) if person.merged_into else not person.resting
            assert (PERMIT_END in {kind for kind, _about in due}) == (person.permit is not None)
            running = person.recovery is not None and person.recovery.running
            assert (RECOVERY_END in {kind for kind, _about in due}) == running

    @invariant()
    def stages_are_decided_by_deciders_in_order_and_not_before_their_time(self) -> None:
        """Invariants 6, 7 and 8."""
        for agency, _, stream in self.persons():
            recovery: happened.RecoveryPeriodStarted | None = None
            for event in stream:
                match event:
                    case happened.RecoveryPeriodStarted():
                        recovery = event
                        assert event.ends_on >= event.minimum_on >= event.starts_on + timedelta(30)
                    case happened.RecoveryPeriodEnded(reason="elapsed"):
                        assert recovery is not None
                        assert event.ended_on > recovery.minimum_on
                    case happened.StageDecided():
                        assert AGENCIES[agency.origin] == "competent_authority"
                        if event.stage == 2 and not event.asked_early:
                            assert recovery is not None
                            assert event.decided_on > recovery.minimum_on

    @invariant()
    def nobody_can_be_removed_while_a_recovery_period_runs(self) -> None:
        """Invariant 8: every period has its suspension, to the same day, at once."""
        for agency, _, stream in self.persons():
            for event, following in pairwise((*stream, None)):
                match event:
                    case happened.RecoveryPeriodStarted() | happened.RecoveryPeriodExtended():
                        assert agency.policy.removal_barred_in_recovery
                        assert isinstance(following, happened.RemovalSuspended)
                        assert following.until == event.ends_on
                    case happened.RecoveryPeriodEnded():
                        assert isinstance(following, happened.RemovalSuspensionEnded)

    @invariant()
    def notices_name_nobody_by_an_own_reference(self) -> None:
        """And no two receivers share a name for a person."""
        own = {person_ref for _, person_ref, _ in self.persons()}
        receivers: dict[str, str] = {}
        for sender, notice in self.world.sent:
            assert own.isdisjoint(str(value) for value in event_data(notice.event).values())
            pair = "|".join(sorted((sender, notice.to)))
            assert receivers.setdefault(notice.about, pair) == pair

    @invariant()
    def withdrawing_consent_never_widens_anything(self) -> None:
        for agency, person_ref, _ in self.persons():
            before = agency.person(person_ref)
            for scope, share_with in before.consents.given:
                revoked = Spec(PERSON, revoke_consent).given(*agency.streams[f"person-{person_ref}"])
                asked = agency.command(RevokeConsent, person_ref=person_ref, scope=scope, share_with=share_with)
                events = revoked.when(asked).events
                after = PERSON.state((*agency.streams[f"person-{person_ref}"], *events))
                _no_wider(agency, before, after)

    @invariant()
    def nothing_that_was_told_is_refused_for_want_of_a_person(self) -> None:
        for agency in self.world.agencies.values():
            assert "HANDOVER_UNKNOWN" not in agency.refusals

    # Short ways

    def at(self, origin: str) -> Agency:
        return self.world.agencies[origin]

    def persons(self) -> Iterator[tuple[Agency, str, list[object]]]:
        for agency in self.world.agencies.values():
            for person_ref in agency.persons():
                yield agency, person_ref, agency.streams[f"person-{person_ref}"]

    def somebody(self, origin: str, who: int) -> str:
        known = list(self.at(origin).persons())
        return known[who % len(known)] if known else ""

    def name_at(self, origin: str, who: int, other: str) -> str | None:
        person_ref = self.somebody(origin, who)
        return self.at(origin).person(person_ref).handovers.get(other) if person_ref else None

    def referral(self, who: int) -> dict[str, str]:
        person_ref = self.somebody(AUTHORITY, who)
        return {"referral_id": self.at(AUTHORITY).person(person_ref).referrals.newest_id if person_ref else ""}

    def attempt(self, origin: str, who: int, command: type[object], **given: object) -> None:
        if person_ref := self.somebody(origin, who):
            with suppress(NrmError):
                self.at(origin).do(command, person_ref=person_ref, **given)


def _no_wider(agency: Agency, before: Person, after: Person) -> None:
    """Whoever may be told now was told before, and what may be shared now might be shared before."""
    assert set(entitled(after, agency.origin, agency.on)) <= set(entitled(before, agency.origin, agency.on))
    shares: list[tuple[type[object], dict[str, str | None]]] = [
        (SubmitReferral, {"to": AUTHORITY, "best_interest_note": note}) for note in (None, "change_care")
    ]
    for basis in (None, "consent", "vital_interest", "legal_obligation"):
        shares.append((RequestAssistance, {"to": SHELTER, "legal_basis": basis}))
        shares.append((ReportVictim, {"to": PROSECUTOR, "legal_basis": basis}))
    for kind, given in shares:
        command = agency.command(kind, person_ref=before.person_ref, **given)
        assert agency.accepts(command, before) or not agency.accepts(command, after), command


TestPersonLife = PersonLife.TestCase
TestPersonLife.settings = settings(
    max_examples=often(25), stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
