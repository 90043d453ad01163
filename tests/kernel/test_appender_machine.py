"""Ten thousand random commands, with restarts, two writers and a disk that fails, against a model of a few lines."""

import asyncio
import tempfile
import uuid
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from tests.often import often

from nrm_kernel import appender as appending_module
from nrm_kernel.adapters import store_sql
from nrm_kernel.adapters.store_sql import SqlStore
from nrm_kernel.appender import ANY_VERSION, Answer, Appender, Order
from nrm_kernel.clock import SystemClock
from nrm_kernel.entry import canonical
from nrm_kernel.errors import Unavailable
from nrm_kernel.ledger.merkle import Frontier, leaf_hash
from nrm_kernel.recording import notice_stream
from nrm_kernel.store import Wanted
from nrm_kernel.testing import toy
from nrm_kernel.testing.store_contract import at_once
from nrm_kernel.testing.toy import ELSEWHERE, LIMIT, Raise

T = TypeVar("T")
CHANCE = st.randoms(use_true_random=True)
KEYS = ["ann", "bea", "cay", "dee", "eve"]
WRITERS = 2
FAILED = "Unavailable"


@dataclass(frozen=True)
class Try:
    """A command to try."""

    key: str
    by: int
    told: bool
    request: int
    expected: int | None

    @property
    def content(self) -> tuple[int, str]:
        """What the request's hash covers."""
        return self.by, self.handover if self.told else ""

    @property
    def handover(self) -> str:
        return self.key.encode().hex().zfill(32)

    def order(self) -> Order:
        """As it is given to an appender."""
        told = (ELSEWHERE, self.handover) if self.told else ("", "")
        request_id = str(uuid.UUID(int=self.request))
        return toy.order(Raise(self.by, *told), self.key, request_id=request_id, expected_version=self.expected)


@dataclass
class Model:
    """What the store should come to."""

    values: dict[str, int] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    answers: dict[int, tuple[tuple[int, str], bytes]] = field(default_factory=dict)
    streams: list[str] = field(default_factory=list)

    def outcome(self, tried: Try) -> str:
        """What becomes of a command: its answer, or the name of its error."""
        version = self.versions.get(tried.key, 0)
        if tried.request in self.answers:
            content, answer = self.answers[tried.request]
            return f"again {answer!r}" if content == tried.content else "RequestReused"
        if tried.expected is None and version:
            return "Invalid"
        if tried.expected != ANY_VERSION and (tried.expected or 0) != version:
            return "Stale"
        if self.values.get(tried.key, 0) + tried.by > LIMIT:
            return "Refused"
        return f"new {self._recorded(tried)!r}"

    def _recorded(self, tried: Try) -> bytes:
        own = 2 if tried.told and tried.key not in self.told else 1
        self.values[tried.key] = self.values.get(tried.key, 0) + tried.by
        self.versions[tried.key] = self.versions.get(tried.key, 0) + own
        self.streams += [f"counter-{tried.key}"] * own
        answer = f"{len(self.streams) - 1} {self.versions[tried.key]}".encode()
        if tried.told:
            self.told.add(tried.key)
            self.streams.append(notice_stream(tried.handover))
        self.answers[tried.request] = tried.content, answer
        return answer


def some_try(chance: Random, model: Model, recent: Sequence[int]) -> Try:
    """A command: most of them new and right, some again, some at a wrong version, some beyond the limit."""
    key = chance.choice(KEYS)
    beside = chance.choices([0, -1, 1], [8, 1, 1])[0]
    read = max(0, model.versions.get(key, 0) + beside)
    return Try(
        key=key,
        by=chance.choices([chance.randint(1, 3), LIMIT + 1], [9, 1])[0],
        told=chance.random() < 0.5,
        request=chance.choice(recent) if recent and chance.random() < 0.2 else chance.getrandbits(128),
        expected=chance.choices([ANY_VERSION, read, None], [6, 3, 1])[0],
    )


