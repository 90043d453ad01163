"""`nrm up`: the agencies of a configuration, until somebody stops them."""

import asyncio
import signal
import sys
from pathlib import Path

import typer

from nrm.config import Config
from nrm.embedded import House, open_house
from nrm_kernel.telemetry import Telemetry, log_to, otlp, tracing

GRACE_S = 10.0


def run(config_file: Path) -> int:
    """Run until Ctrl-C or SIGTERM; gives the exit code. Raises ConfigInvalid, DataLoss and others before it serves."""
    return asyncio.run(_run(Config.load(config_file)))


async def _run(config: Config) -> int:
    exporter = otlp(config.telemetry.endpoint) if config.telemetry else None
    telemetry = Telemetry(tracing("nrm", exporter).get_tracer("nrm"), log_to(sys.stderr.buffer))
    house = await open_house(config, telemetry)
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    house.start()
    await house.serve()
    for origin, port in house.ports.items():
        typer.echo(f"{origin}  127.0.0.1:{port}")
    return await _until(stopped, house)


async def _until(stopped: asyncio.Event, house: House) -> int:
    """Wait for the stop, or for a loop that fails unexpectedly: then it is better to end than to go on half."""
    waiting = [asyncio.create_task(stopped.wait()), *(asyncio.create_task(a.loops.wait()) for a in house.agencies)]
    done, pending = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    await house.close(GRACE_S)
    return 0 if waiting[0] in done else 1
