"""Which consents are live on a day: replaced, refused, revoked, run out, or withdrawn through another agency."""

from typing import Any

from tests.coordinator.events import assistance, day, identification, made
from tests.coordinator.logs import NGO, POLICE, Logs, Office, ref
from tests.coordinator.stories import consented, detected, handed_over

HERE, THERE = ref(1), ref(2)


async def live(logs: Logs, as_of: str = "") -> list[tuple[str, str]]:
    """Scope and first day of each."""
    seen: list[dict[str, Any]] = (await Office.over(logs).pathway(HERE, as_of=as_of)).get("consents", [])
    return [(one["scope"], one["given_on"]) for one in seen]


def begun() -> Logs:
    logs = Logs()
    detected(logs, "2026-01-10", HERE)
    consented(logs, "2026-01-11", HERE, "referral", ref(40))
    return logs


def changed(logs: Logs, on: str, form: type[object], **told: Any) -> None:  # noqa: ANN401 - the event's own fields
    logs.record(POLICE, on, made(form, on, person_ref=HERE, **told))


async def test_a_later_consent_of_a_scope_takes_the_place_of_an_earlier_one() -> None:
    logs = begun()
    consented(logs, "2026-02-01", HERE, "referral", ref(41))
    assert await live(logs) == [("referral", "2026-02-01")]
    changed(logs, "2026-03-01", identification.ConsentRevoked, scope="referral", consent_id=ref(41),
            effective_on=day("2026-03-01"))  # fmt: skip
    assert await live(logs) == []


async def test_the_revocation_of_a_consent_that_was_replaced_leaves_the_newer_one() -> None:
    logs = begun()
    consented(logs, "2026-02-01", HERE, "referral", ref(41))
    told = {"scope": "referral", "consent_id": ref(40), "effective_on": day("2026-03-01")}
    changed(logs, "2026-03-01", identification.ConsentRevoked, **told)
    assert await live(logs) == [("referral", "2026-02-01")]


async def test_a_revocation_counts_from_its_day_on() -> None:
    logs = begun()
    told = {"scope": "referral", "consent_id": ref(40), "effective_on": day("2026-02-10")}
    changed(logs, "2026-02-01", identification.ConsentRevoked, **told)
    assert await live(logs, as_of="2026-02-09") == [("referral", "2026-01-11")]
    assert await live(logs, as_of="2026-02-10") == []


async def test_a_refusal_ends_the_consent_of_that_scope_and_of_no_other() -> None:
    logs = begun()
    consented(logs, "2026-01-11", HERE, "research", ref(41))
    changed(logs, "2026-02-01", identification.ConsentRefused, scope="referral")
    assert await live(logs) == [("research", "2026-01-11")]


async def test_a_consent_holds_to_its_last_day() -> None:
    logs = Logs()
    detected(logs, "2026-01-10", HERE)
    told = {"scope": "interview", "consent_id": ref(40), "expires_on": day("2026-02-10")}
    changed(logs, "2026-01-11", identification.ConsentGiven, **told)
    assert await live(logs, as_of="2026-02-10") == [("interview", "2026-01-11")]
    assert await live(logs, as_of="2026-02-11") == []


async def test_consents_to_share_with_two_agencies_stand_side_by_side() -> None:
    logs = begun()
    for nth, receiver in ((50, "test/assistance/ngo-dawn"), (51, "test/assistance/ngo-harbour")):
        told = {"scope": "share_with", "share_with": receiver, "consent_id": ref(nth)}
        changed(logs, "2026-02-01", identification.ConsentGiven, **told)
    assert await live(logs) == [("referral", "2026-01-11"), *[("share_with", "2026-02-01")] * 2]
    revoked = {"scope": "share_with", "sender": NGO, "change": "revoked", "effective_on": day("2026-03-01")}
    changed(logs, "2026-03-01", identification.ConsentChangeReceived, **revoked)
    assert await live(logs) == [("referral", "2026-01-11")]


async def test_a_yes_that_was_told_to_another_agency_opens_nothing_there() -> None:
    logs = Logs()
    detected(logs, "2026-01-10", HERE)
    told = {"scope": "referral", "sender": NGO, "change": "given", "effective_on": day("2026-01-11")}
    changed(logs, "2026-01-11", identification.ConsentChangeReceived, **told)
    assert await live(logs) == []


async def test_help_goes_on_with_the_consent_given_to_the_helper_whatever_was_revoked_elsewhere() -> None:
    logs = begun()
    handed_over(logs, "2026-01-12", (POLICE, HERE), (NGO, THERE), ref(3))
    consented(logs, "2026-01-13", THERE, "assistance", ref(60), NGO)
    told = {"person_ref": THERE, "sender": POLICE, "scope": "assistance", "change": "revoked"}
    noted = made(assistance.SharedConsentChanged, "2026-02-01", **told, effective_on=day("2026-02-01"))
    logs.record(NGO, "2026-02-01", noted)
    assert ("assistance", "2026-01-13") in await live(logs)
    revoked = {"person_ref": THERE, "consent_id": ref(60), "effective_on": day("2026-03-01")}
    logs.record(NGO, "2026-03-01", made(assistance.ConsentRevoked, "2026-03-01", **revoked))
    assert ("assistance", "2026-01-13") not in await live(logs)