class AppenderMachine(RuleBasedStateMachine):
    """A store on disk, two appenders that do not know of each other, and the model."""

    @initialize()
    def open(self) -> None:
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(appending_module, "STREAMS_MAX", 4)
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        self.model = Model()
        self.runner.run(self._start())

    def teardown(self) -> None:
        if hasattr(self, "runner"):
            try:
                self.runner.run(self._as_the_model_says())
            finally:
                self.runner.run(self._stop())
                self.runner.close()
                self.folder.cleanup()
                self.patch.undo()

    @rule(chance=CHANCE, count=st.integers(1, 100), writer=st.integers(0, WRITERS - 1))
    def give(self, chance: Random, count: int, writer: int) -> None:
        """Commands that come all at once."""
        model, expected, found = self._tried(chance, count, writer)
        assert found == expected
        self.model = model

    @rule(chance=CHANCE, count=st.integers(1, 5), writer=st.integers(0, WRITERS - 1))
    def give_while_the_disk_fails(self, chance: Random, count: int, writer: int) -> None:
        """If anything was to be recorded, nobody gets an answer that rests on it."""

        def full(*_arguments: object) -> None:
            raise Unavailable("STORE_UNAVAILABLE", "The disk is full.")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(store_sql, "_record", full)
            _, expected, found = self._tried(chance, count, writer)
        recorded = any(one.startswith("new") for one in expected)
        assert found == ([FAILED] * count if recorded else expected)

    @rule()
    def restart(self) -> None:
        """The processes end and come back."""
        self.runner.run(self._stop())
        self.runner.run(self._start())

    def _tried(self, chance: Random, count: int, writer: int) -> tuple[Model, list[str], list[str]]:
        """The model afterwards, what it says becomes of random commands, and what does."""
        recent: list[int] = list(self.model.answers)[-20:]
        tries: list[Try] = []
        for _ in range(count):
            tries.append(some_try(chance, self.model, recent))
            recent.append(tries[-1].request)
        model = deepcopy(self.model)
        expected = [model.outcome(one) for one in tries]
        outcomes = self.runner.run(at_once(self.appenders[writer], [one.order() for one in tries]))
        return model, expected, [_told(outcome) for outcome in outcomes]

    async def _start(self) -> None:
        path = Path(self.folder.name) / "store.sqlite"
        self.stores = [await SqlStore.open_sqlite(path, toy.ORIGIN) for _ in range(WRITERS)]
        self.appenders = [Appender(store, SystemClock()) for store in self.stores]
        self.running = [asyncio.create_task(_ran(appender.run())) for appender in self.appenders]

    async def _stop(self) -> None:
        for task, store in zip(self.running, self.stores, strict=True):
            task.cancel()
            await task
            await store.close()

    async def _as_the_model_says(self) -> None:
        """Every entry, chained and hashed."""
        entries = await self.stores[0].read(0, 1_000_000)
        assert [entry.stream for entry in entries] == self.model.streams
        assert [entry.position for entry in entries] == list(range(len(entries)))
        for name in set(self.model.streams):
            chain = [entry for entry in entries if entry.stream == name]
            assert [entry.seq for entry in chain] == list(range(len(chain)))
            assert [entry.text("prev") for entry in chain] == ["", *(entry.leaf.hex() for entry in chain[:-1])]
        assert all(canonical(entry.envelope) == entry.body for entry in entries)
        async with self.stores[1].writing(Wanted()) as writing:
            assert writing.frontier == Frontier().extend([leaf_hash(entry.body) for entry in entries])


async def _ran(loop: Coroutine[None, None, None]) -> None:
    with suppress(asyncio.CancelledError):
        await loop


def _told(outcome: Answer | BaseException) -> str:
    if isinstance(outcome, Answer):
        return f"{'again' if outcome.replayed else 'new'} {outcome.reply!r}"
    return type(outcome).__name__


TestAppender = AppenderMachine.TestCase
TestAppender.settings = settings(max_examples=often(20), stateful_step_count=30, deadline=None)
TestAppender = pytest.mark.slow(TestAppender)
