"""A slip of the pen in a decision is put right by a new fact, which names the entry that it corrects.

An outcome is no slip of the pen: what was decided wrongly is reconsidered or revoked, where the person is heard. What
ran from the day first written down goes on as it was started: a correction takes no time from anybody.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from nrm_contracts.fields import Code, Day
from nrm_contracts.identification.events import StatusNotified
from nrm_contracts.identification.status_events import Grounds, StageCorrected, StageDecided
from nrm_contracts.identification.terms import Forms, StatusOutcome
from nrm_identification.domain.deciding import AsDecider, require_decider
from nrm_identification.domain.standing import require_current
from nrm_identification.domain.state.person import Person
from nrm_identification.domain.state.referrals import Referral
from nrm_identification.domain.telling import entitled, status_news
from nrm_kernel.decider import Decision, Notice
from nrm_kernel.errors import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectStage(AsDecider):
    """All that is right of the newest decision of a referral, also where it was right before."""

    reason: Annotated[str, Code("correction_reason")]
    happened_on: Day
    grounds: Grounds
    exploitation_forms: Forms = ()
    industry: Annotated[str, Code("isic_rev4")] | None = None


def correct_stage(command: CorrectStage, person: Person) -> Decision:
    """By whoever may decide the stage; to a day that it could have had. Who heard the wrong one hears the right one."""
    require_current(command, person)
    referral, decided = _newest(command, person)
    require_decider(command, command.policy.stages[decided.stage - 1])
    if not command.grounds:
        raise Refused("GROUNDS_MISSING", "A decision names its grounds: add at least one code of decision_ground.")
    _require_difference(command, decided)
    _require_possible_day(command, person, referral, decided)
    return [
        StageCorrected(
            person_ref=command.person_ref,
            referral_id=command.referral_id,
            stage=command.stage,
            corrects=referral.decided_at,
            reason=command.reason,
            happened_on=command.happened_on,
            final=decided.final,
            outcome=decided.outcome,
            grounds=command.grounds,
            exploitation_forms=command.exploitation_forms,
            officer=command.officer,
            industry=command.industry,
        ),
        *_told_again(command, person, referral, decided),
    ]


def _told_again(command: CorrectStage, person: Person, referral: Referral, decided: StageDecided) -> Iterator[Notice]:
    """The same decision under its right day. Where it was taken away since, that was the last word, and stays it."""
    if command.happened_on == decided.decided_on or referral.phase not in {
        "acknowledged",
        "confirmed",
        "not_confirmed",
    }:
        return
    outcome: StatusOutcome = "negative" if decided.outcome == "negative" else "positive"
    news = StatusNotified("", decided.stage, outcome, decided.final, command.happened_on, referral.exit_on)
    yield from status_news(person, entitled(person, command.agency, command.occurred_on), news)


def _newest(command: CorrectStage, person: Person) -> tuple[Referral, StageDecided]:
    referral = person.referrals.by_id.get(command.referral_id)
    decided = referral.decided if referral else None
    if referral is None or not referral.here or decided is None or decided.stage != command.stage:
        raise Refused(
            "STAGE_NOT_DECIDED",
            f"Stage {command.stage} of referral {command.referral_id} is not the newest one decided here.",
        )
    return referral, decided


def _require_difference(command: CorrectStage, decided: StageDecided) -> None:
    right = command.happened_on, command.grounds, command.exploitation_forms, command.industry
    if right == (decided.decided_on, decided.grounds, decided.exploitation_forms, decided.industry):
        raise Refused("NOTHING_CORRECTED", "Nothing was recorded: the decision reads so already.")


def _require_possible_day(command: CorrectStage, person: Person, referral: Referral, decided: StageDecided) -> None:
    """Between the steps before and after it, and after the recovery minimum where it had to wait for that.

    A recovery period and a permit to stay that rest on it are steps after it.
    """
    first, last = referral.decided_after, command.occurred_on
    rule, recovery = command.policy.stages[decided.stage - 1], person.recovery
    if rule.after_recovery and not decided.asked_early and recovery and recovery.referral_id == command.referral_id:
        first = max(first, recovery.minimum_on + timedelta(days=1))
    if referral.last_on > decided.decided_on:
        last = min(last, referral.last_on)
    rests = (one for one in (recovery, person.permit) if one is not None and one.referral_id == command.referral_id)
    last = min((last, *(one.starts_on for one in rests if one.starts_on >= decided.decided_on)))
    if not first <= command.happened_on <= last:
        raise Refused(
            "DAY_IMPOSSIBLE",
            f"Nothing was recorded: the decision cannot have been on {command.happened_on}, only from {first} to "
            f"{last}. Check happened_on.",
            first=first.isoformat(),
            last=last.isoformat(),
        )
