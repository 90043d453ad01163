"""The methods of IdentificationService: the commands, and queries that read and decide nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select

from nrm_contracts.identification.v1 import identification_pb2, queries_pb2
from nrm_contracts.record.v1 import receipt_pb2
from nrm_identification import views
from nrm_identification.commands import COMMANDS
from nrm_identification.domain.state.incident import INCIDENT
from nrm_identification.domain.state.person import PERSON
from nrm_identification.messages import deadline_message, incident_message, person_message, summary_message
from nrm_kernel.asked import day, on_list, reference
from nrm_kernel.identity import Caller
from nrm_kernel.service import Door, Lookup, Read
from nrm_kernel.views import ViewReader

LISTED = tuple(column for column in views.PERSON.columns if column is not views.PERSON.c.merged_into)
"""What lists show of a person."""


@dataclass(frozen=True)
class Queries:
    """Reads this agency's streams and lists. Every answer says how far it is complete, or which version it shows."""

    lookup: Lookup
    views: ViewReader

    async def get_person(self, request: queries_pb2.GetPersonRequest, _caller: Caller) -> queries_pb2.GetPersonResponse:
        """One person, as of now. Raises NotFound."""
        person, version = await self.lookup.state(PERSON, reference("person_ref", request.person_ref))
        incidents = [(one, await self.lookup.state(INCIDENT, one)) for one in person.incidents]
        return person_message(person, version, {one for one, (incident, _) in incidents if incident.voided is None})

    async def list_persons(
        self, request: queries_pb2.ListPersonsRequest, _caller: Caller
    ) -> queries_pb2.ListPersonsResponse:
        """Persons in order of their references."""
        table = views.PERSON
        region = on_list("region", "iso_3166_2", request.region)
        wanted = [
            column == value for column, value in ((table.c.phase, request.phase), (table.c.region, region)) if value
        ]
        wanted += [table.c.merged_into.is_(None), table.c.person_ref > request.page_token]
        query = select(*LISTED).where(*wanted).order_by(table.c.person_ref)
        rows, cursor = await self._page(query, request.page_size, "person_ref")
        return queries_pb2.ListPersonsResponse(
            persons=[summary_message(row._asdict()) for row in rows],
            next_page_token=cursor,
            complete_to=await self._complete_to(),
        )

    async def list_deadlines(
        self, request: queries_pb2.ListDeadlinesRequest, _caller: Caller
    ) -> queries_pb2.ListDeadlinesResponse:
        """Deadlines in order of person, kind and subject."""
        table = views.DEADLINE
        key = (table.c.person_ref, table.c.kind, table.c.about)
        wanted: list[ColumnElement[bool]] = [_after(key, request.page_token)] if request.page_token else []
        if due_by := day("due_by", request.due_by):
            wanted.append(table.c.due_on <= due_by)
        if kind := on_list("kind", "deadline_kind", request.kind):
            wanted.append(table.c.kind == kind)
        resting = select(views.PERSON.c.person_ref).where(views.PERSON.c.merged_into.is_not(None))
        query = select(table).where(table.c.person_ref.not_in(resting), *wanted).order_by(*key)
        rows, cursor = await self._page(query, request.page_size, *(column.name for column in key))
        return queries_pb2.ListDeadlinesResponse(
            deadlines=[deadline_message(row) for row in rows],
            next_page_token=cursor,
            complete_to=await self._complete_to(),
        )

    async def get_incident(
        self, request: queries_pb2.GetIncidentRequest, _caller: Caller
    ) -> queries_pb2.GetIncidentResponse:
        """One incident. Raises NotFound."""
        incident, version = await self.lookup.state(INCIDENT, reference("incident_id", request.incident_id))
        parts = await self.views.rows(
            select(views.PART)
            .where(views.PART.c.incident_id == request.incident_id)
            .order_by(views.PART.c.person_ref, views.PART.c.role)
        )
        response = incident_message(incident, version)
        response.persons.extend(queries_pb2.PersonPart(person_ref=row.person_ref, role=row.role) for row in parts)
        response.complete_to.extend(await self._complete_to())
        return response

    async def _page(self, query: Select[Any], size: int, *key: str) -> tuple[Sequence[Row[Any]], str]:
        """The rows of one page, and the key of its last one if there are more."""
        rows = await self.views.rows(query.limit(size + 1))
        if len(rows) <= size:
            return rows, ""
        last = rows[size - 1]._mapping
        return rows[:size], " ".join(last[name] for name in key)

    async def _complete_to(self) -> list[receipt_pb2.Completeness]:
        completeness = await self.views.completeness()
        return [
            receipt_pb2.Completeness(origin=origin, size=size, recorded_at=completeness.recorded_at.get(origin, ""))
            for origin, size in sorted(completeness.sizes.items())
        ]


def door(lookup: Lookup, reader: ViewReader) -> Door:
    """The service's one door."""
    queries = Queries(lookup, reader)
    reads = (
        Read("GetPerson", queries.get_person),
        Read("ListPersons", queries.list_persons),
        Read("ListDeadlines", queries.list_deadlines),
        Read("GetIncident", queries.get_incident),
    )
    return Door(identification_pb2.DESCRIPTOR.services_by_name["IdentificationService"], (*COMMANDS, *reads))


def _after(key: Sequence[ColumnElement[str]], cursor: str) -> ColumnElement[bool]:
    """Rows behind the cursor, in the order of the key."""
    values = cursor.split(" ")
    return or_(
        *(
            and_(*(column == value for column, value in zip(key[:nth], values, strict=False)), key[nth] > values[nth])
            for nth in range(len(key))
        )
    )
