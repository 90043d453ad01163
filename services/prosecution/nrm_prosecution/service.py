"""The prosecution service as tables: what to serve, what to react to, which lists to keep."""

from functools import partial

from nrm_kernel.service import Lookup, Service
from nrm_kernel.views import ViewReader
from nrm_prosecution.opening import sight
from nrm_prosecution.reactions import REACTIONS
from nrm_prosecution.rpc import door
from nrm_prosecution.views import PROCEEDINGS, case_of


def build(lookup: Lookup, views: ViewReader) -> Service:
    """The service over these two ports."""
    doors = (door(lookup, views),)
    return Service(
        kind="prosecution",
        doors=doors,
        reactions=REACTIONS,
        views=(PROCEEDINGS,),
        sight=sight(lookup, partial(case_of, views)),
    )
