"""Offline verification: whether what the holders have is what the agencies recorded and signed.

Needs only the files and the trust file: no server, no code that writes, and no holder's word is taken on trust. What
is checked and what each finding means stands in `services/audit/README.md`.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from nrm_audit.copies import Copy, Holder, Nothing
from nrm_audit.findings import Finding, Findings, Kind
from nrm_audit.holders import Database, Expected, Holders, opened
from nrm_audit.logs import LogCheck
from nrm_audit.report import CopyReport, VerifyReport
from nrm_audit.workers import Workers
from nrm_kernel.ledger.trust import Trusted
from nrm_kernel.log_topics import Cluster

MUCH_BYTES = 50_000_000
"""From so many on, other processes are started before anything is read. Two cores are done with half as much before a
process would have earned what it costs to start it and to hand it entries."""


def verify(
    paths: Sequence[Path],
    trust: Trusted,
    kafka: Cluster | None = None,
    expected: Sequence[Expected] = (),
    databases: Sequence[Database] = (),
) -> VerifyReport:
    """Verify every copy found at these paths, on Kafka and in these databases, alone and against each other.

    What is expected at the paths and is not there is missed. Raises NoHolder for a path that holds no copy, and
    Unavailable when Kafka cannot be read, or a database not to its end.
    """
    with held(paths, kafka, expected, databases) as holders:
        return verify_opened(holders, trust)


@contextmanager
def held(
    paths: Sequence[Path],
    kafka: Cluster | None = None,
    expected: Sequence[Expected] = (),
    databases: Sequence[Database] = (),
) -> Iterator[Holders]:
    """Every copy at these paths, in these databases and on Kafka, as long as the block.

    Raises NoHolder and Unavailable.
    """
    with ExitStack() as stack:
        holders = stack.enter_context(opened(paths, expected, databases))
        if kafka is not None:
            holders.found.append(stack.enter_context(_on_kafka(kafka)))
            holders.renew()
        yield holders


def verify_opened(holders: Holders, trust: Trusted) -> VerifyReport:
    """The same for holders that are open already and stay so: what is read of them next is what was verified."""
    with Workers() as workers:
        if _bytes_of(holders) > MUCH_BYTES:
            workers.start()
        return _verified(holders, trust, workers)


def _verified(holders: Holders, trust: Trusted, workers: Workers) -> VerifyReport:
    findings = Findings()
    for name, text, origin in holders.damaged:
        findings.add(Finding(Kind.UNREADABLE, origin, name, text))
    for name, text, origin in holders.closed:
        findings.add(Finding(Kind.UNREADABLE, origin, name, text, certain=False))
    for holder in holders.found:
        for text in holder.faults():
            findings.add(Finding(Kind.UNREADABLE, "", holder.name, text))
    copies = [copy for holder in holders.found for copy in _held_or_lacked(holder, trust.origins())]
    checks = [
        LogCheck(origin, [copy for copy in copies if copy.origin == origin], trust, findings, workers)
        for origin in sorted({copy.origin for copy in copies})
    ]
    reports: list[CopyReport] = [report for check in checks for report in check.run()]
    for check in checks:
        _check_what_others_saw(check, checks, findings)
    return VerifyReport(reports, findings)


def _bytes_of(holders: Holders) -> int:
    """How large those holders are that are one file."""
    files = (Path(holder.name) for holder in holders.found)
    return sum(file.stat().st_size for file in files if file.is_file())


def _on_kafka(cluster: Cluster) -> AbstractContextManager[Holder]:
    from nrm_audit.brokers import on_kafka  # whoever verifies files alone does not wait for the client

    return on_kafka(cluster)


def _held_or_lacked(holder: Holder, origins: Sequence[str]) -> list[Copy]:
    """A shared log or an export is of the whole deployment: a trusted log that it lacks counts as empty there."""
    held = {copy.origin for copy in holder.copies}
    lacked = [origin for origin in origins if holder.of_all and origin not in held]
    return [*holder.copies, *(Copy(holder.name, origin, Nothing()) for origin in lacked)]


def _check_what_others_saw(check: LogCheck, checks: Sequence[LogCheck], findings: Findings) -> None:
    """Entries of other agencies name how much of this log they had seen: it must be there still."""
    seen = [(*other.known.seen[check.origin], other) for other in checks if check.origin in other.known.seen]
    for size, position, witness in seen:
        for history in check.histories:
            copy = history.copy
            if history.size >= size or copy.stated_size or size <= max(check.signed, default=0):
                continue
            text = f"entries {history.size} to {size - 1} were seen by {witness.origin}, but are not here"
            by = f"{witness.origin} position {position}"
            certain = copy.shared and any(
                each.copy.holder == copy.holder and each.size > position for each in witness.histories
            )
            findings.add(Finding(Kind.MISSING, check.origin, copy.holder, text, history.size, by, certain))
