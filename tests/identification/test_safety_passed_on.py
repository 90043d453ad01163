"""News of a person's safety goes from the prosecutor to those who help, through whom both of them know."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.identification.scene import AUTHORITY, DAY, POLICE, PROSECUTOR, SECOND_POLICE, SHELTER, after
from tests.identification.story import World
from tests.often import often

from nrm_contracts.identification.events import (
    ConsentNotified,
    HearingCallOffReceived,
    HearingReceived,
    OffenderReleaseReceived,
    ProtectionChangeReceived,
)
from nrm_contracts.prosecution.events import (
    HearingCalledOffNotified,
    HearingNotified,
    OffenderReleasedNotified,
    ProtectionMeasureNotified,
)
from nrm_identification.domain.child import AppointGuardian, AssessAge, DisputeAge, PresumeMinor
from nrm_identification.domain.consent import RevokeConsent
from nrm_identification.domain.merging import ConfirmRecordsChange, MergePersonRecords
from nrm_identification.domain.referral import SubmitReferral
from nrm_identification.domain.sharing import ReportVictim, RequestAssistance

NEWS: list[tuple[Callable[[str], object], type[object]]] = [
    (lambda name: OffenderReleasedNotified(name, DAY), OffenderReleaseReceived),
    (lambda name: HearingNotified(name, after(20), "trial"), HearingReceived),
    (lambda name: HearingCalledOffNotified(name, after(20), "trial"), HearingCallOffReceived),
    (
        lambda name: ProtectionMeasureNotified(name, "no_contact_order", "granted", DAY, after(90)),
        ProtectionChangeReceived,
    ),
]


def reported(world: World) -> tuple[str, str, str]:
    """A person whom the police reported and asked a shelter to help: with the names at the prosecutor and there."""
    person_ref = world.detected()
    world.consent(person_ref, "assistance")
    world.police.do(RequestAssistance, person_ref=person_ref, to=SHELTER)
    world.police.do(ReportVictim, person_ref=person_ref, to=PROSECUTOR, legal_basis="legal_obligation")
    handovers = world.police.person(person_ref).handovers
    return person_ref, handovers[PROSECUTOR], handovers[SHELTER]


@pytest.mark.parametrize(("news", "received"), NEWS)
def test_given_a_helper_when_a_prosecutor_tells_of_safety_then_the_helper_hears_it_under_its_own_name(
    news: Callable[[str], object], received: type[object]
) -> None:
    world = World()
    person_ref, at_prosecutor, at_shelter = reported(world)
    world.police.hear(PROSECUTOR, news(at_prosecutor))
    [kept] = world.police.events(person_ref, received)
    assert kept.sender == PROSECUTOR  # type: ignore[attr-defined]  # all have one
    assert world.told(SHELTER, type(news(""))) == [news(at_shelter)]
    assert world.told(PROSECUTOR, type(news(""))) == []


@pytest.mark.parametrize(("news", "received"), NEWS)
def test_given_no_more_consent_to_help_then_nobody_is_told(
    news: Callable[[str], object], received: type[object]
) -> None:
    world = World()
    person_ref, at_prosecutor, _ = reported(world)
    world.police.do(RevokeConsent, person_ref=person_ref, scope="assistance")
    world.police.hear(PROSECUTOR, news(at_prosecutor))
    assert world.police.events(person_ref, received)
    assert world.told(SHELTER, type(news(""))) == []


@pytest.mark.parametrize(("news", "received"), NEWS)
def test_given_a_report_by_the_authority_then_the_helper_whom_the_referrer_asked_hears_it_too(
    news: Callable[[str], object], received: type[object]
) -> None:
    world = World()
    there, _ = world.pending()
    here = world.at_referrer()
    world.consent(here, "assistance")
    world.police.do(RequestAssistance, person_ref=here, to=SHELTER)
    world.authority.hear(PROSECUTOR, news(world.reported(there)))
    world.deliver()
    assert [one.sender for one in world.police.events(here, received)] == [AUTHORITY]  # type: ignore[attr-defined]  # all have one
    assert world.told(SHELTER, type(news(""))) == [news(world.police.person(here).handovers[SHELTER])]
    assert world.told(AUTHORITY, type(news(""))) == []
    assert world.told(POLICE, type(news(""))) == [news(world.authority.person(there).handovers[POLICE])]


@pytest.mark.parametrize(("news", "received"), NEWS)
def test_given_news_of_a_record_that_rests_then_each_agency_hears_once_and_both_records_know(
    news: Callable[[str], object], received: type[object]
) -> None:
    world = World()
    (kept, _), (absorbed, _) = world.pending(), world.pending(world.agencies[SECOND_POLICE])
    at_prosecutor = world.reported(absorbed)
    merged = {"person_ref": kept, "absorbed_ref": absorbed}
    world.authority.do(MergePersonRecords, basis="documents", **merged)
    world.authority.do(ConfirmRecordsChange, officer="officer-2", **merged)
    world.authority.hear(PROSECUTOR, news(at_prosecutor))
    for person_ref in (kept, absorbed):
        assert len(world.authority.events(person_ref, received)) == 1
    assert world.told(POLICE, type(news(""))) == [news(world.authority.person(kept).handovers[POLICE])]
    assert world.told(SECOND_POLICE, type(news(""))) == [
        news(world.authority.person(absorbed).handovers[SECOND_POLICE])
    ]
    assert not world.authority.refusals


def test_given_news_before_the_consent_to_help_when_help_is_asked_for_then_the_helper_hears_what_lasts() -> None:
    world = World()
    person_ref = world.detected()
    world.police.do(ReportVictim, person_ref=person_ref, to=PROSECUTOR, legal_basis="legal_obligation")
    at_prosecutor = world.police.person(person_ref).handovers[PROSECUTOR]
    lasting: list[Callable[[str], object]] = [
        lambda name: OffenderReleasedNotified(name, DAY),
        lambda name: HearingNotified(name, after(20), "trial"),
        lambda name: ProtectionMeasureNotified(name, "no_contact_order", "extended", DAY, None),
    ]
    over: list[Callable[[str], object]] = [
        lambda name: HearingNotified(name, after(30), "appeal"),
        lambda name: HearingCalledOffNotified(name, after(30), "appeal"),
        lambda name: HearingNotified(name, after(-1), "first_hearing"),
        lambda name: ProtectionMeasureNotified(name, "anonymity", "granted", DAY, after(200)),
        lambda name: ProtectionMeasureNotified(name, "anonymity", "ended", DAY, after(0)),
        lambda name: ProtectionMeasureNotified(name, "relocation", "granted", after(-90), after(-7)),
    ]
    for news in [*over, *lasting]:
        world.police.hear(PROSECUTOR, news(at_prosecutor))
    world.consent(person_ref, "assistance")
    world.police.do(RequestAssistance, person_ref=person_ref, to=SHELTER)
    at_shelter = world.police.person(person_ref).handovers[SHELTER]
    kinds = (OffenderReleasedNotified, HearingNotified, ProtectionMeasureNotified, HearingCalledOffNotified)
    assert [one for kind in kinds for one in world.told(SHELTER, kind)] == [news(at_shelter) for news in lasting]


def told_to(world: World, agency: str) -> list[object]:
    kinds = (OffenderReleasedNotified, HearingNotified, HearingCalledOffNotified, ProtectionMeasureNotified)
    return [notice.event for _, notice in world.sent if notice.to == agency and isinstance(notice.event, kinds)]


def believed(news: list[object]) -> tuple[set[object], set[object], set[object]]:
    """What somebody who heard this, and nothing else, takes for true."""
    releases, hearings, measures = set[object](), set[object](), set[object]()
    for one in news:
        match one:
            case OffenderReleasedNotified():
                releases.add(one.released_on)
            case HearingNotified():
                hearings.add((one.kind, one.hearing_on))
            case HearingCalledOffNotified():
                hearings.discard((one.kind, one.hearing_on))
            case ProtectionMeasureNotified(change="ended"):
                measures.discard((one.measure, one.starts_on))
            case ProtectionMeasureNotified():
                measures.add((one.measure, one.starts_on))
    return releases, hearings, measures


HEARINGS = st.tuples(st.sampled_from(("trial", "appeal")), st.sampled_from((after(20), after(30))))
MEASURES = st.tuples(
    st.sampled_from(("no_contact_order", "anonymity")), st.sampled_from(("granted", "extended", "ended"))
)
ANY_NEWS = st.one_of(
    st.integers(0, 3).map(lambda nth: lambda name: OffenderReleasedNotified(name, after(-nth))),
    HEARINGS.map(lambda one: lambda name: HearingNotified(name, one[1], one[0])),
    HEARINGS.map(lambda one: lambda name: HearingCalledOffNotified(name, one[1], one[0])),
    MEASURES.map(lambda one: lambda name: ProtectionMeasureNotified(name, one[0], one[1], DAY, None)),
)


@settings(max_examples=often(40))
@given(st.lists(st.tuples(st.booleans(), ANY_NEWS), max_size=8))
def test_whoever_was_asked_to_help_knows_all_that_stands_as_soon_as_the_person_lets_them(
    steps: list[tuple[bool, Callable[[str], object]]],
) -> None:
    world = World()
    person_ref, at_prosecutor, at_shelter = reported(world)
    consents, heard = True, list[object]()
    for yes, news in steps:
        if yes and not consents:
            world.consent(person_ref, "assistance")
            assert believed(told_to(world, SHELTER)) == believed(heard)
        elif consents and not yes:
            world.police.do(RevokeConsent, person_ref=person_ref, scope="assistance")
        consents, before = yes, len(told_to(world, SHELTER))
        world.police.hear(PROSECUTOR, news(at_prosecutor))
        heard.append(news(at_prosecutor))
        assert len(told_to(world, SHELTER)) == before + consents
        assert not consents or believed(told_to(world, SHELTER)) == believed(heard)
    assert {one.handover_id for one in told_to(world, SHELTER)} <= {at_shelter}  # type: ignore[attr-defined]  # all have one


def test_given_a_consent_that_lives_when_it_is_given_anew_then_nothing_is_told_twice() -> None:
    world = World()
    person_ref, at_prosecutor, _ = reported(world)
    world.police.hear(PROSECUTOR, OffenderReleasedNotified(at_prosecutor, DAY))
    before = told_to(world, SHELTER)
    world.consent(person_ref, "assistance")
    assert told_to(world, SHELTER) == before


def test_given_a_consent_that_ran_out_when_one_is_given_for_a_day_before_that_then_what_was_missed_is_told() -> None:
    world = World()
    person_ref, at_prosecutor, at_shelter = reported(world)
    world.consent(person_ref, "assistance", expires_on=after(10))
    world.police.hear(PROSECUTOR, OffenderReleasedNotified(at_prosecutor, DAY), on=after(12))
    assert not told_to(world, SHELTER)
    world.consent(person_ref, "assistance", occurred_on=after(9))
    assert told_to(world, SHELTER) == [OffenderReleasedNotified(at_shelter, DAY)]


def test_given_news_that_arrives_after_the_consent_and_is_older_then_the_helper_hears_it() -> None:
    world = World()
    person_ref, at_prosecutor, at_shelter = reported(world)
    world.police.do(RevokeConsent, person_ref=person_ref, scope="assistance")
    world.go_to(after(5))
    world.consent(person_ref, "assistance")
    world.police.hear(PROSECUTOR, OffenderReleasedNotified(at_prosecutor, DAY), on=after(4))
    assert told_to(world, SHELTER) == [OffenderReleasedNotified(at_shelter, DAY)]


@pytest.mark.parametrize(("news", "received"), NEWS)
def test_given_a_report_by_the_police_then_the_authority_that_decides_hears_it_too(
    news: Callable[[str], object], received: type[object]
) -> None:
    world = World()
    there, _ = world.pending()
    here = world.at_referrer()
    world.police.do(ReportVictim, person_ref=here, to=PROSECUTOR, legal_basis="legal_obligation")
    world.consent(there, "assistance", world.authority)
    world.authority.do(RequestAssistance, person_ref=there, to=SHELTER)
    world.police.hear(PROSECUTOR, news(world.police.person(here).handovers[PROSECUTOR]))
    world.deliver()
    assert len(world.authority.events(there, received)) == 1
    assert told_to(world, AUTHORITY) == [news(world.police.person(here).handovers[AUTHORITY])]
    assert told_to(world, SHELTER) == [news(world.authority.person(there).handovers[SHELTER])]
    assert not told_to(world, POLICE)


def test_given_an_adult_who_takes_the_referral_back_then_the_authority_hears_no_more() -> None:
    world = World()
    world.pending()
    here = world.at_referrer()
    world.police.do(ReportVictim, person_ref=here, to=PROSECUTOR, legal_basis="legal_obligation")
    world.police.do(RevokeConsent, person_ref=here, scope="referral")
    at_prosecutor = world.police.person(here).handovers[PROSECUTOR]
    world.police.hear(PROSECUTOR, OffenderReleasedNotified(at_prosecutor, DAY))
    assert not told_to(world, AUTHORITY)


def test_given_news_before_the_referral_when_the_person_is_referred_then_the_authority_hears_what_lasts() -> None:
    world = World()
    here = world.screened()
    world.police.do(ReportVictim, person_ref=here, to=PROSECUTOR, legal_basis="legal_obligation")
    at_prosecutor = world.police.person(here).handovers[PROSECUTOR]
    world.police.hear(PROSECUTOR, OffenderReleasedNotified(at_prosecutor, DAY))
    world.consent(here, "referral")
    world.police.do(SubmitReferral, person_ref=here, to=AUTHORITY)
    world.deliver()
    [there] = world.authority.persons()
    [kept] = world.authority.events(there, OffenderReleaseReceived)
    assert (kept.sender, kept.released_on) == (POLICE, DAY)
    assert not world.authority.refusals


def test_given_an_age_in_doubt_when_assessed_then_helpers_hear_that_the_consent_counts_and_what_they_missed() -> None:
    world = World()
    person_ref, at_prosecutor, at_shelter = reported(world)
    world.police.do(DisputeAge, person_ref=person_ref, reason="appearance")
    world.police.hear(PROSECUTOR, OffenderReleasedNotified(at_prosecutor, DAY))
    assert not told_to(world, SHELTER), "an adult's own consent carries nothing for a child"
    world.police.do(AssessAge, person_ref=person_ref, method="social_work", result_band="unknown")
    assert not told_to(world, SHELTER)
    world.police.do(AssessAge, person_ref=person_ref, method="social_work", result_band="27-29")
    assert told_to(world, SHELTER) == [OffenderReleasedNotified(at_shelter, DAY)]
    assert world.told(SHELTER, ConsentNotified) == [
        ConsentNotified(at_shelter, "assistance", "revoked", DAY),
        ConsentNotified(at_shelter, "assistance", "given", DAY),
    ]
    world.police.do(AssessAge, person_ref=person_ref, method="medical", result_band="27-29")
    assert len(told_to(world, SHELTER)) == 1
    assert len(world.told(SHELTER, ConsentNotified)) == 2


@pytest.mark.parametrize("command", [DisputeAge, PresumeMinor])
def test_given_a_guardians_consent_when_treated_as_a_child_again_then_it_counts_again(command: type[object]) -> None:
    world = World()
    child = world.detected(age_band="9-17")
    world.police.do(AppointGuardian, person_ref=child, relation="state_guardian")
    world.consent(child, "assistance", given_by="guardian")
    world.police.do(RequestAssistance, person_ref=child, to=SHELTER)
    world.police.do(AssessAge, person_ref=child, method="social_work", result_band="27-29")
    [lapsed] = world.told(SHELTER, ConsentNotified)
    assert (lapsed.scope, lapsed.change) == ("assistance", "revoked")
    world.police.do(command, person_ref=child, reason="appearance")
    [_, told] = world.told(SHELTER, ConsentNotified)
    assert (told.scope, told.change) == ("assistance", "given")
