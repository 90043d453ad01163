"""Whether a PostgreSQL that somebody named is fit for an agency's store: what is relied on is looked at."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import asyncpg

from nrm.config import DEMO, Config
from nrm.servers.postgres import VERSION_MIN
from nrm_kernel.adapters.postgres_access import closed, connected
from nrm_kernel.adapters.postgres_faults import told
from nrm_kernel.errors import NrmError

MADE_SO: Final = "CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
DURABLE: Final = ("fsync", "full_page_writes")
"""Without them an acknowledged entry may be lost, or torn, by a power cut. How long a commit waits for the disk
(synchronous_commit) every connection that writes entries sets for itself."""
_WORDS: Final = ["b", "B", "ä", "-a", "a", "Z", "_", "a-b", "ab"]


class DatabaseUnfit(NrmError):
    """The database lacks what a store relies on. Nothing was made there, and nothing was started."""


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that is otherwise than it must be, and what to do about it."""

    reason: str
    text: str
    action: str

    @property
    def tolerable(self) -> bool:
        """Whether things may be tried out all the same."""
        return self.reason == "DATABASE_NOT_DURABLE"


def is_for_trying_out(config: Config) -> bool:
    """Whether nothing real is kept there."""
    return config.development or config.deployment == DEMO


async def require_fit(url: str, *, trying_out: bool) -> None:
    """Raises DatabaseUnfit for the first lack, and Unavailable when the database cannot be asked."""
    with told():
        connection = await connected(url, {})
        try:
            lacks = await looked_at(connection)
        finally:
            await closed(connection)
    for lack in lacks:
        if not (trying_out and lack.tolerable):
            database = urlsplit(url).path.strip("/")
            text = f"The database {database}: {lack.text}. Nothing was changed or started. {lack.action}"
            raise DatabaseUnfit(lack.reason, text)


async def looked_at(connection: asyncpg.Connection) -> Sequence[Lack]:
    """Everything that this database lacks."""
    encoding, collation = await connection.fetchrow(
        "SELECT pg_encoding_to_char(encoding), datcollate FROM pg_database WHERE datname = current_database()"
    )
    ordered = await connection.fetchval("SELECT array_agg(x ORDER BY x) FROM unnest($1::text[]) AS x", _WORDS)
    settings = {name: await connection.fetchval("SELECT current_setting($1)", name) for name in DURABLE}
    version = connection.get_server_version()
    return list(_lacks(version.major, encoding, collation, ordered, settings))


def _lacks(
    version: int, encoding: str, collation: str, ordered: Sequence[str], settings: dict[str, str]
) -> Iterator[Lack]:
    if version < VERSION_MIN:
        yield Lack("POSTGRES_TOO_OLD", f"its server is version {version}, older than {VERSION_MIN}", "Upgrade it.")
    if encoding != "UTF8":
        again = f"Make it anew: {MADE_SO}."
        yield Lack("DATABASE_NOT_UTF8", f"its encoding is {encoding}, not UTF8", again)
    elif list(ordered) != sorted(_WORDS, key=str.encode):
        text = f"it sorts text by the rules of a language (LC_COLLATE {collation}, or ICU), not by bytes, so lists and "
        yield Lack(
            "DATABASE_SORTS_OTHERWISE", f"{text}pages would differ between machines", f"Make it anew: {MADE_SO}."
        )
    for name, value in settings.items():
        if value != "on":
            text = f"its server runs with {name} = {value}: what was acknowledged may be gone after a power cut"
            yield Lack("DATABASE_NOT_DURABLE", text, f"Set {name} = on in postgresql.conf.")
