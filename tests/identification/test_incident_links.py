"""Incidents and persons are many to many; a route has its legs in order."""

from hypothesis import given
from hypothesis import strategies as st
from tests.identification.scene import AUTHORITY, DAY, OTHER_PROSECUTOR, PROSECUTOR, after, ref
from tests.identification.story import World

from nrm_contracts.identification.events import (
    IncidentOpened,
    IncidentRouteRecorded,
    IncidentVoided,
    IncidentVoidedNotified,
    VictimReported,
)
from nrm_identification.domain.consent import RevokeConsent
from nrm_identification.domain.incident import LinkPersonToIncident, OpenIncident, RecordIncidentRoute, VoidIncident
from nrm_identification.domain.referral import SubmitReferral
from nrm_identification.domain.sharing import ReportVictim
from nrm_identification.domain.state.incident import INCIDENT, at
from nrm_kernel.errors import NotFound

PROSECUTORS = (PROSECUTOR, OTHER_PROSECUTOR)


@given(st.sets(st.tuples(st.integers(0, 2), st.integers(0, 2), st.sampled_from(["victim", "witness"]))))
def test_any_person_may_have_any_part_in_any_incident_once(links: set[tuple[int, int, str]]) -> None:
    world = World()
    persons = [world.detected() for _ in range(3)]
    incidents = [world.police.do(OpenIncident, region="GB-LND").incident_id for _ in range(3)]
    for person, incident, role in links:
        asked = {"person_ref": persons[person], "incident_id": incidents[incident], "role": role}
        world.police.do(LinkPersonToIncident, **asked)
        assert world.police.refused(LinkPersonToIncident, **asked) == "LINKED_ALREADY"
    for number, person_ref in enumerate(persons):
        parts = world.police.person(person_ref).incidents
        found = {(incidents.index(one), role) for one, roles in parts.items() for role in roles}
        assert found == {(incident, role) for person, incident, role in links if person == number}


def test_given_no_such_incident_when_linked_then_not_found() -> None:
    world = World()
    asked = {"person_ref": world.detected(), "incident_id": ref(99), "role": "victim"}
    assert world.police.refused(LinkPersonToIncident, **asked) == NotFound().reason


def test_given_an_open_incident_when_opened_again_then_refused() -> None:
    world = World()
    incident_id = world.police.do(OpenIncident, region="GB-LND").incident_id
    assert world.police.refused(OpenIncident, incident_id=incident_id, region="GB-LND") == "INCIDENT_KNOWN"


def test_given_legs_when_recorded_then_kept_in_order() -> None:
    world = World()
    incident_id = world.police.do(OpenIncident, region="GB-LND").incident_id
    leg = {"incident_id": incident_id, "leg": "transit", "country": "KZ"}
    world.police.do(RecordIncidentRoute, incident_id=incident_id, leg="recruitment", country="VN", to_on=after(-90))
    world.police.do(RecordIncidentRoute, region="KZ-10", from_on=after(-80), to_on=after(-70), **leg)
    route = world.police.state(at(incident_id)).route
    assert [(one.leg, one.country) for one in route] == [("recruitment", "VN"), ("transit", "KZ")]
    assert all(isinstance(one, IncidentRouteRecorded) for one in route)


def test_given_a_region_elsewhere_or_days_the_wrong_way_round_when_recorded_then_refused() -> None:
    world = World()
    incident_id = world.police.do(OpenIncident, region="GB-LND").incident_id
    leg = {"incident_id": incident_id, "leg": "exploitation", "country": "GB"}
    assert world.police.refused(RecordIncidentRoute, region="KZ-10", **leg) == "REGION_ELSEWHERE"
    days = {"from_on": after(0), "to_on": after(-1)}
    assert world.police.refused(RecordIncidentRoute, **leg, **days) == "ENDS_BEFORE_START"


def test_given_no_incident_when_a_leg_is_recorded_then_not_found() -> None:
    leg = {"incident_id": ref(99), "leg": "exploitation", "country": "GB"}
    assert World().police.refused(RecordIncidentRoute, **leg) == NotFound().reason


