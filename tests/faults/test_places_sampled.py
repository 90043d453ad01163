"""Which places a run samples: others each time, the same in all processes that share it, and any of them again."""

from itertools import chain

from tests.faults.matrix import PLACES, SEEDS, chosen, whole

from nrm_kernel.failpoints import NAMES

PLACES_OF_ALL = {(agency, place) for agency, places in PLACES.items() for place in places}


def test_processes_that_share_a_run_choose_alike_and_another_run_may_choose_otherwise() -> None:
    runs = [{"PYTEST_XDIST_TESTRUNUID": f"{number:032x}"} for number in range(20)]
    assert [chosen(run) for run in runs] == [chosen(run) for run in runs]
    assert len({chosen(run) for run in runs}) > 1


def test_a_seed_that_is_given_is_taken_and_repeats_its_places() -> None:
    assert chosen({"NRM_SEED": "7", "PYTEST_XDIST_TESTRUNUID": "a"}) == 7
    assert whole(7) == whole(7)
    assert 0 <= chosen({}) < SEEDS


def test_every_place_is_first_for_some_seed_so_that_no_place_is_never_sampled() -> None:
    sampled = chain.from_iterable(whole(seed)[0].items() for seed in range(SEEDS))
    assert {(agency, place.partition(":")[0]) for agency, place in sampled} == PLACES_OF_ALL


def test_no_failpoint_is_left_out_but_the_one_that_no_service_passes() -> None:
    assert set(NAMES) - {place for _, place in PLACES_OF_ALL} == {"project.before_replace"}
