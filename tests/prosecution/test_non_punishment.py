"""A victim who is charged is never left without a review. Invariant 11."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nrm_contracts.identification.terms import StatusOutcome
from nrm_contracts.policy import NationalPolicy
from nrm_contracts.prosecution.events import (
    DeadlineMet,
    DeadlineSet,
    NonPunishmentNotified,
    NonPunishmentReviewed,
    NonPunishmentReviewOpened,
    StatusNoted,
    VictimCharged,
    VictimChargedNotified,
    VictimRegistered,
)
from nrm_contracts.record.events import HandoverMinted, HandoverReceived
from nrm_kernel.decider import Notice
from nrm_kernel.errors import NotFound, Refused
from nrm_kernel.testing.spec import Spec
from nrm_prosecution.domain import nonpunishment, told
from nrm_prosecution.domain.charge import Review
from nrm_prosecution.domain.victim import VICTIMS

PERSON, CHARGE, FRESH, KNOWN_AS, HELPED_AS = "a" * 32, "b" * 32, "f" * 32, "1" * 32, "2" * 32
AGENCY, AUTHORITY, SHELTER = "test/prosecution/north", "test/identification/board", "test/assistance/dawn"
FUNDER = "test/funding/fund"
AGENCIES = {AGENCY: "prosecution", AUTHORITY: "identification", SHELTER: "assistance", FUNDER: "funding"}
DAY = date(2026, 3, 2)

KNOWN = VictimRegistered(PERSON, False, (), DAY)
TOLD = (KNOWN, HandoverReceived(PERSON, AUTHORITY, KNOWN_AS), HandoverReceived(PERSON, SHELTER, HELPED_AS))
CHARGED = VictimCharged(PERSON, CHARGE, ("KZ-CC-308",), "yes", DAY)
OPENED = NonPunishmentReviewOpened(PERSON, CHARGE, "charged", DAY)
DUE = DeadlineSet(
    "non_punishment_review", CHARGE, "NonPunishmentReviewOpened", DAY, "deadlines.non_punishment_review", AGENCY
)
PENALISED = NonPunishmentReviewed(PERSON, CHARGE, "penalised", DAY)
MET = DeadlineMet("non_punishment_review", CHARGE, DAY)


def charge(policy: NationalPolicy, authority: str | None = None) -> nonpunishment.ChargeVictim:
    return nonpunishment.ChargeVictim(
        person_ref=PERSON,
        charge_id=CHARGE,
        articles=("KZ-CC-308",),
        linked_to_exploitation="yes",
        occurred_on=DAY,
        legal_basis="",
        agency=AGENCY,
        agencies=AGENCIES,
        policy=policy,
        new_handover_id=FRESH,
        authority=authority,
    )


def review(outcome: str) -> nonpunishment.ReviewNonPunishment:
    return nonpunishment.ReviewNonPunishment(PERSON, CHARGE, outcome, DAY, "")


def status(policy: NationalPolicy, outcome: StatusOutcome = "positive") -> told.NoteStatus:
    by = told.Teller(PERSON, KNOWN_AS, AUTHORITY)
    return told.NoteStatus(by, 1, outcome, False, DAY, AGENCY, policy)


def test_a_decision_told_again_under_its_right_day_is_noted_once_and_no_new_ground(policy: NationalPolicy) -> None:
    noted = StatusNoted(PERSON, AUTHORITY, 1, "positive", False, DAY)
    right = replace(noted, decided_on=DAY + timedelta(3))
    spec = Spec(VICTIMS, told.note_status).given(*TOLD, CHARGED, OPENED, DUE, PENALISED, MET, noted)
    spec.when(replace(status(policy), decided_on=DAY + timedelta(3))).then(right)
    spec.given(right).when(replace(status(policy), decided_on=DAY + timedelta(3))).then()


def test_the_review_opens_with_the_charge_and_those_who_know_the_person_are_told(policy: NationalPolicy) -> None:
    Spec(VICTIMS, nonpunishment.charge_victim).given(*TOLD).when(charge(policy)).then(
        CHARGED,
        OPENED,
        replace(DUE, due_on=DAY + timedelta(10)),
        Notice(SHELTER, HELPED_AS, VictimChargedNotified(HELPED_AS, DAY)),
        Notice(AUTHORITY, KNOWN_AS, VictimChargedNotified(KNOWN_AS, DAY)),
    )


def test_an_authority_that_does_not_know_the_person_gets_a_fresh_handover(policy: NationalPolicy) -> None:
    Spec(VICTIMS, nonpunishment.charge_victim).given(KNOWN).when(charge(policy, AUTHORITY)).then(
        CHARGED,
        OPENED,
        replace(DUE, due_on=DAY + timedelta(10)),
        HandoverMinted(PERSON, AUTHORITY, FRESH),
        Notice(AUTHORITY, FRESH, VictimChargedNotified(FRESH, DAY)),
    )


def test_a_charge_is_never_kept_from_every_authority(policy: NationalPolicy) -> None:
    spec = Spec(VICTIMS, nonpunishment.charge_victim).given(KNOWN)
    spec.when(charge(policy)).then_refused("AUTHORITY_NEEDED")
    spec.when(charge(policy, FUNDER)).then_refused("AUTHORITY_UNKNOWN")
    spec.when(charge(policy, "test/identification/nowhere")).then_refused("AUTHORITY_UNKNOWN")
    spec.when(replace(charge(policy, AUTHORITY), articles=())).then_refused("ARTICLES_MISSING")


def test_an_officer_may_set_a_nearer_day_and_never_a_later_one(
    policy: NationalPolicy, unset_policy: NationalPolicy
) -> None:
    def due_on(command: nonpunishment.ChargeVictim) -> date | None:
        events = Spec(VICTIMS, nonpunishment.charge_victim).given(*TOLD).when(command).events
        return next(event.due_on for event in events if isinstance(event, DeadlineSet))

    near, far = DAY + timedelta(5), DAY + timedelta(50)
    assert due_on(replace(charge(policy), review_on=near)) == near
    assert due_on(replace(charge(policy), review_on=far)) == DAY + timedelta(10)
    assert due_on(replace(charge(unset_policy), review_on=far)) == far
    assert due_on(charge(unset_policy)) is None


def test_the_outcome_is_told_to_those_who_were_told_of_the_charge() -> None:
    Spec(VICTIMS, nonpunishment.review_non_punishment).given(*TOLD, CHARGED, OPENED, DUE).when(review("dropped")).then(
        NonPunishmentReviewed(PERSON, CHARGE, "dropped", DAY),
        MET,
        Notice(SHELTER, HELPED_AS, NonPunishmentNotified(HELPED_AS, "dropped", DAY)),
        Notice(AUTHORITY, KNOWN_AS, NonPunishmentNotified(KNOWN_AS, "dropped", DAY)),
    )


@pytest.mark.parametrize("found", ["dropped", "no_penalty", "penalised"])
def test_a_review_ends_once_and_is_not_turned_against_the_person(found: str) -> None:
    reviewed = NonPunishmentReviewed(PERSON, CHARGE, found, DAY)
    spec = Spec(VICTIMS, nonpunishment.review_non_punishment).given(*TOLD, CHARGED, OPENED, DUE, reviewed, MET)
    for outcome in {"penalised", found}:
        spec.when(review(outcome)).then_refused("REVIEW_NOT_OPEN")
    with pytest.raises(NotFound):
        Spec(VICTIMS, nonpunishment.review_non_punishment).given(*TOLD).when(review("dropped"))


@pytest.mark.parametrize("outcome", ["dropped", "no_penalty"])
def test_given_a_penalised_charge_when_it_is_found_otherwise_or_was_written_down_wrongly_then_all_are_told_so(
    outcome: str,
) -> None:
    spec = Spec(VICTIMS, nonpunishment.review_non_punishment).given(*TOLD, CHARGED, OPENED, DUE, PENALISED, MET)
    spec.when(review(outcome)).then(
        NonPunishmentReviewed(PERSON, CHARGE, outcome, DAY),
        Notice(SHELTER, HELPED_AS, NonPunishmentNotified(HELPED_AS, outcome, DAY)),
        Notice(AUTHORITY, KNOWN_AS, NonPunishmentNotified(KNOWN_AS, outcome, DAY)),
    )


def test_a_positive_status_opens_the_review_of_a_penalised_charge_again(policy: NationalPolicy) -> None:
    spec = Spec(VICTIMS, told.note_status).given(*TOLD, CHARGED, OPENED, DUE, PENALISED, MET)
    _, opened, due = spec.when(status(policy)).events
    assert opened == NonPunishmentReviewOpened(PERSON, CHARGE, "status_positive", DAY)
    assert due == replace(DUE, due_on=DAY + timedelta(10))
    assert len(spec.when(status(policy, "negative")).events) == 1


def test_the_beginning_of_a_recovery_period_does_too(policy: NationalPolicy) -> None:
    by = told.Teller(PERSON, KNOWN_AS, AUTHORITY)
    command = told.NoteRecovery(by, "started", DAY, DAY + timedelta(30), DAY, AGENCY, policy)
    spec = Spec(VICTIMS, told.note_recovery).given(*TOLD, CHARGED, OPENED, DUE, PENALISED, MET)
    assert NonPunishmentReviewOpened(PERSON, CHARGE, "recovery_started", DAY) in spec.when(command).events
    assert len(spec.when(replace(command, change="extended")).events) == 1


def test_a_dropped_charge_stays_dropped(policy: NationalPolicy) -> None:
    dropped = NonPunishmentReviewed(PERSON, CHARGE, "dropped", DAY)
    spec = Spec(VICTIMS, told.note_status).given(*TOLD, CHARGED, OPENED, DUE, dropped, MET)
    assert len(spec.when(status(policy)).events) == 1


STEPS = st.lists(
    st.sampled_from(["charge", "dropped", "no_penalty", "penalised", "positive", "negative"]), min_size=1, max_size=15
)


@given(steps=STEPS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_charge_always_has_a_review_that_is_due_in_time_or_done(steps: list[str], policy: NationalPolicy) -> None:
    past: list[object] = [*TOLD]
    for number, step in enumerate(steps):
        victim = VICTIMS.state(past)
        try:
            if step == "charge":
                command = replace(charge(policy), charge_id=f"{number:032x}")
                happened = nonpunishment.charge_victim(command, victim)
            elif step in ("positive", "negative"):
                happened = told.note_status(status(policy, "positive" if step == "positive" else "negative"), victim)
            else:
                last = max(victim.charges, default=CHARGE)
                happened = nonpunishment.review_non_punishment(replace(review(step), charge_id=last), victim)
        except (Refused, NotFound):
            continue
        past += [event for event in happened if not isinstance(event, Notice)]
        _must_be_looked_after(past)


def _must_be_looked_after(past: list[object]) -> None:
    victim = VICTIMS.state(past)
    for charge_id, one in victim.charges.items():
        due = victim.deadlines.get(("non_punishment_review", charge_id))
        assert (one.review is Review.OPEN) == (due is not None)
        if due is not None:
            assert due.owner == AGENCY
            assert due.due_on == due.anchor_on + timedelta(10)
