"""`nrm up`: the agencies of a configuration, until somebody stops them."""

import asyncio
import logging
import signal
import sys
from pathlib import Path

import typer

from nrm.config import Config, ConfigInvalid
from nrm.embedded import House, open_house
from nrm.errors_shown import NO, YES
from nrm_kernel.errors import Unavailable
from nrm_kernel.telemetry import LibraryLines, Telemetry, log_to, otlp, tracing

GRACE_S = 10.0
DEVELOPMENT = "DEVELOPMENT: no TLS, loopback only, callers say who they are."


class AddressTaken(Unavailable):
    """An agency cannot listen where its configuration says; no agency is served."""

    def __init__(self, told: str) -> None:
        super().__init__("ADDRESS_TAKEN", f"{told}. End whoever listens there, or give the agency another address.")


def run(config_file: Path) -> int:
    """Run until Ctrl-C or SIGTERM; gives the exit code. Raises ConfigInvalid, DataLoss and others before it serves."""
    return asyncio.run(_run(Config.load(config_file)))


async def _run(config: Config) -> int:
    exporter = otlp(config.telemetry.endpoint) if config.telemetry else None
    telemetry = Telemetry(tracing("nrm", exporter).get_tracer("nrm"), log_to(sys.stderr.buffer))
    logging.getLogger().addHandler(LibraryLines(telemetry.log))
    house = await _opened(config, telemetry)
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    try:
        house.start()
        await _serve(house)
        return await _until(stopped, house)
    finally:
        # The loops end with the house, after the drain: a call under way still needs the appender.
        await house.close(GRACE_S)


async def _opened(config: Config, telemetry: Telemetry) -> House:
    try:
        return await open_house(config, telemetry)
    except OSError as fault:
        raise ConfigInvalid(Path(fault.filename or config.trust.parent), fault.strerror or str(fault)) from fault


async def _serve(house: House) -> None:
    try:
        await house.serve()
    except RuntimeError as fault:
        raise AddressTaken(str(fault)) from fault
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
