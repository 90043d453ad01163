"""The contract of views on a real PostgreSQL, and what several processes that share them may rely on."""

from collections.abc import AsyncIterator

import pytest

from nrm.servers.postgres import Place
from nrm_kernel.adapters.views_postgres import PostgresViews
from nrm_kernel.projecting import RebuiltStore
from nrm_kernel.testing.toy import VIEW
from nrm_kernel.testing.views_contract import ViewsContract


class TestPostgresViews(ViewsContract):
    """In a database of its own."""

    @pytest.fixture
    async def views(self, database: Place) -> AsyncIterator[RebuiltStore]:
        views = await PostgresViews.open(database.url, [VIEW])
        yield views
        await views.close()
