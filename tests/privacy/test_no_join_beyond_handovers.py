"""What a prosecutor, a fund and a shelter can read joins nobody beyond the handovers that two of them share."""

import asyncio
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest
from tests.docs.running_demo import RunningDemo
from tests.pathways.deployment import AUTHORITY, FUND, NGO, OTHER_NGO, POLICE, PROSECUTOR, deployed
from tests.pathways.stories import person
from tests.privacy.caseload import Caseload, lived
from tests.privacy.holdings import Holding, holding, linked, linked_by_days, public, shared

from nrm.agency import settle
from nrm.config import Config
from nrm.demo.agencies import CROWN, DAWN, HARBOUR, SHELTERS
from nrm.demo.screen import DEFAULT_FOLDER
from nrm.embedded import open_house
from nrm.founding import CONFIG
from nrm_contracts.identification.events import VictimReported
from nrm_contracts.record.events import HandoverMinted
from nrm_kernel.appender import ANY_VERSION, Appender, Order
from nrm_kernel.decider import At, Decision, Fold, Notice
from nrm_kernel.recording import Context
from nrm_kernel.telemetry import silent

pytestmark = pytest.mark.slow
UNLINKED = (PROSECUTOR, FUND, NGO, OTHER_NGO)
"""Of these only the fund and a shelter tell each other of anybody."""
TOLD_BY_POLICE = (AUTHORITY, NGO, PROSECUTOR)
TODAY = date(2026, 11, 22)
SECURITY = Path(__file__).parents[2] / "SECURITY.md"
EXACT = {"decided_on", "effective_on", "hearing_on", "released_on"}
BY_WEEK = {"starts_on", "ends_on"}
"""Days that both are told exactly, and those of a measure, of which the shelter hears the Monday of their week."""


@dataclass(frozen=True)
class Seen:
    """What each agency holds, and what everybody knows."""

    by_agency: dict[str, Holding]
    known: set[str]

    @classmethod
    async def of(cls, folder: Path) -> "Seen":
        config = Config.load(folder / CONFIG)
        held = [await holding(config, section) for section in config.agency]
        return cls({one.agency: one for one in held}, await public(config))

    def shared(self, one: str, other: str) -> set[str]:
        return shared(self.by_agency[one], self.by_agency[other], self.known)

    def linked_by_days(self, one: str, other: str) -> dict[tuple[str, str], set[tuple[str, str]]]:
        return linked_by_days(self.by_agency[one], self.by_agency[other])

    def linked(self, one: str, other: str) -> set[tuple[str, str]]:
        return linked(self.by_agency[one], self.by_agency[other], self.known)


@dataclass(frozen=True)
class Past:
    """A caseload that was lived through, and the files that it left."""

    folder: Path
    caseload: Caseload
    seen: Seen
    claimants: dict[str, str]


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Past:
    return asyncio.run(_past(tmp_path_factory.mktemp("privacy") / "deployment"))


async def _past(folder: Path) -> Past:
    async with deployed(folder) as deployment:
        caseload = await lived(deployment)
        minted = await deployment.recorded(NGO, "record.HandoverMinted")
    claimants = {one["person_ref"]: one["handover_id"] for one in minted if one["to"] == FUND}
    return Past(folder, caseload, await Seen.of(folder), claimants)


@pytest.mark.parametrize(("one", "other"), [*combinations(UNLINKED, 2), *((POLICE, other) for other in TOLD_BY_POLICE)])
def test_two_agencies_share_only_what_stands_in_the_notices_between_them(past: Past, one: str, other: str) -> None:
    found = past.seen.shared(one, other)
    assert found == set(), past.seen.by_agency[one].places(found) + past.seen.by_agency[other].places(found)


