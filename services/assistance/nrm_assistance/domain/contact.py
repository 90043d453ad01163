"""Staying in touch: follow-up contacts, and a person who is lost and found again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from nrm_assistance.domain import deadlines
from nrm_assistance.domain.care import FOLLOW_UP
from nrm_assistance.domain.command import AboutPerson, cites_no_dead_consent, latest_case, needs_consent, open_case
from nrm_assistance.domain.following import CONTACT
from nrm_assistance.domain.person import Person
from nrm_assistance.domain.telling import may_tell
from nrm_contracts.assistance.events import (
    ContactFound,
    ContactLost,
    FollowUpContactMade,
    FollowUpMissed,
    FollowUpMonth,
    FollowUpVoided,
    PersonFound,
    PersonLost,
)
from nrm_contracts.fields import Code, Day, Ref
from nrm_kernel.decider import Decision, Notice
from nrm_kernel.errors import Refused
from nrm_kernel.identity import service_of

TOLD: Final = ("identification", "prosecution")
"""The kinds of agency that are told of a loss, where they share a handover: they may be looking for the person too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFollowUp(AboutPerson):
    """How the person fares, some months after help ended."""

    month: FollowUpMonth
    wellbeing: Annotated[str, Code("wellbeing")]
    housing: Annotated[str, Code("housing_situation")]
    income: Annotated[str, Code("income_situation")]
    safe: Annotated[str, Code("answer")]


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidFollowUp(AboutPerson):
    """A contact was recorded in error, in the case that ``case_id`` names or else in the latest one."""

    month: FollowUpMonth
    reason: Annotated[str, Code("correction_reason")]
    case_id: Ref | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MissFollowUp(AboutPerson):
    """An attempt to reach the person failed."""

    month: FollowUpMonth


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLost(AboutPerson):
    """Nobody here knows where the person is."""

    last_contact_on: Day
    agencies: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFound(AboutPerson):
    """The person is in touch again."""

    agencies: Mapping[str, str]


def record_follow_up(command: RecordFollowUp, person: Person) -> Decision:
    """For a month that is due, by a person who wants to be asked. After the last one the case is to be reviewed."""
    _due(command.month, person)
    needs_consent(command, person, "assistance")
    made = FollowUpContactMade(
        command.person_ref,
        command.month,
        command.wellbeing,
        command.housing,
        command.income,
        command.safe,
        command.occurred_on,
    )
    later = [key for key in person.deadlines if key[1] is not None and key[1] > command.month]
    return [
        made,
        *deadlines.followed_up(command, person, command.month),
        *([] if later else [deadlines.by_policy(command, "case_review")]),
    ]


def void_follow_up(command: VoidFollowUp, person: Person) -> Decision:
    """It counts no longer, whenever that is found. Who is followed up still is owed it again, by its day, and a review
    of the case waits; a case that ended stays ended, with nothing due."""
    case = latest_case(person)
    cites_no_dead_consent(command, person)
    case_id = command.case_id or case.case_id
    made = person.follow_ups.made.get((case_id, command.month))
    if made is None:
        raise Refused(
            "FOLLOW_UP_NOT_MADE",
            f"No contact of month {command.month} stands in case {case_id}. Nothing was recorded: check the month, and "
            "name the case if it was an earlier one.",
            month=command.month,
        )
    voided = FollowUpVoided(command.person_ref, command.month, made.version, command.reason, command.occurred_on)
    followed_up = case.is_open and case.phase == FOLLOW_UP and case_id == case.case_id
    if not followed_up or (CONTACT, command.month) in person.deadlines:
        return [voided]
    return [voided, *deadlines.lifted(command, person, "case_review"), made.due]


def miss_follow_up(command: MissFollowUp, person: Person) -> Decision:
    """The contact stays due: try again, or report the person lost."""
    _due(command.month, person)
    cites_no_dead_consent(command, person)
    attempt = person.follow_ups.missed.get(command.month, 0) + 1
    return [FollowUpMissed(command.person_ref, command.month, attempt, command.occurred_on)]


def _due(month: int, person: Person) -> None:
    open_case(person)
    due = sorted(key[1] for key in person.deadlines if key[1] is not None)
    if month not in due:
        months = ", ".join(map(str, due)) or "none; enter the phase follow_up first"
        raise Refused("FOLLOW_UP_NOT_DUE", f"No contact is due for month {month}. Due are: {months}.", month=month)


def report_lost(command: ReportLost, person: Person) -> Decision:
    """The case stays open and somebody looks. Others learn the fact alone."""
    open_case(person)
    cites_no_dead_consent(command, person)
    if person.lost:
        raise Refused("LOST_BEFORE", "The person is reported lost already. Record ReportFound when they are in touch.")
    if command.last_contact_on > command.occurred_on:
        raise Refused("LAST_CONTACT_LATER", "last_contact_on is after the day of the report. Correct it.")
    return [
        PersonLost(command.person_ref, command.last_contact_on, command.occurred_on),
        deadlines.by_policy(command, "lost_contact_check"),
        *(Notice(to, about, ContactLost(about, command.occurred_on)) for to, about in _told(command, person)),
    ]


def report_found(command: ReportFound, person: Person) -> Decision:
    """The case goes on where it stood."""
    open_case(person)
    cites_no_dead_consent(command, person)
    if not person.lost:
        raise Refused("NOT_LOST", "The person is not reported lost. Nothing to do.")
    return [
        PersonFound(command.person_ref, command.occurred_on),
        *deadlines.met(command, person, "lost_contact_check"),
        *(Notice(to, about, ContactFound(about, command.occurred_on)) for to, about in _told(command, person)),
    ]


def _told(command: ReportLost | ReportFound, person: Person) -> list[tuple[str, str]]:
    return [
        (agency, handover_id)
        for agency, handover_id in sorted(person.handovers.items())
        if agency in command.agencies and service_of(agency) in TOLD and may_tell(person, agency, command.occurred_on)
    ]
