"""Where a person stands with each kind of agency: the code of the newest fact that moved them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select

from nrm_coordinator import tables as t
from nrm_coordinator.moment import AsOf

IDENTIFICATION = {
    "identification.PersonDetected": "detected",
    "identification.SuggestionReceived": "detected",
    "identification.ScreeningCompleted": "screened",
    "identification.AnonymousNotificationMade": "anonymous_notice",
    "identification.ReferralSubmitted": "referred",
    "identification.ReferralReceived": "referred",
    "identification.ReferralReturned": "returned",
    "identification.ReferralAcknowledged": "acknowledged",
    "identification.ReconsiderationRequested": "reconsidered",
    "identification.PersonDisqualified": "disqualified",
    "identification.StatusRevoked": "status_revoked",
}
ASSISTANCE = {
    "assistance.CaseOpened": "requested",
    "assistance.AssistanceOffered": "offered",
    "assistance.AssistanceAccepted": "accepted",
    "assistance.AssistanceDeclined": "declined",
    "assistance.NeedsAssessed": "assessed",
    "assistance.PlanAgreed": "planned",
    "assistance.PersonLost": "lost",
    "assistance.PersonFound": "found",
    "assistance.CaseClosed": "closed",
}
PROCEEDINGS = {
    "prosecution.VictimReportReceived": "reported",
    "prosecution.VictimRegistered": "reported",
    "prosecution.VictimLinkedToCase": "in_case",
    "prosecution.VictimParticipationConsented": "participating",
    "prosecution.VictimParticipationWithdrawn": "withdrawn",
    "prosecution.VictimCharged": "charged",
    "prosecution.NonPunishmentReviewed": "reviewed",
}
DECIDED = "identification.StageDecided"
PHASE = "assistance.PhaseEntered"
MOVING = (*IDENTIFICATION, *ASSISTANCE, *PROCEEDINGS, DECIDED, PHASE)


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact that moves a person: newest last in time, then in the order of recording."""

    occurred_on: str
    recorded_at: str
    position: int
    kind: str
    detail: str


@dataclass(frozen=True, slots=True)
class Standing:
    """The three codes, empty where no agency of that kind knows the person, and since when the first one holds."""

    identification: str = ""
    since: str = ""
    assistance: str = ""
    proceedings: str = ""

    def days(self, day: date) -> int:
        """Days since the identification standing last changed."""
        return (day - date.fromisoformat(self.since)).days if self.since else 0


def moving_facts(as_of: AsOf) -> Select[tuple[str, str, str, int, str, str]]:
    """Every fact that moves anybody, as (person_ref, and the fields of :class:`Fact`)."""
    c = t.step.c
    return select(c.subject, c.occurred_on, c.recorded_at, c.position, c.kind, c.detail).where(
        c.kind.in_(MOVING), c.recorded_at <= as_of.moment
    )


def standing(facts: Iterable[Fact]) -> Standing:
    """What the facts of one person come to, in whatever order they are given."""
    identification = since = assistance = proceedings = ""
    for fact in sorted(facts, key=lambda one: (one.occurred_on, one.recorded_at, one.position)):
        if fact.kind == DECIDED:
            identification, since = _decided(fact.detail), fact.occurred_on
        elif fact.kind == PHASE:
            assistance = dict(pair.split("=", 1) for pair in fact.detail.split()).get("phase", assistance)
        elif fact.kind in IDENTIFICATION:
            identification, since = IDENTIFICATION[fact.kind], fact.occurred_on
        else:
            assistance = ASSISTANCE.get(fact.kind, assistance)
            proceedings = PROCEEDINGS.get(fact.kind, proceedings)
    return Standing(identification, since, assistance, proceedings)


def _decided(detail: str) -> str:
    codes = dict(pair.split("=", 1) for pair in detail.split())
    if codes.get("outcome") != "positive":
        return "negative"
    return "confirmed" if codes.get("final") == "true" else "presumed"
