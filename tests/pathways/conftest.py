"""A deployment founded for the test, running in this process as `nrm up` runs it."""

from collections.abc import AsyncIterator, Mapping
from importlib.resources import files
from pathlib import Path

import grpc
import pytest

from nrm.config import Config
from nrm.embedded import House, open_house
from nrm.founding import found
from nrm_kernel.telemetry import silent

POLICE = "demo/identification/police"
AUTHORITY = "demo/identification/competent-authority"
NGO = "demo/assistance/ngo-dawn"
OTHER_NGO = "demo/assistance/ngo-harbour"
PROSECUTOR = "demo/prosecution/crown"
FUND = "demo/funding/fund"
COORDINATOR = "demo/coordinator/national"
AUDITOR = "demo/audit/office"
ORIGINS = (POLICE, AUTHORITY, NGO, OTHER_NGO, PROSECUTOR, FUND, COORDINATOR, AUDITOR)
Metadata = tuple[tuple[str, str], ...]


def says(agency: str, roles: str, purpose: str, officer: str = "officer-1") -> Metadata:
    """The development identity that a caller states on loopback."""
    return (("nrm-agency", agency), ("nrm-officer", officer), ("nrm-roles", roles), ("nrm-purpose", purpose))


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    policy = Path(str(files("nrm") / "policies" / "gb.toml"))
    house = await open_house(Config.load(found(tmp_path / "deployment", ORIGINS, policy)), silent())
    house.start()
    await house.serve()
    yield house
    await house.close(grace_s=0.1)


@pytest.fixture
async def channels(house: House) -> AsyncIterator[Mapping[str, grpc.aio.Channel]]:
    """A channel to each agency."""
    channels = {origin: grpc.aio.insecure_channel(f"127.0.0.1:{port}") for origin, port in house.ports.items()}
    yield channels
    for channel in channels.values():
        await channel.close()
