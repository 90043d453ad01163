"""A loop that ends without having been stopped ends its process: an agency that goes on half is noticed by nobody."""

import asyncio

import pytest

from nrm.supervise import LoopLost, Loops
from nrm_kernel.telemetry import log_to


async def for_ever() -> None:
    await asyncio.Event().wait()


async def cut_off() -> None:
    """What it waits for is cancelled, and not the loop itself."""
    waited_for = asyncio.get_running_loop().create_future()
    waited_for.cancel()
    await waited_for


async def test_a_loop_whose_awaited_work_is_cancelled_is_a_fault() -> None:
    loops = Loops(log_to(None))
    loops.start("lasting", for_ever())
    loops.start("relay", cut_off())
    with pytest.raises(LoopLost, match="relay"):
        await loops.wait()
    await loops.stop()


async def test_loops_that_are_stopped_are_no_fault() -> None:
    loops = Loops(log_to(None))
    loops.start("lasting", for_ever())
    waiting = asyncio.create_task(loops.wait())
    await asyncio.sleep(0)
    await loops.stop()
    await asyncio.sleep(0)
    assert not waiting.done()
    waiting.cancel()
