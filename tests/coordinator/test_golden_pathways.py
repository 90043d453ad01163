"""Pathways whose every line was worked out by hand."""

from typing import Any

from tests.coordinator.events import assistance, day, funding, identification, made, prosecution
from tests.coordinator.logs import AUTHORITY, CROWN, FUND, NGO, POLICE, Logs, Office, ref
from tests.coordinator.stories import consented, decided, delivered, detected, helped, in_case, referred, registered

HERE, THERE, CONTRACT = ref(1), ref(2), ref(800)
PROFILE = {
    "region": "GB-LND",
    "sex": "female",
    "age_band": "24-26",
    "language": "vie",
    "detection_channel": "raid",
}


def steps(seen: dict[str, Any]) -> list[tuple[str, str, str]]:
    """A timeline as day, event and detail."""
    return [(step["occurred_on"], step["kind"], step.get("detail", "")) for step in seen["timeline"]]


def refuses_status_yet_takes_shelter() -> Logs:
    logs = Logs()
    detected(logs, "2026-03-02", HERE)
    logs.record(
        POLICE,
        "2026-03-03",
        made(identification.ConsentRefused, "2026-03-03", person_ref=HERE, scope="referral"),
        made(identification.AnonymousNotificationMade, "2026-03-03", person_ref=HERE),
    )
    consented(logs, "2026-03-03", HERE, "assistance", ref(40))
    helped(logs, "2026-03-04", HERE, THERE, ref(3), ref(41))
    delivered(logs, "2026-03-31", THERE, ref(50), nights=27)
    unpaid = made(
        assistance.DeliveryUnfunded, "2026-03-31", person_ref=THERE, delivery_id=ref(50), reason="no_contract"
    )
    logs.record(NGO, "2026-03-31", unpaid)
    return logs


async def test_an_adult_refuses_status_and_takes_shelter_all_the_same() -> None:
    office = Office.over(refuses_status_yet_takes_shelter())
    seen = await office.pathway(HERE)
    assert steps(seen) == [
        ("2026-03-02", "identification.PersonDetected", "detection_channel=raid"),
        ("2026-03-02", "identification.ScreeningCompleted", "outcome=indicated"),
        ("2026-03-03", "identification.ConsentRefused", "scope=referral"),
        ("2026-03-03", "identification.AnonymousNotificationMade", "detection_channel=raid"),
        ("2026-03-03", "identification.ConsentGiven", "scope=assistance"),
        ("2026-03-04", "assistance.PersonRegistered", "detection_channel=unknown"),
        ("2026-03-04", "assistance.CaseOpened", ""),
        ("2026-03-04", "assistance.AssistanceOffered", ""),
        ("2026-03-04", "assistance.ConsentGiven", "scope=assistance"),
        ("2026-03-04", "assistance.AssistanceAccepted", ""),
        ("2026-03-31", "assistance.ServiceUnitDelivered", ""),
        ("2026-03-31", "assistance.DeliveryUnfunded", "reason=no_contract"),
    ]
    assert seen | {"timeline": ...} == {
        "person": HERE,
        "references": [{"origin": NGO, "person_ref": THERE}, {"origin": POLICE, "person_ref": HERE}],
        "profile": PROFILE,
        "standing": {"identification": "anonymous_notice", "identification_days": "119", "assistance": "accepted"},
        "timeline": ...,
        "consents": [
            {"origin": POLICE, "scope": "assistance", "given_on": "2026-03-03"},
            {"origin": NGO, "scope": "assistance", "given_on": "2026-03-04"},
        ],
        "help": [{"service_code": "shelter", "unit": "bed_night", "qty_milli": "27000", "last_on": "2026-03-31"}],
        "unfunded_deliveries": "1",
        "alerts": [{"kind": "unfunded", "origin": NGO, "since": "2026-03-31"}],
    }
    assert await office.funnels() == {
        "persons": {"detected": 1, "offered": 1, "accepted": 1, "assisted": 1},
        "cases": {},
        "defendants": {},
    }


