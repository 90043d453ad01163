"""Who looked at what: an entry of the own log, durable before anything is shown. No entry, no answer."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Protocol

from immutables import Map

from nrm_contracts.record.events import DataAccessed
from nrm_kernel.appender import ANY_VERSION, Answer, Order
from nrm_kernel.clock import Clock, stamp
from nrm_kernel.decider import At, Decision, Fold, Streams
from nrm_kernel.failpoints import failpoint
from nrm_kernel.identity import Caller
from nrm_kernel.ids import derived_ref, derived_request_id, new_ref
from nrm_kernel.recording import Context


def _counted(counts: Map[str, int], look: DataAccessed) -> Map[str, int]:
    """Only looks at sealed data name classes."""
    return counts.set(look.subject, counts.get(look.subject, 0) + 1) if look.classes else counts


LOOKS: Fold[Map[str, int], DataAccessed] = Fold("looks", Map(), _counted)
"""How often each subject's sealed data was looked at. One stream a day and reader keeps every stream short, however
often somebody looks."""


def looks_of(reader: str, day: date) -> At[Map[str, int], DataAccessed]:
    """Where that agency's looks of that day stand, in the log of who was asked. The day is UTC's."""
    return At(LOOKS, derived_ref(day.isoformat(), reader))


class Submits(Protocol):
    """Where orders go: the appender."""

    async def submit(self, order: Order) -> Answer: ...


@dataclass(frozen=True)
class Permit:
    """What a look needs beside the rule of the access table: ``ground`` gives its id on the states of ``streams``.

    It is asked in the transaction that records the look, so that nothing which ends it comes in between. What it raises
    keeps the look from being recorded.
    """

    streams: Streams
    ground: Callable[..., str]


@dataclass(frozen=True)
class Looks:
    """Records looks in one agency's log."""

    appender: Submits
    clock: Clock
    agency: str

    async def record(
        self,
        caller: Caller,
        subject: str,
        rule: str,
        basis: str = "public_task",
        classes: tuple[str, ...] = (),
        permit: Permit | None = None,
    ) -> None:
        """The look is durable when this returns. The event cites the permit's ground, or where there is none the rule.

        Raises what the permit and the appender raise; then nothing may be shown.
        """
        now = self.clock.now()
        look = DataAccessed(subject, caller.agency, caller.officer, caller.purpose, basis, classes, rule)
        await self.appender.submit(
            Order(
                request_id=derived_request_id(new_ref(), "look", 0),
                request_hash=hashlib.sha256(subject.encode()).digest(),
                command=look,
                decide=partial(_looked, permit),
                streams=(looks_of(caller.agency, now.date()), *(permit.streams if permit else ())),
                context=Context(
                    recorded_at=stamp(now),
                    occurred_at=stamp(now),
                    agency=caller.agency,
                    actor=caller.officer,
                    purpose=caller.purpose,
                    basis=basis,
                    policy={"rule": rule},
                ),
                reply=lambda _recorded: b"",
                expected_version=ANY_VERSION,
            )
        )
        failpoint("access.after_commit")


def _looked(permit: Permit | None, look: DataAccessed, _looks: object, *states: object) -> Decision:
    return [look if permit is None else replace(look, rule=permit.ground(*states))]
