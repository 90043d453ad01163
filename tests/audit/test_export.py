"""An exported copy verifies on its own, years later; what is changed in it is found and named."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.often import often

from nrm_audit.commands import run_export, run_log, run_verify
from nrm_audit.export import export
from nrm_audit.findings import Kind
from nrm_audit.folders import entry_of_line, line_of_entry
from nrm_audit.verify import verify
from nrm_kernel.ledger.merkle import leaf_hash
from nrm_kernel.ledger.note import SigningKey
from nrm_kernel.ledger.trust import Trust, TrustedKey, TrustedOrigin

if TYPE_CHECKING:
    from tests.audit.conftest import Deployment, MakeDeployment

MADE_AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def exported(deployment: "Deployment") -> Path:
    """An export of everything, beside the stores."""
    return export([deployment.folder], deployment.trust, deployment.folder / "export", MADE_AT).folder


def folder_of(exported: Path, deployment: "Deployment") -> Path:
    return exported / deployment.first.origin.replace("/", ".")


def test_an_export_is_verified_alone_and_beside_what_it_was_made_from(deployment: "Deployment", exported: Path) -> None:
    for paths in ([exported], [deployment.folder]):
        report = verify(paths, deployment.trust)
        assert report.exit_code == 0, report.text()
    assert {copy.entries for copy in verify([exported], deployment.trust).copies} == {40}


def test_every_line_holds_the_entry_verbatim(deployment: "Deployment", exported: Path) -> None:
    lines = (folder_of(exported, deployment) / "entries.jsonl").read_bytes().splitlines()
    for position, (line, body) in enumerate(zip(lines, deployment.first.bodies, strict=True)):
        assert orjson.loads(line) == {"position": position, "leaf": leaf_hash(body).hex(), "entry": orjson.loads(body)}
        assert body in line


@given(st.integers(0, 2**53), st.binary(max_size=60), st.binary(min_size=32, max_size=32))
def test_a_line_reads_back(position: int, body: bytes, leaf: bytes) -> None:
    assert entry_of_line(line_of_entry(position, body, leaf)) == (position, body, leaf)


@pytest.mark.slow
@settings(max_examples=often(30), deadline=None)
@given(data=st.data())
def test_a_byte_flipped_anywhere_in_an_exported_log_is_found(make: "MakeDeployment", data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        deployment = make(Path(folder))
        deployment.write()
        exported = export([deployment.folder], deployment.trust, Path(folder) / "export", MADE_AT).folder
        agency = data.draw(st.sampled_from(deployment.agencies))
        name = data.draw(st.sampled_from(["entries.jsonl", "checkpoints.jsonl"]))
        path = exported / agency.origin.replace("/", ".") / name
        stored = bytearray(path.read_bytes())
        stored[data.draw(st.integers(0, len(stored) - 1))] ^= data.draw(st.integers(1, 255))
        path.write_bytes(stored)
        report = verify([exported], deployment.trust)
        harmless = name == "checkpoints.jsonl" and report.exit_code == 0 and _same_notes(path, agency.notes)
        assert report.exit_code == 1 or harmless, report.text()
        assert harmless or {finding.origin for finding in report.findings.kept} == {agency.origin}


def _same_notes(path: Path, notes: list[tuple[int, str]]) -> bool:
    """JSON has blanks in which a byte may change without a meaning."""
    return [(one["size"], one["note"]) for one in map(orjson.loads, path.read_bytes().splitlines())] == notes


def test_a_removed_line_is_a_gap(deployment: "Deployment", exported: Path) -> None:
    path = folder_of(exported, deployment) / "entries.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:9] + lines[10:]))
    report = verify([exported], deployment.trust)
    gaps = [finding for finding in report.findings.kept if finding.kind == Kind.GAP]
    assert (report.exit_code, [gap.position for gap in gaps]) == (1, [9])


def test_swapped_lines_are_found(deployment: "Deployment", exported: Path) -> None:
    path = folder_of(exported, deployment) / "entries.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    lines[4], lines[5] = lines[5], lines[4]
    path.write_bytes(b"".join(lines))
    report = verify([exported], deployment.trust)
    assert report.exit_code == 1
    assert {finding.kind for finding in report.findings.kept} == {Kind.GAP, Kind.POSITION}


def test_last_lines_removed_with_their_checkpoints_are_missed(deployment: "Deployment", exported: Path) -> None:
    folder = folder_of(exported, deployment)
    for name, kept in (("entries.jsonl", 27), ("checkpoints.jsonl", 2)):
        lines = (folder / name).read_bytes().splitlines(keepends=True)
        (folder / name).write_bytes(b"".join(lines[:kept]))
    alone, together = verify([exported], deployment.trust), verify([deployment.folder], deployment.trust)
    assert alone.exit_code == together.exit_code == 1
    assert {(one.kind, one.position) for one in alone.findings.kept} == {(Kind.MISSING, 27)}
    contradict = {one.contradicted_by for one in together.findings.kept}
    assert contradict <= {str(deployment.log), str(deployment.store_of(deployment.first))} - {""}


def test_an_older_export_beside_newer_stores_cannot_be_told_from_a_cut_one(
    deployment: "Deployment", exported: Path
) -> None:
    deployment.first.record(3)
    deployment.first.sign()
    for file in (deployment.log, deployment.store_of(deployment.first)):
        file.unlink()
    deployment.first.write_store(deployment.store_of(deployment.first))
    deployment.write_log(deployment.log)
    assert verify([deployment.folder], deployment.trust).exit_code == 2
    assert verify([exported], deployment.trust).exit_code == 0


def test_a_log_left_out_of_an_export_is_missed(deployment: "Deployment", exported: Path) -> None:
    manifest = exported / "manifest.json"
    content = orjson.loads(manifest.read_bytes())
    content["origins"] = content["origins"][1:]
    manifest.write_bytes(orjson.dumps(content))
    assert verify([exported], deployment.trust).exit_code == 2


def test_an_export_into_a_taken_folder_is_refused_and_writes_nothing(deployment: "Deployment", tmp_path: Path) -> None:
    trust = tmp_path / "trust.toml"
    trust.write_text(deployment.trust.render(), "utf-8")
    taken = tmp_path / "taken"
    taken.mkdir()
    code, report = run_export([deployment.folder], trust, taken, MADE_AT)
    assert (code, "EXPORT_FOLDER_EXISTS" in report.text(), list(taken.iterdir())) == (3, True, [])


def test_an_export_that_cannot_be_written_says_so_and_leaves_nothing(deployment: "Deployment", tmp_path: Path) -> None:
    trust = tmp_path / "trust.toml"
    trust.write_text(deployment.trust.render(), "utf-8")
    code, report = run_export([deployment.folder], trust, trust / "copy", MADE_AT)
    assert code == 2
    assert report.text().startswith(
        f"The copy into {trust / 'copy'} was not made: Not a directory. Nothing of it is left."
    )
    assert "(EXPORT_NOT_WRITTEN)" in report.text()


def test_an_export_that_breaks_off_on_the_way_leaves_nothing(
    deployment: "Deployment", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust, copy = tmp_path / "trust.toml", tmp_path / "copies" / "one"
    trust.write_text(deployment.trust.render(), "utf-8")

    def full(*_: object) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("nrm_audit.export.line_of_entry", full)
    code, report = run_export([deployment.folder], trust, copy, MADE_AT)
    assert (code, "was not made: No space left on device." in report.text()) == (2, True)
    assert list(copy.parent.iterdir()) == []


def test_a_trust_file_of_another_deployment_is_suspected_before_the_logs(
    deployment: "Deployment", tmp_path: Path
) -> None:
    own, other = tmp_path / "trust.toml", tmp_path / "other.toml"
    own.write_text(deployment.trust.render(), "utf-8")
    strangers = [SigningKey.generate(agency.origin) for agency in deployment.agencies]
    logs = [TrustedOrigin(key.name, (TrustedKey(key.verifier()),)) for key in strangers]
    other.write_text(Trust("demo", tuple(logs)).render(), "utf-8")
    code, report = run_verify([deployment.folder], other)
    assert (code, f"CAUTION: no log here is signed by a key of {other}." in report.text()) == (1, True)
    assert "CAUTION" not in run_verify([deployment.folder], own)[1].text()


def test_verifying_an_export_with_its_own_trust_file_comes_with_a_caution(
    deployment: "Deployment", exported: Path, tmp_path: Path
) -> None:
    own = tmp_path / "trust.toml"
    own.write_text(deployment.trust.render(), "utf-8")
    code, report = run_verify([exported], exported / "trust.toml")
    assert (code, "CAUTION: the keys are those of" in report.text()) == (0, True)
    assert "CAUTION" not in run_verify([exported], own)[1].text()


def test_commands_say_what_is_wrong_with_the_question(deployment: "Deployment", tmp_path: Path) -> None:
    trust = tmp_path / "trust.toml"
    missing_trust = run_verify([deployment.folder], trust)
    trust.write_text(deployment.trust.render(), "utf-8")
    nothing_there = run_verify([tmp_path / "nowhere"], trust)
    assert (missing_trust[0], nothing_there[0]) == (3, 3)
    assert "nowhere is no agency store" in nothing_there[1].text()
    assert run_verify([deployment.folder], trust)[0] == 0


def test_the_log_command_prints_entries_as_they_are_stored(deployment: "Deployment") -> None:
    printed: list[bytes] = []
    first = deployment.first
    assert run_log([deployment.folder], first.origin, printed.append, first=37) is None
    assert printed == [body + b"\n" for body in first.bodies[37:]]
    failure = run_log([deployment.folder], "demo/assistance/ngo-dawm", printed.append)
    assert failure is not None
    assert 'Did you mean "demo/assistance/ngo-dawn"?' in failure.text()
