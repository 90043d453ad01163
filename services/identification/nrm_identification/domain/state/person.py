"""The state of a person stream: everything that this agency holds on one person, without personal data."""

from dataclasses import dataclass, field
from datetime import date

from immutables import Map

from nrm_contracts.identification.incident_events import PersonLinkedToIncident
from nrm_contracts.identification.joined_events import OtherContactLossReceived, OtherVictimChargeReceived
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
from nrm_contracts.identification.referral_events import ReferralReceived, ReferralSubmitted
from nrm_contracts.identification.sharing_events import (
    AssistanceAsked,
    ContactLossReceived,
    ContactReturnReceived,
    VictimChargeReceived,
    VictimReportMade,
)
from nrm_contracts.identification.status_events import (
    RecoveryPeriodEnded,
    RecoveryPeriodExtended,
    RecoveryPeriodStarted,
    RemovalSuspended,
    RemovalSuspensionEnded,
    ResidencePermitEnded,
    ResidencePermitIssued,
)
from nrm_contracts.record.events import HandoverMinted, HandoverReceived
from nrm_identification.domain.state import childhood, consents, deadlines, referrals, safety, steps
from nrm_identification.domain.state.childhood import Childhood
from nrm_identification.domain.state.consents import Consents
from nrm_identification.domain.state.deadlines import Deadlines
from nrm_identification.domain.state.phase import phase_after
from nrm_identification.domain.state.referrals import Referrals
from nrm_identification.domain.state.safety import Safety
from nrm_kernel.changing import replace
from nrm_kernel.decider import At, Fold
from nrm_kernel.errors import NotFound, Refused


@dataclass(frozen=True, slots=True)
class Profile:
    """What a notice about the person says, coarsely enough for the log."""

    region: str
    sex: str
    language: str
    detection_channel: str
    immediate_needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recovery:
    """The newest recovery period; ``ends_on`` is its last day, ``bars_removal`` while it suspends a removal."""

    referral_id: str
    starts_on: date
    minimum_on: date
    ends_on: date
    running: bool = True
    bars_removal: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """A person as this agency knows them; without a profile, not at all. ``version`` is the stream's.

    ``detected`` reads as it was corrected last, in the entry with which the stream had the version ``detected_at``.
    ``screening`` is the newest, likewise; ``screening_told``: other agencies or the figures rest on what it found.
    ``first_step_on`` is the earliest day on which anything was done for them after that.
    """

    person_ref: str = ""
    version: int = 0
    profile: Profile | None = None
    phase: str = ""
    detected: PersonDetected | None = None
    detected_at: int = 0
    screening: ScreeningCompleted | None = None
    screened_at: int = 0
    screening_told: bool = False
    first_step_on: date | None = None
    childhood: Childhood = field(default_factory=Childhood)
    consents: Consents = field(default_factory=Consents)
    referrals: Referrals = field(default_factory=Referrals)
    deadlines: Deadlines = Map()
    resting: Deadlines = Map()
    recovery: Recovery | None = None
    permit: ResidencePermitIssued | None = None
    asked: Map[str, AssistanceAsked] = Map()
    reported: Map[str, VictimReportMade] = Map()
    incidents: Map[str, frozenset[str]] = Map()
    safety: Safety = field(default_factory=Safety)
    handovers: Map[str, str] = Map()
    missing: ContactLossReceived | None = None
    charge: VictimChargeReceived | None = None
    merged_into: str | None = None
    absorbed: Map[str, PersonRecordsMerged] = Map()
    proposed: Map[str, RecordsChangeProposed] = Map()

    @property
    def missing_since(self) -> date | None:
        """The day on which contact was lost, as long as it is."""
        return self.missing.lost_on if self.missing else None

    @property
    def charged_on(self) -> date | None:
        """The day on which the person was charged with an offence."""
        return self.charge.charged_on if self.charge else None

    @property
    def owed(self) -> Deadlines:
        """Every deadline of this record, also those that rest with it."""
        return self.deadlines.update(self.resting)

    @property
    def granted(self) -> bool:
        """Something that was granted here has not ended: a recovery period, a status or a permit to stay."""
        recovers = self.recovery is not None and self.recovery.running
        confirmed = any(one.here and one.phase == "confirmed" for one in self.referrals.by_id.values())
        return recovers or confirmed or self.permit is not None


