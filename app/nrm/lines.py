"""What a running process tells of itself: JSON, one object a line, also of what would else be printed as it comes.

A fault is told by its type and its place in the code, never by its text: that may quote what it failed on. What remains
in a form of its own is printed by no Python: an error within gRPC's core, the interpreter's last words.
"""

import logging
import sys
import threading
import warnings
from typing import IO, TextIO

from structlog.typing import FilteringBoundLogger

from nrm_kernel.telemetry import LibraryLines, log_to


def json_lines(stream: IO[bytes]) -> FilteringBoundLogger:
    """Have this process write its lines there, from now on."""
    log = log_to(stream)
    logging.getLogger().addHandler(LibraryLines(log))
    warnings.showwarning = _warned
    sys.unraisablehook = _unraisable
    threading.excepthook = _thread_failed
    return log


def _warned(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    raised = (category, message if isinstance(message, Warning) else category(), None)
    logger = logging.getLogger("warnings")
    logger.handle(logging.LogRecord(logger.name, logging.WARNING, filename, lineno, "", None, raised))


def _unraisable(met: "sys.UnraisableHookArgs") -> None:
    fault = met.exc_value or met.exc_type()
    logging.getLogger("sys").error("unraisable", exc_info=(met.exc_type, fault, met.exc_traceback))


def _thread_failed(met: threading.ExceptHookArgs) -> None:
    fault = met.exc_value or met.exc_type()
    logging.getLogger("threading").error("failed", exc_info=(met.exc_type, fault, met.exc_traceback))
