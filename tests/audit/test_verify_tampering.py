"""Whatever is altered, removed or forged at a holder is found and named; what is untouched never alarms."""

import sqlite3
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.often import often

from nrm_audit.findings import Finding, Kind
from nrm_audit.holders import Expected
from nrm_audit.report import VerifyReport
from nrm_audit.verify import verify
from nrm_kernel.ledger.merkle import leaf_hash
from nrm_kernel.ledger.note import SigningKey

if TYPE_CHECKING:
    from tests.audit.conftest import Deployment, MakeDeployment

FORGER = SigningKey("demo/assistance/ngo-dawn", b"\x66" * 32)


def report_on(deployment: "Deployment", *paths: Path) -> VerifyReport:
    return verify(paths or (deployment.folder,), deployment.trust)


def only(report: VerifyReport, kind: Kind) -> Finding:
    found = [finding for finding in report.findings.kept if finding.kind == kind]
    assert len(found) == 1, report.text()
    return found[0]


def kinds(report: VerifyReport) -> set[str]:
    return {finding.kind for finding in report.findings.kept}


def test_an_untouched_deployment_is_verified(deployment: "Deployment") -> None:
    report = report_on(deployment)
    assert (report.exit_code, report.findings.kept) == (0, []), report.text()
    assert [(copy.entries, copy.signed_size, copy.checkpoints) for copy in report.copies] == [(40, 40, 3)] * 6


