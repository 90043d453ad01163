"""What a process tells of itself over HTTP: whether it lives, whether it serves, and its figures. It takes nothing.

It stands apart from gRPC: figures name agencies and loops and nobody else, and who reads them needs no officer.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from nrm.agency import Agency
from nrm.figures import PATIENCE_S, Figures, soon
from nrm.house import House
from nrm.store_reach import tried
from nrm_kernel.adapters.log_kafka import KafkaLog
from nrm_kernel.errors import Unavailable

OPENING = "opening"


class Status:
    """The three pages. Until :meth:`serves` was called the process is opening its agencies."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry
        self._figures = Figures()
        registry.register(self._figures)
        self._house: House | None = None
        self._draining = False
        self._looking: asyncio.Task[None] | None = None

    def serves(self, house: House) -> None:
        """The agencies are open and listen."""
        self._house = house
        self._figures.watch(house)

    def drains(self) -> None:
        """No new calls from now on, and nothing more is asked of Kafka."""
        self._draining = True
        if self._looking is not None:
            self._looking.cancel()

    def app(self) -> Starlette:
        """The application."""
        return Starlette(
            routes=[
                Route("/healthz", self.healthz),
                Route("/readyz", self.readyz),
                Route("/metrics", self.metrics),
            ]
        )

    async def healthz(self, _request: Request) -> Response:
        """200 as long as the process turns: to start it anew would not help while a server is away."""
        return JSONResponse({"status": "alive"})

    async def readyz(self, _request: Request) -> Response:
        """200 when every agency takes commands, else 503. Kafka may be away: what is recorded is published later.

        ``reasons`` are those of the alarms that each agency met; one that is ``halted`` records nothing any more.
        ``parked`` are the records that each could not take and nobody has released. They make nothing unready: what
        follows them is read, and to start the process anew would not help.
        """
        if self._house is None or self._draining:
            return JSONResponse({"ready": False, "state": "draining" if self._draining else OPENING}, 503)
        states = await asyncio.gather(*(_state(one.agency) for one in self._house.housed))
        agencies = {one.agency.origin: state for one, state in zip(self._house.housed, states, strict=True)}
        alarms = sum(len(one.agency.alarms) for one in self._house.housed)
        logs = self._logs()
        ready = all(state == "serving" for state in agencies.values())
        told = {"ready": ready, "agencies": agencies, "alarms": alarms}
        told["kafka"] = "away" if any(log.is_away for log in logs.values()) else "reached"
        told["reasons"] = {
            one.agency.origin: [alarm.reason for alarm in one.agency.alarms]
            for one in self._house.housed
            if one.agency.alarms
        }
        self._look_again()
        told["parked"] = {origin: log.parked for origin, log in logs.items() if log.parked}
        return JSONResponse(told, 200 if ready else 503)

    async def metrics(self, _request: Request) -> Response:
        """Every figure, in Prometheus' text form."""
        await self._figures.look()
        return Response(generate_latest(self._registry), media_type=CONTENT_TYPE_LATEST)

    def _logs(self) -> Mapping[str, KafkaLog]:
        """The shared log as each agency gets it, where it is Kafka's."""
        housed = self._house.housed if self._house else ()
        return {one.agency.origin: one.around.log for one in housed if isinstance(one.around.log, KafkaLog)}

    def _look_again(self) -> None:
        """For who asks next: another process may have parked some, an operator released them. No answer waits."""
        if not self._draining and (self._looking is None or self._looking.done()):
            self._looking = asyncio.create_task(self._look_at_parked())

    async def _look_at_parked(self) -> None:
        await asyncio.gather(*(soon(log.look_at_parked()) for log in self._logs().values() if not log.is_away))


async def _state(agency: Agency) -> str:
    if agency.halted:
        return "halted"
    try:
        async with asyncio.timeout(PATIENCE_S):
            await tried(agency.store)
    except (Unavailable, TimeoutError):
        return "store away"
    return "serving"


class _Server(uvicorn.Server):
    """Signals are the process's own business."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(app: Starlette, address: str) -> AsyncIterator[str]:
    """Serve as long as the block; gives the address. Raises OSError when somebody listens there."""
    host, _, port = address.rpartition(":")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.create_server((host.strip("[]"), int(port)), family=family)
    server = _Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", server_header=False))
    task = asyncio.create_task(server.serve([listening]), name="http")
    try:
        yield f"{host}:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task
        listening.close()
