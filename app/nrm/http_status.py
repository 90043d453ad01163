"""What a process tells of itself over HTTP: whether it lives, whether it serves, and its figures. It takes nothing.

It stands apart from gRPC: figures name agencies and loops and nobody else, and who reads them needs no officer.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from nrm.agency import Agency
from nrm.figures import PATIENCE_S, Figures
from nrm.house import House
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

    def serves(self, house: House) -> None:
        """The agencies are open and listen."""
        self._house = house
        self._figures.watch(house)

    def drains(self) -> None:
        """No new calls from now on."""
        self._draining = True

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
        """
        if self._house is None or self._draining:
            return JSONResponse({"ready": False, "state": "draining" if self._draining else OPENING}, 503)
        states = await asyncio.gather(*(_state(one.agency) for one in self._house.housed))
        agencies = {one.agency.origin: state for one, state in zip(self._house.housed, states, strict=True)}
        alarms = sum(len(one.agency.alarms) for one in self._house.housed)
        logs = [one.around.log for one in self._house.housed]
        away = any(isinstance(log, KafkaLog) and log.is_away for log in logs)
        ready = all(state == "serving" for state in agencies.values())
        told = {"ready": ready, "agencies": agencies, "kafka": "away" if away else "reached", "alarms": alarms}
        told["reasons"] = {
            one.agency.origin: [alarm.reason for alarm in one.agency.alarms]
            for one in self._house.housed
            if one.agency.alarms
        }
        return JSONResponse(told, 200 if ready else 503)

    async def metrics(self, _request: Request) -> Response:
        """Every figure, in Prometheus' text form."""
        await self._figures.look()
        return Response(generate_latest(self._registry), media_type=CONTENT_TYPE_LATEST)


async def _state(agency: Agency) -> str:
    if agency.halted:
        return "halted"
    try:
        async with asyncio.timeout(PATIENCE_S):
            await agency.store.size()
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
