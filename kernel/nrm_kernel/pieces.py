"""What an agency's log says of somebody's sealed data: which pieces there are, which were erased, which are to be."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import cast

from nrm_contracts.record.events import ErasureProposed, HandoverMinted, HandoverReceived, PersonalDataErased
from nrm_kernel.decider import Streams
from nrm_kernel.entry import Entry
from nrm_kernel.erasing import PROPOSALS
from nrm_kernel.store import Store
from nrm_kernel.vault import Commitment, Elsewhere, Sight


@dataclass(frozen=True, slots=True)
class Piece:
    """A commitment and the entry that it stands in; ``erased`` by the erasure recorded after it."""

    entry: Entry
    commitment: Commitment
    erased: PersonalDataErased | None

    @property
    def data_class(self) -> str:
        """A code of the list data_class."""
        return str(self.commitment["class"])


@dataclass(frozen=True, slots=True)
class Filed:
    """The entries about somebody among which their data are sealed."""

    entries: Sequence[Entry]

    @property
    def pieces(self) -> list[Piece]:
        """Every piece that was ever sealed."""
        return list(chain.from_iterable(map(self._pieces, self.entries)))

    @property
    def handovers(self) -> set[tuple[str, str]]:
        """Each other agency that knows the person, and the handover between the two."""
        return set(filter(None, (_handover(entry.event) for entry in self.entries)))

    @property
    def last_erased_at(self) -> int:
        """The position of the newest erasure; -1 where there is none."""
        return max((entry.position for entry, _fact in self._erasures()), default=-1)

    def _pieces(self, entry: Entry) -> Iterator[Piece]:
        for commitment in cast(Sequence[Commitment], entry.envelope.get("sealed", ())):
            yield Piece(entry, commitment, self._erased(entry, str(commitment["class"])))

    def _erased(self, entry: Entry, data_class: str) -> PersonalDataErased | None:
        later = (fact for at, fact in self._erasures() if at.position > entry.position)
        return next((fact for fact in later if data_class in fact.data_classes), None)

    def _erasures(self) -> Iterable[tuple[Entry, PersonalDataErased]]:
        return ((entry, entry.event) for entry in self.entries if isinstance(entry.event, PersonalDataErased))


@dataclass(frozen=True)
class Files:
    """Looks somebody up in one agency's store."""

    store: Store
    sight: Sight

    async def person(self, person_ref: str) -> Filed:
        """What stands in the person's own stream."""
        return Filed(await self.store.stream(self.sight.person.stream(person_ref)))

    async def anybody(self, subject: str) -> Filed:
        """Also of somebody who has no stream of their own."""
        return Filed([*(await self.person(subject)).entries, *await self._elsewhere(subject)])

    async def proposed(self, subject: str, filed: Filed) -> ErasureProposed | None:
        """What was proposed last to be erased, unless it was since."""
        proposals = await self.store.stream(PROPOSALS.stream(subject))
        latest = proposals[-1] if proposals else None
        return cast(ErasureProposed, latest.event) if latest and latest.position > filed.last_erased_at else None

    async def last_recorded_at(self, streams: Streams) -> str:
        """When the newest entry that is no erasure was recorded in these streams, of which one at least has some."""
        entries = [entry for one in streams for entry in await self.store.stream(one.stream)]
        return max(entry.recorded_at for entry in entries if not isinstance(entry.event, PersonalDataErased))

    async def _elsewhere(self, subject: str) -> Sequence[Entry]:
        place = self.sight.elsewhere
        stream = await place.stream(subject) if place else None
        if place is None or stream is None:
            return ()
        return [entry for entry in await self.store.stream(stream) if _about(place, entry) == subject]


def _handover(event: object) -> tuple[str, str] | None:
    match event:
        case (
            HandoverMinted(to=other, handover_id=handover_id) | HandoverReceived(sender=other, handover_id=handover_id)
        ):
            return other, handover_id
    return None


def _about(place: Elsewhere, entry: Entry) -> str | None:
    fact = entry.event
    return fact.person_ref if isinstance(fact, PersonalDataErased) else place.subject(fact)
