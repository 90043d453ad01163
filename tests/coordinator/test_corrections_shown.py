"""What was put right is shown as right, and as put right; as of a day before, it is shown as it was known then."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.coordinator.events import assistance, day, identification, made, prosecution
from tests.coordinator.logs import AUTHORITY, CROWN, NGO, POLICE, Logs, Office, ref
from tests.coordinator.stories import handed_over, referred

HERE, CASE, DEFENDANT = ref(1), ref(900), ref(60)
DECISION: dict[str, Any] = {
    "person_ref": HERE,
    "referral_id": ref(30),
    "stage": 2,
    "final": True,
    "outcome": "positive",
}


def decided_and_corrected() -> Logs:
    """Confirmed on 3 April, it was written down on that day; found on 20 May to have been 28 March."""
    logs = Logs()
    logs.record(AUTHORITY, "2026-01-10", made(identification.PersonDetected, "2026-01-10", person_ref=HERE))
    logs.record(AUTHORITY, "2026-04-03", made(identification.StageDecided, "2026-04-03", **DECISION))
    right = {"happened_on": day("2026-03-28"), "corrects": 2, "reason": "typing_error"}
    corrected = made(identification.StageCorrected, "2026-05-20", **DECISION, **right)
    logs.record(AUTHORITY, "2026-05-20", corrected)
    return logs


async def confirmed(office: Office, as_of: str, from_on: str, to_on: str) -> int:
    return (await office.funnels(as_of=as_of, from_on=from_on, to_on=to_on))["persons"].get("confirmed", 0)


async def test_a_corrected_day_moves_the_decision_in_pathway_and_figures_from_its_recording_on() -> None:
    office = Office.over(decided_and_corrected())
    before, after = await office.pathway(HERE, as_of="2026-05-19"), await office.pathway(HERE)
    assert [(one["kind"], one["occurred_on"]) for one in before["timeline"]][1:] == [
        ("identification.StageDecided", "2026-04-03")
    ]
    assert [(one["kind"], one["occurred_on"]) for one in after["timeline"]][1:] == [
        ("identification.StageCorrected", "2026-03-28")
    ]
    assert "reason=typing_error" in after["timeline"][1]["detail"]
    days = [
        int(one["standing"]["identification_days"]) for one in (before, await office.pathway(HERE, as_of="2026-05-20"))
    ]
    assert days == [46, 53]
    assert {one["standing"]["identification"] for one in (before, after)} == {"confirmed"}
    quarters = (("2026-01-01", "2026-03-31"), ("2026-04-01", "2026-06-30"))
    assert [await confirmed(office, "2026-05-19", *each) for each in quarters] == [0, 1]
    assert [await confirmed(office, "", *each) for each in quarters] == [1, 0]


async def test_a_corrected_detection_moves_person_day_and_region_from_its_recording_on() -> None:
    logs = Logs()
    found = {"person_ref": HERE, "age_band": "18-20", "minor_claimed": False, "sex": "male"}
    wrong = {"region": "GB-LND", "detection_channel": "raid"}
    logs.record(AUTHORITY, "2026-04-03", made(identification.PersonDetected, "2026-04-03", **found, **wrong))
    right = {"happened_on": day("2026-03-28"), "corrects": 1, "reason": "typing_error"}
    seen = {"region": "GB-MAN", "detection_channel": "hotline"}
    corrected = made(identification.DetectionCorrected, "2026-05-20", **found, **seen, **right)
    logs.record(AUTHORITY, "2026-05-20", corrected)
    office = Office.over(logs)
    before, after = await office.pathway(HERE, as_of="2026-05-19"), await office.pathway(HERE)
    assert [one["profile"]["region"] for one in (before, after)] == ["GB-LND", "GB-MAN"]
    assert [one["profile"]["detection_channel"] for one in (before, after)] == ["raid", "hotline"]
    assert [(one["kind"], one["occurred_on"]) for one in after["timeline"]] == [
        ("identification.DetectionCorrected", "2026-03-28")
    ]
    assert after["standing"]["identification"] == "detected"
    quarters = (("2026-01-01", "2026-03-31"), ("2026-04-01", "2026-06-30"))
    for as_of, counted in (("2026-05-19", [0, 1]), ("", [1, 0])):
        funnels = [await office.funnels(as_of=as_of, from_on=first, to_on=last) for first, last in quarters]
        assert [one["persons"].get("detected", 0) for one in funnels] == counted


async def test_a_corrected_channel_is_shown_though_the_authority_was_told_the_wrong_one() -> None:
    """A notice tells whom it reaches of region, age, sex and language alone."""
    logs = Logs()
    found = {"age_band": "18-20", "sex": "male"}
    detected = made(identification.PersonDetected, "2026-04-03", person_ref=HERE, **found, detection_channel="raid")
    logs.record(POLICE, "2026-04-03", detected)
    referred(logs, "2026-04-04", HERE, ref(2), 30)
    right = {"happened_on": day("2026-04-03"), "corrects": 1, "reason": "typing_error", "detection_channel": "hotline"}
    corrected = made(identification.DetectionCorrected, "2026-05-20", person_ref=HERE, **found, **right)
    logs.record(POLICE, "2026-05-20", corrected)
    told = made(identification.ProfileCorrectionReceived, "2026-05-21", person_ref=ref(2), sender=POLICE, **found)
    logs.record(AUTHORITY, "2026-05-21", told)
    office = Office.over(logs)
    before, after = await office.pathway(HERE, as_of="2026-05-19"), await office.pathway(HERE)
    assert [one["profile"]["detection_channel"] for one in (before, after)] == ["raid", "hotline"]


async def test_the_channel_is_of_the_earliest_detection_also_when_that_was_recorded_last() -> None:
    logs = Logs()
    for on, recorded_on, channel in (("2026-04-03", "2026-04-03", "raid"), ("2026-03-03", "2026-05-20", "hotline")):
        found = made(identification.PersonDetected, on, person_ref=HERE, detection_channel=channel)
        logs.record(AUTHORITY, on, found, recorded_on=recorded_on)
    office = Office.over(logs)
    for as_of, channel in (("2026-05-19", "raid"), ("", "hotline")):
        assert (await office.pathway(HERE, as_of=as_of))["profile"]["detection_channel"] == channel


async def test_what_followed_a_detection_on_its_day_still_stands_when_that_is_corrected() -> None:
    logs = Logs()
    found = {"person_ref": HERE, "age_band": "18-20", "minor_claimed": False}
    logs.record(AUTHORITY, "2026-04-03", made(identification.PersonDetected, "2026-04-03", **found))
    screened = made(identification.ScreeningCompleted, "2026-04-03", person_ref=HERE, outcome="indicated")
    logs.record(AUTHORITY, "2026-04-03", screened)
    right = {"happened_on": day("2026-04-03"), "corrects": 1, "reason": "typing_error", "sex": "male"}
    logs.record(AUTHORITY, "2026-05-20", made(identification.DetectionCorrected, "2026-05-20", **found, **right))
    assert (await Office.over(logs).pathway(HERE))["standing"]["identification"] == "screened"


async def test_a_corrected_screening_is_shown_as_found_and_as_it_was_known_before() -> None:
    logs = Logs()
    logs.record(POLICE, "2026-03-20", made(identification.PersonDetected, "2026-03-20", person_ref=HERE))
    found: dict[str, Any] = {"person_ref": HERE, "outcome": "indicated"}
    logs.record(POLICE, "2026-04-03", made(identification.ScreeningCompleted, "2026-04-03", **found, tool_version="1"))
    right = {"happened_on": day("2026-03-28"), "corrects": 2, "reason": "typing_error", "tool_version": "2"}
    logs.record(POLICE, "2026-05-20", made(identification.ScreeningCorrected, "2026-05-20", **found, **right))
    office = Office.over(logs)
    for as_of, shown in (
        ("2026-05-19", ("identification.ScreeningCompleted", "2026-04-03")),
        ("", ("identification.ScreeningCorrected", "2026-03-28")),
    ):
        pathway = await office.pathway(HERE, as_of=as_of)
        assert [(one["kind"], one["occurred_on"]) for one in pathway["timeline"]][1:] == [shown]
        assert pathway["standing"]["identification"] == "screened"


async def test_a_follow_up_recorded_in_error_is_shown_until_it_was_voided_and_is_due_again() -> None:
    logs = Logs()
    followed: dict[str, Any] = {"person_ref": HERE, "month": 3}
    fares = {"wellbeing": "good", "housing": "supported", "income": "none", "safe": "yes"}
    due = {**followed, "kind": "follow_up_contact", "due_on": day("2026-06-01"), "owner": NGO}
    logs.record(NGO, "2026-02-01", made(assistance.PersonRegistered, "2026-02-01", person_ref=HERE))
    logs.record(NGO, "2026-03-01", made(assistance.DeadlineSet, "2026-03-01", **due))
    logs.record(NGO, "2026-04-03", made(assistance.FollowUpContactMade, "2026-04-03", **followed, **fares))
    logs.record(NGO, "2026-04-03", made(assistance.DeadlineMet, "2026-04-03", **followed, kind="follow_up_contact"))
    wrong = {"corrects": 3, "reason": "wrong_person"}
    logs.record(NGO, "2026-05-20", made(assistance.FollowUpVoided, "2026-05-20", **followed, **wrong))
    logs.record(NGO, "2026-05-20", made(assistance.DeadlineSet, "2026-03-01", **due))
    office = Office.over(logs)
    for as_of, shown, open_deadlines in (
        ("2026-05-19", "assistance.FollowUpContactMade", 0),
        ("", "assistance.FollowUpVoided", 1),
    ):
        pathway = await office.pathway(HERE, as_of=as_of)
        assert [one["kind"] for one in pathway["timeline"] if "FollowUp" in one["kind"]] == [shown]
        assert len(pathway.get("deadlines", [])) == open_deadlines


def told_of_an_incident() -> tuple[Logs, str, str]:
    """The police link somebody to an incident and report them to the prosecutors, who know it by another name."""
    logs, own, shared = Logs(), ref(700), ref(701)
    there, handover = ref(31), ref(32)
    logs.record(POLICE, "2026-03-01", made(identification.PersonDetected, "2026-03-01", person_ref=HERE))
    incident = made(identification.IncidentOpened, "2026-03-02", incident_id=own)
    logs.record(POLICE, "2026-03-02", incident, stream=f"incident-{own}")
    linked = made(identification.PersonLinkedToIncident, "2026-03-02", person_ref=HERE, incident_id=own, role="victim")
    report = {"to": CROWN, "incident_id": own, "basis": "consent"}
    logs.record(
        POLICE, "2026-03-03", linked, made(identification.VictimReportMade, "2026-03-03", person_ref=HERE, **report)
    )
    handed_over(logs, "2026-03-03", (POLICE, HERE), (CROWN, there), handover)
    told = {"person_ref": there, "handover_id": handover, "reported_by": POLICE, "incident_shared_ref": shared}
    logs.record(CROWN, "2026-03-04", made(prosecution.VictimReportReceived, "2026-03-03", **told))
    return logs, own, shared


async def test_what_rests_on_a_void_incident_says_so_at_each_agency_from_when_it_knew() -> None:
    logs, own, shared = told_of_an_incident()
    wrong = {"reason": "source_error", "corrects": 1}
    voided = made(identification.IncidentVoided, "2026-05-10", incident_id=own, **wrong)
    logs.record(POLICE, "2026-05-10", voided, stream=f"incident-{own}")
    note = {"incident_id": shared, "voided_by": POLICE, "reason": "source_error"}
    logs.record(
        CROWN,
        "2026-05-10",
        made(prosecution.IncidentVoidingNoted, "2026-05-10", **note),
        recorded_on="2026-05-12",
        stream=f"incident-{shared}",
    )
    office, void = Office.over(logs), "incident_voided_on=2026-05-10"
    for as_of, at_police, at_crown in (("2026-05-09", "", ""), ("2026-05-11", void, ""), ("", void, void)):
        pathway = await office.pathway(HERE, as_of=as_of)
        assert [(one["kind"], one.get("detail", "")) for one in pathway["timeline"]][1:] == [
            ("identification.PersonLinkedToIncident", at_police),
            ("identification.VictimReportMade", at_police),
            ("prosecution.VictimReportReceived", at_crown),
        ]
    other = made(
        identification.PersonLinkedToIncident, "2026-06-01", person_ref=HERE, incident_id=ref(702), role="victim"
    )
    logs.record(POLICE, "2026-06-01", other)
    pathway = await Office.over(logs).pathway(HERE)
    assert pathway["timeline"][-1].get("detail", "") == "", "another incident of the person stands"


async def test_of_two_corrections_the_newer_one_counts() -> None:
    logs = decided_and_corrected()
    right = {"happened_on": day("2026-04-02"), "corrects": 3, "reason": "source_error"}
    logs.record(AUTHORITY, "2026-06-01", made(identification.StageCorrected, "2026-06-01", **DECISION, **right))
    office = Office.over(logs)
    for as_of, on in (("2026-06-01", "2026-04-02"), ("2026-05-31", "2026-03-28")):
        assert (await office.pathway(HERE, as_of=as_of))["timeline"][1]["occurred_on"] == on


async def test_a_corrected_judgment_is_counted_once_on_its_right_day() -> None:
    logs = Logs()
    of: dict[str, Any] = {"criminal_case_id": CASE, "defendant_ref": DEFENDANT, "outcome": "convicted"}
    logs.record(CROWN, "2026-04-03", made(prosecution.JudgmentEntered, "2026-04-03", **of))
    logs.record(CROWN, "2026-04-03", made(prosecution.CaseJudged, "2026-04-03", criminal_case_id=CASE))
    right = {"happened_on": day("2026-03-28"), "reason": "typing_error"}
    logs.record(CROWN, "2026-05-20", made(prosecution.JudgmentCorrected, "2026-05-20", **of, **right, corrects=1))
    of_case = made(prosecution.CaseJudgedCorrected, "2026-05-20", criminal_case_id=CASE, **right, corrects=2)
    logs.record(CROWN, "2026-05-20", of_case)
    for as_of, counts in (("2026-05-19", [0, 1]), ("", [1, 0])):
        for unit in ("cases", "defendants"):
            found = [
                await Office.over(logs).funnels(as_of=as_of, from_on=first, to_on=last)
                for first, last in (("2026-01-01", "2026-03-31"), ("2026-04-01", "2026-06-30"))
            ]
            assert [each[unit].get("judged", 0) for each in found] == counts, (as_of, unit)


@given(days=st.lists(st.integers(1, 27), max_size=5))
async def test_a_decision_corrected_any_number_of_times_stands_once(days: list[int]) -> None:
    logs = Logs()
    logs.record(AUTHORITY, "2026-03-01", made(identification.StageDecided, "2026-03-01", **DECISION))
    corrects = 1
    for nth, on in enumerate(days):
        right = {"happened_on": day(f"2026-02-{on:02}"), "corrects": corrects, "reason": "typing_error"}
        corrected = made(identification.StageCorrected, "2026-03-02", **DECISION, **right)
        logs.record(AUTHORITY, f"2026-03-{nth + 2:02}", corrected)
        corrects = nth + 2
    timeline = (await Office.over(logs).pathway(HERE))["timeline"]
    assert [one["occurred_on"] for one in timeline] == [f"2026-02-{days[-1]:02}" if days else "2026-03-01"]


async def test_another_agencys_word_on_an_incident_that_is_not_its_own_marks_nothing() -> None:
    logs, own, shared = told_of_an_incident()
    for incident_id in (own, shared):
        void = {"incident_id": incident_id, "reason": "source_error", "corrects": 1}
        voided = made(identification.IncidentVoided, "2026-05-10", **void)
        logs.record(AUTHORITY, "2026-05-10", voided, stream=f"incident-{incident_id}")
    pathway = await Office.over(logs).pathway(HERE)
    assert not [one for one in pathway["timeline"] if "incident_voided_on" in one.get("detail", "")]