Detected = PersonDetected | SuggestionReceived | ReferralReceived


def evolve(person: Person, event: object) -> Person:
    """The person after an event: each part looks at it."""
    resting, live, version = person.resting, person.deadlines, person.version + 1
    return replace(
        _described(_own_part(person, event), event, version),
        version=version,
        phase=phase_after(event) or person.phase,
        childhood=childhood.evolve(person.childhood, event),
        consents=consents.evolve(person.consents, event),
        referrals=referrals.evolve(person.referrals, event, version),
        deadlines=deadlines.evolve(live, event),
        resting=deadlines.rest(resting, live, event) if person.merged_into else resting,
        recovery=_recovery(person.recovery, event),
        permit=_permit(person.permit, event),
        safety=safety.evolve(person.safety, event),
        first_step_on=steps.first_on(person.first_step_on, person.detected, event),
    )


def _described(person: Person, event: object, version: int) -> Person:
    """What is written down of the person, and where."""
    match event:
        case PersonDetected():
            return replace(person, detected=event, detected_at=version)
        case DetectionCorrected():
            return replace(person, detected=_right(person, event), detected_at=version, profile=_redrawn(person, event))
        case ProfileCorrectionReceived():
            return replace(person, profile=_redrawn(person, event))
        case ScreeningCompleted():
            return replace(person, screening=event, screened_at=version, screening_told=False)
        case ScreeningCorrected():
            return replace(person, screening=_as_found(event), screened_at=version)
        case ReferralSubmitted() | AnonymousNotificationMade():
            return replace(person, screening_told=True)
        case _:
            return person


def _as_found(event: ScreeningCorrected) -> ScreeningCompleted:
    return ScreeningCompleted(
        person_ref=event.person_ref,
        tool=event.tool,
        tool_version=event.tool_version,
        indicators=event.indicators,
        acts=event.acts,
        means=event.means,
        purposes=event.purposes,
        exploitation_forms=event.exploitation_forms,
        outcome=event.outcome,
        screened_on=event.happened_on,
    )


def _right(person: Person, event: DetectionCorrected) -> PersonDetected:
    assert person.detected, "only what was written down is corrected"
    return PersonDetected(
        person_ref=event.person_ref,
        detection_channel=event.detection_channel,
        region=event.region,
        age_band=event.age_band,
        sex=event.sex,
        minor_claimed=event.minor_claimed,
        language=event.language,
        immediate_needs=person.detected.immediate_needs,
        detected_on=event.happened_on,
    )


def _redrawn(person: Person, event: DetectionCorrected | ProfileCorrectionReceived) -> Profile | None:
    if person.profile is None:
        return None
    channel = event.detection_channel if isinstance(event, DetectionCorrected) else person.profile.detection_channel
    return Profile(event.region, event.sex, event.language, channel, person.profile.immediate_needs)


def _own_part(person: Person, event: object) -> Person:
    match event:
        case PersonDetected() | SuggestionReceived() | ReferralReceived():
            return replace(person, person_ref=event.person_ref, profile=_profile(person.profile, event))
        case HandoverMinted():
            return replace(person, handovers=person.handovers.set(event.to, event.handover_id))
        case HandoverReceived():
            return replace(person, handovers=person.handovers.set(event.sender, event.handover_id))
        case AssistanceAsked():
            return replace(person, asked=person.asked.set(event.to, event))
        case VictimReportMade():
            return replace(person, reported=person.reported.set(event.to, event))
        case VictimChargeReceived():
            return replace(person, charge=event)
        case ContactLossReceived():
            return replace(person, missing=event)
        case ContactReturnReceived():
            return replace(person, missing=None)
        case _:
            return _linked(person, event)


