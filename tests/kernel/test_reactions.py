"""A notice has its effect once, in order, whatever fails in between; what is refused is on record and blocks nobody."""

import asyncio
import io
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from tests.kernel.pair import ELSEWHERE, HERE, THIRD, Side, forged, handover, notice, opened, reacted

from nrm_contracts.identification.events import RecordsMergedNotified
from nrm_kernel import failpoints
from nrm_kernel import reactions as reactions_module
from nrm_kernel.appender import BATCH_MAX
from nrm_kernel.decider import At
from nrm_kernel.entry import Entry, Json
from nrm_kernel.errors import Unavailable
from nrm_kernel.reactions import FOREIGN, UNREADABLE, Reacting
from nrm_kernel.service import Ask, Asking, Reaction
from nrm_kernel.store import Batch
from nrm_kernel.telemetry import Telemetry, log_to, silent
from nrm_kernel.testing import memory, toy
from nrm_kernel.testing.toy import COUNTER, LIMIT, Raise, RaisedNotified


class Died(BaseException):
    """What a process that is killed leaves unfinished."""


def die() -> None:
    raise Died


async def told(here: Side, *raises: int, to: str = ELSEWHERE) -> None:
    """Raises that the other agency is told of, each about another person, published."""
    for number, by in enumerate(raises):
        await here.give(Raise(by, to, handover(number)), f"k{number}")
    await here.publish()


async def test_a_notice_has_its_effect(pair: tuple[Side, Side]) -> None:
    here, other = pair
    await told(here, 3, 4)
    await reacted(other)
    assert sorted(await other.values()) == [3, 4]
    person = (await other.store.people_behind((handover(0),), HERE))[handover(0)]
    assert [entry.event for entry in await other.store.stream(f"counter-{person}")][1:] == [toy.Raised(3)]


async def test_what_a_reaction_records_names_its_cause_and_nothing_of_the_senders_own(pair: tuple[Side, Side]) -> None:
    here, other = pair
    await told(here, 3)
    await reacted(other)
    (cause,) = [entry for entry in await here.store.read(0, 10) if entry.to]
    for entry in await other.store.read(0, 10):
        assert entry.text("causation_id") == cause.text("id")
        assert (entry.occurred_at, entry.text("agency"), entry.text("actor")) == (cause.occurred_at, ELSEWHERE, "")
        assert entry.envelope["policy"] == {"version": "toy-1"}


async def test_reading_everything_again_has_no_second_effect(pair: tuple[Side, Side]) -> None:
    here, other = pair
    await told(here, 3, 4)
    for _ in range(3):
        reacting = await other.reacting(HERE)
        reacting._follower = other.follower(HERE)
        await reacted(other, reacting)
    assert sorted(await other.values()) == [3, 4]
    assert len(await other.store.read(0, 100)) == 4


@pytest.mark.parametrize("where", ["react.before_submit", "react.after_submit"])
@pytest.mark.parametrize("turn", [1, 2, 3])
async def test_a_death_at_any_place_leaves_one_effect(
    pair: tuple[Side, Side], where: str, turn: int, tmp_path: Path
) -> None:
    here, other = pair
    for _ in range(3):
        await told(here, 1, 2)
    failpoints.arm(f"{where}:{turn}", die)
    with suppress(Died):
        await reacted(other)
    failpoints.arm("", die)
    async with opened(other.store, other.log, tmp_path) as again:
        await reacted(again)
    assert sorted(await other.values()) == [1, 1, 1, 2, 2, 2]


async def test_what_is_read_and_has_no_effect_yet_does_not_count_as_reacted_to(pair: tuple[Side, Side]) -> None:
    here, other = pair
    await told(here, 1, 2)
    reacting, reached = await other.reacting(HERE), list[int]()
    failpoints.arm("react.before_submit", lambda: reached.append(reacting.size))
    await reacted(other, reacting)
    failpoints.arm("", die)
    assert (reached, reacting.size) == ([0], await here.store.size())


