"""What an assistance agency records of a case: opened, offered, consented, closed; status as told; deadlines."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from nrm_contracts.assistance.care_events import FollowUpMonth
from nrm_contracts.catalogue import Audience, event
from nrm_contracts.fields import Code, Day, Origin, Ref

StatusOutcome = Literal["positive", "negative", "disqualified", "revoked", "expired"]
"""What a stage decision came to, or what became of a status afterwards."""

Entitlement = Literal["need", "presumed", "confirmed", "ending"]
"""On what ground help is owed: need alone, presumed victim, victim, or a status that has ended or was not granted."""

EventName = Annotated[str, Field(pattern=r"^[A-Z][A-Za-z]{2,63}$")]
"""The fact from which a deadline runs."""

RuleId = Annotated[str, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z._/-]{0,63}$")]
"""A rule of the national policy: the policy's version and the key in it; or what an officer set, ``officer/set``."""

# Opening a case


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class PersonRegistered:
    """This agency knows a person now, with or without any referral or status. Name and contact are sealed."""

    person_ref: Ref
    region: Annotated[str, Code("iso_3166_2")]
    age_band: Annotated[str, Code("age_band")]
    sex: Annotated[str, Code("sex")]
    language: Annotated[str, Code("iso_639_2")]
    minor: bool
    detection_channel: Annotated[str, Code("detection_channel")]
    registered_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class RequestReceived:
    """Another agency asked for help for a person."""

    person_ref: Ref
    handover_id: Ref
    requester: Origin
    needs: tuple[Annotated[str, Code("immediate_need")], ...]
    requested_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class ProfileCorrected:
    """The agency that described the person put its description right; whether they are a child is not in question."""

    person_ref: Ref
    region: Annotated[str, Code("iso_3166_2")]
    age_band: Annotated[str, Code("age_band")]
    sex: Annotated[str, Code("sex")]
    language: Annotated[str, Code("iso_639_2")]


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class CaseOpened:
    """The one open case of a person at this agency; ``owner`` answers for its deadlines."""

    person_ref: Ref
    case_id: Ref
    source: Annotated[str, Code("assistance_case_source")]
    needs: tuple[Annotated[str, Code("immediate_need")], ...]
    owner: Origin
    opened_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class AssistanceOffered:
    """The person was told what help there is."""

    person_ref: Ref
    services: tuple[Annotated[str, Code("service_code")], ...]
    offered_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class AssistanceAccepted:
    """The person, or a child's guardian, said yes; ``consent_id`` names the consent given with it."""

    person_ref: Ref
    consent_id: Ref
    accepted_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class AssistanceDeclined:
    """The person said no, and why. The case ends; another may be opened at any time."""

    person_ref: Ref
    case_id: Ref
    reason: Annotated[str, Code("decline_reason")]
    declined_on: Day


# Consent


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class ConsentGiven:
    """A consent that the person gave to this agency; ``share_with`` names the one receiver of that scope."""

    person_ref: Ref
    consent_id: Ref
    scope: Annotated[str, Code("consent_scope")]
    informed_points: tuple[Annotated[str, Code("iom_informed_point")], ...]
    interpreter_used: bool
    given_by: Annotated[str, Code("consent_giver")]
    given_on: Day
    share_with: Origin | None = None
    expires_on: Day | None = None


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class ConsentRevoked:
    """From ``effective_on`` nothing may rest on this consent."""

    person_ref: Ref
    consent_id: Ref
    effective_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class SharedConsentChanged:
    """The person changed, at another agency, a consent under which that agency told this one."""

    person_ref: Ref
    sender: Origin
    scope: Annotated[str, Code("consent_scope")]
    change: Annotated[str, Code("consent_change")]
    effective_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class ReferralSuggestionMade:
    """With consent, a person was suggested to an identification agency, which asks them itself."""

    person_ref: Ref
    to: Origin
    suggested_on: Day
    consent_id: Ref | None = None


# Closing and handing on


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class TransferOffered:
    """With consent, another assistance agency was asked to take over."""

    person_ref: Ref
    to: Origin
    consent_id: Ref
    offered_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class TransferAnswered:
    """What the other assistance agency, or the person there, said."""

    person_ref: Ref
    to: Origin
    answer: Annotated[str, Code("assistance_answer")]
    answered_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class CaseClosed:
    """The case ended. The person may come back at any time."""

    person_ref: Ref
    case_id: Ref
    outcome: Annotated[str, Code("closing_outcome")]
    goals_reached: tuple[Annotated[str, Code("goal_code")], ...]
    closed_on: Day


# Status and recovery, as the deciding authority told them


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class StatusRecorded:
    """A stage decision that this agency was told of."""

    person_ref: Ref
    authority: Origin
    stage: int
    outcome: StatusOutcome
    final: bool
    decided_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class EntitlementChanged:
    """What the person's help rests on in law, after a status decision. It takes nothing away at once."""

    person_ref: Ref
    entitlement: Entitlement
    changed_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class ExitPlanStarted:
    """Support that rests on status runs out on ``exit_on``; until then it goes on and other help is sought."""

    person_ref: Ref
    started_on: Day
    exit_on: Day | None = None


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class ExitPlanLifted:
    """A later decision took the end of support away."""

    person_ref: Ref
    lifted_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class RecoveryRecorded:
    """A recovery period that this agency was told of (Council of Europe Convention 197, art. 13)."""

    person_ref: Ref
    change: Annotated[str, Code("recovery_change")]
    starts_on: Day
    ends_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class RecordsMerged:
    """Two persons known here were found to be one, or that was taken back. Recorded with each of the two."""

    person_ref: Ref
    other_ref: Ref
    change: Annotated[str, Code("merge_change")]


# Deadlines, as data


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class DeadlineSet:
    """Something is due; a later one of the same kind and month replaces it. ``due_on`` absent: policy sets no day."""

    person_ref: Ref
    kind: Annotated[str, Code("deadline_kind")]
    anchor: EventName
    anchor_on: Day
    rule_id: RuleId
    owner: Origin
    month: FollowUpMonth | None = None
    due_on: Day | None = None


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class DeadlineMet:
    """What was due was done, in time or late."""

    person_ref: Ref
    kind: Annotated[str, Code("deadline_kind")]
    met_on: Day
    month: FollowUpMonth | None = None


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class DeadlineLifted:
    """What was due is due no more."""

    person_ref: Ref
    kind: Annotated[str, Code("deadline_kind")]
    lifted_on: Day
    month: FollowUpMonth | None = None
