"""What the terminal shows: nothing cut at any width, words first, plain values for programs, and what to ask next."""

import getpass
import json
import subprocess
import sys
from pathlib import Path

import pytest
from google.protobuf.message import Message
from tests.coordinator.events import assistance, day, identification, made
from tests.coordinator.logs import AUTHORITY, NGO, POLICE, Logs, Office, ref
from tests.coordinator.stories import delivered, detected, helped
from tests.coordinator.test_golden_cases import fishing_boat
from tests.coordinator.test_golden_pathways import (
    HERE,
    THERE,
    ceiling_hit_in_december,
    refuses_status_yet_takes_shelter,
)

from nrm import cli
from nrm.founding import CONFIG, found
from nrm.plain import plain
from nrm.screen import show
from nrm_contracts.coordinator.v1 import coordinator_pb2 as pb

USAGE = 3
LONG_KIND = "best_interest_determination"
LONG_OWNER = "test/identification/competent-authority"


def much() -> Logs:
    """A pathway with something in every part of it."""
    logs = ceiling_hit_in_december()
    for kind, owner, due_on in (
        (LONG_KIND, LONG_OWNER, "2026-01-02"),
        ("referral_acknowledgement", AUTHORITY, "2026-02-02"),
        ("guardian_appointment", POLICE, None),
    ):
        told = {"person_ref": HERE, "kind": kind, "about": HERE, "owner": owner, "due_on": due_on and day(due_on)}
        logs.record(POLICE, "2025-12-01", made(identification.DeadlineSet, "2025-12-01", **told))
    lost = made(assistance.PersonLost, "2026-02-01", person_ref=THERE, last_contact_on=day("2026-01-20"))
    logs.record(NGO, "2026-02-01", lost)
    return logs


async def shown(
    request: Message, logs: Logs, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: int
) -> str:
    monkeypatch.setenv("COLUMNS", str(width))
    show(await Office.over(logs).ask(request), request, " --dir there")
    return capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize("width", [60, 80, 100, 140])
