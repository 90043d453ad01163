"""Which other agencies were shown somebody's sealed data: read from the looks in the own log, which came first."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, timedelta

from nrm_contracts.record.events import DataAccessed
from nrm_kernel.copies import NEVER, Showings, Shown
from nrm_kernel.ids import new_ref
from nrm_kernel.looks import looks_of
from nrm_kernel.pieces import Filed, Piece
from nrm_kernel.store import Store


async def showings(store: Store, filed: Filed, data_classes: Collection[str], today: date) -> Showings:
    """To whom pieces of these classes were shown that can be read until now; ``today`` is UTC's.

    Every day since the first piece is looked through, for every agency that knows the person.
    """
    pieces = [piece for piece in filed.pieces if piece.erased is None and piece.data_class in data_classes]
    if not pieces:
        return NEVER
    tomorrow = today + timedelta(days=1)
    first = min(date.fromisoformat(piece.entry.recorded_at[:10]) for piece in pieces)
    days = [first + timedelta(days=nth) for nth in range((tomorrow - first).days + 1)]
    seen: dict[tuple[str, str], set[str]] = defaultdict(set)
    looked = 0
    for reader, handover in filed.handovers:
        for day in days:
            for entry in await store.stream(looks_of(reader, day).stream):
                if isinstance(entry.event, DataAccessed) and entry.event.subject == handover:
                    seen[reader, handover] |= _classes(entry.event, entry.position, pieces)
                    looked += day >= today
    shown = [
        Shown(to, one, tuple(sorted(classes)), new_ref()) for (to, one), classes in sorted(seen.items()) if classes
    ]
    readers = sorted({reader for reader, _ in filed.handovers})
    streams = [looks_of(reader, day) for reader in readers for day in (today, tomorrow)]
    return Showings(shown, streams, {one for _, one in filed.handovers}, looked)


def _classes(look: DataAccessed, position: int, pieces: Sequence[Piece]) -> set[str]:
    """What could be read at that look of what can be read until now."""
    return {
        piece.data_class for piece in pieces if piece.data_class in look.classes and piece.entry.position < position
    }
