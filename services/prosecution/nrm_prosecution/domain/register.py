"""The register: how a case comes in, is investigated and goes on under another article. Each command, then its rule."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from nrm_contracts.fields import Code, Day, Origin, Ref
from nrm_contracts.prosecution.case_events import Article
from nrm_contracts.prosecution.events import (
    CaseReclassified,
    CrimeReported,
    CriminalCaseRegistered,
    DeadlineMet,
    DeadlineSet,
    EvidenceBasisRecorded,
    IncidentLinkedToCase,
    InvestigationOpened,
)
from nrm_kernel.decider import Decision
from nrm_kernel.errors import Refused
from nrm_prosecution.domain.case import CriminalCase
from nrm_prosecution.domain.deadlines import CASE_REVIEW
from nrm_prosecution.domain.incident import Incident, must_stand
from nrm_prosecution.domain.stages import CaseStatus

IccsCode = Annotated[str, Code("iccs")]


@dataclass(frozen=True, slots=True)
class ReportCrime:
    """Take in a report of a possible crime, before it is known whether it becomes a case."""

    criminal_case_id: Ref
    incident_ids: tuple[Ref, ...]
    proactive: bool
    occurred_on: Day
    agency: Origin
    lead_org: Origin | None = None
    review_on: Day | None = None


def report_crime(command: ReportCrime, _case: CriminalCase, *incidents: Incident) -> Decision:
    """The id is fresh; the incidents must stand. A report is open work from its first day."""
    must_stand(incidents, "The report")
    lead_org = command.lead_org or command.agency
    reported = CrimeReported(
        criminal_case_id=command.criminal_case_id,
        incident_ids=_distinct(command.incident_ids),
        lead_org=lead_org,
        proactive=command.proactive,
        reported_on=command.occurred_on,
    )
    return [reported, _review(command.criminal_case_id, reported, command.occurred_on, lead_org, command.review_on)]


@dataclass(frozen=True, slots=True)
class RegisterCase:
    """Enter a new case in the register; ``lead_org`` is this agency unless another one is named."""

    criminal_case_id: Ref
    incident_ids: tuple[Ref, ...]
    iccs_code: IccsCode
    national_article: Article
    proactive: bool
    occurred_on: Day
    agency: Origin
    lead_org: Origin | None = None
    review_on: Day | None = None


def register_case(command: RegisterCase, _case: CriminalCase, *incidents: Incident) -> Decision:
    """The id is fresh; the incidents must stand."""
    must_stand(incidents, "The case")
    lead_org = command.lead_org or command.agency
    registered = CriminalCaseRegistered(
        criminal_case_id=command.criminal_case_id,
        incident_ids=_distinct(command.incident_ids),
        iccs_code=command.iccs_code,
        national_article=command.national_article,
        lead_org=lead_org,
        proactive=command.proactive,
        registered_on=command.occurred_on,
    )
    return [registered, _review(command.criminal_case_id, registered, command.occurred_on, lead_org, command.review_on)]


@dataclass(frozen=True, slots=True)
class RegisterReportedCase:
    """Enter a reported crime in the register; the case keeps the report's id, incidents, lead and deadline."""

    criminal_case_id: Ref
    iccs_code: IccsCode
    national_article: Article
    occurred_on: Day


def register_reported_case(command: RegisterReportedCase, case: CriminalCase) -> Decision:
    """Only what is reported and not registered yet."""
    case.must_reach(CaseStatus.REGISTERED, "The registration")
    registered = CriminalCaseRegistered(
        criminal_case_id=case.criminal_case_id,
        incident_ids=tuple(sorted(case.incident_ids)),
        iccs_code=command.iccs_code,
        national_article=command.national_article,
        lead_org=case.lead_org,
        proactive=case.proactive,
        registered_on=command.occurred_on,
    )
    return [registered]


@dataclass(frozen=True, slots=True)
class OpenInvestigation:
    """Begin to investigate a registered case."""

    criminal_case_id: Ref
    occurred_on: Day


def open_investigation(command: OpenInvestigation, case: CriminalCase) -> Decision:
    """Only a registered case; a suspended one is resumed."""
    case.must_be_in(frozenset({CaseStatus.REGISTERED}), "The investigation")
    return [InvestigationOpened(command.criminal_case_id, command.occurred_on)]


