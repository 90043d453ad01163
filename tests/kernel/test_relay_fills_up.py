"""A shared log that lost something gets it again, from the agency's store."""

import asyncio
import io

import orjson
import pytest
from tests.kernel.pair import HERE, KEYS
from tests.kernel.relaying import Place, beaten, refused

from nrm_kernel.clock import SystemClock
from nrm_kernel.errors import Unavailable
from nrm_kernel.ledger.kept import newest_kept
from nrm_kernel.log import Behind
from nrm_kernel.relay import Relay
from nrm_kernel.telemetry import Telemetry, log_to, silent
from nrm_kernel.testing.toy import Raise


async def test_a_wiped_log_is_filled_again_byte_for_byte(place: Place) -> None:
    await place.filled()
    before = place.dump()
    place.log.unlink()
    async with place.open() as side:
        await side.publish()
    assert place.dump() == before


async def test_a_log_that_lost_its_end_is_filled_up(place: Place) -> None:
    await place.filled()
    before = place.dump()
    place.altered(place.log, "DELETE FROM log_entry WHERE position >= 7", "DELETE FROM log_checkpoint WHERE size > 7")
    async with place.open() as side:
        await side.publish()
    assert place.dump() == before


async def test_a_log_wiped_while_the_relay_runs_is_filled_again(place: Place) -> None:
    async with place.open() as side:
        for _ in range(5):
            await side.give(Raise(1))
        await side.publish()
        place.altered(place.log, "DELETE FROM log_entry", "DELETE FROM log_checkpoint")
        await side.give(Raise(1))
        with pytest.raises(Unavailable):
            await side.relay.relay()
        running = asyncio.create_task(side.relay.run())
        assert await side.log.wait(HERE, 5, 5)
        running.cancel()
        assert await side.log.size(HERE) == 6


async def test_a_log_of_which_the_heartbeat_finds_that_it_was_wiped_is_filled_again_without_anything_new(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with place.open() as side:
        for _ in range(5):
            await side.give(Raise(1))
        await side.publish()
        place.altered(place.log, "DELETE FROM log_entry", "DELETE FROM log_checkpoint")
        beat = side.log.beat

        async def looking(origin: str, note: str) -> None:
            if (held := await side.log.size(origin)) < 5:
                raise Behind(origin, held)
            await beat(origin, note)

        monkeypatch.setattr(side.log, "beat", looking)
        running = asyncio.create_task(side.relay.run())
        async with asyncio.timeout(60):
            await beaten(side.log)
        running.cancel()
        assert await side.log.size(HERE) == 5


async def test_a_log_that_is_filled_again_never_moves_the_last_checkpoint_backward(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nrm_kernel.relay.BATCH_MAX", 3)
    await place.filled()
    place.log.unlink()
    async with place.open() as side:
        await side.relay.relay()
        assert await side.log.size(HERE) == 3, "it is filled up by and by"
        kept = newest_kept(place.witness.read_bytes())
        assert kept is not None
        assert kept.size == 12
    copy = place.store.read_bytes()
    place.altered(place.store, "DELETE FROM entry WHERE position >= 3", "DELETE FROM checkpoint", "DELETE FROM cursor")
    assert place.store.read_bytes() != copy
    assert (await refused(place)).facts["signed"] == "12"


async def test_when_the_log_is_away_as_it_is_filled_again_then_the_relay_waits_and_goes_on(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nrm_kernel.relay.RETRY_S", 0.01)
    lines = io.BytesIO()
    async with place.open() as side:
        for _ in range(5):
            await side.give(Raise(1))
        telemetry = Telemetry(silent().tracer, log_to(lines))
        relay = Relay(side.store, side.log, KEYS[HERE], place.witness, SystemClock(), telemetry)
        await relay.start()
        await relay.relay()
        place.altered(place.log, "DELETE FROM log_entry", "DELETE FROM log_checkpoint")
        size, asked = side.log.size, 0

        async def away(origin: str) -> int:
            nonlocal asked
            asked += 1
            if asked < 4:
                raise Unavailable("AWAY", "It is away.", cause="Gone")
            return await size(origin)

        monkeypatch.setattr(side.log, "size", away)
        await side.give(Raise(1))
        running = asyncio.create_task(relay.run())
        async with asyncio.timeout(60):
            await beaten(side.log)  # which follows everything that was published
            await asyncio.sleep(0.05)
        running.cancel()
    told = [orjson.loads(line) for line in lines.getvalue().splitlines()]
    assert [(line["event"], line.get("reason")) for line in told] == [
        ("relay_waits", "AWAY"),
        ("log_filled_again", None),
        ("relay_goes_on", None),
    ]
    assert (told[1]["position"], told[1]["size"]) == ("0", 6)
