"""Which service an agency of each kind runs, and what it is given to read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Row, Select

import nrm_assistance.service
import nrm_assistance.views
import nrm_audit.service
import nrm_coordinator.service
import nrm_funding.service
import nrm_funding.views
import nrm_identification.service
import nrm_identification.views
import nrm_prosecution.service
import nrm_prosecution.views
from nrm.agency import Surroundings
from nrm.config import SHOWN, STORE, Config
from nrm.config_distributed import DistributedConfig
from nrm_audit.shown import Shows, ViewFile
from nrm_coordinator.facts import NATIONAL
from nrm_kernel.copies_heard import with_vault
from nrm_kernel.hearing import Hearing
from nrm_kernel.identity import service_of
from nrm_kernel.ledger.trust import Trust
from nrm_kernel.looks import Looks
from nrm_kernel.reactions import StoreLookup
from nrm_kernel.rpc_office import Office
from nrm_kernel.service import Service
from nrm_kernel.store import Store
from nrm_kernel.views import Completeness, View, ViewReader

__all__ = ["SHOWN", "STORE", "VIEWS", "LaterViews", "Parts", "built", "log_files", "view_files"]


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
    """A service, the views that it is still to be given, and who listens to the other agencies for it."""

    service: Service
    views: LaterViews
    hearing: Hearing | None = None


VIEWS: Mapping[str, Sequence[View]] = {
    "identification": nrm_identification.views.VIEWS,
    "assistance": nrm_assistance.views.VIEWS,
    "prosecution": (nrm_prosecution.views.PROCEEDINGS,),
    "funding": (nrm_funding.views.LISTS,),
    "coordinator": (NATIONAL,),
    "audit": (),
}
"""The views of each kind of service."""


def built(kind: str, store: Store, office: Office, around: Surroundings, config: Config) -> Parts:
    """The service of an agency of this kind."""
    views, lookup = LaterViews(), StoreLookup(store)
    look = Looks(office.appender, around.clock, store.origin).record
    hearing = Hearing(
        around.log,
        around.trust,
        store.origin,
        views.completeness,
        around.clock,
        around.telemetry.log,
        config.silent_after_s,
    )
    builders: Mapping[str, Callable[[], Service]] = {
        "identification": lambda: nrm_identification.service.build(lookup, views),
        "assistance": lambda: nrm_assistance.service.build(lookup, views),
        "prosecution": lambda: nrm_prosecution.service.build(lookup, views),
        "funding": lambda: nrm_funding.service.build(lookup, views),
        "coordinator": lambda: nrm_coordinator.service.build(views, look, around.clock, hearing.everybody),
        "audit": lambda: nrm_audit.service.build(log_files(config), around.trust, view_files(config), look),
    }
    return Parts(with_vault(builders[kind]()), views, hearing if kind == "coordinator" else None)


def log_files(config: Config) -> Sequence[Path]:
    """Every file of this process that holds a log."""
    stores = [section.folder / STORE for section in config.agency] if config.in_files else []
    return [config.log, *stores]


def view_files(config: Config) -> Sequence[Shows]:
    """The views of every agency of this process, and those of others that it may read."""
    return views_in_databases(config) if isinstance(config, DistributedConfig) else views_in_folders(config)


def views_in_databases(config: DistributedConfig) -> Sequence[Shows]:
    """The views of every agency of this process, and of those that the configuration names as shown to it."""
    # Imported late: without databases nobody pays for the driver.
    from nrm_audit.shown_postgres import ViewDatabase

    everybody = Trust.load(config.trust).origins()
    own = [(section.origin, section.store_url()) for section in config.agency]
    others = [(section.origin, section.url(config.agency[0].principal)) for section in config.shown]
    return [
        ViewDatabase(origin, url, VIEWS[service_of(origin)], _followed(origin, everybody))
        for origin, url in (*own, *others)
        if VIEWS[service_of(origin)]
    ]


def views_in_folders(config: Config) -> Sequence[ViewFile]:
    """The views of every agency of this process in its folder, and the logs that they follow from."""
    everybody = Trust.load(config.trust).origins()
    return [
        ViewFile(
            section.origin,
            section.folder / SHOWN,
            VIEWS[section.kind],
            _followed(section.origin, everybody),
        )
        for section in config.agency
        if VIEWS[section.kind]
    ]


def _followed(origin: str, everybody: Sequence[str]) -> Sequence[str]:
    """The logs that an agency's views follow from."""
    return everybody if service_of(origin) == "coordinator" else [origin]
