"""What puts a victim in danger or keeps them safe is told to those who care for them. Each command, then its rule.

EU Directive 2012/29 art. 6 and 18, Council of Europe convention 197 art. 28. A release concerns every victim of the
case, so the whole list of them is asked for: nobody is forgotten by a slip of the pen.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from nrm_contracts.fields import Day, Origin, Ref
from nrm_contracts.prosecution.events import (
    DeadlineSet,
    OffenderReleased,
    OffenderReleasedNotified,
    OffenderReleaseTold,
    ProtectionMeasureEnded,
    ProtectionMeasureGranted,
    ProtectionMeasureNotified,
)
from nrm_contracts.prosecution.safety_events import Measure
from nrm_kernel.decider import Decision, In, Notice
from nrm_kernel.errors import Refused
from nrm_prosecution.domain.case import CriminalCase
from nrm_prosecution.domain.charging import wrong_status
from nrm_prosecution.domain.deadlines import RELEASE_WARNING
from nrm_prosecution.domain.defendant import GUILTY
from nrm_prosecution.domain.ground import LegalBasis, on_live_ground
from nrm_prosecution.domain.proceedings import must_be_victim_in
from nrm_prosecution.domain.victim import VICTIMS, Protection, Victim

CARERS = frozenset({"identification", "assistance"})
"""Who hears of a victim's safety; identification passes it on to those whom it asked to help."""


@dataclass(frozen=True, slots=True)
class ReleaseOffender:
    """A convicted defendant is free. ``person_refs``: every victim of the case, as GetCriminalCase names them."""

    criminal_case_id: Ref
    defendant_ref: Ref
    occurred_on: Day
    agency: Origin
    person_refs: tuple[Ref, ...] = ()


def release_offender(command: ReleaseOffender, case: CriminalCase, *victims: Victim) -> Decision:
    """Of one who was found guilty for good. It may come long after the case was closed, and again: who was taken back,
    or released in the record alone, is free another day, and nothing keeps that from being told.
    """
    one = case.defendant(command.defendant_ref)
    if one.status not in GUILTY or not one.ended:
        raise wrong_status(one, "The release", "it takes one who is convicted for good")
    if one.released_on == command.occurred_on:
        raise Refused("RELEASE_KNOWN", "Nothing was recorded: the release of that day is on record and was told.")
    _must_be_all_victims(command, case)
    return [
        OffenderReleased(command.criminal_case_id, command.defendant_ref, command.occurred_on),
        *(outcome for victim in victims for outcome in _warned(command, victim)),
    ]


def _must_be_all_victims(command: ReleaseOffender, case: CriminalCase) -> None:
    if frozenset(command.person_refs) != case.victims:
        missing = sorted(case.victims - set(command.person_refs))
        raise Refused(
            "VICTIMS_DIFFER",
            f"The release was not recorded: it concerns the {len(case.victims)} victims of the case, and person_refs "
            f"leaves out {len(missing)} of them or names others. Read GetCriminalCase and send all of its person_refs.",
            victims=len(case.victims),
            missing=len(missing),
        )


def _warned(command: ReleaseOffender, victim: Victim) -> Iterator[object]:
    """Those who know the victim are told; where nobody is, this agency owes the victim the warning itself."""
    stream, on = VICTIMS.stream(victim.person_ref), command.occurred_on
    told = [Notice(to, about, OffenderReleasedNotified(about, on)) for to, about in victim.known_to(CARERS)]
    yield In(
        stream,
        OffenderReleaseTold(
            person_ref=victim.person_ref,
            criminal_case_id=command.criminal_case_id,
            defendant_ref=command.defendant_ref,
            told=bool(told),
            released_on=on,
        ),
    )
    if not told:
        yield In(stream, _warning_owed(command))
    yield from told


def _warning_owed(command: ReleaseOffender) -> DeadlineSet:
    """At once, for each defendant: a release is told without unnecessary delay (EU Directive 2012/29 art. 6.5)."""
    return DeadlineSet(
        kind=RELEASE_WARNING,
        about=command.defendant_ref,
        anchor="OffenderReleaseTold",
        anchor_on=command.occurred_on,
        rule_id="law/2012-29-eu-6-5",
        owner=command.agency,
        due_on=command.occurred_on,
    )


