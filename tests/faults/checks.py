"""What must hold of the files that the killed processes left behind."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.faults.driver import HERE, PAIR, TRUST, database_of, order, other, short, store_at, views_at

from nrm_contracts.record.events import DataAccessed
from nrm_kernel.adapters.log_sqlite import SqliteLog
from nrm_kernel.entry import Entry
from nrm_kernel.follow import Follower
from nrm_kernel.ledger.kept import newest_kept
from nrm_kernel.ledger.merkle import Frontier, leaf_hash
from nrm_kernel.ledger.note import stated
from nrm_kernel.store import Store, Wanted
from nrm_kernel.testing.fresh import dump, rebuilt
from nrm_kernel.testing.toy import VIEW, Raised, RaisedNotified


async def stored(place: Path, origin: str) -> Sequence[Entry]:
    """An agency's entries, after a look at their numbers, chains and hashes."""
    store = await store_at(place, origin)
    entries = await unbroken(store)
    await store.close()
    return entries


async def unbroken(store: Store) -> Sequence[Entry]:
    """A store's entries, after the same look."""
    entries = await store.read(0, 1_000_000)
    assert [entry.position for entry in entries] == list(range(len(entries)))
    assert [leaf_hash(entry.body) for entry in entries] == [entry.leaf for entry in entries]
    heads: dict[str, Entry] = {}
    for entry in entries:
        before = heads.get(entry.stream)
        assert entry.seq == (before.seq + 1 if before else 0)
        assert entry.text("prev") == (before.leaf.hex() if before else "")
        heads[entry.stream] = entry
    async with store.writing(Wanted()) as writing:
        assert writing.frontier == Frontier().extend([entry.leaf for entry in entries])
    return entries


def lines(place: Path, kind: str) -> list[list[str]]:
    """What the processes wrote down of that kind, in words."""
    return [line.split() for path in place.glob(f"{kind}-*") for line in path.read_text().splitlines()]


def nothing_acknowledged_is_lost(place: Path, logs: dict[str, Sequence[Entry]]) -> None:
    """Each answer that a caller got is of an entry that stands where it said; whatever was shown is on record."""
    for origin, request_id, position, version in lines(place, "acknowledged"):
        entry = logs[origin][int(position)]
        assert (entry.text("request_id"), entry.seq) == (request_id, int(version) - 1)
    looked = {
        origin: Counter(event.subject for entry in logs[origin] if isinstance(event := entry.event, DataAccessed))
        for origin in logs
    }
    for (origin, subject), times in Counter((one[0], one[1]) for one in lines(place, "shown")).items():
        assert looked[origin][subject] >= times


def of_type(entries: Sequence[Entry], form: type) -> list[Entry]:
    """The entries of one event type."""
    return [entry for entry in entries if isinstance(entry.event, form)]


def nothing_is_doubled(logs: dict[str, Sequence[Entry]]) -> None:
    """One raise for each request and for each notice, at most."""
    for entries in logs.values():
        raises = of_type(entries, Raised)
        assert max(Counter(entry.text("request_id") for entry in raises).values(), default=0) <= 1
        caused = Counter(entry.text("causation_id") for entry in raises if entry.text("causation_id"))
        assert max(caused.values(), default=0) <= 1


async def whole(place: Path, *origins: str) -> dict[str, Sequence[Entry]]:
    """What must hold whenever a process died: gives the agencies' entries."""
    logs = {origin: await stored(place, origin) for origin in origins if was_made(place, origin)}
    nothing_acknowledged_is_lost(place, logs)
    nothing_is_doubled(logs)
    return logs


def was_made(place: Path, origin: str) -> bool:
    """Whether the agency came so far as to open a store."""
    return bool(database_of(place, origin)) or (place / f"{short(origin)}.sqlite").exists()


async def at_rest(place: Path, count: int) -> None:
    """What must hold when everything came to rest after ``count`` commands to each agency."""
    logs = await whole(place, *PAIR)
    for origin, entries in logs.items():
        given = {order(origin, number).request_id for number in range(count)}
        assert {entry.text("request_id") for entry in of_type(entries, Raised)} >= given
        effects_follow(logs[other(origin)], entries)
        assert not [entry for entry in entries if entry.type == "record.ReactionRefused"]
        await rows_follow(place, origin)
        await roots_are_equal(place, origin, entries)


def effects_follow(told: Sequence[Entry], heard: Sequence[Entry]) -> None:
    """Each notice of one agency has its one effect at the other, and about one person in the order of the notices."""
    causes = {entry.text("id"): entry for entry in of_type(told, RaisedNotified)}
    effects = [causes[cause] for entry in of_type(heard, Raised) if (cause := entry.text("causation_id"))]
    assert len(effects) == len(causes)
    for stream in {entry.stream for entry in effects}:
        positions = [entry.position for entry in effects if entry.stream == stream]
        assert positions == sorted(positions)


async def rows_follow(place: Path, origin: str) -> None:
    """What is shown is what the entries give."""
    store = await store_at(place, origin)
    views = await views_at(place, origin)
    assert await dump(views, VIEW) == await rebuilt(store, VIEW)
    assert (await views.frontier(origin)).size == await store.size()
    await views.close()
    await store.close()


async def roots_are_equal(place: Path, origin: str, entries: Sequence[Entry]) -> None:
    """Store, shared log, its readers and the file outside the database say the same."""
    root = Frontier().extend([entry.leaf for entry in entries]).root()
    log = SqliteLog(place / "log.sqlite")
    for reader in PAIR:
        follower = Follower(log, TRUST, origin, reader, Frontier())
        while await follower.next():
            pass
        assert (follower.frontier.size, follower.frontier.root()) == (len(entries), root)
    await log.close()
    kept = newest_kept((place / f"{short(origin)}.txt").read_bytes())
    assert kept is not None
    witness = stated(kept.note)
    assert (witness.size, witness.root) == (len(entries), root)


async def one_store_written_by(place: Path, count: int) -> None:
    """What must hold of a store that several processes wrote the same commands to."""
    logs = await whole(place, HERE)
    written_once(logs[HERE], count)


def written_once(entries: Sequence[Entry], count: int) -> None:
    """Each of the commands had its effect once."""
    raises = of_type(entries, Raised)
    assert {entry.text("request_id") for entry in raises} == {order(HERE, number).request_id for number in range(count)}
    assert len(raises) == count
