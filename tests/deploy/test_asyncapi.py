"""The document that FastStream makes of the topics, and the contracts' own of what is in them, are of the same log."""

import json
from importlib.resources import files
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from nrm.cli import app
from nrm.config import KINDS
from nrm_kernel.log_topics import LogTopic, log_prefix

pytestmark = pytest.mark.slow  # FastStream takes its time to be there


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    told = CliRunner().invoke(app, ["admin", "asyncapi", "--kafka", "kafka.example:9092"])
    assert told.exit_code == 0, told.output
    document: dict[str, Any] = json.loads(told.stdout)
    return document


@pytest.fixture(scope="module")
def contracts() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((files("nrm_contracts") / "asyncapi.yaml").read_text("utf-8"))
    return document


def test_it_is_of_the_brokers_that_were_named(made: dict[str, Any]) -> None:
    assert made["asyncapi"].startswith("3.")
    assert [server["host"] for server in made["servers"].values()] == ["kafka.example:9092"]


def test_every_channel_of_the_contracts_has_its_topics_and_there_are_no_others(
    made: dict[str, Any], contracts: dict[str, Any]
) -> None:
    sent = {name for name, operation in made["operations"].items() if operation["action"] == "send"}
    assert sent == set(contracts["channels"]) == set(KINDS)
    for kind, channel in contracts["channels"].items():
        topic = made["channels"][kind]["address"]
        assert topic.startswith(log_prefix(channel["address"]))
        assert topic == made["channels"][f"{kind}-receive"]["address"]


def test_a_topic_of_the_document_is_one_that_is_made_once_its_names_are_filled_in(made: dict[str, Any]) -> None:
    origin, reader = "demo/assistance/ngo-dawn", "demo/assistance/ngo-harbour"
    template = made["channels"]["assistance"]["address"]
    kind, own, other = "assistance", "ngo-dawn", "ngo-harbour"
    named = template.format(deployment="demo", agency=own, kind=kind, reader=other)
    assert LogTopic.parse(named) == LogTopic(origin, reader)
