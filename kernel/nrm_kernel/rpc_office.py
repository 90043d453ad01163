"""The agency behind a server: what turning a request into a recorded command needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import Protocol

from nrm_kernel.appender import Answer, Order
from nrm_kernel.clock import Clock
from nrm_kernel.ids import new_ref
from nrm_kernel.paging import Pages
from nrm_kernel.telemetry import Telemetry, silent
from nrm_kernel.vault import Vault


class Submits(Protocol):
    """Where orders go: the appender."""

    async def submit(self, order: Order) -> Answer: ...


def _own_pages() -> Pages:
    return Pages(bytes.fromhex(new_ref() + new_ref()))


@dataclass(frozen=True)
class Office:
    """One agency: its origin, the other agencies it knows (origin -> kind), its rules of the country, its tools.

    ``zone`` is the country's time zone: it says which day it is.
    """

    origin: str
    agencies: Mapping[str, str]
    policy: object
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

    @property
    def policy_version(self) -> str:
        """The version of the country's rules that decisions cite; empty where there are none."""
        return str(getattr(self.policy, "version", ""))
