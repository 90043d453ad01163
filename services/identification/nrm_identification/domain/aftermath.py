"""After a decision: it is reconsidered, protection is withheld on a ground of law, or a status is taken away."""

from dataclasses import dataclass
from typing import Annotated

from nrm_contracts.fields import Code, Ref
from nrm_contracts.identification.events import StatusNotified
from nrm_contracts.identification.status_events import (
    PersonDisqualified,
    ReconsiderationRequested,
    StatusExpired,
    StatusRevoked,
)
from nrm_contracts.identification.terms import StatusOutcome
from nrm_identification.domain.command import AboutPerson
from nrm_identification.domain.deciding import exit_after_negative, require_in_order
from nrm_identification.domain.detection import refuse_if_referred
from nrm_identification.domain.duties import duty
from nrm_identification.domain.standing import require_current, require_known
from nrm_identification.domain.state import deadlines
from nrm_identification.domain.state.deadlines import (
    DECISIONS,
    EXIT_NEGATIVE,
    RECONSIDERATION,
    STATUS_END,
)
from nrm_identification.domain.state.person import Person
from nrm_identification.domain.state.referrals import Phase, Referral
from nrm_identification.domain.telling import entitled, status_news
from nrm_kernel.decider import Decision
from nrm_kernel.errors import Refused

LOST_PHASES: frozenset[Phase] = frozenset({"not_confirmed", "disqualified", "revoked"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestReconsideration(AboutPerson):
    """Somebody entitled asks to look at a decision against the person again."""

    referral_id: Ref
    requested_by: Annotated[str, Code("reconsideration_requester")]
    grounds: tuple[Annotated[str, Code("reconsideration_ground")], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DisqualifyPerson(AboutPerson):
    """Protection is withheld. ``harm_weighed``: what the loss would do to the person was weighed."""

    referral_id: Ref
    ground: Annotated[str, Code("disqualification_ground")]
    harm_weighed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeStatus(AboutPerson):
    """A confirmed status is taken away."""

    referral_id: Ref
    ground: Annotated[str, Code("status_revocation_ground")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpireStatus(AboutPerson):
    """The time of a confirmed status is over."""

    referral_id: Ref


def request_reconsideration(command: RequestReconsideration, person: Person) -> Decision:
    """Opens the stage again; late only once the time that held when it was decided has passed."""
    require_current(command, person)
    referral = _decided_here(command, person, LOST_PHASES, "a decision against the person")
    refuse_if_referred(person)
    if not command.grounds:
        raise Refused("GROUNDS_MISSING", "Say on what ground: add at least one code of reconsideration_ground.")
    _refuse_if_late(command, referral)
    about, on = referral.referral_id, command.occurred_on
    return [
        ReconsiderationRequested(command.person_ref, about, command.requested_by, command.grounds, on),
        duty(command, RECONSIDERATION, about, ReconsiderationRequested),
    ]


def disqualify_person(command: DisqualifyPerson, person: Person) -> Decision:
    """Only after a positive stage, only on a ground of law, and after weighing the harm."""
    require_current(command, person)
    referral = person.referrals.by_id.get(command.referral_id)
    if referral is None or not referral.here or not referral.positive:
        raise Refused("NO_POSITIVE_STAGE", f"No stage of referral {command.referral_id} was decided positively here.")
    require_in_order(command, referral)
    if not command.harm_weighed:
        raise Refused("HARM_NOT_WEIGHED", "Weigh first what losing protection would do to the person, and say so.")
    disqualified = PersonDisqualified(command.person_ref, command.referral_id, command.ground, command.occurred_on)
    return [disqualified, *_ended(command, person, referral, "disqualified")]


def revoke_status(command: RevokeStatus, person: Person) -> Decision:
    """Takes a confirmed status away; an exit period runs as after a negative decision."""
    require_known(command, person)
    referral = _decided_here(command, person, frozenset({"confirmed"}), "a confirmed status")
    revoked = StatusRevoked(command.person_ref, command.referral_id, command.ground, command.occurred_on)
    return [revoked, *_ended(command, person, referral, "revoked")]


def expire_status(command: ExpireStatus, person: Person) -> Decision:
    """After the last day that was computed when the status was confirmed; support runs out, it does not stop."""
    require_known(command, person)
    referral = _decided_here(command, person, frozenset({"confirmed"}), "a confirmed status")
    term = person.deadlines.get((STATUS_END, command.referral_id))
    if term is None or term.due_on is None:
        raise Refused("STATUS_WITHOUT_TERM", "By the policy of its day this status ends by no lapse of time.")
    if command.occurred_on <= term.due_on:
        raise Refused(
            "STATUS_RUNS",
            f"The status lasts until {term.due_on}. Nothing was recorded. Wait, or name a ground with RevokeStatus.",
            ends_on=term.due_on.isoformat(),
        )
    expired = StatusExpired(command.person_ref, command.referral_id, command.occurred_on)
    met = deadlines.met(person.deadlines, command.occurred_on, command.referral_id, STATUS_END)
    return [expired, *met, *_ended(command, person, referral, "expired")]


def _decided_here(
    command: RequestReconsideration | RevokeStatus | ExpireStatus, person: Person, phases: frozenset[Phase], what: str
) -> Referral:
    referral = person.referrals.by_id.get(command.referral_id)
    if referral is None or not referral.here or referral.phase not in phases:
        raise Refused("NOT_DECIDED_SO", f"Referral {command.referral_id} has not led to {what} here. Read GetPerson.")
    require_in_order(command, referral)
    return referral


def _refuse_if_late(command: RequestReconsideration, referral: Referral) -> None:
    until = referral.reconsideration_until
    if until is not None and command.occurred_on > until:
        raise Refused(
            "RECONSIDERATION_LATE",
            f"A reconsideration could be asked for until {until}. A new incident can be referred anew.",
            until=until.isoformat(),
        )


def _ended(command: AboutPerson, person: Person, referral: Referral, outcome: StatusOutcome) -> list[object]:
    about, on = referral.referral_id, command.occurred_on
    exit_on = command.policy.due(EXIT_NEGATIVE, on)
    stage = referral.decided.stage if referral.decided else referral.stage
    news = StatusNotified("", stage, outcome, True, on, exit_on)
    owed = (*DECISIONS, *(() if outcome == "expired" else (STATUS_END,)))
    return [
        *deadlines.lifted(person.deadlines, on, about, *owed),
        exit_after_negative(command, about),
        *status_news(person, entitled(person, command.agency, on), news),
    ]
