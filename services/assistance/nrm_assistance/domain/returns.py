"""A return to another country: only by the person's own will, into no danger, and to somebody who receives them.

Council of Europe Convention 197, art. 16: with due regard for the rights, safety and dignity of the person, and
preferably voluntary; here it is never anything else. A child goes only where a determination says so (art. 16.7).
"""

from dataclasses import dataclass
from typing import Annotated, Final

from nrm_assistance.domain import deadlines
from nrm_assistance.domain.command import (
    AboutPerson,
    accepted_case,
    cites_no_dead_consent,
    needs_consent,
    no_consent,
    open_case,
)
from nrm_assistance.domain.consents import InformedConsent, informed
from nrm_assistance.domain.person import Person
from nrm_assistance.domain.returning import Return
from nrm_contracts.assistance.events import (
    PersonReturned,
    ReintegrationHandoverConfirmed,
    ReturnCalledOff,
    ReturnConsented,
    ReturnOpened,
    ReturnRiskAssessed,
    TransnationalReferralAnswered,
    TransnationalReferralSent,
)
from nrm_contracts.assistance.return_events import Country, FormVersion
from nrm_contracts.codes import code_list
from nrm_contracts.fields import Code, Ref
from nrm_kernel.decider import Decision
from nrm_kernel.errors import Refused

SCOPE: Final = "return"
STEP, ANSWER, HANDOVER = "return_step", "receiver_answer", "reintegration_handover"
SAFE: Final = ("safe", "safe_with_measures")
STAYS: Final = "local_care"
"""The lasting solution that keeps a child where it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenReturn(AboutPerson):
    """The person asks to go to another country, their own or one that lets them in."""

    return_id: Ref
    to_country: Country


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessReturnRisk(AboutPerson):
    """How dangerous the return would be. What was found comes beside the command, sealed."""

    risk: Annotated[str, Code("return_risk_outcome")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentToReturn(InformedConsent):
    """The person, or a child's guardian, knows the risk and agrees to the return."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferAbroad(AboutPerson):
    """An organisation in that country is asked to receive the person."""

    receiver_ref: Ref
    receiver_kind: Annotated[str, Code("org_kind")]
    form_version: FormVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordReceiverAnswer(AboutPerson):
    """What the organisation abroad answered."""

    answer: Annotated[str, Code("receiver_answer")]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordReturn(AboutPerson):
    """The person left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmReintegration(AboutPerson):
    """The organisation abroad has received the person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOffReturn(AboutPerson):
    """The person does not go, and why."""

    reason: Annotated[str, Code("return_end_reason")]


def open_return(command: OpenReturn, person: Person) -> Decision:
    """One at a time, in an accepted case, to a country that is another one."""
    accepted_case(person)
    needs_consent(command, person, "assistance")
    must_be_over(person)
    is_country = code_list("iso_3166_1").attribute(command.to_country, "alpha_3")
    if not is_country or command.to_country == command.policy.country:
        raise Refused("COUNTRY_UNSUITABLE", f"{command.to_country} is no other country to return to. Name that one.")
    opened = ReturnOpened(
        command.person_ref, command.return_id, command.to_country, command.agency, command.occurred_on
    )
    return [opened, deadlines.by_policy(command, STEP)]


def assess_return_risk(command: AssessReturnRisk, person: Person) -> Decision:
    """As often as there is reason to; after each time the person is asked anew."""
    one = _open_return(person)
    needs_consent(command, person, "assistance")
    assessed = ReturnRiskAssessed(command.person_ref, one.return_id, command.risk, command.occurred_on)
    return [assessed, *_next_step(command, person, ReturnRiskAssessed)]


def consent_to_return(command: ConsentToReturn, person: Person) -> Decision:
    """After the assessment, and only where it found no danger that nothing helps against."""
    one = _open_return(person)
    _must_be_safe(command, one)
    if one.consent_id and person.consents[one.consent_id].is_live(command.occurred_on):
        raise Refused("RETURN_CONSENTED", "The person has consented to this return. Nothing to do.")
    return [
        informed(command, person, SCOPE),
        ReturnConsented(command.person_ref, one.return_id, command.consent_id, command.occurred_on),
        *_next_step(command, person, ReturnConsented),
    ]


def refer_abroad(command: ReferAbroad, person: Person) -> Decision:
    """One organisation at a time, and none before the person may go."""
    one = _open_return(person)
    _may_go(command, person, one)
    if one.receiver_ref:
        raise Refused("RECEIVER_ASKED", "A receiver was asked and did not decline. Record its answer, or wait for it.")
    sent = TransnationalReferralSent(
        command.person_ref,
        one.return_id,
        one.to_country,
        command.receiver_ref,
        command.receiver_kind,
        command.form_version,
        command.occurred_on,
    )
    return [sent, *deadlines.met(command, person, STEP), deadlines.by_policy(command, ANSWER)]


