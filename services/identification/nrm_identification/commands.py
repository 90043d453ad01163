"""The table of commands: what each one reads to decide, what is minted for it, what of it is sealed."""

from collections.abc import Callable

from nrm_identification.domain import (
    aftermath,
    child,
    consent,
    correcting,
    deciding,
    describing,
    detection,
    findings,
    incident,
    merging,
    permits,
    recovery,
    referral,
    sharing,
)
from nrm_identification.domain.command import AboutPerson
from nrm_identification.domain.state import incident as incidents
from nrm_identification.domain.state import person as persons
from nrm_kernel.decider import Decision, Streams
from nrm_kernel.service import Write

DETECTED_DATA = {
    "identity": "identity",
    "documents": "documents",
    "contact": "contact",
    "location": "location",
    "narrative": "narrative",
}


def _the_person(command: AboutPerson) -> Streams:
    return [persons.at(command.person_ref)]


def _both_persons(command: merging.OfRecords) -> Streams:
    return [persons.at(command.person_ref), persons.at(command.absorbed_ref)]


def _child_and_guardian(command: child.AppointGuardian) -> Streams:
    guardian = command.guardian_person_ref
    return [persons.at(command.person_ref), *([persons.at(guardian)] if guardian else [])]


def _person_and_incident(command: incident.LinkPersonToIncident) -> Streams:
    return [persons.at(command.person_ref), incidents.at(command.incident_id)]


def _person_and_any_incident(command: sharing.ReportVictim) -> Streams:
    incident_id = command.incident_id
    return [persons.at(command.person_ref), *([incidents.at(incident_id)] if incident_id else [])]


def _person_and_named_incidents(command: referral.SubmitReferral) -> Streams:
    return [persons.at(command.person_ref), *(incidents.at(one) for one in dict.fromkeys(command.incident_ids))]


def _the_incident(command: incident.OpenIncident | incident.RecordIncidentRoute | incident.VoidIncident) -> Streams:
    return [incidents.at(command.incident_id)]


def _on_person(command: type[AboutPerson], decide: Callable[..., Decision]) -> Write:
    """A command that mints and seals nothing and reads the person alone."""
    return Write(command, decide, _the_person)


PERSONS = (
    Write(detection.DetectPerson, detection.detect_person, _the_person, minted=("person_ref",), sealed=DETECTED_DATA),
    _on_person(describing.CorrectDetection, describing.correct_detection),
    Write(detection.Screen, detection.screen, _the_person, sealed={"interview": "interview"}),
    _on_person(findings.CorrectScreening, findings.correct_screening),
    _on_person(detection.NotifyAnonymously, detection.notify_anonymously),
    Write(merging.MergePersonRecords, merging.merge_person_records, _both_persons),
    Write(merging.UnmergePersonRecords, merging.unmerge_person_records, _both_persons),
    Write(merging.ConfirmRecordsChange, merging.confirm_records_change, _both_persons),
)

CONSENTS = (
    Write(consent.GiveConsent, consent.give_consent, _the_person, minted=("consent_id",)),
    _on_person(consent.RefuseConsent, consent.refuse_consent),
    _on_person(consent.RevokeConsent, consent.revoke_consent),
)

CHILDREN = (
    _on_person(child.PresumeMinor, child.presume_minor),
    _on_person(child.DisputeAge, child.dispute_age),
    Write(child.AssessAge, child.assess_age, _the_person, sealed={"narrative": "narrative"}),
    Write(
        child.AppointGuardian,
        child.appoint_guardian,
        _child_and_guardian,
        minted=("guardian_ref",),
        sealed={"family": "family"},
    ),
    _on_person(child.RecordGuardianConflict, child.record_guardian_conflict),
)

REFERRALS = (
    Write(
        referral.SubmitReferral,
        referral.submit_referral,
        _person_and_named_incidents,
        minted=("referral_id", "shared_ref", "new_handover_id"),
        sealed={"narrative": "narrative"},
    ),
    _on_person(referral.AcknowledgeReferral, referral.acknowledge_referral),
    _on_person(referral.ReturnReferral, referral.return_referral),
)

DECISIONS = (
    Write(deciding.DecideStage, deciding.decide_stage, _the_person, sealed={"narrative": "narrative"}),
    _on_person(deciding.ConfirmStage, deciding.confirm_stage),
    _on_person(deciding.TellDecision, deciding.tell_decision),
    _on_person(correcting.CorrectStage, correcting.correct_stage),
    _on_person(aftermath.RequestReconsideration, aftermath.request_reconsideration),
    _on_person(aftermath.DisqualifyPerson, aftermath.disqualify_person),
    _on_person(aftermath.RevokeStatus, aftermath.revoke_status),
    _on_person(aftermath.ExpireStatus, aftermath.expire_status),
    _on_person(permits.IssueResidencePermit, permits.issue_residence_permit),
    _on_person(permits.EndResidencePermit, permits.end_residence_permit),
    _on_person(recovery.StartRecovery, recovery.start_recovery),
    _on_person(recovery.ExtendRecovery, recovery.extend_recovery),
    _on_person(recovery.EndRecovery, recovery.end_recovery),
)

SHARING = (
    Write(sharing.RequestAssistance, sharing.request_assistance, _the_person, minted=("new_handover_id",)),
    Write(
        sharing.ReportVictim,
        sharing.report_victim,
        _person_and_any_incident,
        minted=("new_handover_id", "new_incident_shared_ref"),
    ),
)

INCIDENTS = (
    Write(incident.OpenIncident, incident.open_incident, _the_incident, minted=("incident_id",)),
    Write(incident.LinkPersonToIncident, incident.link_person_to_incident, _person_and_incident),
    Write(incident.RecordIncidentRoute, incident.record_incident_route, _the_incident),
    Write(incident.VoidIncident, incident.void_incident, _the_incident),
)

COMMANDS = (*PERSONS, *CONSENTS, *CHILDREN, *REFERRALS, *DECISIONS, *SHARING, *INCIDENTS)
