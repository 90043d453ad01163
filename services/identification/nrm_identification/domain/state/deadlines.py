"""The live deadlines of a person, by kind and by what they are about."""

from collections.abc import Iterator
from datetime import date

from immutables import Map

from nrm_contracts.identification.deadline_events import DeadlineLifted, DeadlineMet, DeadlineSet

Deadlines = Map[tuple[str, str], DeadlineSet]

SCREENING = "screening"
SUBMISSION = "referral_submission"
ACKNOWLEDGEMENT = "referral_acknowledgement"
STAGE = "stage_decision"
FINAL = "final_decision"
RECONSIDERATION = "reconsideration_decision"
RECONSIDERATION_REQUEST = "reconsideration_request"
RECOVERY_END = "recovery_end"
EXIT_POSITIVE = "exit_positive"
EXIT_NEGATIVE = "exit_negative"
GUARDIAN = "guardian_appointment"
AGE = "age_assessment"
OFFER = "assistance_offer"
NON_PUNISHMENT = "non_punishment_review"
LOST = "lost_contact_check"
DECISIONS = (STAGE, FINAL, RECONSIDERATION)


def evolve(deadlines: Deadlines, event: object) -> Deadlines:
    """The live deadlines after an event."""
    match event:
        case DeadlineSet():
            return deadlines.set((event.kind, event.about), event)
        case DeadlineMet() | DeadlineLifted():
            key = (event.kind, event.about)
            return deadlines.delete(key) if key in deadlines else deadlines
        case _:
            return deadlines


def met(deadlines: Deadlines, on: date, about: str, *kinds: str) -> Iterator[DeadlineMet]:
    """What is done with, of these kinds, as far as it was asked for."""
    for kind in kinds:
        if live := deadlines.get((kind, about)):
            yield DeadlineMet(live.person_ref, kind, about, on)


def lifted(deadlines: Deadlines, on: date, about: str, *kinds: str) -> Iterator[DeadlineLifted]:
    """What is no longer asked for, of these kinds, as far as it was."""
    for kind in kinds:
        if live := deadlines.get((kind, about)):
            yield DeadlineLifted(live.person_ref, kind, about, on)
