"""Consent by scope: given after seven points of information, refused, revoked. A no reaches everyone it concerns."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from nrm_contracts.codes import code_list
from nrm_contracts.fields import Code, Day, Origin, Ref
from nrm_contracts.identification.consent_events import ConsentGiven, ConsentRefused, ConsentRevoked
from nrm_contracts.identification.referral_events import ReferralEnded
from nrm_contracts.identification.terms import Scope
from nrm_identification.domain.command import AboutPerson
from nrm_identification.domain.lasting import told_again
from nrm_identification.domain.standing import covered, usable
from nrm_identification.domain.state import deadlines
from nrm_identification.domain.state import person as persons
from nrm_identification.domain.state.consents import ASSISTANCE, REFERRAL, RETURN, SHARE_WITH
from nrm_identification.domain.state.deadlines import ACKNOWLEDGEMENT, DECISIONS, SUBMISSION
from nrm_identification.domain.state.person import Person, current_profile, profile_of
from nrm_identification.domain.telling import consent_news, tell
from nrm_kernel.decider import Decision, Notice
from nrm_kernel.errors import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveConsent(AboutPerson):
    """The person, or a child's guardian, agrees to one scope."""

    consent_id: Ref
    scope: Scope
    share_with: Origin | None = None
    purpose: Annotated[str, Code("purpose")]
    informed_points: tuple[Annotated[str, Code("iom_informed_point")], ...] = ()
    interpreter_used: bool = False
    given_by: Annotated[str, Code("consent_giver")] = "self"
    expires_on: Day | None = None
    agencies: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseConsent(AboutPerson):
    """The person was asked and said no."""

    scope: Scope
    share_with: Origin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeConsent(AboutPerson):
    """The person takes a consent back."""

    scope: Scope
    share_with: Origin | None = None


def give_consent(command: GiveConsent, person: Person) -> Decision:
    """Takes the place of an earlier consent of the same scope."""
    current_profile(person)
    _require_asked_here(command.scope)
    _require_named_receiver(command)
    _require_informed(command)
    _require_able_giver(command, person)
    if command.expires_on is not None and command.expires_on <= command.occurred_on:
        raise Refused("EXPIRY_PAST", "The consent would end before it begins. Give a later expires_on, or none.")
    given = ConsentGiven(
        person_ref=command.person_ref,
        consent_id=command.consent_id,
        scope=command.scope,
        share_with=command.share_with,
        purpose=command.purpose,
        informed_points=command.informed_points,
        interpreter_used=command.interpreter_used,
        given_by=command.given_by,
        given_on=command.occurred_on,
        expires_on=command.expires_on,
    )
    on, after = command.occurred_on, persons.evolve(person, given)
    news = consent_news(person, command.scope, "given", on, share_with=command.share_with)
    return [given, *news, *_what_helpers_missed(person, after, on)]


def reweighed(person: Person, judged: object, on: date) -> Iterator[Notice]:
    """What the age as judged otherwise does to consents: the guardian's count, or the person's own, and the others not.

    Whoever received something under them hears so, and whoever was asked to help what they missed. Of a referral it is
    told to nobody that consent counts no more: nobody said no to it, and a no would end it.
    """
    after = persons.evolve(person, judged)
    if after.childhood.is_child == person.childhood.is_child:
        return
    for scope, share_with in sorted(person.consents.given, key=lambda key: (key[0], key[1] or "")):
        counted, counts = (usable(one, scope, on, share_with) is not None for one in (person, after))
        if counts and not counted:
            yield from consent_news(person, scope, "given", on, share_with=share_with)
        if counted and not counts and scope != REFERRAL:
            yield from consent_news(person, scope, "revoked", on, share_with=share_with)
    yield from _what_helpers_missed(person, after, on)


def _what_helpers_missed(person: Person, after: Person, on: date) -> Iterator[Notice]:
    """Whoever was asked to help, and heard nothing while there was no consent, hears what lasts of it."""
    asked = sorted(person.asked.items())
    may_hear = [(to, one.basis) for to, one in asked if covered(after, ASSISTANCE, one.basis, on)]
    missed = [to for to, basis in may_hear if not _heard_all(person, basis, on)]
    news = (notice for form in told_again(person.safety, on) for notice in tell(person, missed, form))
    yield from dict.fromkeys(news)


