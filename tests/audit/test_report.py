"""What a verification says: three outcomes, every finding with its place, the same in text and JSON."""

from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from nrm_audit.findings import KEPT_PER_KIND
from nrm_audit.verify import verify

if TYPE_CHECKING:
    from tests.audit.conftest import Deployment


def test_a_verified_deployment_reads_as_such(deployment: "Deployment") -> None:
    report = verify([deployment.log], deployment.trust)
    lines = report.text().splitlines()
    assert all(line.startswith(" ok  demo/") and "signed at 40" in line for line in lines[:3])
    assert lines[-1] == "VERIFIED: 120 entries in 3 copies, nothing altered, removed, reordered or added."
    document = orjson.loads(report.json())
    assert (document["verdict"], document["exit_code"], document["findings"]) == ("VERIFIED", 0, [])
    roots = [copy["root"] for copy in document["copies"]]
    assert roots == [
        agency.notes[-1][1].split("\n")[2] for agency in sorted(deployment.agencies, key=lambda a: a.origin)
    ]


def test_a_finding_names_kind_position_and_who_contradicts(deployment: "Deployment") -> None:
    store = deployment.store_of(deployment.first)
    deployment.change(store, "DELETE FROM entry WHERE position >= 30")
    deployment.change(store, "DELETE FROM checkpoint WHERE size > 30")
    report = verify([deployment.folder], deployment.trust)
    text = report.text()
    assert f" XX  {deployment.first.origin}  {store}" in text
    assert (
        f"MISSING     position 30: entries 30 to 39 are signed for, but not here; contradicted by {deployment.log}"
        in text
    )
    assert text.splitlines()[-1].startswith("NOT VERIFIED: ")
    findings = orjson.loads(report.json())["findings"]
    assert {
        "kind": "MISSING",
        "origin": deployment.first.origin,
        "holder": str(store),
        "text": "entries 30 to 39 are signed for, but not here",
        "position": 30,
        "contradicted_by": str(deployment.log),
        "certain": True,
    } in findings


def test_much_damage_is_counted_and_its_beginning_shown(deployment: "Deployment") -> None:
    deployment.change(deployment.log, "UPDATE log_entry SET body=x'7b7d'")
    report = verify([deployment.log], deployment.trust)
    shown = [finding.position for finding in report.findings.kept if finding.origin == deployment.first.origin]
    assert shown == list(range(KEPT_PER_KIND))
    assert "LEAF        and 30 more" in report.text()
    further = orjson.loads(report.json())["further_findings"]
    assert {"kind": "LEAF", "origin": deployment.first.origin, "holder": str(deployment.log), "count": 30} in further


def test_what_cannot_be_told_is_neither_verified_nor_an_alarm(deployment: "Deployment") -> None:
    deployment.first.record(2)
    Path(deployment.store_of(deployment.first)).unlink()
    deployment.first.write_store(deployment.store_of(deployment.first))
    report = verify([deployment.folder], deployment.trust)
    assert " ??  demo/assistance/ngo-dawn" in report.text()
    assert "BEYOND      position 40: 2 entries are not covered by a signed checkpoint" in report.text()
    assert report.text().splitlines()[-1].startswith("CANNOT TELL: ")
    assert orjson.loads(report.json())["exit_code"] == 2
