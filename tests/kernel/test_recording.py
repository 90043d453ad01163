"""What a batch of commands leaves behind: numbers without a gap, chains, and notices that nobody can join."""

from dataclasses import replace
from itertools import pairwise

import pytest

from nrm_contracts.record.events import HandoverMinted, HandoverReceived
from nrm_kernel.decider import At, Decision, In, Notice
from nrm_kernel.entry import BODY_BYTES_MAX, Entry
from nrm_kernel.errors import Exhausted
from nrm_kernel.recording import Context, Draft, Recorded, Recording, Stream, notice_stream
from nrm_kernel.testing.toy import COUNTER, ELSEWHERE, ORIGIN, Announced, Counter, Raised, RaisedNotified

ONE, TWO = At(COUNTER, "one"), At(COUNTER, "two")
HANDOVER = "a" * 32
FULL = Context(
    recorded_at="2026-03-02T09:30:12.345678Z",
    occurred_at="2026-03-01T08:00:00.000000Z",
    agency=ORIGIN,
    actor="officer-7",
    purpose="identify",
    basis="consent",
    policy={"rule": "R1"},
    causation_id="b" * 32,
    correlation_id="c" * 32,
    trace_id="d" * 32,
    sealed=({"class": "identity", "h": "e" * 64},),
)
TOLD = Notice(ELSEWHERE, HANDOVER, RaisedNotified(HANDOVER, 1))


class Log:
    """Batches one after another, each as an appender would make it."""

    def __init__(self) -> None:
        names = (ONE.stream, TWO.stream)
        self.streams = {name: Stream.of(COUNTER, ()) for name in names}
        self.streams[notice_stream(HANDOVER)] = Stream.of(None, ())
        self.entries: list[Entry] = []

    def batch(self, deps: dict[str, int] | None = None) -> Recording:
        """A new batch behind what was kept."""
        return Recording(ORIGIN, len(self.entries), self.streams, deps or {})

    def keep(self, recording: Recording) -> None:
        """The batch is durable."""
        self.streams |= recording.staged
        self.entries += [new.entry for new in recording.entries]


def drafted(recording: Recording, *decision: object, context: Context = FULL) -> Draft:
    """A command's share."""
    return recording.draft("request-1", [ONE.stream, TWO.stream], decision, context)


def staged(recording: Recording, *decision: object, context: Context = FULL) -> list[Entry]:
    """The entries of a command that went through."""
    draft = drafted(recording, *decision, context=context)
    recording.stage(draft)
    return [new.entry for new in draft.entries]


def test_positions_and_chains_go_on_over_commands_and_batches() -> None:
    log = Log()
    for _ in range(3):
        recording = log.batch()
        staged(recording, Raised(1), In(TWO.stream, Raised(2)), TOLD)
        staged(recording, Raised(3), TOLD)
        log.keep(recording)
    assert [entry.position for entry in log.entries] == list(range(15))
    for name in (ONE.stream, TWO.stream, notice_stream(HANDOVER)):
        chain = [entry for entry in log.entries if entry.stream == name]
        assert [entry.seq for entry in chain] == list(range(len(chain)))
        assert "prev" not in chain[0].envelope
        assert all(after.text("prev") == before.leaf.hex() for before, after in pairwise(chain))


def test_a_command_sees_what_the_one_before_it_in_the_batch_did() -> None:
    recording = Log().batch()
    staged(recording, Raised(4))
    staged(recording, Raised(5))
    assert recording.stream(ONE.stream).state == Counter(9)
    assert recording.stream(ONE.stream).version == 2


def test_what_a_command_comes_to_is_its_own_streams_last_entry() -> None:
    recording = Log().batch()
    draft = drafted(recording, Raised(1), Raised(2), In(TWO.stream, Raised(3)))
    assert draft.recorded == Recorded(ORIGIN, 1, ONE.stream, 2, draft.entries[1].entry.leaf)


def test_a_command_that_makes_nothing_happen_comes_to_where_its_stream_stands() -> None:
    log = Log()
    recording = log.batch()
    before = drafted(recording, Raised(1))
    recording.stage(before)
    log.keep(recording)
    assert drafted(log.batch()).recorded == before.recorded


def test_a_notice_says_nothing_that_two_agencies_could_join() -> None:
    _, notice = staged(Log().batch({ELSEWHERE: 9}), Raised(1), TOLD)
    own = "request_id actor purpose deps trace_id causation_id correlation_id policy sealed"
    assert not set(own.split()) & notice.envelope.keys()
    assert notice.recorded_at == "2026-03-02"
    assert notice.occurred_at == "2026-03-01"
    assert (notice.to, notice.text("agency"), notice.text("basis")) == (ELSEWHERE, ORIGIN, "consent")


