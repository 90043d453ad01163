"""Deadlines as data: what is due, by when, on what ground, and whose duty it is. Whether it is late is computed."""

from datetime import date

from immutables import Map

from nrm_contracts.prosecution.events import DeadlineLifted, DeadlineMet, DeadlineSet

CASE_REVIEW = "case_review"
NON_PUNISHMENT_REVIEW = "non_punishment_review"
RELEASE_WARNING = "release_warning"

DeadlineEvent = DeadlineSet | DeadlineMet | DeadlineLifted
Deadlines = Map[tuple[str, str], DeadlineSet]
"""The live deadlines, by kind and by what they are about."""


def evolve(deadlines: Deadlines, event: DeadlineEvent) -> Deadlines:
    """The live deadlines after one was set, met or lifted."""
    key = (event.kind, event.about)
    if isinstance(event, DeadlineSet):
        return deadlines.set(key, event)
    return deadlines.delete(key) if key in deadlines else deadlines


def lifted(deadlines: Deadlines, on: date) -> list[DeadlineLifted]:
    """What becomes of the live deadlines when all that they are about ends."""
    return [DeadlineLifted(one.kind, one.about, on) for one in deadlines.values()]


def earlier(one: date | None, other: date | None) -> date | None:
    """The earlier of two days: an officer may set a nearer day than the policy, never a later one."""
    return min((day for day in (one, other) if day), default=None)
