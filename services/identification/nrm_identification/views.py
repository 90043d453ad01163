"""Lists of this agency's own: persons with their phase, what is due, who was part of which incident."""

from collections.abc import Iterator

from sqlalchemy import Column, MetaData, String, Table

from nrm_contracts.identification.events import (
    AgeAssessed,
    DeadlineLifted,
    DeadlineMet,
    DeadlineSet,
    DetectionCorrected,
    PersonDetected,
    PersonLinkedToIncident,
    PersonRecordAbsorbed,
    PersonRecordReleased,
    ProfileCorrectionReceived,
    ReferralReceived,
    SuggestionReceived,
)
from nrm_identification.domain.state.phase import phase_after
from nrm_kernel.entry import Entry
from nrm_kernel.views import Change, Put, Remove, View

METADATA = MetaData()

PERSON = Table(
    "identification_person",
    METADATA,
    Column("person_ref", String, primary_key=True),
    Column("phase", String, index=True),
    Column("region", String, index=True),
    Column("age_band", String),
    Column("sex", String),
    Column("detection_channel", String),
    Column("merged_into", String),
)
"""``merged_into`` is the record under which the person goes on, while this one rests."""

DEADLINE = Table(
    "identification_deadline",
    METADATA,
    Column("person_ref", String, primary_key=True),
    Column("kind", String, primary_key=True),
    Column("about", String, primary_key=True),
    Column("due_on", String, index=True),
    Column("owner", String),
    Column("rule_id", String),
)

PART = Table(
    "identification_part",
    METADATA,
    Column("incident_id", String, primary_key=True),
    Column("person_ref", String, primary_key=True),
    Column("role", String, primary_key=True),
)


def apply(entry: Entry) -> Iterator[Change]:
    """What an entry changes in the lists. Notices change none: what they tell stands in a fact too."""
    if entry.to:
        return
    event = entry.event
    yield from _known(event)
    yield from _due(event)
    if (phase := phase_after(event)) is not None:
        yield Put(PERSON, {"person_ref": entry.stream.removeprefix("person-"), "phase": phase})
    if isinstance(event, PersonLinkedToIncident):
        yield Put(PART, {"incident_id": event.incident_id, "person_ref": event.person_ref, "role": event.role})


def _known(event: object) -> Iterator[Change]:
    match event:
        case PersonDetected() | ReferralReceived():
            profile = {"region": event.region, "age_band": event.age_band, "sex": event.sex}
            yield Put(PERSON, {"person_ref": event.person_ref, **profile, "detection_channel": event.detection_channel})
        case SuggestionReceived():
            profile = {"region": event.region, "age_band": event.age_band, "sex": event.sex}
            yield Put(PERSON, {"person_ref": event.person_ref, **profile, "detection_channel": "outreach"})
        case DetectionCorrected() | ProfileCorrectionReceived():
            profile = {"region": event.region, "age_band": event.age_band, "sex": event.sex}
            found = {"detection_channel": event.detection_channel} if isinstance(event, DetectionCorrected) else {}
            yield Put(PERSON, {"person_ref": event.person_ref, **profile, **found})
        case PersonRecordAbsorbed():
            yield Put(PERSON, {"person_ref": event.person_ref, "merged_into": event.into_ref})
        case PersonRecordReleased():
            yield Put(PERSON, {"person_ref": event.person_ref, "merged_into": None})
        case AgeAssessed():
            yield Put(PERSON, {"person_ref": event.person_ref, "age_band": event.result_band})


def _due(event: object) -> Iterator[Change]:
    match event:
        case DeadlineSet():
            row = {"kind": event.kind, "about": event.about, "owner": event.owner, "rule_id": event.rule_id}
            due_on = event.due_on.isoformat() if event.due_on else None
            yield Put(DEADLINE, {"person_ref": event.person_ref, **row, "due_on": due_on})
        case DeadlineMet() | DeadlineLifted():
            key = {"person_ref": event.person_ref, "kind": event.kind, "about": event.about}
            yield Remove(DEADLINE, key)


VIEWS = (View("identification", 1, METADATA, apply),)
