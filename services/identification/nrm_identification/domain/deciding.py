"""Status is decided in the stages of the national policy, by whom it names, not before it allows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from nrm_contracts.fields import Code, Ref
from nrm_contracts.identification.events import StatusNotified
from nrm_contracts.identification.status_events import (
    DecisionTold,
    ExitPeriodStarted,
    Grounds,
    StageDecided,
    StageProposed,
)
from nrm_contracts.identification.terms import Forms, StatusOutcome
from nrm_contracts.identification.terms import Stage as StageNumber
from nrm_contracts.policy import Stage
from nrm_identification.domain.command import AboutPerson
from nrm_identification.domain.duties import rule_id, stage_duty
from nrm_identification.domain.permits import status_term
from nrm_identification.domain.standing import require_current
from nrm_identification.domain.state import deadlines
from nrm_identification.domain.state.deadlines import (
    DECISIONS,
    EXIT_NEGATIVE,
    EXIT_POSITIVE,
    RECONSIDERATION_REQUEST,
)
from nrm_identification.domain.state.person import Person
from nrm_identification.domain.state.referrals import Referral
from nrm_identification.domain.telling import entitled, status_news
from nrm_kernel.decider import Decision
from nrm_kernel.errors import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class AsDecider(AboutPerson):
    """A command that only a decider of the stage may give; ``agencies`` says what kind of organisation each one is."""

    referral_id: Ref
    stage: StageNumber
    officer: str
    roles: frozenset[str]
    agencies: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideStage(AsDecider):
    """Decide one stage. ``person_asks``: the person asks not to wait for the recovery minimum."""

    outcome: Annotated[str, Code("stage_outcome")]
    grounds: Grounds
    exploitation_forms: Forms = ()
    industry: Annotated[str, Code("isic_rev4")] | None = None
    person_asks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmStage(AsDecider):
    """A second officer confirms the proposed decision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TellDecision(AboutPerson):
    """The person was told of a decision."""

    referral_id: Ref
    stage: StageNumber
    means: Annotated[str, Code("notification_means")]


def decide_stage(command: DecideStage, person: Person) -> Decision:
    """Decides the stage that is next, or proposes it where the policy wants a second officer."""
    require_current(command, person)
    referral = _next(command, person)
    rule = command.policy.stages[command.stage - 1]
    require_decider(command, rule)
    _require_grounds(command)
    _require_recovered(command, person, rule, asks=command.person_asks)
    _require_in_contact(person, command.outcome)
    if rule.second_officer:
        return [_proposed(command)]
    return [*_decided(command, person, referral, _proposed(command), second_officer=None)]


def confirm_stage(command: ConfirmStage, person: Person) -> Decision:
    """Makes a proposal a decision; who proposed it cannot confirm it."""
    require_current(command, person)
    referral = _next(command, person)
    rule = command.policy.stages[command.stage - 1]
    require_decider(command, rule)
    proposal = referral.proposal
    if proposal is None:
        raise Refused("NOTHING_PROPOSED", f"No decision on stage {command.stage} waits for a second officer.")
    if proposal.officer == command.officer:
        raise Refused("SECOND_OFFICER_REQUIRED", "You proposed this decision: another officer must confirm it.")
    _require_recovered(command, person, rule, asks=proposal.asked_early)
    _require_in_contact(person, proposal.outcome)
    return _decided(command, person, referral, proposal, second_officer=command.officer)


def tell_decision(command: TellDecision, person: Person) -> Decision:
    """Records that the person knows of the decision."""
    require_current(command, person)
    referral = person.referrals.by_id.get(command.referral_id)
    if referral is None or referral.decided is None or referral.decided.stage < command.stage:
        raise Refused(
            "STAGE_NOT_DECIDED", f"Stage {command.stage} of referral {command.referral_id} is not decided here."
        )
    told = DecisionTold(command.person_ref, command.referral_id, command.stage, command.means, command.occurred_on)
    return [told]


def exit_after_negative(command: AboutPerson, referral_id: str) -> ExitPeriodStarted:
    """Support never stops at once: it runs out after the period of the policy, and the decision can be asked about."""
    on, policy = command.occurred_on, command.policy
    return ExitPeriodStarted(
        command.person_ref,
        referral_id,
        "negative",
        starts_on=on,
        rule_id=rule_id(command, f"deadlines.{EXIT_NEGATIVE}"),
        ends_on=policy.due(EXIT_NEGATIVE, on),
        reconsideration_until=policy.due(RECONSIDERATION_REQUEST, on),
    )


def require_in_order(command: AboutPerson, referral: Referral) -> None:
    """Refused with BEFORE_LAST_STEP when dated before what it follows from: no period runs out on paper alone."""
    if command.occurred_on < referral.last_on:
        raise Refused(
            "BEFORE_LAST_STEP",
            f"The last step in this referral was on {referral.last_on}, so this one cannot be dated "
            f"{command.occurred_on}. Check occurred_on.",
            last_on=referral.last_on.isoformat(),
        )


