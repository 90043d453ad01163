"""Victims in criminal cases: linked, taking part, heard, informed. Each command, then its rule."""

from dataclasses import dataclass
from typing import Annotated

from nrm_contracts.fields import Code, Day, Ref
from nrm_contracts.identification.terms import Forms
from nrm_contracts.prosecution.events import (
    DeadlineMet,
    StatementTaken,
    VictimEnteredCase,
    VictimInformed,
    VictimLinkedToCase,
    VictimParticipationConsented,
    VictimParticipationWithdrawn,
    VictimRegistered,
)
from nrm_kernel.decider import Decision, In
from nrm_kernel.errors import Refused
from nrm_prosecution.domain.case import CASES, CriminalCase
from nrm_prosecution.domain.deadlines import RELEASE_WARNING
from nrm_prosecution.domain.ground import CONSENT, LegalBasis, on_live_ground
from nrm_prosecution.domain.participation import Participation
from nrm_prosecution.domain.victim import Victim

Capacity = Annotated[str, Code("participation_capacity")]

RELEASE = "offender_release"
"""The topic on which a warning about a release is given."""


@dataclass(frozen=True, slots=True)
class RegisterVictim:
    """A victim whom nobody reported, found by this agency's own work; the name is sealed."""

    person_ref: Ref
    minor: bool
    exploitation_forms: Forms
    occurred_on: Day


def register_victim(command: RegisterVictim, _victim: Victim) -> Decision:
    """The reference is fresh, so nothing stands in the way."""
    return [VictimRegistered(command.person_ref, command.minor, command.exploitation_forms, command.occurred_on)]


@dataclass(frozen=True, slots=True)
class LinkVictim:
    """The person is a victim in this case."""

    person_ref: Ref
    criminal_case_id: Ref
    occurred_on: Day
    legal_basis: LegalBasis


@on_live_ground
def link_victim(command: LinkVictim, victim: Victim, case: CriminalCase) -> Decision:
    """Once per person and open case. A link says nothing about taking part: for that the person is asked."""
    victim.known()
    case.must_be_open("The link")
    if command.criminal_case_id in victim.participations:
        raise Refused(
            "VICTIM_ALREADY_LINKED",
            "The link was not recorded: the person is a victim in this case already. Nothing is to be done.",
        )
    entered = VictimEnteredCase(command.criminal_case_id, command.person_ref, command.occurred_on)
    return [
        VictimLinkedToCase(command.person_ref, command.criminal_case_id, command.occurred_on),
        In(CASES.stream(command.criminal_case_id), entered),
    ]


@dataclass(frozen=True, slots=True)
class ConsentToParticipation:
    """The person, or a child's guardian, agreed to take part in the case in this capacity."""

    person_ref: Ref
    criminal_case_id: Ref
    capacity: Capacity
    given_by: Annotated[str, Code("consent_giver")]
    occurred_on: Day


def consent_to_participation(command: ConsentToParticipation, victim: Victim, case: CriminalCase) -> Decision:
    """Asked anew for each case and capacity. A consent older than a revocation is worth nothing."""
    part = must_be_victim_in(victim, command.criminal_case_id)
    case.must_be_open("The consent")
    if command.capacity in part.capacities:
        raise Refused(
            "PARTICIPATION_GIVEN",
            f"The consent was not recorded: the person takes part as {command.capacity} already.",
            capacity=command.capacity,
        )
    if victim.minor and command.given_by != "guardian":
        raise Refused(
            "GUARDIAN_NEEDED",
            "The consent was not recorded: the person is a child. Ask the guardian together with them.",
        )
    if victim.revoked_on and command.occurred_on < victim.revoked_on:
        raise Refused(
            "CONSENT_REVOKED",
            f"The consent was not recorded: the person took back the consent to proceedings from {victim.revoked_on} "
            "on. Ask again, and record the day on which they agreed anew.",
            revoked_on=victim.revoked_on.isoformat(),
        )
    return [
        VictimParticipationConsented(
            person_ref=command.person_ref,
            criminal_case_id=command.criminal_case_id,
            capacity=command.capacity,
            given_by=command.given_by,
            consented_on=command.occurred_on,
        )
    ]


