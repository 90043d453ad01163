"""Copies logs into a folder of text files that can be verified offline for as long as SHA-256 and Ed25519 stand."""

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path

import orjson

from nrm_audit.copies import Copy
from nrm_audit.folders import CHECKPOINTS, ENTRIES, FORMAT, MANIFEST, TRUST, line_of_entry
from nrm_audit.holders import opened
from nrm_audit.stored import entries, fullest, largest_checkpoint
from nrm_kernel.errors import NrmError, Unavailable
from nrm_kernel.ledger.trust import Trust


class ExportRefused(NrmError):
    """The folder to export into is taken."""


class ExportNotWritten(Unavailable):
    """The operating system refuses the folder to export into: a full disk, a missing right."""

    def __init__(self, folder: Path, fault: OSError) -> None:
        super().__init__(
            "EXPORT_NOT_WRITTEN",
            f"The copy into {folder} was not made: {fault.strerror or fault}. Nothing of it is left. Make room "
            "there, or name a folder where you may write.",
        )


@dataclass(frozen=True, slots=True)
class Exported:
    """One log in the export, and how many entries of it."""

    origin: str
    folder: str
    entries: int


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What was written, and where."""

    folder: Path
    logs: Sequence[Exported]
    exit_code: int = 0

    def text(self) -> str:
        """For people."""
        lines = [f" ok  {log.origin}  {log.entries:,} entries" for log in self.logs]
        return "\n".join((*lines, f"EXPORTED to {self.folder}. Next: nrm audit verify {self.folder}")) + "\n"

    def json(self) -> bytes:
        """For tools."""
        document = {"folder": str(self.folder), "logs": [asdict(log) for log in self.logs], "exit_code": self.exit_code}
        return orjson.dumps(document, option=orjson.OPT_INDENT_2)


def export(paths: Sequence[Path], trust: Trust, folder: Path, made_at: datetime) -> ExportReport:
    """Write each log found at `paths`, up to its largest checkpoint, into a new folder.

    What is there is copied as it is, right or wrong: verify the export. Nothing stays behind when it fails. Raises
    NoHolder, ExportRefused when the folder exists, ExportNotWritten when it cannot be made or filled, Damaged when a
    copy cannot be read to its end.
    """
    if folder.exists():
        raise ExportRefused("EXPORT_FOLDER_EXISTS", f"{folder} exists. Nothing was written. Name a new folder.")
    unfinished = folder.with_name(f".{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        unfinished.mkdir(parents=True)
        logs = _write(paths, unfinished)
        _write_manifest(unfinished, logs, trust, made_at)
        unfinished.rename(folder)
    except OSError as fault:
        raise ExportNotWritten(folder, fault) from fault
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return ExportReport(folder, logs)


def _write(paths: Sequence[Path], folder: Path) -> list[Exported]:
    with opened(paths) as holders:
        origins = sorted({copy.origin for holder in holders.found for copy in holder.copies if not copy.signs_only})
        return [_write_log(fullest(holders, origin), folder) for origin in origins]


def _write_log(copy: Copy, folder: Path) -> Exported:
    name = copy.origin.replace("/", ".")
    target = folder / name
    target.mkdir()
    count = 0
    with (target / ENTRIES).open("wb") as lines:
        for position, body, leaf in _covered(copy):
            lines.write(line_of_entry(position, body, leaf))
            count += 1
    with (target / CHECKPOINTS).open("w", encoding="utf-8") as lines:
        for size, note in copy.source.checkpoints():
            lines.write(json.dumps({"size": size, "note": note}, ensure_ascii=False) + "\n")
    return Exported(copy.origin, name, count)


def _covered(copy: Copy) -> Iterator[tuple[int, bytes, bytes]]:
    size = largest_checkpoint(copy)
    return takewhile(lambda entry: entry[0] < size, entries(copy))


def _write_manifest(folder: Path, logs: Sequence[Exported], trust: Trust, made_at: datetime) -> None:
    (folder / TRUST).write_text(trust.render(), "utf-8")
    manifest = {
        "format": FORMAT,
        "deployment": trust.deployment,
        "made_at": made_at.astimezone(UTC).isoformat(),
        "origins": [asdict(log) for log in logs],
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")