def charged_then_dropped() -> Logs:
    logs = Logs()
    detected(logs, "2026-01-10", HERE)
    registered(logs, "2026-01-12", ref(900))
    in_case(logs, "2026-01-14", HERE, THERE, ref(3), ref(900))
    charge = {"person_ref": THERE, "charge_id": ref(60)}
    duty = {"kind": "non_punishment_review", "about": ref(60)}
    due = made(prosecution.DeadlineSet, "2026-02-01", **duty, owner=CROWN, due_on=day("2026-03-03"))
    charged = [
        made(prosecution.VictimCharged, "2026-02-01", **charge),
        made(prosecution.NonPunishmentReviewOpened, "2026-02-01", **charge, ground="charged"),
        due,
    ]
    reviewed = [
        made(prosecution.NonPunishmentReviewed, "2026-04-01", **charge, outcome="dropped"),
        made(prosecution.DeadlineMet, "2026-04-01", **duty),
    ]
    logs.record(CROWN, "2026-02-01", *charged, stream=f"person-{THERE}")
    told = made(identification.VictimChargeReceived, "2026-02-01", person_ref=HERE, sender=CROWN)
    waited_for = {"person_ref": HERE, "kind": "non_punishment_review", "about": HERE}
    waits = made(identification.DeadlineSet, "2026-02-01", **waited_for, owner=CROWN, due_on=day("2026-03-03"))
    logs.record(POLICE, "2026-02-01", told, waits)
    logs.record(CROWN, "2026-04-01", *reviewed, stream=f"person-{THERE}")
    logs.record(
        POLICE,
        "2026-04-01",
        made(identification.NonPunishmentReceived, "2026-04-01", person_ref=HERE, sender=CROWN, outcome="dropped"),
        made(identification.DeadlineMet, "2026-04-01", **waited_for),
    )
    return logs


async def test_a_victim_is_charged_and_the_charge_is_dropped() -> None:
    office = Office.over(charged_then_dropped())
    late = await office.pathway(HERE, as_of="2026-03-10")
    due = {
        "kind": "non_punishment_review",
        "owner": CROWN,
        "due_on": "2026-03-03",
        "rule_id": "gb-2024-10-08/rule",
        "person": HERE,
        "about": ref(60),
    }
    assert late["deadlines"] == [due | {"overdue": True, "days_late": "7"}]
    assert late["alerts"] == [
        {"kind": "charged", "origin": CROWN, "since": "2026-02-01"},
        {"kind": "overdue", "origin": CROWN, "since": "2026-03-03", "detail": "non_punishment_review"},
    ]
    assert await office.overdue(as_of="2026-03-10") == [due | {"overdue": True, "days_late": "7"}]
    in_time = await office.pathway(HERE, as_of="2026-02-10")
    assert in_time["deadlines"] == [due]
    assert [alert["kind"] for alert in in_time["alerts"]] == ["charged"]
    after = await office.pathway(HERE)
    assert {"deadlines", "alerts"} & after.keys() == set()
    assert after["standing"]["proceedings"] == "in_case"
    assert steps(after)[-4:] == [
        ("2026-02-01", "prosecution.NonPunishmentReviewOpened", "ground=charged"),
        ("2026-02-01", "identification.VictimChargeReceived", ""),
        ("2026-04-01", "prosecution.NonPunishmentReviewed", "outcome=dropped"),
        ("2026-04-01", "identification.NonPunishmentReceived", "outcome=dropped"),
    ]


def ceiling_hit_in_december() -> Logs:
    """Four weeks of crisis care at 700.00 each: two are paid, one is verified, the last finds the lot used up."""
    logs = Logs()
    detected(logs, "2025-11-26", HERE)
    consented(logs, "2025-11-26", HERE, "assistance", ref(40))
    helped(logs, "2025-11-26", HERE, THERE, ref(3), ref(41))
    awarded = {"contract_ref": CONTRACT, "provider": NGO, "ccy": "GBP"}
    logs.record(FUND, "2025-01-02", made(funding.ContractAwarded, "2025-01-02", **awarded))
    for week, on in enumerate(("2025-12-07", "2025-12-14", "2025-12-21")):
        delivered(logs, on, THERE, ref(50 + week), nights=7)
        claimed(logs, on, week)
    delivered(logs, "2025-12-28", THERE, ref(53), nights=7)
    unpaid = {"person_ref": THERE, "delivery_id": ref(53), "reason": "ceiling_reached", "contract_ref": CONTRACT}
    logs.record(NGO, "2025-12-28", made(assistance.DeliveryUnfunded, "2025-12-28", **unpaid))
    invoice = {"contract_ref": CONTRACT, "invoice_id": ref(80), "ccy": "GBP"}
    signatory = made(funding.Signatory, "", agency=NGO)
    claims = {"claim_ids": (ref(90), ref(91)), "total_minor": 140_000, "submitted_by": signatory}
    logs.record(FUND, "2026-01-05", made(funding.InvoiceSubmitted, "2026-01-05", **invoice, **claims))
    paid = made(funding.PaymentMade, "2026-01-20", **invoice, payment_id=ref(82), amount_minor=140_000)
    logs.record(FUND, "2026-01-20", paid)
    return logs


def claimed(logs: Logs, on: str, week: int) -> None:
    """A week is claimed, recorded by the fund and verified."""
    claim = {"claim_id": ref(90 + week), "contract_ref": CONTRACT}
    own = {"person_ref": THERE, "delivery_id": ref(50 + week), "handover_id": ref(4)}
    logs.record(NGO, on, made(assistance.DeliveryClaimed, on, **claim, **own))
    unit = {"handover_id": ref(4), "service_code": "shelter", "unit": "bed_night", "qty_milli": 7000}
    recorded = made(funding.ClaimableUnitRecorded, on, **claim, **unit, amount_minor=70_000, price_minor=10_000)
    verified = made(funding.UnitVerified, on, **claim, amount_minor=70_000, method="document")
    logs.record(FUND, on, recorded, verified)


