"""Where on the pathway a person stands, in one word, for lists and first glances."""

from nrm_contracts.identification.person_events import (
    AnonymousNotificationMade,
    PersonDetected,
    ScreeningCompleted,
    SuggestionReceived,
)
from nrm_contracts.identification.referral_events import (
    ReferralAcknowledged,
    ReferralAnswerReceived,
    ReferralEnded,
    ReferralReceived,
    ReferralReturned,
    ReferralSubmitted,
)
from nrm_contracts.identification.status_events import (
    PersonDisqualified,
    ReconsiderationRequested,
    StageDecided,
    StageProposed,
    StatusExpired,
    StatusReceived,
    StatusRevoked,
)

_BY_EVENT: dict[type[object], str] = {
    PersonDetected: "detected",
    SuggestionReceived: "suggested",
    AnonymousNotificationMade: "notified_anonymously",
    ReferralSubmitted: "referred",
    ReferralReceived: "received",
    ReferralAcknowledged: "pending",
    ReferralReturned: "sent_back",
    ReferralEnded: "ended",
    StageProposed: "proposed",
    ReconsiderationRequested: "pending",
    PersonDisqualified: "disqualified",
    StatusRevoked: "revoked",
    StatusExpired: "expired",
}


OPEN = frozenset(
    {"detected", "suggested", "inconclusive", "indicated", "referred", "returned", "received", "pending", "proposed"}
)
"""Phases in which a step is owed to the person here, or an answer to this agency: a deadline lives."""


def phase_after(event: object) -> str | None:
    """The phase that an event leads to; None when it leads to none."""
    match event:
        case ScreeningCompleted():
            return event.outcome
        case ReferralAnswerReceived():
            return "with_authority" if event.answer == "acknowledged" else "returned"
        case StageDecided():
            return _decided(event.outcome, "confirmed" if event.final else "pending")
        case StatusReceived():
            return _decided(event.outcome, "confirmed" if event.final else "with_authority")
        case _:
            return _BY_EVENT.get(type(event))


def _decided(outcome: str, positive: str) -> str:
    return {"positive": positive, "negative": "not_confirmed"}.get(outcome, outcome)
