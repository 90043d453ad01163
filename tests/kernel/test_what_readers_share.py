"""What two agencies can read names nobody to both of them, but by the handovers between the two.

Whatever they put side by side, bodies, keys, ids, hashes or times: nothing of the one equals anything of the other.
"""

import re
import uuid
from collections.abc import Iterable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, fields
from itertools import combinations
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.kernel.pair import ELSEWHERE, HERE, THIRD, Side, opened
from tests.often import often

from nrm_contracts import catalogue
from nrm_contracts.record.events import HandoverMinted
from nrm_kernel.appender import ANY_VERSION, Order
from nrm_kernel.clock import SystemClock, stamp
from nrm_kernel.decider import At, Decision, Notice
from nrm_kernel.entry import Entry
from nrm_kernel.ids import new_ref
from nrm_kernel.log import Body, Record, Run
from nrm_kernel.recording import Context, Draft
from nrm_kernel.testing.memory import MemoryLog, MemoryStore
from nrm_kernel.testing.toy import COUNTER, Announced, Counter, Raised, RaisedNotified

AGENCIES = (HERE, ELSEWHERE, THIRD)
PEOPLE = 4
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
SHORT = len("identity")
CODES = frozenset({*AGENCIES, *(kind.name for kind in catalogue.all_types())})


@dataclass(frozen=True)
class Tell:
    """A person's counter goes up, and each of these agencies is told in the same breath."""

    by: int
    person_ref: str
    fresh: dict[str, str]
    announced: bool


def decide(command: Tell, state: Counter) -> Decision:
    """A fact, a handover for each agency that has none yet, a notice to each; sometimes a word to all."""
    known = {to: state.handovers.get(to, fresh) for to, fresh in command.fresh.items()}
    minted = [HandoverMinted(command.person_ref, to, known[to]) for to in known if to not in state.handovers]
    notices = [Notice(to, about, RaisedNotified(about, command.by)) for to, about in known.items()]
    return [Raised(command.by), *minted, *notices, *([Announced(command.by)] if command.announced else [])]


@dataclass
class World:
    """Three agencies, the people whom each knows, and one log."""

    sides: dict[str, Side]
    people: dict[str, list[str]] = field(default_factory=dict)

    async def tell(self, chance: Random, origin: str) -> None:
        """One agency does something about one of its people."""
        others = [other for other in AGENCIES if other != origin]
        told = chance.sample(others, chance.randint(0, 2))
        person = chance.choice(self.people[origin])
        command = Tell(chance.randint(1, 3), person, {to: new_ref() for to in told}, chance.random() < 0.2)
        now = stamp(SystemClock().now())
        context = Context(
            recorded_at=now,
            occurred_at=now,
            agency=origin,
            actor=f"officer-of-{origin}",
            purpose="identify",
            basis="consent",
            policy={"rule": "R1"},
            causation_id=new_ref(),
            correlation_id=new_ref(),
            trace_id=new_ref(),
            sealed=({"class": "identity", "h": new_ref()},),
        )
        request_id = str(uuid.uuid4())
        order = Order(
            request_id,
            b"",
            command,
            decide,
            [At(COUNTER, person)],
            context,
            lambda _: b"",
            expected_version=ANY_VERSION,
        )
        await self.sides[origin].appender.submit(order)

    async def settle(self) -> None:
        """Everything is published and reacted to; whom an agency heard of is one of its people from then on."""
        for side in self.sides.values():
            await side.publish()
        for origin, side in self.sides.items():
            for other in AGENCIES:
                if other != origin:
                    reacting = await side.reacting(other)
                    while await reacting.step():
                        pass
            entries = await side.store.read(0, 100_000)
            heard = {entry.stream.partition("-")[2] for entry in entries if entry.type == "record.HandoverReceived"}
            self.people[origin] = sorted({*self.people[origin], *heard})

    async def shown(self, reader: str) -> list[Record]:
        """Everything that the log shows a reader."""
        log = self.sides[reader].log
        return [record for origin in AGENCIES for record in await log.read(origin, reader, 0, 1_000_000)]

    async def read(self, reader: str) -> list[Entry]:
        """The entries that it may read."""
        log = self.sides[reader].log
        return [
            Entry.of(origin, record.position, record.body)
            for origin in AGENCIES
            for record in await log.read(origin, reader, 0, 1_000_000)
            if isinstance(record, Body)
        ]


