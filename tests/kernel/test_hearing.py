"""Who listens tells an idle agency from one that is cut off, and believes no heartbeat that contradicts the log."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import orjson
import pytest
from tests.kernel.pair import ELSEWHERE, HERE, KEYS, THIRD, TRUST

from nrm_kernel.errors import Unavailable
from nrm_kernel.hearing import SILENT, SILENT_AFTER_S, Heard, Hearing
from nrm_kernel.ledger.note import Heartbeat, SigningKey, sign
from nrm_kernel.telemetry import log_to
from nrm_kernel.testing.memory import MemoryLog
from nrm_kernel.testing.serving import SetClock
from nrm_kernel.views import Completeness

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@dataclass
class Listener:
    """A hearing at THIRD over a log in memory, with a clock that a test sets."""

    log: MemoryLog = field(default_factory=MemoryLog)
    clock: SetClock = field(default_factory=lambda: SetClock(NOON))
    sizes: dict[str, int] = field(default_factory=dict)
    lines: io.BytesIO = field(default_factory=io.BytesIO)

    def __post_init__(self) -> None:
        self.hearing = Hearing(self.log, TRUST, THIRD, self.reached, self.clock, log_to(self.lines))

    async def reached(self) -> Completeness:
        return Completeness(self.sizes, {})

    async def beat(self, size: int, origin: str = HERE, *, key: SigningKey | None = None, late_s: float = 0) -> None:
        """A heartbeat of an agency, as it says made so long ago."""
        beat = Heartbeat(origin, size, self.clock.moment - timedelta(seconds=late_s))
        await self.log.beat(origin, sign(beat, key or KEYS[origin]))

    async def after(self, seconds: float) -> Mapping[str, Heard]:
        """What is known after so long and one more look."""
        self.clock.moment += timedelta(seconds=seconds)
        await self.hearing.listen()
        return self.hearing.everybody()

    def told(self) -> list[tuple[str, str, str]]:
        lines = [orjson.loads(line) for line in self.lines.getvalue().splitlines()]
        return [(line["event"], line["origin"], line.get("reason", "")) for line in lines]


@pytest.fixture
def listener() -> Listener:
    return Listener()


async def test_an_idle_agency_is_heard_and_one_that_is_cut_off_falls_silent(listener: Listener) -> None:
    await listener.beat(5)
    await listener.beat(7, ELSEWHERE)
    for _ in range(8):
        await listener.after(5)
        await listener.beat(5)
    known = await listener.after(0)
    assert known[HERE] == Heard(listener.clock.moment, None), "nothing was recorded there, and it beats on"
    assert known[ELSEWHERE] == Heard(NOON, NOON)
    assert THIRD not in known
    assert listener.told() == [("agency_not_heard", ELSEWHERE, SILENT)]

    await listener.beat(9, ELSEWHERE)
    assert (await listener.after(0))[ELSEWHERE] == Heard(listener.clock.moment, None)
    assert listener.told()[1:] == [("agency_heard", ELSEWHERE, "")], "once for each change"


async def test_whoever_is_trusted_is_known_before_anybody_was_listened_to(listener: Listener) -> None:
    assert listener.hearing.everybody() == {HERE: Heard(), ELSEWHERE: Heard()}


async def test_an_agency_that_was_never_heard_is_silent_after_the_same_time(listener: Listener) -> None:
    assert (await listener.after(0))[HERE] == Heard(None, None)
    assert (await listener.after(SILENT_AFTER_S))[HERE] == Heard(None, None)
    assert (await listener.after(1))[HERE] == Heard(None, NOON)


async def test_an_old_heartbeat_that_lay_there_already_is_no_sign_of_life(listener: Listener) -> None:
    await listener.beat(5, late_s=3_600)
    assert (await listener.after(0))[HERE] == Heard(NOON - timedelta(hours=1), NOON - timedelta(hours=1))


async def test_the_clock_of_the_agency_does_not_decide_when_it_was_heard(listener: Listener) -> None:
    await listener.beat(5, late_s=-600)
    assert (await listener.after(0))[HERE].at == NOON
    await listener.beat(5, late_s=-601)
    assert (await listener.after(20))[HERE] == Heard(NOON + timedelta(seconds=20), None)


async def test_a_heartbeat_that_another_signed_is_not_believed(listener: Listener) -> None:
    await listener.beat(5)
    await listener.after(0)
    await listener.beat(6, key=SigningKey(HERE, b"\x07" * 32), late_s=-1)
    assert (await listener.after(5))[HERE].at == NOON
    assert listener.told() == [("agency_not_heard", HERE, "NOT_SIGNED_BY_KEY")]
    await listener.log.beat(HERE, "no note at all")
    assert (await listener.after(30))[HERE] == Heard(NOON, NOON)


async def test_a_heartbeat_of_another_agency_in_its_place_is_not_believed(listener: Listener) -> None:
    beat = Heartbeat(ELSEWHERE, 5, NOON)
    await listener.log.beat(HERE, sign(beat, KEYS[ELSEWHERE]))
    assert (await listener.after(0))[HERE].at is None
    assert listener.told() == [("agency_not_heard", HERE, "NOT_SIGNED_BY_KEY")]


async def test_a_heartbeat_that_is_put_back_is_not_believed(listener: Listener) -> None:
    await listener.beat(5)
    old = await listener.log.last_beat(HERE)
    await listener.after(10)
    await listener.beat(5)
    await listener.after(10)
    await listener.log.beat(HERE, str(old))
    assert (await listener.after(10))[HERE].at == NOON + timedelta(seconds=20)
    assert listener.told() == [("agency_not_heard", HERE, "HEARTBEAT_OLD")]


async def test_a_heartbeat_below_a_checkpoint_that_was_seen_is_an_alarm(listener: Listener) -> None:
    listener.sizes[HERE] = 12
    for _ in range(3):
        await listener.beat(12)
        await listener.after(5)
    await listener.beat(11)
    await listener.after(5)
    assert listener.told() == [("agency_not_heard", HERE, "HEARTBEAT_BELOW_CHECKPOINT")]
    await listener.beat(12)
    await listener.after(5)
    assert listener.told()[1] == ("agency_heard", HERE, "")


async def test_a_heartbeat_that_a_checkpoint_overtook_on_its_way_is_none(listener: Listener) -> None:
    listener.sizes[HERE] = 12
    await listener.beat(12)
    await listener.after(5)
    listener.sizes[HERE] = 15
    await listener.after(5)
    await listener.beat(12)
    assert (await listener.after(5))[HERE].at == listener.clock.moment
    assert listener.told() == []


async def test_while_the_log_is_away_everybody_falls_silent_from_here(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    await listener.beat(5)
    await listener.after(0)

    async def away(_origin: str) -> str | None:
        raise Unavailable("AWAY", "It is away.")

    with monkeypatch.context() as patch:
        patch.setattr(listener.log, "last_beat", away)
        with pytest.raises(Unavailable):
            await listener.after(31)
    assert listener.hearing.everybody()[HERE].silent_since == NOON
