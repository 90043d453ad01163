"""A pathway is read by keys and indexes alone, so that it costs the same however long the logs are."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import Row, Select, text
from tests.coordinator.logs import FixedClock, Logs, Office, Tables, ref
from tests.coordinator.test_golden_cases import fishing_boat, twice_detected
from tests.coordinator.test_golden_pathways import ceiling_hit_in_december, charged_then_dropped

from nrm_coordinator import tables as t
from nrm_coordinator.moment import AsOf
from nrm_coordinator.pathway import pathway
from nrm_kernel.views import Completeness


class Explaining:
    """Reads, and keeps the plan of each query."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self.plans: list[str] = []

    async def rows(self, query: Select[Any]) -> Sequence[Row[Any]]:
        connection = self._tables.connection
        written = query.compile(connection, compile_kwargs={"literal_binds": True})
        plan = connection.execute(text(f"EXPLAIN QUERY PLAN {written}"))
        self.plans += [str(row.detail) for row in plan]
        return await self._tables.rows(query)

    async def completeness(self) -> Completeness:
        return await self._tables.completeness()


NOW = AsOf.parse("", FixedClock().now())


def scans(plans: Sequence[str]) -> list[str]:
    """Steps of plans that read a whole table or index; what a step before has found is read whole, of course."""
    return [plan for plan in plans if plan.startswith("SCAN") and not plan.startswith(("SCAN (", "SCAN CONSTANT ROW"))]


@pytest.mark.parametrize(
    ("logs", "person"),
    [
        (fishing_boat(), ref(105)),
        (twice_detected(), ref(10)),
        (ceiling_hit_in_december(), ref(1)),
        (charged_then_dropped(), ref(2)),
    ],
    ids=["boat", "merged", "money", "charged"],
)
async def test_a_pathway_reads_no_table_from_end_to_end(logs: Logs, person: str) -> None:
    reader = Explaining(Office.over(logs).tables)
    await pathway(reader, person, NOW)
    assert len(reader.plans) > len(t.metadata.tables)
    assert scans(reader.plans) == []


async def test_the_check_sees_a_scan() -> None:
    reader = Explaining(Office.over(fishing_boat()).tables)
    await reader.rows(t.step.select().where(t.step.c.kind == "identification.PersonDetected"))
    assert scans(reader.plans) == ["SCAN step"]