async def lived(stack: AsyncExitStack, seed: int) -> World:
    """A world with a random history."""
    chance, log = Random(seed), MemoryLog()
    folder = Path(stack.enter_context(TemporaryDirectory()))
    world = World({o: await stack.enter_async_context(opened(MemoryStore(o), log, folder)) for o in AGENCIES})
    world.people = {origin: [new_ref() for _ in range(PEOPLE)] for origin in AGENCIES}
    for _ in range(6):
        for _ in range(chance.randint(1, 5)):
            await world.tell(chance, chance.choice(AGENCIES))
        await world.settle()
    await world.settle()
    return world


def texts(value: object) -> Iterator[str]:
    """Every text in a value, keys of objects aside; names made of parts also part by part."""
    match value:
        case str():
            yield value
            yield from value.split("-", 1)
        case dict():
            for item in value.values():
                yield from texts(item)
        case list():
            for item in value:
                yield from texts(item)


def said(entries: Iterable[Entry]) -> set[str]:
    """What entries say, with their hashes and places: all that could name somebody, so no codes and no days."""
    everything = (
        text
        for entry in entries
        for text in (*texts(entry.envelope), entry.leaf.hex(), f"{entry.origin} at {entry.position}")
    )
    return {text for text in everything if len(text) > SHORT and text not in CODES and not DAY.fullmatch(text)}


async def joined(world: World) -> dict[tuple[str, str], set[str]]:
    """For each two agencies, what the one reads that the other reads too, but for what they or anybody told both."""
    found = {}
    for one, other in combinations(AGENCIES, 2):
        theirs, others = await world.read(one), await world.read(other)
        told = said(entry for entry in theirs if {entry.origin, entry.to} == {one, other})
        announced = said(entry for entry in theirs if entry.type == "testing.Announced")
        found[one, other] = (said(theirs) & said(others)) - told - announced
    return found


@pytest.mark.slow
@given(st.integers(0, 2**32))
@settings(max_examples=often(15), deadline=None)
async def test_no_value_is_in_what_two_agencies_read_but_what_they_told_each_other(seed: int) -> None:
    async with AsyncExitStack() as stack:
        world = await lived(stack, seed)
        assert not any((await joined(world)).values())


async def test_there_is_something_to_join() -> None:
    async with AsyncExitStack() as stack:
        world = await lived(stack, 1)
        for one, other in combinations(AGENCIES, 2):
            theirs = await world.read(one)
            assert [entry for entry in theirs if {entry.origin, entry.to} == {one, other}]
            assert len(said(theirs)) > 100


@pytest.mark.parametrize("name", ["request_id", "causation_id", "correlation_id", "trace_id", "recorded_at"])
async def test_a_value_that_the_notices_of_one_command_share_is_found(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = Draft._notice

    def careless(self: Draft, to: str) -> dict[str, object]:
        value = self.request_id if name == "request_id" else getattr(self.context, name)
        return {**notice(self, to), name: value}

    monkeypatch.setattr(Draft, "_notice", careless)
    async with AsyncExitStack() as stack:
        assert any((await joined(await lived(stack, 1))).values())


async def test_a_hidden_entry_is_shown_as_a_hash_and_nothing_else() -> None:
    async with AsyncExitStack() as stack:
        world = await lived(stack, 1)
        runs = [record for record in await world.shown(THIRD) if isinstance(record, Run)]
    assert {each.name for each in fields(Run)} == {"first", "leaves"}
    assert {len(leaf) for run in runs for leaf in run.leaves} == {32}
