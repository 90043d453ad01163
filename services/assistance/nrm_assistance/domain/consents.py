"""Consents that the person gives to this agency, and those that other agencies tell of.

A consent is worth something only when the person heard all that the International Organization for Migration's
screening asks to be told: purpose, uses, research use, access, storage time, and how to withdraw.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Final

from nrm_assistance.domain.command import AboutPerson, live_consent
from nrm_assistance.domain.lasting import told_again
from nrm_assistance.domain.person import Person
from nrm_contracts.assistance.events import ConsentGiven, ConsentRevoked, SharedConsentChanged
from nrm_contracts.codes import code_list
from nrm_contracts.fields import Code, Day, Origin, Ref
from nrm_contracts.record.events import HandoverReceived
from nrm_kernel.decider import Decision, Notice
from nrm_kernel.errors import NotFound, Refused

ASKED_HERE: Final = ("assistance", "share_with", "referral", "research")
"""The scopes that an assistance agency asks for; interview and proceedings are for others to ask."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InformedConsent(AboutPerson):
    """What is told of any consent: what the person was informed of, by whom it was given, when it runs out."""

    consent_id: Ref
    informed_points: tuple[Annotated[str, Code("iom_informed_point")], ...]
    interpreter_used: bool
    given_by: Annotated[str, Code("consent_giver")]
    expires_on: Day | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveConsent(InformedConsent):
    """The person agrees to one thing; ``share_with`` names the receiver for that scope and stays empty for others."""

    scope: Annotated[str, Code("consent_scope")]
    share_with: Origin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeConsent(AboutPerson):
    """The person takes a consent back, from the day that the command names as its own."""

    consent_id: Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSharedConsent(AboutPerson):
    """Another agency tells that the person changed a consent there."""

    sender: Origin
    handover_id: Ref
    scope: Annotated[str, Code("consent_scope")]
    change: Annotated[str, Code("consent_change")]
    effective_on: Day


def give_consent(command: GiveConsent, person: Person) -> Decision:
    """Only for what this agency may ask, and with the receiver named where data is to be shared."""
    if person.profile is None:
        raise NotFound
    if command.scope not in ASKED_HERE:
        raise Refused(
            "CONSENT_SCOPE_NOT_OURS",
            f"Consent of scope {command.scope!r} is not given so: others ask for it, and for a return ConsentToReturn. "
            f"Use one of: {', '.join(ASKED_HERE)}.",
            scope=command.scope,
        )
    if (command.scope == "share_with") != (command.share_with is not None):
        raise Refused(
            "CONSENT_RECEIVER_UNCLEAR",
            "A consent to share names its one receiver in share_with, and no other consent does. Correct the request.",
        )
    return [informed(command, person, command.scope, command.share_with), *_what_was_missed(command, person)]


def _what_was_missed(command: GiveConsent, person: Person) -> Iterator[Notice]:
    """Who takes or took the person over, and heard nothing while there was no consent, hears what lasts of it.

    A consent that runs out may have done so before this one was written down.
    """
    to, on = command.share_with, command.occurred_on
    if to is None or to not in person.taking_over:
        return
    earlier = live_consent(person, command.scope, on, to)
    if earlier is None or earlier.given.expires_on or earlier.revoked_from:
        about = person.handovers[to]
        yield from (Notice(to, about, event) for event in told_again(person, about, on))


def informed(command: InformedConsent, person: Person, scope: str, share_with: str | None = None) -> ConsentGiven:
    """The consent as a fact. Refuses one that is not informed, already over, or given by a guardian for an adult."""
    untold = [point for point in code_list("iom_informed_point") if point not in command.informed_points]
    if untold:
        raise Refused(
            "CONSENT_NOT_INFORMED",
            f"The person was not told: {', '.join(untold)}. Explain it, ask again, and name every point.",
            missing=",".join(untold),
        )
    if command.expires_on is not None and command.expires_on < command.occurred_on:
        raise Refused("CONSENT_EXPIRED", f"The consent ran out on {command.expires_on}, before it was given. Ask anew.")
    if command.given_by == "guardian" and person.profile and not person.profile.minor:
        raise Refused("GUARDIAN_FOR_ADULT", "An adult consents in person. Record given_by self, or ask the person.")
    return ConsentGiven(
        person_ref=command.person_ref,
        consent_id=command.consent_id,
        scope=scope,
        share_with=share_with,
        informed_points=command.informed_points,
        interpreter_used=command.interpreter_used,
        given_by=command.given_by,
        given_on=command.occurred_on,
        expires_on=command.expires_on,
    )


def revoke_consent(command: RevokeConsent, person: Person) -> Decision:
    """A revocation is never argued with; it counts from its day on."""
    consent = person.consents.get(command.consent_id)
    if consent is None:
        raise NotFound
    if consent.revoked_from is not None:
        raise Refused("CONSENT_ALREADY_REVOKED", f"Revoked from {consent.revoked_from} before. Nothing to do.")
    return [ConsentRevoked(command.person_ref, command.consent_id, command.occurred_on)]


def note_shared_consent(command: NoteSharedConsent, person: Person) -> Decision:
    """Recorded as told. Help goes on: it rests on the consent given here; what changes is who is told what."""
    return [
        *handover_received(command.person_ref, command.sender, command.handover_id, person),
        SharedConsentChanged(command.person_ref, command.sender, command.scope, command.change, command.effective_on),
    ]


def handover_received(person_ref: str, sender: str, handover_id: str, person: Person) -> list[object]:
    """The other side of a handover, when it is new here."""
    known = person.handovers.get(sender) == handover_id
    return [] if known else [HandoverReceived(person_ref, sender, handover_id)]