def _linked(person: Person, event: object) -> Person:
    match event:
        case PersonLinkedToIncident():
            roles = person.incidents.get(event.incident_id, frozenset()) | {event.role}
            return replace(person, incidents=person.incidents.set(event.incident_id, roles))
        case RecordsChangeProposed():
            return replace(person, proposed=person.proposed.set(event.absorbed_ref, event))
        case PersonRecordsMerged():
            settled = replace(person, proposed=_without(person.proposed, event.absorbed_ref))
            return replace(settled, absorbed=person.absorbed.set(event.absorbed_ref, event))
        case PersonRecordsUnmerged():
            settled = replace(
                _alone(person, event.absorbed_ref), proposed=_without(person.proposed, event.absorbed_ref)
            )
            return replace(settled, absorbed=person.absorbed.delete(event.absorbed_ref))
        case PersonRecordAbsorbed():
            return replace(person, merged_into=event.into_ref)
        case PersonRecordReleased():
            return replace(person, merged_into=None)
        case _:
            return person


def is_of(other: str, fact: ContactLossReceived | VictimChargeReceived | None) -> bool:
    """Whether that was told of the other record, and counts here for as long as the two are one."""
    return isinstance(fact, OtherContactLossReceived | OtherVictimChargeReceived) and fact.told_for == other


def _alone(person: Person, other: str) -> Person:
    """Without what was told of a record that is another person's after all."""
    missing, charge = person.missing, person.charge
    return replace(
        person,
        missing=None if is_of(other, missing) else missing,
        charge=None if is_of(other, charge) else charge,
    )


def _without(proposed: Map[str, RecordsChangeProposed], absorbed_ref: str) -> Map[str, RecordsChangeProposed]:
    return proposed.delete(absorbed_ref) if absorbed_ref in proposed else proposed


def _profile(known: Profile | None, event: Detected) -> Profile:
    """A suggestion says least, so it changes nothing that is known."""
    if isinstance(event, SuggestionReceived):
        return known or Profile(event.region, event.sex, event.language, "outreach", ("not_asked",))
    return Profile(event.region, event.sex, event.language, event.detection_channel, event.immediate_needs)


def _recovery(recovery: Recovery | None, event: object) -> Recovery | None:
    match event, recovery:
        case RecoveryPeriodStarted(), _:
            return Recovery(event.referral_id, event.starts_on, event.minimum_on, event.ends_on)
        case RecoveryPeriodExtended(), Recovery():
            return replace(recovery, ends_on=event.ends_on)
        case RecoveryPeriodEnded(), Recovery():
            return replace(recovery, running=False)
        case RemovalSuspended() | RemovalSuspensionEnded(), Recovery():
            return replace(recovery, bars_removal=isinstance(event, RemovalSuspended))
        case _:
            return recovery


def _permit(permit: ResidencePermitIssued | None, event: object) -> ResidencePermitIssued | None:
    match event:
        case ResidencePermitIssued():
            return event
        case ResidencePermitEnded():
            return None
        case _:
            return permit


PERSON: Fold[Person, object] = Fold("person", Person(), evolve)


def at(person_ref: str) -> At[Person, object]:
    """The stream of that person."""
    return At(PERSON, person_ref)


def profile_of(person: Person) -> Profile:
    """What is known of a person. Raises NotFound when this agency knows no such person."""
    if person.profile is None:
        raise NotFound
    return person.profile


def current_profile(person: Person) -> Profile:
    """As :func:`profile_of`, and refused with PERSON_MERGED when the person goes on under another record."""
    profile = profile_of(person)
    if person.merged_into is not None:
        raise Refused(
            "PERSON_MERGED",
            f"The record of person {person.person_ref} rests: the person goes on under {person.merged_into}. "
            "Nothing was saved. Send the command for that record.",
            person_ref=person.person_ref,
            merged_into=person.merged_into,
        )
    return profile
