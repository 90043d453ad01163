"""The identification service: what it serves, reacts to and lists."""

from nrm_identification import rpc
from nrm_identification.opening import sight
from nrm_identification.reactions import REACTIONS
from nrm_identification.views import VIEWS
from nrm_kernel.service import Lookup, Service
from nrm_kernel.views import ViewReader


def build(lookup: Lookup, views: ViewReader) -> Service:
    """The service of one identification agency: first responder, deciding authority or both."""
    return Service("identification", [rpc.door(lookup, views)], REACTIONS, VIEWS, sight=sight(lookup))
