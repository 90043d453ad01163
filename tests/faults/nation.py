"""A country whose agencies are processes of their own on PostgreSQL and Kafka, and whose people's stories are told."""

import asyncio
import signal
from collections.abc import Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path

import grpc
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message_factory import GetMessageClass
from tests.distributed.country import new_deployment
from tests.faults.conftest import Zygote
from tests.faults.processes import PATIENCE_S, POLL_S, Up, until
from tests.faults.real import NAMED, UNWELL, Story, contracted, one_person
from tests.pathways.deployment import (
    AUDITOR,
    AUTHORITY,
    COORDINATOR,
    FUND,
    NGO,
    POLICE,
    POLICY,
    PROSECUTOR,
    Reply,
    Values,
    method_of,
    officer_for,
)
from tests.pathways.stories import CONSENT, PURPOSES, SOMEBODY, YEAR, person

from nrm.config_distributed import DistributedConfig
from nrm.servers.installing import Servers, install
from nrm_kernel.adapters.store_postgres import PostgresStore
from nrm_kernel.entry import Entry
from nrm_kernel.errors import Unavailable
from nrm_kernel.testing.serving import Metadata

EVERYBODY = (POLICE, AUTHORITY, NGO, PROSECUTOR, FUND, COORDINATOR, AUDITOR)
AWAY = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED, grpc.StatusCode.DEADLINE_EXCEEDED)
FIRST_CALL_S = 3.0
"""How long an answer is waited for at first; each further time twice as long, and the request stays the same."""
EVERYTHING = 1_000_000


class Nation:
    """The agencies of one installation, by the names that the stories give them."""

    def __init__(
        self, folder: Path, config: DistributedConfig, servers: Servers, zygote: Zygote, collector: str
    ) -> None:
        self.folder = folder
        self.config = config
        self.servers = servers
        self.zygote = zygote
        self.collector = collector
        self.deployment = config.deployment
        self.processes = {
            story_name(section.origin): Up(zygote, folder, section.folder.name) for section in config.agency
        }
        self.replicas: dict[str, list[Up]] = {}
        """Further processes of an agency, which share its calls."""
        self.stores: dict[str, PostgresStore] = {}
        self.people = 0
        self.traceparent = ""
        """The trace that every call is part of."""
        self._turns = count()
        self.story = Told(self)

    @property
    def agencies(self) -> Sequence[str]:
        """Everybody."""
        return list(self.processes)

    def named(self, agency: str) -> str:
        """The origin of the agency that stories call so."""
        return f"{self.deployment}/{agency.partition('/')[2]}"

    async def open(self) -> None:
        """Start everybody, and open their stores to look into."""
        for section in self.config.agency:
            store = await PostgresStore.open(section.store_url(), section.origin)
            self.stores[story_name(section.origin)] = store
        await asyncio.gather(*(process.start() for process in self.processes.values()))

    async def close(self) -> None:
        """End everybody."""
        for process in (*self.processes.values(), *(one for more in self.replicas.values() for one in more)):
            await process.end(signal.SIGKILL)
        for store in self.stores.values():
            await store.close()

    async def entries(self, agency: str) -> list[Entry]:
        """Everything in that agency's record; a database that is away is waited for."""
        while True:
            with suppress(Unavailable):
                return list(await self.stores[agency].read(0, EVERYTHING))
            await asyncio.sleep(POLL_S)

    async def tell(self, more: int = 1) -> None:
        """The whole stories of so many people more, and looks at each by everybody who has something to show."""
        numbers = range(self.people + 1, self.people + more + 1)
        self.people += more
        contract = await self.story.contract()
        await asyncio.gather(*(self._everything_about(number, contract) for number in numbers))

    async def _everything_about(self, number: int, contract: str) -> None:
        story = self.story.of(number)
        about = await one_person(story, number, contract)
        await story.do(POLICE, "GiveConsent", **about, scope="proceedings", purpose=PURPOSES["proceedings"], **CONSENT)
        exploited: Values = {"to": self.named(PROSECUTOR), "exploitation_forms": ["forced_labour"]}
        await story.do(POLICE, "ReportVictim", **about, **exploited)
        there = (await story.nth(PROSECUTOR, "prosecution.VictimReportReceived", number))[number - 1]
        crime: Values = {"iccs_code": "0204", "national_article": "GB-EAW-MSA2015-2"}
        case = await story.do(PROSECUTOR, "RegisterCase", **crime)
        on = person(str(there["person_ref"]))
        await story.do(PROSECUTOR, "LinkVictim", **on, criminal_case_id=case.criminal_case_id)
        await self._seal_and_open(story, number, about)
        await self.ask(COORDINATOR, "ListPathways", page_size=1)
        await self.ask(AUDITOR, "Verify")

    async def _seal_and_open(self, story: Story, number: int, found: Values) -> None:
        """Each agency that seals personal data does, and its officers look at what was sealed."""
        arrived = await story.do(AUTHORITY, "DetectPerson", detection_channel="raid", **SOMEBODY, identity=NAMED)
        reported = await story.do(PROSECUTOR, "RegisterVictim", exploitation_forms=["forced_labour"], identity=NAMED)
        helped = person(str((await story.nth(NGO, "assistance.CaseOpened", number))[number - 1]["person_ref"]))
        needs: Values = {"domains": [{"domain": "safety", "level": 3}], "risk_level": "high"}
        await story.do(NGO, "AssessNeeds", **helped, **needs, reassess_by=f"{YEAR + 1}-01-31", health=UNWELL)
        for agency, ref, sealed in (
            (POLICE, found["person_ref"], NAMED),
            (AUTHORITY, arrived.person_ref, NAMED),
            (PROSECUTOR, reported.person_ref, NAMED),
            (NGO, helped["person_ref"], UNWELL),
        ):
            data_class = sealed.WhichOneof("content")
            look = await self.ask(agency, "OpenOwn", data_class, person_ref=ref, legal_basis="public_task")
            assert [one.data for one in look.opened] == [sealed]

    async def ask(self, agency: str, name: str, data_class: str = "", **values: object) -> Reply:
        """Ask that agency, as an officer who may."""
        origin = self.named(agency)
        method = method_of(origin, name)
        given = {**values, "data_class": data_class} if data_class else values
        request = GetMessageClass(method.input_type)(**given)
        caller = officer_for(origin, method, data_class=data_class)
        return await self.call(origin, method, request.SerializeToString(), caller)

    async def call(self, origin: str, method: MethodDescriptor, raw: bytes, caller: Metadata) -> Reply:
        """Send these bytes to each of the agency's processes in turn, as long as they are away."""
        patience_s = FIRST_CALL_S
        metadata = (*caller, ("traceparent", self.traceparent)) if self.traceparent else caller
        while True:
            running = [self.processes[story_name(origin)], *self.replicas.get(story_name(origin), ())]
            address = running[next(self._turns) % len(running)].addresses[origin]
            try:
                return await sent(address, method, raw, metadata, patience_s)
            except grpc.aio.AioRpcError as refused:
                if refused.code() not in AWAY or patience_s > PATIENCE_S:
                    raise
                if refused.code() is grpc.StatusCode.DEADLINE_EXCEEDED:
                    patience_s *= 2
            await asyncio.sleep(POLL_S)


