"""Which consents live, which scopes the person said no to, and who received something under which scope."""

from dataclasses import dataclass
from datetime import date

from immutables import Map

from nrm_contracts.identification.consent_events import (
    ConsentChangeReceived,
    ConsentGiven,
    ConsentRefused,
    ConsentRevoked,
)
from nrm_contracts.identification.referral_events import ReferralReceived, ReferralSubmitted
from nrm_contracts.identification.sharing_events import AssistanceAsked, VictimReportMade
from nrm_kernel.changing import replace

Key = tuple[str, str | None]
"""A scope and, for ``share_with``, the agency it names."""

INTERVIEW = "interview"
REFERRAL = "referral"
ASSISTANCE = "assistance"
PROCEEDINGS = "proceedings"
SHARE_WITH = "share_with"
RETURN = "return"


@dataclass(frozen=True, slots=True)
class Consents:
    """One consent lives per scope (and named agency): a later one takes the place of an earlier one."""

    given: Map[Key, ConsentGiven] = Map()
    denied: frozenset[Key] = frozenset()
    received_by: Map[str, frozenset[str]] = Map()
    withdrawn_at: frozenset[str] = frozenset()
    """Agencies that told of a no to being referred."""

    def live(self, scope: str, on: date, share_with: str | None = None) -> ConsentGiven | None:
        """The consent that covers this scope on that day, if there is one."""
        consent = self.given.get((scope, share_with))
        if consent is None or on < consent.given_on or (consent.expires_on is not None and on > consent.expires_on):
            return None
        return consent

    def said_no(self, scope: str) -> bool:
        """The last word on this scope was a refusal or a revocation."""
        return (scope, None) in self.denied

    def receivers(self, scope: str, share_with: str | None) -> frozenset[str]:
        """Agencies that must hear when a consent of that scope changes."""
        named = frozenset((share_with,)) if share_with else frozenset()
        return self.received_by.get(scope, frozenset()) | named


def evolve(consents: Consents, event: object) -> Consents:
    """The consents after an event; most events leave them as they are."""
    match event:
        case ConsentGiven():
            key = (event.scope, event.share_with)
            return replace(consents, given=consents.given.set(key, event), denied=consents.denied - {key})
        case ConsentRefused():
            return _denied(consents, (event.scope, event.share_with))
        case ConsentRevoked():
            return _revoked(consents, event.consent_id)
        case ConsentChangeReceived():
            return _told(consents, event)
        case ReferralSubmitted():
            return _received(consents, REFERRAL, event.to)
        case ReferralReceived():
            return _received(consents, REFERRAL, event.sender)
        case AssistanceAsked():
            return _received(consents, ASSISTANCE, event.to)
        case VictimReportMade():
            return _received(consents, PROCEEDINGS, event.to)
        case _:
            return consents


def _revoked(consents: Consents, consent_id: str) -> Consents:
    keys = [key for key, consent in consents.given.items() if consent.consent_id == consent_id]
    return _denied(consents, keys[0]) if keys else consents


def _told(consents: Consents, event: ConsentChangeReceived) -> Consents:
    if event.scope == REFERRAL:
        only = consents.withdrawn_at - {event.sender}
        consents = replace(consents, withdrawn_at=only if event.change == "given" else only | {event.sender})
    return consents if event.change == "given" else _denied_everywhere(consents, event.scope)


def _denied_everywhere(consents: Consents, scope: str) -> Consents:
    """Another agency does not say for whom a consent to share was meant, so all of them end."""
    for key in [key for key in consents.given if key[0] == scope]:
        consents = _denied(consents, key)
    return _denied(consents, (scope, None))


def _denied(consents: Consents, key: Key) -> Consents:
    given = consents.given.delete(key) if key in consents.given else consents.given
    return replace(consents, given=given, denied=consents.denied | {key})


def _received(consents: Consents, scope: str, agency: str) -> Consents:
    agencies = consents.received_by.get(scope, frozenset()) | {agency}
    return replace(consents, received_by=consents.received_by.set(scope, agencies))
