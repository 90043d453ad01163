"""How a refusal is told on the command line: what happened, why, what to do, the stable reason, and the exit code."""

from nrm_kernel.errors import DataLoss, Invalid, NotFound, NrmError, Unavailable

YES, NO, CANNOT_TELL, USAGE = range(4)
"""Exit codes: the answer is yes; it is no; it cannot be told now; the question was wrong."""


def shown(error: NrmError) -> str:
    """The text of an error with its reason, and a line for each faulty field."""
    fields = [f"  {name}: {what}" for name, what in error.fields.items()] if isinstance(error, Invalid) else []
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
