"""Which service is killed where: every service at every failpoint that it passes, each round one kill for each agency.

A run samples one round, each run another one; ``NRM_SEED`` in the test's id says which, and given to a run repeats it.
``NRM_MATRIX=whole`` runs them all.
"""

import os
from collections.abc import Mapping, Sequence
from random import Random

from tests.pathways.deployment import AUDITOR, AUTHORITY, COORDINATOR, FUND, NGO, POLICE, PROSECUTOR

SEEDS = 1_000
WHOLE = os.environ.get("NRM_MATRIX") == "whole"
RECORDS = ("append.before_commit", "append.after_commit", "store.in_commit")
PUBLISHES = ("relay.after_read", "relay.after_sign", "relay.after_publish")
REACTS = ("react.before_submit", "react.after_submit")
SHOWS = ("project.before_commit", "project.after_commit")
LOOKS = ("access.after_commit",)
DECIDES = RECORDS + PUBLISHES + REACTS + SHOWS
PLACES: Mapping[str, Sequence[str]] = {
    **dict.fromkeys((POLICE, AUTHORITY, NGO, PROSECUTOR), DECIDES + LOOKS),
    FUND: DECIDES,
    COORDINATOR: RECORDS + PUBLISHES + SHOWS + LOOKS,
    AUDITOR: RECORDS + PUBLISHES + LOOKS,
}
"""The failpoints that a service passes: the fund seals nothing that anybody could look at.

``project.before_replace`` is passed by who makes views again beside those that are read, which no process of a service
does by itself: a release with other views begins with empty ones. So that place is killed at in ``test_kills`` alone.
"""


def chosen(environment: Mapping[str, str]) -> int:
    """The seed that is given, else one of this run's own: processes that share its tests know the run by one name."""
    if given := environment.get("NRM_SEED"):
        return int(given)
    return Random(environment.get("PYTEST_XDIST_TESTRUNUID")).randrange(SEEDS)


def whole(seed: int) -> list[dict[str, str]]:
    """Every service at every place: the places of each in an order of its own, some of them the second time."""
    chance = Random(seed)
    orders = {agency: _in_turn(chance, places) for agency, places in PLACES.items()}
    count = max(len(places) for places in PLACES.values())
    return [{agency: order[nth % len(order)] for agency, order in orders.items()} for nth in range(count)]


def _in_turn(chance: Random, places: Sequence[str]) -> list[str]:
    return [
        f"{place}:{chance.randint(1, 2 if place in RECORDS else 1)}" for place in chance.sample(places, len(places))
    ]


def rounds() -> dict[str, dict[str, str]]:
    """The rounds of this run by the names of their tests."""
    seed = chosen(os.environ)
    if not WHOLE:
        return {f"NRM_SEED={seed}": whole(seed)[0]}
    return {f"NRM_SEED={seed} round {nth}": each for nth, each in enumerate(whole(seed), start=1)}
