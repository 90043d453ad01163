"""What entries seal is there, or was erased on record; whatever else happened to it is found, in a store alone."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.audit.conftest import make_deployment
from tests.audit.vaults import ANNA, BORIS, Store, anna_and_boris, blob, name

from nrm_audit import sealed as sealing
from nrm_audit.copies import Blob
from nrm_audit.export import export
from nrm_audit.findings import Findings, Kind
from nrm_audit.report import VerifyReport
from nrm_audit.sealed import Sealed, VaultCheck
from nrm_audit.tables import open_tables
from nrm_audit.verify import verify
from nrm_kernel.clock import SystemClock


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """The store of the two people, in files."""
    one = anna_and_boris(make_deployment(tmp_path))
    one.write()
    return one


def test_what_is_there_and_what_was_erased_on_record_is_counted_and_is_no_alarm(store: Store) -> None:
    assert store.found() == (Sealed(present=2, erased=1), [], 0)
    assert "sealed: 2 present, 1 erased, 0 missing" in store.report().text()


GONE = {
    "the bytes": f"DELETE FROM vault_blob WHERE hash = '{name(blob(BORIS, 'identity'))}'",
    "their key": f"DELETE FROM vault_key WHERE person = '{BORIS}'",
}


@pytest.mark.parametrize("statement", GONE.values(), ids=GONE)
def test_what_is_gone_without_an_erasure_is_named_by_log_person_and_position(store: Store, statement: str) -> None:
    store.change(statement)
    sealed, [finding], exit_code = store.found()
    assert (sealed, exit_code) == (Sealed(present=1, erased=1, missing=1), 1)
    assert (finding.kind, finding.origin, finding.position) == (Kind.SEALED, store.agency.origin, 42)
    assert f"identity data sealed in person-{BORIS} are gone" in finding.text


def test_a_vault_that_was_taken_away_whole_is_missed(store: Store) -> None:
    store.change("DROP TABLE vault_blob")
    sealed, findings, exit_code = store.found()
    assert (sealed, len(findings), exit_code) == (Sealed(erased=1, missing=2), 2, 1)


def test_bytes_that_are_not_what_the_entry_commits_to_are_found(store: Store) -> None:
    store.change(f"UPDATE vault_blob SET blob = x'00' WHERE hash = '{name(blob(ANNA, 'identity'))}'")
    sealed, [finding], exit_code = store.found()
    assert (sealed, finding.position, exit_code) == (Sealed(present=2, erased=1), 40, 1)
    assert "not what the entry commits to" in finding.text


def test_what_was_erased_and_is_there_again_is_found(store: Store) -> None:
    again = blob(ANNA, "contact")
    store.change(f"INSERT INTO vault_blob VALUES ('{name(again)}', '{ANNA[:4]}-identity', x'{again.hex()}')")
    sealed, [finding], exit_code = store.found()
    assert (sealed, finding.position, exit_code) == (Sealed(present=3), 41, 1)
    assert "position 43 says that they were erased" in finding.text


def test_bytes_that_stayed_when_their_key_was_erased_are_found(store: Store) -> None:
    """An erasure deletes both: with the key of a backup what stayed could be read."""
    stayed = blob(ANNA, "contact")
    store.change(f"INSERT INTO vault_blob VALUES ('{name(stayed)}', 'no-such-key', x'{stayed.hex()}')")
    sealed, [finding], exit_code = store.found()
    assert (sealed, finding.position, exit_code) == (Sealed(present=2, erased=1), 41, 1)
    assert "are there still, without their key, though position 43 says" in finding.text


def test_what_is_sealed_off_the_record_is_found(store: Store) -> None:
    """Anna's contact, sealed once more when it was to be erased, under a hash that no entry names."""
    store.change(f"INSERT INTO vault_blob VALUES ('{'f' * 64}', '{ANNA[:4]}-identity', x'00')")
    sealed, [finding], exit_code = store.found()
    assert (sealed, finding.kind, exit_code) == (Sealed(present=2, erased=1), Kind.SEALED, 1)
    assert finding.text == "sealed pieces in its vault that no entry here commits to: 1"


def test_the_vault_of_another_store_lacks_everything_and_holds_what_nobody_sealed_here(store: Store) -> None:
    store.change("UPDATE vault_blob SET hash = 'f' || substr(hash, 2), blob = blob || x'00'")
    sealed, findings, exit_code = store.found()
    assert (sealed, exit_code) == (Sealed(erased=1, missing=2), 1)
    assert [finding.position for finding in findings] == [40, 42, None]
    assert "no entry here commits to: 2" in findings[-1].text


