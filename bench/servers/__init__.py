"""The rows on PostgreSQL and Kafka: ours as processes of an installation, and peers on the same servers."""

from collections.abc import AsyncIterator
from pathlib import Path

from bench.measure import Row
from bench.office import POLICE
from bench.servers import calling, relaying, seeing
from bench.servers.ground import ground, served

OUTBOX_SHARE = 8
"""Entries that the outbox relays for each sample of the other rows."""


async def rows(folder: Path, rounds: int, seconds: float, samples: int) -> AsyncIterator[Row]:
    """Every row, as it comes. Raises KafkaMissing and PostgresMissing."""
    async with ground(folder) as standing:
        async with served(standing, POLICE) as address:
            for row in await calling.rows(standing, address, rounds, seconds):
                yield row
            for row in await seeing.rows(standing, address, samples):
                yield row
        for row in await relaying.rows(standing, rounds, samples * OUTBOX_SHARE):
            yield row
