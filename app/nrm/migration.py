"""`nrm admin migrate`: the tables of every agency of a configuration, brought to this release by their owner.

The role that runs a service never owns its tables: it may add entries, and neither change nor remove one.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlencode, urlsplit, urlunsplit

from nrm.config_distributed import ClientSection, DistributedAgency, DistributedConfig
from nrm.distributed import KEPT
from nrm_kernel.adapters.migrating import migrate_postgres, revisions

OWNER = "administrator"


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
            user += f":{quote(self.password.read_text('utf-8').strip(), safe='')}"
        options = [parts.query, urlencode(self.client.url_options()) if self.client else ""]
        netloc = f"{user}@{parts.netloc.rpartition('@')[2]}"
        return urlunsplit(parts._replace(netloc=netloc, query="&".join(filter(None, options))))


def migrate(config: DistributedConfig, owner: Owner) -> Mapping[str, Mapping[str, str]]:
    """Migrate every agency's database; gives the revision of each kind of tables by agency.

    Raises NewerRelease, Unavailable, and OSError.
    """

    async def every() -> Mapping[str, Mapping[str, str]]:
        return {one.origin: await migrate_postgres(owner.url(one.store), role_of(one), *KEPT) for one in config.agency}

    return asyncio.run(every())


def role_of(agency: DistributedAgency) -> str:
    """The role that runs an agency's service."""
    return unquote(urlsplit(agency.store).username or "")


def needed() -> Mapping[str, str]:
    """The revision of each kind of tables that this release needs."""
    return {str(metadata.info["kind"]): revisions(metadata)[-1] for metadata in KEPT}
