"""A victim as this agency knows one: taking part in cases, charged or not, told of by others. One stream per person.

Nothing here says where the person is, how they are helped or how they are: this agency is never told.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from immutables import Map

from nrm_contracts.prosecution.events import (
    CompensationAwarded,
    CompensationClaimed,
    CompensationPaid,
    ConsentNoted,
    ContactNoted,
    HearingCalledOff,
    HearingScheduled,
    NonPunishmentReviewed,
    NonPunishmentReviewOpened,
    OffenderReleaseTold,
    ProtectionMeasureEnded,
    ProtectionMeasureGranted,
    RecordsMergeNoted,
    RecoveryNoted,
    StatementTaken,
    StatusNoted,
    VictimCharged,
    VictimLinkedToCase,
    VictimParticipationConsented,
    VictimParticipationWithdrawn,
    VictimRegistered,
    VictimReportReceived,
)
from nrm_contracts.record.events import HandoverMinted, HandoverReceived
from nrm_kernel.changing import replace
from nrm_kernel.decider import Fold
from nrm_kernel.errors import NotFound
from nrm_kernel.identity import service_of
from nrm_prosecution.domain import charge, claim, deadlines, participation
from nrm_prosecution.domain.charge import Charges
from nrm_prosecution.domain.claim import Claims
from nrm_prosecution.domain.deadlines import DeadlineEvent, Deadlines
from nrm_prosecution.domain.participation import Participations


@dataclass(frozen=True, slots=True)
class Recovery:
    """A recovery and reflection period; both days belong to it."""

    starts_on: date
    ends_on: date

    def covers(self, day: date) -> bool:
        """Whether the period runs on that day."""
        return self.starts_on <= day <= self.ends_on


@dataclass(frozen=True, slots=True)
class Protection:
    """A measure that stands for the person; ``ends_on`` None: until it is ended."""

    starts_on: date
    ends_on: date | None


Hearing = tuple[str, str, date]
"""Of a hearing: the case, the kind, the day."""


def hearing_of(event: HearingScheduled | HearingCalledOff) -> Hearing:
    """Which hearing it is."""
    return event.criminal_case_id, event.kind, event.hearing_on


@dataclass(frozen=True, slots=True)
class Victim:
    """A person; ``person_ref`` empty: nothing is recorded. ``handovers`` names the person to each other agency.

    ``protection``: the measures that stand, by case and measure. ``recoveries``: every period told of, by its first
    day. ``hearings``: those that are set. ``merged``: references that were told to be the same person. ``released``:
    defendants who were released, and in which case. ``reports``: what others reported of the person, as it came.
    ``statuses``: what each authority told last of a decision.
    """

    person_ref: str = ""
    minor: bool = False
    handovers: Map[str, str] = field(default_factory=Map)
    handover_ids: frozenset[str] = frozenset()
    merged: frozenset[str] = frozenset()
    reports: tuple[VictimReportReceived, ...] = ()
    recoveries: Map[date, Recovery] = field(default_factory=Map)
    statuses: Map[str, StatusNoted] = field(default_factory=Map)
    participations: Participations = field(default_factory=Map)
    charges: Charges = field(default_factory=Map)
    claims: Claims = field(default_factory=Map)
    protection: Map[tuple[str, str], Protection] = field(default_factory=Map)
    released: Map[str, str] = field(default_factory=Map)
    hearings: frozenset[Hearing] = frozenset()
    deadlines: Deadlines = field(default_factory=Map)
    revoked_on: date | None = None
    in_contact: bool = True

    def known(self) -> "Victim":
        """This person. Raises NotFound when nothing is recorded under the reference."""
        if not self.person_ref:
            raise NotFound
        return self

    def in_recovery(self, day: date) -> Recovery | None:
        """The recovery period that runs on that day, if any."""
        return next((one for one in self.recoveries.values() if one.covers(day)), None)

    def consents(self, day: date) -> bool:
        """Whether consent carries what is done on that day: not taken back by then, or given anew since."""
        if self.revoked_on is None or day < self.revoked_on:
            return True
        return any(
            self.revoked_on <= since <= day for one in self.participations.values() for since in one.capacities.values()
        )

    def known_to(self, kinds: frozenset[str]) -> Iterator[tuple[str, str]]:
        """The agencies of these kinds to which the person has a handover, and its id, in order of their names."""
        return ((origin, self.handovers[origin]) for origin in sorted(self.handovers) if service_of(origin) in kinds)


def evolve(victim: Victim, event: object) -> Victim:
    """The person after the event."""
    match event:
        case _ if isinstance(event, DeadlineEvent):
            return replace(victim, deadlines=deadlines.evolve(victim.deadlines, event))
        case VictimLinkedToCase() | VictimParticipationConsented() | VictimParticipationWithdrawn() | StatementTaken():
            return replace(victim, participations=participation.evolve(victim.participations, event))
        case VictimCharged() | NonPunishmentReviewOpened() | NonPunishmentReviewed():
            return replace(victim, charges=charge.evolve(victim.charges, event))
        case ProtectionMeasureGranted() | ProtectionMeasureEnded():
            return replace(victim, protection=_protected(victim.protection, event))
        case HearingScheduled():
            return replace(victim, hearings=victim.hearings | {hearing_of(event)})
        case HearingCalledOff():
            return replace(victim, hearings=victim.hearings - {hearing_of(event)})
        case OffenderReleaseTold():
            return replace(victim, released=victim.released.set(event.defendant_ref, event.criminal_case_id))
        case CompensationClaimed() | CompensationAwarded() | CompensationPaid():
            return replace(victim, claims=claim.evolve(victim.claims, event))
        case (
            HandoverMinted(to=other, handover_id=handover_id) | HandoverReceived(sender=other, handover_id=handover_id)
        ):
            return replace(
                victim,
                person_ref=event.person_ref,
                handovers=victim.handovers.set(other, handover_id),
                handover_ids=victim.handover_ids | {handover_id},
            )
        case _:
            return _with_note(victim, event)


def _protected(
    standing: Map[tuple[str, str], Protection], event: ProtectionMeasureGranted | ProtectionMeasureEnded
) -> Map[tuple[str, str], Protection]:
    key = event.criminal_case_id, event.measure
    if isinstance(event, ProtectionMeasureEnded):
        return standing.delete(key)
    return standing.set(key, Protection(event.starts_on, event.ends_on))


def _with_note(victim: Victim, event: object) -> Victim:
    match event:
        case VictimRegistered():
            return replace(victim, person_ref=event.person_ref, minor=event.minor)
        case VictimReportReceived():
            reports = (*victim.reports, event)
            return replace(victim, person_ref=event.person_ref, minor=event.minor, reports=reports)
        case RecoveryNoted():
            recovery = Recovery(event.starts_on, event.ends_on)
            return replace(victim, recoveries=victim.recoveries.set(event.starts_on, recovery))
        case StatusNoted():
            return replace(victim, statuses=victim.statuses.set(event.decided_by, event))
        case ConsentNoted():
            return replace(victim, revoked_on=_later(victim.revoked_on, event))
        case RecordsMergeNoted():
            others = {event.other_person_ref}
            return replace(
                victim, merged=victim.merged | others if event.change == "merged" else victim.merged - others
            )
        case ContactNoted():
            return replace(victim, in_contact=event.in_contact)
        case _:
            return victim


def _later(revoked_on: date | None, event: ConsentNoted) -> date | None:
    if event.change == "given" or event.scope not in participation.SCOPES:
        return revoked_on
    return max(day for day in (revoked_on, event.effective_on) if day)


VICTIMS: Fold[Victim, object] = Fold("person", Victim(), evolve)
