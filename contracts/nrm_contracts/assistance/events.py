"""What an assistance agency records, and the notices that it sends.

Help is given before, without and beyond any victim status (Council of Europe Convention 197, art. 12.6): no event here
says whether somebody works with the police or gave testimony. Where a person stays is never in an event; a facility is
an opaque reference.
"""

from dataclasses import dataclass
from typing import Annotated

from nrm_contracts.assistance.care_events import (
    BestInterestAssessed,
    BestInterestDetermined,
    DomainLevel,
    FollowUpContactMade,
    FollowUpMissed,
    FollowUpMonth,
    FollowUpVoided,
    GoalReached,
    NeedLevel,
    NeedsAssessed,
    PersonFound,
    PersonLost,
    PhaseEntered,
    PlacementEnded,
    PlacementExtended,
    PlacementStarted,
    PlanAgreed,
    PlannedService,
    PlanRevised,
    RiskAlertRaised,
)
from nrm_contracts.assistance.case_events import (
    AssistanceAccepted,
    AssistanceDeclined,
    AssistanceOffered,
    CaseClosed,
    CaseOpened,
    ConsentGiven,
    ConsentRevoked,
    DeadlineLifted,
    DeadlineMet,
    DeadlineSet,
    EntitlementChanged,
    ExitPlanLifted,
    ExitPlanStarted,
    PersonRegistered,
    ProfileCorrected,
    RecordsMerged,
    RecoveryRecorded,
    ReferralSuggestionMade,
    RequestReceived,
    SharedConsentChanged,
    StatusRecorded,
    TransferAnswered,
    TransferOffered,
)
from nrm_contracts.assistance.return_events import (
    PersonReturned,
    ReintegrationHandoverConfirmed,
    ReturnCalledOff,
    ReturnConsented,
    ReturnOpened,
    ReturnRiskAssessed,
    TransnationalReferralAnswered,
    TransnationalReferralSent,
)
from nrm_contracts.assistance.safety_events import (
    HearingCallOffNoted,
    HearingNoted,
    HearingTold,
    OffenderReleaseNoted,
    PersonPrepared,
    ProtectionChangeNoted,
)
from nrm_contracts.assistance.unit_events import (
    CeilingAlertRaised,
    ClaimAnswerRecorded,
    ContractFreed,
    ContractLot,
    ContractRecorded,
    ContractUsed,
    DeliveryClaimed,
    DeliveryUnfunded,
    EvidenceHash,
    ServiceUnitDelivered,
    ServiceUnitVoided,
)
from nrm_contracts.catalogue import Audience, event
from nrm_contracts.fields import Code, Day, QtyMilli, Ref

__all__ = [
    "AssistanceAccepted",
    "AssistanceAnswered",
    "AssistanceDeclined",
    "AssistanceOffered",
    "BestInterestAssessed",
    "BestInterestDetermined",
    "CaseClosed",
    "CaseOpened",
    "CeilingAlertRaised",
    "ClaimAnswerRecorded",
    "ClaimableUnitSent",
    "ClaimableUnitVoided",
    "ConsentGiven",
    "ConsentRevoked",
    "ContactFound",
    "ContactLost",
    "ContractFreed",
    "ContractLot",
    "ContractRecorded",
    "ContractUsed",
    "DeadlineLifted",
    "DeadlineMet",
    "DeadlineSet",
    "DeliveryClaimed",
    "DeliveryUnfunded",
    "DomainLevel",
    "EntitlementChanged",
    "EvidenceHash",
    "ExitPlanLifted",
    "ExitPlanStarted",
    "FollowUpContactMade",
    "FollowUpMissed",
    "FollowUpMonth",
    "FollowUpVoided",
    "GoalReached",
    "HearingCallOffNoted",
    "HearingNoted",
    "HearingTold",
    "NeedLevel",
    "NeedsAssessed",
    "OffenderReleaseNoted",
    "PersonFound",
    "PersonLost",
    "PersonPrepared",
    "PersonRegistered",
    "PersonReturned",
    "PhaseEntered",
    "PlacementEnded",
    "PlacementExtended",
    "PlacementStarted",
    "PlanAgreed",
    "PlanRevised",
    "PlannedService",
    "ProfileCorrected",
    "ProtectionChangeNoted",
    "RecordsMerged",
    "RecoveryRecorded",
    "ReferralSuggested",
    "ReferralSuggestionMade",
    "ReintegrationHandoverConfirmed",
    "RequestReceived",
    "ReturnCalledOff",
    "ReturnConsented",
    "ReturnOpened",
    "ReturnRiskAssessed",
    "RiskAlertRaised",
    "ServiceUnitDelivered",
    "ServiceUnitVoided",
    "SharedConsentChanged",
    "StatusRecorded",
    "TransferAnswered",
    "TransferOffered",
    "TransferRequested",
    "TransnationalReferralAnswered",
    "TransnationalReferralSent",
]


@event(version=1, audience=Audience.NOTICE, sensitivity=2)
@dataclass(frozen=True, slots=True)
class AssistanceAnswered:
    """To whoever asked for help for a person: what became of it."""

    handover_id: Ref
    answer: Annotated[str, Code("assistance_answer")]
    answered_on: Day
    reason: Annotated[str, Code("decline_reason")] | None = None


@event(version=1, audience=Audience.NOTICE, sensitivity=2)
@dataclass(frozen=True, slots=True)
class ReferralSuggested:
    """To an identification agency: here is somebody who agrees to be asked by you."""

    handover_id: Ref
    region: Annotated[str, Code("iso_3166_2")]
    age_band: Annotated[str, Code("age_band")]
    sex: Annotated[str, Code("sex")]
    language: Annotated[str, Code("iso_639_2")]
    minor: bool
    suggested_on: Day


@event(version=1, audience=Audience.NOTICE, sensitivity=2)
@dataclass(frozen=True, slots=True)
class TransferRequested:
    """To another assistance agency: the person agrees that you take over."""

    handover_id: Ref
    region: Annotated[str, Code("iso_3166_2")]
    age_band: Annotated[str, Code("age_band")]
    sex: Annotated[str, Code("sex")]
    language: Annotated[str, Code("iso_639_2")]
    minor: bool
    requested_on: Day


@event(version=1, audience=Audience.NOTICE, sensitivity=2)
@dataclass(frozen=True, slots=True)
class ContactLost:
    """To agencies that share a handover: the fact alone, no place, no last contact."""

    handover_id: Ref
    lost_on: Day


@event(version=1, audience=Audience.NOTICE, sensitivity=2)
@dataclass(frozen=True, slots=True)
class ContactFound:
    """To the agencies that were told of the loss."""

    handover_id: Ref
    found_on: Day


@event(version=1, audience=Audience.NOTICE, sensitivity=1)
@dataclass(frozen=True, slots=True)
class ClaimableUnitSent:
    """To the funder of a contract: a unit was delivered under it. ``claim_id`` is fresh and names this claim alone."""

    claim_id: Ref
    handover_id: Ref
    contract_ref: Ref
    service_code: Annotated[str, Code("service_code")]
    unit: Annotated[str, Code("service_unit")]
    qty_milli: QtyMilli
    delivered_from: Day
    delivered_to: Day
    evidence_hash: EvidenceHash


@event(version=1, audience=Audience.NOTICE, sensitivity=1)
@dataclass(frozen=True, slots=True)
class ClaimableUnitVoided:
    """To the funder: this claim was recorded wrongly and counts no more."""

    claim_id: Ref
    handover_id: Ref
    contract_ref: Ref
    reason: Annotated[str, Code("void_reason")]
