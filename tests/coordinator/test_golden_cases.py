"""Cases whose figures were worked out by hand: criminal cases, persons and defendants, each counted apart."""

from tests.coordinator.events import identification, made, prosecution
from tests.coordinator.logs import AUTHORITY, BORDER, CROWN, POLICE, Logs, Office, ref
from tests.coordinator.stories import decided, detected, handed_over, in_case, referred, registered

BOAT_CASE = ref(900)
CREW = (ref(501), ref(502), ref(503))
AT_SEA, AT_COURT = 100, 300
"""The border guard's references of the crew begin at the one number, the prosecutors' at the other."""


def fishing_boat() -> Logs:
    """24 men on one boat, one criminal case, three defendants: one convicted, one acquitted, one gone."""
    logs = Logs()
    incident = made(identification.IncidentOpened, "2026-01-10", incident_id=ref(700), region="GB-SCT")
    logs.record(BORDER, "2026-01-10", incident)
    registered(logs, "2026-01-12", BOAT_CASE)
    for nth in range(24):
        detected(logs, "2026-01-10", ref(AT_SEA + nth), BORDER)
        person = {"person_ref": ref(AT_SEA + nth), "incident_id": ref(700), "role": "victim"}
        logs.record(BORDER, "2026-01-10", made(identification.PersonLinkedToIncident, "2026-01-10", **person))
        there = ref(AT_COURT + nth)
        handed_over(logs, "2026-01-13", (BORDER, ref(AT_SEA + nth)), (CROWN, there), ref(600 + nth))
        report = {"person_ref": there, "handover_id": ref(600 + nth), "reported_by": BORDER, "minor": False}
        logs.record(
            CROWN,
            "2026-01-13",
            made(prosecution.VictimReportReceived, "2026-01-13", **report),
            made(prosecution.VictimLinkedToCase, "2026-01-14", person_ref=there, criminal_case_id=BOAT_CASE),
        )
    in_court(logs)
    return logs


def in_court(logs: Logs) -> None:
    """From the suspicion to the final judgments."""
    first, second, third = CREW
    for one in CREW:
        logs.record(
            CROWN,
            "2026-01-15",
            made(prosecution.DefendantAdded, "2026-01-15", defendant_ref=one, sex="male", age_band="39-47"),
            made(prosecution.DefendantCharged, "2026-01-20", defendant_ref=one),
        )
    gone = made(prosecution.DefendantProceedingsEnded, "2026-02-01", defendant_ref=third, outcome="absconded")
    logs.record(CROWN, "2026-02-01", gone)
    for one in (first, second):
        logs.record(CROWN, "2026-02-10", made(prosecution.DefendantIndicted, "2026-02-10", defendant_ref=one))
    logs.record(
        CROWN,
        "2026-02-10",
        made(prosecution.CaseIndicted, "2026-02-10"),
        made(prosecution.TrialOpened, "2026-03-01"),
    )
    for one, outcome in ((first, "convicted"), (second, "acquitted")):
        told = {"defendant_ref": one, "outcome": outcome}
        logs.record(CROWN, "2026-03-20", made(prosecution.JudgmentEntered, "2026-03-20", **told))
    logs.record(CROWN, "2026-03-20", made(prosecution.CaseJudged, "2026-03-20"))
    for one, outcome in ((first, "convicted"), (second, "acquitted")):
        told = {"defendant_ref": one, "outcome": outcome}
        logs.record(CROWN, "2026-05-02", made(prosecution.JudgmentBecameFinal, "2026-05-02", **told))
    logs.record(CROWN, "2026-05-02", made(prosecution.CaseBecameFinal, "2026-05-02"))


async def test_a_fishing_boat_is_one_case_with_24_persons_and_three_defendants_of_whom_one_is_convicted() -> None:
    office = Office.over(fishing_boat())
    assert await office.funnels() == {
        "persons": {"detected": 24, "in_case": 24},
        "cases": {"registered": 1, "indicted": 1, "judged": 1, "final": 1, "convicted": 1},
        "defendants": {
            "suspected": 3,
            "charged": 3,
            "ended_without_judgment": 1,
            "indicted": 2,
            "judged": 2,
            "acquitted": 1,
            "convicted": 1,
        },
    }
    assert len(await office.persons()) == 24
    assert [one["agencies"] for one in await office.persons()] == [2] * 24


async def test_a_boats_figures_on_a_day_in_its_trial() -> None:
    funnels = await Office.over(fishing_boat()).funnels(as_of="2026-03-31")
    assert funnels["cases"] == {"registered": 1, "indicted": 1, "judged": 1}
    assert "convicted" not in funnels["defendants"]