def _next(command: AsDecider, person: Person) -> Referral:
    referral = person.referrals.by_id.get(command.referral_id)
    if referral is None or not referral.here or referral.phase != "acknowledged":
        raise Refused(
            "REFERRAL_NOT_PENDING",
            f"Person {person.person_ref} has no referral {command.referral_id} here that waits for a decision.",
        )
    if command.stage != referral.stage:
        raise Refused(
            "STAGE_NOT_NEXT",
            f"The next stage of referral {command.referral_id} is {referral.stage}, not {command.stage}.",
            next_stage=referral.stage,
        )
    require_in_order(command, referral)
    return referral


def require_decider(command: AsDecider, rule: Stage) -> None:
    """Refused with NOT_A_DECIDER unless the policy names this organisation and role for the stage."""
    kind = command.agencies[command.agency]
    if not any(one.org_kind == kind and one.role in command.roles for one in rule.deciders):
        raise Refused(
            "NOT_A_DECIDER",
            f"By policy {command.policy.version} the stage {rule.code} is decided by other organisations or roles than "
            f"yours ({kind}). Nothing was decided.",
            stage=command.stage,
        )


def _require_grounds(command: DecideStage) -> None:
    if not command.grounds:
        raise Refused("GROUNDS_MISSING", "A decision names its grounds: add at least one code of decision_ground.")


def _require_recovered(command: AsDecider, person: Person, rule: Stage, *, asks: bool) -> None:
    """Not before the recovery minimum has run, unless the person asks and the policy lets them."""
    if not rule.after_recovery or (asks and rule.person_may_hasten):
        return
    recovery = person.recovery
    if recovery is None or recovery.referral_id != command.referral_id:
        raise Refused("RECOVERY_NOT_STARTED", "This stage is decided after a recovery period: record StartRecovery.")
    if command.occurred_on <= recovery.minimum_on:
        raise Refused(
            "RECOVERY_RUNNING",
            f"The recovery minimum runs until {recovery.minimum_on}. Decide after that day, or record that the person "
            "asks not to wait, where the policy allows it.",
            ends_on=recovery.minimum_on.isoformat(),
        )


def _require_in_contact(person: Person, outcome: str) -> None:
    """Nobody is found not to be a victim for being missing."""
    if person.missing_since is not None and outcome == "negative":
        raise Refused(
            "PERSON_MISSING",
            f"Missing since {person.missing_since}: a negative decision waits until the person is found.",
        )


def _proposed(command: DecideStage) -> StageProposed:
    return StageProposed(
        person_ref=command.person_ref,
        referral_id=command.referral_id,
        stage=command.stage,
        outcome=command.outcome,
        grounds=command.grounds,
        exploitation_forms=command.exploitation_forms,
        industry=command.industry,
        asked_early=command.person_asks,
        officer=command.officer,
        proposed_on=command.occurred_on,
    )


def _decided(
    command: AsDecider, person: Person, referral: Referral, proposal: StageProposed, *, second_officer: str | None
) -> Decision:
    final = proposal.outcome == "negative" or command.stage == len(command.policy.stages)
    decided = StageDecided(
        person_ref=proposal.person_ref,
        referral_id=proposal.referral_id,
        stage=proposal.stage,
        final=final,
        outcome=proposal.outcome,
        grounds=proposal.grounds,
        exploitation_forms=proposal.exploitation_forms,
        industry=proposal.industry,
        asked_early=proposal.asked_early,
        officer=proposal.officer,
        second_officer=second_officer,
        rule_id=rule_id(command, f"stages.{command.stage}"),
        decided_on=command.occurred_on,
    )
    done = deadlines.met(person.deadlines, command.occurred_on, referral.referral_id, *DECISIONS)
    return [decided, *done, *_consequences(command, person, decided), *_news(command, person, decided)]


def _consequences(command: AsDecider, person: Person, decided: StageDecided) -> Iterator[object]:
    """A stage is followed by the next one, the last one by a period in which support runs out."""
    if decided.outcome == "negative":
        yield exit_after_negative(command, decided.referral_id)
        return
    if not decided.final:
        yield stage_duty(command, person, decided.referral_id, decided.stage + 1, StageDecided)
        return
    yield ExitPeriodStarted(
        command.person_ref,
        decided.referral_id,
        "positive",
        starts_on=command.occurred_on,
        rule_id=rule_id(command, f"deadlines.{EXIT_POSITIVE}"),
        ends_on=command.policy.due(EXIT_POSITIVE, command.occurred_on),
    )
    yield from status_term(command, decided.referral_id)


def _news(command: AsDecider, person: Person, decided: StageDecided) -> Decision:
    exit_on = None
    if decided.final:
        kind = EXIT_NEGATIVE if decided.outcome == "negative" else EXIT_POSITIVE
        exit_on = command.policy.due(kind, command.occurred_on)
    agencies = entitled(person, command.agency, command.occurred_on)
    outcome: StatusOutcome = "negative" if decided.outcome == "negative" else "positive"
    news = StatusNotified("", decided.stage, outcome, decided.final, command.occurred_on, exit_on)
    return list(status_news(person, agencies, news))
