"""An agency's store with people in its vault, as rows: for a file, or for a database."""

import sqlite3
from hashlib import sha256

from tests.audit.conftest import Deployment

from nrm_audit.findings import Finding
from nrm_audit.report import VerifyReport
from nrm_audit.sealed import Sealed
from nrm_audit.verify import verify
from nrm_kernel.entry import Json

ANNA, BORIS = "a" * 32, "b" * 32
VAULT_SCHEMA = """
CREATE TABLE vault_key (dek_id TEXT PRIMARY KEY, person TEXT, class TEXT, wrapped_by TEXT, wrapped BLOB);
CREATE TABLE vault_blob (hash TEXT PRIMARY KEY, dek_id TEXT, blob BLOB);
"""


def blob(person: str, data_class: str) -> bytes:
    """Sealed bytes, which nobody opens here."""
    return f"sealed {person} {data_class}".encode()


def name(sealed: bytes) -> str:
    """What an entry commits to."""
    return sha256(b"nrm-sealed/v1" + sealed).hexdigest()


class Store:
    """An agency's store with people in its vault, on disk, next to the other agencies' files."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment
        self.agency = deployment.first
        self.path = deployment.store_of(self.agency)
        self.rows: list[tuple[str, str, bytes]] = []

    def seal(self, person: str, data_class: str, stream: str = "") -> int:
        """An entry about the person that commits to bytes in the vault."""
        sealed = blob(person, data_class)
        commitment: Json = {"class": data_class, "h": name(sealed), "kc": "0" * 64, "dek": "1" * 32, "len": len(sealed)}
        self.rows.append((person, data_class, sealed))
        more: dict[str, Json] = {"sealed": [commitment]}
        place = stream or f"person-{person}"
        return self.agency.write(place, "assistance.PersonRegistered", {"person_ref": person}, more)

    def erase(self, person: str, *data_classes: str, stream: str = "") -> None:
        """Erased on record, and from the vault."""
        data: dict[str, Json] = {"person_ref": person, "data_classes": list(data_classes), "ground": "court_order"}
        self.agency.write(stream or f"person-{person}", "record.PersonalDataErased", data)
        self.rows = [row for row in self.rows if row[0] != person or row[1] not in data_classes]

    def keys(self) -> list[tuple[str, str, str, str, bytes]]:
        """The rows of the vault's keys."""
        return [(_key(person, data_class), person, data_class, "", b"") for person, data_class, _ in self.rows]

    def blobs(self) -> list[tuple[str, str, bytes]]:
        """The rows of what they seal."""
        return [(name(sealed), _key(person, data_class), sealed) for person, data_class, sealed in self.rows]

    def write(self) -> None:
        """All files, with what the vault holds now."""
        self.agency.sign()
        self.deployment.write()
        with sqlite3.connect(self.path) as connection:
            connection.executescript(VAULT_SCHEMA)
            connection.executemany("INSERT INTO vault_key VALUES (?, ?, ?, ?, ?)", self.keys())
            connection.executemany("INSERT INTO vault_blob VALUES (?, ?, ?)", self.blobs())
        connection.close()

    def change(self, statement: str) -> None:
        """Tamper with the vault."""
        self.deployment.change(self.path, statement)

    def found(self) -> tuple[Sealed | None, list[Finding], int]:
        """What the verification says of this store's vault, all that it finds, and its exit code."""
        report = self.report()
        [sealed] = [copy.sealed for copy in report.copies if copy.holder == str(self.path)]
        return sealed, report.findings.kept, report.exit_code

    def report(self) -> VerifyReport:
        return verify([self.deployment.folder], self.deployment.trust)


def anna_and_boris(deployment: Deployment) -> Store:
    """Anna's identity and contact are sealed and the contact erased; Boris's identity is sealed. Nothing is written."""
    one = Store(deployment)
    one.seal(ANNA, "identity")
    one.seal(ANNA, "contact")
    one.seal(BORIS, "identity")
    one.erase(ANNA, "contact")
    return one


def _key(person: str, data_class: str) -> str:
    return f"{person[:4]}-{data_class}"
