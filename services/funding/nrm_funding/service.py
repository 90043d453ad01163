"""What the funding service is made of."""

from nrm_contracts.funding.v1 import funding_pb2
from nrm_funding.queries import Queries
from nrm_funding.reactions import REACTIONS
from nrm_funding.rpc import WRITES
from nrm_funding.views import LISTS
from nrm_kernel.service import Door, Lookup, Read, Service, Watch, Write
from nrm_kernel.views import ViewReader


def build(lookup: Lookup, views: ViewReader) -> Service:
    """The service over its own store and views."""
    descriptor = funding_pb2.DESCRIPTOR.services_by_name["FundingService"]
    methods: list[Write | Read | Watch] = [*WRITES, *Queries(lookup, views).reads()]
    return Service("funding", [Door(descriptor, methods)], REACTIONS, [LISTS])
