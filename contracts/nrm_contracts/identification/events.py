"""Every event of an identification agency: what it records for itself, from its topics' modules, and its notices.

A notice holds what its receiver needs to act and fresh references only: no reference that two receivers could compare.
"""

from dataclasses import dataclass
from typing import Annotated

from nrm_contracts.catalogue import Audience, event
from nrm_contracts.fields import Code, Day, Ref
from nrm_contracts.identification.child_events import (
    AgeAssessed,
    AgeDisputed,
    GuardianAppointed,
    GuardianConflictFound,
    MinorPresumed,
)
from nrm_contracts.identification.consent_events import (
    ConsentChangeReceived,
    ConsentGiven,
    ConsentRefused,
    ConsentRevoked,
)
from nrm_contracts.identification.deadline_events import (
    DeadlineLifted,
    DeadlineMet,
    DeadlineSet,
)
from nrm_contracts.identification.incident_events import (
    IncidentOpened,
    IncidentRouteRecorded,
    IncidentShared,
    IncidentVoided,
    PersonLinkedToIncident,
)
from nrm_contracts.identification.joined_events import (
    OtherContactLossReceived,
    OtherHearingCallOffReceived,
    OtherHearingReceived,
    OtherOffenderReleaseReceived,
    OtherProtectionChangeReceived,
    OtherVictimChargeReceived,
)
from nrm_contracts.identification.person_events import (
    AnonymousNotificationMade,
    DetectionCorrected,
    PersonDetected,
    PersonRecordAbsorbed,
    PersonRecordReleased,
    PersonRecordsMerged,
    PersonRecordsUnmerged,
    ProfileCorrectionReceived,
    RecordsChangeProposed,
    ScreeningCompleted,
    ScreeningCorrected,
    SuggestionReceived,
)
from nrm_contracts.identification.referral_events import (
    ReferralAcknowledged,
    ReferralAnswerReceived,
    ReferralEnded,
    ReferralReceived,
    ReferralReturned,
    ReferralSubmitted,
)
from nrm_contracts.identification.sharing_events import (
    AssistanceAnswerReceived,
    AssistanceAsked,
    ContactLossReceived,
    ContactReturnReceived,
    HearingCallOffReceived,
    HearingReceived,
    NonPunishmentReceived,
    OffenderReleaseReceived,
    ProtectionChangeReceived,
    VictimChargeReceived,
    VictimReportMade,
)
from nrm_contracts.identification.status_events import (
    DecisionTold,
    ExitPeriodStarted,
    PersonDisqualified,
    ReconsiderationRequested,
    RecoveryChangeReceived,
    RecoveryPeriodEnded,
    RecoveryPeriodExtended,
    RecoveryPeriodStarted,
    RemovalSuspended,
    RemovalSuspensionEnded,
    ResidencePermitEnded,
    ResidencePermitIssued,
    StageCorrected,
    StageDecided,
    StageProposed,
    StatusExpired,
    StatusReceived,
    StatusRevoked,
)
from nrm_contracts.identification.terms import (
    AgeBand,
    Channel,
    ConsentChange,
    Forms,
    Indicators,
    Language,
    MergeChange,
    Missing,
    Needs,
    RecoveryChange,
    ReferralAnswer,
    Region,
    Scope,
    Sex,
    Stage,
    StatusOutcome,
)

__all__ = [
    "AgeAssessed",
    "AgeDisputed",
    "AnonymousNotificationMade",
    "AssistanceAnswerReceived",
    "AssistanceAsked",
    "AssistanceRequested",
    "ConsentChangeReceived",
    "ConsentGiven",
    "ConsentNotified",
    "ConsentRefused",
    "ConsentRevoked",
    "ContactLossReceived",
    "ContactReturnReceived",
    "DeadlineLifted",
    "DeadlineMet",
    "DeadlineSet",
    "DecisionTold",
    "DetectionCorrected",
    "ExitPeriodStarted",
    "GuardianAppointed",
    "GuardianConflictFound",
    "HearingCallOffReceived",
    "HearingReceived",
    "IncidentOpened",
    "IncidentRouteRecorded",
    "IncidentShared",
    "IncidentVoided",
    "IncidentVoidedNotified",
    "MinorPresumed",
    "NonPunishmentReceived",
    "OffenderReleaseReceived",
    "OtherContactLossReceived",
    "OtherHearingCallOffReceived",
    "OtherHearingReceived",
    "OtherOffenderReleaseReceived",
    "OtherProtectionChangeReceived",
    "OtherVictimChargeReceived",
    "PersonDetected",
    "PersonDisqualified",
    "PersonLinkedToIncident",
    "PersonRecordAbsorbed",
    "PersonRecordReleased",
    "PersonRecordsMerged",
    "PersonRecordsUnmerged",
    "ProfileCorrectedNotified",
    "ProfileCorrectionReceived",
    "ProtectionChangeReceived",
    "ReconsiderationRequested",
    "RecordsChangeProposed",
    "RecordsMergedNotified",
    "RecoveryChangeReceived",
    "RecoveryNotified",
    "RecoveryPeriodEnded",
    "RecoveryPeriodExtended",
    "RecoveryPeriodStarted",
    "ReferralAcknowledged",
    "ReferralAnswerReceived",
    "ReferralAnswered",
    "ReferralEnded",
    "ReferralReceived",
    "ReferralReturned",
    "ReferralSent",
    "ReferralSubmitted",
    "RemovalSuspended",
    "RemovalSuspensionEnded",
    "ResidencePermitEnded",
    "ResidencePermitIssued",
    "ScreeningCompleted",
    "ScreeningCorrected",
    "StageCorrected",
    "StageDecided",
    "StageProposed",
    "StatusExpired",
    "StatusNotified",
    "StatusReceived",
    "StatusRevoked",
    "SuggestionReceived",
    "VictimChargeReceived",
    "VictimReportMade",
    "VictimReported",
]


