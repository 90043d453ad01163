"""How a refusal is told on the command line: what happened, why, what to do, the stable reason, and the exit code."""

from pathlib import Path

from nrm_kernel.errors import DataLoss, Invalid, NotFound, NrmError, Unavailable

YES, NO, CANNOT_TELL, USAGE = range(4)
"""Exit codes: the answer is yes; it is no; it cannot be told now; the question was wrong."""


class NoDeployment(Invalid):
    """The folder that was named holds no deployment to ask. Nothing was made there."""

    def __init__(self, folder: Path, missing: Path) -> None:
        super().__init__(
            "NO_DEPLOYMENT",
            f"{folder} holds no deployment: there is no {missing}. Name its folder, or make one with `nrm demo`.",
        )


class FileUnusable(Unavailable):
    """The operating system refuses a file: a full disk, a missing right, a device that went away."""

    def __init__(self, fault: OSError) -> None:
        where = fault.filename or "A file"
        super().__init__(
            "FILE_UNUSABLE",
            f"{where} cannot be used: {fault.strerror or type(fault).__name__}. What was acknowledged before is kept. "
            "Mend that, and give the command again.",
        )


def shown(error: NrmError) -> str:
    """The text of an error with its reason, and a line for each faulty field of which the text does not tell."""
    faulty = error.fields.items() if isinstance(error, Invalid) else ()
    fields = [f"  {name}: {what}" for name, what in faulty if not (what in error.text and name in error.text)]
    return "\n".join([f"{error.text} ({error.reason})", *fields])


def exit_code(error: NrmError) -> int:
    """NO where there is nothing or the history contradicts itself, CANNOT_TELL if later may help, else USAGE."""
    match error:
        case NotFound() | DataLoss():
            return NO
        case Unavailable():
            return CANNOT_TELL
        case _:
            return USAGE
