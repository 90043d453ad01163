"""What a prosecution agency records and tells others.

Three counting units are kept apart: persons (``person_ref``), criminal cases (``criminal_case_id``) and defendants
(``defendant_ref``, one per case). No event holds a place, an assistance plan or anything about health.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

from nrm_contracts.catalogue import Audience, event
from nrm_contracts.fields import AmountMinor, Code, Day, Origin, Ref
from nrm_contracts.identification.terms import (
    ConsentChange,
    Forms,
    MergeChange,
    RecoveryChange,
    Scope,
    Stage,
    StatusOutcome,
)
from nrm_contracts.prosecution.asset_events import (
    AssetConfiscated,
    AssetFrozen,
    AssetRealised,
    AssetReleased,
    AssetTraced,
    ConfiscationSought,
    FinancialInvestigationOpened,
    ProceedsDistributed,
    ProceedsSent,
)
from nrm_contracts.prosecution.case_events import (
    AppealLodged,
    Article,
    CaseBecameFinal,
    CaseClosed,
    CaseDiscontinued,
    CaseIndicted,
    CaseJudged,
    CaseJudgedCorrected,
    CaseReclassified,
    CaseResumed,
    CaseSettled,
    CasesMerged,
    CaseSuspended,
    CaseTransferred,
    CrimeReported,
    CriminalCaseRegistered,
    DefendantAdded,
    DefendantCharged,
    DefendantIndicted,
    DefendantProceedingsEnded,
    EnforcementStarted,
    EvidenceBasisRecorded,
    IncidentLinkedToCase,
    IncidentVoidingNoted,
    InvestigationOpened,
    JudgmentBecameFinal,
    JudgmentCorrected,
    JudgmentEntered,
    OffenderReleased,
    TrialOpened,
)
from nrm_contracts.prosecution.deadline_events import (
    DeadlineLifted,
    DeadlineMet,
    DeadlineSet,
)
from nrm_contracts.prosecution.safety_events import (
    HearingCalledOff,
    HearingCalledOffNotified,
    HearingNotified,
    HearingScheduled,
    OffenderReleasedNotified,
    OffenderReleaseTold,
    ProtectionMeasureEnded,
    ProtectionMeasureGranted,
    ProtectionMeasureNotified,
    VictimEnteredCase,
)

__all__ = [
    "AppealLodged",
    "AssetConfiscated",
    "AssetFrozen",
    "AssetRealised",
    "AssetReleased",
    "AssetTraced",
    "CaseBecameFinal",
    "CaseClosed",
    "CaseDiscontinued",
    "CaseIndicted",
    "CaseJudged",
    "CaseJudgedCorrected",
    "CaseReclassified",
    "CaseResumed",
    "CaseSettled",
    "CaseSuspended",
    "CaseTransferred",
    "CasesMerged",
    "CompensationAwarded",
    "CompensationClaimed",
    "CompensationPaid",
    "ConfiscationSought",
    "ConsentNoted",
    "ContactNoted",
    "CrimeReported",
    "CriminalCaseRegistered",
    "DeadlineLifted",
    "DeadlineMet",
    "DeadlineSet",
    "DefendantAdded",
    "DefendantCharged",
    "DefendantIndicted",
    "DefendantProceedingsEnded",
    "EnforcementStarted",
    "EvidenceBasisRecorded",
    "FinancialInvestigationOpened",
    "HearingCalledOff",
    "HearingCalledOffNotified",
    "HearingNotified",
    "HearingScheduled",
    "IncidentLinkedToCase",
    "IncidentVoidingNoted",
    "InvestigationOpened",
    "JudgmentBecameFinal",
    "JudgmentCorrected",
    "JudgmentEntered",
    "NonPunishmentNotified",
    "NonPunishmentReviewOpened",
    "NonPunishmentReviewed",
    "OffenderReleaseTold",
    "OffenderReleased",
    "OffenderReleasedNotified",
    "ProceedsDistributed",
    "ProceedsSent",
    "ProtectionMeasureEnded",
    "ProtectionMeasureGranted",
    "ProtectionMeasureNotified",
    "RecordsMergeNoted",
    "RecoveryNoted",
    "StatementTaken",
    "StatusNoted",
    "TrialOpened",
    "VictimCharged",
    "VictimChargedNotified",
    "VictimEnteredCase",
    "VictimInformed",
    "VictimLinkedToCase",
    "VictimParticipationConsented",
    "VictimParticipationWithdrawn",
    "VictimRegistered",
    "VictimReportReceived",
]

Currency = Annotated[str, Code("iso_4217")]
ReviewGround = Literal["charged", "status_positive", "recovery_started"]

# ------------------------------------------------------------------------------------- the victim: told by others


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class VictimReportReceived:
    """Another agency reported a victim; from here on the person has a reference at this agency."""

    person_ref: Ref
    handover_id: Ref
    reported_by: Origin
    minor: bool
    exploitation_forms: Forms
    participation_consented: bool
    reported_on: Day
    incident_shared_ref: Ref | None = None


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class StatusNoted:
    """A deciding authority told how it decided on the person's status as a victim."""

    person_ref: Ref
    decided_by: Origin
    stage: Stage
    outcome: StatusOutcome
    final: bool
    decided_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class RecoveryNoted:
    """The person's recovery and reflection period, as told; until ``ends_on`` nobody presses for testimony."""

    person_ref: Ref
    change: RecoveryChange
    starts_on: Day
    ends_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class ConsentNoted:
    """A consent given elsewhere has changed, as told."""

    person_ref: Ref
    scope: Scope
    change: ConsentChange
    effective_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class RecordsMergeNoted:
    """Two persons known here were told to be one and the same, or after all not to be."""

    person_ref: Ref
    other_person_ref: Ref
    change: MergeChange


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class ContactNoted:
    """Those who assist the person lost or found contact, as told: the fact alone, never where."""

    person_ref: Ref
    in_contact: bool
    since: Day


