"""News of a person's safety goes from the prosecutor to those who help, through whom both of them know."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.identification.scene import AUTHORITY, DAY, POLICE, PROSECUTOR, SECOND_POLICE, SHELTER, after
from tests.identification.story import World

from nrm_contracts.identification.events import (
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
from nrm_identification.domain.consent import RevokeConsent
from nrm_identification.domain.merging import ConfirmRecordsChange, MergePersonRecords
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


@given(st.lists(st.booleans(), max_size=6))
def test_whoever_was_asked_to_help_knows_each_release_as_soon_as_the_person_lets_them(agrees: list[bool]) -> None:
    world = World()
    person_ref, at_prosecutor, at_shelter = reported(world)
    consents, released, known = True, set[date](), set[date]()
    for nth, yes in enumerate(agrees):
        if yes and not consents:
            world.consent(person_ref, "assistance")
        elif consents and not yes:
            world.police.do(RevokeConsent, person_ref=person_ref, scope="assistance")
        consents = yes
        on = after(-nth)
        world.police.hear(PROSECUTOR, OffenderReleasedNotified(at_prosecutor, on))
        released.add(on)
        told = world.told(SHELTER, OffenderReleasedNotified)
        known = released if consents else known
        assert {one.released_on for one in told} == known
        assert {one.handover_id for one in told} <= {at_shelter}
        known = set(known)
