"""What other agencies decided about a person. It adds rights and sets an end to some; it stops nothing at once."""

from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import Field

from nrm_assistance.domain import deadlines
from nrm_assistance.domain.command import AboutPerson
from nrm_assistance.domain.consents import handover_received
from nrm_assistance.domain.person import PERSON, Person
from nrm_contracts.assistance.case_events import Entitlement, StatusOutcome
from nrm_contracts.assistance.events import (
    EntitlementChanged,
    ExitPlanLifted,
    ExitPlanStarted,
    RecordsMerged,
    RecoveryRecorded,
    StatusRecorded,
)
from nrm_contracts.fields import Code, Day, Origin, Ref
from nrm_kernel.changing import replace
from nrm_kernel.decider import Decision, In

TOLD: Final = "authority/told"
"""The rule of a day that the deciding authority set."""

SPARE: Final = "two_open_cases"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteStatus(AboutPerson):
    """The deciding authority told of a stage decision, or of what became of a status."""

    sender: Origin
    handover_id: Ref
    stage: Annotated[int, Field(ge=1, le=9)]
    outcome: StatusOutcome
    final: bool
    decided_on: Day
    exit_on: Day | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRecovery(AboutPerson):
    """The deciding authority told of a recovery period."""

    sender: Origin
    handover_id: Ref
    change: Annotated[str, Code("recovery_change")]
    starts_on: Day
    ends_on: Day


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteMerge(AboutPerson):
    """Two persons known here are one, or are two after all."""

    other_ref: Ref
    change: Annotated[str, Code("merge_change")]


def note_status(command: NoteStatus, person: Person) -> Decision:
    """Entitlement is reckoned anew; a negative decision starts an exit plan with a day, a positive one lifts it.

    A decision that is told again under its right day is a correction: from it nothing follows anew.
    """
    told = StatusRecorded(
        command.person_ref, command.sender, command.stage, command.outcome, command.final, command.decided_on
    )
    received = handover_received(command.person_ref, command.sender, command.handover_id, person)
    if (last := person.statuses.get(command.sender)) and _is_same(command, person, last):
        return [*received, *([told] if told != last else [])]
    entitlement = entitlement_after(command.outcome, final=command.final)
    changed = EntitlementChanged(command.person_ref, entitlement, command.occurred_on)
    return [
        *received,
        told,
        *([changed] if entitlement != person.entitlement else []),
        *(_exit(command, person) if person.case and person.case.is_open else []),
    ]


def _is_same(command: NoteStatus, person: Person, last: StatusRecorded) -> bool:
    """Whether this agency was told of that decision before. A new one against the person has another day of exit."""
    if (command.stage, command.outcome, command.final) != (last.stage, last.outcome, last.final):
        return False
    return command.outcome == "positive" or command.exit_on == person.exit_on or command.decided_on < last.decided_on


def entitlement_after(outcome: StatusOutcome, *, final: bool) -> Entitlement:
    """On what ground help is owed after a decision."""
    if outcome != "positive":
        return "ending"
    return "confirmed" if final else "presumed"


def _exit(command: NoteStatus, person: Person) -> list[object]:
    if command.outcome != "positive":
        return _support_ends(command)
    lifted = [ExitPlanLifted(command.person_ref, command.occurred_on)] if person.exiting else []
    until = [deadlines.on_day(command, "exit_positive", command.exit_on, TOLD)] if command.exit_on else []
    return [*lifted, *deadlines.lifted(command, person, "exit_negative"), *until]


def _support_ends(command: NoteStatus) -> list[object]:
    """On the authority's day; failing that on the policy's; failing that without a day, which is no day to stop."""
    kind = "exit_negative"
    if command.exit_on:
        return [
            ExitPlanStarted(command.person_ref, command.occurred_on, command.exit_on),
            deadlines.on_day(command, kind, command.exit_on, TOLD),
        ]
    day = command.policy.due(kind, command.decided_on)
    return [
        ExitPlanStarted(command.person_ref, command.occurred_on, day),
        deadlines.on_day(command, kind, day, deadlines.rule(command, f"deadlines.{kind}")),
    ]


def note_recovery(command: NoteRecovery, person: Person) -> Decision:
    """Recorded as told."""
    return [
        *handover_received(command.person_ref, command.sender, command.handover_id, person),
        RecoveryRecorded(command.person_ref, command.change, command.starts_on, command.ends_on),
    ]


def note_merge(command: NoteMerge, person: Person, other: Person) -> Decision:
    """Recorded with both. Of two open cases, the one at the greater reference is to be closed, in time."""
    here = RecordsMerged(command.person_ref, command.other_ref, command.change)
    there = RecordsMerged(command.other_ref, command.person_ref, command.change)
    return [here, In(PERSON.stream(command.other_ref), there), *_case_to_close(command, person, other)]


def _case_to_close(command: NoteMerge, person: Person, other: Person) -> list[object]:
    """The deadline for it, set or lifted in the stream that the case stands in."""
    ours = command.person_ref > command.other_ref
    spare, spare_ref = (person, command.person_ref) if ours else (other, command.other_ref)
    about = replace(command, person_ref=spare_ref)
    due: list[object] = []
    if command.change == "unmerged":
        due = deadlines.lifted(about, spare, SPARE)
    elif all(one.case and one.case.is_open for one in (person, other)):
        due = [deadlines.by_policy(about, SPARE)]
    return due if ours else [In(PERSON.stream(spare_ref), event) for event in due]