def test_nobody_is_linked_beyond_the_handovers_that_two_agencies_share(past: Past) -> None:
    all_know, helped, reported = past.caseload.known_to_all, past.caseload.helped, past.caseload.reported
    assert past.seen.linked(PROSECUTOR, NGO) == set()
    assert past.seen.linked(PROSECUTOR, FUND) == set()
    assert past.seen.linked(NGO, FUND) == set(past.claimants.items())
    assert len(past.claimants) == 2
    assert past.seen.linked(POLICE, NGO) == {(all_know[POLICE], all_know[NGO]), (helped[POLICE], helped[NGO])}
    assert past.seen.linked(POLICE, PROSECUTOR) == {
        (all_know[POLICE], all_know[PROSECUTOR]),
        (reported[POLICE], reported[PROSECUTOR]),
    }


def test_a_prosecutor_and_a_shelter_could_compare_only_days_that_have_to_be_exact(past: Past) -> None:
    """Those that SECURITY.md names, each with its reason."""
    known = past.caseload.known_to_all
    found = past.seen.linked_by_days(PROSECUTOR, NGO)
    [fields] = found.values()
    assert set(found) == {(known[PROSECUTOR], known[NGO])}
    assert {name for name, _ in fields} == EXACT | BY_WEEK
    assert {date.fromisoformat(day).weekday() for name, day in fields if name in BY_WEEK} == {0}
    text = SECURITY.read_text()
    assert [name for name in EXACT if f"`{name}`" not in text] == []


async def test_neither_does_the_caseload_of_the_demo(demo: RunningDemo) -> None:
    seen = await Seen.of(demo.folder / DEFAULT_FOLDER)
    pairs = [(CROWN, FUND), *((one, other) for one in (CROWN, FUND) for other in SHELTERS)]
    assert {pair: seen.shared(*pair) for pair in pairs} == {pair: set() for pair in pairs}
    assert seen.linked(FUND, DAWN) | seen.linked(FUND, HARBOUR), "shelters claim"
    assert [seen.linked(CROWN, one) for one in (FUND, *SHELTERS)] == [set(), set(), set()]


async def test_a_reference_of_the_senders_own_in_two_notices_is_found(past: Past, tmp_path: Path) -> None:
    folder = tmp_path / "deployment"
    shutil.copytree(past.folder, folder)
    ref = past.caseload.known_to_all[POLICE]
    await _plant(folder, ref, (NGO, PROSECUTOR))

    seen = await Seen.of(folder)
    assert seen.shared(PROSECUTOR, NGO) == {ref}
    known = past.caseload.known_to_all
    assert seen.linked(PROSECUTOR, NGO) == {(known[PROSECUTOR], known[NGO])}
    assert seen.by_agency[NGO].places({ref})


async def _plant(folder: Path, ref: str, told: tuple[str, ...]) -> None:
    """The police tell several agencies of a person by the police's own reference, beside the handover id."""
    house = await open_house(Config.load(folder / CONFIG), silent())
    police = house.at(POLICE).agency
    minted = [
        entry.event
        for entry in await police.store.stream(person(ref)["on"])
        if isinstance(entry.event, HandoverMinted) and entry.event.to in told
    ]
    leak = [
        Notice(one.to, one.handover_id, VictimReported(one.handover_id, "GB-LND", False, (), TODAY, True, ref))
        for one in minted
    ]
    appending = [asyncio.create_task(agency.appender.run()) for agency in house.agencies]
    await _recorded(police.appender, leak)
    await settle(house.agencies)
    for task in appending:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    await house.close(0)


async def _recorded(appender: Appender, decision: Decision) -> None:
    nothing: Fold[None, object] = Fold("planted", None, lambda state, _event: state)
    await appender.submit(
        Order(
            request_id="00000000-0000-4000-8000-000000000001",
            request_hash=b"",
            command=None,
            decide=lambda _command, _state: decision,
            streams=(At(nothing, "leak"),),
            context=Context(recorded_at="2026-11-22T00:00:00.000000Z", occurred_at="2026-11-22", agency=POLICE),
            reply=lambda _recorded: b"",
            expected_version=ANY_VERSION,
        )
    )
