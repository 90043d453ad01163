"""What an agency holds: its own files and what it may read of the shared log. What two agencies' holdings share."""

import re
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import orjson
from sqlalchemy.dialects import sqlite

from nrm.config import AgencySection, Config
from nrm.services import STORE, VIEWS
from nrm_contracts import catalogue, codes
from nrm_kernel import access
from nrm_kernel.adapters.log_sqlite import SqliteLog
from nrm_kernel.adapters.views_tables import made_by
from nrm_kernel.entry import Entry
from nrm_kernel.ledger.merkle import Frontier
from nrm_kernel.ledger.trust import Trust
from nrm_kernel.log import Body
from nrm_kernel.policy import load_history

EVERYTHING = 1_000_000
COUNT_DIGITS = 4
"""Shorter numbers are counts, positions, years, quantities: they name nobody."""
SERVICES = ("assistance", "audit", "coordinator", "feed", "funding", "identification", "prosecution", "vault")
_COARSE = re.compile(rf"|\d{{1,{COUNT_DIGITS}}}|\d{{4}}-\d\d(-\d\d)?")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_CODE = re.compile(r"[a-z][a-z_]*")
_WORDS = re.compile(rb"[0-9A-Za-z._:/+-]{5,}")
_REFS = re.compile(r"[0-9a-f]{16,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PERSON = re.compile(r"(?:person|claimant)-([0-9a-f]{32})")


Dated = tuple[str, ...]
"""A field with its exact day, alone or beside a code: what a join by days compares."""


@dataclass(frozen=True)
class Held:
    """One row or entry that an agency holds: where, and every value in it that could name somebody.

    ``dated`` is what an entry says of days: they name nobody, and yet a rare one can give somebody away.
    """

    place: str
    values: frozenset[str]
    dated: frozenset[Dated] = frozenset()


@dataclass(frozen=True)
class Holding:
    """All that one agency holds.

    ``told`` is, by agency, what it was told from there: every value of the notices, and who of its officers called.
    """

    agency: str
    held: tuple[Held, ...]
    told: Mapping[str, frozenset[str]]
    persons: frozenset[str]

    def places(self, values: Collection[str]) -> list[str]:
        """Where any of these values stands."""
        return sorted({one.place for one in self.held if not one.values.isdisjoint(values)})


async def holding(config: Config, section: AgencySection) -> Holding:
    """What this agency holds: bodies that it may read, and all rows of its files. No process may write meanwhile."""
    log = SqliteLog(config.log)
    held, told, persons = [*_rows(section.folder)], dict[str, frozenset[str]](), set[str]()
    for origin in Trust.load(config.trust).origins():
        for record in await log.read(origin, section.origin, 0, EVERYTHING):
            if isinstance(record, Body):
                entry = Entry.of(origin, record.position, record.body)
                values = _values(entry.body)
                days = frozenset[Dated]() if _is_public(entry) else frozenset(_dated(orjson.loads(entry.body)["data"]))
                held.append(Held(f"{origin} at {entry.position}: {entry.type}", values, days))
                if entry.to == section.origin:
                    told[origin] = told.get(origin, frozenset()) | values
                if origin == section.origin:
                    persons.update(_PERSON.findall(entry.stream))
                    caller = entry.text("agency")
                    told[caller] = told.get(caller, frozenset()) | {entry.text("actor")}
    await log.close()
    return Holding(section.origin, tuple(held), told, frozenset(persons))


def _rows(folder: Path) -> Iterator[Held]:
    for path in (folder / STORE, *folder.glob("views/*.sqlite")):
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as file:
            tables = [name for (name,) in file.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
            for table in tables:
                for row in file.execute(f'SELECT * FROM "{table}"'):
                    yield Held(f"{path.name}: {table}", _values(list(row)))


def _values(held: object) -> frozenset[str]:
    """Every scalar in it but counts, days and what is empty."""
    return frozenset(value for value in _scalars(held) if not _COARSE.fullmatch(value))


def _is_public(entry: Entry) -> bool:
    return catalogue.find(entry.type, 1).audience is catalogue.Audience.ALL


def _dated(data: Mapping[str, object]) -> Iterator[Dated]:
    """Every day of an entry by its field, and beside each code of the entry."""
    days = [(name, value) for name, value in data.items() if isinstance(value, str) and _DAY.fullmatch(value)]
    codes_said = [value for value in data.values() if isinstance(value, str) and _CODE.fullmatch(value)]
    for name, day in days:
        yield name, day
        yield from ((name, day, code) for code in codes_said)


def _scalars(held: object) -> Iterator[str]:
    match held:
        case dict():
            yield from _scalars(list(held.values()))
        case list():
            for item in held:
                yield from _scalars(item)
        case bytes():
            yield held.hex()
            yield from _in_bytes(held)
        case str():
            yield from _REFS.findall(held) or [held]  # a name made up of references, such as a stream's, is these
        case int() if not isinstance(held, bool):
            yield str(held)


def _in_bytes(stored: bytes) -> Iterator[str]:
    """What an entry says; of what is not one, everything in it that looks like a name."""
    try:
        yield from _scalars(orjson.loads(stored))
    except orjson.JSONDecodeError:
        yield from _scalars([word.decode() for word in _WORDS.findall(stored)])


async def public(config: Config) -> set[str]:
    """What everybody knows: contracts, code lists, rules, policy, trust file, entries for all, trees over the logs."""
    origins = Trust.load(config.trust).origins()
    known = {*origins, *(f"react:{origin}" for origin in origins), *(kind.name for kind in catalogue.all_types())}
    known |= {code for name in codes.list_names() for code in codes.code_list(name).codes}
    known |= {policy.version for policy in load_history(config.policy).versions}
    for views in VIEWS.values():
        known |= _values(made_by(views, sqlite.dialect()))
    for table in map(access.load, SERVICES):
        known |= {table.hash, *(row.rule for rows in table.rows.values() for row in rows)}
    log = SqliteLog(config.log)
    for origin in origins:
        known |= await _of_log(log, origin)
    await log.close()
    return known


async def _of_log(log: SqliteLog, origin: str) -> set[str]:
    """Of one log: entries that are for all, and every frontier, which anybody makes from the leaf hashes."""
    entries = [
        Entry.of(origin, record.position, record.body)
        for record in await log.read(origin, origin, 0, EVERYTHING)
        if isinstance(record, Body)
    ]
    frontier, known = Frontier(), set[str]()
    for entry in entries:
        frontier = frontier.append(entry.leaf)
        known |= _values(frontier.to_bytes())
        if _is_public(entry):
            known |= _values(entry.body)
    return known


def shared(one: Holding, other: Holding, known: Collection[str]) -> set[str]:
    """What an equality join of all that two agencies hold finds, but for what all know and what they exchanged."""
    exchanged = one.told.get(other.agency, frozenset()) | other.told.get(one.agency, frozenset())
    return _telling(_all(one) & _all(other), known) - exchanged


def linked(one: Holding, other: Holding, known: Collection[str]) -> set[tuple[str, str]]:
    """Pairs of people, one of each agency, whom any value links that both hold about nobody else."""
    ours, theirs = _about(one), _about(other)
    return {
        (mine, yours)
        for mine, values in ours.items()
        for yours, others in theirs.items()
        if _telling(values & others, known)
    }


def linked_by_days(one: Holding, other: Holding) -> dict[tuple[str, str], set[tuple[str, str]]]:
    """Pairs of people whom a day links that both agencies hold about nobody else: the fields, and the days in them."""
    ours, theirs = _days_about(one), _days_about(other)
    return {
        (mine, yours): {(field, day) for field, day, *_ in days & others}
        for mine, days in ours.items()
        for yours, others in theirs.items()
        if days & others
    }


def _days_about(holding: Holding) -> dict[str, frozenset[Dated]]:
    about = {
        person: frozenset[Dated]().union(*(one.dated for one in holding.held if not one.values.isdisjoint(names)))
        for person, names in _about(holding).items()
    }
    return {
        person: days.difference(*(others for whose, others in about.items() if whose != person))
        for person, days in about.items()
    }


def _telling(values: Collection[str], known: Collection[str]) -> set[str]:
    """Those that not everybody knows. A rule of the policy is named by its version, a slash and the rule."""
    return {value for value in values if value not in known and value.partition("/")[0] not in known}


def _all(holding: Holding) -> frozenset[str]:
    return frozenset[str]().union(*(one.values for one in holding.held))


def _about(holding: Holding) -> dict[str, frozenset[str]]:
    """The values that an agency holds about one person alone, also where only such a value names the person."""
    names = {person: frozenset({person}) for person in holding.persons}
    for _ in range(2):
        beside = {person: _beside(holding, known) for person, known in names.items()}
        names = {
            person: values.difference(*(other for whose, other in beside.items() if whose != person))
            for person, values in beside.items()
        }
    return names


def _beside(holding: Holding, names: Collection[str]) -> frozenset[str]:
    return frozenset[str]().union(*(one.values for one in holding.held if not one.values.isdisjoint(names)))
