"""Notices from other agencies become commands here, on the right person and with nothing that may not be held."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import TypeVar

import pytest

from nrm_contracts.assistance.events import ContactFound, ContactLost
from nrm_contracts.identification.events import (
    ConsentNotified,
    RecordsMergedNotified,
    RecoveryNotified,
    StatusNotified,
    VictimReported,
)
from nrm_contracts.policy import NationalPolicy
from nrm_contracts.prosecution.events import VictimReportReceived
from nrm_contracts.record.events import HandoverReceived
from nrm_kernel.decider import Fold, In
from nrm_kernel.entry import Entry, canonical
from nrm_kernel.errors import Refused
from nrm_prosecution.domain.victim import VICTIMS
from nrm_prosecution.reactions import REACTIONS

AGENCY, POLICE, SHELTER = "test/prosecution/north", "test/identification/police", "test/assistance/dawn"
HANDOVER, OTHER_HANDOVER = "1" * 32, "2" * 32
DAY = date(2026, 3, 2)
REACT = {reaction.notice: reaction.react for reaction in REACTIONS}
REPORT = VictimReported(HANDOVER, "KZ-75", True, ("forced_labour",), DAY, True)

S = TypeVar("S")
E = TypeVar("E")


@dataclass
class World:
    """This agency's store as far as a reaction sees it, and what its commands record."""

    policy: NationalPolicy
    agency: str = AGENCY
    agencies: Mapping[str, str] = field(default_factory=dict)
    now: datetime = datetime(2026, 3, 2, tzinfo=UTC)
    streams: dict[str, list[object]] = field(default_factory=dict)
    numbers: "count[int]" = field(default_factory=lambda: count(10))

    async def state(self, fold: Fold[S, E], key: str) -> tuple[S, int]:
        past = self.streams.get(fold.stream(key), [])
        return fold.state(past), len(past)  # type: ignore[arg-type]  # a stream holds its own events

    async def person_behind(self, handover_id: str) -> str | None:
        for past in self.streams.values():
            for event in past:
                if isinstance(event, HandoverReceived) and event.handover_id == handover_id:
                    return event.person_ref
        return None

    def new_ref(self) -> str:
        return f"{next(self.numbers):032x}"

    async def hear(self, notice: object, sender: str = POLICE) -> list[object]:
        body = canonical({"origin": sender, "occurred_at": DAY.isoformat(), "data": {}})
        recorded: list[object] = []
        for ask in await REACT[type(notice)](notice, Entry.of(sender, 0, body), self):
            states = [at.fold.state(self.streams.get(at.stream, [])) for at in ask.streams]
            own = ask.streams[0].stream
            for outcome in ask.decide(ask.command, *states):
                stream, event = (outcome.stream, outcome.event) if isinstance(outcome, In) else (own, outcome)
                self.streams.setdefault(stream, []).append(event)
                recorded.append(event)
        return recorded

    def people(self) -> Sequence[str]:
        return sorted(self.streams)


async def test_a_reported_victim_gets_an_own_reference_and_no_region(policy: NationalPolicy) -> None:
    world = World(policy)
    received, report = await world.hear(REPORT)
    assert isinstance(received, HandoverReceived)
    assert isinstance(report, VictimReportReceived)
    assert received.person_ref == report.person_ref != HANDOVER
    assert "KZ-75" not in repr(report)


async def test_later_notices_under_the_same_handover_are_about_the_same_person(policy: NationalPolicy) -> None:
    world = World(policy)
    await world.hear(REPORT)
    await world.hear(StatusNotified(HANDOVER, 1, "positive", False, DAY))
    await world.hear(RecoveryNotified(HANDOVER, "started", DAY, DAY + timedelta(30)))
    await world.hear(ConsentNotified(HANDOVER, "proceedings", "revoked", DAY))
    [stream] = world.people()
    victim = VICTIMS.state(world.streams[stream])
    assert victim.in_recovery(DAY) is not None
    assert victim.revoked_on == DAY


async def test_contact_that_is_lost_and_found_is_a_fact_and_no_place(policy: NationalPolicy) -> None:
    world = World(policy)
    await world.hear(ContactLost(HANDOVER, DAY), SHELTER)
    [stream] = world.people()
    assert not VICTIMS.state(world.streams[stream]).in_contact
    await world.hear(ContactFound(HANDOVER, DAY), SHELTER)
    assert VICTIMS.state(world.streams[stream]).in_contact


async def test_two_records_of_one_person_share_what_is_told_of_either(policy: NationalPolicy) -> None:
    world = World(policy)
    await world.hear(REPORT)
    await world.hear(replace(REPORT, handover_id=OTHER_HANDOVER))
    await world.hear(RecordsMergedNotified(HANDOVER, OTHER_HANDOVER, "merged"))
    await world.hear(RecoveryNotified(OTHER_HANDOVER, "started", DAY, DAY + timedelta(30)))
    assert len(world.people()) == 2
    assert all(VICTIMS.state(world.streams[stream]).in_recovery(DAY) for stream in world.people())


async def test_a_merge_of_one_reference_with_itself_does_nothing(policy: NationalPolicy) -> None:
    world = World(policy)
    await world.hear(REPORT)
    assert await world.hear(RecordsMergedNotified(HANDOVER, HANDOVER, "merged")) == []


@pytest.mark.parametrize(
    "notice",
    [
        StatusNotified(OTHER_HANDOVER, 1, "positive", False, DAY),
        RecoveryNotified(OTHER_HANDOVER, "started", DAY, DAY + timedelta(30)),
        RecordsMergedNotified(HANDOVER, OTHER_HANDOVER, "merged"),
    ],
)
async def test_news_under_a_handover_that_the_sender_never_made_is_refused(
    policy: NationalPolicy, notice: object
) -> None:
    world = World(policy)
    await world.hear(REPORT)
    before = {stream: list(events) for stream, events in world.streams.items()}
    with pytest.raises(Refused, match="reported nobody"):
        await world.hear(notice)
    assert world.streams == before


def test_every_reaction_has_a_name_of_its_own() -> None:
    assert len({reaction.name for reaction in REACTIONS}) == len(REACTIONS) == len(REACT)
