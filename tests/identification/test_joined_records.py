"""What one record of a person knows counts in the other as long as the two are one person's, and no longer."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.identification.scene import (
    AUTHORITY,
    DAY,
    OTHER_SHELTER,
    POLICE,
    PROSECUTOR,
    SECOND_POLICE,
    SHELTER,
    UK,
    after,
    ref,
    with_deadline,
)
from tests.identification.story import World, kinds_due
from tests.identification.test_safety_passed_on import ANY_NEWS, believed, told_to
from tests.often import often

from nrm_contracts.assistance.events import ContactFound, ContactLost
from nrm_contracts.identification.events import HearingReceived
from nrm_contracts.prosecution.events import (
    HearingCalledOffNotified,
    HearingNotified,
    NonPunishmentNotified,
    OffenderReleasedNotified,
    ProtectionMeasureNotified,
    VictimChargedNotified,
)
from nrm_identification.domain.child import AppointGuardian, AssessAge
from nrm_identification.domain.deciding import DecideStage
from nrm_identification.domain.merging import ConfirmRecordsChange, MergePersonRecords, UnmergePersonRecords
from nrm_identification.domain.referral import ReturnReferral
from nrm_identification.domain.sharing import ReportVictim, RequestAssistance
from nrm_identification.opening import kept as what_keeps

OTHER_PROSECUTOR = "test/prosecution/other"
Form = Callable[[str], object]


def joined(world: World, kept: str, absorbed: str, at: str = POLICE) -> None:
    agency, pair = world.agencies[at], {"person_ref": kept, "absorbed_ref": absorbed}
    agency.do(MergePersonRecords, basis="documents", **pair)
    agency.do(ConfirmRecordsChange, officer="officer-2", **pair)


def parted(world: World, kept: str, absorbed: str, at: str = POLICE) -> None:
    agency, pair = world.agencies[at], {"person_ref": kept, "absorbed_ref": absorbed}
    agency.do(UnmergePersonRecords, reason="merged_in_error", **pair)
    agency.do(ConfirmRecordsChange, officer="officer-2", **pair)


def helped(world: World, shelter: str) -> tuple[str, str]:
    """A person whom the police reported and for whom they asked this shelter: and the name at the prosecutor."""
    person_ref = world.detected()
    world.consent(person_ref, "assistance")
    world.police.do(RequestAssistance, person_ref=person_ref, to=shelter)
    world.police.do(ReportVictim, person_ref=person_ref, to=PROSECUTOR, legal_basis="legal_obligation")
    return person_ref, world.police.person(person_ref).handovers[PROSECUTOR]


STEP = st.one_of(
    st.tuples(st.sampled_from([0, 1]), ANY_NEWS),
    st.sampled_from(["join", "part"]),
)


@settings(max_examples=often(60))
@given(st.lists(STEP, max_size=12))
def test_each_helper_knows_what_stands_in_both_records_as_long_as_they_are_one_persons(
    steps: list[str | tuple[int, Form]],
) -> None:
    world = World()
    people = [helped(world, SHELTER), helped(world, OTHER_SHELTER)]
    (kept, _), (absorbed, _) = people
    heard: tuple[list[object], list[object]] = ([], [])
    are_one = False
    for step in steps:
        match step:
            case "join" if not are_one:
                joined(world, kept, absorbed)
                are_one = True
            case "part" if are_one:
                parted(world, kept, absorbed)
                are_one = False
            case (who, news):
                world.police.hear(PROSECUTOR, news(people[who][1]))
                heard[who].append(news(""))
        own = [believed(each) for each in heard]
        both = tuple(one | other for one, other in zip(*own, strict=True))
        for shelter, alone in zip((SHELTER, OTHER_SHELTER), own, strict=True):
            _releases, *now = believed(told_to(world, shelter))
            assert now == list((both if are_one else alone)[1:])
            assert _releases >= (both if are_one else alone)[0], "a danger once told is not taken back"


NEWS: list[Form] = [
    lambda name: OffenderReleasedNotified(name, DAY),
    lambda name: HearingNotified(name, after(20), "trial"),
    lambda name: ProtectionMeasureNotified(name, "no_contact_order", "granted", DAY, after(90)),
]


@pytest.mark.parametrize("news", NEWS)
def test_given_news_of_the_absorbed_record_when_help_is_asked_for_later_then_the_helper_hears_it(news: Form) -> None:
    world = World()
    kept = world.detected()
    absorbed, at_prosecutor = helped(world, OTHER_SHELTER)
    world.police.hear(PROSECUTOR, news(at_prosecutor))
    joined(world, kept, absorbed)
    world.consent(kept, "assistance")
    world.police.do(RequestAssistance, person_ref=kept, to=SHELTER)
    assert told_to(world, SHELTER) == [news(world.police.person(kept).handovers[SHELTER])]


@pytest.mark.parametrize("news", NEWS)
def test_given_records_parted_again_when_help_is_asked_for_then_nothing_of_the_other_persons_is_told(
    news: Form,
) -> None:
    world = World()
    kept = world.detected()
    absorbed, at_prosecutor = helped(world, OTHER_SHELTER)
    joined(world, kept, absorbed)
    world.police.hear(PROSECUTOR, news(at_prosecutor))
    parted(world, kept, absorbed)
    world.consent(kept, "assistance")
    world.police.do(RequestAssistance, person_ref=kept, to=SHELTER)
    assert told_to(world, SHELTER) == []


def test_given_who_knows_of_the_absorbed_record_alone_when_parted_then_what_it_was_told_of_it_stands() -> None:
    """The referrer of the absorbed record, too, hears the other one's news as long as the two are one."""
    world = World()
    (kept, _), (absorbed, _) = world.pending(), world.pending(world.agencies[SECOND_POLICE])
    for person_ref, on in ((kept, after(20)), (absorbed, after(30))):
        world.authority.hear(PROSECUTOR, HearingNotified(world.reported(person_ref), on, "trial"))
    joined(world, kept, absorbed, AUTHORITY)
    days = {("trial", after(20)), ("trial", after(30))}
    for referrer in (POLICE, SECOND_POLICE):
        assert believed(told_to(world, referrer))[1] == days
    parted(world, kept, absorbed, AUTHORITY)
    assert believed(told_to(world, POLICE))[1] == {("trial", after(20))}
    assert believed(told_to(world, SECOND_POLICE))[1] == {("trial", after(30))}