async def test_each_of_the_crew_is_seen_in_the_case_and_no_case_or_defendant_is_seen_as_a_person() -> None:
    office = Office.over(fishing_boat())
    seen = await office.pathway(ref(AT_COURT + 5))
    assert seen == {
        "person": ref(AT_SEA + 5),
        "references": [
            {"origin": BORDER, "person_ref": ref(AT_SEA + 5)},
            {"origin": CROWN, "person_ref": ref(AT_COURT + 5)},
        ],
        "profile": {
            "region": "GB-LND",
            "sex": "female",
            "age_band": "24-26",
            "language": "vie",
            "detection_channel": "raid",
        },
        "standing": {"identification": "screened", "identification_days": "171", "proceedings": "in_case"},
        "timeline": seen["timeline"],
        "cases": [
            {
                "origin": CROWN,
                "criminal_case_id": BOAT_CASE,
                "state": "final",
                "since": "2026-05-02",
                "linked_on": "2026-01-13",
            }
        ],
    }
    assert [(step["kind"], step.get("detail", "")) for step in seen["timeline"]] == [
        ("identification.PersonDetected", "detection_channel=raid"),
        ("identification.ScreeningCompleted", "outcome=indicated"),
        ("identification.PersonLinkedToIncident", ""),
        ("prosecution.VictimReportReceived", ""),
        ("prosecution.VictimLinkedToCase", ""),
    ]


def twice_detected() -> Logs:
    """One person in two records of the same police, merged in the next quarter."""
    logs = Logs()
    detected(logs, "2025-11-12", ref(11))
    detected(logs, "2025-12-09", ref(10))
    merged = {"person_ref": ref(11), "absorbed_ref": ref(10)}
    logs.record(POLICE, "2026-01-15", made(identification.PersonRecordsMerged, "2026-01-15", **merged))
    absorbed = made(identification.PersonRecordAbsorbed, "2026-01-15", person_ref=ref(10), into_ref=ref(11))
    logs.record(POLICE, "2026-01-15", absorbed)
    return logs


QUARTER = {"from_on": "2025-10-01", "to_on": "2025-12-31"}


async def test_a_duplicate_merged_after_the_quarter_closed_is_two_persons_then_and_one_person_since() -> None:
    office = Office.over(twice_detected())
    assert (await office.funnels(as_of="2025-12-31", **QUARTER))["persons"] == {"detected": 2}
    assert (await office.funnels(as_of="2026-01-14", **QUARTER))["persons"] == {"detected": 2}
    assert (await office.funnels(as_of="2026-01-15", **QUARTER))["persons"] == {"detected": 1}
    assert (await office.funnels(**QUARTER))["persons"] == {"detected": 1}


async def test_two_merged_records_are_one_pathway_under_either_reference() -> None:
    office = Office.over(twice_detected())
    seen = await office.pathway(ref(11))
    assert seen == await office.pathway(ref(10))
    assert seen["person"] == ref(10)
    assert seen["references"] == [{"origin": POLICE, "person_ref": ref(number)} for number in (10, 11)]
    before = await office.pathway(ref(11), as_of="2025-12-31")
    assert before["person"] == ref(11)
    assert len(before["timeline"]) == 2


async def test_records_that_are_taken_apart_again_are_two_persons_again() -> None:
    logs = twice_detected()
    apart = {"person_ref": ref(11), "absorbed_ref": ref(10), "reason": "merged_in_error"}
    logs.record(POLICE, "2026-02-01", made(identification.PersonRecordsUnmerged, "2026-02-01", **apart))
    office = Office.over(logs)
    assert (await office.funnels(**QUARTER))["persons"] == {"detected": 2}
    assert (await office.funnels(as_of="2026-01-20", **QUARTER))["persons"] == {"detected": 1}
    assert (await office.pathway(ref(11)))["person"] == ref(11)


async def test_a_settled_case_is_settled_and_convicts_nobody() -> None:
    logs = Logs()
    detected(logs, "2026-01-10", ref(1))
    registered(logs, "2026-01-12", BOAT_CASE)
    in_case(logs, "2026-01-14", ref(1), ref(2), ref(3), BOAT_CASE)
    added = {"defendant_ref": ref(501), "sex": "male", "age_band": "30-38"}
    logs.record(CROWN, "2026-01-15", made(prosecution.DefendantAdded, "2026-01-15", **added))
    logs.record(CROWN, "2026-03-01", made(prosecution.CaseSettled, "2026-03-01", terms="compensation"))
    office = Office.over(logs)
    assert await office.funnels() == {
        "persons": {"detected": 1, "in_case": 1},
        "cases": {"registered": 1, "settled": 1},
        "defendants": {"suspected": 1},
    }
    [case] = (await office.pathway(ref(1)))["cases"]
    assert (case["state"], case["since"]) == ("settled", "2026-03-01")