def _heard_all(person: Person, basis: str, on: date) -> bool:
    """All that was known so far. A consent that runs out may have done so before this one was written down."""
    earlier = person.consents.given.get((ASSISTANCE, None))
    runs_out = basis == "consent" and earlier is not None and earlier.expires_on is not None
    return covered(person, ASSISTANCE, basis, on) and not runs_out


def refuse_consent(command: RefuseConsent, person: Person) -> Decision:
    """A no to a scope that was not agreed to; an authority records so that a person wants no decision."""
    _require_duty(command, person)
    _require_asked_here(command.scope)
    if (command.scope, command.share_with) in person.consents.given:
        raise Refused("CONSENT_LIVE", f"There is a consent of scope {command.scope}. To take it back, RevokeConsent.")
    return [
        ConsentRefused(
            person_ref=command.person_ref,
            scope=command.scope,
            share_with=command.share_with,
            refused_on=command.occurred_on,
        ),
        *withdrawal(person, command.scope, command.occurred_on),
        *consent_news(person, command.scope, "refused", command.occurred_on, share_with=command.share_with),
    ]


def revoke_consent(command: RevokeConsent, person: Person) -> Decision:
    """Always possible, also on a record that rests; a referral of an adult ends with the consent it rests on."""
    _require_duty(command, person)
    consent = person.consents.given.get((command.scope, command.share_with))
    if consent is None:
        raise Refused(
            "CONSENT_NOT_GIVEN",
            f"There is no consent of scope {command.scope} that could be revoked. To record a no, RefuseConsent.",
            scope=command.scope,
        )
    return [
        ConsentRevoked(command.person_ref, consent.consent_id, command.scope, command.occurred_on),
        *withdrawal(person, command.scope, command.occurred_on),
        *consent_news(person, command.scope, "revoked", command.occurred_on, share_with=command.share_with),
    ]


def withdrawal(person: Person, scope: str, on: date) -> Iterator[object]:
    """What a no to being referred ends: the open referral of whoever is an adult now. A child's rests on no consent."""
    referral = person.referrals.open
    if scope != REFERRAL or referral is None or person.childhood.is_child:
        return
    yield ReferralEnded(person.person_ref, referral.referral_id, "withdrawn", on)
    yield from deadlines.lifted(person.owed, on, referral.referral_id, ACKNOWLEDGEMENT, *DECISIONS)
    yield from deadlines.lifted(person.owed, on, person.person_ref, SUBMISSION)


def _require_duty(command: AboutPerson, person: Person) -> None:
    profile_of(person)
    if command.legal_basis == "consent":
        raise Refused("BASIS_UNFIT", "A no does not rest on consent. Name another legal basis, or leave it empty.")


def _require_asked_here(scope: str) -> None:
    """Whether somebody goes back to a country is asked where the return is prepared, on the risk found there."""
    if scope == RETURN:
        raise Refused(
            "CONSENT_SCOPE_NOT_OURS",
            "Identification asks nobody about a return, and a word on it here would reach nobody. The assistance "
            "agency that prepares the return records it: a yes with ConsentToReturn, a no with CallOffReturn.",
            scope=scope,
        )


def _require_named_receiver(command: GiveConsent) -> None:
    if (command.scope == SHARE_WITH) != (command.share_with is not None):
        raise Refused(
            "SHARE_WITH_MISMATCH", "Only a consent of scope share_with names an agency, and it must name one."
        )
    if command.share_with is not None and command.share_with not in command.agencies:
        raise Refused("AGENCY_UNKNOWN", "There is no agency of the name in share_with. Check it.")


def _require_informed(command: GiveConsent) -> None:
    missing = [point for point in code_list("iom_informed_point") if point not in command.informed_points]
    if missing:
        raise Refused(
            "NOT_INFORMED",
            f"The person was not told: {', '.join(missing)}. A consent without all seven points of information does "
            "not count and was not recorded. Tell the person, and record it again.",
            missing=",".join(missing),
        )


def _require_able_giver(command: GiveConsent, person: Person) -> None:
    is_child = person.childhood.is_child
    if is_child != (command.given_by == "guardian"):
        who = "the guardian, after hearing the child" if is_child else "the person, who is an adult by the record"
        raise Refused("WRONG_GIVER", f"This consent can be given only by {who}.")
    if is_child and person.childhood.guardian is None:
        raise Refused("GUARDIAN_MISSING", "The child has no guardian who could consent. Record AppointGuardian first.")
