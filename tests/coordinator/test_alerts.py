"""Each alert stands while its facts hold, and goes when they no longer do."""

from typing import Any

from tests.coordinator.events import assistance, day, identification, made, prosecution
from tests.coordinator.logs import AUTHORITY, CROWN, NGO, OTHER_NGO, POLICE, Logs, Office, ref
from tests.coordinator.stories import delivered, detected, handed_over, helped, referred

from nrm_contracts.record.events import ReactionRefused

HERE, THERE, ELSEWHERE = ref(1), ref(2), ref(5)


async def alerts(logs: Logs, as_of: str = "") -> list[tuple[str, ...]]:
    """The alerts on the person's pathway, without their details."""
    seen: list[dict[str, Any]] = (await Office.over(logs).pathway(HERE, as_of=as_of)).get("alerts", [])
    return [(one["kind"], one["origin"], one["since"]) for one in seen]


def in_shelter() -> Logs:
    logs = Logs()
    detected(logs, "2026-03-02", HERE)
    helped(logs, "2026-03-04", HERE, THERE, ref(3), ref(41))
    return logs


def at_ngo(logs: Logs, on: str, form: type[object], origin: str = NGO, **told: object) -> None:
    logs.record(origin, on, made(form, on, **({"person_ref": THERE} | told)))


async def test_a_person_is_lost_until_found() -> None:
    logs = in_shelter()
    at_ngo(logs, "2026-04-01", assistance.PersonLost, last_contact_on=day("2026-03-20"))
    assert await alerts(logs) == [("lost", NGO, "2026-04-01")]
    assert (await Office.over(logs).pathway(HERE))["standing"]["assistance"] == "lost"
    at_ngo(logs, "2026-04-20", assistance.PersonFound)
    assert await alerts(logs) == []
    assert (await Office.over(logs).pathway(HERE))["standing"]["assistance"] == "accepted"
    assert await alerts(logs, as_of="2026-04-10") == [("lost", NGO, "2026-04-01")]


async def test_nobody_is_lost_once_the_case_is_closed() -> None:
    logs = in_shelter()
    at_ngo(logs, "2026-04-01", assistance.PersonLost, last_contact_on=day("2026-03-20"))
    at_ngo(logs, "2026-05-01", assistance.CaseClosed, case_id=ref(70), outcome="other")
    assert await alerts(logs) == []
    assert (await Office.over(logs).pathway(HERE))["standing"]["assistance"] == "closed"


async def test_support_that_runs_out_is_an_alert_until_it_is_lifted() -> None:
    logs = in_shelter()
    at_ngo(logs, "2026-04-01", assistance.ExitPlanStarted, exit_on=day("2026-05-01"))
    assert await alerts(logs) == [("support_ending", NGO, "2026-04-01")]
    at_ngo(logs, "2026-04-20", assistance.ExitPlanLifted)
    assert await alerts(logs) == []


def twice_accepted() -> Logs:
    logs = in_shelter()
    handed_over(logs, "2026-04-01", (POLICE, HERE), (OTHER_NGO, ELSEWHERE), ref(6))
    for form, told in (
        (assistance.CaseOpened, {"case_id": ref(71), "source": "requested", "owner": OTHER_NGO}),
        (assistance.AssistanceAccepted, {"consent_id": ref(42)}),
    ):
        at_ngo(logs, "2026-04-02", form, OTHER_NGO, person_ref=ELSEWHERE, **told)
    return logs


async def test_two_open_cases_of_one_person_at_two_agencies_are_seen_here_alone() -> None:
    logs = twice_accepted()
    assert await alerts(logs) == [("two_open_cases", NGO, "2026-03-04"), ("two_open_cases", OTHER_NGO, "2026-04-02")]
    at_ngo(logs, "2026-04-10", assistance.CaseClosed, case_id=ref(70), outcome="transferred")
    assert await alerts(logs) == []


async def test_a_case_that_was_only_asked_for_is_no_second_open_case() -> None:
    logs = in_shelter()
    handed_over(logs, "2026-04-01", (POLICE, HERE), (OTHER_NGO, ELSEWHERE), ref(6))
    told = {"case_id": ref(71), "source": "requested", "owner": OTHER_NGO}
    at_ngo(logs, "2026-04-02", assistance.CaseOpened, OTHER_NGO, person_ref=ELSEWHERE, **told)
    assert await alerts(logs) == []
    assert (await Office.over(logs).pathway(HERE))["standing"]["assistance"] == "accepted"