async def test_a_case_with_two_convicted_is_one_convicted_case_and_a_plea_counts_as_a_conviction() -> None:
    logs = Logs()
    registered(logs, "2026-01-12", BOAT_CASE)
    for one, outcome in ((ref(501), "convicted"), (ref(502), "plea_agreed")):
        told = {"defendant_ref": one, "outcome": outcome}
        logs.record(CROWN, "2026-03-20", made(prosecution.JudgmentBecameFinal, "2026-03-20", **told))
    funnels = await Office.over(logs).funnels()
    assert funnels["cases"] == {"registered": 1, "convicted": 1}
    assert funnels["defendants"] == {"convicted": 2}


async def test_a_case_that_was_taken_into_another_counts_as_that_one() -> None:
    logs = Logs()
    for case_id in (ref(900), ref(901)):
        registered(logs, "2026-01-12", case_id)
    into = {"criminal_case_id": ref(901), "into_case_id": ref(900)}
    logs.record(CROWN, "2026-02-01", made(prosecution.CasesMerged, "2026-02-01", **into))
    office = Office.over(logs)
    assert (await office.funnels(as_of="2026-01-31"))["cases"] == {"registered": 2}
    assert (await office.funnels())["cases"] == {"registered": 1}


async def test_a_negative_decision_that_is_reconsidered_becomes_positive() -> None:
    logs = Logs()
    detected(logs, "2026-01-10", ref(1))
    decision = {"person_ref": ref(1), "referral_id": ref(30), "stage": 1, "final": True}
    logs.record(
        POLICE, "2026-01-11", made(identification.ReferralSubmitted, "2026-01-11", **_referral(ref(1)), to=AUTHORITY)
    )
    handed_over(logs, "2026-01-11", (POLICE, ref(1)), (AUTHORITY, ref(2)), ref(3))
    there = decision | {"person_ref": ref(2)}
    logs.record(
        AUTHORITY, "2026-01-11", made(identification.ReferralReceived, "2026-01-11", **_referral(ref(2)), sender=POLICE)
    )
    logs.record(AUTHORITY, "2026-01-20", made(identification.StageDecided, "2026-01-20", outcome="negative", **there))
    asked = {"person_ref": ref(2), "referral_id": ref(30), "requested_by": "self", "grounds": ("new_information",)}
    logs.record(AUTHORITY, "2026-02-01", made(identification.ReconsiderationRequested, "2026-02-01", **asked))
    logs.record(AUTHORITY, "2026-02-20", made(identification.StageDecided, "2026-02-20", outcome="positive", **there))
    office = Office.over(logs)
    standings = [
        (await office.pathway(ref(1), as_of=day))["standing"]
        for day in ("2026-01-10", "2026-01-15", "2026-01-31", "2026-02-10", "2026-03-01")
    ]
    assert [one["identification"] for one in standings] == [
        "screened",
        "referred",
        "negative",
        "reconsideration",
        "confirmed",
    ]
    assert standings[2]["identification_days"] == "11"
    assert (await office.funnels())["persons"] == {"detected": 1, "referred": 1, "presumed": 1, "confirmed": 1}
    assert (await office.funnels(as_of="2026-01-31"))["persons"] == {"detected": 1, "referred": 1}


async def test_whom_another_agency_meets_anew_keeps_the_standing_that_was_decided() -> None:
    logs = Logs()
    detected(logs, "2026-01-10", ref(1))
    referred(logs, "2026-01-11", ref(1), ref(2), 30)
    decided(logs, "2026-01-20", ref(2), 30, 1, "positive")
    handed_over(logs, "2026-02-01", (POLICE, ref(1)), (BORDER, ref(3)), ref(4))
    detected(logs, "2026-02-02", ref(3), BORDER)
    standing = {"identification": "presumed", "identification_days": "161"}
    office = Office.over(logs)
    assert (await office.pathway(ref(3)))["standing"] == standing
    assert [one["standing"] for one in await office.persons()] == [standing]


def _referral(person_ref: str) -> dict[str, str]:
    return {"person_ref": person_ref, "referral_id": ref(30), "shared_ref": ref(31)}
