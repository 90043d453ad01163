"""`nrm admin migrate`: the tables of every agency of a configuration, brought to this release by their owner.

The role that runs a service never owns its tables: it may add entries, and neither change nor remove one.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote, unquote, urlencode, urlsplit, urlunsplit

from sqlalchemy import Connection, text

from nrm import certs
from nrm.config_distributed import ClientSection, DistributedAgency, DistributedConfig, password_in
from nrm.fitness import is_for_trying_out, require_fit
from nrm.neighbours import hide_activity
from nrm_kernel.adapters import store_tables, vault_sql, views_postgres
from nrm_kernel.adapters.migrating import migrate_postgres, revisions
from nrm_kernel.adapters.postgres_access import PostgresAccess
from nrm_kernel.adapters.postgres_faults import for_the_operator
from nrm_kernel.clock import SystemClock
from nrm_kernel.errors import Unavailable

OWNER = "administrator"
KEPT = (store_tables.metadata, vault_sql.metadata, views_postgres.metadata)
"""The kinds of tables of an agency's database, which its owner migrates."""


@dataclass(frozen=True)
class Owner:
    """The role that owns the tables, and how it gets in: by its certificate, a password in a file, or both."""

    role: str = OWNER
    client: ClientSection | None = None
    password: Path | None = None

    def url(self, store: str) -> str:
        """The same database as this role reaches it. Raises OSError when the password's file cannot be read."""
        parts = urlsplit(store)
        user = quote(self.role, safe="")
        if self.password is not None:
            user += f":{password_in(self.password)}"
        options = [parts.query, urlencode(self.client.url_options()) if self.client else ""]
        netloc = f"{user}@{parts.netloc.rpartition('@')[2]}"
        return urlunsplit(parts._replace(netloc=netloc, query="&".join(filter(None, options))))


def migrate(config: DistributedConfig, owner: Owner, readers: Sequence[str] = ()) -> Mapping[str, Mapping[str, str]]:
    """Migrate every agency's database; gives the revision of each kind of tables by agency.

    The roles ``readers`` may read the views there, and nothing else: auditors. Raises DatabaseUnfit, NewerRelease,
    CertificateEnded, CertificateNotYet, CertificateUnreadable, Unavailable, and OSError.
    """

    if owner.client is not None:
        certs.require_live([owner.client.certificate], SystemClock().now())

    async def every() -> Mapping[str, Mapping[str, str]]:
        trying_out = is_for_trying_out(config)
        return {
            one.origin: await _migrated(one, owner.url(one.store), readers, trying_out=trying_out)
            for one in config.agency
        }

    return asyncio.run(every())


async def _migrated(
    agency: DistributedAgency, owner_url: str, readers: Sequence[str], *, trying_out: bool
) -> Mapping[str, str]:
    try:
        await require_fit(owner_url, trying_out=trying_out)
        revisions = await migrate_postgres(owner_url, role_of(agency), *KEPT)
    except Unavailable as away:
        cause = for_the_operator(away)
        text = f"The database of {agency.origin} at {agency.store_address} was not migrated ({cause}). {away.text}"
        raise Unavailable(away.reason, text, cause=away.facts.get("cause", "")) from away
    access = PostgresAccess(owner_url)
    try:
        await access.change(hide_activity)
        for reader in readers:
            await access.change(partial(_show_to, reader, role_of(agency)))
    finally:
        await access.close()
    return revisions


def _show_to(reader: str, role: str, connection: Connection) -> None:
    """That reader may read the views: those which are there, and those which that role makes later."""
    quote_name = connection.dialect.identifier_preparer.quote
    to, maker = quote_name(reader), quote_name(role)
    database = quote_name(str(connection.scalar(text("SELECT current_database()"))))
    schemas = connection.scalars(text("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'views\\_%'")).all()
    for granted in (
        f"CONNECT ON DATABASE {database}",
        "USAGE ON SCHEMA public",
        f"SELECT ON {views_postgres.view_generation.name}",
        *(f"USAGE ON SCHEMA {name}" for name in schemas),
        *(f"SELECT ON ALL TABLES IN SCHEMA {name}" for name in schemas),
    ):
        connection.execute(text(f"GRANT {granted} TO {to}"))
    for granted in ("USAGE ON SCHEMAS", "SELECT ON TABLES"):
        connection.execute(text(f"ALTER DEFAULT PRIVILEGES FOR ROLE {maker} GRANT {granted} TO {to}"))


def role_of(agency: DistributedAgency) -> str:
    """The role that runs an agency's service."""
    return unquote(urlsplit(agency.store).username or "")


def needed() -> Mapping[str, str]:
    """The revision of each kind of tables that this release needs."""
    return {str(metadata.info["kind"]): revisions(metadata)[-1] for metadata in KEPT}
