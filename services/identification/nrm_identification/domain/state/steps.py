"""The first day on which something was done for a person: nobody was detected after it."""

from datetime import date

from nrm_contracts.identification.child_events import AgeAssessed, AgeDisputed, GuardianAppointed, MinorPresumed
from nrm_contracts.identification.consent_events import ConsentGiven, ConsentRefused
from nrm_contracts.identification.incident_events import PersonLinkedToIncident
from nrm_contracts.identification.person_events import (
    AnonymousNotificationMade,
    PersonDetected,
    RecordsChangeProposed,
    ScreeningCompleted,
    ScreeningCorrected,
)
from nrm_contracts.identification.referral_events import ReferralReceived, ReferralSubmitted
from nrm_contracts.identification.sharing_events import AssistanceAsked, VictimReportMade
from nrm_identification.domain.state.childhood import age_group


def first_on(known: date | None, detected: PersonDetected | None, event: object) -> date | None:
    """The earlier of the day known so far and that of the event, if it is a step."""
    if isinstance(event, MinorPresumed) and known is None and detected and _presumed_at_once(detected):
        return None
    on = _step_on(event)
    return known if on is None else min(on, known or on)


def _presumed_at_once(detected: PersonDetected) -> bool:
    """The first doubt about such a person's age came with the detection itself and is no step after it."""
    return detected.minor_claimed or age_group(detected.age_band) == "unknown"


def _step_on(event: object) -> date | None:
    """Only what may come first: everything else follows one of these."""
    match event:
        case (
            ScreeningCompleted(screened_on=on)
            | ScreeningCorrected(happened_on=on)
            | AnonymousNotificationMade(notified_on=on)
            | ConsentGiven(given_on=on)
            | ConsentRefused(refused_on=on)
            | MinorPresumed(presumed_on=on)
            | AgeDisputed(disputed_on=on)
            | AgeAssessed(assessed_on=on)
            | GuardianAppointed(appointed_on=on)
            | ReferralSubmitted(submitted_on=on)
            | ReferralReceived(submitted_on=on)
            | AssistanceAsked(asked_on=on)
            | VictimReportMade(reported_on=on)
            | PersonLinkedToIncident(linked_on=on)
            | RecordsChangeProposed(proposed_on=on)
        ):
            return on
        case _:
            return None