async def test_a_charge_is_an_alert_until_that_charge_is_reviewed_and_again_when_its_review_reopens() -> None:
    logs = Logs()
    detected(logs, "2026-01-10", HERE)
    handed_over(logs, "2026-01-11", (POLICE, HERE), (CROWN, THERE), ref(3))
    for nth, on in ((60, "2026-02-01"), (61, "2026-02-02")):
        logs.record(CROWN, on, made(prosecution.VictimCharged, on, person_ref=THERE, charge_id=ref(nth)))
    assert await alerts(logs) == [("charged", CROWN, "2026-02-01"), ("charged", CROWN, "2026-02-02")]
    review = {"person_ref": THERE, "charge_id": ref(60), "outcome": "penalised"}
    logs.record(CROWN, "2026-03-01", made(prosecution.NonPunishmentReviewed, "2026-03-01", **review))
    assert await alerts(logs) == [("charged", CROWN, "2026-02-02")]
    reopened = {"person_ref": THERE, "charge_id": ref(60), "ground": "status_positive"}
    logs.record(CROWN, "2026-04-01", made(prosecution.NonPunishmentReviewOpened, "2026-04-01", **reopened))
    assert await alerts(logs) == [("charged", CROWN, "2026-02-02"), ("charged", CROWN, "2026-04-01")]


async def test_a_child_without_a_guardian_is_an_alert_until_one_is_appointed_and_again_after_a_conflict() -> None:
    logs = Logs()
    logs.record(
        POLICE, "2026-01-10", made(identification.PersonDetected, "2026-01-10", person_ref=HERE, age_band="9-17")
    )
    assert await alerts(logs) == [("child_without_guardian", POLICE, "2026-01-10")]
    referred(logs, "2026-01-11", HERE, THERE, 30)
    guardian = {"person_ref": THERE, "guardian_ref": ref(80)}
    appointed = made(identification.GuardianAppointed, "2026-01-20", **guardian, relation="state_guardian")
    logs.record(AUTHORITY, "2026-01-20", appointed)
    assert await alerts(logs) == []
    conflict = made(identification.GuardianConflictFound, "2026-02-01", **guardian, conflict="suspect")
    logs.record(AUTHORITY, "2026-02-01", conflict)
    assert await alerts(logs) == [("child_without_guardian", POLICE, "2026-02-01")]


async def test_whose_age_is_in_doubt_needs_a_guardian_until_found_to_be_an_adult() -> None:
    logs = Logs()
    detected(logs, "2026-01-10", HERE)
    doubted = made(identification.AgeDisputed, "2026-01-12", person_ref=HERE, reason="appearance")
    logs.record(POLICE, "2026-01-12", doubted)
    assert await alerts(logs) == [("child_without_guardian", POLICE, "2026-01-12")]
    assert (await Office.over(logs).pathway(HERE))["profile"]["minor"]
    assessed = {"person_ref": HERE, "method": "multidisciplinary", "result_band": "18-20"}
    logs.record(POLICE, "2026-02-01", made(identification.AgeAssessed, "2026-02-01", **assessed))
    assert await alerts(logs) == []
    assert (await Office.over(logs).pathway(HERE))["profile"] == {
        "region": "GB-LND",
        "sex": "female",
        "age_band": "18-20",
        "language": "vie",
        "detection_channel": "raid",
    }


async def test_an_unfunded_delivery_is_an_alert_until_somebody_pays_or_it_is_voided() -> None:
    logs = in_shelter()
    for nth in (50, 51):
        delivered(logs, "2026-03-31", THERE, ref(nth), nights=7)
        at_ngo(logs, "2026-03-31", assistance.DeliveryUnfunded, delivery_id=ref(nth), reason="ceiling_reached")
    assert await alerts(logs) == [("unfunded", NGO, "2026-03-31")]
    claim = {"contract_ref": ref(800), "claim_id": ref(90), "handover_id": ref(4)}
    at_ngo(logs, "2026-04-01", assistance.DeliveryClaimed, delivery_id=ref(50), **claim)
    assert (await Office.over(logs).pathway(HERE))["unfunded_deliveries"] == "1"
    at_ngo(logs, "2026-04-02", assistance.ServiceUnitVoided, delivery_id=ref(51), reason="duplicate")
    assert await alerts(logs) == []
    assert (await Office.over(logs).pathway(HERE))["help"][0]["qty_milli"] == "7000"


async def test_a_referral_that_nobody_picked_up_is_seen_even_when_it_never_arrived() -> None:
    logs = Logs()
    detected(logs, "2026-01-10", HERE)
    sent = {"person_ref": HERE, "referral_id": ref(30), "shared_ref": ref(31), "to": AUTHORITY}
    waited_for = {"person_ref": HERE, "kind": "referral_acknowledgement", "about": ref(30)}
    logs.record(
        POLICE,
        "2026-01-11",
        made(identification.ReferralSubmitted, "2026-01-11", **sent),
        made(identification.DeadlineSet, "2026-01-11", **waited_for, owner=AUTHORITY, due_on=day("2026-01-13")),
    )
    assert await alerts(logs, as_of="2026-01-13") == []
    assert await alerts(logs, as_of="2026-01-14") == [("referral_not_picked_up", AUTHORITY, "2026-01-13")]
    logs.record(POLICE, "2026-02-01", made(identification.DeadlineMet, "2026-02-01", **waited_for))
    assert await alerts(logs) == []


