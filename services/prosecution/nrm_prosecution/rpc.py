"""The gRPC door: the table of commands, and the queries. It decides nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Column, ColumnElement, Row, Select, func, select

from nrm_contracts.prosecution.v1 import prosecution_pb2, queries_pb2
from nrm_kernel.asked import on_list, reference
from nrm_kernel.identity import Caller
from nrm_kernel.service import Door, Lookup, Read
from nrm_kernel.views import ViewReader
from nrm_prosecution import rpc_messages as shown
from nrm_prosecution.domain.case import CASES
from nrm_prosecution.domain.incident import INCIDENTS, Incident
from nrm_prosecution.domain.victim import VICTIMS
from nrm_prosecution.rpc_commands import COMMANDS
from nrm_prosecution.views import CRIMINAL_CASE, DEFENDANT, VICTIM, VICTIM_IN_CASE


class Paged(Protocol):
    """A request for one page; ``page_token`` is the last key of the page before."""

    page_size: int
    page_token: str


@dataclass(frozen=True)
class Queries:
    """What this agency's officers may ask: one case or person from the log itself, many from the lists."""

    lookup: Lookup
    views: ViewReader

    async def get_criminal_case(
        self, request: queries_pb2.GetCriminalCaseRequest, _caller: Caller
    ) -> queries_pb2.GetCriminalCaseResponse:
        """Raises NotFound."""
        found, version = await self.lookup.state(CASES, reference("criminal_case_id", request.criminal_case_id))
        case = found.known()
        incidents = await self._incidents(sorted(case.incident_ids))
        return queries_pb2.GetCriminalCaseResponse(
            criminal_case=shown.case_in_short(case),
            defendants=shown.defendants(case),
            assets=shown.assets(case),
            judgments=shown.judgments(case),
            incident_ids=[one for one, incident in incidents.items() if not incident.voiding],
            voided_incident_ids=[one for one, incident in incidents.items() if incident.voiding],
            evidence=sorted(case.evidence),
            person_refs=sorted(case.victims),
            deadlines=shown.deadlines(case.deadlines),
            version=version,
            complete_to=shown.complete_to(await self.views.completeness()),
        )

    async def get_victim(self, request: queries_pb2.GetVictimRequest, _caller: Caller) -> queries_pb2.GetVictimResponse:
        """Raises NotFound."""
        found, version = await self.lookup.state(VICTIMS, reference("person_ref", request.person_ref))
        victim = found.known()
        named = dict.fromkeys(one.incident_shared_ref for one in victim.reports if one.incident_shared_ref)
        return shown.victim(victim, version, await self._incidents(named))

    async def list_criminal_cases(
        self, request: queries_pb2.ListCriminalCasesRequest, _caller: Caller
    ) -> queries_pb2.ListCriminalCasesResponse:
        """Cases by stage and article."""
        of = CRIMINAL_CASE.c
        article = on_list("national_article", "national_article", request.national_article)
        asked = select(CRIMINAL_CASE).where(*_equal((of.status, request.status), (of.national_article, article)))
        rows, token = await self._page(asked, of.criminal_case_id, request)
        return queries_pb2.ListCriminalCasesResponse(
            criminal_cases=[queries_pb2.CriminalCase(**row._mapping) for row in rows],
            next_page_token=token,
            complete_to=shown.complete_to(await self.views.completeness()),
        )

    async def list_defendants(
        self, request: queries_pb2.ListDefendantsRequest, _caller: Caller
    ) -> queries_pb2.ListDefendantsResponse:
        """Defendants by case and status."""
        of = DEFENDANT.c
        asked = select(DEFENDANT).where(
            *_equal((of.criminal_case_id, request.criminal_case_id), (of.status, request.status))
        )
        rows, token = await self._page(asked, of.defendant_ref, request)
        return queries_pb2.ListDefendantsResponse(
            defendants=[queries_pb2.Defendant(**row._mapping) for row in rows],
            next_page_token=token,
            complete_to=shown.complete_to(await self.views.completeness()),
        )

    async def list_victims(
        self, request: queries_pb2.ListVictimsRequest, _caller: Caller
    ) -> queries_pb2.ListVictimsResponse:
        """Persons by case, or those who are linked to none."""
        links = VICTIM_IN_CASE.c
        mine = select(links.criminal_case_id).where(links.person_ref == VICTIM.c.person_ref)
        cases = select(func.count()).where(links.person_ref == VICTIM.c.person_ref).scalar_subquery()
        asked = select(VICTIM, cases.label("cases"))
        if request.criminal_case_id:
            asked = asked.where(mine.where(links.criminal_case_id == request.criminal_case_id).exists())
        if request.unlinked:
            asked = asked.where(~mine.exists())
        rows, token = await self._page(asked, VICTIM.c.person_ref, request)
        return queries_pb2.ListVictimsResponse(
            victims=[queries_pb2.Victim(**row._mapping) for row in rows],
            next_page_token=token,
            complete_to=shown.complete_to(await self.views.completeness()),
        )

    async def _incidents(self, incident_ids: Iterable[str]) -> dict[str, Incident]:
        """What others said of these incidents since."""
        return {one: (await self.lookup.state(INCIDENTS, one))[0] for one in incident_ids}

    async def _page(self, asked: Select[Any], key: Column[str], page: Paged) -> tuple[Sequence[Row[Any]], str]:
        """One page in order of the key, and the last key shown when there is more."""
        rows = await self.views.rows(asked.where(key > page.page_token).order_by(key).limit(page.page_size + 1))
        shown_rows = rows[: page.page_size]
        return shown_rows, str(shown_rows[-1]._mapping[key.name]) if len(rows) > page.page_size else ""


def _equal(*filters: tuple[Column[str], str]) -> Iterable[ColumnElement[bool]]:
    """The filters that the request names; an empty one asks for all."""
    return (column == value for column, value in filters if value)


def door(lookup: Lookup, views: ViewReader) -> Door:
    """The agency's gRPC service with every method's row."""
    ask = Queries(lookup, views)
    reads = (
        Read("GetCriminalCase", ask.get_criminal_case),
        Read("ListCriminalCases", ask.list_criminal_cases),
        Read("GetVictim", ask.get_victim),
        Read("ListVictims", ask.list_victims),
        Read("ListDefendants", ask.list_defendants),
    )
    descriptor = prosecution_pb2.DESCRIPTOR.services_by_name["ProsecutionService"]
    return Door(descriptor, (*COMMANDS, *reads))
