"""The coordinator's answers are the same whatever database its views are kept in."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import Connection, Row, Select, text
from tests.coordinator.histories import histories
from tests.coordinator.logs import Logs, Office, Tables, plain
from tests.coordinator.test_answers_of_any_history import everything

from nrm.servers.postgres import Place
from nrm_contracts.coordinator.v1 import coordinator_pb2 as pb
from nrm_coordinator.facts import NATIONAL
from nrm_kernel.adapters.views_postgres import PostgresViews
from nrm_kernel.errors import NrmError
from nrm_kernel.ledger.merkle import Frontier
from nrm_kernel.projecting import Stretch
from nrm_kernel.views import Completeness

MOMENTS = ("", "2026-03-15")
QUESTIONS = [
    name.removesuffix("Request")
    for name in pb.DESCRIPTOR.message_types_by_name
    if name.endswith("Request") and name.startswith(("Get", "List"))
]


class Elsewhere(Tables):
    """The coordinator's tables, kept on PostgreSQL."""

    def __init__(self, views: PostgresViews) -> None:
        super().__init__()
        self._views = views

    async def filled(self, logs: Logs) -> "Elsewhere":
        """With these logs and nothing else."""
        number = self._views._number
        names = ", ".join([f"views_{number:04}.{name}" for name in ("view_cursor", *NATIONAL.metadata.tables)])

        def emptied(connection: Connection) -> None:
            connection.execute(text(f"TRUNCATE {names}"))

        await self._views._access.change(emptied)
        for origin, log in logs.of.items():
            frontier = Frontier().extend([entry.leaf for entry in log])
            changes = [change for entry in log for change in NATIONAL.apply(entry)]
            await self._views.apply(changes, Stretch(origin, 0, log, frontier))
        return self

    async def rows(self, query: Select[Any]) -> Sequence[Row[Any]]:
        return await self._views.rows(query)

    async def completeness(self) -> Completeness:
        return await self._views.completeness()


@pytest.fixture
async def elsewhere(database: Place) -> AsyncIterator[Elsewhere]:
    views = await PostgresViews.open(database.url, [NATIONAL])
    elsewhere = Elsewhere(views)
    yield elsewhere
    elsewhere.close()
    await views.close()


async def answered(office: Office, question: str) -> object:
    """The answer to a question that says nothing more, or the reason why there is none."""
    request = getattr(pb, f"{question}Request")()
    if "page_size" in request.DESCRIPTOR.fields_by_name:
        request.page_size = 200
    try:
        return plain(await office.ask(request))
    except NrmError as refusal:
        return refusal.reason


@pytest.mark.slow
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(logs=histories())
async def test_any_history_gives_the_same_answers_on_both_databases(logs: Logs, elsewhere: Elsewhere) -> None:
    here, there = Office.over(logs), Office(await elsewhere.filled(logs))
    for as_of in MOMENTS:
        assert await everything(there, as_of) == await everything(here, as_of)
    for question in QUESTIONS:
        assert await answered(there, question) == await answered(here, question), question
    here.tables.close()
