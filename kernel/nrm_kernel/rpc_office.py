"""The agency behind a server: what turning a request into a recorded command needs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from typing import Protocol

from nrm_contracts.policy import NationalPolicy
from nrm_kernel.appender import Answer, Order
from nrm_kernel.clock import Clock
from nrm_kernel.ids import new_ref
from nrm_kernel.paging import Pages
from nrm_kernel.telemetry import Telemetry, silent
from nrm_kernel.vault import Vault

PolicyOn = Callable[[date], NationalPolicy]
"""The country's rules in force on a day."""


class Submits(Protocol):
    """Where orders go: the appender."""

    async def submit(self, order: Order) -> Answer: ...


def _own_pages() -> Pages:
    return Pages(bytes.fromhex(new_ref() + new_ref()))


@dataclass(frozen=True)
class Office:
    """One agency: its origin, all agencies (origin -> kind of organisation), its rules of the country, its tools.

    ``zone`` is the country's time zone: it says which day it is.
    """

    origin: str
    agencies: Mapping[str, str]
    policy: PolicyOn | None
    clock: Clock
    appender: Submits
    vault: Vault
    telemetry: Telemetry = field(default_factory=silent)
    pages: Pages = field(default_factory=_own_pages)
    zone: tzinfo = UTC

    @property
    def kind(self) -> str:
        """The kind of service that the agency runs."""
        return self.origin.split("/")[1]

    def policy_at(self, moment: datetime) -> NationalPolicy | None:
        """The country's rules in force at that moment; None where there are none."""
        return self.policy(moment.astimezone(self.zone).date()) if self.policy else None
