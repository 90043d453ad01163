"""Children: age in doubt means child until assessed; a guardian without an interest against the child's.

Council of Europe Convention 197, art. 10.3 and 10.4.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from nrm_contracts.fields import Code, Origin, Ref
from nrm_contracts.identification.child_events import (
    AgeAssessed,
    AgeDisputed,
    DoubtReason,
    GuardianAppointed,
    GuardianConflictFound,
    MinorPresumed,
)
from nrm_contracts.identification.deadline_events import DeadlineSet
from nrm_contracts.identification.terms import AgeBand
from nrm_identification.domain.command import AboutPerson
from nrm_identification.domain.consent import reweighed
from nrm_identification.domain.duties import duty
from nrm_identification.domain.standing import require_current
from nrm_identification.domain.state import deadlines
from nrm_identification.domain.state.childhood import age_group
from nrm_identification.domain.state.deadlines import AGE, GUARDIAN
from nrm_identification.domain.state.person import Person
from nrm_kernel.decider import Decision
from nrm_kernel.errors import Refused
from nrm_kernel.identity import service_of

CONFLICTED_KINDS = frozenset({"identification", "funding"})
"""Officers of agencies that decide or pay must not be guardians."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PresumeMinor(AboutPerson):
    """The person may be a child: treat them as one."""

    reason: DoubtReason


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeAge(AboutPerson):
    """Somebody doubts the recorded age."""

    reason: DoubtReason


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessAge(AboutPerson):
    """The age was assessed."""

    method: Annotated[str, Code("age_assessment_method")]
    result_band: AgeBand


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointGuardian(AboutPerson):
    """A guardian for a child. ``guardian_person_ref`` if this agency also knows the guardian as a person of its own."""

    guardian_ref: Ref
    relation: Annotated[str, Code("guardian_relation")]
    guardian_agency: Origin | None = None
    guardian_person_ref: Ref | None = None
    agencies: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordGuardianConflict(AboutPerson):
    """The guardian turned out to have an interest against the child's."""

    conflict: Annotated[str, Code("guardian_conflict")]


def presume_minor(command: PresumeMinor, person: Person) -> Decision:
    """Treats the person as a child until the age is assessed."""
    require_current(command, person)
    if person.childhood.in_doubt:
        raise _doubt_open(person)
    return list(presumed(command, person, command.reason))


def dispute_age(command: DisputeAge, person: Person) -> Decision:
    """Opens the age again, also after an assessment."""
    require_current(command, person)
    if person.childhood.in_doubt:
        raise _doubt_open(person)
    disputed = AgeDisputed(command.person_ref, command.reason, command.occurred_on)
    news = reweighed(person, disputed, command.occurred_on)
    return [disputed, *doubt_duties(command, person, AgeDisputed), *news]


def assess_age(command: AssessAge, person: Person) -> Decision:
    """Ends the doubt, unless the result leaves it open."""
    require_current(command, person)
    assessed = AgeAssessed(command.person_ref, command.method, command.result_band, command.occurred_on)
    group = age_group(command.result_band)
    about, on = command.person_ref, command.occurred_on
    news = reweighed(person, assessed, on)
    if group == "unknown":
        return [assessed, *doubt_duties(command, person, AgeAssessed), *news]
    done = deadlines.met(person.deadlines, on, about, AGE)
    if group == "child":
        return [assessed, *done, *guardian_duty(command, person, AgeAssessed), *news]
    return [assessed, *done, *deadlines.lifted(person.deadlines, on, about, GUARDIAN), *news]


def appoint_guardian(command: AppointGuardian, child: Person, guardian: Person | None = None) -> Decision:
    """Gives the child a guardian who neither decides, nor pays, nor had a part in an incident."""
    require_current(command, child)
    if not child.childhood.is_child:
        raise Refused(
            "NOT_A_CHILD",
            f"Person {child.person_ref} is an adult by the record, so nobody is their guardian. "
            "If the age is in doubt, record DisputeAge first.",
        )
    _refuse_conflict(command, guardian)
    appointed = GuardianAppointed(
        person_ref=command.person_ref,
        guardian_ref=command.guardian_ref,
        relation=command.relation,
        agency=command.guardian_agency,
        appointed_on=command.occurred_on,
    )
    return [appointed, *deadlines.met(child.deadlines, command.occurred_on, command.person_ref, GUARDIAN)]


def record_guardian_conflict(command: RecordGuardianConflict, person: Person) -> Decision:
    """Ends the guardian's part; a new one is due."""
    require_current(command, person)
    guardian = person.childhood.guardian
    if guardian is None:
        raise Refused("GUARDIAN_MISSING", f"Person {person.person_ref} has no guardian whose part could end.")
    found = GuardianConflictFound(command.person_ref, guardian.guardian_ref, command.conflict, command.occurred_on)
    if not person.childhood.is_child:
        return [found]
    return [found, duty(command, GUARDIAN, command.person_ref, GuardianConflictFound)]


def presumed(command: AboutPerson, person: Person, reason: DoubtReason) -> Iterator[object]:
    """From now on the person is treated as a child."""
    treated = MinorPresumed(command.person_ref, reason, command.occurred_on)
    yield treated
    yield from doubt_duties(command, person, MinorPresumed)
    yield from reweighed(person, treated, command.occurred_on)


def doubt_duties(command: AboutPerson, person: Person, anchor: type[object]) -> Iterator[DeadlineSet]:
    """An age in doubt has to be assessed, and whoever may be a child needs a guardian."""
    yield duty(command, AGE, command.person_ref, anchor)
    yield from guardian_duty(command, person, anchor)


def guardian_duty(command: AboutPerson, person: Person, anchor: type[object]) -> Iterator[DeadlineSet]:
    """A guardian is due, unless there is one or it is due already."""
    if person.childhood.guardian is None and (GUARDIAN, command.person_ref) not in person.deadlines:
        yield duty(command, GUARDIAN, command.person_ref, anchor)


def arrival_of_child(
    command: AboutPerson, person: Person, band: str, *, told_minor: bool, reason: DoubtReason, anchor: type[object]
) -> Iterator[object]:
    """What follows when somebody who is, or may be, a child becomes known."""
    group = age_group(band)
    if group == "child":
        yield from guardian_duty(command, person, anchor)
    elif group == "unknown" or told_minor:
        why: DoubtReason = "age_not_known" if group == "unknown" else reason
        yield from presumed(command, person, why)


def _refuse_conflict(command: AppointGuardian, guardian: Person | None) -> None:
    agency = command.guardian_agency
    if agency is not None and agency not in command.agencies:
        raise Refused("AGENCY_UNKNOWN", "There is no agency of the guardian's name here. Check it, or leave it empty.")
    if agency is not None and service_of(agency) in CONFLICTED_KINDS:
        raise _conflict("works for an agency that decides on status or pays for help")
    if command.guardian_person_ref == command.person_ref:
        raise _conflict("is the child")
    if guardian is not None and any("associate" in roles for roles in guardian.incidents.values()):
        raise _conflict("is linked to an incident as an associate of those who exploited")


def _conflict(why: str) -> Refused:
    return Refused(
        "GUARDIAN_CONFLICT", f"This guardian {why}. The child's guardian was not changed. Appoint somebody else."
    )


def _doubt_open(person: Person) -> Refused:
    return Refused(
        "AGE_IN_DOUBT",
        f"The age of person {person.person_ref} is in doubt already, so they are treated as a child. Record AssessAge.",
    )
