"""A fact counts from the log of an agency whose fact it is: in any other log it moves nothing, and is an alert."""

import pytest
from tests.coordinator.events import assistance, funding, identification, made, prosecution
from tests.coordinator.logs import AGENCIES, COORDINATOR, CROWN, NGO, Logs, Office, ref
from tests.coordinator.stories import detected, handed_over, helped
from tests.coordinator.test_every_event_is_read import KINDS, entry_of

import event_files
from nrm_contracts.catalogue import Audience, EventType
from nrm_contracts.coordinator.v1 import coordinator_pb2 as pb
from nrm_coordinator.facts import apply
from nrm_coordinator.foreign import is_own
from nrm_kernel.entry import Entry, canonical

HERE, THERE = ref(1), ref(2)
SENDERS = (*AGENCIES, COORDINATOR, "test/audit/office")
FACTS = [kind for kind in KINDS if kind.audience is not Audience.NOTICE]


def in_log_of(origin: str, kind: EventType) -> Entry:
    """The same entry, in this agency's log."""
    said = dict(entry_of(kind, optional_fields=True).envelope)
    return Entry.of(origin, 7, canonical({**said, "origin": origin, "agency": origin}))


@pytest.mark.parametrize("origin", SENDERS)
def test_a_fact_in_the_log_of_another_kind_gives_nothing_but_that_it_stands_there(origin: str) -> None:
    for kind in FACTS:
        whose = kind.name.partition(".")[0]
        tables = {add.table.name for add in apply(in_log_of(origin, kind))}
        if whose in (origin.split("/")[1], "record"):
            assert "foreign_fact" not in tables, kind.name
        else:
            assert tables == {"foreign_fact"}, kind.name


def test_what_every_agency_records_is_the_catalogue_of_records_alone() -> None:
    of_anybody = {kind.name for kind in FACTS if is_own("test/nothing/nobody", kind.name)}
    assert of_anybody == {kind.name for kind in FACTS if "record" in event_files.message_name(kind).split(".")[0]}
    assert len(of_anybody) < len(FACTS) / 10


def story() -> Logs:
    """A person whom the police found and a shelter helps, and a prosecutor who knows the person."""
    logs = Logs()
    detected(logs, "2026-01-10", HERE)
    helped(logs, "2026-01-12", HERE, THERE, ref(4), ref(5))
    handed_over(logs, "2026-01-13", (NGO, THERE), (CROWN, ref(3)), ref(6))
    logs.record(CROWN, "2026-01-14", made(prosecution.VictimRegistered, "2026-01-14", person_ref=ref(3)))
    return logs


def planted() -> list[object]:
    """What a shelter must not be able to make the country believe about the person whom it houses."""
    about = {"person_ref": THERE}
    on = "2026-02-01"
    return [
        made(prosecution.VictimCharged, on, **about, charge_id=ref(60)),
        made(prosecution.VictimLinkedToCase, on, **about, criminal_case_id=ref(61)),
        made(identification.StageDecided, on, **about, referral_id=ref(62), stage=2, final=True, outcome="positive"),
        made(identification.PersonRecordsMerged, on, **about, absorbed_ref=ref(9)),
        made(
            funding.PaymentMade,
            on,
            invoice_id=ref(63),
            contract_ref=ref(64),
            payment_id=ref(65),
            amount_minor=1_000_000,
            ccy="GBP",
        ),
    ]


async def test_nothing_planted_in_a_shelters_log_moves_the_picture_and_each_log_and_place_is_named() -> None:
    before, after = story(), story()
    first = after.record(NGO, "2026-02-01", planted()[0], recorded_on="2026-02-02").position
    after.record(NGO, "2026-02-03", *planted())
    shown, shown_after = await Office.over(before).pathway(HERE), await Office.over(after).pathway(HERE)
    found = shown_after.pop("alerts")
    assert shown_after == {name: value for name, value in shown.items() if name != "alerts"}
    assert found[0] == {
        "kind": "event_foreign",
        "origin": NGO,
        "since": "2026-02-02",
        "detail": f"event=prosecution.VictimCharged position={first}",
    }
    assert [alert["kind"] for alert in found] == ["event_foreign"] * 4, "one for each type that is about the person"
    assert await Office.over(after).funnels() == await Office.over(before).funnels()


async def test_the_funnels_name_every_such_log_whomever_the_facts_are_about() -> None:
    logs = story()
    last = logs.record(NGO, "2026-02-01", *planted()).position
    alerts = await funnel_alerts(logs)
    assert [alert[:2] for alert in alerts] == [("event_foreign", NGO)] * 5
    assert f"event=funding.PaymentMade position={last}" in {detail for _, _, detail in alerts}
    assert await funnel_alerts(logs, as_of="2026-01-31") == [], "as of a day before, nobody had recorded them"
    assert await funnel_alerts(story()) == []


async def funnel_alerts(logs: Logs, as_of: str = "") -> list[tuple[str, str, str]]:
    """What the funnels alert to."""
    answer = await Office.over(logs).ask(pb.GetFunnelsRequest(as_of=as_of))
    return [(one.kind, one.origin, one.detail) for one in answer.alerts]


async def test_an_alert_about_a_foreign_fact_says_nothing_of_the_fact_but_its_type_and_place() -> None:
    logs = story()
    logs.record(NGO, "2026-02-01", made(assistance.AssistanceOffered, "2026-02-01", person_ref=THERE))
    logs.record(CROWN, "2026-02-01", made(assistance.RiskAlertRaised, "2026-02-01", person_ref=ref(3), kind="threat"))
    (alert,) = [one for one in (await Office.over(logs).pathway(HERE))["alerts"] if one["kind"] == "event_foreign"]
    assert alert["detail"].startswith("event=assistance.RiskAlertRaised position=")
    assert "threat" not in alert["detail"]
