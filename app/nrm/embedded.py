"""The embedded composition root: every agency of the configuration in this one process, on SQLite files."""

from nrm.agency import Surroundings
from nrm.config import DEMO, SHOWN, STORE, AgencySection, Config
from nrm.house import House, Storage, put_together
from nrm_kernel.adapters import vault_sql
from nrm_kernel.adapters.log_sqlite import SqliteLog
from nrm_kernel.adapters.store_sql import SqlStore
from nrm_kernel.adapters.views_sql import SqlViews
from nrm_kernel.clock import Clock, SystemClock
from nrm_kernel.errors import NrmError
from nrm_kernel.ledger.trust import Trust
from nrm_kernel.policy import load_history
from nrm_kernel.telemetry import Telemetry

__all__ = ["ClockRefused", "House", "open_house"]


class ClockRefused(NrmError):
    """Recorded time comes from the machine's clock; a simulated one would let history be back-dated."""

    def __init__(self, deployment: str) -> None:
        super().__init__(
            "CLOCK_REFUSED", f"{deployment} is no demo: recorded time comes from the machine's clock alone."
        )


async def open_house(config: Config, telemetry: Telemetry, clock: Clock | None = None) -> House:
    """Open every agency of the configuration; when one cannot be opened, those before it are closed again.

    Raises DataLoss when a store was rolled back, and ClockRefused.
    """
    if clock is not None and config.deployment != DEMO:
        raise ClockRefused(config.deployment)
    trust, policies = Trust.load(config.trust), load_history(config.policy)
    house = House(config, Surroundings(SqliteLog(config.log), trust, policies, clock or SystemClock(), telemetry))
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
