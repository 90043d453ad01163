"""What the tests of the edge share: an agency with the toy's door, and callers of it."""

from collections.abc import AsyncIterator
from pathlib import Path

import grpc
import pytest

from nrm_kernel.reactions import StoreLookup
from nrm_kernel.testing import serving, toy_door


@pytest.fixture
async def agency(tmp_path: Path) -> AsyncIterator[serving.Agency]:
    async with serving.agency(tmp_path, toy_door.ORIGIN, toy_door.AGENCIES) as one:
        yield one


@pytest.fixture
async def channel(agency: serving.Agency) -> AsyncIterator[grpc.aio.Channel]:
    doors = [toy_door.door(StoreLookup(agency.store))]
    async with (
        serving.served(agency.office, doors, tables={"boats": toy_door.table()}) as port,
        grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel,
    ):
        yield channel


@pytest.fixture
def worker() -> serving.Metadata:
    return serving.says(toy_door.ORIGIN, "case_worker", "assist")
