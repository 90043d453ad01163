"""The coordinator's gRPC service: it reads, and records who looked before anything is shown. It commands nothing."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import date

from nrm_contracts.coordinator.v1 import coordinator_pb2 as pb
from nrm_contracts.record.v1.receipt_pb2 import Completeness
from nrm_coordinator.funnel import funnels
from nrm_coordinator.listing import Filter, summaries
from nrm_coordinator.moment import AsOf
from nrm_coordinator.overdue import OpenDeadline, overdue
from nrm_coordinator.pathway import Profile, pathway
from nrm_coordinator.standing import Standing
from nrm_kernel.clock import Clock
from nrm_kernel.errors import Invalid, Unavailable
from nrm_kernel.identity import Caller
from nrm_kernel.service import Door, Read
from nrm_kernel.views import ViewReader

WAIT_S = 2.0
STEP_S = 0.01
Look = Callable[[Caller, str, str], Awaitable[None]]
"""Records a look: who, at what, under which rule."""


@dataclass(frozen=True)
class Answers:
    """Answers the coordinator's questions from the views."""

    views: ViewReader
    look: Look
    clock: Clock

    def door(self) -> Door:
        """The service's methods."""
        return Door(
            pb.DESCRIPTOR.services_by_name["CoordinatorService"],
            [
                Read("GetPathway", self.get_pathway),
                Read("ListPathways", self.list_pathways),
                Read("GetFunnels", self.get_funnels),
                Read("ListOverdue", self.list_overdue),
            ],
        )

    async def get_pathway(self, request: pb.GetPathwayRequest, caller: Caller) -> pb.GetPathwayResponse:
        """One person's pathway."""
        as_of = AsOf.parse(request.as_of, self.clock.now())
        await self.look(caller, request.person_ref, "CO-01")
        await self._covered(request.covers_origin, request.covers_position)
        complete_to = await self._complete_to()
        found = await pathway(self.views, request.person_ref, as_of)
        return pb.GetPathwayResponse(
            person=found.person,
            references=[pb.AgencyReference(origin=origin, person_ref=ref) for origin, ref in found.references],
            profile=_profile(found.profile),
            standing=_standing(found.standing, as_of.day),
            timeline=[
                pb.Step(
                    origin=step.origin,
                    position=step.position,
                    kind=step.kind,
                    detail=step.detail,
                    occurred_on=step.occurred_on,
                    recorded_at=step.recorded_at,
                )
                for step in found.timeline
            ],
            deadlines=[_deadline(deadline, as_of.day) for deadline in found.deadlines],
            consents=[
                pb.Consent(origin=one.origin, scope=one.scope, given_on=one.given_on, expires_on=one.expires_on)
                for one in found.consents
            ],
            money=[
                pb.Money(
                    ccy=spend.ccy,
                    claimed_minor=spend.claimed_minor,
                    verified_minor=spend.verified_minor,
                    paid_minor=spend.paid_minor,
                    unfunded_deliveries=spend.unfunded_deliveries,
                )
                for spend in found.money
            ],
            alerts=[pb.Alert(kind=alert.kind, origin=alert.origin, since=alert.since) for alert in found.alerts],
            as_of=as_of.moment,
            complete_to=complete_to,
        )

    async def list_pathways(self, request: pb.ListPathwaysRequest, caller: Caller) -> pb.ListPathwaysResponse:
        """Persons by filter."""
        as_of = AsOf.parse(request.as_of, self.clock.now())
        await self.look(caller, "ListPathways", "CO-01")
        complete_to = await self._complete_to()
        wanted = Filter(
            request.region,
            request.sex,
            request.age_band,
            request.identification,
            request.assistance,
            overdue=request.overdue,
        )
        found = await summaries(self.views, as_of, wanted)
        page = [one for one in found if one.person > request.page_token][: request.page_size]
        return pb.ListPathwaysResponse(
            pathways=[
                pb.PathwaySummary(
                    person=one.person,
                    profile=_profile(one.profile),
                    standing=_standing(one.standing, as_of.day),
                    agencies=one.agencies,
                    overdue=one.overdue,
                )
                for one in page
            ],
            next_page_token=page[-1].person if page and page[-1] is not found[-1] else "",
            total=len(found),
            as_of=as_of.moment,
            complete_to=complete_to,
        )

    async def get_funnels(self, request: pb.GetFunnelsRequest, caller: Caller) -> pb.GetFunnelsResponse:
        """Three funnels, never mixed."""
        as_of = AsOf.parse(request.as_of, self.clock.now())
        from_on, to_on = _day("from_on", request.from_on), _day("to_on", request.to_on)
        await self.look(caller, "GetFunnels", "CO-02")
        complete_to = await self._complete_to()
        found = await funnels(self.views, as_of, from_on, to_on)
        return pb.GetFunnelsResponse(
            persons=_counts(found.persons.items()),
            cases=_counts(found.cases.items()),
            defendants=_counts(found.defendants.items()),
            as_of=as_of.moment,
            complete_to=complete_to,
        )

    async def list_overdue(self, request: pb.ListOverdueRequest, caller: Caller) -> pb.ListOverdueResponse:
        """Deadlines that have passed."""
        as_of = AsOf.parse(request.as_of, self.clock.now())
        await self.look(caller, "ListOverdue", "CO-01")
        complete_to = await self._complete_to()
        found = await overdue(self.views, as_of, request.owner, request.kind)
        start = _number(request.page_token)
        page = found[start : start + request.page_size]
        end = start + len(page)
        return pb.ListOverdueResponse(
            deadlines=[_deadline(deadline, as_of.day) for deadline in page],
            next_page_token=str(end) if end < len(found) else "",
            total=len(found),
            as_of=as_of.moment,
            complete_to=complete_to,
        )

    async def _covered(self, origin: str, position: int) -> None:
        """Wait until the answer will cover a receipt."""
        deadline = self.clock.now().timestamp() + WAIT_S
        while origin and (await self.views.completeness()).sizes.get(origin, 0) <= position:
            if self.clock.now().timestamp() > deadline:
                raise Unavailable(
                    "NOT_YET_COVERED",
                    f"What {origin} recorded at {position} has not arrived here yet. Ask again in a moment.",
                    origin=origin,
                    position=position,
                )
            await self.clock.sleep(STEP_S)

    async def _complete_to(self) -> list[Completeness]:
        """Asked before the rows are read: the answer covers at least this much."""
        complete = await self.views.completeness()
        return [
            Completeness(origin=origin, size=size, recorded_at=complete.recorded_at.get(origin, ""))
            for origin, size in complete.sizes.items()
        ]


