"""What happened long ago and was reported late is unknown until it was recorded, in every part of every answer."""

from collections.abc import Callable

import orjson
import pytest
from tests.coordinator.events import assistance, identification, made, prosecution
from tests.coordinator.logs import AUTHORITY, CROWN, NGO, POLICE, Logs, Office, ref
from tests.coordinator.stories import consented, detected, handed_over
from tests.coordinator.test_golden_pathways import HERE, THERE, ceiling_hit_in_december, charged_then_dropped

from nrm_contracts.record.events import ReactionRefused
from nrm_kernel.entry import Entry, canonical

LATE = "2026-06-20"


def reported_late(logs: Logs) -> Logs:
    """The same logs, with all but the detection by the police, and who knows whom, recorded on one late day."""
    return Logs({origin: [_late(entry) for entry in log] for origin, log in logs.of.items()})


def on_time(logs: Logs) -> Logs:
    """What of these logs was not recorded late."""
    kept = {origin: [entry for entry in log if entry.recorded_at[:10] != LATE] for origin, log in logs.of.items()}
    return Logs({origin: log for origin, log in kept.items() if log})


def _late(entry: Entry) -> Entry:
    if (entry.origin == POLICE and entry.position < 2) or entry.type.startswith("record.Handover"):
        return entry
    told = orjson.loads(entry.body)
    told["recorded_at"] = LATE + told["recorded_at"][10:]
    return Entry.of(entry.origin, entry.position, canonical(told))


def of_everything() -> Logs:
    """What the other stories do not have: a merge, a compensation, a refused notice, consents, an age in doubt."""
    logs = Logs()
    detected(logs, "2026-01-10", HERE)
    consented(logs, "2026-01-11", HERE, "referral", ref(40))
    detected(logs, "2026-01-11", ref(8))
    merged = {"person_ref": HERE, "absorbed_ref": ref(8)}
    logs.record(POLICE, "2026-01-12", made(identification.PersonRecordsMerged, "2026-01-12", **merged))
    logs.record(POLICE, "2026-01-12", made(identification.AgeDisputed, "2026-01-12", person_ref=HERE, reason="claimed"))
    handed_over(logs, "2026-01-12", (POLICE, HERE), (CROWN, THERE), ref(3))
    money = {"person_ref": THERE, "compensation_id": ref(70), "ccy": "GBP", "payer": "offender", "amount_minor": 5}
    logs.record(
        CROWN,
        "2026-01-13",
        made(prosecution.CompensationAwarded, "2026-01-13", **money),
        made(prosecution.CriminalCaseRegistered, "2026-01-13", lead_org=CROWN),
        made(prosecution.VictimLinkedToCase, "2026-01-13", person_ref=THERE, criminal_case_id=ref(900)),
        made(prosecution.CasesMerged, "2026-01-13", criminal_case_id=ref(901), into_case_id=ref(900)),
    )
    told = made(
        identification.ReferralAnswered, "2026-01-13", handover_id=ref(3), shared_ref=ref(31), answer="returned"
    )
    sent = logs.record(AUTHORITY, "2026-01-13", told, to=POLICE)
    refusal = ReactionRefused(AUTHORITY, sent.text("id"), "RecordReferralAnswer", "REFERRAL_UNKNOWN")
    logs.record(POLICE, "2026-01-13", refusal, stream="reaction-refused")
    logs.record(NGO, "2026-01-13", made(assistance.PersonRegistered, "2026-01-13", person_ref=ref(7)))
    return logs


@pytest.mark.slow
@pytest.mark.parametrize("story", [ceiling_hit_in_december, charged_then_dropped, of_everything])
async def test_until_then_only_the_detection_is_known(story: Callable[[], Logs]) -> None:
    late = Office.over(reported_late(story()))
    alone = Office.over(on_time(reported_late(story())))
    for day in ("2026-03-10", "2026-06-19"):
        assert await late.pathway(HERE, as_of=day) == await alone.pathway(HERE, as_of=day)
        assert await late.persons(as_of=day) == await alone.persons(as_of=day)
        assert await late.funnels(as_of=day) == await alone.funnels(as_of=day)
        assert await late.overdue(as_of=day) == []
    now, since = await Office.over(story()).pathway(HERE), await late.pathway(HERE)
    assert {**now, "timeline": 0} == {**since, "timeline": 0}
    assert {len(now["timeline"])} == {len(since["timeline"])} != {2}
