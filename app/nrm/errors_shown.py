"""How a refusal is told on the command line: what happened, why, what to do, and the stable reason."""

from nrm_kernel.errors import Invalid, NrmError


def shown(error: NrmError) -> str:
    """The text of an error with its reason, and a line for each faulty field."""
    fields = [f"  {name}: {what}" for name, what in error.fields.items()] if isinstance(error, Invalid) else []
    return "\n".join([f"{error.text} ({error.reason})", *fields])
