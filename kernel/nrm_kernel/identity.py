"""Who calls: an agency, proven by its certificate, and one of its officers, proven by a token."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Caller:
    """A verified caller. ``agency`` is an origin; ``officer`` is a pseudonym, never a name."""

    agency: str
    officer: str
    roles: frozenset[str]
    purpose: str

    @property
    def kind(self) -> str:
        """The kind of service that the caller's agency runs."""
        return service_of(self.agency)


def service_of(origin: str) -> str:
    """The kind of service behind an origin ``<deployment>/<service>/<agency>``."""
    return origin.split("/")[1]
