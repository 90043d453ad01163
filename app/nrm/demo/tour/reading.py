"""The tour through those who only read: the coordinator and the auditors."""

from nrm.demo.agencies import NATIONAL, OFFICE, POLICE
from nrm.demo.people import Invented
from nrm.demo.tour.guide import Guide
from nrm_contracts.audit.v1 import audit_pb2
from nrm_contracts.coordinator.v1 import coordinator_pb2


async def tour(guide: Guide) -> int:
    """Every method. Gives how many persons the coordinator counts."""
    persons = await _coordinator(guide, guide.somebody(1))
    await _auditors(guide)
    return persons


async def _coordinator(guide: Guide, who: Invented) -> int:
    pb, person = coordinator_pb2, await guide.ref(POLICE, who.label)
    await guide.ask(NATIONAL, pb.GetPathwayRequest(person_ref=person), pb.GetPathwayResponse)
    await guide.ask(NATIONAL, pb.GetFunnelsRequest(), pb.GetFunnelsResponse)
    await guide.ask(NATIONAL, pb.ListOverdueRequest(page_size=10), pb.ListOverdueResponse)
    listed = await guide.ask(NATIONAL, pb.ListPathwaysRequest(page_size=10), pb.ListPathwaysResponse)
    return listed.total


async def _auditors(guide: Guide) -> None:
    pb = audit_pb2
    await guide.ask(OFFICE, pb.ListEntriesRequest(origin=POLICE, page_size=5), pb.ListEntriesResponse)
    newest = await guide.ask(OFFICE, pb.GetCheckpointRequest(origin=POLICE), pb.GetCheckpointResponse)
    size = newest.size
    included = pb.GetInclusionProofRequest(origin=POLICE, position=0, size=size)
    await guide.ask(OFFICE, included, pb.GetInclusionProofResponse)
    grown = pb.GetConsistencyProofRequest(origin=POLICE, old_size=size, new_size=size)
    await guide.ask(OFFICE, grown, pb.GetConsistencyProofResponse)
    await guide.ask(OFFICE, pb.VerifyRequest(), pb.VerifyResponse)
    await guide.ask(OFFICE, pb.CompareViewsRequest(until=guide.day(1_000).isoformat()), pb.CompareViewsResponse)
