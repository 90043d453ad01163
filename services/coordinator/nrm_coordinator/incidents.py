"""Incidents that were recorded in error: what was recorded with one still shows, and says so.

An agency knows an incident by a reference of its own or one shared with who told of it, and says of that one alone
that it is void. So a step shows what its own agency knew.
"""

from collections.abc import Collection, Mapping

from sqlalchemy import func, select

from nrm_contracts.identification import events as identification
from nrm_contracts.prosecution import events as prosecution
from nrm_coordinator import tables as t
from nrm_coordinator.making import Builds, Given
from nrm_coordinator.moment import AsOf
from nrm_kernel.views import Add, ViewReader

Known = tuple[str, str]
"""An agency, and the reference by which it knows an incident."""


async def voided_incidents(reader: ViewReader, incident_ids: Collection[str], as_of: AsOf) -> Mapping[Known, str]:
    """Which of these are void, by the agency that has it on record, each with the day of it."""
    if not incident_ids:
        return {}
    c = t.voided_incident.c
    rows = await reader.rows(
        select(c.origin, c.incident_id, func.min(c.voided_on).label("day"))
        .where(c.incident_id.in_(incident_ids), c.recorded_at <= as_of.moment)
        .group_by(c.origin, c.incident_id)
    )
    return {(row.origin, row.incident_id): row.day for row in rows}


def _voided(given: Given) -> tuple[Add]:
    cells = {"incident_id": given.data["incident_id"], "voided_on": given.data["voided_on"]}
    return (given.adds(t.voided_incident, cells),)


FACTS: Builds = {identification.IncidentVoided: _voided, prosecution.IncidentVoidingNoted: _voided}
