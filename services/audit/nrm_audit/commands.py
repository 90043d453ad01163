"""What `nrm audit …` runs: each command as a function that gives its exit code and a report, and raises nothing.

Exit codes: 0 verified or the same, 1 not verified or different, 2 cannot tell, 3 the question was wrong.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

import orjson

from nrm_audit.copies import Damaged
from nrm_audit.export import export
from nrm_audit.findings import Kind
from nrm_audit.folders import MANIFEST
from nrm_audit.holders import Database, Expected
from nrm_audit.replay import Until, replay
from nrm_audit.report import EXIT_CODES, EXIT_USAGE, Verdict, VerifyReport
from nrm_audit.shown import Shows
from nrm_audit.stored import BeyondEnd, size_of, stored_entries
from nrm_audit.verify import verify
from nrm_kernel.errors import NrmError, Unavailable
from nrm_kernel.ledger.trust import Trust
from nrm_kernel.log_topics import Cluster


class Report(Protocol):
    """What a command has to say."""

    @property
    def exit_code(self) -> int: ...

    def text(self) -> str:
        """For people."""
        ...

    def json(self) -> bytes:
        """For tools: one JSON object."""
        ...


@dataclass(frozen=True, slots=True)
class Failure:
    """The command could not do what was asked."""

    reason: str
    message: str
    exit_code: int = EXIT_USAGE

    def text(self) -> str:
        """For people: what happened, and what to do."""
        return f"{self.message} ({self.reason})\n"

    def json(self) -> bytes:
        """For tools."""
        return orjson.dumps(asdict(self), option=orjson.OPT_INDENT_2)


Outcome = tuple[int, Report]


def run_verify(
    paths: Sequence[Path],
    trust_file: Path,
    kafka: Cluster | None = None,
    expected: Sequence[Expected] = (),
    databases: Sequence[Database] = (),
) -> Outcome:
    """`nrm audit verify PATH… [--kafka BOOTSTRAP] [--config FILE]`"""

    def report() -> Report:
        verified = verify(paths, Trust.load(trust_file), kafka, expected, databases)
        return replace(verified, caution=_caution(trust_file) or _foreign(verified, trust_file))

    return _run(report)


def run_replay(
    paths: Sequence[Path], trust_file: Path, files: Sequence[Shows], until: str = "", kafka: Cluster | None = None
) -> Outcome:
    """`nrm audit replay [--to POSITION|DATE]`; `files` are all the views of the composition root."""
    return _run(lambda: replay(paths, Trust.load(trust_file), files, Until.parse(until) if until else None, kafka))


def run_export(paths: Sequence[Path], trust_file: Path, folder: Path, made_at: datetime) -> Outcome:
    """`nrm audit export DIR`"""
    return _run(lambda: export(paths, Trust.load(trust_file), folder, made_at))


def run_log(
    paths: Sequence[Path], origin: str, write: Callable[[bytes], object], first: int = 0, limit: int | None = None
) -> Failure | None:
    """`nrm audit log ORIGIN [--from N]`: gives `write` each entry's bytes as stored, a newline after each.

    None when it went well.
    """
    written = 0
    try:
        for line in _lines(stored_entries(paths, origin, first, limit)):
            written += 1
            write(line)
        if first and not written:
            raise BeyondEnd(origin, size_of(paths, origin), first)
    except BrokenPipeError:  # no fault of the files: whoever reads wants no more
        raise
    except (NrmError, Damaged, OSError) as fault:
        return _failure(fault)
    return None


def _caution(trust_file: Path) -> str:
    """Whoever can replace a copy can replace the trust file beside it."""
    if not trust_file.with_name(MANIFEST).is_file():
        return ""
    return (
        f"the keys are those of {trust_file}, a part of the copy itself. Name your own trust file to know whose it is."
    )


def _foreign(verified: VerifyReport, trust_file: Path) -> str:
    """Where nothing at all is signed by those who are trusted, the wrong file was named sooner than all was forged."""
    if any(copy.signed_size for copy in verified.copies) or not any(
        finding.kind is Kind.SIG for finding in verified.findings.kept
    ):
        return ""
    return f"no log here is signed by a key of {trust_file}. See first whether that is this deployment's trust file."


def _lines(bodies: Iterator[bytes]) -> Iterator[bytes]:
    return (body + b"\n" for body in bodies)


def _run(command: Callable[[], Report]) -> Outcome:
    try:
        report = command()
    except (NrmError, Damaged, OSError) as fault:
        report = _failure(fault)
    return report.exit_code, report


def _failure(fault: NrmError | Damaged | OSError) -> Failure:
    match fault:
        case Unavailable():
            return Failure(fault.reason, fault.text, EXIT_CODES[Verdict.CANNOT_TELL])
        case BeyondEnd():
            return Failure(fault.reason, fault.text, EXIT_CODES[Verdict.NOT_VERIFIED])
        case NrmError():
            return Failure(fault.reason, fault.text)
        case Damaged():
            return Failure("FILE_DAMAGED", str(fault), EXIT_CODES[Verdict.CANNOT_TELL])
        case _:
            told = f"{fault.filename or 'A file'} cannot be read: {fault.strerror or fault}. Nothing was looked at."
            return Failure("FILE_UNREADABLE", f"{told} Name a file or folder that is there and that you may read.")