@pytest.mark.slow
@settings(max_examples=often(25), deadline=None)
@given(seed=st.integers(0, 2**32), entries=st.integers(0, 60), checkpoints=st.integers(1, 9))
def test_no_untouched_history_alarms(make: "MakeDeployment", seed: int, entries: int, checkpoints: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        deployment = make(Path(folder), seed, entries, checkpoints)
        deployment.write()
        for paths in ([deployment.folder], [deployment.log], [deployment.store_of(deployment.first)]):
            report = verify(paths, deployment.trust)
            assert report.exit_code == 0, report.text()


@pytest.mark.slow
@settings(max_examples=often(30), deadline=None)
@given(data=st.data())
def test_a_flipped_byte_in_any_entry_of_any_holder_is_named(make: "MakeDeployment", data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        deployment = make(Path(folder))
        deployment.write()
        agency = data.draw(st.sampled_from(deployment.agencies))
        position = data.draw(st.integers(0, 39))
        body = bytearray(agency.bodies[position])
        body[data.draw(st.integers(0, len(body) - 1))] ^= data.draw(st.integers(1, 255))
        holder, table, where = data.draw(
            st.sampled_from(
                [
                    (deployment.store_of(agency), "entry", ""),
                    (deployment.log, "log_entry", f"origin='{agency.origin}' AND "),
                ]
            )
        )
        deployment.change(holder, f"UPDATE {table} SET body=? WHERE {where}position=?", bytes(body), position)
        for paths in ([deployment.folder], [holder]):
            report = verify(paths, deployment.trust)
            finding = only(report, Kind.LEAF)
            assert report.exit_code == 1
            assert (finding.origin, finding.position, finding.holder) == (agency.origin, position, str(holder))


@pytest.mark.slow
@settings(max_examples=often(25), deadline=None)
@given(data=st.data())
def test_an_entry_rewritten_with_its_hash_is_found_by_the_signed_root(
    make: "MakeDeployment", data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        deployment = make(Path(folder))
        deployment.write()
        position = data.draw(st.integers(0, 39))
        body = deployment.first.bodies[position].replace(b'"final":false', b'"final":true')
        store = deployment.store_of(deployment.first)
        deployment.change(store, "UPDATE entry SET body=?, leaf=? WHERE position=?", body, leaf_hash(body), position)
        alone, together = verify([store], deployment.trust), verify([deployment.folder], deployment.trust)
        root = only(alone, Kind.ROOT) if "its head" not in alone.text() else alone.findings.kept[0]
        assert alone.exit_code == together.exit_code == 1
        assert root.origin == deployment.first.origin
        fork = only(together, Kind.FORK)
        assert (fork.position, fork.holder, fork.contradicted_by) == (position, str(store), str(deployment.log))


@pytest.mark.slow
@settings(max_examples=often(25), deadline=None)
@given(offset=st.integers(0, 10**6), flip=st.integers(1, 255), of_log=st.booleans())
def test_a_flipped_byte_anywhere_in_a_file_is_found_or_changes_nothing_that_counts(
    make: "MakeDeployment", offset: int, flip: int, of_log: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        deployment = make(Path(folder))
        deployment.write()
        path = deployment.log if of_log else deployment.store_of(deployment.first)
        before = _contents(path)
        stored = bytearray(path.read_bytes())
        stored[offset % len(stored)] ^= flip
        path.write_bytes(stored)
        report = verify([deployment.folder], deployment.trust)
        assert report.exit_code == 1 or (report.exit_code == 0 and _contents(path) == before), report.text()


def _contents(path: Path) -> list[object]:
    """What is read of a file: entries in order, checkpoints."""
    with sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")}
        if "entry" in tables:
            queries = ["SELECT * FROM entry ORDER BY position", "SELECT * FROM checkpoint ORDER BY size"]
        else:
            queries = ["SELECT origin, position, addressee, body, leaf FROM log_entry ORDER BY origin, position"]
            queries.append("SELECT * FROM log_checkpoint ORDER BY origin, size")
        contents = [connection.execute(query).fetchall() for query in queries]
    connection.close()
    return list(contents)


@pytest.mark.parametrize("position", [0, 7, 38])
def test_a_removed_entry_is_a_gap(deployment: "Deployment", position: int) -> None:
    store = deployment.store_of(deployment.first)
    deployment.change(store, "DELETE FROM entry WHERE position=?", position)
    gap = only(report_on(deployment), Kind.GAP)
    assert (gap.position, gap.holder) == (position, str(store))
    assert report_on(deployment, store).exit_code == 1


def test_a_removed_entry_of_the_shared_log_is_a_gap(deployment: "Deployment") -> None:
    origin = deployment.first.origin
    deployment.change(deployment.log, "DELETE FROM log_entry WHERE origin=? AND position=9", origin)
    gap = only(report_on(deployment), Kind.GAP)
    assert (gap.origin, gap.position, gap.holder) == (origin, 9, str(deployment.log))


def test_a_removed_entry_with_all_later_ones_moved_up_is_found(deployment: "Deployment") -> None:
    agency, store = deployment.first, deployment.store_of(deployment.first)
    deployment.change(store, "DELETE FROM entry WHERE position=9")
    for position in range(10, 40):
        deployment.change(store, "UPDATE entry SET position=? WHERE position=?", position - 1, position)
    report = report_on(deployment, store)
    assert report.exit_code == 1
    positions = [finding.position for finding in report.findings.kept if finding.kind == Kind.POSITION]
    assert positions[0] == 9
    assert agency.origin in report.text()


def test_swapped_entries_are_found_in_both_places(deployment: "Deployment") -> None:
    bodies, origin = deployment.first.bodies, deployment.first.origin
    for position, body in ((11, bodies[12]), (12, bodies[11])):
        statement = "UPDATE log_entry SET body=?, leaf=? WHERE origin=? AND position=?"
        deployment.change(deployment.log, statement, body, leaf_hash(body), origin, position)
    report = report_on(deployment)
    moved = [finding.position for finding in report.findings.kept if finding.kind == Kind.POSITION]
    assert moved == [11, 12]
    assert only(report, Kind.FORK).position == 11


def test_an_entry_added_at_the_end_is_beyond_what_was_signed(deployment: "Deployment") -> None:
    deployment.first.record(1)
    store = deployment.store_of(deployment.first)
    store.unlink()
    deployment.first.write_store(store)
    report = report_on(deployment)
    beyond = only(report, Kind.BEYOND)
    assert (report.exit_code, beyond.position, beyond.origin) == (2, 40, deployment.first.origin)


def test_the_last_entries_of_a_store_removed_with_their_checkpoints_are_missed_by_the_log(
    deployment: "Deployment",
) -> None:
    store = deployment.store_of(deployment.first)
    deployment.change(store, "DELETE FROM entry WHERE position >= 27")
    deployment.change(store, "DELETE FROM checkpoint WHERE size > 27")
    report = report_on(deployment)
    missing = [finding for finding in report.findings.kept if finding.kind == Kind.MISSING]
    assert report.exit_code == 1
    assert {(finding.position, finding.holder) for finding in missing} == {(27, str(store))}
    assert {finding.contradicted_by for finding in missing} == {"", str(deployment.log)}
    assert report_on(deployment, store).exit_code == 1  # its own head row still counts them


def test_the_last_entries_of_the_shared_log_removed_with_their_checkpoints_are_missed_by_the_store(
    deployment: "Deployment",
) -> None:
    origin = deployment.first.origin
    deployment.change(deployment.log, "DELETE FROM log_entry WHERE origin=? AND position >= 27", origin)
    deployment.change(deployment.log, "DELETE FROM log_checkpoint WHERE origin=? AND size > 27", origin)
    report = report_on(deployment)
    missing = only(report, Kind.MISSING)
    assert (report.exit_code, missing.position, missing.holder) == (1, 27, str(deployment.log))
    assert missing.contradicted_by == str(deployment.store_of(deployment.first))


def test_a_store_rolled_back_to_yesterdays_copy_is_contradicted(tmp_path: Path, make: "MakeDeployment") -> None:
    deployment = make(tmp_path)
    store = deployment.first.write_store(deployment.store_of(deployment.first))
    deployment.first.record(5)
    deployment.first.sign()
    deployment.write_log(deployment.log)
    report = report_on(deployment)
    missing = only(report, Kind.MISSING)
    assert (report.exit_code, missing.position, missing.contradicted_by) == (1, 40, str(deployment.log))
    assert report_on(deployment, store).exit_code == 0  # alone, nothing gives it away


def test_a_rolled_back_store_and_log_are_contradicted_by_the_checkpoint_kept_alone(
    tmp_path: Path, make: "MakeDeployment"
) -> None:
    deployment = make(tmp_path)
    deployment.write()
    deployment.first.record(5)
    deployment.first.sign()
    kept = tmp_path / "checkpoint.txt"
    kept.write_text(deployment.first.notes[-1][1], "utf-8")
    report = report_on(deployment)
    assert report.exit_code == 1
    assert {finding.contradicted_by for finding in report.findings.kept} == {str(kept)}


def test_a_shared_log_that_lags_behind_is_told_from_one_that_was_cut(tmp_path: Path, make: "MakeDeployment") -> None:
    deployment = make(tmp_path)
    deployment.write_log(deployment.log)
    deployment.first.record(5)
    deployment.first.sign()
    deployment.first.write_store(deployment.store_of(deployment.first), handed_over=40)
    report = report_on(deployment)
    assert (report.exit_code, kinds(report)) == (2, {Kind.MISSING})


def test_a_checkpoint_forged_with_another_key_is_not_believed(deployment: "Deployment") -> None:
    deployment.first.sign(FORGER)
    forged = deployment.first.notes[-1][1]
    store = deployment.store_of(deployment.first)
    deployment.change(store, "UPDATE checkpoint SET note=? WHERE size=40", forged)
    finding = only(report_on(deployment), Kind.SIG)
    assert (finding.origin, finding.position, finding.holder) == (deployment.first.origin, 40, str(store))


def test_a_rewritten_history_signed_with_another_key_is_found(tmp_path: Path, make: "MakeDeployment") -> None:
    deployment = make(tmp_path)
    trust = deployment.trust
    forged = make(tmp_path, seed=2)
    forged.agencies[0].notes.clear()
    forged.agencies[0].sign(FORGER)
    store = forged.agencies[0].write_store(tmp_path / "rewritten.db")
    report = verify([store], trust)
    assert (report.exit_code, kinds(report)) == (1, {Kind.SIG, Kind.BEYOND})


def test_two_histories_signed_by_the_agency_itself_are_a_fork(tmp_path: Path, make: "MakeDeployment") -> None:
    deployment = make(tmp_path)
    deployment.write()
    first = deployment.first
    first.bodies[39] = first.bodies[39].replace(b'"final":false', b'"final":true')
    first.sign()
    other = first.write_store(tmp_path / "z-second-store.db")
    report = report_on(deployment)
    forks = [finding for finding in report.findings.kept if finding.kind == Kind.FORK]
    assert report.exit_code == 1
    assert {finding.holder for finding in forks} & {str(other), str(deployment.store_of(first))}
    assert "signed two histories of 40 entries" in report.text()


def test_an_entry_filed_under_another_stream_or_addressee_is_found(deployment: "Deployment") -> None:
    store = deployment.store_of(deployment.first)
    deployment.change(store, "UPDATE entry SET stream='case-of-another' WHERE position=5")
    deployment.change(deployment.log, "UPDATE log_entry SET addressee='demo/x/y' WHERE position=6")
    found = {(finding.kind, finding.position, finding.holder) for finding in report_on(deployment).findings.kept}
    assert found == {(Kind.POSITION, 5, str(store)), (Kind.POSITION, 6, str(deployment.log))}


def test_a_checkpoint_filed_under_another_size_is_found(deployment: "Deployment") -> None:
    deployment.change(deployment.store_of(deployment.first), "UPDATE checkpoint SET size=30 WHERE size=27")
    assert "is filed under 30" in only(report_on(deployment), Kind.SIG).text


def test_a_whole_log_removed_from_the_shared_log_is_missed(deployment: "Deployment") -> None:
    for table in ("log_entry", "log_checkpoint"):
        deployment.change(deployment.log, f"DELETE FROM {table} WHERE origin=?", deployment.first.origin)
    with_stores, alone = report_on(deployment), report_on(deployment, deployment.log)
    assert only(with_stores, Kind.MISSING).contradicted_by == str(deployment.store_of(deployment.first))
    assert (with_stores.exit_code, alone.exit_code) == (1, 2)


@pytest.mark.parametrize("emptied", [False, True], ids=["gone", "emptied"])
@pytest.mark.parametrize("of_log", [False, True], ids=["store", "log"])
def test_a_whole_file_that_should_be_there_is_missed(deployment: "Deployment", of_log: bool, emptied: bool) -> None:
    stores = {deployment.store_of(agency): agency.origin for agency in deployment.agencies}
    expected = [Expected(deployment.log), *(Expected(store, origin) for store, origin in stores.items())]
    assert verify([deployment.folder], deployment.trust, expected=expected).exit_code == 0
    file = deployment.log if of_log else next(iter(stores))
    file.unlink()
    if emptied:
        file.touch()
    report = verify([deployment.folder], deployment.trust, expected=expected)
    missed = {(one.kind, one.origin, one.position, one.holder) for one in report.findings.kept}
    origins = stores.values() if of_log else [stores[file]]
    assert (report.exit_code, missed) == (1, {(Kind.MISSING, origin, 0, str(file)) for origin in origins})


def test_a_store_that_nobody_has_written_yet_leaves_the_verifier_unable_to_tell(deployment: "Deployment") -> None:
    expected = [Expected(deployment.folder / "new.sqlite", "demo/assistance/ngo-new")]
    assert verify([deployment.folder], deployment.trust, expected=expected).exit_code == 2


def test_a_kept_checkpoint_that_is_none_is_named(deployment: "Deployment") -> None:
    kept = deployment.folder / "checkpoint.txt"
    kept.write_text("nothing signed")
    report = report_on(deployment)
    assert (report.exit_code, only(report, Kind.UNREADABLE).holder) == (1, str(kept))


def test_a_file_that_the_verifier_may_not_read_shows_nothing_altered(
    deployment: "Deployment", monkeypatch: pytest.MonkeyPatch
) -> None:
    store = deployment.store_of(deployment.first)
    monkeypatch.setattr("os.access", lambda path, _mode: path != store)
    report = report_on(deployment)
    assert (report.exit_code, only(report, Kind.UNREADABLE).holder) == (2, str(store))


def test_a_log_that_the_trust_file_does_not_name_leaves_the_verifier_unable_to_tell(deployment: "Deployment") -> None:
    trust = deployment.trust
    without = type(trust)(trust.deployment, trust.logs[1:])
    report = verify([deployment.store_of(deployment.first)], without)
    assert (report.exit_code, kinds(report)) == (2, {Kind.SIG, Kind.BEYOND})


def test_a_file_that_is_no_database_any_more_is_named(deployment: "Deployment") -> None:
    store = deployment.store_of(deployment.first)
    store.write_bytes(b"x" + store.read_bytes()[1:])
    report = report_on(deployment)
    assert (report.exit_code, only(report, Kind.UNREADABLE).holder) == (1, str(store))


def test_verification_works_beside_a_live_writer_and_leaves_nothing_behind(deployment: "Deployment") -> None:
    store = deployment.store_of(deployment.first)
    writer = sqlite3.connect(store, isolation_level=None)
    writer.execute("PRAGMA journal_mode=WAL")
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("DELETE FROM entry")
    assert report_on(deployment).exit_code == 0
    writer.execute("ROLLBACK")
    writer.close()
    before = sorted(path.name for path in deployment.folder.iterdir())
    assert report_on(deployment).exit_code == 0
    assert sorted(path.name for path in deployment.folder.iterdir()) == before


def test_a_log_cut_back_with_its_checkpoints_is_contradicted_by_what_another_agency_had_seen(
    tmp_path: Path, make: "MakeDeployment"
) -> None:
    deployment = make(tmp_path)
    first, second, _ = deployment.agencies
    second.record(1, deps=[[first.origin, 40]])
    second.sign()
    deployment.write_log(deployment.log)
    assert report_on(deployment).exit_code == 0
    deployment.change(deployment.log, "DELETE FROM log_entry WHERE origin=? AND position >= 27", first.origin)
    deployment.change(deployment.log, "DELETE FROM log_checkpoint WHERE origin=? AND size > 27", first.origin)
    report = report_on(deployment)
    missing = only(report, Kind.MISSING)
    assert (report.exit_code, missing.origin, missing.position) == (1, first.origin, 27)
    assert missing.contradicted_by == f"{second.origin} position 40"
