"""Alerts and panels ask for figures that there are, by labels that these have, and lie where they are looked for."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from nrm.cli import app
from nrm.figures import LABELS, MEANINGS

ROOT = Path(__file__).parents[2]
BOARDS = ROOT / "deploy" / "dashboards"


def loaded(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return document


ALERTS = {one["alert"]: one for group in loaded(BOARDS / "alerts.yml")["groups"] for one in group["rules"]}
BOARD = json.loads((BOARDS / "agencies.json").read_text("utf-8"))
ASKED = {one["title"]: target["expr"] for one in BOARD["panels"] for target in one["targets"]}
ASKED |= {name: one["expr"] for name, one in ALERTS.items()}
GIVEN = loaded(ROOT / "docker-compose.yml")["services"]


def figures(asked: str) -> list[str]:
    """Those that a question names."""
    return re.findall(r"\bnrm_\w+", asked)


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
def test_what_is_asked_for_is_given(asked: str) -> None:
    assert figures(asked)
    assert set(figures(asked)) <= set(MEANINGS)
    assert len({LABELS.get(name) for name in figures(asked)}) == 1, "those that are put together have the same labels"


@pytest.mark.parametrize("alert", ALERTS.values(), ids=ALERTS)
def test_an_alert_says_whom_it_is_about_and_what_to_do(alert: dict[str, Any]) -> None:
    told = alert["annotations"]
    named = re.findall(r"\$labels\.(\w+)", told["summary"])
    assert named or alert["expr"].startswith("absent("), "what is not there has no labels"
    for name in figures(alert["expr"]):
        assert set(named) <= set(LABELS.get(name, ("origin",)))
    for command in re.findall(r"\bnrm((?: [a-z]+)+)(?=[ ,.)]|$)", told["action"]):
        assert is_there(command.split()), command


def is_there(words: list[str]) -> bool:
    """Whether a command is named by the first of these words; the sentence may go on."""
    command: object = get_command(app)
    for word in words:
        inside = getattr(command, "commands", {})
        if not inside:
            return True
        if word not in inside:
            return False
        command = inside[word]
    return not getattr(command, "commands", {})


def test_a_planted_command_is_found() -> None:
    assert is_there(["doctor", "says"])
    assert is_there(["admin", "parked", "list"])
    assert not is_there(["admin", "parked", "show"])
    assert not is_there(["repair"])


def test_each_file_is_where_the_others_look_for_it() -> None:
    def put(service: str) -> list[str]:
        return [used["target"] for used in GIVEN[service]["configs"]]

    assert loaded(BOARDS / "prometheus.yml")["rule_files"] == [one for one in put("prometheus") if "alerts" in one]
    [provider] = loaded(BOARDS / "provider.yaml")["providers"]
    assert [str(Path(one).parent) for one in put("dashboards") if one.endswith(".json")] == [
        provider["options"]["path"]
    ]
    [source] = loaded(BOARDS / "datasources.yaml")["datasources"]
    assert {one["datasource"]["uid"] for one in BOARD["panels"]} == {source["uid"]}
    collector = loaded(ROOT / "deploy" / "collector" / "collector.yaml")
    assert collector["exporters"]["prometheusremotewrite"]["endpoint"].startswith(f"{source['url']}/")
    assert "--web.enable-remote-write-receiver" in GIVEN["prometheus"]["command"]
