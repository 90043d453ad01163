"""Whether a topic may be filled from its agency's store again: never where the agency's signature speaks against it."""

from collections.abc import Sequence

import pytest
from kafka.consumer.fetcher import ConsumerRecord

from nrm import refill
from nrm.config_distributed import DistributedAgency
from nrm.refill import Recorded, contradicted, differences, recorded
from nrm_kernel.entry import Entry
from nrm_kernel.errors import DataLoss
from nrm_kernel.ledger.note import Checkpoint, SigningKey, sign
from nrm_kernel.log import Published
from nrm_kernel.log_headers import POSITION
from nrm_kernel.log_records import Sent, records_for
from nrm_kernel.testing.log_contract import COORDINATOR, ORIGIN, OTHER, TRUST, signed, written

ENTRIES = written(6)


def on_topic(*sent: Sent) -> list[ConsumerRecord]:
    """These records as Kafka gives them."""
    return [
        ConsumerRecord("t", 0, 0, offset, 0, 0, one.key, one.value, one.headers, None, 0, 0, 0)
        for offset, one in enumerate(sent)
    ]


def published(*sizes: int, reader: str = COORDINATOR) -> list[Sent]:
    """What a reader is sent by a relay that signed these sizes, one after another."""
    found: list[Sent] = []
    for first, size in zip((0, *sizes), sizes, strict=False):
        found += records_for(reader, ORIGIN, ENTRIES[first:size], signed(ENTRIES[:size]))
    return found


def store(size: int, *, vouched: bool = True, entries: Sequence[Published] = ENTRIES) -> Recorded:
    """A store with the first entries."""
    return Recorded(ORIGIN, [one.entry.leaf for one in entries[:size]], vouched)


@pytest.mark.parametrize("size", [4, 6])
@pytest.mark.parametrize("reader", [COORDINATOR, OTHER])
@pytest.mark.parametrize("vouched", [True, False])
def test_a_topic_that_is_the_same_or_lags_does_not_differ(size: int, reader: str, vouched: bool) -> None:
    records = on_topic(*published(2, size, reader=reader))
    assert differences(records, store(6, vouched=vouched), TRUST) == []


@pytest.mark.parametrize("reader", [COORDINATOR, OTHER])
@pytest.mark.parametrize("held", [0, 2, 5])
def test_a_topic_that_proves_a_store_rolled_back_is_no_difference_but_an_alarm(held: int, reader: str) -> None:
    """The store was restored from a backup: its own newest checkpoint fits it, those on the topic are newer."""
    with pytest.raises(DataLoss, match="entries that it signed in the checkpoint at offset") as told:
        differences(on_topic(*published(2, 6, reader=reader)), store(held), TRUST)
    assert told.value.reason == "STORE_ALTERED"


def test_a_signature_over_other_entries_of_the_same_number_is_an_alarm_too() -> None:
    entries = [*written(5), *written(1, first=9)]
    with pytest.raises(DataLoss) as told:
        differences(on_topic(*published(6)), store(6, entries=entries), TRUST)
    assert told.value.reason == "STORE_ALTERED"


def test_what_nobody_signed_differs_and_the_store_is_right() -> None:
    first, *rest = published(2, 6)
    forged = sign(Checkpoint(ORIGIN, 6, b"\x01" * 32), SigningKey.generate(ORIGIN))
    notes = records_for(COORDINATOR, ORIGIN, [], forged)
    assert differences(on_topic(first, *rest, *notes), store(6), TRUST) == [
        "offset 8: no key of the trust file signed this checkpoint"
    ]
    unsigned = on_topic(*published(2), *published(6)[2:4])
    assert differences(unsigned, store(3), TRUST) == ["offset 4: an entry at position 3, where the store has none"]


def test_an_entry_far_ahead_is_one_difference_and_no_list_of_all_before_it() -> None:
    far = Sent(b"x" * 32, [("nrm-record", b"run"), (POSITION, b"999999")], b"somebody")
    told = "an entry at position 999999, where the store has none"
    assert differences(on_topic(*published(6), far), store(6), TRUST) == [f"offset 7: {told}"]
    assert differences(on_topic(*published(4), far), store(6), TRUST) == [f"offset 5: {told}"]


def test_another_readers_topic_proves_a_store_rolled_back_too() -> None:
    contradicted({"one": signed(ENTRIES[:2]), "lags": "", "two": signed(ENTRIES[:4])}, store(4))
    with pytest.raises(DataLoss, match="the 6 entries that it signed on two") as told:
        contradicted({"one": signed(ENTRIES[:2]), "two": signed(ENTRIES)}, store(4))
    assert told.value.reason == "STORE_ALTERED"


def test_a_store_without_a_checkpoint_is_not_believed_against_a_topic() -> None:
    unsigned = on_topic(*published(6)[:4])
    assert differences(unsigned, store(6, vouched=False), TRUST) == []
    with pytest.raises(DataLoss, match="keeps no checkpoint") as told:
        differences(unsigned, store(3, vouched=False), TRUST)
    assert told.value.reason == "STORE_ALTERED"


class Growing:
    """The store of an agency that runs: one more is recorded and signed right after somebody has read to the end."""

    def __init__(self) -> None:
        self._size = 3

    async def read(self, after: int, limit: int) -> Sequence[Entry]:
        found = [one.entry for one in written(self._size)[after : after + limit]]
        self._size += not found
        return found

    async def checkpoint(self) -> str:
        return signed(written(self._size))

    async def close(self) -> None:
        pass


async def test_what_is_recorded_while_the_store_is_read_is_no_contradiction(monkeypatch: pytest.MonkeyPatch) -> None:
    growing = Growing()
    monkeypatch.setattr(refill, "PostgresStore", lambda *_: growing)
    monkeypatch.setattr(refill, "PostgresAccess", lambda _: None)
    monkeypatch.setattr(DistributedAgency, "store_url", lambda _: "")
    found = await recorded(DistributedAgency.model_construct(origin=ORIGIN), TRUST)
    assert (len(found.leaves), found.vouched) == (3, True)
