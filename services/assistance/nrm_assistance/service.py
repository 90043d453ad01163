"""An assistance agency's service, put together."""

from nrm_assistance.opening import sight
from nrm_assistance.reactions import REACTIONS
from nrm_assistance.rpc import WRITES, Queries
from nrm_assistance.views import VIEWS
from nrm_contracts.assistance.v1 import assistance_pb2
from nrm_kernel.service import Door, Lookup, Service
from nrm_kernel.views import ViewReader


def build(lookup: Lookup, views: ViewReader) -> Service:
    """What to serve and what to run."""
    descriptor = assistance_pb2.DESCRIPTOR.services_by_name["AssistanceService"]
    door = Door(descriptor, [*WRITES, *Queries(lookup, views).methods()])
    return Service("assistance", [door], REACTIONS, VIEWS, sight=sight(lookup))