async def test_a_ceiling_is_hit_in_december_and_crisis_care_goes_on() -> None:
    office = Office.over(ceiling_hit_in_december())
    seen = await office.pathway(HERE)
    assert seen["help"] == [
        {"service_code": "shelter", "unit": "bed_night", "qty_milli": "28000", "last_on": "2025-12-28"}
    ]
    assert seen["money"] == [
        {"ccy": "GBP", "claimed_minor": "210000", "verified_minor": "210000", "paid_minor": "140000"}
    ]
    assert seen["unfunded_deliveries"] == "1"
    assert seen["alerts"] == [{"kind": "unfunded", "origin": NGO, "since": "2025-12-28"}]
    assert seen["standing"]["assistance"] == "accepted"
    before = await office.pathway(HERE, as_of="2025-12-20")
    assert before["money"] == [{"ccy": "GBP", "claimed_minor": "140000", "verified_minor": "140000"}]
    assert {"alerts", "unfunded_deliveries"} & before.keys() == set()


def consent_revoked_midway() -> Logs:
    logs = Logs()
    detected(logs, "2026-03-02", HERE)
    consented(logs, "2026-03-02", HERE, "referral", ref(40))
    consented(logs, "2026-03-02", HERE, "research", ref(42))
    referred(logs, "2026-03-03", HERE, THERE, 30)
    acknowledged = {"person_ref": THERE, "referral_id": ref(30)}
    logs.record(AUTHORITY, "2026-03-04", made(identification.ReferralAcknowledged, "2026-03-04", **acknowledged))
    decided(logs, "2026-03-10", THERE, 30, 1, "positive")
    revoked = {"person_ref": HERE, "scope": "referral"}
    ended = {"referral_id": ref(30), "reason": "withdrawn"}
    logs.record(
        POLICE,
        "2026-04-01",
        made(
            identification.ConsentRevoked, "2026-04-01", **revoked, consent_id=ref(40), effective_on=day("2026-04-01")
        ),
        made(identification.ReferralEnded, "2026-04-01", person_ref=HERE, **ended),
    )
    told = {"person_ref": THERE, "sender": POLICE, "scope": "referral", "change": "revoked"}
    logs.record(
        AUTHORITY,
        "2026-04-01",
        made(identification.ConsentChangeReceived, "2026-04-01", **told, effective_on=day("2026-04-01")),
        made(identification.ReferralEnded, "2026-04-01", person_ref=THERE, **ended),
    )
    return logs


async def test_consent_to_the_referral_is_taken_back_between_two_decisions() -> None:
    office = Office.over(consent_revoked_midway())
    before = await office.pathway(HERE, as_of="2026-03-31")
    assert [consent["scope"] for consent in before["consents"]] == ["referral", "research"]
    assert before["standing"] == {"identification": "presumed", "identification_days": "21"}
    seen = await office.pathway(THERE)
    assert seen | {"timeline": ...} == {
        "person": HERE,
        "references": [{"origin": AUTHORITY, "person_ref": THERE}, {"origin": POLICE, "person_ref": HERE}],
        "profile": PROFILE,
        "standing": {"identification": "referral_ended", "identification_days": "90"},
        "timeline": ...,
        "consents": [{"origin": POLICE, "scope": "research", "given_on": "2026-03-02"}],
    }
    assert steps(seen) == [
        ("2026-03-02", "identification.PersonDetected", "detection_channel=raid"),
        ("2026-03-02", "identification.ScreeningCompleted", "outcome=indicated"),
        ("2026-03-02", "identification.ConsentGiven", "scope=referral"),
        ("2026-03-02", "identification.ConsentGiven", "scope=research"),
        ("2026-03-03", "identification.ReferralSubmitted", ""),
        ("2026-03-03", "identification.ReferralReceived", "detection_channel=raid"),
        ("2026-03-04", "identification.ReferralAcknowledged", ""),
        ("2026-03-10", "identification.StageDecided", "stage=1 final=false outcome=positive"),
        ("2026-04-01", "identification.ConsentRevoked", "scope=referral"),
        ("2026-04-01", "identification.ReferralEnded", "reason=withdrawn"),
        ("2026-04-01", "identification.ConsentChangeReceived", "scope=referral change=revoked"),
        ("2026-04-01", "identification.ReferralEnded", "reason=withdrawn"),
    ]
    assert (await office.funnels())["persons"] == {"detected": 1, "referred": 1, "presumed": 1}
