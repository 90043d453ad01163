"""What `nrm doctor` finds in certificates: an agency's own files, and what servers show to whoever connects."""

import socket
import ssl
import struct
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from nrm import certs
from nrm.config_distributed import DistributedAgency
from nrm.doctor.findings import Finding, State
from nrm_kernel.errors import NrmError
from nrm_kernel.log_topics import ClientTls, Cluster

TIMEOUT_S = 5.0
_START_TLS: Final = struct.pack(">ii", 8, 80877103)
"""PostgreSQL's SSLRequest: its length, and the number that asks for TLS."""


def of_files(subject: str, paths: Iterable[Path], now: datetime) -> Iterator[Finding]:
    """The certificates in these files."""
    for path in paths:
        try:
            [shown] = certs.show([path], now)
        except NrmError as fault:
            yield Finding(subject, State.ACT, fault.text, "Name a PEM file that holds one.")
        else:
            yield _early(subject, shown) if shown.is_early else _left(subject, path.name, shown.days_left)


def of_principal(agency: DistributedAgency) -> Iterator[Finding]:
    """Whether servers let the agency in as itself by what it shows them. :func:`of_files` tells the rest."""
    subject, shown = f"{agency.origin}: certificate", agency.principal
    if shown is None:
        return
    try:
        name = certs.name_of(shown.certificate)
        is_known = certs.is_issued_by(shown.certificate, shown.authority)
    except (OSError, ValueError):
        return
    if name != agency.origin:
        text = f"{shown.certificate.name} names {name}: servers let in that one by it, and not this agency"
        yield Finding(subject, State.ACT, text, f"Put the certificate of {agency.origin} in its place.")
    if not is_known:
        text = f"{shown.certificate.name} was issued by no authority in {shown.authority.name}"
        action = "See which authority the servers believe: if it is that one, they do not let this agency in."
        yield Finding(subject, State.ACT, text, action)


def shown_by_brokers(where: str, cluster: Cluster, now: datetime) -> Iterator[Finding]:
    """What brokers show; of one that is not reached nothing is told here."""
    if cluster.tls:
        for address in cluster.servers:
            yield from _shown(where, address, cluster.tls, b"", now)


def shown_by_database(where: str, agency: DistributedAgency, now: datetime) -> Iterator[Finding]:
    """What the agency's database server shows."""
    if own := agency.principal:
        tls = ClientTls(own.certificate, own.key, own.authority)
        yield from _shown(where, agency.store_address, tls, _START_TLS, now)


def _shown(where: str, address: str, tls: ClientTls, before: bytes, now: datetime) -> Iterator[Finding]:
    try:
        ends = _ends(address, tls, before)
    except OSError:
        return  # whoever looks at that server tells why it is not reached
    yield _left(f"{where}: certificate", f"that of {address}", (ends - now) // timedelta(days=1))


def _ends(address: str, tls: ClientTls, before: bytes) -> datetime:
    """When the certificate ends that the server shows. Raises OSError."""
    host, _, port = address.rpartition(":")
    host = host.strip("[]")
    with socket.create_connection((host, int(port)), TIMEOUT_S) as plain:
        if before:
            plain.sendall(before)
            plain.recv(1)
        with tls.context().wrap_socket(plain, server_hostname=host) as guarded:
            shown = guarded.getpeercert() or {}
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(shown["notAfter"])), UTC)


def _early(subject: str, shown: certs.Shown) -> Finding:
    text = f"{shown.path.name} begins to hold on {shown.begins:%Y-%m-%d %H:%M} UTC: no server lets in who shows it"
    return Finding(subject, State.ACT, text, "Put one in its place that holds now, or set this machine's clock right.")


def _left(subject: str, whose: str, days: int) -> Finding:
    """How long a certificate still holds, and whether to replace it."""
    whole = -days - 1  # so many whole days ago
    ago = f"{whole:,} days ago" if whole > 0 else "less than a day ago"
    text = f"{whose}: {days:,} days left" if days >= 0 else f"{whose}: ended {ago}"
    if days < certs.DAYS_LEFT_MIN:
        action = "Put a new one in its place; it is used from the next connection on."
        return Finding(subject, State.ACT, text, action)
    return Finding(subject, State.OK, text)
