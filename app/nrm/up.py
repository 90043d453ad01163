"""`nrm up`: the agencies of a configuration, until somebody stops them."""

import asyncio
import signal
import sys
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from opentelemetry.trace import TracerProvider

from nrm.config import Config, ConfigInvalid
from nrm.config_distributed import DistributedConfig, load
from nrm.embedded import open_house
from nrm.errors_shown import CANNOT_TELL, NO, YES
from nrm.house import House
from nrm.lasting import keep_what_is_open
from nrm.lines import json_lines
from nrm_kernel.errors import NrmError, Unavailable
from nrm_kernel.telemetry import Telemetry, otlp, place_of, tracing

if TYPE_CHECKING:
    from nrm.http_status import Status

GRACE_S = 10.0
DEVELOPMENT = "DEVELOPMENT: no TLS, loopback only, callers say who they are."


class AddressTaken(Unavailable):
    """An agency cannot listen where its configuration says; no agency is served."""

    def __init__(self, told: str) -> None:
        super().__init__(
            "ADDRESS_TAKEN",
            f"{told.rstrip('.')}. See who listens there already, or name an address of this machine that is free.",
        )


def run(config_file: Path) -> int:
    """Run until Ctrl-C or SIGTERM; gives the exit code. Raises ConfigInvalid, DataLoss and others before it serves."""
    return asyncio.run(_run(load(config_file)))


async def _run(config: Config) -> int:
    log = json_lines(sys.stderr.buffer)
    provider = tracing("nrm", otlp(config.telemetry.endpoint) if config.telemetry else None)
    telemetry = Telemetry(provider.get_tracer("nrm"), log)
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    try:
        if isinstance(config, DistributedConfig):
            return await _distributed(config, telemetry, provider, stopped)
        return await _kept_up(await _opened(open_house(config, telemetry), config), stopped)
    except (NrmError, OSError):  # the command line tells what to do
        raise
    except Exception as fault:  # noqa: BLE001 - a fault of ours, whose text may quote what it failed on
        log.critical("process_failed", fault=type(fault).__name__, place=place_of(fault))
        return CANNOT_TELL
    finally:
        provider.shutdown()


async def _distributed(
    config: DistributedConfig, telemetry: Telemetry, tracers: TracerProvider, stopped: asyncio.Event
) -> int:
    # Imported late: without Kafka nobody pays for it.
    from prometheus_client import CollectorRegistry

    from nrm.distributed import Tools, open_distributed
    from nrm.http_status import Status, serving

    registry = CollectorRegistry()
    status = Status(registry)
    async with AsyncExitStack() as until_the_end:
        if config.http:
            try:
                address = await until_the_end.enter_async_context(serving(status.app(), config.http))
            except OSError as taken:
                reason = (taken.strerror or str(taken)).partition(" (")[0]  # what was tried is said already
                raise AddressTaken(f"{config.http}: {reason}") from taken
            typer.echo(f"http  {address}")
        opening = asyncio.ensure_future(_opened(open_distributed(config, Tools(telemetry, tracers, registry)), config))
        if not await _unless(stopped, opening):
            return YES
        return await _kept_up(opening.result(), stopped, status)


async def _unless(stopped: asyncio.Event, opening: asyncio.Future[House]) -> bool:
    """Whether it was opened before somebody stopped it: a database may be away for long."""
    stop = asyncio.create_task(stopped.wait())
    opening.add_done_callback(lambda _: stop.cancel())
    await asyncio.gather(stop, return_exceptions=True)
    if not opening.done():
        opening.cancel()
        await asyncio.gather(opening, return_exceptions=True)
        return False
    return True


async def _kept_up(house: House, stopped: asyncio.Event, status: "Status | None" = None) -> int:
    try:
        house.start()
        await _serve(house)
        keep_what_is_open()
        if status:
            status.serves(house)
        return await _until(stopped, house)
    finally:
        if status:
            status.drains()
        # The loops end with the house, after the drain: a call under way still needs the appender.
        await house.close(GRACE_S)


async def _opened(opening: Coroutine[None, None, House], config: Config) -> House:
    try:
        return await opening
    except OSError as fault:
        text = f"{fault.strerror or fault}; mend that, or name another path in the configuration"
        raise ConfigInvalid(Path(fault.filename or config.trust.parent), text) from fault


async def _serve(house: House) -> None:
    try:
        await house.serve()
    except RuntimeError as fault:
        raise AddressTaken(str(fault).partition(";")[0]) from fault
    for section in house.config.agency:
        host = section.listen.rpartition(":")[0]
        typer.echo(f"{section.origin}  {host}:{house.ports[section.origin]}")
    if any(section.tls is None for section in house.config.agency):
        typer.echo(DEVELOPMENT)


async def _until(stopped: asyncio.Event, house: House) -> int:
    """Wait for the stop, or for a loop that fails unexpectedly: then it is better to end than to go on half.

    What that loop failed with is raised.
    """
    stop = asyncio.create_task(stopped.wait())
    loops = [asyncio.create_task(agency.loops.wait()) for agency in house.agencies]
    done, _ = await asyncio.wait([stop, *loops], return_when=asyncio.FIRST_COMPLETED)
    for ended in done:
        ended.result()
    return YES if stop in done else NO
