"""A toy agency with somebody's data in its vault, behind a real server, and another agency that may ask for it."""

import uuid
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import grpc
from google.protobuf.message_factory import GetMessageClass

from nrm_contracts.record.events import DataAccessed, HandoverMinted, PersonalDataErased
from nrm_contracts.vault.v1.vault_pb2 import DESCRIPTOR, Identity, OpenOwnRequest, OpenSealedRequest, PersonalData
from nrm_kernel.appender import ANY_VERSION, Answer, Order
from nrm_kernel.clock import Clock, stamp
from nrm_kernel.decider import At, Streams
from nrm_kernel.errors import Refused, Unavailable
from nrm_kernel.ids import derived_request_id, new_ref
from nrm_kernel.policy import load_history
from nrm_kernel.recording import Context
from nrm_kernel.rpc_vault import vault_door
from nrm_kernel.testing import serving
from nrm_kernel.testing.serving import Agency, Metadata, Outcome, outcome, says
from nrm_kernel.testing.toy_door import BOAT, ORIGIN, Boat, BoatRegistered
from nrm_kernel.vault import Keeping, Kept, Look, Sealed, Sight
from nrm_kernel.views import Change

E = TypeVar("E")
Value = Any
"""What stands in a field of a request: known only when the method is named."""
SERVICE = "/nrm.vault.v1.VaultService"
DAWN, DUSK = "toy/assistance/dawn", "toy/assistance/dusk"
AGENCIES = {ORIGIN: "boats", DAWN: "assistance", DUSK: "assistance", "toy/funding/fund": "funding"}
NAME = "Canary Name-Of-Nobody"
WORKER = says(DAWN, "case_worker", "assist")
OWN = says(ORIGIN, "case_worker", "assist")
UK = load_history(Path(__file__).parents[2] / "policies" / "gb.toml").newest


def may_open(state: Boat, look: Look) -> str:
    """The toy's rule: as long as the boat is open, and on consent alone."""
    if state.closed or look.legal_basis != "consent":
        raise Refused("CONSENT_MISSING", "There is no live consent.")
    return "BOAT-SHARED"


def kept(_today: date, boat: Boat) -> Kept:
    """The toy's rule: data stay as long as a boat is called after the war."""
    return Kept(open=boat.title == "War", consent_lives=False)


async def streams(person_ref: str) -> Streams:
    return [At(BOAT, person_ref)]


class Recorder:
    """An appender that can be cut off from its store; what happens ``first`` is recorded before the next order."""

    def __init__(self, agency: Agency) -> None:
        self._agency = agency
        self.cut_off = False
        self.first: list[Awaitable[None]] = []

    async def submit(self, order: Order) -> Answer:
        if self.cut_off:
            raise Unavailable("STORE_UNAVAILABLE", "The store cannot be reached.")
        while self.first:
            await self.first.pop()
        return await self._agency.appender.submit(order)


@dataclass
class Scene:
    """A person with sealed data, and a handover to one other agency."""

    agency: Agency
    recorder: Recorder
    channel: grpc.aio.Channel
    person: str
    handover: str

    async def record(self, *events: object, data: PersonalData | None = None, rows: Sequence[Change] = ()) -> None:
        """Record events in the person's stream, with data sealed beside them."""
        vault, now = self.agency.vault, self.agency.office.clock.now()
        blobs = []
        if data is not None:
            sealed = Sealed(data.SerializeToString())
            blobs = [await vault.seal(self.person, data.WhichOneof("content") or "", sealed)]
        order = Order(
            request_id=derived_request_id(new_ref(), "test", 0),
            request_hash=b"",
            command=None,
            decide=lambda _command, _state: list(events),
            streams=[At(BOAT, self.person)],
            context=Context(stamp(now), "2026-01-01", ORIGIN, sealed=[blob.commitment for blob in blobs]),
            reply=lambda _recorded: b"",
            expected_version=ANY_VERSION,
            rows=[*rows, *(row for blob in blobs for row in blob.rows)],
        )
        await self.agency.appender.submit(order)

    async def sealed(self, caller: Metadata = WORKER, **changes: str) -> Outcome:
        """Another agency asks."""
        given = {"handover_id": self.handover, "data_class": "identity", "legal_basis": "consent", **changes}
        raw = OpenSealedRequest(**given).SerializeToString()
        return await outcome(self.channel, f"{SERVICE}/OpenSealed", raw, caller)

    async def own(self, caller: Metadata = OWN, **changes: str) -> Outcome:
        """The agency itself looks."""
        given = {"person_ref": self.person, "data_class": "identity", "legal_basis": "public_task", **changes}
        raw = OpenOwnRequest(**given).SerializeToString()
        return await outcome(self.channel, f"{SERVICE}/OpenOwn", raw, caller)

    async def erase(self, *data_classes: str) -> None:
        """Erase what is readable of these classes, by two officers."""
        erased = PersonalDataErased(self.person, data_classes, "person_request", "retention_not_set", "one", "two")
        await self.record(erased, rows=await self.agency.vault.erasing(self.person, data_classes))

    async def give(self, name: str, officer: int, **changes: Value) -> Outcome:
        """One of the agency's own officers gives a command of the vault's door, on what was read just now."""
        method = DESCRIPTOR.services_by_name["VaultService"].methods_by_name[name]
        version = len(await self.agency.store.stream(BOAT.stream(self.person)))
        given = {"request_id": str(uuid.uuid4()), "expected_version": version, "person_ref": self.person, **changes}
        raw = GetMessageClass(method.input_type)(**given).SerializeToString()
        return await outcome(self.channel, f"{SERVICE}/{name}", raw, says(ORIGIN, "dpo", "audit", f"officer-{officer}"))

    async def events(self, form: type[E]) -> list[E]:
        """Every event of that form on record."""
        entries = await self.agency.store.read(0, 1_000)
        return [entry.event for entry in entries if isinstance(entry.event, form)]

    async def looks(self) -> list[DataAccessed]:
        """Every look on record."""
        return await self.events(DataAccessed)


SIGHT = Sight(BOAT, may_open, Keeping(streams, kept))


@asynccontextmanager
async def boats(folder: Path, clock: Clock | None = None) -> AsyncIterator[Scene]:
    """The scene, in that folder."""
    async with serving.agency(folder, ORIGIN, AGENCIES, policy=lambda _now: UK, clock=clock) as agency:
        recorder = Recorder(agency)
        office = replace(agency.office, appender=recorder)
        door = vault_door(office, agency.store, SIGHT)
        async with (
            serving.served(office, [door]) as port,
            grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel,
        ):
            one = Scene(agency, recorder, channel, new_ref(), new_ref())
            data = PersonalData(identity=Identity(given_names=NAME))
            await one.record(BoatRegistered(one.person, "female", "Sea Star"), data=data)
            await one.record(HandoverMinted(one.person, DAWN, one.handover))
            yield one