def spoilt(tmp_path: Path, with_what: bytes) -> tuple[Path, VerifyReport]:
    """A store of which the last pages, where the vault stands, are these bytes now."""
    one = Store(make_deployment(tmp_path))
    for number in range(60):
        one.seal(f"{number:04x}{0:028x}", "identity")
    one.write()
    whole = one.path.read_bytes()
    one.path.write_bytes(whole[: len(whole) - 3 * 4096] + with_what)
    return one.path, one.report()


def test_a_file_that_was_cut_off_in_its_vault_is_named(tmp_path: Path) -> None:
    path, report = spoilt(tmp_path, b"")
    told = {finding.holder for finding in report.findings.kept if finding.kind is Kind.UNREADABLE}
    assert (report.exit_code, told) == (1, {str(path)})


def test_where_the_vault_alone_is_spoilt_it_is_told_and_the_log_is_verified_all_the_same(tmp_path: Path) -> None:
    path, report = spoilt(tmp_path, bytes(3 * 4096))
    told = [finding.text for finding in report.findings.kept if finding.kind is Kind.UNREADABLE]
    assert report.exit_code == 1
    assert any("its vault cannot be read" in text for text in told), told
    assert next(copy.signed_size for copy in report.copies if copy.holder == str(path)) == 100


class _Counting:
    """A vault that notes how much is asked of it at a time."""

    def __init__(self) -> None:
        self.most = 0

    def bodies(self, positions: Sequence[int]) -> Sequence[bytes]:
        self.most = max(self.most, len(positions))
        commitment = '[{"class":"identity","h":"%d"}]'
        body = '{"position":%d,"stream":"s","data":{},"sealed":%s}'
        return [(body % (position, commitment % position)).encode() for position in positions]

    def blobs(self, names: Sequence[str]) -> Sequence[Blob]:
        self.most = max(self.most, len(names))
        return []

    def size(self) -> int:
        return 0


def test_however_much_is_sealed_little_of_it_is_in_memory_at_a_time(store: Store) -> None:
    holder = open_tables(store.path)
    assert holder is not None
    vault = _Counting()
    counted = VaultCheck(holder.copies[0], vault, Findings()).run(range(3 * sealing.BATCH + 1), [])
    holder.close()
    assert (counted, vault.most) == (Sealed(missing=3 * sealing.BATCH + 1), sealing.BATCH)


def test_it_comes_to_the_same_in_small_portions(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "BATCH", 1)
    assert store.found() == (Sealed(present=2, erased=1), [], 0)


def test_what_is_sealed_among_entries_that_are_not_whole_is_counted_too(store: Store) -> None:
    """A stretch with a damaged entry is gone through one by one."""
    store.change("UPDATE entry SET body = body || x'20' WHERE position = 5")
    sealed, findings, exit_code = store.found()
    assert (sealed, exit_code) == (Sealed(present=2, erased=1), 1)
    assert Kind.SEALED not in {finding.kind for finding in findings}


def test_an_erasure_covers_what_was_sealed_before_it_of_that_person_and_class_alone(tmp_path: Path) -> None:
    one, case = Store(make_deployment(tmp_path)), "case-shared"
    one.seal(ANNA, "identity", case)
    one.seal(BORIS, "identity", case)
    one.erase(ANNA, "identity", stream=case)
    one.write()
    assert one.found() == (Sealed(present=1, erased=1), [], 0)
    one.change("DELETE FROM vault_blob")
    sealed, [finding], exit_code = one.found()
    assert (sealed, finding.position, exit_code) == (Sealed(erased=1, missing=1), 41, 1)


def test_what_was_sealed_anew_after_an_erasure_is_not_covered_by_it(tmp_path: Path) -> None:
    one = Store(make_deployment(tmp_path))
    one.erase(ANNA, "identity")
    one.seal(ANNA, "identity")
    one.write()
    assert one.found() == (Sealed(present=1), [], 0)
    one.change("DELETE FROM vault_blob")
    assert one.found()[2] == 1


def test_logs_and_exported_copies_never_held_what_was_sealed_and_lack_nothing(store: Store, tmp_path: Path) -> None:
    trust, copy = store.deployment.trust, tmp_path / "for-the-court"
    export([store.path], trust, copy, SystemClock().now())
    alone = verify([copy], trust)
    assert {finding.kind for finding in alone.findings.kept} <= {Kind.MISSING}, "the other agencies' logs"
    assert {one.sealed for one in alone.copies} == {None}
    of_log = verify([store.deployment.log], trust)
    assert (of_log.exit_code, {one.sealed for one in of_log.copies}) == (0, {None})
