"""The contract of views on every adapter."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from nrm_kernel.adapters.views_sql import SqlViews
from nrm_kernel.projecting import RebuiltStore
from nrm_kernel.testing.toy import VIEW
from nrm_kernel.testing.views_contract import ViewsContract


class TestSqlViews(ViewsContract):
    """In a SQLite file."""

    @pytest.fixture
    async def views(self, tmp_path: Path) -> AsyncIterator[RebuiltStore]:
        views = await SqlViews.open(tmp_path, [VIEW])
        yield views
        await views.close()