def test_given_an_incident_recorded_in_error_when_voided_then_it_stays_on_record_and_nothing_more_rests_on_it() -> None:
    world = World()
    person_ref = world.screened()
    world.consent(person_ref, "referral")
    incident_id = world.linked_incident(person_ref)
    world.consent(person_ref, "proceedings")
    world.police.do(VoidIncident, incident_id=incident_id, reason="source_error")
    opened, voided = (world.police.streams[INCIDENT.stream(incident_id)][nth] for nth in (0, -1))
    assert isinstance(opened, IncidentOpened)
    assert isinstance(voided, IncidentVoided)
    assert voided.corrects == 1
    for command, given_with in (
        (LinkPersonToIncident, {"person_ref": person_ref, "incident_id": incident_id, "role": "witness"}),
        (RecordIncidentRoute, {"incident_id": incident_id, "leg": "transit", "country": "KZ"}),
        (SubmitReferral, {"person_ref": person_ref, "to": AUTHORITY, "incident_ids": (incident_id,)}),
        (ReportVictim, {"person_ref": person_ref, "to": PROSECUTOR, "incident_id": incident_id}),
        (VoidIncident, {"incident_id": incident_id, "reason": "typing_error"}),
    ):
        assert world.police.refused(command, **given_with) == "INCIDENT_VOIDED"
    world.police.do(SubmitReferral, person_ref=person_ref, to=AUTHORITY)


def test_given_an_incident_that_a_prosecutor_was_told_of_when_voided_then_they_are_told_though_consent_is_gone() -> (
    None
):
    world = World()
    person_ref = world.screened()
    incident_id = world.linked_incident(person_ref)
    consent = world.consent(person_ref, "proceedings")
    world.police.do(ReportVictim, person_ref=person_ref, to=PROSECUTOR, incident_id=incident_id)
    world.police.do(RevokeConsent, person_ref=person_ref, consent_id=consent.consent_id, scope="proceedings")
    world.police.do(VoidIncident, incident_id=incident_id, reason="source_error")
    (reported,) = world.told(PROSECUTOR, VictimReported)
    (voided,) = world.told(PROSECUTOR, IncidentVoidedNotified)
    assert reported.incident_shared_ref is not None
    assert voided == IncidentVoidedNotified(reported.incident_shared_ref, "source_error", DAY)
    assert world.notice(PROSECUTOR, IncidentVoidedNotified).about == reported.incident_shared_ref
    world.report(person_ref, world.linked_incident(person_ref))
    _, anew = world.told(PROSECUTOR, VictimReported)
    assert anew.incident_shared_ref not in (None, reported.incident_shared_ref), "the right one goes by its own name"


@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from(PROSECUTORS), st.integers(0, 1)), max_size=6))
def test_whoever_was_told_of_an_incident_is_told_that_it_is_void_and_nobody_else(
    reports: list[tuple[int, str, int]],
) -> None:
    world = World()
    persons = [world.detected() for _ in range(3)]
    wrong, right = (world.police.do(OpenIncident, region="GB-LND").incident_id for _ in range(2))
    for person, to, which in reports:
        incident_id = (wrong, right)[which]
        if incident_id not in world.police.person(persons[person]).incidents:
            world.link(persons[person], incident_id)
        world.report(persons[person], incident_id, to)
    before = len(world.sent)
    world.police.do(VoidIncident, incident_id=wrong, reason="typing_error")
    sent = [notice for _, notice in world.sent[before:]]
    told = {(to, world.police.state(at(wrong)).shared[to]) for _, to, which in reports if which == 0}
    assert [notice.to for notice in sent] == sorted(to for to, _ in told), "each once, behind every report"
    assert {(notice.to, notice.about) for notice in sent} == told
    assert len({notice.about for notice in sent}) == len(sent), "no two of them share a name"
    assert not [one for one in (wrong, right, *persons) for notice in sent if one in repr(notice.event)]
    assert world.police.refused(VoidIncident, incident_id=wrong, reason="typing_error") == "INCIDENT_VOIDED"


def test_given_no_such_incident_when_voided_then_not_found() -> None:
    assert World().police.refused(VoidIncident, incident_id=ref(99), reason="source_error") == NotFound().reason