def test_a_fact_says_under_what_it_was_decided() -> None:
    (fact,) = staged(Log().batch(), Raised(1))
    said = {name: fact.envelope[name] for name in fact.envelope.keys() - {"id", "salt"}}
    assert said == {
        "v": 1,
        "origin": ORIGIN,
        "position": 0,
        "stream": ONE.stream,
        "seq": 0,
        "type": "testing.Raised",
        "schema": 1,
        "data": {"by": 1},
        "request_id": "request-1",
        "occurred_at": FULL.occurred_at,
        "recorded_at": FULL.recorded_at,
        "agency": ORIGIN,
        "actor": "officer-7",
        "purpose": "identify",
        "basis": "consent",
        "policy": {"rule": "R1"},
        "causation_id": "b" * 32,
        "correlation_id": "c" * 32,
        "trace_id": "d" * 32,
        "sealed": [{"class": "identity", "h": "e" * 64}],
    }


def test_what_is_not_known_is_left_out() -> None:
    (fact,) = staged(Log().batch(), Raised(1), context=Context("2026-03-02T00:00:00Z", "2026-03-01", ORIGIN))
    assert not {"actor", "purpose", "basis", "policy", "sealed", "deps", "trace_id"} & fact.envelope.keys()


@pytest.mark.parametrize("decision", [(Raised(1), Raised(2), TOLD), (TOLD, Raised(1), Raised(2))])
def test_sealed_data_and_new_deps_stand_in_the_first_fact_alone(decision: Decision) -> None:
    recording = Log().batch({"toy/z/z": 2, "toy/a/a": 1})
    first, second = (entry for entry in staged(recording, *decision) if not entry.to)
    assert first.envelope["deps"] == [["toy/a/a", 1], ["toy/z/z", 2]]
    assert first.envelope["sealed"] == [{"class": "identity", "h": "e" * 64}]
    assert not {"deps", "sealed"} & second.envelope.keys()


def test_deps_stand_once_in_a_batch_but_sealed_data_in_each_command() -> None:
    recording = Log().batch({ELSEWHERE: 9})
    (first,), (second,) = staged(recording, Raised(1)), staged(recording, Raised(1))
    assert "deps" in first.envelope
    assert "deps" not in second.envelope
    assert "sealed" in second.envelope


def test_deps_of_a_command_that_failed_are_said_by_the_next() -> None:
    recording = Log().batch({ELSEWHERE: 9})
    drafted(recording, Raised(1))
    (entry,) = staged(recording, Raised(1))
    assert "deps" in entry.envelope


def test_an_entry_that_is_too_large_is_refused_with_everything_beside_it() -> None:
    recording = Log().batch()
    large = replace(FULL, basis="b" * BODY_BYTES_MAX)
    with pytest.raises(Exhausted) as refusal:
        drafted(recording, Raised(1), context=large)
    assert refusal.value.reason == "ENTRY_TOO_LARGE"
    assert (recording.entries, recording.staged, recording.size) == ([], {}, 0)


def test_the_largest_entry_that_there_may_be_is_taken() -> None:
    (small,) = staged(Log().batch(), Raised(1), context=replace(FULL, basis="b"))
    room = BODY_BYTES_MAX - len(small.body)
    (entry,) = staged(Log().batch(), Raised(1), context=replace(FULL, basis="b" * (1 + room)))
    assert len(entry.body) == BODY_BYTES_MAX


def test_two_equal_events_have_entries_that_nobody_can_guess() -> None:
    one, other = staged(Log().batch(), Raised(1), Raised(1))
    assert one.text("salt") != other.text("salt")
    assert one.text("id") != other.text("id")
    assert len(one.text("salt")) == len(one.text("id")) == 32


def test_handovers_are_kept_for_looking_up_whom_they_are_about() -> None:
    recording = Log().batch()
    minted, received = HandoverMinted("1" * 32, ELSEWHERE, "2" * 32), HandoverReceived("3" * 32, ELSEWHERE, "4" * 32)
    staged(recording, minted, received)
    found = [(one.handover_id, one.person_ref, one.other) for one in recording.handovers]
    assert found == [("2" * 32, "1" * 32, ELSEWHERE), ("4" * 32, "3" * 32, ELSEWHERE)]


def test_an_event_of_another_audience_is_a_mistake_in_the_rules() -> None:
    recording = Log().batch()
    with pytest.raises(AssertionError, match="not for that audience"):
        drafted(recording, RaisedNotified(HANDOVER, 1))
    with pytest.raises(AssertionError, match="not for that audience"):
        drafted(recording, Notice(ELSEWHERE, HANDOVER, Announced(1)))


def test_an_event_in_a_stream_that_was_not_read_is_a_mistake_in_the_rules() -> None:
    with pytest.raises(AssertionError, match="written but not read"):
        drafted(Log().batch(), In("counter-three", Raised(1)))
