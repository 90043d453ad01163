"""`nrm doctor`: looks at everything that an installation needs, from outside, and says what to do about each finding.

It changes nothing, and asks Kafka as the administrator where that certificate stands beside the configuration, else
as each agency itself; databases always as the agency.
"""

import asyncio
import os
import platform
import shutil
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path

from nrm import certs
from nrm.config_distributed import DistributedAgency, DistributedConfig
from nrm.doctor.certificates import of_files, of_principal, shown_by_database
from nrm.doctor.findings import Finding, State, told
from nrm.doctor.kafka import FREE_MIN_BYTES, of_kafka
from nrm.doctor.process import of_process
from nrm.doctor.secret_files import of_secrets
from nrm.doctor.store import of_store
from nrm.fitness import is_for_trying_out
from nrm_kernel.clock import Clock
from nrm_kernel.errors import NrmError
from nrm_kernel.ledger.trust import Trust
from nrm_kernel.log_topics import Cluster


async def examine(config: DistributedConfig, administrator: Cluster | None, clock: Clock) -> list[Finding]:
    """Everything, agency after agency. Without the administrator's way into Kafka, each agency asks for itself."""
    now = clock.now()
    found = [Finding("nrm", State.OK, f"version {version('nrm')}, Python {platform.python_version()}")]
    if administrator and administrator.tls:
        own = [administrator.tls.certificate]
        found += of_files("administrator: certificate", own, now)
        administrator = administrator if _still_holds(own, now) else None
    try:
        trust = Trust.load(config.trust)
    except (NrmError, OSError) as fault:
        found.append(Finding("trust file", State.ACT, told(fault), "Put the file right that the agencies agreed on."))
    else:
        found.append(_of_trust(config, trust))
        found += await asyncio.to_thread(of_kafka, config, trust, administrator, now)
    found += await asyncio.to_thread(lambda: list(of_process(str(config.http or ""))))
    for agency in config.agency:
        found += await of_store(agency, clock, trying_out=is_for_trying_out(config))
        found += await asyncio.to_thread(partial(_of_certificates, agency, now))
        found += [of_secrets(agency), of_disk(agency)]
    return found


def _still_holds(own: Sequence[Path], now: datetime) -> bool:
    try:
        certs.require_live(own, now)
    except NrmError:
        return False
    return True


def _of_trust(config: DistributedConfig, trust: Trust) -> Finding:
    missing = [agency.origin for agency in config.agency if agency.origin not in trust.origins()]
    if missing:
        text = f"{', '.join(missing)} not in {config.trust}"
        action = "Add each agency's key, and the sizes of the logs at its admission."
        return Finding("trust file", State.ACT, text, action)
    return Finding("trust file", State.OK, f"{len(trust.origins())} agencies")


def _of_certificates(agency: DistributedAgency, now: datetime) -> list[Finding]:
    own = of_files(f"{agency.origin}: certificate", agency.certificates, now)
    return [*own, *of_principal(agency), *shown_by_database(f"{agency.origin}: store", agency, now)]


def of_disk(agency: DistributedAgency) -> Finding:
    """The disk on which the agency keeps its last checkpoint."""
    subject = f"{agency.origin}: disk"
    try:
        free, flags = shutil.disk_usage(agency.folder).free, os.statvfs(agency.folder).f_flag
    except OSError as fault:
        return Finding(subject, State.ACT, f"{agency.folder}: {fault.strerror}", "Make the folder, for this user.")
    if flags & os.ST_RDONLY:
        action = "See why it was mounted so: an agency that cannot keep its checkpoint publishes nothing."
        return Finding(subject, State.ACT, f"{agency.folder} is on a disk that can only be read", action)
    text = f"{free / 1e9:,.1f} GB free in {agency.folder}"
    if free < FREE_MIN_BYTES:
        return Finding(
            subject, State.ACT, text, "Make room: an agency that cannot keep its checkpoint publishes nothing."
        )
    return Finding(subject, State.OK, text)
