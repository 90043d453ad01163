"""The coordinator's gRPC service: it reads, and records who looked before anything is shown. It commands nothing."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from nrm_contracts.coordinator.v1 import coordinator_pb2 as pb
from nrm_contracts.record.v1.receipt_pb2 import Completeness
from nrm_coordinator import asked, told
from nrm_coordinator.alerts import of_foreign
from nrm_coordinator.foreign import foreign
from nrm_coordinator.funnel import funnels
from nrm_coordinator.listing import listed
from nrm_coordinator.moment import AsOf
from nrm_coordinator.overdue import overdue
from nrm_coordinator.pathway import pathway
from nrm_coordinator.people import everybody
from nrm_kernel.asked import on_list, reference
from nrm_kernel.clock import Clock, stamp
from nrm_kernel.errors import Unavailable
from nrm_kernel.hearing import Heard, Hears, nobody
from nrm_kernel.identity import Caller
from nrm_kernel.service import Door, Read
from nrm_kernel.views import Completeness as Reached
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
    hears: Hears = nobody

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
        ref, as_of = reference("person_ref", request.person_ref), self._as_of(request.as_of)
        source = await self._agency("covers_origin", request.covers_origin)
        await self.look(caller, ref, "CO-01")
        await self._covered(source, request.covers_position)
        as_of, complete_to = await self._complete(as_of)
        return told.pathway(await pathway(self.views, ref, as_of), as_of, complete_to)

    async def list_pathways(self, request: pb.ListPathwaysRequest, caller: Caller) -> pb.ListPathwaysResponse:
        """Persons by filter."""
        wanted, as_of = asked.persons(request), self._as_of(request.as_of)
        await self.look(caller, "ListPathways", "CO-01")
        as_of, complete_to = await self._complete(as_of)
        page = await listed(self.views, as_of, wanted, request.page_token, request.page_size)
        return pb.ListPathwaysResponse(
            pathways=[told.summary(one, as_of.day) for one in page.summaries],
            next_page_token=page.summaries[-1].person if page.more else "",
            total=page.total,
            as_of=as_of.moment,
            complete_to=complete_to,
        )

    async def get_funnels(self, request: pb.GetFunnelsRequest, caller: Caller) -> pb.GetFunnelsResponse:
        """Three funnels, never mixed."""
        (from_on, to_on), as_of = asked.period(request.from_on, request.to_on), self._as_of(request.as_of)
        await self.look(caller, "GetFunnels", "CO-02")
        as_of, complete_to = await self._complete(as_of)
        found = await funnels(self.views, as_of, from_on, to_on)
        return told.funnels(found, of_foreign(await foreign(self.views, as_of)), as_of, complete_to)

    async def list_overdue(self, request: pb.ListOverdueRequest, caller: Caller) -> pb.ListOverdueResponse:
        """Deadlines that have passed."""
        kind, as_of = on_list("kind", "deadline_kind", request.kind), self._as_of(request.as_of)
        owner = await self._agency("owner", request.owner)
        await self.look(caller, "ListOverdue", "CO-01")
        as_of, complete_to = await self._complete(as_of)
        names = await everybody(self.views, as_of)
        found = await overdue(self.views, as_of, names, owner, kind)
        ahead = [one for one in found if one.key > request.page_token]
        page = ahead[: request.page_size]
        return pb.ListOverdueResponse(
            deadlines=[told.deadline(one, names.name(one.subject), as_of.day) for one in page],
            next_page_token=page[-1].key if len(ahead) > len(page) > 0 else "",
            total=len(found),
            as_of=as_of.moment,
            complete_to=complete_to,
        )

    async def _agency(self, field: str, origin: str) -> str:
        """An agency that this office listens to or has read, or empty. Raises Invalid AGENCY_UNKNOWN."""
        if not origin:
            return ""
        return asked.agency(field, origin, {*self.hears(), *(await self.views.completeness()).sizes})

    def _as_of(self, text: str) -> AsOf:
        return AsOf.parse(text, self.clock.now())

    async def _covered(self, origin: str, position: int) -> None:
        """Wait until the answer will cover a receipt."""
        deadline = self.clock.now().timestamp() + WAIT_S
        while origin and (await self.views.completeness()).sizes.get(origin, 0) <= position:
            if self.clock.now().timestamp() > deadline:
                raise Unavailable(
                    "NOT_YET_COVERED",
                    "What that receipt is for has not arrived here yet. Ask again in a moment.",
                    position=position,
                )
            await self.clock.sleep(STEP_S)

    async def _complete(self, as_of: AsOf) -> tuple[AsOf, list[Completeness]]:
        """Asked before the rows are read: the answer covers at least this much."""
        complete = await self.views.completeness()
        moments = (at for at in complete.recorded_at.values() if "T" in at)  # a notice tells the day alone
        newest = max(moments, default="")
        heard = self.hears()
        unread = [origin for origin, one in heard.items() if one.silent_since and origin not in complete.sizes]
        return as_of.covering(newest), [
            _complete_to(origin, complete, heard.get(origin, Heard())) for origin in (*complete.sizes, *unread)
        ]


def _complete_to(origin: str, reached: Reached, heard: Heard) -> Completeness:
    return Completeness(
        origin=origin,
        size=reached.sizes.get(origin, 0),
        recorded_at=reached.recorded_at.get(origin, ""),
        heard_at=stamp(heard.at) if heard.at else "",
        silent_since=stamp(heard.silent_since) if heard.silent_since else "",
    )