@event(version=1, audience=Audience.NOTICE, sensitivity=2)
@dataclass(frozen=True, slots=True)
class ReferralSent:
    """Referrer to deciding authority: please decide on this person's status."""

    handover_id: Ref
    shared_ref: Ref
    region: Region
    age_band: AgeBand
    sex: Sex
    language: Language
    detection_channel: Channel
    indicators: Indicators
    exploitation_forms: Forms
    immediate_needs: Needs
    minor: bool
    submitted_on: Day


@event(version=1, audience=Audience.NOTICE, sensitivity=1)
@dataclass(frozen=True, slots=True)
class ReferralAnswered:
    """Deciding authority to referrer: taken up, or sent back because something is missing."""

    handover_id: Ref
    shared_ref: Ref
    answer: ReferralAnswer
    missing: Missing


@event(version=1, audience=Audience.NOTICE, sensitivity=2)
@dataclass(frozen=True, slots=True)
class StatusNotified:
    """A stage was decided, or a status taken away; ``final`` when no further stage follows by itself.

    ``exit_on`` is the last day of the support that runs out after the decision; absent where the policy sets none.
    """

    handover_id: Ref
    stage: Stage
    outcome: StatusOutcome
    final: bool
    decided_on: Day
    exit_on: Day | None = None


@event(version=1, audience=Audience.NOTICE, sensitivity=2)
@dataclass(frozen=True, slots=True)
class RecoveryNotified:
    """The recovery and reflection period began, was made longer or ended; ``ends_on`` is its last day as of now."""

    handover_id: Ref
    change: RecoveryChange
    starts_on: Day
    ends_on: Day


@event(version=1, audience=Audience.NOTICE, sensitivity=2)
@dataclass(frozen=True, slots=True)
class AssistanceRequested:
    """Identification to an assistance agency: please offer help to this person."""

    handover_id: Ref
    region: Region
    age_band: AgeBand
    sex: Sex
    language: Language
    minor: bool
    needs: Needs
    requested_on: Day


@event(version=1, audience=Audience.NOTICE, sensitivity=2)
@dataclass(frozen=True, slots=True)
class ProfileCorrectedNotified:
    """What you were told of the person you know under this handover was wrong; this is right."""

    handover_id: Ref
    region: Region
    age_band: AgeBand
    sex: Sex
    language: Language


@event(version=1, audience=Audience.NOTICE, sensitivity=2)
@dataclass(frozen=True, slots=True)
class ConsentNotified:
    """To every agency that received something under a consent of that scope: it changed.

    A ``given`` opens nothing by itself: the receiver asks for its own consent.
    """

    handover_id: Ref
    scope: Scope
    change: ConsentChange
    effective_on: Day


@event(version=1, audience=Audience.NOTICE, sensitivity=2)
@dataclass(frozen=True, slots=True)
class RecordsMergedNotified:
    """To an agency that knows both records: they are one person's, or turned out to be two persons'."""

    handover_id: Ref
    other_handover_id: Ref
    change: MergeChange


@event(version=1, audience=Audience.NOTICE, sensitivity=2)
@dataclass(frozen=True, slots=True)
class VictimReported:
    """Identification to prosecution: this person may be the victim of an offence.

    ``participation_consented`` says whether the person agrees to take part in proceedings; without it the person must
    not be approached. ``incident_shared_ref`` is the same for all persons of one incident reported to one agency.
    """

    handover_id: Ref
    region: Region
    minor: bool
    exploitation_forms: Forms
    reported_on: Day
    participation_consented: bool
    incident_shared_ref: Ref | None = None


@event(version=1, audience=Audience.NOTICE, sensitivity=1)
@dataclass(frozen=True, slots=True)
class IncidentVoidedNotified:
    """To every agency that was told of the incident: it was recorded in error (GDPR art. 19).

    It names the incident as VictimReported did, and nobody. The reports of persons stand.
    """

    incident_shared_ref: Ref
    reason: Annotated[str, Code("correction_reason")]
    voided_on: Day
