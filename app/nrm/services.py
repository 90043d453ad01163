"""Which service an agency of each kind runs, and what it is given to read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select

import nrm_assistance.service
import nrm_coordinator.service
import nrm_funding.service
import nrm_identification.service
import nrm_prosecution.service
from nrm.agency import Surroundings
from nrm_kernel.looks import Looks
from nrm_kernel.reactions import StoreLookup
from nrm_kernel.rpc_office import Office
from nrm_kernel.service import Service
from nrm_kernel.store import Store
from nrm_kernel.views import Completeness, ViewReader


class LaterViews:
    """Views that a service is built on before they are opened: its tables say what there is to open."""

    def __init__(self) -> None:
        self._views: ViewReader | None = None

    def settle_on(self, views: ViewReader) -> None:
        """From now on, read these."""
        self._views = views

    async def rows(self, query: Select[Any]) -> Sequence[Row[Any]]:
        """See :class:`nrm_kernel.views.ViewReader`."""
        return await self._settled().rows(query)

    async def completeness(self) -> Completeness:
        """See :class:`nrm_kernel.views.ViewReader`."""
        return await self._settled().completeness()

    def _settled(self) -> ViewReader:
        assert self._views is not None, "the views are opened before anything is served"
        return self._views


@dataclass(frozen=True)
class Parts:
    """A service and the views that it is still to be given."""

    service: Service
    views: LaterViews


def built(kind: str, store: Store, office: Office, around: Surroundings) -> Parts:
    """The service of an agency of this kind."""
    views, lookup = LaterViews(), StoreLookup(store)
    looks = Looks(office.appender, around.clock, store.origin)
    builders: Mapping[str, Callable[[], Service]] = {
        "identification": lambda: nrm_identification.service.build(lookup, views),
        "assistance": lambda: nrm_assistance.service.build(lookup, views),
        "prosecution": lambda: nrm_prosecution.service.build(lookup, views),
        "funding": lambda: nrm_funding.service.build(lookup, views),
        "coordinator": lambda: nrm_coordinator.service.build(views, looks.record, around.clock),
    }
    return Parts(builders[kind](), views)
