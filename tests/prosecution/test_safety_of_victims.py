"""A release, a hearing, a measure of protection: those who know the victim are told, and no victim is forgotten."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from nrm_contracts.prosecution.events import (
    CriminalCaseRegistered,
    DeadlineMet,
    DeadlineSet,
    DefendantAdded,
    DefendantCharged,
    DefendantIndicted,
    JudgmentBecameFinal,
    JudgmentEntered,
    OffenderReleased,
    OffenderReleasedNotified,
    OffenderReleaseTold,
    ProtectionMeasureEnded,
    ProtectionMeasureGranted,
    ProtectionMeasureNotified,
    VictimEnteredCase,
    VictimInformed,
    VictimLinkedToCase,
    VictimRegistered,
)
from nrm_contracts.record.events import HandoverReceived
from nrm_kernel.decider import In, Notice
from nrm_kernel.testing.spec import Spec
from nrm_prosecution.domain import proceedings, safety
from nrm_prosecution.domain.case import CASES
from nrm_prosecution.domain.victim import VICTIMS

CASE, ONE, ANNA, BORA = "c" * 32, "d" * 32, "a" * 32, "b" * 32
AGENCY, POLICE, SHELTER = "test/prosecution/north", "test/identification/police", "test/assistance/ngo-dawn"
FUND, KNOWN_AS, HELPED_AS = "test/funding/fund", "e" * 32, "f" * 32
DAY = date(2026, 3, 2)
LATER = DAY + timedelta(30)
WEEK_OF_LATER = date(2026, 3, 30)
ARTICLES = ("KZ-CC-128",)

CONVICTED = (
    CriminalCaseRegistered(CASE, (), "0204", "KZ-CC-128", AGENCY, True, DAY),
    DefendantAdded(CASE, ONE, "male", "30-38", "unknown", ("Exploiter",), False, DAY),
    DefendantCharged(CASE, ONE, ARTICLES, DAY),
    DefendantIndicted(CASE, ONE, ARTICLES, DAY),
    JudgmentEntered(CASE, ONE, "first", "convicted", ARTICLES, 60, False, (), DAY),
)
FINAL = (*CONVICTED, JudgmentBecameFinal(CASE, ONE, "convicted", DAY))
RELEASED = OffenderReleased(CASE, ONE, DAY)
RELEASE = safety.ReleaseOffender(CASE, ONE, DAY, AGENCY)
GRANT = safety.GrantProtectionMeasure(ANNA, CASE, "no_contact_order", DAY, "", LATER)
END = safety.EndProtectionMeasure(ANNA, CASE, "no_contact_order", LATER)
GRANTED = ProtectionMeasureGranted(ANNA, CASE, "no_contact_order", "granted", DAY, LATER)


def entered(*people: str) -> tuple[VictimEnteredCase, ...]:
    return tuple(VictimEnteredCase(CASE, person, DAY) for person in people)


def linked(person: str, **known_by: str) -> tuple[object, ...]:
    """A victim in the case whom these agencies know from a handover."""
    agencies = {"police": POLICE, "shelter": SHELTER, "fund": FUND}
    return (
        VictimRegistered(person, False, ("forced_labour",), DAY),
        *(HandoverReceived(person, agencies[name], handover_id) for name, handover_id in known_by.items()),
        VictimLinkedToCase(person, CASE, DAY),
    )


def test_only_who_is_convicted_for_good_is_released_and_on_one_day_once() -> None:
    Spec(CASES, safety.release_offender).given(*CONVICTED).when(RELEASE).then_refused("DEFENDANT_STATUS_WRONG")
    spec = Spec(CASES, safety.release_offender).given(*FINAL)
    spec.when(RELEASE).then(RELEASED)
    spec.given(RELEASED).when(RELEASE).then_refused("RELEASE_KNOWN")


@given(days=st.lists(st.integers(-3, 3), min_size=1, max_size=4))
def test_a_release_recorded_for_a_wrong_day_or_in_error_never_keeps_the_next_one_from_being_told(
    days: list[int],
) -> None:
    spec = Spec(CASES, safety.release_offender).given(*FINAL, *entered(ANNA))
    spec = spec.also(VICTIMS, *linked(ANNA, shelter=HELPED_AS))
    last = None
    for on in (DAY + timedelta(nth) for nth in days):
        attempt = spec.when(replace(RELEASE, occurred_on=on, person_refs=(ANNA,)))
        if on == last:
            attempt.then_refused("RELEASE_KNOWN")
            continue
        assert Notice(SHELTER, HELPED_AS, OffenderReleasedNotified(HELPED_AS, on)) in attempt.outcome
        spec, last = spec.given(OffenderReleased(CASE, ONE, on)), on


def test_a_link_is_noted_with_the_case_so_that_a_release_reaches_the_person() -> None:
    command = proceedings.LinkVictim(ANNA, CASE, DAY, "")
    spec = Spec(VICTIMS, proceedings.link_victim).given(VictimRegistered(ANNA, False, (), DAY))
    spec.also(CASES, CONVICTED[0]).when(command).then(
        VictimLinkedToCase(ANNA, CASE, DAY), In(CASES.stream(CASE), VictimEnteredCase(CASE, ANNA, DAY))
    )


def test_a_release_is_told_to_all_who_care_for_the_victim_and_to_nobody_else() -> None:
    spec = Spec(CASES, safety.release_offender).given(*FINAL, *entered(ANNA))
    spec = spec.also(VICTIMS, *linked(ANNA, police=KNOWN_AS, shelter=HELPED_AS, fund="9" * 32))
    spec.when(replace(RELEASE, person_refs=(ANNA,))).then(
        RELEASED,
        In(VICTIMS.stream(ANNA), OffenderReleaseTold(ANNA, CASE, ONE, True, DAY)),
        Notice(SHELTER, HELPED_AS, OffenderReleasedNotified(HELPED_AS, DAY)),
        Notice(POLICE, KNOWN_AS, OffenderReleasedNotified(KNOWN_AS, DAY)),
    )


def test_a_victim_whom_nobody_knows_is_owed_the_warning_until_it_was_given() -> None:
    owed = DeadlineSet("release_warning", ONE, "OffenderReleaseTold", DAY, "law/2012-29-eu-6-5", AGENCY, DAY)
    untold = OffenderReleaseTold(ANNA, CASE, ONE, False, DAY)
    spec = Spec(CASES, safety.release_offender).given(*FINAL, *entered(ANNA)).also(VICTIMS, *linked(ANNA))
    stream = VICTIMS.stream(ANNA)
    spec.when(replace(RELEASE, person_refs=(ANNA,))).then(RELEASED, In(stream, untold), In(stream, owed))
    after = Spec(VICTIMS, proceedings.inform_victim).given(*linked(ANNA), untold, owed)
    rights = proceedings.InformVictim(ANNA, CASE, "rights", DAY, "")
    after.when(rights).then(VictimInformed(ANNA, CASE, "rights", DAY))
    after.when(replace(rights, topic="offender_release")).then(
        VictimInformed(ANNA, CASE, "offender_release", DAY), DeadlineMet("release_warning", ONE, DAY)
    )


def test_each_release_is_owed_a_warning_of_its_own_and_a_warning_is_about_one_case() -> None:
    two, three, other_case = "2" * 32, "3" * 32, "4" * 32
    past: list[object] = [*linked(ANNA), VictimLinkedToCase(ANNA, other_case, DAY)]
    for nth, (case, defendant) in enumerate(((CASE, ONE), (CASE, two), (other_case, three))):
        on = DAY + timedelta(nth)
        owed = DeadlineSet("release_warning", defendant, "OffenderReleaseTold", on, "law/2012-29-eu-6-5", AGENCY, on)
        past += [OffenderReleaseTold(ANNA, case, defendant, False, on), owed]
    assert {about for _, about in VICTIMS.state(past).deadlines} == {ONE, two, three}
    spec = Spec(VICTIMS, proceedings.inform_victim).given(*past)
    spec.when(proceedings.InformVictim(ANNA, CASE, "offender_release", LATER, "")).then(
        VictimInformed(ANNA, CASE, "offender_release", LATER),
        *(DeadlineMet("release_warning", defendant, LATER) for defendant in (two, ONE)),
    )


@given(victims=st.sets(st.sampled_from([ANNA, BORA])), named=st.lists(st.sampled_from([ANNA, BORA, "9" * 32])))
def test_no_release_is_recorded_that_leaves_out_a_victim_or_names_another(victims: set[str], named: list[str]) -> None:
    spec = Spec(CASES, safety.release_offender).given(*FINAL, *entered(*sorted(victims)))
    for person in dict.fromkeys(named):
        spec = spec.also(VICTIMS, *linked(person, police=person[::-1]))
    decided = spec.when(replace(RELEASE, person_refs=tuple(named)))
    if set(named) != victims:
        decided.then_refused("VICTIMS_DIFFER")
    else:
        told = [one.event.person_ref for one in decided.outcome if isinstance(one, In)]  # type: ignore[attr-defined]  # all name one
        assert sorted(told) == sorted(victims)
        assert len(decided.notices) == len(victims)


def test_a_measure_is_granted_extended_and_ended_and_each_is_told() -> None:
    def told(change: str, ends_on: date | None) -> Notice:
        measure = ProtectionMeasureNotified(KNOWN_AS, "no_contact_order", change, DAY, ends_on)
        return Notice(POLICE, KNOWN_AS, measure)

    spec = Spec(VICTIMS, safety.grant_protection_measure).given(*linked(ANNA, police=KNOWN_AS))
    spec.when(GRANT).then(GRANTED, told("granted", WEEK_OF_LATER))
    longer = replace(GRANT, occurred_on=LATER, ends_on=None)
    spec.given(GRANTED).when(longer).then(replace(GRANTED, change="extended", ends_on=None), told("extended", None))
    spec.given(GRANTED).when(GRANT).then_refused("PROTECTION_STANDS")
    spec.when(replace(GRANT, ends_on=DAY - timedelta(1))).then_refused("PROTECTION_DAY_PAST")
    ending = Spec(VICTIMS, safety.end_protection_measure).given(*linked(ANNA, police=KNOWN_AS))
    ending.when(END).then_refused("PROTECTION_MISSING")
    ended = ProtectionMeasureEnded(ANNA, CASE, "no_contact_order", LATER)
    ending.given(GRANTED).when(END).then(ended, told("ended", LATER))
    ending.given(GRANTED).when(replace(END, occurred_on=DAY - timedelta(1))).then_refused("PROTECTION_DAY_PAST")
    assert not VICTIMS.state([*linked(ANNA), GRANTED, ended]).protection


@given(begins=st.integers(0, 400), lasts=st.integers(0, 400))
def test_those_who_care_hear_of_weeks_and_never_of_longer_protection_than_there_is(begins: int, lasts: int) -> None:
    first = DAY + timedelta(begins)
    last = first + timedelta(lasts)
    spec = Spec(VICTIMS, safety.grant_protection_measure).given(*linked(ANNA, police=KNOWN_AS))
    [notice] = spec.when(replace(GRANT, occurred_on=first, ends_on=last)).notices
    told = notice.event
    assert isinstance(told, ProtectionMeasureNotified)
    assert told.ends_on is not None
    assert {told.starts_on.weekday(), told.ends_on.weekday()} == {0}
    assert told.starts_on <= first
    assert last - timedelta(6) <= told.ends_on <= last


def test_a_measure_that_ends_in_one_case_and_stands_in_another_is_not_told_to_have_ended() -> None:
    other, until = "9" * 32, LATER + timedelta(7)
    spec = Spec(VICTIMS, safety.end_protection_measure).given(
        *linked(ANNA, shelter=HELPED_AS),
        VictimLinkedToCase(ANNA, other, DAY),
        ProtectionMeasureGranted(ANNA, other, "no_contact_order", "granted", DAY, until),
        GRANTED,
    )
    ended = ProtectionMeasureEnded(ANNA, CASE, "no_contact_order", LATER)
    standing = ProtectionMeasureNotified(HELPED_AS, "no_contact_order", "granted", DAY, WEEK_OF_LATER + timedelta(7))
    spec.when(END).then(ended, Notice(SHELTER, HELPED_AS, standing))
    last = replace(END, criminal_case_id=other)
    over = ProtectionMeasureNotified(HELPED_AS, "no_contact_order", "ended", DAY, LATER)
    spec.given(ended).when(last).then(replace(ended, criminal_case_id=other), Notice(SHELTER, HELPED_AS, over))