def test_given_hearings_of_one_kind_and_day_at_two_prosecutors_when_one_is_called_off_then_the_other_stands() -> None:
    world = World()
    person_ref, at_prosecutor = helped(world, SHELTER)
    world.police.people[ref(98)] = person_ref
    world.police.hear(PROSECUTOR, HearingNotified(at_prosecutor, after(20), "trial"))
    world.police.hear(OTHER_PROSECUTOR, HearingNotified(ref(98), after(20), "trial"))
    assert len(world.police.events(person_ref, HearingReceived)) == 2
    world.police.hear(PROSECUTOR, HearingCalledOffNotified(at_prosecutor, after(20), "trial"))
    assert believed(told_to(world, SHELTER))[1] == {("trial", after(20))}
    world.police.hear(OTHER_PROSECUTOR, HearingCalledOffNotified(ref(98), after(20), "trial"))
    assert believed(told_to(world, SHELTER))[1] == set()


def test_given_two_agencies_that_tell_each_other_of_a_hearing_when_called_off_then_it_stands_at_neither() -> None:
    world = World()
    there, _ = world.pending()
    here = world.at_referrer()
    world.consent(here, "assistance")
    world.police.do(RequestAssistance, person_ref=here, to=SHELTER)
    world.police.do(ReportVictim, person_ref=here, to=PROSECUTOR, legal_basis="legal_obligation")
    at_prosecutor = world.police.person(here).handovers[PROSECUTOR]
    names = [(world.authority, world.reported(there)), (world.police, at_prosecutor)]
    for form in (HearingNotified, HearingCalledOffNotified):
        for agency, name in names:
            agency.hear(PROSECUTOR, form(name, after(20), "trial"))
        world.deliver()
        expected = {("trial", after(20))} if form is HearingNotified else set()
        assert believed(told_to(world, SHELTER))[1] == expected


def test_given_a_child_by_the_other_record_when_joined_then_treated_as_a_child_until_assessed() -> None:
    world = World()
    kept, absorbed = world.detected(), world.detected(age_band="9-17")
    joined(world, kept, absorbed)
    assert world.police.person(kept).childhood.is_child
    assert {"age_assessment", "guardian_appointment"} <= kinds_due(world.police, kept)
    world.police.do(AssessAge, person_ref=kept, method="social_work", result_band="27-29")
    assert not world.police.person(kept).childhood.is_child


def test_given_an_adult_by_assessment_when_joined_with_a_claimed_child_then_an_adult() -> None:
    world = World()
    kept, absorbed = world.detected(), world.detected(age_band="9-17")
    world.police.do(AssessAge, person_ref=kept, method="social_work", result_band="27-29")
    joined(world, kept, absorbed)
    assert not world.police.person(kept).childhood.is_child