async def test_a_refused_reaction_is_an_alert_on_the_pathway_of_the_person_that_the_notice_was_about() -> None:
    logs = Logs()
    detected(logs, "2026-01-10", HERE)
    detected(logs, "2026-01-10", ref(9))
    referred(logs, "2026-01-11", HERE, THERE, 30)
    told = {"handover_id": ref(32), "scope": "referral", "change": "revoked"}
    notice = made(identification.ConsentNotified, "2026-02-01", **told, effective_on=day("2026-02-01"))
    sent = logs.record(POLICE, "2026-02-01", notice, to=AUTHORITY, stream=f"notice-{ref(32)}")
    refusal = ReactionRefused(POLICE, sent.text("id"), "RecordConsentChange", "PERSON_UNKNOWN")
    logs.record(AUTHORITY, "2026-02-02", refusal, stream="reaction-refused")
    office = Office.over(logs)
    assert (await office.pathway(HERE))["alerts"] == [
        {"kind": "reaction_refused", "origin": AUTHORITY, "since": "2026-02-02", "detail": "PERSON_UNKNOWN"}
    ]
    assert "alerts" not in await office.pathway(ref(9))


async def test_somebody_found_again_after_help_had_ended_is_an_alert_until_it_is_taken_up() -> None:
    logs = in_shelter()
    at_ngo(logs, "2026-04-01", assistance.CaseClosed, case_id=ref(70), outcome="goal_met")
    detected(logs, "2026-05-01", HERE)
    assert await alerts(logs) == [("found_again", POLICE, "2026-05-01")]
    corrects = logs.versions[POLICE, f"person-{HERE}"] - 1  # the screening followed
    right = {"corrects": corrects, "reason": "typing_error", "happened_on": day("2026-05-03")}
    corrected = made(identification.DetectionCorrected, "2026-05-20", person_ref=HERE, **right)
    logs.record(POLICE, "2026-05-20", corrected)
    assert await alerts(logs) == [("found_again", POLICE, "2026-05-03")]
    referred(logs, "2026-05-21", HERE, ref(8), 30)
    assert await alerts(logs) == []


async def test_a_danger_is_an_alert_until_needs_are_assessed_anew_or_the_case_is_over() -> None:
    logs = in_shelter()
    for on, kind in (("2026-04-01", "threat"), ("2026-04-02", "offender_released")):
        at_ngo(logs, on, assistance.RiskAlertRaised, kind=kind)
    assert await alerts(logs) == [("at_risk", NGO, "2026-04-01"), ("at_risk", NGO, "2026-04-02")]
    at_ngo(logs, "2026-04-03", assistance.NeedsAssessed, domains=(), risk_level="high")
    assert await alerts(logs) == []
    at_ngo(logs, "2026-04-04", assistance.RiskAlertRaised, kind="threat")
    assert await alerts(logs) == [("at_risk", NGO, "2026-04-04")]
    at_ngo(logs, "2026-05-01", assistance.CaseClosed, case_id=ref(70), outcome="other")
    assert await alerts(logs) == []


async def test_a_release_that_nobody_heard_of_is_an_alert_until_the_prosecutor_tells_the_victim() -> None:
    logs = Logs()
    detected(logs, "2026-01-10", HERE)
    handed_over(logs, "2026-01-11", (POLICE, HERE), (CROWN, THERE), ref(3))
    release: dict[str, Any] = {"person_ref": THERE, "defendant_ref": ref(60)}
    for on, told in (("2026-02-01", True), ("2026-02-02", False)):
        logs.record(CROWN, on, made(prosecution.OffenderReleaseTold, on, **release, told=told))
    assert await alerts(logs) == [("release_untold", CROWN, "2026-02-02")]
    for on, topic in (("2026-02-03", "rights"), ("2026-02-04", "offender_release")):
        assert await alerts(logs) == [("release_untold", CROWN, "2026-02-02")]
        logs.record(CROWN, on, made(prosecution.VictimInformed, on, person_ref=THERE, topic=topic))
    assert await alerts(logs) == []


async def test_a_warning_in_one_case_answers_no_release_in_another_and_each_release_is_an_alert() -> None:
    logs = Logs()
    detected(logs, "2026-01-10", HERE)
    handed_over(logs, "2026-01-11", (POLICE, HERE), (CROWN, THERE), ref(3))
    for nth, (on, case) in enumerate((("2026-02-01", 70), ("2026-02-02", 71), ("2026-02-03", 71))):
        release = {"person_ref": THERE, "criminal_case_id": ref(case), "defendant_ref": ref(60 + nth)}
        logs.record(CROWN, on, made(prosecution.OffenderReleaseTold, on, **release, told=False))
    assert [since for _, _, since in await alerts(logs)] == ["2026-02-01", "2026-02-02", "2026-02-03"]
    informed = {"person_ref": THERE, "criminal_case_id": ref(71), "topic": "offender_release"}
    logs.record(CROWN, "2026-02-04", made(prosecution.VictimInformed, "2026-02-04", **informed))
    assert await alerts(logs) == [("release_untold", CROWN, "2026-02-01")]
