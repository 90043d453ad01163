"""Which consents are live: a scope and until when, never what was said.

One consent lives for each scope and receiver at each agency: a later one takes the place of an earlier one, a refusal
or a revocation ends it, and it runs out by itself after its last day.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from nrm_contracts.assistance import events as assistance
from nrm_contracts.identification import events as identification
from nrm_coordinator import tables as t
from nrm_coordinator.making import Builds, Given
from nrm_coordinator.moment import AsOf
from nrm_kernel.views import Add, ViewReader

GIVEN, REFUSED, REVOKED, WITHDRAWN_ELSEWHERE = "given", "refused", "revoked", "withdrawn_elsewhere"


@dataclass(frozen=True, slots=True)
class LiveConsent:
    """A consent that holds: its scope, never its content."""

    origin: str
    scope: str
    given_on: str
    expires_on: str


@dataclass(frozen=True, slots=True)
class Change:
    """Something that was recorded about a consent; which fields are filled depends on ``change``."""

    origin: str
    person_ref: str
    change: str
    scope: str
    share_with: str
    consent_id: str
    effective_on: str
    expires_on: str | None


async def live_consents(reader: ViewReader, refs: Collection[str], as_of: AsOf) -> list[LiveConsent]:
    """The consents of one person that hold on the day of ``as_of``."""
    c = t.consent.c
    rows = await reader.rows(
        select(c.origin, c.person_ref, c.change, c.scope, c.share_with, c.consent_id, c.effective_on, c.expires_on)
        .where(c.person_ref.in_(refs), c.recorded_at <= as_of.moment)
        .order_by(c.origin, c.position)
    )
    return live((Change(*tuple(row)) for row in rows), as_of.day.isoformat())


Key = tuple[str, str, str, str]


def live(changes: Iterable[Change], day: str) -> list[LiveConsent]:
    """What the changes come to on that day; those of one agency in the order of its log."""
    held: dict[Key, Change] = {}
    ended: dict[str, str] = {}
    for one in changes:
        if one.change == GIVEN:
            held[_key(one)] = one
        elif one.change == REFUSED:
            held.pop(_key(one), None)
        for consent_id in _ends(one, held):
            ended[consent_id] = min(one.effective_on, ended.get(consent_id, one.effective_on))
    found = [one for one in held.values() if _holds(one, ended.get(one.consent_id), day)]
    shown = (LiveConsent(one.origin, one.scope, one.effective_on, one.expires_on or "") for one in found)
    return sorted(shown, key=lambda one: (one.given_on, one.origin, one.scope))


def _ends(change: Change, held: Mapping[Key, Change]) -> Iterable[str]:
    """Consents that are taken back: one by its id, or all of a scope, whoever may receive something under it."""
    if change.change == REVOKED:
        return (change.consent_id,)
    if change.change == WITHDRAWN_ELSEWHERE:
        return [given.consent_id for key, given in held.items() if key[:3] == _key(change)[:3]]
    return ()


def _key(change: Change) -> Key:
    return change.origin, change.person_ref, change.scope, change.share_with


def _holds(given: Change, ended_on: str | None, day: str) -> bool:
    """From its first day to its last, both included; not on the day from which it was taken back."""
    in_time = given.effective_on <= day and (given.expires_on is None or day <= given.expires_on)
    return in_time and (ended_on is None or day < ended_on)


def _row(given: Given, change: str, effective_on: str) -> tuple[Add]:
    cells = {
        "person_ref": given.data["person_ref"],
        "change": change,
        "scope": given.data.get("scope", ""),
        "share_with": given.data.get("share_with", ""),
        "consent_id": given.data.get("consent_id", ""),
        "effective_on": effective_on,
        "expires_on": given.data.get("expires_on"),
    }
    return (given.adds(t.consent, cells),)


def _given(given: Given) -> tuple[Add]:
    return _row(given, GIVEN, given.data["given_on"])


def _refused(given: Given) -> tuple[Add]:
    return _row(given, REFUSED, given.data["refused_on"])


def _revoked(given: Given) -> tuple[Add]:
    return _row(given, REVOKED, given.data["effective_on"])


def _told(given: Given) -> tuple[Add, ...]:
    """A no that was told to another agency ends an identification agency's own consents of that scope."""
    return () if given.data["change"] == GIVEN else _row(given, WITHDRAWN_ELSEWHERE, given.data["effective_on"])


FACTS: Builds = {
    identification.ConsentGiven: _given,
    identification.ConsentRefused: _refused,
    identification.ConsentRevoked: _revoked,
    identification.ConsentChangeReceived: _told,
    assistance.ConsentGiven: _given,
    assistance.ConsentRevoked: _revoked,
}
