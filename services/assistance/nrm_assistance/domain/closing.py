"""The ends of a case, and handing a person on: closing, transfer to another agency, suggesting a referral."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from nrm_assistance.domain import deadlines
from nrm_assistance.domain.command import CONSENT, AboutPerson, cites_no_dead_consent, live_consent, open_case
from nrm_assistance.domain.lasting import lasting, told_again
from nrm_assistance.domain.parts import Profile
from nrm_assistance.domain.person import Person
from nrm_assistance.domain.placement import must_have_left
from nrm_assistance.domain.returns import must_be_over
from nrm_assistance.domain.telling import introduced, to_requesters
from nrm_contracts.assistance.events import (
    CaseClosed,
    ReferralSuggested,
    ReferralSuggestionMade,
    TransferAnswered,
    TransferOffered,
    TransferRequested,
)
from nrm_contracts.fields import Code, Origin, Ref
from nrm_kernel.decider import Decision, Notice
from nrm_kernel.errors import Refused
from nrm_kernel.identity import service_of

TransferAnswer = Literal["accepted", "declined"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseCase(AboutPerson):
    """The case ends, and with what outcome."""

    outcome: Annotated[str, Code("closing_outcome")]


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferCase(AboutPerson):
    """Another assistance agency is asked to take over; the case goes on here until it has."""

    to: Origin
    new_handover_id: Ref
    agencies: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteTransferAnswer(AboutPerson):
    """What the agency that was asked to take over answered."""

    sender: Origin
    answer: TransferAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestReferral(AboutPerson):
    """The person is willing to be asked by an identification agency."""

    to: Origin
    new_handover_id: Ref
    agencies: Mapping[str, str]


def close_case(command: CloseCase, person: Person) -> Decision:
    """Goals that count as met were reached."""
    case = open_case(person)
    cites_no_dead_consent(command, person)
    must_have_left(person)
    _return_is_settled(command, person)
    plan = person.plan
    if command.outcome == "goal_met" and (plan is None or plan.goals - plan.reached):
        missing = ", ".join(sorted(plan.goals - plan.reached)) if plan else "a plan"
        raise Refused("GOALS_NOT_REACHED", f"Not reached: {missing}. Record ReachGoal, or close with another outcome.")
    reached = tuple(sorted(plan.reached)) if plan else ()
    return [
        CaseClosed(command.person_ref, case.case_id, command.outcome, reached, command.occurred_on),
        *deadlines.all_lifted(command, person),
        *([] if case.stage == "accepted" else to_requesters(command, person, "declined")),
    ]


def _return_is_settled(command: CloseCase, person: Person) -> None:
    """Nobody is left on their way: who has not left must know that they do not, who has is received there."""
    one = person.returning
    if one is None or one.returned_on is None:
        must_be_over(person)
    elif command.outcome == "returned" and not one.confirmed:
        raise Refused(
            "REINTEGRATION_UNCONFIRMED",
            f"Nobody in {one.to_country} has confirmed that the person was received. Record ConfirmReintegration, or "
            "close with another outcome.",
        )


def transfer_case(command: TransferCase, person: Person) -> Decision:
    """With the person's consent to share with that agency, whatever the legal basis."""
    open_case(person)
    _kind_is(command, "assistance")
    if person.transfer_to:
        raise Refused("TRANSFER_PENDING", f"{person.transfer_to} was asked and has not answered. Wait for the answer.")
    consent = live_consent(person, "share_with", command.occurred_on, command.to)
    if consent is None:
        raise Refused(
            "CONSENT_NOT_LIVE",
            f"The person has not consented to sharing with {command.to}. Ask, and record GiveConsent with share_with.",
            scope="share_with",
        )
    about, minted = introduced(command, person, command.to)
    news = told_again if command.to in person.handovers else lasting
    profile = _profile(person)
    asked = TransferRequested(
        about, profile.region, profile.age_band, profile.sex, profile.language, profile.minor, command.occurred_on
    )
    return [
        *minted,
        TransferOffered(command.person_ref, command.to, consent.given.consent_id, command.occurred_on),
        deadlines.by_policy(command, "transfer_answer"),
        Notice(command.to, about, asked),
        *(Notice(command.to, about, each) for each in news(person, about, command.occurred_on)),
    ]


def note_transfer_answer(command: NoteTransferAnswer, person: Person) -> Decision:
    """The case worker closes the case here once the person has moved over."""
    if person.transfer_to != command.sender:
        raise Refused("TRANSFER_NOT_PENDING", f"{command.sender} was not asked to take over. Ask that agency.")
    return [
        TransferAnswered(command.person_ref, command.sender, command.answer, command.occurred_on),
        *deadlines.met(command, person, "transfer_answer"),
    ]


def suggest_referral(command: SuggestReferral, person: Person) -> Decision:
    """An adult is suggested with consent alone; a child also where a duty or danger calls for it, after a look at its
    best interests."""
    open_case(person)
    _kind_is(command, "identification")
    if command.to in person.requests.values():
        raise Refused("KNOWN_THERE", f"{command.to} asked for help for this person and knows them. Nothing to suggest.")
    consent = live_consent(person, "referral", command.occurred_on)
    profile = _profile(person)
    if consent is None:
        _child_without_consent(command, person, profile)
    about, minted = introduced(command, person, command.to)
    suggested = ReferralSuggested(
        about, profile.region, profile.age_band, profile.sex, profile.language, profile.minor, command.occurred_on
    )
    consent_id = consent.given.consent_id if consent else None
    return [
        *minted,
        ReferralSuggestionMade(command.person_ref, command.to, command.occurred_on, consent_id),
        Notice(command.to, about, suggested),
    ]


def _child_without_consent(command: SuggestReferral, person: Person, profile: Profile) -> None:
    if not profile.minor or command.legal_basis in ("", CONSENT):
        raise Refused(
            "CONSENT_NOT_LIVE",
            "The person has not consented to a referral. Ask, and record GiveConsent with scope referral; for a child "
            "name the duty or danger as legal basis.",
            scope="referral",
        )
    if not person.best_interest_assessed:
        raise Refused("BEST_INTEREST_MISSING", "A child is referred in its best interests. Record AssessBestInterest.")


def _kind_is(command: TransferCase | SuggestReferral, kind: str) -> None:
    if command.to not in command.agencies or service_of(command.to) != kind or command.to == command.agency:
        raise Refused("AGENCY_UNSUITABLE", f"{command.to} is no other agency of kind {kind}. Choose one.", kind=kind)


def _profile(person: Person) -> Profile:
    assert person.profile, "a case is opened for somebody who is described"
    return person.profile
