"""The document that is made of the topics and records: sound in itself, and of the same log as the contracts' own."""

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
import yaml
from faststream.specification.asyncapi.v3_0_0.schema import ApplicationSchema
from jsonschema import Draft7Validator, Draft202012Validator
from typer.testing import CliRunner

from nrm.cli import app
from nrm.config import KINDS
from nrm_kernel.log_topics import LogTopic, beat_topic, log_prefix, parked_topic

pytestmark = pytest.mark.slow  # FastStream takes its time to be there
DEPLOYMENT = {"deployment": "demo", "kind": "assistance", "agency": "ngo-dawn"}
OTHERS = {"heartbeats", "parked"}


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


def refs(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (one for name, one in value.items() if name == "$ref")
        for one in value.values():
            yield from refs(one)
    elif isinstance(value, list):
        for one in value:
            yield from refs(one)


def test_it_is_of_the_brokers_that_were_named(made: dict[str, Any]) -> None:
    assert made["asyncapi"] == "3.0.0"
    assert [server["host"] for server in made["servers"].values()] == ["kafka.example:9092"]


def test_it_has_the_form_that_the_library_knows_of_asyncapi_3(made: dict[str, Any]) -> None:
    assert ApplicationSchema.model_validate(made).to_jsonable() == made


def test_whatever_it_points_to_is_there_and_nothing_is_there_for_nobody(made: dict[str, Any]) -> None:
    pointed = set(refs(made))
    for ref in pointed:
        found: Any = made
        for part in ref.removeprefix("#/").split("/"):
            found = found[part]
    components = {f"#/components/{section}/{name}" for section, held in made["components"].items() for name in held}
    assert components <= pointed
    assert {operation["channel"]["$ref"] for operation in made["operations"].values()} == {
        f"#/channels/{name}" for name in made["channels"]
    }


def test_each_part_of_a_topics_name_is_told_and_no_other(made: dict[str, Any]) -> None:
    for channel in made["channels"].values():
        told = dict.fromkeys(channel["parameters"], "x")
        assert "{" not in channel["address"].format(**told)
        assert all(f"{{{part}}}" in channel["address"] for part in told)
        assert channel["bindings"]["kafka"]["topic"] == channel["address"]


def test_headers_and_payloads_are_json_schemas_as_asyncapi_has_them(made: dict[str, Any]) -> None:
    for message in made["components"]["messages"].values():
        for schema in (message["headers"], message["payload"]):
            Draft7Validator.check_schema(schema)
            Draft202012Validator.check_schema(schema)


def test_every_log_of_the_contracts_has_its_topics_and_there_are_no_others(
    made: dict[str, Any], contracts: dict[str, Any]
) -> None:
    assert made["channels"].keys() - OTHERS == contracts["channels"].keys() == set(KINDS)
    of_others = {f"{name}-{action}" for name in OTHERS for action in ("send", "receive")}
    assert made["operations"].keys() - of_others == contracts["operations"].keys()
    for kind, channel in contracts["channels"].items():
        assert made["channels"][kind]["address"].startswith(log_prefix(channel["address"]))


def test_a_topic_of_the_document_is_one_that_is_made_once_its_names_are_filled_in(made: dict[str, Any]) -> None:
    origin, reader = "demo/assistance/ngo-dawn", "demo/funding/fund"
    named = {
        name: channel["address"].format(**DEPLOYMENT, reader_kind="funding", reader="fund")
        for name, channel in made["channels"].items()
    }
    assert LogTopic.parse(named["assistance"]) == LogTopic(origin, reader)
    assert (named["heartbeats"], named["parked"]) == (beat_topic(origin), parked_topic(origin))
