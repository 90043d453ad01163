"""`nrm audit verify` over an agency's store on a real PostgreSQL: its log, and what it sealed against its vault."""

import asyncio
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
from tests.audit.conftest import make_deployment
from tests.audit.vaults import ANNA, BORIS, Store, anna_and_boris, blob, name

from nrm.servers.postgres import Place, PostgresServer
from nrm_audit.findings import Finding, Kind
from nrm_audit.report import VerifyReport
from nrm_audit.sealed import Sealed
from nrm_audit.stores_postgres import StoreDatabase
from nrm_audit.verify import verify
from nrm_kernel.ledger.merkle import Frontier, leaf_hash

NOWHERE = "postgresql://somebody:secret@127.0.0.1:1/nowhere"


@dataclass(frozen=True)
class Installation:
    """The store of the two people in a database, beside the shared log of the whole deployment in its file."""

    store: Store
    place: Place

    def report(self, url: str = "", origin: str = "") -> VerifyReport:
        """The verification, as who runs the service unless said otherwise."""
        database = StoreDatabase(origin or self.store.agency.origin, url or self.place.url)
        return verify([self.store.deployment.log], self.store.deployment.trust, databases=[database])

    def found(self) -> tuple[Sealed | None, list[Finding], int]:
        """What it says of the vault, all that it finds, and its exit code."""
        report = self.report()
        [sealed] = [copy.sealed for copy in report.copies if copy.holder.startswith("postgresql")]
        return sealed, report.findings.kept, report.exit_code

    def change(self, *statements: str) -> None:
        """Tamper, as the owner can."""
        asyncio.run(executed(self.place.owner_url, *statements))


