"""`nrm demo --check`: calls every method over gRPC, verifies every log, compares every view with a fresh rebuild."""

import asyncio
import json
import sys
from collections.abc import Coroutine
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Literal

from nrm.demo import STARTED_S
from nrm.demo.again import Replayed, replaying_apart
from nrm.demo.agencies import NATIONAL
from nrm.demo.desk import Desks, declared, method_of, officer
from nrm.demo.folder import config_of
from nrm.demo.following import Following
from nrm.demo.grounds import FILES, Grounds
from nrm.demo.known import Known
from nrm.demo.opening import Demo, opened
from nrm.demo.run import first_screen
from nrm.demo.screen import Screen
from nrm.demo.stopping import Stopped, stop_asked, unless
from nrm.demo.tour import assistance, funding, identification, prosecution, reading
from nrm.demo.tour.guide import Guide
from nrm.demo.wire import Wire
from nrm_audit.commands import Report, run_verify
from nrm_audit.report import EXIT_CODES, VerifyReport, verdict_on
from nrm_contracts.coordinator.v1 import coordinator_pb2 as pb

FIRST_NUMBER = 10**7
Exit = Literal[0, 1, 2]
CANNOT_TELL: Exit = 2


@dataclass(frozen=True, slots=True)
class Origin:
    """One agency's log: how far it is signed, and whether every copy is what was signed. ``root`` is base64."""

    origin: str
    size: int
    root: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Rpcs:
    """Methods of all services: declared in the contracts, called, and of these refused by a rule as they must be."""

    declared: int
    called: int
    refused_as_expected: int


@dataclass(frozen=True, slots=True)
class Views:
    """Rows that were made again from the entries, and whether all are what is shown."""

    rows: int
    equal: bool


@dataclass(frozen=True, slots=True)
class Seconds:
    """Since the start: until the first screen could be seen, and until now."""

    first_screen: float
    total: float


@dataclass(frozen=True, slots=True)
class Summary:
    """What the check came to; with ``--json``, the one object on standard output."""

    ok: bool
    persons: int
    events: int
    origins: tuple[Origin, ...]
    rpcs: Rpcs
    views: Views
    seconds: Seconds


@dataclass(frozen=True, slots=True)
class _Called:
    """What was found while the agencies ran."""

    persons: int
    called: frozenset[str]
    refused: frozenset[str]
    alarms: int
    first_screen_s: float


def check(folder: Path, screen: Screen, *, seed: int, persons: int, as_json: bool, distributed: bool = False) -> int:
    """Check everything; gives 0, 1 if anything is wrong, or 2 if somebody stopped it.

    Raises FolderTaken and what opening raises; KafkaMissing and PostgresMissing for the distributed mode.
    """
    if not distributed:
        return asyncio.run(_unless_stopped(screen, _check(folder, seed, persons, screen, FILES, as_json=as_json)))
    from nrm.demo.on_servers import servers  # without it nobody pays for Kafka

    with servers() as grounds:
        return asyncio.run(_unless_stopped(screen, _check(folder, seed, persons, screen, grounds, as_json=as_json)))


async def _unless_stopped(screen: Screen, checking: Coroutine[None, None, Exit]) -> Exit:
    try:
        return await unless(stop_asked(), checking)
    except Stopped:
        screen.line("Stopped before everything was checked. The files are kept.")
        return CANNOT_TELL


async def _check(folder: Path, seed: int, persons: int, screen: Screen, grounds: Grounds, *, as_json: bool) -> Exit:
    async with opened(folder, seed, persons, screen, asyncio.Event(), grounds) as demo:
        faults = list(demo.told.unplanned) if demo.told else []
        called = await _called(demo, screen, faults)
        await grounds.left(demo.folder, demo.house)
    screen.line(" every log hashed again, every view made again …")
    verified, replayed = await asyncio.to_thread(_held_against, demo.folder, demo.house.config.trust)
    summary = _summed_up(verified, replayed, called, faults)
    for fault in faults:
        screen.line(f" XX  {fault}")
    _tell(summary, screen, as_json=as_json)
    return 0 if summary.ok else 1


async def _called(demo: Demo, screen: Screen, faults: list[str]) -> _Called:
    await demo.serve()
    wire = Wire(demo.house.ports)
    try:
        await first_screen(demo, wire, screen)
        persons = await _persons(wire)
        if demo.told is not None and persons != demo.kept.persons:
            faults.append(f"the coordinator counts {persons} persons, the world has {demo.kept.persons}")
        guide = await _guide(demo, wire)
        await _toured(guide, screen, faults)
        refused = guide.desks.known.notices_refused
        faults += [f"{refused} reactions to notices were refused"] if refused else []
        alarms = sum(len(agency.alarms) for agency in demo.house.agencies)
        return _Called(persons, frozenset(guide.called), frozenset(guide.refused), alarms, screen.first_s or 0.0)
    finally:
        await wire.close()


