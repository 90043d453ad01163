"""What is published at once goes out in batches that every broker takes, in order, however large the entries are."""

import asyncio
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from tests.kafka.logs import history, opened, published, read_to, records_of

from nrm_kernel.adapters.log_kafka_broker import BATCH_BYTES, RECORD_EXTRA_BYTES, batches
from nrm_kernel.entry import BODY_BYTES_MAX, Entry, canonical
from nrm_kernel.log import Published
from nrm_kernel.log_records import RUN_MAX, Sent
from nrm_kernel.log_topics import Cluster, LogTopic
from nrm_kernel.testing.log_contract import COORDINATOR, ORIGIN, OTHER

LARGEST = max(BODY_BYTES_MAX, 32 * RUN_MAX)
MESSAGE_MAX_BYTES = 1_048_588
"""What a broker takes at once where nobody said otherwise (``message.max.bytes``)."""


@given(st.lists(st.integers(0, LARGEST), max_size=15))
def test_batches_keep_the_order_and_are_no_larger_than_a_broker_takes(sizes: list[int]) -> None:
    records = [Sent(bytes(size), []) for size in sizes]
    parts = batches(records)
    assert [record for part in parts for record in part] == records
    for part in parts:
        assert sum(len(record.value) + RECORD_EXTRA_BYTES for record in part) <= BATCH_BYTES < MESSAGE_MAX_BYTES
    for one, following in pairwise(parts):  # no smaller than they need be
        both = [*one, following[0]]
        assert sum(len(record.value) + RECORD_EXTRA_BYTES for record in both) > BATCH_BYTES


def large(position: int) -> Published:
    """An entry nearly as large as any may be, of a long stream."""
    envelope = {**history(position + 1)[-1].entry.envelope, "stream": "case-" + "s" * 100, "x": "y" * 60_000}
    return Published(Entry.of(ORIGIN, position, canonical(envelope)), "own")


async def test_more_than_fits_into_one_batch_is_published_and_read_in_order(cluster: Cluster) -> None:
    log, entries = opened(cluster), [large(position) for position in range(40)]
    await published(log, entries, step=40)
    assert await read_to(log, COORDINATOR, 40) == [one.entry for one in entries]
    assert len(await asyncio.to_thread(records_of, cluster, LogTopic(ORIGIN, COORDINATOR).name)) == 41
    assert await read_to(log, OTHER, 40) == []
    await log.close()
