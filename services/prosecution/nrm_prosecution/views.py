"""This agency's own lists: cases, their victims, their defendants. They hold what the log says and nothing else."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import Boolean, Column, MetaData, String, Table, select

from nrm_contracts.prosecution.events import (
    CaseReclassified,
    CrimeReported,
    CriminalCaseRegistered,
    DeadlineLifted,
    DeadlineSet,
    DefendantAdded,
    DefendantCharged,
    DefendantIndicted,
    DefendantProceedingsEnded,
    JudgmentBecameFinal,
    JudgmentEntered,
    OffenderReleased,
    VictimLinkedToCase,
    VictimRegistered,
    VictimReportReceived,
)
from nrm_kernel.entry import Entry
from nrm_kernel.views import Cells, Change, Put, View, ViewReader
from nrm_prosecution.domain import deadlines
from nrm_prosecution.domain.case import CASES, stage_after
from nrm_prosecution.domain.defendant import DefendantEvent, DefendantStatus, judged_as

METADATA = MetaData()

CRIMINAL_CASE = Table(
    "criminal_case",
    METADATA,
    Column("criminal_case_id", String, primary_key=True),
    Column("status", String),
    Column("lead_org", String),
    Column("iccs_code", String),
    Column("national_article", String),
    Column("proactive", Boolean),
    Column("review_on", String),
)

DEFENDANT = Table(
    "defendant",
    METADATA,
    Column("defendant_ref", String, primary_key=True),
    Column("criminal_case_id", String, index=True),
    Column("status", String),
    Column("indicted", Boolean),
    Column("instance", String),
    Column("ended", Boolean),
    Column("released", Boolean),
)

VICTIM = Table(
    "victim",
    METADATA,
    Column("person_ref", String, primary_key=True),
    Column("minor", Boolean),
    Column("reported_by", String),
    Column("known_since", String),
)

VICTIM_IN_CASE = Table(
    "victim_in_case",
    METADATA,
    Column("person_ref", String, primary_key=True),
    Column("criminal_case_id", String, primary_key=True, index=True),
)


def rows_of(entry: Entry) -> Iterator[Change]:
    """What an entry of this agency's log changes in its lists."""
    event = entry.event
    match event:
        case _ if isinstance(event, DefendantEvent):
            yield Put(DEFENDANT, {"defendant_ref": event.defendant_ref, **_defendant(event)})
        case VictimReportReceived():
            yield _victim(event.person_ref, event.minor, event.reported_by, event.reported_on)
        case VictimRegistered():
            yield _victim(event.person_ref, event.minor, "", event.registered_on)
        case VictimLinkedToCase(person_ref=person_ref, criminal_case_id=case_id):
            yield Put(VICTIM_IN_CASE, {"person_ref": person_ref, "criminal_case_id": case_id})
        case DeadlineSet(kind=deadlines.CASE_REVIEW, about=case_id, due_on=due_on):
            yield _case(case_id, {"review_on": due_on.isoformat() if due_on else ""})
        case DeadlineLifted(kind=deadlines.CASE_REVIEW, about=case_id):
            yield _case(case_id, {"review_on": ""})
        case _:
            yield from _case_rows(event, entry.stream)


def _case_rows(event: object, stream: str) -> Iterator[Change]:
    stage = stage_after(event)
    if stage is not None:
        case_id = stream.removeprefix(f"{CASES.category}-")
        yield _case(case_id, {"status": stage.value, **_register_entry(event)})


def _register_entry(event: object) -> Cells:
    match event:
        case CrimeReported():
            return {"lead_org": event.lead_org, "proactive": event.proactive, "iccs_code": "", "national_article": ""}
        case CriminalCaseRegistered():
            return {
                "lead_org": event.lead_org,
                "proactive": event.proactive,
                "iccs_code": event.iccs_code,
                "national_article": event.national_article,
            }
        case CaseReclassified():
            return {"iccs_code": event.to_iccs_code, "national_article": event.to_article}
        case _:
            return {}


def _defendant(event: DefendantEvent) -> Cells:
    match event:
        case DefendantAdded():
            return {
                "criminal_case_id": event.criminal_case_id,
                "status": DefendantStatus.SUSPECTED.value,
                "indicted": False,
                "instance": "",
                "ended": False,
                "released": False,
            }
        case DefendantCharged():
            return {"status": DefendantStatus.CHARGED.value}
        case DefendantIndicted():
            return {"indicted": True}
        case JudgmentEntered():
            return {"status": judged_as(event.outcome).value, "instance": event.instance}
        case JudgmentBecameFinal():
            return {"ended": True}
        case DefendantProceedingsEnded():
            return {"status": event.outcome, "ended": True}
        case OffenderReleased():
            return {"released": True}


def _victim(person_ref: str, minor: bool, reported_by: str, known_since: date) -> Put:
    cells: Cells = {"minor": minor, "reported_by": reported_by, "known_since": known_since.isoformat()}
    return Put(VICTIM, {"person_ref": person_ref, **cells})


def _case(case_id: str, cells: Cells) -> Put:
    return Put(CRIMINAL_CASE, {"criminal_case_id": case_id, **cells})


async def case_of(views: ViewReader, defendant_ref: str) -> str | None:
    """The case that a defendant was added to, as far as the list has come."""
    rows = await views.rows(select(DEFENDANT.c.criminal_case_id).where(DEFENDANT.c.defendant_ref == defendant_ref))
    return str(rows[0].criminal_case_id) if rows else None


PROCEEDINGS = View("proceedings", 1, METADATA, rows_of)
