"""What others told of the person's safety: a part of the person's state, evolved event by event."""

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from immutables import Map

from nrm_contracts.assistance import events as e
from nrm_kernel.changing import replace

Hearing = tuple[date, str]
"""The day on which a court sits, and the kind of hearing."""


@dataclass(frozen=True, slots=True)
class Safety:
    """What puts the person in danger, or keeps them safe, as it was told.

    ``releases``: days on which an offender became free; ``hearings``: days and kinds of those for which the person is
    not prepared yet, ``prepared``: for which they are, ``called_off``: that do not take place, ``told_by``: who says
    that one does; ``protection``: the changes of measures as they were told; ``dangers``: alerts that await a case.
    """

    releases: frozenset[date] = frozenset()
    hearings: frozenset[Hearing] = frozenset()
    prepared: frozenset[Hearing] = frozenset()
    called_off: frozenset[Hearing] = frozenset()
    told_by: Map[Hearing, frozenset[str]] = field(default_factory=Map)
    protection: tuple[e.ProtectionChangeNoted, ...] = ()
    dangers: frozenset[str] = frozenset()

    def in_case(self, opened_on: date) -> "Safety":
        """As a case begins: nobody is prepared for what is over."""
        return replace(self, hearings=frozenset(one for one in self.hearings if one[0] >= opened_on))

    def awaiting(self, kind: str) -> "Safety":
        """Where nobody helps now, the danger awaits the next case."""
        return replace(self, dangers=self.dangers | {kind})


def after(event: object, safety: Safety, *, helped: bool) -> Safety:
    """The person's safety after one more fact about it; ``helped``: a case is open, in which somebody looks at it."""
    match event:
        case e.OffenderReleaseNoted():
            released = replace(safety, releases=safety.releases | {event.released_on})
            return released if helped else released.awaiting("offender_released")
        case e.ProtectionChangeNoted():
            noted = replace(safety, protection=(*safety.protection, event))
            return noted if helped or event.change != "ended" else noted.awaiting("protection_ended")
        case e.RiskAlertRaised():
            return replace(safety, dangers=safety.dangers - {event.kind})
        case _:
            return _of_hearings(event, safety)


def _of_hearings(event: object, safety: Safety) -> Safety:
    match event:
        case e.HearingNoted():
            hearing = event.hearing_on, event.kind
            hearings, called_off = safety.hearings | {hearing}, safety.called_off - {hearing}
            return replace(safety, hearings=hearings, prepared=safety.prepared - {hearing}, called_off=called_off)
        case e.HearingCallOffNoted():
            hearing = event.hearing_on, event.kind
            hearings, called_off = safety.hearings - {hearing}, safety.called_off | {hearing}
            return replace(safety, hearings=hearings, prepared=safety.prepared - {hearing}, called_off=called_off)
        case e.HearingTold():
            return replace(safety, told_by=_said(event, safety.told_by))
        case e.PersonPrepared():
            done = {one for one in safety.hearings if one[0] == event.hearing_on}
            return replace(safety, hearings=safety.hearings - done, prepared=safety.prepared | done)
        case _:
            return safety


def _said(event: e.HearingTold, told_by: Map[Hearing, frozenset[str]]) -> Map[Hearing, frozenset[str]]:
    hearing, sender = (event.hearing_on, event.kind), frozenset((event.sender,))
    said = told_by.get(hearing, frozenset())
    return told_by.set(hearing, said | sender if event.takes_place else said - sender)


EVENTS: Final = (
    e.OffenderReleaseNoted,
    e.ProtectionChangeNoted,
    e.RiskAlertRaised,
    e.HearingNoted,
    e.HearingCallOffNoted,
    e.HearingTold,
    e.PersonPrepared,
)
"""The facts about safety."""
