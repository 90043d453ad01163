"""One person's pathway: everything that any agency recorded, in one timeline, with what is open and what is due."""

from collections.abc import Sequence
from dataclasses import dataclass

from nrm_coordinator.alerts import Alert, Facts, alerts
from nrm_coordinator.casework import Compensation, LinkedCase, compensation, linked_cases
from nrm_coordinator.consents import LiveConsent, live_consents
from nrm_coordinator.foreign import foreign
from nrm_coordinator.help_given import Help, help_given
from nrm_coordinator.moment import AsOf
from nrm_coordinator.overdue import OpenDeadline, open_deadlines
from nrm_coordinator.people import Names, one_person
from nrm_coordinator.profiles import Profile, descriptions, profile
from nrm_coordinator.refusals import refusals
from nrm_coordinator.spending import Spend, spending
from nrm_coordinator.standing import Standing, newest, standings
from nrm_coordinator.timeline import TimelineStep, timeline
from nrm_kernel.errors import NotFound
from nrm_kernel.views import ViewReader


@dataclass(frozen=True, slots=True)
class Pathway:
    """One person across the agencies, as of one moment. ``references`` are pairs of an agency and its own reference."""

    person: str
    references: Sequence[tuple[str, str]]
    profile: Profile
    standing: Standing
    timeline: Sequence[TimelineStep]
    deadlines: Sequence[OpenDeadline]
    consents: Sequence[LiveConsent]
    help: Help
    money: Sequence[Spend]
    cases: Sequence[LinkedCase]
    compensation: Sequence[Compensation]
    alerts: Sequence[Alert]


async def pathway(reader: ViewReader, ref: str, as_of: AsOf) -> Pathway:
    """The pathway of the person behind any reference. Raises NotFound when nobody has recorded anything about it."""
    person = await one_person(reader, ref, as_of)
    refs = person.refs
    steps = await timeline(reader, refs, as_of)
    if not steps:
        raise NotFound
    names = Names(dict.fromkeys(refs, person.name))
    deadlines = await open_deadlines(reader, refs, as_of, names)
    told = await descriptions(reader, as_of, refs)
    helped = await help_given(reader, refs, as_of)
    refused = await refusals(reader, refs, as_of)
    out_of_place = await foreign(reader, as_of, refs)
    standing = standings(await newest(reader, as_of, refs), names)
    return Pathway(
        person=person.name,
        references=sorted({(step.origin, step.subject) for step in steps}),
        profile=profile(told),
        standing=standing.get(person.name, Standing()),
        timeline=steps,
        deadlines=deadlines,
        consents=await live_consents(reader, refs, as_of),
        help=helped,
        money=await spending(reader, helped.claim_ids, as_of),
        cases=await linked_cases(reader, refs, as_of),
        compensation=await compensation(reader, refs, as_of),
        alerts=alerts(Facts(steps, deadlines, helped.unfunded, refused, told, out_of_place), as_of.day),
    )
