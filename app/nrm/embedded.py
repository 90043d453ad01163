"""The embedded composition root: every agency of the configuration in this one process, on SQLite files."""

from nrm.agency import Surroundings
from nrm.config import SHOWN, STORE, AgencySection, Config
from nrm.house import ClockRefused, House, Storage, allowed, put_together
from nrm_kernel.adapters import vault_sql
from nrm_kernel.adapters.log_sqlite import SqliteLog
from nrm_kernel.adapters.store_sql import SqlStore
from nrm_kernel.adapters.views_sql import SqlViews
from nrm_kernel.clock import Clock
from nrm_kernel.ledger.trust import Trust
from nrm_kernel.policy import load_history
from nrm_kernel.telemetry import Telemetry

__all__ = ["ClockRefused", "House", "open_house"]


async def open_house(config: Config, telemetry: Telemetry, clock: Clock | None = None) -> House:
    """Open every agency of the configuration; when one cannot be opened, those before it are closed again.

    Raises DataLoss when a store was rolled back, and ClockRefused.
    """
    time = allowed(clock, config.deployment)
    trust, policies = Trust.load(config.trust), load_history(config.policy)
    house = House(config, Surroundings(SqliteLog(config.log), trust, policies, time, telemetry))
    try:
        for section in config.agency:
            house.housed.append(await put_together(section, config, house.around, _storage(section)))
    except BaseException:
        await house.close()
        raise
    return house


def _storage(section: AgencySection) -> Storage:
    return Storage(
        lambda: SqlStore.open_sqlite(section.folder / STORE, section.origin, vault_sql.metadata),
        lambda views: SqlViews.open(section.folder / SHOWN, views),
    )
