"""The demo on PostgreSQL and Kafka tells the same history as on files, and its check finds nothing wrong."""

import asyncio
import json
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from tests.distributed.country import until

from nrm.demo.agencies import NATIONAL
from nrm.demo.desk import method_of, officer
from nrm.demo.grounds import FILES, Grounds
from nrm.demo.inside import Inside
from nrm.demo.on_servers import standing_on
from nrm.demo.opening import opened
from nrm.demo.screen import Screen
from nrm.house import House
from nrm.servers.installing import Servers
from nrm.services import VIEWS
from nrm_contracts.coordinator.v1 import coordinator_pb2 as pb

pytestmark = pytest.mark.slow
Json = dict[str, Any]
SEED, PERSONS = 1, 50
NRM = (sys.executable, "-c", "from nrm.cli import main; main()")


@dataclass(frozen=True)
class Told:
    """How often each thing happened at each agency, the rows of every view, and the coordinator's figures."""

    events: Counter[tuple[str, str]]
    rows: dict[tuple[str, str, str], int]
    figures: list[list[pb.Count]]


async def shown(house: House) -> dict[tuple[str, str, str], int]:
    """How many rows each table of each agency's views has, as soon as everything recorded is shown."""
    sizes = {agency.origin: await agency.store.size() for agency in house.agencies}
    reading = [reader for agency in house.agencies for reader in agency.projecting]
    await until(lambda: all(reader.size >= sizes[reader.origin] for reader in reading))
    return {
        (one.agency.origin, view.name, table.name): len(await one.views.rows(select(table)))
        for one in house.housed
        for view in VIEWS[one.agency.service.kind]
        for table in view.metadata.sorted_tables
    }


async def told(folder: Path, grounds: Grounds) -> Told:
    counted: Counter[tuple[str, str]] = Counter()
    async with opened(folder, SEED, PERSONS, Screen(quiet=True), asyncio.Event(), grounds) as demo:
        rows = await shown(demo.house)
        for agency in demo.house.agencies:
            entries = await agency.store.read(0, await agency.store.size())
            counted.update((agency.origin, entry.type) for entry in entries)
        request = pb.GetFunnelsRequest()
        method = method_of(request)
        caller = officer(NATIONAL, NATIONAL, method, 1)
        raw = await Inside(demo.house).call(NATIONAL, method.path, request.SerializeToString(), caller)
    found = pb.GetFunnelsResponse.FromString(raw)
    return Told(counted, rows, [list(found.persons), list(found.cases), list(found.defendants)])


async def test_the_same_seed_gives_the_same_figures_on_files_and_on_servers(tmp_path: Path, servers: Servers) -> None:
    on_files = await told(tmp_path / "files", FILES)
    on_servers = await told(tmp_path / "servers", standing_on(servers))
    assert on_servers == on_files
    assert min(sum(on_files.rows.values()), on_files.events.total()) > PERSONS


def test_the_check_finds_nothing_wrong_and_tells_what_the_embedded_check_tells(tmp_path: Path) -> None:
    on_files, on_servers = checked(tmp_path / "files"), checked(tmp_path / "servers", "--distributed")
    assert (on_servers["ok"], on_servers["persons"], on_servers["views"]["equal"]) == (True, PERSONS, True)
    assert all(origin["verified"] for origin in on_servers["origins"])
    assert any_run(on_servers) == any_run(on_files)


def checked(folder: Path, *options: str) -> Json:
    command = [*NRM, "demo", *options, "--check", "--json", "--persons", str(PERSONS), "--dir", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=580)
    assert done.returncode == 0, done.stderr
    summary: Json = json.loads(done.stdout)
    return summary


def any_run(summary: Json) -> Json:
    """Without how long it took, and the roots: they are of references that no other run has."""
    return {**summary, "seconds": None, "origins": [{**origin, "root": None} for origin in summary["origins"]]}