async def test_the_cursor_moves_in_the_transaction_of_the_last_effect(
    pair: tuple[Side, Side], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, other = pair
    await told(here, 1, 2, 3)
    batches: list[Batch] = []
    commit = memory._MemoryWriting.commit

    async def watched(self: Any, batch: Batch) -> None:  # noqa: ANN401 - a class private to the adapter
        batches.append(batch)
        await commit(self, batch)

    monkeypatch.setattr(memory._MemoryWriting, "commit", watched)
    await reacted(other)
    effects = sum(len(batch.replies) for batch in batches)
    assert [len(batch.cursors) for batch in batches][-1] == 1
    assert sum(len(batch.cursors) for batch in batches) == 1
    assert effects == 3
    cursor = await other.store.cursor(Reacting.cursor_name(HERE))
    assert cursor is not None
    assert cursor.frontier.size == await here.store.size()


@pytest.mark.slow
async def test_when_the_first_of_many_batches_fails_nothing_is_lost(
    pair: tuple[Side, Side], monkeypatch: pytest.MonkeyPatch
) -> None:
    here, other = pair
    count = BATCH_MAX + 50
    await forged(here, *(notice(number) for number in range(count)))
    commit = memory._MemoryWriting.commit
    failures = [Unavailable("STORE_UNAVAILABLE", "The disk is full.")]

    async def fails_once(self: Any, batch: Batch) -> None:  # noqa: ANN401 - a class private to the adapter
        if failures:
            raise failures.pop()
        await commit(self, batch)

    monkeypatch.setattr(memory._MemoryWriting, "commit", fails_once)
    reacting = await other.reacting(HERE)
    with pytest.raises(Unavailable):
        await reacting.step()
    assert await other.store.cursor(Reacting.cursor_name(HERE)) is None
    await reacted(other, reacting)
    assert len(await other.values()) == count


async def test_a_refused_reaction_is_on_record_with_its_reason_and_blocks_nobody(pair: tuple[Side, Side]) -> None:
    here, other = pair
    await here.give(Raise(LIMIT, ELSEWHERE, handover(0)), "a")
    await here.give(Raise(5, ELSEWHERE, handover(1)), "b")
    await other.give(Raise(1, HERE, handover(0)), "known")
    person = (await other.store.people_behind((handover(0),), HERE))[handover(0)]
    assert person == "0" * 32
    await other.give(Raise(1), person)
    await here.publish()
    await reacted(other)
    assert await other.refusals() == [("raised", "LIMIT_REACHED")]
    assert 5 in await other.values()
    assert LIMIT not in await other.values()
    cursor = await other.store.cursor(Reacting.cursor_name(HERE))
    assert cursor is not None


def failing(fault: Exception, *, deciding: bool) -> Reaction:
    """A reaction with a mistake in it, or in the rules that it asks."""

    def decide(_command: object, _state: object) -> Sequence[object]:
        raise fault

    async def react(_notice: RaisedNotified, _entry: Entry, _asking: Asking) -> Sequence[Ask]:
        if deciding:
            return [Ask(Raise(1), decide, [At(COUNTER, "x")])]
        raise fault

    return replace(toy.REACTION, name="faulty", react=react)


@pytest.mark.parametrize("deciding", [False, True])
async def test_a_fault_in_a_reaction_is_on_record_and_blocks_nobody(pair: tuple[Side, Side], deciding: bool) -> None:
    here, other = pair
    await told(here, 1, 2)
    reacting = await other.reacting(HERE, [failing(KeyError("a mistake"), deciding=deciding)])
    await reacted(other, reacting)
    assert await other.refusals() == [("faulty", "FAULT_KEYERROR")] * 2
    assert not await reacting.step()


async def test_each_refused_notice_has_a_stream_of_its_own(pair: tuple[Side, Side]) -> None:
    here, other = pair
    await told(here, 1, 2, 3)
    await reacted(other, await other.reacting(HERE, [failing(KeyError("a mistake"), deciding=False)]))
    entries = await other.store.read(0, 10)
    assert {entry.stream for entry in entries} == {f"reaction-{entry.text('causation_id')}" for entry in entries}
    assert [entry.seq for entry in entries] == [0, 0, 0]


async def test_a_notice_that_its_sender_has_no_business_to_send_is_on_record_told_and_blocks_nobody(
    pair: tuple[Side, Side],
) -> None:
    here, other = pair
    merge = {"handover_id": handover(1), "other_handover_id": handover(2), "change": "merged"}
    foreign: dict[str, Json] = {**notice(1), "type": "identification.RecordsMergedNotified", "data": {**merge}}
    await forged(here, notice(2, 2), foreign, notice(3, 3))
    merging = Reaction("merging", RecordsMergedNotified, failing(KeyError("shown"), deciding=False).react)
    lines = io.BytesIO()
    reacting = await other.reacting(HERE, [toy.REACTION, merging], telemetry=Telemetry(silent().tracer, log_to(lines)))
    await reacted(other, reacting)
    assert sorted(await other.values()) == [2, 3]
    assert await other.refusals() == [("merging", FOREIGN)]
    told = orjson.loads(lines.getvalue())
    assert (told["event"], told["origin"], told["position"]) == ("notice_foreign", HERE, 1)


HOSTILE: list[dict[str, Json]] = [
    {**notice(1), "type": ["testing.RaisedNotified"]},
    {**notice(1), "data": {"handover_id": "x", "by": 1}},
    {**notice(1), "data": ["no", "fields"]},
    {**notice(1), "id": "no reference"},
    {**notice(1), "id": 7},
    {**notice(1), "basis": "b" * 60_000},
    {**notice(1), "occurred_at": ["2026"]},
    {**notice(1), "stream": {"a": 1}},
    {name: value for name, value in notice(1).items() if name != "data"},
    {name: value for name, value in notice(1).items() if name != "id"},
    {},
]


@pytest.mark.parametrize("envelope", HOSTILE)
async def test_a_notice_that_cannot_be_read_is_on_record_and_blocks_nobody(
    pair: tuple[Side, Side], envelope: dict[str, Json]
) -> None:
    here, other = pair
    await forged(here, notice(2, 2), envelope, notice(3, 3))
    await reacted(other)
    assert sorted(await other.values()) == [2, 3]
    assert await other.refusals() == [(UNREADABLE, UNREADABLE)]


async def test_an_agency_does_not_act_on_what_was_told_before_it_was_admitted(pair: tuple[Side, Side]) -> None:
    here, other = pair
    await told(here, 1, 2)
    size = await here.store.size()
    await told(here, 4)
    await reacted(other, await other.reacting(HERE, admitted_at=size))
    assert await other.values() == [4]


async def test_notices_to_others_are_none_of_its_business(pair: tuple[Side, Side]) -> None:
    here, other = pair
    await told(here, 1, to=THIRD)
    await reacted(other)
    assert await other.store.size() == 0


async def test_a_notice_that_no_reaction_is_for_is_passed_over(pair: tuple[Side, Side]) -> None:
    here, other = pair
    await told(here, 1)
    await reacted(other, await other.reacting(HERE, []))
    assert await other.store.size() == 0


def noting(seen: list[int], pause: Callable[[int], float] = lambda _by: 0.0) -> Reaction:
    """A reaction that notes what it is shown, and takes its time."""

    async def react(told_of: RaisedNotified, entry: Entry, asking: Asking) -> Sequence[Ask]:
        await asyncio.sleep(pause(told_of.by))
        seen.append(told_of.by)
        return await toy.on_raised(told_of, entry, asking)

    return replace(toy.REACTION, name="noting", react=react)


async def test_notices_about_one_person_keep_their_order(pair: tuple[Side, Side]) -> None:
    here, other = pair
    for by in range(1, 8):
        await here.give(Raise(by, ELSEWHERE, handover(by % 2)), f"k{by % 2}")
    await here.publish()
    seen: list[int] = []
    await reacted(other, await other.reacting(HERE, [noting(seen, lambda by: 0.001 * (8 - by))]))
    for parity in (0, 1):
        assert [by for by in seen if by % 2 == parity] == [by for by in range(1, 8) if by % 2 == parity]
        person = (await other.store.people_behind((handover(parity),), HERE))[handover(parity)]
        raised = [entry.event for entry in await other.store.stream(f"counter-{person}")]
        assert [one.by for one in raised if isinstance(one, toy.Raised)] == list(range(2 - parity, 8, 2))


async def test_a_store_that_is_away_is_waited_for(pair: tuple[Side, Side], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reactions_module, "RETRY_S", 0.01)
    here, other = pair
    await told(here, 1, 2)
    away = [Unavailable("STORE_UNAVAILABLE", "It is away.")] * 3

    async def react(told_of: RaisedNotified, entry: Entry, asking: Asking) -> Sequence[Ask]:
        if away:
            raise away.pop()
        return await toy.on_raised(told_of, entry, asking)

    reacting = await other.reacting(HERE, [replace(toy.REACTION, react=react)])
    running = asyncio.create_task(reacting.run())
    async with asyncio.timeout(60):
        while len(await other.values()) < 2:  # noqa: ASYNC110 - the store tells nobody when it has changed
            await asyncio.sleep(0.01)
    running.cancel()
    assert await other.refusals() == []


async def test_a_reader_of_much_that_is_not_for_it_does_not_read_it_all_again(
    pair: tuple[Side, Side], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reactions_module, "LAG_MAX", 5)
    here, other = pair
    for _ in range(6):
        await here.give(Raise(1))
    await here.publish()
    await reacted(other)
    cursor = await other.store.cursor(Reacting.cursor_name(HERE))
    assert cursor is not None
    assert cursor.frontier.size == 6


async def test_later_decisions_name_what_was_read_before_them(pair: tuple[Side, Side]) -> None:
    here, other = pair
    await told(here, 1)
    await reacted(other)
    await other.give(Raise(1))
    *_, last = await other.store.read(0, 10)
    assert last.envelope["deps"] == [[HERE, await here.store.size()]]


async def test_a_refusal_beside_effects_is_one_of_them(pair: tuple[Side, Side]) -> None:
    here, other = pair
    reaction = replace(toy.REACTION, name="twice")

    async def react(told_of: RaisedNotified, entry: Entry, asking: Asking) -> Sequence[Ask]:
        (ask,) = await toy.on_raised(told_of, entry, asking)
        return [ask, Ask(Raise(LIMIT + 1), toy.decide, [At(COUNTER, "full")]), ask]

    await told(here, 1)
    await reacted(other, await other.reacting(HERE, [replace(reaction, react=react)]))
    assert await other.values() == [1, 1]
    assert await other.refusals() == [("twice", "LIMIT_REACHED")]


async def test_a_handover_names_nobody_to_a_third_agency(pair: tuple[Side, Side]) -> None:
    here, other = pair
    await told(here, 3)
    await reacted(other)
    assert await other.store.people_behind((handover(0),), HERE) != {}
    assert await other.store.people_behind((handover(0),), THIRD) == {}
