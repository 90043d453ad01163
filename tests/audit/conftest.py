"""A deployment as files: entries as they are stored, signed as agencies sign, in the schema of store and log."""

import random
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from nrm_kernel.entry import Json, canonical
from nrm_kernel.ledger.merkle import Frontier, leaf_hash
from nrm_kernel.ledger.note import Checkpoint, SigningKey, sign
from nrm_kernel.ledger.trust import Trust, TrustedKey, TrustedOrigin

STORE_SCHEMA = """
CREATE TABLE origin_id (origin TEXT PRIMARY KEY);
CREATE TABLE entry (position INTEGER PRIMARY KEY, stream TEXT, seq INTEGER, body BLOB, leaf BLOB, UNIQUE (stream, seq));
CREATE TABLE head (one INTEGER PRIMARY KEY, frontier BLOB);
CREATE TABLE cursor (name TEXT PRIMARY KEY, size INTEGER, frontier BLOB);
CREATE TABLE checkpoint (size INTEGER PRIMARY KEY, note TEXT);
"""
LOG_SCHEMA = """
CREATE TABLE log_entry (origin TEXT, position INTEGER, audience TEXT, addressee TEXT, body BLOB, leaf BLOB,
                        PRIMARY KEY (origin, position));
CREATE TABLE log_checkpoint (origin TEXT, size INTEGER, note TEXT, PRIMARY KEY (origin, size));
CREATE TABLE log_heartbeat (origin TEXT PRIMARY KEY, note TEXT);
"""


@dataclass
class Agency:
    """One agency's log in memory: what it recorded, and what it signed."""

    origin: str
    key: SigningKey
    chance: random.Random
    bodies: list[bytes] = field(default_factory=list)
    notes: list[tuple[int, str]] = field(default_factory=list)
    streams: dict[str, tuple[int, str]] = field(default_factory=dict)

    def record(self, count: int, deps: list[Json] | None = None) -> None:
        """Record some invented entries on a few streams; every fourth is a notice."""
        for _ in range(count):
            position, more = len(self.bodies), dict[str, Json]()
            if position % 4 == 3:
                more["to"] = "demo/funding/treasury"
            if deps:
                more["deps"] = deps
            data: dict[str, Json] = {
                "amount_minor": self.chance.randrange(10**9),
                "kinds": ["shelter", "қорғау" if position % 8 == 0 else "food"],
                "final": False,
            }
            self.write(f"case-{self.chance.randrange(4)}", "assistance.Invented", data, more)

    def write(self, stream: str, kind: str, data: dict[str, Json], more: dict[str, Json] | None = None) -> int:
        """Record one entry of that stream; gives its position."""
        position, (seq, prev) = len(self.bodies), self.streams.get(stream, (0, ""))
        envelope: dict[str, Json] = {
            "v": 1,
            "origin": self.origin,
            "position": position,
            "stream": stream,
            "seq": seq,
            "id": f"{self.chance.getrandbits(128):032x}",
            "salt": f"{self.chance.getrandbits(128):032x}",
            "type": kind,
            "schema": 1,
            "occurred_at": "2026-05-12T09:31:00.000000Z",
            "recorded_at": f"2026-05-{1 + position % 28:02}T09:31:00.000000Z",
            "data": data,
            **(more or {}),
        }
        if prev:
            envelope["prev"] = prev
        body = canonical(envelope)
        self.bodies.append(body)
        self.streams[stream] = (seq + 1, leaf_hash(body).hex())
        return position

    def sign(self, key: SigningKey | None = None) -> None:
        """Sign everything recorded so far."""
        frontier = Frontier().extend([leaf_hash(body) for body in self.bodies])
        note = sign(Checkpoint(self.origin, frontier.size, frontier.root()), key or self.key)
        self.notes = [*(held for held in self.notes if held[0] != frontier.size), (frontier.size, note)]

    def write_store(self, path: Path, handed_over: int | None = None) -> Path:
        """The agency's store as a file."""
        frontier = Frontier().extend([leaf_hash(body) for body in self.bodies]).to_bytes()
        signed = max((size for size, _ in self.notes), default=0) if handed_over is None else handed_over
        with sqlite3.connect(path) as connection:
            connection.executescript(STORE_SCHEMA)
            connection.execute("INSERT INTO origin_id VALUES (?)", (self.origin,))
            connection.execute("INSERT INTO head VALUES (1, ?)", (frontier,))
            connection.execute("INSERT INTO cursor VALUES ('relay', ?, ?)", (signed, frontier))
            connection.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?)", self.entries())
            connection.executemany("INSERT INTO checkpoint VALUES (?, ?)", self.notes)
        connection.close()
        return path

    def entries(self) -> list[tuple[int, str, int, bytes, bytes]]:
        """The rows of its entries in a store."""
        rows, seqs = [], dict.fromkeys(self.streams, 0)
        for position, body in enumerate(self.bodies):
            stream = next(name for name in self.streams if f'"stream":"{name}"'.encode() in body)
            rows.append((position, stream, seqs[stream], body, leaf_hash(body)))
            seqs[stream] += 1
        return rows