def record_receiver_answer(command: RecordReceiverAnswer, person: Person) -> Decision:
    """A yes may still become a no; after a no another organisation may be asked."""
    one = _open_return(person)
    cites_no_dead_consent(command, person)
    if one.receiver_ref is None:
        raise Refused("RECEIVER_NOT_ASKED", "No receiver awaits an answer. Record ReferAbroad first.")
    if one.accepted_on and command.answer == "accepted":
        raise Refused("RECEIVER_ACCEPTED", f"It accepted on {one.accepted_on}. Nothing to do.")
    answered = TransnationalReferralAnswered(
        command.person_ref, one.return_id, one.receiver_ref, command.answer, command.occurred_on
    )
    done = deadlines.met(command, person, ANSWER)
    return [answered, *done, *_next_step(command, person, TransnationalReferralAnswered)]


def record_return(command: RecordReturn, person: Person) -> Decision:
    """Everything that a return needs counted on the day on which the person left."""
    one = _open_return(person)
    _may_go(command, person, one)
    if one.accepted_on is None or command.occurred_on < one.accepted_on:
        raise Refused(
            "RECEIVER_NOT_ACCEPTED",
            f"On {command.occurred_on} nobody in {one.to_country} had agreed to receive the person. Record "
            "ReferAbroad and the answer first.",
        )
    left = PersonReturned(command.person_ref, one.return_id, one.to_country, command.occurred_on)
    return [left, *deadlines.met(command, person, STEP), deadlines.by_policy(command, HANDOVER)]


def confirm_reintegration(command: ConfirmReintegration, person: Person) -> Decision:
    """The case may then be closed, or goes on from afar."""
    open_case(person)
    cites_no_dead_consent(command, person)
    one = person.returning
    if one is None or one.receiver_ref is None or one.returned_on is None:
        raise Refused("NOT_RETURNED", "The person has not left for another country. Record RecordReturn first.")
    if one.confirmed:
        raise Refused("REINTEGRATION_CONFIRMED", "The receiver has confirmed before. Nothing to do.")
    confirmed = ReintegrationHandoverConfirmed(command.person_ref, one.return_id, one.receiver_ref, command.occurred_on)
    return [confirmed, *deadlines.met(command, person, HANDOVER)]


def call_off_return(command: CallOffReturn, person: Person) -> Decision:
    """Until the person has left, by anybody's doubt and without any consent."""
    one = _open_return(person)
    cites_no_dead_consent(command, person)
    called_off = ReturnCalledOff(command.person_ref, one.return_id, command.reason, command.occurred_on)
    return [called_off, *deadlines.lifted(command, person, STEP, ANSWER)]


def must_be_over(person: Person) -> None:
    """No return is open. Refuses with RETURN_OPEN."""
    one = person.returning
    if one and not one.confirmed:
        todo = "ConfirmReintegration" if one.returned_on else "RecordReturn or CallOffReturn"
        raise Refused("RETURN_OPEN", f"A return to {one.to_country} is open. Record {todo} first.")


def _open_return(person: Person) -> Return:
    open_case(person)
    one = person.returning
    if one is None or one.returned_on:
        raise Refused("RETURN_MISSING", "No return is open that the person has not left for. Record OpenReturn first.")
    return one


def _may_go(command: AboutPerson, person: Person, one: Return) -> None:
    """The risk, the person's own will and a child's best interests, on the day of the command."""
    _must_be_safe(command, one)
    if one.consent_id is None or not person.consents[one.consent_id].is_live(command.occurred_on):
        raise no_consent(SCOPE, command.occurred_on)
    if person.profile and person.profile.minor:
        _best_interest(command, person)


def _must_be_safe(command: AboutPerson, one: Return) -> None:
    risk = one.risk(command.occurred_on)
    if risk is None:
        raise Refused(
            "RETURN_RISK_NOT_ASSESSED",
            f"On {command.occurred_on} no assessment of the risk of the return counted: none was made, or a danger was "
            "seen since. Record AssessReturnRisk.",
        )
    if risk not in SAFE:
        raise Refused("RETURN_NOT_SAFE", "The assessment did not find the return safe. Call it off, or assess it anew.")


def _best_interest(command: AboutPerson, person: Person) -> None:
    found = person.determination
    if found is None or not found.determined_on <= command.occurred_on <= found.review_by:
        raise Refused(
            "BEST_INTEREST_UNDETERMINED",
            f"On {command.occurred_on} no determination of the child's best interests counted. Record "
            "DetermineBestInterest.",
        )
    if found.solution == STAYS:
        raise Refused("STAY_DETERMINED", "The determination is that the child stays here. Call the return off.")


def _next_step(command: AboutPerson, person: Person, after: type[object]) -> list[object]:
    return [*deadlines.met(command, person, STEP), deadlines.by_policy(command, STEP, after.__name__)]
