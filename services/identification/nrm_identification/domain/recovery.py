"""The recovery and reflection period: never under 30 days, never cut short against the person's will."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from nrm_contracts.fields import Code, Day, Ref
from nrm_contracts.identification.events import RecoveryNotified
from nrm_contracts.identification.status_events import (
    RecoveryPeriodEnded,
    RecoveryPeriodExtended,
    RecoveryPeriodStarted,
    RemovalSuspended,
    RemovalSuspensionEnded,
)
from nrm_contracts.identification.terms import RecoveryChange
from nrm_contracts.policy import RECOVERY_FLOOR
from nrm_identification.domain.command import AboutPerson
from nrm_identification.domain.deciding import require_in_order
from nrm_identification.domain.duties import duty_on, rule_id
from nrm_identification.domain.standing import require_current, require_known
from nrm_identification.domain.state import deadlines
from nrm_identification.domain.state.deadlines import RECOVERY_END
from nrm_identification.domain.state.person import Person, Profile, Recovery
from nrm_identification.domain.telling import entitled, recovery_news
from nrm_kernel.decider import Decision
from nrm_kernel.errors import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class StartRecovery(AboutPerson):
    """The period starts on the day of the command. ``ends_on`` only where it is to be longer than the minimum."""

    referral_id: Ref
    ends_on: Day | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendRecovery(AboutPerson):
    """The period ends later."""

    ends_on: Day
    reason: Annotated[str, Code("recovery_extension_reason")]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndRecovery(AboutPerson):
    """The period is over."""

    reason: Annotated[str, Code("recovery_end_reason")]


def start_recovery(command: StartRecovery, person: Person) -> Decision:
    """At least the policy's minimum for the region, and never under the floor of law."""
    profile = require_current(command, person)
    _require_grounds_found(command, person)
    if person.recovery is not None and person.recovery.running:
        raise Refused("RECOVERY_RUNNING", f"A recovery period runs until {person.recovery.ends_on} already.")
    minimum, rule = _minimum(command, profile)
    ends_on = command.ends_on or minimum
    if ends_on < minimum:
        raise Refused("RECOVERY_TOO_SHORT", f"It lasts at least until {minimum}.", minimum=minimum.isoformat())
    _require_within_maximum(command, command.occurred_on, ends_on)
    started = RecoveryPeriodStarted(
        command.person_ref, command.referral_id, command.occurred_on, minimum, ends_on, rule_id(command, rule)
    )
    return [
        started,
        *_removal_suspended(command, ends_on),
        duty_on(command, RECOVERY_END, command.referral_id, RecoveryPeriodStarted, ends_on, rule),
        *_news(command, person, "started", command.occurred_on, ends_on),
    ]


def extend_recovery(command: ExtendRecovery, person: Person) -> Decision:
    """Later, and only where the policy does not forbid it."""
    require_current(command, person)
    recovery = _running(person)
    if command.policy.recovery_extendable is False:
        raise Refused("RECOVERY_NOT_EXTENDABLE", "The national policy does not extend recovery periods.")
    if command.ends_on <= recovery.ends_on:
        raise Refused("NOT_AN_EXTENSION", f"It runs until {recovery.ends_on} already. Give a later day.")
    _require_within_maximum(command, recovery.starts_on, command.ends_on)
    extended = RecoveryPeriodExtended(command.person_ref, recovery.referral_id, command.ends_on, command.reason)
    return [
        extended,
        *_removal_suspended(command, command.ends_on),
        duty_on(
            command, RECOVERY_END, recovery.referral_id, RecoveryPeriodExtended, command.ends_on, "recovery_extended"
        ),
        *_news(command, person, "extended", recovery.starts_on, command.ends_on),
    ]


def end_recovery(command: EndRecovery, person: Person) -> Decision:
    """Before its last day only on own request or a ground of law, not by lapse of time (Convention 197, art. 13.3)."""
    require_known(command, person)
    recovery = _running(person)
    if command.reason in {"elapsed", "final_decision"} and command.occurred_on <= recovery.ends_on:
        raise Refused(
            "RECOVERY_FLOOR",
            f"The recovery period runs until {recovery.ends_on}: until then it ends only on the person's own request, "
            "or on a ground of law.",
            ends_on=recovery.ends_on.isoformat(),
        )
    on = command.occurred_on
    removable = [RemovalSuspensionEnded(command.person_ref, on)] if recovery.bars_removal else []
    return [
        RecoveryPeriodEnded(command.person_ref, recovery.referral_id, command.reason, on),
        *removable,
        *deadlines.met(person.deadlines, on, recovery.referral_id, RECOVERY_END),
        *_news(command, person, "ended", recovery.starts_on, on),
    ]


def _require_grounds_found(command: StartRecovery, person: Person) -> None:
    """With several stages the first one opens the period; with one, the taking up of the referral does."""
    referral = person.referrals.by_id.get(command.referral_id)
    if referral is None or not referral.here or referral.phase not in {"acknowledged", "confirmed"}:
        raise Refused("REFERRAL_NOT_PENDING", f"Referral {command.referral_id} is not open here.")
    if len(command.policy.stages) > 1 and referral.decided is None:
        raise Refused("NO_POSITIVE_STAGE", "The recovery period follows a positive first stage, which is not decided.")
    require_in_order(command, referral)


def _minimum(command: StartRecovery, profile: Profile) -> tuple[date, str]:
    term = command.policy.recovery(profile.region)
    ends_on = command.policy.calendar.add(command.occurred_on, term.period)
    floor = command.occurred_on + timedelta(days=RECOVERY_FLOOR.n)
    return (ends_on, term.rule) if ends_on >= floor else (floor, "coe_197.13")


def _removal_suspended(command: AboutPerson, until: date) -> Iterator[RemovalSuspended]:
    """In the same append as the period itself: there is no day of it on which the person could be removed."""
    if command.policy.removal_barred_in_recovery:
        yield RemovalSuspended(command.person_ref, until, rule_id(command, "removal_barred_in_recovery"))


def _require_within_maximum(command: AboutPerson, starts_on: date, ends_on: date) -> None:
    longest = command.policy.recovery_max
    if longest is not None and ends_on > command.policy.calendar.add(starts_on, longest):
        raise Refused(
            "RECOVERY_TOO_LONG", f"By the national policy it ends by {command.policy.calendar.add(starts_on, longest)}."
        )


def _running(person: Person) -> Recovery:
    if person.recovery is None or not person.recovery.running:
        raise Refused("RECOVERY_NOT_RUNNING", f"No recovery period of person {person.person_ref} is running here.")
    return person.recovery


def _news(command: AboutPerson, person: Person, change: RecoveryChange, starts_on: date, ends_on: date) -> Decision:
    agencies = entitled(person, command.agency, command.occurred_on)
    return list(recovery_news(person, agencies, RecoveryNotified("", change, starts_on, ends_on)))
