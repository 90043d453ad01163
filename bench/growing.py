"""What one unit of each costs when there is ten and a hundred times the data."""

import asyncio
from collections.abc import Mapping
from statistics import median

from bench import calling, rebuilding, recording, seeing, verifying
from bench.measure import Row, Title
from bench.office import NATIONAL, POLICE, Office

FACTORS = (10, 100)
GOAL = "<= 1.2"
ENTRIES_OF_COMMAND = 2
SEEN = 50
UNITS = {
    "gRPC commands, 64 callers": "us/call",
    "commands in process, 64 writers": "us/command",
    "rebuild of all coordinator views": "us/event",
    "verify of a store": "us/entry",
    "commit to visible at the coordinator, median": "us",
}


async def rows(office: Office, entries: int, rounds: int, seconds: float) -> list[Row]:
    """A row for each of these and each size; ``entries`` is the smallest."""
    first = await _costs(office, entries, rounds, seconds)
    found = []
    for factor in FACTORS:
        costs = await _costs(office, entries * factor, rounds, seconds)
        for name, unit in UNITS.items():
            title = Title(f"{name}, at {factor} times the data", unit, f"the same at {entries:,} entries", GOAL)
            found.append(title.row(costs[name], first[name]))
    return found


async def _costs(office: Office, entries: int, rounds: int, seconds: float) -> Mapping[str, float]:
    await _filled(office, entries)
    taken = [await _cost(office, seconds) for _ in range(rounds)]
    return {name: median(one[name] for one in taken) * 1e6 for name in UNITS}


async def _cost(office: Office, seconds: float) -> Mapping[str, float]:
    """Seconds for one unit of each."""
    police, around = office.house.at(POLICE), office.house.around
    views = office.house.at(NATIONAL).views
    size = await police.agency.store.size()
    rebuilt = await rebuilding.rebuilt(views, around, [POLICE])
    verified = verifying.verified([office.store_of(POLICE)], around.trust)
    with seeing.looking_at_the_view(office) as reader:
        seen = median([await seeing.seen_after(office, reader) for _ in range(SEEN)])
    calls = await calling.calls_per_second(office, seconds, named=True)
    commands = await recording.recorded_per_second(office, recording.MOST, seconds)
    costs = (1 / calls, 1 / commands, rebuilt / size, verified / size, seen)
    return dict(zip(UNITS, costs, strict=True))


async def _filled(office: Office, entries: int) -> None:
    """More commands, until the store has so many entries and the coordinator has seen them."""
    store = office.house.at(POLICE).agency.store
    while (size := await store.size()) < entries:
        await recording.recorded(office, -(-(entries - size) // ENTRIES_OF_COMMAND))
    with seeing.looking_at_the_view(office) as reader:
        await asyncio.to_thread(reader.seen, size)
