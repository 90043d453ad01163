"""What `nrm doctor` found: one thing that was looked at, how it is, and what to do about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a thing is found: as it should be, wanting something to be done, or out of sight."""

    OK = "ok"
    ACT = "act"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. ``action`` says what to do about it; empty when nothing."""

    subject: str
    state: State
    text: str
    action: str = ""


def exit_code(findings: Sequence[Finding]) -> int:
    """0 nothing to do, 1 something to do, 2 something could not be looked at."""
    states = {finding.state for finding in findings}
    return 1 if State.ACT in states else 2 if State.UNSEEN in states else 0


def told(fault: BaseException) -> str:
    """A fault in words: of a file which one and why, not the number of the error."""
    if isinstance(fault, OSError) and fault.filename:
        return f"{fault.filename}: {fault.strerror}"
    return str(fault)
