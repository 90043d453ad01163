"""Servers that are away, agencies that join, and what a process says of itself meanwhile."""

import asyncio
import io
import json
import math
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

import asyncpg
import orjson
import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families
from tests.distributed.country import (
    KINDS,
    NATIONAL,
    PATIENCE_S,
    address_of,
    detected,
    founded,
    poisoned,
    running,
    shown,
    until,
)

from nrm import store_reach
from nrm.config_distributed import DistributedConfig
from nrm.distributed import Tools
from nrm.founding import founded_keys
from nrm.http_status import Status, serving
from nrm.parked import listed, release
from nrm.servers.installing import Servers, provide
from nrm.trust_file import TrustFile, TrustInvalid, TrustTaken
from nrm_kernel.adapters.log_kafka import KafkaLog
from nrm_kernel.errors import Unavailable
from nrm_kernel.ledger.note import SigningKey
from nrm_kernel.ledger.trust import Trust, TrustedKey
from nrm_kernel.log_topics import Cluster
from nrm_kernel.telemetry import Telemetry, log_to, silent

pytestmark = pytest.mark.slow
NOWHERE = "127.0.0.1:9"


def without_kafka(config: DistributedConfig) -> DistributedConfig:
    return config.model_copy(update={"kafka": config.kafka.model_copy(update={"bootstrap": (NOWHERE,)})})


async def fetched(url: str) -> tuple[int, str]:
    def fetch() -> tuple[int, str]:
        try:
            with urlopen(url, timeout=120) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as refused:
            with refused:
                return refused.code, refused.read().decode()

    return await asyncio.to_thread(fetch)


Told = Mapping[tuple[str, ...], float]
"""Figures by their name and labels."""


async def figures(address: str, hold: Callable[[Told], bool]) -> Told:
    """Every figure, as soon as they hold: loops come to the same rest one after another."""
    told: Told = {}
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not hold(told):
                code, text = await fetched(f"http://{address}/metrics")
                assert code == 200
                told = read(text)
    except TimeoutError:
        raise AssertionError(f"not even after {PATIENCE_S:g} s: {told}") from None
    return told


