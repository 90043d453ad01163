"""How an investigation waits and how a case ends before a judgment. Each command, then its rule."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from nrm_contracts.fields import Code, Day, Origin, Ref
from nrm_contracts.prosecution.events import (
    CaseDiscontinued,
    CaseResumed,
    CaseSettled,
    CasesMerged,
    CaseSuspended,
    CaseTransferred,
    DefendantProceedingsEnded,
    IncidentLinkedToCase,
)
from nrm_kernel.decider import Decision, In
from nrm_kernel.errors import Refused
from nrm_prosecution.domain.case import CASES, CriminalCase
from nrm_prosecution.domain.deadlines import lifted
from nrm_prosecution.domain.defendant import DefendantStatus
from nrm_prosecution.domain.stages import BEFORE_COURT, CaseStatus


@dataclass(frozen=True, slots=True)
class SuspendCase:
    """Let the investigation wait."""

    criminal_case_id: Ref
    reason: Annotated[str, Code("case_suspension_reason")]
    occurred_on: Day


def suspend_case(command: SuspendCase, case: CriminalCase) -> Decision:
    """Only during the investigation. The deadline to look at the case stays: a case that waits is not forgotten."""
    case.must_reach(CaseStatus.SUSPENDED, "The suspension")
    return [CaseSuspended(command.criminal_case_id, command.reason, command.occurred_on)]


@dataclass(frozen=True, slots=True)
class ResumeCase:
    """Let a suspended investigation go on."""

    criminal_case_id: Ref
    occurred_on: Day


def resume_case(command: ResumeCase, case: CriminalCase) -> Decision:
    """Back to the stage that it was suspended in."""
    case.must_be_in(frozenset({CaseStatus.SUSPENDED}), "The resumption")
    stage: Literal["investigating", "reclassified"] = (
        "reclassified" if case.suspended_as is CaseStatus.RECLASSIFIED else "investigating"
    )
    return [CaseResumed(command.criminal_case_id, stage, command.occurred_on)]


@dataclass(frozen=True, slots=True)
class TransferCase:
    """Hand the lead to another agency; the case ends here."""

    criminal_case_id: Ref
    to_org: Origin
    occurred_on: Day


def transfer_case(command: TransferCase, case: CriminalCase) -> Decision:
    """Only during the investigation, and only to somebody else."""
    case.must_reach(CaseStatus.TRANSFERRED, "The transfer")
    if command.to_org == case.lead_org:
        raise Refused(
            "LEAD_ORG_SAME",
            f"The transfer was not recorded: {case.lead_org} leads the case already. Name another agency.",
            lead_org=case.lead_org,
        )
    transferred = CaseTransferred(command.criminal_case_id, command.to_org, command.occurred_on)
    return [transferred, *lifted(case.deadlines, command.occurred_on)]


@dataclass(frozen=True, slots=True)
class MergeCases:
    """Take this case into another one; link its victims and add its defendants there."""

    criminal_case_id: Ref
    into_case_id: Ref
    occurred_on: Day


def merge_cases(command: MergeCases, case: CriminalCase, into: CriminalCase) -> Decision:
    """Only during the investigation, into another open case, which then concerns the incidents of both."""
    if command.criminal_case_id == command.into_case_id:
        raise Refused("CASES_SAME", "The merge was not recorded: a case cannot be taken into itself. Name two cases.")
    case.must_reach(CaseStatus.MERGED, "The merge")
    into.must_be_open("The merge")
    stream = CASES.stream(command.into_case_id)
    return [
        CasesMerged(command.criminal_case_id, command.into_case_id, command.occurred_on),
        *lifted(case.deadlines, command.occurred_on),
        *(
            In(stream, IncidentLinkedToCase(command.into_case_id, incident_id, command.occurred_on))
            for incident_id in sorted(case.incident_ids - into.incident_ids)
        ),
    ]


@dataclass(frozen=True, slots=True)
class DiscontinueCase:
    """End a case without a judgment."""

    criminal_case_id: Ref
    reason: Annotated[str, Code("discontinuation_reason")]
    occurred_on: Day


def discontinue_case(command: DiscontinueCase, case: CriminalCase) -> Decision:
    """During the investigation; before a court only when no defendant is left to be judged."""
    case.must_reach(CaseStatus.DISCONTINUED, "The discontinuation")
    if case.status in BEFORE_COURT and case.pending:
        raise Refused(
            "DEFENDANTS_PENDING",
            f"The discontinuation was not recorded: {len(case.pending)} defendants are before the court. Enter their "
            "judgments or end their proceedings first.",
            pending=len(case.pending),
        )
    return [
        *_ended(case, DefendantStatus.DISMISSED, command.occurred_on),
        CaseDiscontinued(command.criminal_case_id, command.reason, command.occurred_on),
        *lifted(case.deadlines, command.occurred_on),
    ]


@dataclass(frozen=True, slots=True)
class SettleCase:
    """End a case by agreement."""

    criminal_case_id: Ref
    terms: Annotated[str, Code("settlement_terms")]
    occurred_on: Day


def settle_case(command: SettleCase, case: CriminalCase) -> Decision:
    """Only during the investigation; it settles the proceedings of all who were charged."""
    case.must_reach(CaseStatus.SETTLED, "The settlement")
    return [
        *_ended(case, DefendantStatus.SETTLED, command.occurred_on),
        CaseSettled(command.criminal_case_id, command.terms, command.occurred_on),
        *lifted(case.deadlines, command.occurred_on),
    ]


def _ended(case: CriminalCase, outcome: DefendantStatus, on: date) -> list[DefendantProceedingsEnded]:
    return [
        DefendantProceedingsEnded(case.criminal_case_id, one.defendant_ref, outcome.value, on)
        for one in sorted(case.pending, key=lambda each: each.defendant_ref)
    ]
