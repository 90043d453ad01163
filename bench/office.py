"""A deployment as it is shipped: mutual TLS, officer tokens, access tables, tracing, vault, request ledger, hashing.

Only the traces' destination is near: an exporter in this process counts the spans instead of sending them away.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from nrm.config import AgencySection, Config, TlsSection
from nrm.embedded import House, open_house
from nrm.founding import found
from nrm.lasting import keep_what_is_open
from nrm.services import SHOWN, STORE
from nrm_kernel.clock import SystemClock
from nrm_kernel.identity import Caller
from nrm_kernel.telemetry import Telemetry, log_to, tracing
from nrm_kernel.testing.certificates import Authority, Certified
from nrm_kernel.tokens import TokenSigner

POLICE = "demo/identification/police"
NATIONAL = "demo/coordinator/national"
POLICY = Path(str(files("nrm") / "policies" / "gb.toml"))
OFFICER = Caller(POLICE, "officer-1", frozenset({"first_responder"}), "identify")


class CountedSpans(SpanExporter):
    """Takes every span and keeps its number."""

    def __init__(self) -> None:
        self.count = 0

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """One batch of them."""
        self.count += len(spans)
        return SpanExportResult.SUCCESS

    def shutdown(self) -> None:
        """Nothing is kept open."""


@dataclass(frozen=True)
class Office:
    """A running deployment, and what a client needs to call the police."""

    house: House
    authority: Authority
    client: Certified
    signer: TokenSigner
    spans: CountedSpans
    beside: bool

    @property
    def manner(self) -> str:
        """What a row's name says of it."""
        return ", with relay, log and views beside" if self.beside else ""

    def store_of(self, origin: str) -> Path:
        """The file of that agency's store."""
        return self._folder_of(origin) / STORE

    def views_of(self, origin: str) -> Path:
        """The folder of that agency's views."""
        return self._folder_of(origin) / SHOWN

    def _folder_of(self, origin: str) -> Path:
        return {one.origin: one.folder for one in self.house.config.agency}[origin]

    def token(self) -> str:
        """A fresh token of the officer's."""
        return self.signer.sign(OFFICER.officer, OFFICER.roles, OFFICER.purpose, POLICE)


@asynccontextmanager
async def office(folder: Path, *run_here: str, beside: bool = True) -> AsyncIterator[Office]:
    """A police force and the national coordinator; those of them that ``run_here`` names run in this process.

    Relay and views run ``beside`` the commands, as they do when it is served, or are left out: a peer may have none.
    """
    authority = Authority(datetime.now(UTC))
    signer = TokenSigner(POLICE, SystemClock())
    config = _secured(Config.load(found(folder, [POLICE, NATIONAL], POLICY)), folder, authority, signer)
    config = config.model_copy(update={"agency": tuple(one for one in config.agency if one.origin in run_here)})
    spans = CountedSpans()
    provider = tracing("nrm", spans)
    with (folder / "lines.jsonl").open("wb") as lines:
        house = await open_house(config, Telemetry(provider.get_tracer("nrm"), log_to(lines)))
        for agency in house.agencies:
            if beside:
                agency.start()
            else:
                agency.append()
        await house.serve()
        keep_what_is_open()
        try:
            yield Office(house, authority, authority.agency(POLICE), signer, spans, beside)
        finally:
            await house.close(grace_s=1.0)
            provider.shutdown()


def _secured(config: Config, folder: Path, authority: Authority, signer: TokenSigner) -> Config:
    pair = authority.files(folder)
    keys = folder / "officers.toml"
    keys.write_text(signer.keys_file(), "utf-8")
    tls = TlsSection(certificate=pair.certificate, key=pair.key, authority=pair.client_authority)
    agencies: list[AgencySection] = [one.model_copy(update={"tls": tls}) for one in config.agency]
    return config.model_copy(update={"agency": tuple(agencies), "officer_keys": keys})