def read(text: str) -> Told:
    order = ("origin", "reader", "loop")
    return {
        (sample.name, *(sample.labels[label] for label in order if label in sample.labels)): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_commands_are_taken_while_kafka_is_away_and_seen_by_all_when_it_is_back(
    tmp_path: Path, servers: Servers
) -> None:
    config = DistributedConfig.load(await founded(tmp_path / "country", servers, KINDS[0], NATIONAL))
    police, national = [section.origin for section in config.agency]
    async with running(without_kafka(config)) as house:
        for _ in range(3):
            await detected(address_of(house, police), police)
        assert house.at(police).agency.relay.size == 0
        assert house.at(police).agency.alarms == []
    async with running(config) as house:
        assert await shown(address_of(house, national), national, 3) == 3


async def test_a_process_tells_of_its_health_readiness_and_figures(tmp_path: Path, servers: Servers) -> None:
    config = DistributedConfig.load(await founded(tmp_path / "country", servers, KINDS[0], NATIONAL))
    police, national = [section.origin for section in config.agency]
    status = Status(CollectorRegistry())
    async with serving(status.app(), "127.0.0.1:0") as address:
        assert (await fetched(f"http://{address}/healthz"))[0] == 200
        assert await fetched(f"http://{address}/readyz") == (503, '{"ready":false,"state":"opening"}')
        async with running(config) as house:
            status.serves(house)
            await detected(address_of(house, police), police)
            await shown(address_of(house, national), national, 1)
            code, text = await fetched(f"http://{address}/readyz")
            assert (code, json.loads(text)["agencies"]) == (200, {police: "serving", national: "serving"})

            def at_rest(told: Told) -> bool:
                recorded = told.get(("nrm_log_entries", police), 0)
                return (
                    told.get(("nrm_published_entries", police)) == recorded > 0
                    and told["nrm_queue_entries", police] == 0
                    and told["nrm_lag_entries", police, national, "views"] == 0
                    and told.get(("nrm_checkpoint_age_seconds", police, national), math.inf) < 30
                )

            told = await figures(address, at_rest)
            assert [told["nrm_alarms", origin] for origin in (police, national)] == [0, 0]
            status.drains()
            assert (await fetched(f"http://{address}/readyz"))[0] == 503


async def test_the_queue_and_kafkas_absence_are_figures(tmp_path: Path, servers: Servers) -> None:
    config = DistributedConfig.load(await founded(tmp_path / "country", servers, KINDS[0]))
    [police] = [section.origin for section in config.agency]
    status = Status(CollectorRegistry())
    async with serving(status.app(), "127.0.0.1:0") as address, running(without_kafka(config)) as house:
        status.serves(house)
        await detected(address_of(house, police), police)
        told = await figures(address, lambda told: told.get(("nrm_kafka_away", police)) == 1)
        assert told["nrm_queue_entries", police] > 0
        code, text = await fetched(f"http://{address}/readyz")
        assert (code, json.loads(text)["kafka"]) == (200, "away")


async def test_parked_records_are_told_until_they_are_released_and_keep_nobody_from_being_ready(
    tmp_path: Path, servers: Servers
) -> None:
    config = DistributedConfig.load(await founded(tmp_path / "country", servers, KINDS[0], NATIONAL))
    police, national = [section.origin for section in config.agency]
    await asyncio.to_thread(poisoned, servers.kafka, police, national)
    status = Status(CollectorRegistry())
    async with serving(status.app(), "127.0.0.1:0") as address, running(config) as house:
        status.serves(house)
        log = house.at(national).around.log
        assert isinstance(log, KafkaLog)
        await until(lambda: log.parked == 1)
        code, text = await fetched(f"http://{address}/readyz")
        assert (code, json.loads(text)["parked"]) == (200, {national: 1})
        told = await figures(address, lambda told: told.get(("nrm_parked_entries", national)) == 1)
        assert told["nrm_parked_entries", police] == 0
        await asyncio.to_thread(released, servers.kafka, national)
        async with asyncio.timeout(PATIENCE_S):
            while parked := json.loads((await fetched(f"http://{address}/readyz"))[1])["parked"]:
                assert parked == {national: 1}
        assert (await figures(address, bool))["nrm_parked_entries", national] == 0
        status.drains()


def released(cluster: Cluster, reader: str) -> None:
    """What the reader parked, as soon as it is noted: the note follows the alarm."""
    while not listed(cluster, reader):
        time.sleep(0.1)
    release(cluster, reader, lambda _one: True)


async def test_a_database_that_goes_away_is_told_once_and_when_it_is_back(
    tmp_path: Path, servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_reach, "LOOK_S", 0.01)
    config = DistributedConfig.load(await founded(tmp_path / "country", servers, KINDS[0]))
    written, away, tries = io.BytesIO(), True, 0

    async def size() -> int:
        nonlocal tries
        tries += 1
        if away:
            raise Unavailable("STORE_UNAVAILABLE", "The store cannot be reached.", cause="ConnectionRefusedError")
        return 0

    def told() -> list[tuple[str, str]]:
        lines = map(orjson.loads, written.getvalue().splitlines())
        return [(one["event"], one["origin"]) for one in lines if one["event"].startswith("store_")]

    async with running(config, Tools(Telemetry(silent().tracer, log_to(written)))) as house:
        [agency] = house.agencies
        assert told() == []
        monkeypatch.setattr(agency.store, "size", size)
        await until(lambda: tries > 3)
        assert told() == [("store_away", agency.origin)]
        away = False
        await until(lambda: len(told()) > 1)
    assert told() == [("store_away", agency.origin), ("store_back", agency.origin)]


async def test_a_database_that_only_reads_counts_as_away_until_it_can_be_written_again(
    tmp_path: Path, servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_reach, "LOOK_S", 0.01)
    config = DistributedConfig.load(await founded(tmp_path / "country", servers, KINDS[0]))
    written, status = io.BytesIO(), Status(CollectorRegistry())
    database = urlsplit(config.agency[0].store).path.strip("/")

    async def only_reads(word: str) -> None:
        admin = await asyncpg.connect(servers.postgres.admin_url)
        await admin.execute(f'ALTER DATABASE "{database}" SET default_transaction_read_only = {word}')
        await admin.fetch("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = $1", database)
        await admin.close()

    async with (
        serving(status.app(), "127.0.0.1:0") as address,
        running(without_kafka(config), Tools(Telemetry(silent().tracer, log_to(written)))) as house,
    ):
        status.serves(house)
        await only_reads("on")
        await until(lambda: b"store_away" in written.getvalue())
        for _ in range(3):  # also when every connection was made again
            code, text = await fetched(f"http://{address}/readyz")
            assert (code, [*json.loads(text)["agencies"].values()]) == (503, ["store away"])
        await figures(address, lambda told: told.get(("nrm_store_away", config.agency[0].origin)) == 1)
        assert b"store_back" not in written.getvalue()
        await only_reads("off")
        await until(lambda: b"store_back" in written.getvalue())
        await figures(address, lambda told: told.get(("nrm_store_away", config.agency[0].origin)) == 0)


async def test_an_agency_joins_without_a_restart_and_what_was_there_before_is_shown(
    tmp_path: Path, servers: Servers
) -> None:
    config = DistributedConfig.load(await founded(tmp_path / "country", servers, KINDS[0], NATIONAL))
    police, national = [section.origin for section in config.agency]
    new = f"{police}-two"
    later = await founded_later(tmp_path / "later", servers, new, config)
    async with running(config) as house:
        await detected(address_of(house, police), police)
        await asyncio.to_thread(provide, servers.kafka, [police, national, new])
        (tmp_path / "later" / "both.toml").replace(config.trust)
        await until(lambda: new in house.around.agencies)
        async with running(later) as other:
            await detected(address_of(other, new), new)
            assert await shown(address_of(house, national), national, 2) == 2


async def founded_later(folder: Path, servers: Servers, origin: str, config: DistributedConfig) -> DistributedConfig:
    """A further agency of the same deployment, whose trust file names all; ``both.toml`` is for the others."""
    from nrm.servers.installing import install

    path = await install(folder, [origin], config.policy, servers)
    old, own = Trust.load(config.trust), Trust.load(folder / "trust.toml")
    both = Trust(old.deployment, (*old.logs, *own.logs)).render()
    (folder / "trust.toml").write_text(both)
    (folder / "both.toml").write_text(both)
    return DistributedConfig.load(path)


def test_a_trust_file_that_takes_an_origin_away_is_refused_and_the_old_one_holds(tmp_path: Path) -> None:
    founded_keys(tmp_path, ["demo/a/one", "demo/a/two"])
    trust = TrustFile(tmp_path / "trust.toml")
    assert trust.reread() == ()
    whole = trust.current
    (tmp_path / "trust.toml").write_text(Trust("demo", whole.logs[:1]).render())
    with pytest.raises(TrustTaken, match="demo/a/two"):
        trust.reread()
    assert trust.current == whole
    assert trust.reread() == ()  # told once


def test_a_trust_file_with_another_key_in_the_place_of_one_is_refused_and_one_that_ends_it_is_not(
    tmp_path: Path,
) -> None:
    """Else every checkpoint that the agency ever signed would be parked by whoever reads it."""
    file, origin = tmp_path / "trust.toml", "demo/a/one"
    founded_keys(tmp_path, [origin])
    trust = TrustFile(file)
    [log] = trust.current.logs
    [key], newer = log.keys, SigningKey.generate(origin).verifier()
    file.write_text(Trust("demo", (replace(log, keys=(TrustedKey(newer),)),)).render())
    with pytest.raises(TrustTaken, match="every key of demo/a/one"):
        trust.reread()
    assert trust.verifier(origin, 9) == key.verifier
    file.write_text(Trust("demo", (replace(log, keys=(replace(key, to_size=5), TrustedKey(newer, 5))),)).render())
    assert trust.reread() == ()
    assert [trust.verifier(origin, size) for size in (4, 5)] == [key.verifier, newer]


def test_a_trust_file_that_was_seen_half_written_is_read_when_it_is_whole(tmp_path: Path) -> None:
    """Writing over a file cuts it short first; the rest may come within the same tick of the file system's clock."""
    file = tmp_path / "trust.toml"
    founded_keys(tmp_path, ["demo/a/one", "demo/a/two"])
    both = file.read_text()
    file.write_text(Trust("demo", Trust.load(file).logs[:1]).render())
    trust = TrustFile(file)
    tick = time.time_ns() + 1_000_000_000
    file.write_text("")
    os.utime(file, ns=(tick, tick))
    with pytest.raises(TrustInvalid):
        trust.reread()
    file.write_text(both)
    os.utime(file, ns=(tick, tick))
    assert trust.reread() == ("demo/a/two",)
