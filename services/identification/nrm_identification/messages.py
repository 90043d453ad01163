"""States and rows as messages of the contract; nothing is decided or looked up here."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Row

from nrm_contracts.identification.v1 import queries_pb2
from nrm_identification.domain.state.incident import Incident
from nrm_identification.domain.state.person import Person, profile_of
from nrm_kernel.errors import NotFound


def person_message(person: Person, version: int, standing: Collection[str]) -> queries_pb2.GetPersonResponse:
    """All that this agency holds on a person; of their incidents those that stand. Raises NotFound for a person
    unknown here.
    """
    guardian, recovery = person.childhood.guardian, person.recovery
    return queries_pb2.GetPersonResponse(
        person=summary_message(_columns(person)),
        treated_as_child=person.childhood.is_child,
        guardian_ref=guardian.guardian_ref if guardian else "",
        consents=_consents(person),
        denied_scopes=sorted({scope for scope, _agency in person.consents.denied}),
        referrals=_referrals(person),
        recovery=queries_pb2.Recovery(
            referral_id=recovery.referral_id,
            starts_on=_day(recovery.starts_on),
            ends_on=_day(recovery.ends_on),
            running=recovery.running,
        )
        if recovery
        else None,
        incidents=[
            queries_pb2.IncidentPart(incident_id=incident_id, roles=sorted(roles))
            for incident_id, roles in sorted(person.incidents.items())
            if incident_id in standing
        ],
        deadlines=_deadlines(person),
        told=sorted({*person.asked, *person.reported}),
        missing_since=_day(person.missing_since),
        charged_on=_day(person.charged_on),
        merged_into=person.merged_into or "",
        absorbed_refs=sorted(person.absorbed),
        version=version,
    )


def _columns(person: Person) -> dict[str, str]:
    profile = profile_of(person)
    return {
        "person_ref": person.person_ref,
        "phase": person.phase,
        "region": profile.region,
        "age_band": person.childhood.band,
        "sex": profile.sex,
        "detection_channel": profile.detection_channel,
    }


def summary_message(columns: Mapping[str, str | None]) -> queries_pb2.Person:
    """What lists show of a person; ``columns`` are those of the view."""
    return queries_pb2.Person(**{name: value or "" for name, value in columns.items()})


def _consents(person: Person) -> Iterable[queries_pb2.Consent]:
    for consent in sorted(person.consents.given.values(), key=lambda one: (one.scope, one.share_with or "")):
        yield queries_pb2.Consent(
            consent_id=consent.consent_id,
            scope=consent.scope,
            share_with=consent.share_with or "",
            given_on=_day(consent.given_on),
            expires_on=_day(consent.expires_on),
        )


def _referrals(person: Person) -> Iterable[queries_pb2.Referral]:
    for referral in sorted(person.referrals.by_id.values(), key=lambda one: (one.submitted_on, one.referral_id)):
        yield queries_pb2.Referral(
            referral_id=referral.referral_id,
            peer=referral.peer,
            here=referral.here,
            phase=referral.phase,
            stage=referral.stage,
            proposed=referral.proposal is not None,
            submitted_on=_day(referral.submitted_on),
            decided_on=_day(referral.decided.decided_on if referral.decided else None),
            corrected=referral.corrected,
        )


def _deadlines(person: Person) -> Iterable[queries_pb2.Deadline]:
    for _key, deadline in sorted(person.deadlines.items()):
        yield queries_pb2.Deadline(
            kind=deadline.kind,
            about=deadline.about,
            due_on=_day(deadline.due_on),
            owner=deadline.owner,
            rule_id=deadline.rule_id,
        )


def deadline_message(row: Row[Any]) -> queries_pb2.PersonDeadline:
    """What is due, from a row of the view."""
    due = queries_pb2.Deadline(
        kind=row.kind, about=row.about, due_on=row.due_on or "", owner=row.owner, rule_id=row.rule_id
    )
    return queries_pb2.PersonDeadline(person_ref=row.person_ref, deadline=due)


def incident_message(incident: Incident, version: int) -> queries_pb2.GetIncidentResponse:
    """An incident without the persons it touched. Raises NotFound for an incident unknown here."""
    opened = incident.opened
    if opened is None:
        raise NotFound
    return queries_pb2.GetIncidentResponse(
        incident_id=opened.incident_id,
        region=opened.region,
        exploitation_forms=opened.exploitation_forms,
        industry=opened.industry or "",
        opened_on=_day(opened.opened_on),
        route=[
            queries_pb2.RouteLeg(
                leg=leg.leg,
                country=leg.country,
                region=leg.region or "",
                from_on=_day(leg.from_on),
                to_on=_day(leg.to_on),
            )
            for leg in incident.route
        ],
        version=version,
        voided_on=_day(incident.voided.voided_on if incident.voided else None),
    )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