@dataclass(frozen=True, slots=True)
class LinkIncident:
    """The case also concerns this incident; an incident may belong to several cases."""

    criminal_case_id: Ref
    incident_id: Ref
    occurred_on: Day


def link_incident(command: LinkIncident, case: CriminalCase, incident: Incident) -> Decision:
    """Once per incident that stands, while the case is open."""
    case.must_be_open("The link")
    must_stand((incident,), "The link")
    if command.incident_id in case.incident_ids:
        raise Refused(
            "INCIDENT_ALREADY_LINKED",
            "The link was not recorded: the case concerns this incident already. Nothing is to be done.",
        )
    return [IncidentLinkedToCase(command.criminal_case_id, command.incident_id, command.occurred_on)]


@dataclass(frozen=True, slots=True)
class RecordEvidenceBasis:
    """Say on what kinds of evidence the case rests."""

    criminal_case_id: Ref
    kinds: tuple[Annotated[str, Code("evidence_basis")], ...]
    occurred_on: Day


def record_evidence_basis(command: RecordEvidenceBasis, case: CriminalCase) -> Decision:
    """At least one kind that the record does not name yet."""
    case.must_be_open("The evidence")
    fresh = tuple(sorted(set(command.kinds) - case.evidence))
    if not fresh:
        raise Refused(
            "EVIDENCE_NOT_NEW",
            "The evidence was not recorded: the case names every one of these kinds already, or none was given. "
            "Send the kinds that are new.",
        )
    return [EvidenceBasisRecorded(command.criminal_case_id, fresh, command.occurred_on)]


@dataclass(frozen=True, slots=True)
class ReviewCase:
    """Somebody looked through the open case, and says when to look again."""

    criminal_case_id: Ref
    occurred_on: Day
    review_on: Day | None = None


def review_case(command: ReviewCase, case: CriminalCase) -> Decision:
    """The look that was due is done, and the next one is due."""
    case.must_be_open("The review")
    _must_be_later(command.review_on, command.occurred_on)
    met = DeadlineMet(CASE_REVIEW, command.criminal_case_id, command.occurred_on)
    return [met, _review(command.criminal_case_id, met, command.occurred_on, case.lead_org, command.review_on)]


@dataclass(frozen=True, slots=True)
class ReclassifyCase:
    """Go on under another article."""

    criminal_case_id: Ref
    iccs_code: IccsCode
    national_article: Article
    occurred_on: Day


def reclassify_case(command: ReclassifyCase, case: CriminalCase) -> Decision:
    """Only during the investigation, and only to something else."""
    case.must_reach(CaseStatus.RECLASSIFIED, "The new article")
    if (command.iccs_code, command.national_article) == (case.iccs_code, case.national_article):
        raise Refused(
            "CASE_CLASS_SAME",
            f"The new article was not recorded: the case stands under {case.national_article} already.",
            national_article=case.national_article,
        )
    return [
        CaseReclassified(
            criminal_case_id=command.criminal_case_id,
            from_iccs_code=case.iccs_code,
            to_iccs_code=command.iccs_code,
            from_article=case.national_article,
            to_article=command.national_article,
            reclassified_on=command.occurred_on,
        )
    ]


def _review(case_id: str, anchor: object, anchor_on: date, owner: str, review_on: date | None) -> DeadlineSet:
    """An open case always has somebody who owes it a look; no policy sets the day, so the officer may."""
    _must_be_later(review_on, anchor_on)
    return DeadlineSet(
        kind=CASE_REVIEW,
        about=case_id,
        anchor=type(anchor).__name__,
        anchor_on=anchor_on,
        rule_id="officer" if review_on else "none",
        owner=owner,
        due_on=review_on,
    )


def _must_be_later(review_on: date | None, than: date) -> None:
    if review_on is not None and review_on <= than:
        raise Refused(
            "REVIEW_DAY_PAST",
            f"Nothing was recorded: the next look would be due on {review_on}, not after {than}. Name a later day.",
            review_on=review_on.isoformat(),
        )


def _distinct(refs: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(refs))
