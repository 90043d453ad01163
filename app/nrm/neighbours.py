"""Agencies that share a PostgreSQL server: into whose databases a role gets, and what it sees of the others.

Names of databases and roles, and counters of the whole server, PostgreSQL shows to everybody who gets in; who may not
see even that is given a server of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import asyncpg
from sqlalchemy import Connection, text

SHARED: Final = ("postgres", "template1")
"""Databases that every server has, and that everybody gets into until it is taken away."""
EVERYBODY: Final = "PUBLIC"
CLOSED: Final = f"REVOKE ALL ON DATABASE {', '.join(SHARED)} FROM {EVERYBODY}"
_OPEN = """
    SELECT quote_ident(datname) AS name, to_everybody
    FROM pg_database CROSS JOIN LATERAL (
        SELECT count(*) > 0 AS to_everybody FROM aclexplode(coalesce(datacl, acldefault('d', datdba)))
        WHERE grantee = 0 AND privilege_type = 'CONNECT'
    ) AS granted
    WHERE datallowconn AND datname <> current_database() AND has_database_privilege(oid, 'CONNECT')
    ORDER BY datname
"""
_UNSEEN = """
    DO $$
    DECLARE shows regprocedure;
    BEGIN
        PERFORM pg_advisory_xact_lock(x'4E524D'::bigint);
        FOR shows IN
            SELECT oid FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace
                AND proname ~ '^pg_(stat_get_(activity|backend|db|progress)|lock_status)'
                AND has_function_privilege('public', oid, 'EXECUTE') AND current_setting('is_superuser')::bool
        LOOP
            EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', shows);
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO pg_monitor', shows);
        END LOOP;
    END $$
"""


@dataclass(frozen=True, slots=True)
class Open:
    """Databases besides its own that a role gets into: as everybody does, or because it was let in by name."""

    names: Sequence[str]
    granted_to: str

    @property
    def is_to_everybody(self) -> bool:
        """Whether nobody was let in by name."""
        return self.granted_to == EVERYBODY

    @property
    def is_shared(self) -> bool:
        """Whether they are every server's own and no agency's."""
        return set(self.names) <= {*SHARED}

    @property
    def action(self) -> str:
        """What closes them."""
        return f"As the server's owner: REVOKE ALL ON DATABASE {', '.join(self.names)} FROM {self.granted_to};"


async def open_to(connection: asyncpg.Connection) -> Sequence[Open]:
    """What the role of this connection gets into besides this database."""
    role = str(await connection.fetchval("SELECT quote_ident(current_user)"))
    rows = await connection.fetch(_OPEN)
    found = {
        granted_to: [str(row["name"]) for row in rows if row["to_everybody"] is everybody]
        for granted_to, everybody in ((role, False), (EVERYBODY, True))
    }
    return [Open(names, granted_to) for granted_to, names in found.items() if names]


def hide_activity(connection: Connection) -> None:
    """Who is connected and how much each database is used, in this one, from all but monitors (``pg_monitor``).

    Only a superuser can; from an owner who is none nothing is asked.
    """
    connection.execute(text(_UNSEEN))