def _profile(profile: Profile) -> pb.Profile:
    return pb.Profile(
        region=profile.region,
        sex=profile.sex,
        age_band=profile.age_band,
        language=profile.language,
        detection_channel=profile.detection_channel,
        minor=profile.minor,
    )


def _standing(standing: Standing, day: date) -> pb.Standing:
    return pb.Standing(
        identification=standing.identification,
        identification_days=standing.days(day),
        assistance=standing.assistance,
        proceedings=standing.proceedings,
    )


def _deadline(deadline: OpenDeadline, day: date) -> pb.Deadline:
    late = deadline.days_late(day)
    return pb.Deadline(
        kind=deadline.kind,
        owner=deadline.owner,
        due_on=deadline.due_on,
        overdue=late > 0,
        days_late=late,
        rule_id=deadline.rule_id,
        person=deadline.subject,
        about=deadline.about,
    )


def _counts(steps: Iterable[tuple[str, int]]) -> list[pb.Count]:
    return [pb.Count(step=step, count=count) for step, count in steps]


def _day(field: str, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        what = f"{field} {text[:40]!r} is not a day, written YYYY-MM-DD"
        raise Invalid("FIELD_INVALID", f"{what}.", {field: what}) from None


def _number(token: str) -> int:
    return int(token) if token.isdecimal() else 0
