"""Views that another process keeps, as it shows them: read, and neither changed nor deleted."""

import asyncio
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Row, Select, create_engine, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from nrm_kernel.adapters.views_owner import generations
from nrm_kernel.adapters.views_tables import completeness_of, made_by, not_shown, view_version
from nrm_kernel.errors import Unavailable
from nrm_kernel.views import Completeness, View

BUSY_TIMEOUT_S = 10.0


class ShownViews:
    """One file of a folder of views. A rebuild that takes its place is not seen: open it again for every question."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    async def open(cls, folder: Path, views: Sequence[View]) -> "ShownViews":
        """Open what is shown there. Raises Unavailable where these views are not, or only of another release."""
        for path in generations(folder):
            shown = cls(_reading(path))
            if await shown._are(views):
                return shown
            await shown.close()
        raise not_shown(str(folder))

    async def rows(self, query: Select[Any]) -> Sequence[Row[Any]]:
        """See :meth:`nrm_kernel.views.ViewReader.rows`."""
        return await asyncio.to_thread(self._rows, query)

    async def completeness(self) -> Completeness:
        """See :meth:`nrm_kernel.views.ViewReader.completeness`."""
        return await completeness_of(self)

    async def close(self) -> None:
        """Let go of the file."""
        await asyncio.to_thread(self._engine.dispose)

    async def _are(self, views: Sequence[View]) -> bool:
        try:
            made = await self.rows(select(view_version.c.views))
            return [row.views for row in made] == [made_by(views, self._engine.dialect)]
        except Unavailable:
            return False

    def _rows(self, query: Select[Any]) -> Sequence[Row[Any]]:
        try:
            with self._engine.connect() as connection:
                return connection.execute(query).all()
        except (DBAPIError, sqlite3.Error) as fault:
            raise Unavailable(
                "VIEWS_UNAVAILABLE",
                "The views cannot be read now. Ask again after a while.",
                cause=type(fault).__name__,
            ) from fault


def _reading(path: Path) -> Engine:
    def connect() -> sqlite3.Connection:
        # Not mode=ro: without write access to the files beside it SQLite cannot read one that was just let go of.
        address = f"{path.absolute().as_uri()}?mode=rw"
        connection = sqlite3.connect(address, uri=True, check_same_thread=False, timeout=BUSY_TIMEOUT_S)
        connection.execute("PRAGMA query_only=ON")
        return connection

    return create_engine("sqlite://", creator=connect, poolclass=StaticPool)
