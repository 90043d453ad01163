"""Every notice of the catalogue, planted in the log of every kind of agency: only its own kind's has an effect.

A right signature over a log says who wrote it, and not that the writer may say such a thing.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path
from typing import cast

import pytest

import event_files
from nrm_assistance.reactions import REACTIONS as ASSISTANCE
from nrm_contracts.catalogue import Audience, EventType, type_of
from nrm_contracts.prosecution.events import (
    HearingCalledOffNotified,
    HearingNotified,
    OffenderReleasedNotified,
    ProceedsSent,
    ProtectionMeasureNotified,
)
from nrm_contracts.record.events import ReactionRefused
from nrm_funding.reactions import REACTIONS as FUNDING
from nrm_identification.reactions import REACTIONS as IDENTIFICATION
from nrm_kernel.appender import Appender
from nrm_kernel.clock import SystemClock
from nrm_kernel.copies_heard import REACTIONS as ERASURES
from nrm_kernel.entry import Entry, Json, canonical
from nrm_kernel.follow import Follower
from nrm_kernel.ledger.merkle import Frontier, root_of
from nrm_kernel.ledger.note import Checkpoint, SigningKey, sign
from nrm_kernel.ledger.trust import Trust, TrustedKey, TrustedOrigin
from nrm_kernel.log import Published
from nrm_kernel.policy import load_history
from nrm_kernel.reactions import FOREIGN, Reacting, StoreAsking
from nrm_kernel.service import Ask, Asking, Reaction
from nrm_kernel.testing.memory import MemoryLog, MemoryStore
from nrm_prosecution.reactions import REACTIONS as PROSECUTION

KINDS = ("assistance", "audit", "coordinator", "funding", "identification", "prosecution")
REACTIONS: Mapping[str, Sequence[Reaction]] = {
    "assistance": [*ASSISTANCE, *ERASURES],
    "funding": FUNDING,
    "identification": [*IDENTIFICATION, *ERASURES],
    "prosecution": [*PROSECUTION, *ERASURES],
}
SENDERS = {kind: f"test/{kind}/sender" for kind in KINDS}
KEYS = {origin: SigningKey.generate(origin) for origin in SENDERS.values()}
TRUST = Trust("test", tuple(TrustedOrigin(origin, (TrustedKey(key.verifier()),)) for origin, key in KEYS.items()))
POLICIES = load_history(Path(str(files("nrm") / "policies" / "gb.toml")))
NOTICES = [kind for kind in event_files.event_types() if kind.audience is Audience.NOTICE]
PASSED_ON = {
    (sender, receiver, type_of(form).name)
    for sender, receiver in (
        ("identification", "assistance"),
        ("identification", "identification"),
        ("assistance", "assistance"),
    )
    for form in (HearingCalledOffNotified, HearingNotified, OffenderReleasedNotified, ProtectionMeasureNotified)
}
"""What is told further under handovers of their own: by identification, and to who takes a person over."""


def may_tell(sender: str, receiver: str, notice: str) -> bool:
    """Whether an agency of that kind may tell it to one of this kind; what no kind owns, every agency tells."""
    return notice.startswith((f"{sender}.", "record.")) or (sender, receiver, notice) in PASSED_ON


@dataclass
class Heard:
    """What one agency made of another one's log. ``asked`` are the types of notices that reached a reaction."""

    receiver: str
    store: MemoryStore = field(init=False)
    asked: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.store = MemoryStore(f"test/{self.receiver}/receiver")

    def spied(self) -> Iterator[Reaction]:
        """The real reactions, noting each notice that they are shown."""
        for reaction in REACTIONS[self.receiver]:

            async def react(notice: object, entry: Entry, asking: Asking, real: Reaction = reaction) -> Sequence[Ask]:
                self.asked.add(entry.type)
                return await real.react(notice, entry, asking)

            yield replace(reaction, react=react)

    async def hear(self, sender: str) -> None:
        """React to every notice of the catalogue, planted in that agency's log."""
        log, origin, clock = MemoryLog(), SENDERS[sender], SystemClock()
        await plant(log, origin, self.store.origin)
        appender = Appender(self.store, clock)
        appending = asyncio.create_task(appender.run())
        asking = StoreAsking(self.store, clock, self.store.origin, POLICIES)
        follower = Follower(log, TRUST, origin, self.store.origin, Frontier())
        reacting = Reacting(follower, list(self.spied()), appender, asking)
        while await reacting.step():
            pass
        appending.cancel()
        with suppress(asyncio.CancelledError):
            await appending

    async def causes(self, *, foreign: bool) -> set[str]:
        """The types of the notices that were refused as foreign, or of those that had another effect."""
        planted = {f"{number:032x}": kind.name for number, kind in enumerate(NOTICES)}
        return {
            planted[entry.text("causation_id")]
            for entry in await self.store.read(0, 1_000)
            if (isinstance(entry.event, ReactionRefused) and entry.event.code == FOREIGN) is foreign
        }


async def plant(log: MemoryLog, origin: str, to: str) -> None:
    """One notice of each type, about nobody who is known, under the origin's own signature."""
    entries = [planted(origin, position, kind, to) for position, kind in enumerate(NOTICES)]
    note = sign(Checkpoint(origin, len(entries), root_of([entry.leaf for entry in entries])), KEYS[origin])
    await log.publish(origin, [Published(entry, "notice", to) for entry in entries], note)


def planted(origin: str, position: int, kind: EventType, to: str) -> Entry:
    """That notice, as a decision would have recorded it."""
    envelope: dict[str, Json] = {
        "id": f"{position:032x}",
        "origin": origin,
        "position": position,
        "stream": f"notice-{position:032x}",
        "occurred_at": "2026-03-02",
        "type": kind.name,
        "schema": kind.version,
        "to": to,
        "data": cast(Json, event_files.data_of(kind)),
    }
    return Entry.of(origin, position, canonical(envelope))


@pytest.mark.parametrize("receiver", sorted(REACTIONS))
@pytest.mark.parametrize("sender", KINDS)
async def test_a_notice_has_an_effect_only_when_its_own_kind_or_one_that_passes_it_on_tells_it(
    sender: str, receiver: str
) -> None:
    heard = Heard(receiver)
    await heard.hear(sender)
    listened = {type_of(reaction.notice).name for reaction in REACTIONS[receiver]}
    welcome = {name for name in listened if may_tell(sender, receiver, name)}
    assert heard.asked == welcome
    assert await heard.causes(foreign=True) == listened - welcome
    assert await heard.causes(foreign=False) <= welcome


def test_every_notice_of_the_catalogue_is_planted_and_every_one_that_is_listened_to_is_among_them() -> None:
    names = {kind.name for kind in NOTICES}
    assert {type_of(reaction.notice).name for table in REACTIONS.values() for reaction in table} == names
    assert type_of(ProceedsSent).name in names
    assert all(kind.version == 1 for kind in NOTICES), "one notice of each type is planted"
