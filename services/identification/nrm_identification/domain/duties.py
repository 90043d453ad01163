"""What is due from whom: deadlines that the national policy attaches to what happened."""

from collections.abc import Iterator
from datetime import date

from nrm_contracts.identification.deadline_events import DeadlineLifted, DeadlineSet
from nrm_identification.domain.command import AboutPerson
from nrm_identification.domain.state.deadlines import FINAL, NON_PUNISHMENT, STAGE
from nrm_identification.domain.state.person import Person


def rule_id(command: AboutPerson, key: str) -> str:
    """A rule of the policy version under which the command is decided."""
    return f"{command.policy.version}/{key}"


def duty(
    command: AboutPerson, kind: str, about: str, anchor: type[object], *, on: date | None = None, owner: str = ""
) -> DeadlineSet:
    """Due by the policy's period for that kind, from the day of the anchor; owed by this agency unless ``owner`` is."""
    anchor_on = on or command.occurred_on
    due_on = command.policy.due(kind, anchor_on)
    return _deadline(command, kind, about, anchor, anchor_on, due_on, f"deadlines.{kind}", owner)


def stage_duty(command: AboutPerson, person: Person, referral_id: str, stage: int, anchor: type[object]) -> DeadlineSet:
    """Decide this stage by the policy's time for it; sooner for a person who was charged with an offence."""
    kind = FINAL if stage == len(command.policy.stages) else STAGE
    due_on, key = command.policy.stage_due(stage, command.occurred_on), f"stages.{stage}.due"
    fast_on = charge_due(command, person.charged_on)
    if fast_on is not None and (due_on is None or fast_on < due_on):
        due_on, key = fast_on, f"deadlines.{NON_PUNISHMENT}"
    return _deadline(command, kind, referral_id, anchor, command.occurred_on, due_on, key)


def due_or_resting(person: Person, *due: DeadlineSet, on: date) -> Iterator[DeadlineSet | DeadlineLifted]:
    """What is due from now on; in a record that rests, from when it is released."""
    for deadline in due:
        yield deadline
        if person.merged_into is not None:
            yield DeadlineLifted(deadline.person_ref, deadline.kind, deadline.about, on)


def charge_due(command: AboutPerson, charged_on: date | None) -> date | None:
    """By when a charge against a victim is to be reviewed, and so their status decided."""
    return command.policy.due(NON_PUNISHMENT, charged_on) if charged_on else None


def duty_on(command: AboutPerson, kind: str, about: str, anchor: type[object], due_on: date, key: str) -> DeadlineSet:
    """Due on a day that follows from the case itself."""
    return _deadline(command, kind, about, anchor, command.occurred_on, due_on, key)


def _deadline(
    command: AboutPerson,
    kind: str,
    about: str,
    anchor: type[object],
    anchor_on: date,
    due_on: date | None,
    key: str,
    owner: str = "",
) -> DeadlineSet:
    rule, owner = rule_id(command, key), owner or command.agency
    return DeadlineSet(
        person_ref=command.person_ref,
        kind=kind,
        about=about,
        anchor=anchor.__name__,
        anchor_on=anchor_on,
        due_on=due_on,
        rule_id=rule,
        owner=owner,
    )