async def test_nobody_has_to_guess_a_kind_an_owner_or_a_reference(
    width: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for request in (pb.GetPathwayRequest(person_ref=HERE), pb.ListOverdueRequest(page_size=30)):
        text = await shown(request, much(), capsys, monkeypatch, width)
        for whole in (LONG_KIND, "referral_acknowledgement", "competent-authority", HERE, "2026-01-02"):
            assert whole in text
        assert [line for line in text.splitlines() if len(line) > width and "nrm " not in line] == []
        assert "…" not in text


async def test_a_pathway_at_80_columns(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    request = pb.GetPathwayRequest(person_ref=HERE)
    text = await shown(request, refuses_status_yet_takes_shelter(), capsys, monkeypatch, 80)
    assert (
        [line.rstrip() for line in text.splitlines()]
        == """\
Person 00000000000000000000000000000001
female, 24-26, GB-LND, speaks vie, found by raid
Identification: anonymous notice for 119 days. Help: accepted. Proceedings: none
known.
1 alert.

Known as, at each agency
agency        reference
ngo-dawn      00000000000000000000000000000002
police-north  00000000000000000000000000000001

Timeline: 12 facts, the newest last
happened    agency        what                         detail
2026-03-02  police-north  person detected              raid
2026-03-02  police-north  screening completed          indicated
2026-03-03  police-north  consent refused              referral
2026-03-03  police-north  anonymous notification made  raid
2026-03-03  police-north  consent given                assistance
2026-03-04  ngo-dawn      person registered            unknown
2026-03-04  ngo-dawn      case opened
2026-03-04  ngo-dawn      assistance offered
2026-03-04  ngo-dawn      consent given                assistance
2026-03-04  ngo-dawn      assistance accepted
2026-03-31  ngo-dawn      service unit delivered
2026-03-31  ngo-dawn      delivery unfunded            no contract

Help given, in units of each service
service  how much  unit       last on
shelter        27  bed night  2026-03-31
1 unit of help that nothing pays for.

2 live consents
scope       agency        given on    until
assistance  police-north  2026-03-03  no end
assistance  ngo-dawn      2026-03-04  no end

1 alert
since       days  what      agency    detail
2026-03-31    91  unfunded  ngo-dawn

As of 2026-06-30 12:00:00 UTC. Complete up to: police-north 6, ngo-dawn 8.
Next: nrm pathway --dir there 00000000000000000000000000000001 --as-of 2026-03-02
""".splitlines()
    )


async def test_the_beginning_that_is_named_to_ask_for_next_is_known_by_the_name_and_on_the_day_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    logs = Logs()
    found = made(identification.PersonDetected, "2026-01-10", person_ref=HERE)
    logs.record(POLICE, "2026-01-10", found, recorded_on="2026-01-20")
    helped(logs, "2026-02-01", HERE, THERE, ref(3), ref(41))
    text = await shown(pb.GetPathwayRequest(person_ref=THERE), logs, capsys, monkeypatch, 100)
    *_, person, _, as_of = text.splitlines()[-1].split()
    assert (person, as_of) == (HERE, "2026-01-20")
    assert (await Office.over(logs).ask(pb.GetPathwayRequest(person_ref=person, as_of=as_of))).timeline


async def test_money_deadlines_and_alerts_are_told_with_their_units(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = await shown(pb.GetPathwayRequest(person_ref=HERE), much(), capsys, monkeypatch, 140)
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert "GBP 2,100.00 2,100.00 1,400.00 0.00" in lines
    assert "3 open deadlines, 2 overdue" in lines
    assert "2026-01-02 179 late best_interest_determination competent-authority gb-2024-10-08/rule" in lines
    assert "not set guardian_appointment police-north gb-2024-10-08/rule" in lines
    assert "2026-02-01 149 lost ngo-dawn" in lines
    assert f"Next: nrm overdue --dir there --owner {LONG_OWNER}" in lines


async def test_a_long_timeline_is_gathered_and_its_newest_part_is_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    logs = Logs()
    detected(logs, "2025-01-10", HERE)
    helped(logs, "2025-01-11", HERE, THERE, ref(3), ref(41))
    for nth in range(60):
        delivered(logs, f"2025-06-{nth // 3 + 1:02}", THERE, ref(1_000 + nth), nights=1)
    for nth in range(50):
        on = f"2025-{9 + nth // 28:02}-{nth % 28 + 1:02}"
        form, told = (assistance.GoalReached, {"goal": "documents_held"}) if nth % 2 else (assistance.PersonFound, {})
        logs.record(NGO, on, made(form, on, person_ref=THERE, **told))
    text = await shown(pb.GetPathwayRequest(person_ref=HERE), logs, capsys, monkeypatch, 100)
    assert "Timeline: 117 facts, the newest last; " in text
    assert "earlier lines are left out" in text
    assert len(text.splitlines()) < 80
    few = Logs({origin: log[:66] for origin, log in logs.of.items()})
    text = await shown(pb.GetPathwayRequest(person_ref=HERE), few, capsys, monkeypatch, 100)
    assert "(60 times since 2025-06-01)" in text
    assert "(141 days without a fact)" in text


async def test_funnels_are_told_in_words_with_three_units_apart(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    request = pb.GetFunnelsRequest(from_on="2026-01-01")
    text = await shown(request, fishing_boat(), capsys, monkeypatch, 80)
    assert " ".join(" ".join(text.splitlines()[:2]).split()) == (
        "24 persons detected, 0 assisted, 0 confirmed as victims. "
        "1 criminal case registered, 1 with a conviction. 1 defendant convicted."
    )
    for title in ("Persons", "Criminal cases", "Defendants"):
        assert f"{title}, each counted once; from 2026-01-01" in text
    rows = [line.split() for line in text.splitlines()]
    assert ["convicted", "1", "33", "████████"] in rows
    assert ["in", "case", "24", "100", "█" * 24] in rows


async def test_lists_say_how_many_there_are_and_an_empty_one_says_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = await shown(pb.ListPathwaysRequest(page_size=3), fishing_boat(), capsys, monkeypatch, 80)
    assert text.startswith("24 persons, of which 3 are shown")
    assert f"Next: nrm pathway --dir there {ref(100)}" in text
    nobody = pb.ListPathwaysRequest(page_size=3, sex="male")
    assert (await shown(nobody, fishing_boat(), capsys, monkeypatch, 80)).startswith("Nobody fits.")
    nothing = await shown(pb.ListOverdueRequest(page_size=3), fishing_boat(), capsys, monkeypatch, 80)
    assert nothing.startswith("No deadline has passed.")
    assert "Next:" not in nothing


async def test_no_colour_where_none_is_wanted(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    text = await shown(pb.GetPathwayRequest(person_ref=HERE), much(), capsys, monkeypatch, 80)
    assert "\x1b[1m" in text  # bold is no colour
    assert "\x1b[3" not in text


async def test_programs_get_every_field_and_numbers_as_numbers() -> None:
    answer = plain(await Office.over(much()).ask(pb.GetPathwayRequest(person_ref=HERE)))
    assert answer.keys() == {field.name for field in pb.GetPathwayResponse.DESCRIPTOR.fields}
    assert answer["money"] == [
        {"ccy": "GBP", "claimed_minor": 210000, "verified_minor": 210000, "paid_minor": 140000, "owed_back_minor": 0}
    ]
    assert plain(pb.GetPathwayResponse())["standing"] is None
    assert json.loads(json.dumps(answer)) == answer


@pytest.mark.slow
def test_help_does_not_wait_for_what_commands_need() -> None:
    script = """
import sys
from nrm.cli import main

for command in (["--help"], ["admin", "topics", "--help"], ["audit", "--help"], ["pathway", "--help"]):
    try:
        main(command)
    except SystemExit:
        pass
    heavy = {"sqlalchemy", "grpc", "kafka", "faststream", "pydantic", "nrm_contracts.codes"} & sys.modules.keys()
    if heavy:
        sys.exit(f"{command} imported {heavy}")
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr


def run(*arguments: str) -> int:
    """A command in this process; gives its exit code."""
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    return int(ended.value.code or 0)


def test_a_command_answers_and_its_look_is_recorded_and_signed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    policy = Path(__file__).parents[2] / "app" / "nrm" / "policies" / "gb.toml"
    folder = found(tmp_path / "deployment", ["test/coordinator/national"], policy).parent
    assert run("funnel", "--dir", str(folder), "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["persons"][0] == {"step": "detected", "count": 0}
    assert run("pathway", ref(1), "--dir", str(folder)) == 1
    assert "NOT_FOUND" in capsys.readouterr().err
    assert run("pathway", "Maria", "--dir", str(folder)) == USAGE
    assert "FIELD_INVALID" in capsys.readouterr().err
    assert (folder / CONFIG).exists()
    assert run("audit", "verify", str(folder)) == 0


def test_who_asked_is_on_record_under_a_pseudonym(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    origin = "test/coordinator/national"
    policy = Path(__file__).parents[2] / "app" / "nrm" / "policies" / "gb.toml"
    folder = found(tmp_path / "deployment", [origin], policy).parent
    assert run("overdue", "--dir", str(folder)) == 0
    capsys.readouterr()
    assert run("audit", "log", origin, "--in", str(folder)) == 0
    look = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert look["type"] == "record.DataAccessed"
    assert (look["data"]["subject"], look["data"]["rule"]) == ("ListOverdue", "CO-01")
    assert look["data"]["officer"].startswith("desk-")
    assert getpass.getuser() not in look["data"]["officer"]