async def executed(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def filled(place: Place, store: Store) -> None:
    """The rows that the agency's service would have written."""
    agency = store.agency
    frontier = Frontier().extend([leaf_hash(body) for body in agency.bodies])
    connection = await asyncpg.connect(place.owner_url)
    await connection.execute("INSERT INTO origin_id VALUES ($1)", agency.origin)
    await connection.execute("INSERT INTO head VALUES (1, $1)", frontier.to_bytes())
    await connection.execute("INSERT INTO cursor VALUES ('relay', $1, $2)", frontier.size, frontier.to_bytes())
    await connection.executemany("INSERT INTO entry VALUES ($1, $2, $3, $4, $5)", agency.entries())
    await connection.executemany("INSERT INTO checkpoint VALUES ($1, $2)", agency.notes)
    await connection.executemany("INSERT INTO vault_key VALUES ($1, $2, $3, $4, $5)", store.keys())
    await connection.executemany("INSERT INTO vault_blob VALUES ($1, $2, $3)", store.blobs())
    await connection.close()


@pytest.fixture
def installation(tmp_path: Path, database: Place) -> Installation:
    store = anna_and_boris(make_deployment(tmp_path))
    store.agency.sign()
    store.deployment.write()
    asyncio.run(filled(database, store))
    return Installation(store, database)


def test_its_log_and_its_vault_are_verified_as_in_a_file(installation: Installation) -> None:
    assert installation.found() == (Sealed(present=2, erased=1), [], 0)
    report = installation.report()
    [copy] = [copy for copy in report.copies if copy.holder.startswith("postgresql")]
    assert (copy.entries, copy.signed_size) == (44, 44)
    assert str(urlsplit(installation.place.url).password) not in report.text()


TAMPERED = {
    "a piece gone": (f"DELETE FROM vault_blob WHERE hash = '{name(blob(BORIS, 'identity'))}'", 42, "are gone, and no"),
    "a key gone": (f"DELETE FROM vault_key WHERE person = '{BORIS}'", 42, "are gone, for their key is, and no"),
    "a piece altered": (
        f"UPDATE vault_blob SET blob = blob || 'x' WHERE hash = '{name(blob(ANNA, 'identity'))}'",
        40,
        "are not what the entry commits to",
    ),
    "what was erased": (
        f"INSERT INTO vault_blob SELECT '{name(blob(ANNA, 'contact'))}', dek_id, '' FROM vault_key LIMIT 1",
        41,
        "position 43 says that they were erased",
    ),
    "what nobody sealed": ("INSERT INTO vault_blob VALUES ('f', 'none', '')", None, "no entry here commits to: 1"),
}


@pytest.mark.parametrize(("statement", "position", "text"), TAMPERED.values(), ids=TAMPERED)
def test_a_vault_that_was_tampered_with_is_found_out(
    installation: Installation, statement: str, position: int | None, text: str
) -> None:
    installation.change(statement)
    _, [finding], exit_code = installation.found()
    assert (finding.kind, finding.position, exit_code) == (Kind.SEALED, position, 1)
    assert text in finding.text


def test_a_vault_whose_tables_were_dropped_is_missed(installation: Installation) -> None:
    installation.change("DROP TABLE vault_blob")
    sealed, findings, exit_code = installation.found()
    assert (sealed, len(findings), exit_code) == (Sealed(erased=1, missing=2), 2, 1)


def test_an_entry_altered_by_who_owns_the_tables_is_found_and_so_is_a_log_cut_off(installation: Installation) -> None:
    installation.change("ALTER TABLE entry DISABLE TRIGGER ALL", "UPDATE entry SET body = 'x' WHERE position = 7")
    assert {(one.kind, one.position) for one in installation.found()[1]} == {(Kind.LEAF, 7)}
    installation.change("DELETE FROM entry WHERE position > 30")
    assert Kind.MISSING in {one.kind for one in installation.found()[1]}


@pytest.mark.parametrize("statement", ["DELETE FROM origin_id", "DROP TABLE entry"])
def test_a_store_that_is_gone_is_missed(installation: Installation, statement: str) -> None:
    installation.change(statement)
    report = installation.report()
    [finding] = report.findings.kept
    assert (finding.kind, finding.position, report.exit_code) == (Kind.MISSING, 0, 1)
    assert finding.contradicted_by == str(installation.store.deployment.log)


def test_the_store_of_another_agency_is_found(installation: Installation) -> None:
    other = installation.store.deployment.agencies[1].origin
    report = installation.report(origin=other)
    [finding] = report.findings.kept
    assert (finding.kind, finding.origin, report.exit_code) == (Kind.UNREADABLE, other, 1)
    assert f"holds that of {installation.store.agency.origin}" in finding.text


def test_a_role_without_the_right_is_told_what_it_lacks_and_with_it_reads_everything(
    installation: Installation, postgres_server: PostgresServer
) -> None:
    reader = f"{installation.place.name}_reads"
    asyncio.run(executed(postgres_server.admin_url, f"CREATE ROLE {reader} LOGIN PASSWORD 'secret'"))
    try:
        own = urlsplit(installation.place.url)
        url = urlunsplit(own._replace(netloc=f"{reader}:secret@{own.netloc.rpartition('@')[2]}"))
        report = installation.report(url)
        [finding] = report.findings.kept
        assert (finding.kind, finding.certain, report.exit_code) == (Kind.UNREADABLE, False, 2)
        assert "permission denied" in finding.text
        allowed = re.findall(r"GRANT [^;]+", finding.text)
        installation.change(*allowed)
        assert installation.report(url).exit_code == 0
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            asyncio.run(executed(url, "SELECT wrapped FROM vault_key"))
        lost = installation.report(urlunsplit(urlsplit(url)._replace(path="/nowhere")))
        assert (lost.exit_code, '"nowhere" does not exist' in lost.text()) == (2, True)
    finally:
        installation.change(f"DROP OWNED BY {reader}")
        asyncio.run(executed(postgres_server.admin_url, f"DROP ROLE {reader}"))


def test_a_database_that_is_away_leaves_the_answer_open_and_the_others_are_verified(tmp_path: Path) -> None:
    deployment = make_deployment(tmp_path)
    deployment.write()
    away = StoreDatabase(deployment.first.origin, NOWHERE)
    report = verify([deployment.log], deployment.trust, databases=[away])
    [finding] = report.findings.kept
    assert (report.exit_code, len(report.copies)) == (2, 3)
    assert finding.holder == "postgresql 127.0.0.1:1/nowhere"
    assert "cannot be reached" in finding.text
    assert "secret" not in report.text()
