"""The invented world: drawn from its seed alone, whole in itself, and like the published figures."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from random import Random

import pytest
from google.protobuf.message import Message
from hypothesis import given, settings
from hypothesis import strategies as st

from nrm.demo import shares, stories
from nrm.demo.acts.funding import PRICES_MINOR
from nrm.demo.agencies import HARBOUR, ORIGINS, REGIONS
from nrm.demo.people import invented
from nrm.demo.step import Step
from nrm.demo.world import World, world
from nrm_contracts.assistance.v1.units_pb2 import DeliverServiceUnitRequest
from nrm_contracts.codes import check
from nrm_contracts.funding.v1.contracts_pb2 import AwardContractRequest
from nrm_contracts.identification.v1.persons_pb2 import DetectPersonRequest
from nrm_contracts.prosecution.v1.court_pb2 import EnterJudgmentRequest

END = date(2026, 11, 20)


@pytest.fixture(scope="module")
def big() -> World:
    """The world as it is by default."""
    return world(1, 2_000, END)


def all_steps(of: World) -> Iterator[tuple[str, Step]]:
    return ((thread.agency, step) for thread in of.threads for step in thread.steps)


def texts(message: Message) -> Iterator[str]:
    for field, value in message.ListFields():
        for item in value if field.is_repeated else (value,):
            if isinstance(item, str):
                yield item
            elif isinstance(item, Message):
                yield from texts(item)


@pytest.mark.slow
@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 10**6), persons=st.integers(stories.COUNT + 1, 120))
def test_the_same_seed_gives_the_same_world(seed: int, persons: int) -> None:
    assert world(seed, persons, END) == world(seed, persons, END)


def test_another_seed_gives_another_world() -> None:
    assert world(1, 60, END).threads != world(2, 60, END).threads


@pytest.mark.slow
@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_every_label_that_a_step_needs_is_given_by_some_step(seed: int) -> None:
    steps = [step for _, step in all_steps(world(seed, 150, END))]
    given_labels = {label for step in steps for label in step.gives.values()}
    needed = {text for step in steps if step.on <= END for text in texts(step.request) if text.startswith("@")}
    assert needed <= given_labels


@pytest.mark.slow
@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_every_mark_that_a_step_waits_for_is_made_by_some_step(seed: int) -> None:
    steps = [step for _, step in all_steps(world(seed, 150, END))]
    assert {step.after for step in steps} - {""} <= {step.marks for step in steps}


def test_a_thread_of_a_person_never_goes_back_in_time(big: World) -> None:
    back = [
        (thread.agency, before.method, after.method)
        for thread in big.threads
        for before, after in zip(thread.steps, thread.steps[1:], strict=False)
        if after.on < before.on
    ]
    assert not back


def test_nobody_is_found_before_the_history_begins_or_after_it_ends(big: World) -> None:
    days = [step.on for _, step in all_steps(big) if step.method in ("DetectPerson", "RegisterPerson")]
    assert big.start <= min(days)
    assert max(days) <= big.end


def test_as_many_persons_as_asked_for_and_three_in_a_hundred_twice(big: World) -> None:
    found = [label for _, step in all_steps(big) for label in step.gives.values() if label.startswith("@person-")]
    assert len(found) == len(set(found))
    twice = [label for label in found if label.endswith("-again")]
    assert len(found) - len(twice) == 2_000
    assert 30 <= len(twice) <= 90


def test_attributes_follow_the_published_shares(big: World) -> None:
    requests = [step.request for _, step in all_steps(big)]
    detected = [request for request in requests if isinstance(request, DetectPersonRequest)]
    sexes = Counter(request.sex for request in detected)
    assert sexes["male"] / len(detected) == pytest.approx(shares.SEX["male"] / 100, abs=0.04)
    assert {request.region for request in detected} == set(REGIONS)


def test_regions_stand_on_the_list() -> None:
    for region in REGIONS:
        check("iso_3166_2", region)


def test_arrivals_grow_from_year_to_year(big: World) -> None:
    found = Counter((step.on - big.start).days // 365 for _, step in all_steps(big) if step.method == "DetectPerson")
    assert found[0] < found[1] < found[2]


def test_only_agencies_of_the_country_act(big: World) -> None:
    assert {thread.agency for thread in big.threads} <= set(ORIGINS)


def test_every_name_says_that_it_is_invented(big: World) -> None:
    identities = [who.identity.identity for who in (invented(Random(nth), nth) for nth in range(50))]
    assert {one.given_names for one in identities} == {"Nobody"}
    assert all(one.family_name.startswith("Invented-") for one in identities)
    sealed = [step.request for _, step in all_steps(big) if "identity" in _set_fields(step.request)]
    assert len(sealed) > 1_000
    assert all("Nobody" in set(texts(request)) for request in sealed)


def _set_fields(message: Message) -> set[str]:
    return {field.name for field, _ in message.ListFields()}


def test_the_planted_stories_are_all_there(big: World) -> None:
    assert [story.name for story in big.stories] == [
        "nobody_picked_up", "duplicate", "overspent", "revoked", "refuses_but_shelter", "charged", "six_months",
        "reconsidered", "boat",
    ]  # fmt: skip


def test_the_boat_has_24_victims_3_defendants_and_1_convicted(big: World) -> None:
    boat = next(story for story in big.stories if story.name == "boat")
    steps = [step for thread in boat.threads for step in thread.steps]
    methods = Counter(step.method for step in steps)
    assert methods["DetectPerson"] == methods["LinkVictim"] == 24
    assert methods["AddDefendant"] == 3
    judged = [step.request.outcome for step in steps if isinstance(step.request, EnterJudgmentRequest)]
    assert judged.count("convicted") == 1


def test_nobody_ever_takes_up_the_referral_that_nobody_picked_up(big: World) -> None:
    story = next(story for story in big.stories if story.name == "nobody_picked_up")
    taken_up = {
        text for _, step in all_steps(big) if step.method == "AcknowledgeReferral" for text in texts(step.request)
    }
    assert story.label not in taken_up


def test_the_overspent_contract_is_enough_until_december_and_not_for_it(big: World) -> None:
    year = next(story for story in big.stories if story.name == "overspent").units[0].first.year
    label = f"@contract-{HARBOUR.rsplit('/', 1)[1]}-{year}"
    [award] = [step.request for _, step in all_steps(big) if label in step.gives.values()]
    assert isinstance(award, AwardContractRequest)
    [ceiling] = award.years
    units = [
        step for _, step in all_steps(big) if step.method == "DeliverServiceUnit" and label in set(texts(step.request))
    ]
    spent = dict.fromkeys(("before", "december"), 0)
    for step in units:
        spent["december" if step.on > date(year, 12, 1) else "before"] += _price_minor(step.request)
    assert spent["before"] <= ceiling.ceiling_minor < spent["before"] + spent["december"]


def _price_minor(request: Message) -> int:
    assert isinstance(request, DeliverServiceUnitRequest)
    return PRICES_MINOR[request.service_code, request.unit] * request.qty_milli // 1_000
