"""The deadlines of a person, by kind and by what they are about: those that live, and those that rest with a record."""

from collections.abc import Iterator
from datetime import date

from immutables import Map

from nrm_contracts.identification.deadline_events import DeadlineLifted, DeadlineMet, DeadlineSet
from nrm_contracts.identification.person_events import PersonRecordReleased

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
STATUS_END = "status_end"
PERMIT_END = "residence_permit_end"
LOST = "lost_contact_check"
DECISIONS = (STAGE, FINAL, RECONSIDERATION)
GRANTED = (RECOVERY_END, STATUS_END, PERMIT_END)
"""The ends of what was granted: they come whether or not the record goes on, so none of them rests with it."""


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


def rest(resting: Deadlines, live: Deadlines, event: object) -> Deadlines:
    """What a record that rests owes again when it is released, after an event in it.

    What is lifted there while it lives is put to rest, and a second time let go; what was granted never rests.
    """
    match event:
        case DeadlineLifted(kind=kind, about=about) if (kind, about) in live and kind not in GRANTED:
            return resting.set((kind, about), live[(kind, about)])
        case PersonRecordReleased():
            return Map()
        case _:
            return evolve(resting, event) if isinstance(event, DeadlineMet | DeadlineLifted) else resting


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