def test_given_somebody_missing_by_the_other_record_when_joined_then_not_decided_against() -> None:
    world = World()
    (kept, referral_id), (absorbed, _) = world.pending(), world.pending(world.agencies[SECOND_POLICE])
    world.lose(absorbed)
    joined(world, kept, absorbed, AUTHORITY)
    negative = {"referral_id": referral_id, "stage": 1, "outcome": "negative", "grounds": ("elements_not_met",)}
    assert world.authority.refused(DecideStage, person_ref=kept, **negative) == "PERSON_MISSING"
    assert "lost_contact_check" in kinds_due(world.authority, kept)
    world.authority.hear(SHELTER, ContactFound(world.authority.person(absorbed).handovers[SHELTER], DAY))
    assert "lost_contact_check" not in kinds_due(world.authority, kept)
    world.decide(kept, referral_id, 1, "negative")


@pytest.mark.parametrize("told_while_joined", [False, True])
def test_given_who_is_missing_or_charged_in_the_other_record_alone_when_parted_then_neither_here(
    told_while_joined: bool,
) -> None:
    world = World()
    (kept, _), (absorbed, _) = world.pending(), world.pending(world.agencies[SECOND_POLICE])
    world.consent(absorbed, "assistance", world.authority)
    world.authority.do(RequestAssistance, person_ref=absorbed, to=SHELTER)
    at_prosecutor = world.reported(absorbed)
    before = kinds_due(world.authority, kept)
    if told_while_joined:
        joined(world, kept, absorbed, AUTHORITY)
    world.authority.hear(SHELTER, ContactLost(world.authority.person(absorbed).handovers[SHELTER], DAY))
    world.authority.hear(PROSECUTOR, VictimChargedNotified(at_prosecutor, DAY))
    if not told_while_joined:
        joined(world, kept, absorbed, AUTHORITY)
    person = world.authority.person(kept)
    assert (person.missing_since, person.charged_on) == (DAY, DAY)
    assert kinds_due(world.authority, kept) == before | {"lost_contact_check", "non_punishment_review"}
    parted(world, kept, absorbed, AUTHORITY)
    person = world.authority.person(kept)
    assert (person.missing_since, person.charged_on) == (None, None)
    assert kinds_due(world.authority, kept) == before
    other = world.authority.person(absorbed)
    assert (other.missing_since, other.charged_on) == (DAY, DAY)


def test_given_a_charge_in_the_other_record_when_joined_then_the_open_decision_is_due_before_its_review() -> None:
    world = World(with_deadline(UK, "non_punishment_review", 3))
    (kept, referral_id), (absorbed, _) = world.pending(), world.pending(world.agencies[SECOND_POLICE])
    at_prosecutor = world.reported(absorbed)
    world.authority.hear(PROSECUTOR, VictimChargedNotified(at_prosecutor, DAY))
    joined(world, kept, absorbed, AUTHORITY)
    due = world.authority.person(kept).deadlines
    assert due["stage_decision", referral_id].due_on == due["non_punishment_review", kept].due_on == after(3)
    world.authority.hear(PROSECUTOR, NonPunishmentNotified(at_prosecutor, "dropped", after(3)))
    assert "non_punishment_review" not in kinds_due(world.authority, kept)


def test_given_a_referral_open_in_one_record_alone_when_joined_then_that_record_goes_on() -> None:
    world = World()
    other, (referred, referral_id) = world.detected(world.authority), world.referred()
    pair = {"person_ref": other, "absorbed_ref": referred, "basis": "documents"}
    assert world.authority.refused(MergePersonRecords, **pair) == "REFERRAL_OPEN"
    joined(world, referred, other, AUTHORITY)
    parted(world, referred, other, AUTHORITY)
    world.authority.do(ReturnReferral, person_ref=referred, referral_id=referral_id, missing=("account",))
    joined(world, other, referred, AUTHORITY)


def test_erasure_waits_for_what_is_open_in_any_record_of_the_person_that_counts() -> None:
    world = World()
    kept, absorbed = world.negative()[0], world.detected(world.authority)
    records = [kept, absorbed]

    def is_open() -> bool:
        return what_keeps(DAY, *map(world.authority.person, records)).open

    assert is_open(), "a screening is due in the second one"
    joined(world, kept, absorbed, AUTHORITY)
    assert not is_open(), "for what rests in it, the record that goes on stands"
    parted(world, kept, absorbed, AUTHORITY)
    assert is_open()


def test_erasure_waits_for_an_authority_that_was_asked_under_the_absorbed_record() -> None:
    world = World()
    for _ in range(2):
        world.pending()
    kept, absorbed = world.police.persons()
    joined(world, kept, absorbed)
    assert what_keeps(DAY, world.police.person(absorbed)).open


def test_a_guardian_is_no_less_due_in_the_record_that_goes_on() -> None:
    world = World()
    kept, absorbed = world.detected(), world.detected(age_band="9-17")
    world.police.do(AppointGuardian, person_ref=absorbed, relation="state_guardian")
    joined(world, kept, absorbed)
    assert "guardian_appointment" in kinds_due(world.police, kept)