@dataclass
class Deployment:
    """Three agencies of an invented country, their trust file, and the files they leave in a folder."""

    folder: Path
    agencies: list[Agency]

    @property
    def trust(self) -> Trust:
        """The keys of all three, valid from the beginning."""
        logs = [TrustedOrigin(agency.origin, (TrustedKey(agency.key.verifier()),)) for agency in self.agencies]
        return Trust("demo", tuple(logs))

    @property
    def first(self) -> Agency:
        """The agency that most tests look at."""
        return self.agencies[0]

    def write(self) -> None:
        """Every store and the shared log."""
        for agency in self.agencies:
            agency.write_store(self.store_of(agency))
        self.write_log(self.log)

    def write_log(self, path: Path) -> Path:
        """The shared log as a file; it has what was signed."""
        with sqlite3.connect(path) as connection:
            connection.executescript(LOG_SCHEMA)
            for agency in self.agencies:
                signed = max((size for size, _ in agency.notes), default=0)
                for position, body in enumerate(agency.bodies[:signed]):
                    to = "demo/funding/treasury" if b'"to":' in body else None
                    audience = "notice" if to else "own"
                    row = (agency.origin, position, audience, to, body, leaf_hash(body))
                    connection.execute("INSERT INTO log_entry VALUES (?, ?, ?, ?, ?, ?)", row)
                rows = [(agency.origin, size, note) for size, note in agency.notes]
                connection.executemany("INSERT INTO log_checkpoint VALUES (?, ?, ?)", rows)
        connection.close()
        return path

    @property
    def log(self) -> Path:
        """The shared log's file."""
        return self.folder / "log.sqlite"

    def store_of(self, agency: Agency) -> Path:
        """An agency's store file."""
        return self.folder / f"{agency.origin.replace('/', '.')}.db"

    def change(self, path: Path, statement: str, *parameters: object) -> None:
        """Tamper with a file."""
        with sqlite3.connect(path) as connection:
            connection.execute(statement, parameters)
        connection.close()


MakeDeployment = Callable[..., Deployment]


def make_deployment(folder: Path, seed: int = 1, entries: int = 40, checkpoints: int = 3) -> Deployment:
    """Agencies that recorded `entries` each in as many portions as they signed checkpoints; nothing is written yet."""
    chance = random.Random(seed)
    names = ("demo/assistance/ngo-dawn", "demo/identification/police-north", "demo/funding/treasury")
    agencies = [Agency(name, SigningKey(name, chance.randbytes(32)), chance) for name in names]
    for agency in agencies:
        for portion in range(checkpoints):
            agency.record(entries // checkpoints + (1 if portion < entries % checkpoints else 0))
            agency.sign()
    return Deployment(folder, agencies)


@pytest.fixture(scope="session")
def make() -> MakeDeployment:
    """Makes a deployment in a folder."""
    return make_deployment


@pytest.fixture
def deployment(tmp_path: Path) -> Deployment:
    """A deployment with all its files written."""
    made = make_deployment(tmp_path)
    made.write()
    return made