@dataclass(frozen=True, slots=True)
class GrantProtectionMeasure:
    """A measure protects the victim from this day on. Without ``ends_on`` until it is ended."""

    person_ref: Ref
    criminal_case_id: Ref
    measure: Measure
    occurred_on: Day
    legal_basis: LegalBasis
    ends_on: Day | None = None


@on_live_ground
def grant_protection_measure(command: GrantProtectionMeasure, victim: Victim) -> Decision:
    """One that stands is given another last day; the first day stays."""
    must_be_victim_in(victim, command.criminal_case_id)
    if command.ends_on is not None and command.ends_on < command.occurred_on:
        raise Refused(
            "PROTECTION_DAY_PAST",
            f"The measure was not recorded: its last day {command.ends_on} is before {command.occurred_on}. Name a "
            "later day, or none.",
            ends_on=command.ends_on.isoformat(),
        )
    standing = victim.protection.get((command.criminal_case_id, command.measure))
    if standing is not None and standing.ends_on == command.ends_on:
        raise Refused(
            "PROTECTION_STANDS",
            f"Nothing was recorded: the measure {command.measure} stands with this last day already.",
            measure=command.measure,
        )
    change, starts_on = ("extended", standing.starts_on) if standing else ("granted", command.occurred_on)
    granted = ProtectionMeasureGranted(
        command.person_ref, command.criminal_case_id, command.measure, change, starts_on, command.ends_on
    )
    return [granted, *_told(victim, command.measure, change, starts_on, command.ends_on)]


@dataclass(frozen=True, slots=True)
class EndProtectionMeasure:
    """The measure protects the victim no longer after this day."""

    person_ref: Ref
    criminal_case_id: Ref
    measure: Measure
    occurred_on: Day


def end_protection_measure(command: EndProtectionMeasure, victim: Victim) -> Decision:
    """Whoever cares for the person hears at once that they are less protected."""
    must_be_victim_in(victim, command.criminal_case_id)
    standing = victim.protection.get((command.criminal_case_id, command.measure))
    if standing is None:
        raise Refused(
            "PROTECTION_MISSING",
            f"The end was not recorded: no measure {command.measure} stands for the person in this case.",
            measure=command.measure,
        )
    if command.occurred_on < standing.starts_on:
        raise Refused(
            "PROTECTION_DAY_PAST",
            f"The end was not recorded: the measure began on {standing.starts_on}. Name that day or a later one.",
            starts_on=standing.starts_on.isoformat(),
        )
    on = command.occurred_on
    ended = ProtectionMeasureEnded(command.person_ref, command.criminal_case_id, command.measure, on)
    if other := _of_another_case(victim, command, standing):
        return [ended, *_told(victim, command.measure, "granted", other.starts_on, other.ends_on)]
    return [ended, *_told(victim, command.measure, "ended", standing.starts_on, on)]


def _of_another_case(victim: Victim, command: EndProtectionMeasure, ended: Protection) -> Protection | None:
    """The same measure since the same week: whoever was told cannot tell the two apart, so they hear what stands."""
    week = _week(ended.starts_on)
    same = ((case, one) for (case, measure), one in victim.protection.items() if measure == command.measure)
    others = (one for case, one in same if case != command.criminal_case_id and _week(one.starts_on) == week)
    lasting = (one for one in others if one.ends_on is None or one.ends_on >= command.occurred_on)
    return max(lasting, key=lambda one: one.ends_on or date.max, default=None)


def _told(victim: Victim, measure: str, change: str, starts_on: date, ends_on: date | None) -> Iterator[Notice]:
    """By weeks, for exact days would tell two agencies that they know one person; the end of a measure is today's."""
    lasts_until = ends_on if ends_on is None or change == "ended" else _week(ends_on)
    for to, about in victim.known_to(CARERS):
        yield Notice(to, about, ProtectionMeasureNotified(about, measure, change, _week(starts_on), lasts_until))


def _week(day: date) -> date:
    """The Monday of its week: never later than the day, so that nobody counts on protection that is gone."""
    return day - timedelta(days=day.weekday())