class Told(Story):
    """The stories of the people of a nation; what was sent and acknowledged stands in its folder."""

    def __init__(self, nation: Nation) -> None:
        self.nation = nation
        self.folder = nation.folder
        self._contract = ""

    def named(self, agency: str) -> str:
        return self.nation.named(agency)

    async def contract(self) -> str:
        """The contract under which everybody is helped."""
        self._contract = self._contract or await contracted(self)
        return self._contract

    async def call(self, agency: str, method: MethodDescriptor, raw: bytes, caller: Metadata) -> Reply:
        return await self.nation.call(agency, method, raw, caller)

    async def entries(self, agency: str) -> list[Entry]:
        return await self.nation.entries(agency)

    async def nth(self, agency: str, kind: str, count: int) -> list[Values]:
        async def there() -> bool:
            return len(await self.recorded(agency, kind)) >= count

        await until(f"{agency} has {count} of {kind}", there)
        return await self.recorded(agency, kind)


async def sent(address: str, method: MethodDescriptor, raw: bytes, caller: Metadata, timeout_s: float) -> Reply:
    """The answer of whoever listens there."""
    async with grpc.aio.insecure_channel(address) as channel:
        call: grpc.aio.UnaryUnaryMultiCallable[bytes, Reply] = channel.unary_unary(
            f"/{method.containing_service.full_name}/{method.name}",
            response_deserializer=GetMessageClass(method.output_type).FromString,
        )
        return await call(raw, metadata=caller, timeout=timeout_s)


def story_name(origin: str) -> str:
    """What the stories call that agency."""
    return f"demo/{origin.partition('/')[2]}"


async def founded(folder: Path, servers: Servers, zygote: Zygote, collector: str) -> Nation:
    """A nation of which nobody runs yet; its processes send their traces to that collector."""
    deployment = new_deployment()
    origins = [f"{deployment}/{agency.partition('/')[2]}" for agency in EVERYBODY]
    together = await install(folder, origins, POLICY, servers)
    return Nation(folder, divided(together, collector), servers, zygote, collector)


def divided(together: Path, collector: str) -> DistributedConfig:
    """A configuration of several agencies, and beside it one of each alone, named as its folder."""
    head, *sections = together.read_text("utf-8").split("[[agency]]")
    config = DistributedConfig.load(together)
    traces = f'[telemetry]\nendpoint = "{collector}"\n'
    for agency, section in zip(config.agency, sections, strict=True):
        alone = together.with_name(f"{agency.folder.name}.toml")
        alone.write_text(f"{head}{traces}\n[[agency]]{section}", "utf-8")
    return config