@dataclass(frozen=True, slots=True)
class WithdrawParticipation:
    """The person takes part no longer: in this capacity, or in any when none is named."""

    person_ref: Ref
    criminal_case_id: Ref
    occurred_on: Day
    capacity: Capacity | None = None


def withdraw_participation(command: WithdrawParticipation, victim: Victim) -> Decision:
    """At any time and without a reason. What the law obliges the agency to keep stays on record."""
    part = must_be_victim_in(victim, command.criminal_case_id)
    ending = [each for each in sorted(part.capacities) if command.capacity in (None, each)]
    if not ending:
        raise Refused(
            "PARTICIPATION_MISSING",
            "The withdrawal was not recorded: the person does not take part in this case in that capacity. Nothing is "
            "to be done.",
        )
    return [
        VictimParticipationWithdrawn(command.person_ref, command.criminal_case_id, each, command.occurred_on)
        for each in ending
    ]


@dataclass(frozen=True, slots=True)
class TakeStatement:
    """Hear the person. ``own_request``: the person asked to be heard; ``recorded``: so that nobody need ask again."""

    person_ref: Ref
    criminal_case_id: Ref
    recorded: bool
    own_request: bool
    occurred_on: Day
    legal_basis: LegalBasis


@on_live_ground
def take_statement(command: TakeStatement, victim: Victim, case: CriminalCase) -> Decision:
    """Not during the recovery period unless the person asks (CoE convention 197 art. 13), and not without a ground."""
    part = must_be_victim_in(victim, command.criminal_case_id)
    case.must_be_open("The statement")
    recovery = victim.in_recovery(command.occurred_on)
    if recovery and not command.own_request:
        raise Refused(
            "RECOVERY_RUNNING",
            f"The statement was not recorded: the recovery period runs until {recovery.ends_on}, and the person "
            "did not ask to be heard. Wait, or record the person's own request.",
            ends_on=recovery.ends_on.isoformat(),
        )
    basis = command.legal_basis or CONSENT
    if basis == CONSENT and not _takes_part(part, command):
        raise Refused(
            "PARTICIPATION_NOT_CONSENTED",
            "The statement was not recorded: the person did not agree to take part in this case by that day, or took "
            "it back. Ask the person, or name the duty by law that it rests on.",
        )
    return [
        StatementTaken(
            person_ref=command.person_ref,
            criminal_case_id=command.criminal_case_id,
            recorded=command.recorded,
            repeat_no=part.statements + 1,
            own_request=command.own_request,
            basis=basis,
            taken_on=command.occurred_on,
        )
    ]


@dataclass(frozen=True, slots=True)
class InformVictim:
    """The person was told about this."""

    person_ref: Ref
    criminal_case_id: Ref
    topic: Annotated[str, Code("informed_topic")]
    occurred_on: Day
    legal_basis: LegalBasis


@on_live_ground
def inform_victim(command: InformVictim, victim: Victim) -> Decision:
    """Whoever is a victim in the case is told, taking part or not, as often as there is something to tell.

    A warning about a release is about every defendant of the case who was released by then.
    """
    must_be_victim_in(victim, command.criminal_case_id)
    of_case = (ref for ref in sorted(victim.released) if victim.released[ref] == command.criminal_case_id)
    warned = [ref for ref in of_case if command.topic == RELEASE and (RELEASE_WARNING, ref) in victim.deadlines]
    return [
        VictimInformed(command.person_ref, command.criminal_case_id, command.topic, command.occurred_on),
        *(DeadlineMet(RELEASE_WARNING, ref, command.occurred_on) for ref in warned),
    ]


def must_be_victim_in(victim: Victim, criminal_case_id: str) -> Participation:
    """What the person does in the case. Refused when the person is not linked to it; NotFound when unknown."""
    part = victim.known().participations.get(criminal_case_id)
    if part is None:
        raise Refused(
            "VICTIM_NOT_LINKED",
            "Nothing was recorded: the person is not known as a victim in this case. Link them to the case first.",
        )
    return part


def _takes_part(part: Participation, command: TakeStatement) -> bool:
    return any(since <= command.occurred_on for since in part.capacities.values())