# ------------------------------------------------------------------------------------- the victim: own work


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class VictimRegistered:
    """A victim whom nobody reported, found by this agency's own work."""

    person_ref: Ref
    minor: bool
    exploitation_forms: Forms
    registered_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class VictimLinkedToCase:
    """The person is a victim in this case; a person may be one in several cases and a case have many."""

    person_ref: Ref
    criminal_case_id: Ref
    linked_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class VictimParticipationConsented:
    """The person agreed to take part in the case in this capacity."""

    person_ref: Ref
    criminal_case_id: Ref
    capacity: Annotated[str, Code("participation_capacity")]
    given_by: Annotated[str, Code("consent_giver")]
    consented_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class VictimParticipationWithdrawn:
    """The person takes part no longer. What the law obliges the agency to keep stays: earlier statements, charges."""

    person_ref: Ref
    criminal_case_id: Ref
    capacity: Annotated[str, Code("participation_capacity")]
    withdrawn_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class StatementTaken:
    """The person gave a statement. ``repeat_no`` 1 is the first: each repetition may harm."""

    person_ref: Ref
    criminal_case_id: Ref
    recorded: bool
    repeat_no: int
    own_request: bool
    basis: Annotated[str, Code("legal_basis")]
    taken_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class VictimInformed:
    """The person was told about this (EU Directive 2012/29 art. 4 and 6)."""

    person_ref: Ref
    criminal_case_id: Ref
    topic: Annotated[str, Code("informed_topic")]
    informed_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=3)
@dataclass(frozen=True, slots=True)
class VictimCharged:
    """A victim was charged with an offence; it always leads to a non-punishment review (CoE convention art. 26)."""

    person_ref: Ref
    charge_id: Ref
    articles: tuple[Article, ...]
    linked_to_exploitation: Annotated[str, Code("answer")]
    charged_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=3)
@dataclass(frozen=True, slots=True)
class NonPunishmentReviewOpened:
    """Somebody must look whether the victim was compelled to do what the charge says; due as its deadline says."""

    person_ref: Ref
    charge_id: Ref
    ground: ReviewGround
    opened_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=3)
@dataclass(frozen=True, slots=True)
class NonPunishmentReviewed:
    """How the review of the charge ended."""

    person_ref: Ref
    charge_id: Ref
    outcome: Annotated[str, Code("non_punishment_outcome")]
    reviewed_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class CompensationClaimed:
    """The person, or somebody for them, claimed this much in the case."""

    person_ref: Ref
    criminal_case_id: Ref
    compensation_id: Ref
    amount_minor: AmountMinor
    ccy: Currency
    claimed_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class CompensationAwarded:
    """This much was awarded, to be paid by this payer."""

    person_ref: Ref
    compensation_id: Ref
    payer: Annotated[str, Code("compensation_payer")]
    amount_minor: AmountMinor
    ccy: Currency
    awarded_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class CompensationPaid:
    """Money reached the person; an award may be paid in parts."""

    person_ref: Ref
    compensation_id: Ref
    payer: Annotated[str, Code("compensation_payer")]
    amount_minor: AmountMinor
    ccy: Currency
    paid_on: Day


# --------------------------------------------------------------------------------------------------------- notices


@event(version=1, audience=Audience.NOTICE, sensitivity=3)
@dataclass(frozen=True, slots=True)
class VictimChargedNotified:
    """A person you know under this handover was charged with an offence; a non-punishment review has been opened."""

    handover_id: Ref
    charged_on: Day


@event(version=1, audience=Audience.NOTICE, sensitivity=3)
@dataclass(frozen=True, slots=True)
class NonPunishmentNotified:
    """How a non-punishment review of a person you know under this handover ended."""

    handover_id: Ref
    outcome: Annotated[str, Code("non_punishment_outcome")]
    reviewed_on: Day
