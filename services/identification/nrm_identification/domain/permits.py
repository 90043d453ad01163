"""How long what was granted lasts: the status itself, and the permit to stay. Both by the policy, never by hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from nrm_contracts.fields import Code, Ref
from nrm_contracts.identification.deadline_events import DeadlineSet
from nrm_contracts.identification.status_events import ResidencePermitEnded, ResidencePermitIssued, StageDecided
from nrm_identification.domain.command import AboutPerson
from nrm_identification.domain.duties import duty, duty_on, rule_id
from nrm_identification.domain.standing import require_current, require_known
from nrm_identification.domain.state import deadlines
from nrm_identification.domain.state.deadlines import PERMIT_END, STATUS_END
from nrm_identification.domain.state.person import Person
from nrm_kernel.decider import Decision
from nrm_kernel.errors import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueResidencePermit(AboutPerson):
    """The person may stay, from the day of the command on; a permit that runs is renewed by another one."""

    referral_id: Ref
    ground: Annotated[str, Code("residence_permit_ground")]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndResidencePermit(AboutPerson):
    """The permit is no more."""

    reason: Annotated[str, Code("residence_permit_end_reason")]


def status_term(command: AboutPerson, referral_id: str) -> Iterator[DeadlineSet]:
    """The last day of a status just confirmed, where the policy sets a term; later rules leave it as it is."""
    term = command.policy.status_term
    if term is not None:
        ends_on = command.policy.calendar.add(command.occurred_on, term)
        yield duty_on(command, STATUS_END, referral_id, StageDecided, ends_on, "status_term")


def issue_residence_permit(command: IssueResidencePermit, person: Person) -> Decision:
    """To whom a stage was decided positively here, presumed victims among them (Convention 197, art. 14).

    Neither ground is the other's condition: for the personal one nobody asks whether the person works with anybody.
    """
    require_current(command, person)
    referral = person.referrals.by_id.get(command.referral_id)
    if referral is None or not referral.here or not referral.positive:
        raise Refused(
            "NO_POSITIVE_STAGE", f"No stage of referral {command.referral_id} stands decided positively here."
        )
    if command.occurred_on < referral.decided_on:
        raise Refused(
            "BEFORE_LAST_STEP",
            f"The decision that it rests on is of {referral.decided_on}, so a permit cannot begin on "
            f"{command.occurred_on}. Check occurred_on.",
            last_on=referral.decided_on.isoformat(),
        )
    due = duty(command, PERMIT_END, command.person_ref, ResidencePermitIssued)
    issued = ResidencePermitIssued(
        command.person_ref,
        command.referral_id,
        command.ground,
        command.occurred_on,
        rule_id(command, f"deadlines.{PERMIT_END}"),
        due.due_on,
    )
    return [issued, due]


def end_residence_permit(command: EndResidencePermit, person: Person) -> Decision:
    """By lapse of time only after its last day, and for a lost status only once it is lost."""
    require_known(command, person)
    permit = person.permit
    if permit is None:
        raise Refused("PERMIT_MISSING", f"No residence permit of person {person.person_ref} is on record here.")
    if command.occurred_on < permit.starts_on:
        raise Refused("BEFORE_LAST_STEP", f"The permit began on {permit.starts_on}. Check occurred_on.")
    if command.reason == "elapsed" and (permit.ends_on is None or command.occurred_on <= permit.ends_on):
        raise Refused(
            "PERMIT_RUNS",
            f"The permit runs until {permit.ends_on or 'it is ended'}: its time is not over. Name another reason, or "
            "wait.",
        )
    if command.reason == "status_lost" and person.referrals.by_id[permit.referral_id].positive:
        raise Refused("STATUS_STANDS", "The decision that the permit rests on stands. Name another reason.")
    on = command.occurred_on
    return [
        ResidencePermitEnded(command.person_ref, permit.referral_id, command.reason, on),
        *deadlines.met(person.deadlines, on, command.person_ref, PERMIT_END),
    ]