async def _persons(wire: Wire) -> int:
    request = pb.ListPathwaysRequest(page_size=1)
    method = method_of(request)
    caller = officer(NATIONAL, NATIONAL, method, 1)
    raw = await wire.call(NATIONAL, method.path, request.SerializeToString(), caller)
    return pb.ListPathwaysResponse.FromString(raw).total


async def _guide(demo: Demo, wire: Wire) -> Guide:
    known = demo.told.known if demo.told else Known()
    following = Following(demo.house.agencies, known)
    await following.rest()
    desks = Desks(wire.call, known, f"tour-{demo.kept.seed}-{known.entries}")
    return Guide(wire, desks, following, FIRST_NUMBER + 10 * known.entries, demo.clock.now().date())


async def _toured(guide: Guide, screen: Screen, faults: list[str]) -> None:
    """One part after another; each needs what those before it left."""
    parts = (
        ("the money's frame", funding.contract),
        ("identification", identification.tour),
        ("assistance", assistance.tour),
        ("prosecution", prosecution.tour),
        ("funding", funding.money),
        ("coordinator and audit", reading.tour),
    )
    for name, part in parts:
        screen.line(f" calling: {name}")
        try:
            await part(guide)
        except Exception as fault:  # noqa: BLE001 - whatever it is, the summary tells it and the check fails
            faults.append(f"{name}: {type(fault).__name__}: {fault}")
            return
    await guide.following.rest()


def _held_against(folder: Path, trust: Path) -> tuple[Report, Replayed]:
    """What the logs' copies say of each other, and what is shown against what they say."""
    with replaying_apart([folder], trust, config_of(folder)) as replaying:
        _, verified = run_verify([folder], trust)
        return verified, replaying.result()


def _summed_up(verified: Report, replayed: Replayed, called: _Called, faults: list[str]) -> Summary:
    origins = _origins(verified) if isinstance(verified, VerifyReport) else ()
    methods = {f"/{service.full_name}/{method.name}" for service in declared() for method in service.methods}
    uncalled = sorted(method.rpartition("/")[2] for method in methods - called.called)
    faults += [f"not called: {', '.join(uncalled)}"] if uncalled else []
    faults += [f"{called.alarms} alarms were raised while the agencies ran"] if called.alarms else []
    faults += [f"{one.origin} is not verified" for one in origins if not one.verified]
    faults += [] if replayed.equal else [replayed.told]
    faults += [] if origins else [verified.text().strip()]
    return Summary(
        ok=not faults,
        persons=called.persons,
        events=sum(one.size for one in origins),
        origins=origins,
        rpcs=Rpcs(len(methods), len(methods & called.called), len(called.refused)),
        views=Views(replayed.rows, equal=replayed.equal),
        seconds=Seconds(round(called.first_screen_s, 1), round(perf_counter() - STARTED_S, 1)),
    )


def _origins(report: VerifyReport) -> tuple[Origin, ...]:
    """Each log once: as far as it is signed, and verified if no copy of it has a finding."""
    document = json.loads(report.json())
    found: dict[str, Origin] = {}
    for copy in document["copies"]:
        origin, size = copy["origin"], copy["signed_size"]
        findings = [one for one in report.findings.kept if one.origin == origin]
        verified = EXIT_CODES[verdict_on(findings)] == 0
        if origin not in found or size > found[origin].size:
            found[origin] = Origin(origin, size, copy["root"], verified)
    return tuple(found[origin] for origin in sorted(found))


def _tell(summary: Summary, screen: Screen, *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(asdict(summary)) + "\n")
        return
    for one in summary.origins:
        screen.line(f" {'ok' if one.verified else 'XX'}  {one.origin}  {one.size:,} events  root {one.root}")
    rpcs, views, seconds = summary.rpcs, summary.views, summary.seconds
    screen.line(
        f" {rpcs.called} of {rpcs.declared} methods called, {rpcs.refused_as_expected} refused as it must be; "
        f"{views.rows:,} rows {'equal' if views.equal else 'NOT equal'}; {summary.persons:,} persons"
    )
    screen.line(f" first screen after {seconds.first_screen:g} s, everything after {seconds.total:g} s")
    screen.line("OK" if summary.ok else "NOT OK")
