"""`nrm doctor` finds what is wrong in each place, says what to do, and is content when nothing is."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.distributed.country import KINDS, NATIONAL, address_of, detected, founded, running, until
from typer.testing import CliRunner

from nrm import certs
from nrm.cli import app
from nrm.config import TlsSection
from nrm.config_distributed import DistributedConfig
from nrm.doctor.examination import examine
from nrm.doctor.findings import Finding, State, exit_code
from nrm.founding import founded_keys
from nrm.servers.installing import Servers
from nrm_kernel.clock import SystemClock
from nrm_kernel.log_topics import Cluster
from nrm_kernel.testing.serving import SetClock

pytestmark = pytest.mark.slow
NOWHERE = Cluster("127.0.0.1:9")
UNCHECKED = "Kafka checks nobody's rights"
"""The broker of these tests takes every client; that this is told of is right."""


def to_do(findings: list[Finding]) -> list[str]:
    return [f"{one.subject}: {one.text}" for one in findings if one.state is State.ACT and UNCHECKED not in one.text]


async def test_it_is_content_with_an_installation_that_works(tmp_path: Path, servers: Servers) -> None:
    config = DistributedConfig.load(await founded(tmp_path / "country", servers, KINDS[0], NATIONAL))
    async with running(config) as house:
        police = house.agencies[0]
        await detected(address_of(house, police.origin), police.origin)
        await until(lambda: police.relay.size > 0)
        found = await examine(config, servers.kafka, SystemClock())
    assert to_do(found) == []
    assert any(", all published" in one.text for one in found)
    assert [one.subject for one in found if one.state is State.UNSEEN] == ["process at 127.0.0.1:0"]


async def test_it_sees_a_queue_missing_topics_and_clocks_apart(tmp_path: Path, servers: Servers) -> None:
    config = DistributedConfig.load(await founded(tmp_path / "country", servers, KINDS[0], NATIONAL))
    away = config.model_copy(update={"kafka": config.kafka.model_copy(update={"bootstrap": ("127.0.0.1:9",)})})
    async with running(away) as house:
        police = house.agencies[0].origin
        await detected(address_of(house, police), police)
    founded_keys(tmp_path / "other", [f"{police}-two"])
    (tmp_path / "other" / "trust.toml").replace(config.trust)
    late = SetClock(SystemClock().now() - timedelta(minutes=1))
    found = await examine(config, servers.kafka, late)
    told = "\n".join(to_do(found))
    for expected in (
        "wait to be published",
        f"trust file: {police}",
        "topics and 0 rules are missing",
        "s off this machine's",
    ):
        assert expected in told
    assert all(one.action for one in found if one.state is not State.OK)


async def test_what_cannot_be_reached_is_unseen(tmp_path: Path, servers: Servers) -> None:
    config = DistributedConfig.load(await founded(tmp_path / "country", servers, KINDS[0]))
    [agency] = config.agency
    gone = agency.model_copy(update={"store": "postgresql://nobody@127.0.0.1:9/nothing"})
    found = await examine(config.model_copy(update={"agency": (gone,), "http": None}), NOWHERE, SystemClock())
    assert [one.subject for one in found if one.state is State.UNSEEN] == [
        "Kafka at 127.0.0.1:9",
        "process",
        f"{agency.origin}: store",
    ]
    assert exit_code(found) == 2


async def test_certificates_that_end_are_told(tmp_path: Path, servers: Servers) -> None:
    config = DistributedConfig.load(await founded(tmp_path / "country", servers, KINDS[0]))
    [agency] = config.agency
    now = SystemClock().now()
    certs.make(tmp_path / "certs", certs.Wanted("demo", ["demo/a/b"]), now, days=10)
    pem = tmp_path / "certs" / "demo.a.b.pem"
    tls = TlsSection(certificate=pem, key=pem.with_suffix(".key"), authority=tmp_path / "certs" / "authority.pem")
    guarded = replace_tls(config, agency.model_copy(update={"tls": tls}))
    told = to_do(await examine(guarded, NOWHERE, SystemClock()))
    assert any("demo.a.b.pem: 9 days left" in one for one in told)


def replace_tls(config: DistributedConfig, agency: object) -> DistributedConfig:
    return config.model_copy(update={"agency": (agency,), "http": None})


def test_the_command_answers_programs_and_people(tmp_path: Path, servers: Servers) -> None:
    config = asyncio.run(founded(tmp_path / "country", servers, KINDS[0]))
    run = CliRunner()
    answer = run.invoke(app, ["doctor", "--config", str(config), "--json"])
    told = json.loads(answer.stdout)
    assert answer.exit_code == 1  # the broker of these tests checks nobody's rights
    assert told["ok"] is False
    assert {"subject", "state", "text", "action"} == set(told["findings"][0])
    assert "XX  topics: Kafka checks nobody's rights" in run.invoke(app, ["doctor", "--config", str(config)]).stdout


@pytest.mark.parametrize(("states", "code"), [([], 0), (["ok"], 0), (["ok", "unseen"], 2), (["unseen", "act"], 1)])
def test_the_exit_code_is_that_of_the_worst(states: list[str], code: int) -> None:
    finding = Finding("x", State.OK, "y")
    assert exit_code([replace(finding, state=State(state)) for state in states]) == code
