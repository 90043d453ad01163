"""The trust file as it is now: read again when it changes, so that an agency joins without anybody's restart."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from nrm_kernel.errors import NrmError
from nrm_kernel.ledger.note import VerifierKey
from nrm_kernel.ledger.trust import Trust, Trusted, TrustInvalid


class TrustTaken(NrmError):
    """A new trust file takes an origin or a key away, or is another deployment's; the old one still holds."""


class TrustFile:
    """A deployment's trust, see :class:`nrm_kernel.ledger.trust.Trusted`."""

    def __init__(self, path: Path) -> None:
        """Read it. Raises TrustInvalid, and OSError when it cannot be read."""
        self._path = path
        self._seen = _looks(path)
        self.current = Trust.load(path)

    def origins(self) -> tuple[str, ...]:
        """See :class:`Trust`."""
        return self.current.origins()

    def verifier(self, origin: str, size: int) -> VerifierKey:
        """See :class:`Trust`."""
        return self.current.verifier(origin, size)

    def admitted_at(self, origin: str) -> Mapping[str, int]:
        """See :class:`Trust`."""
        return self.current.admitted_at(origin)

    def organisation(self, origin: str) -> str:
        """See :class:`Trust`."""
        return self.current.organisation(origin)

    def reread(self) -> tuple[str, ...]:
        """The origins that joined since, once the file has changed.

        Raises TrustInvalid and TrustTaken for a file that cannot take the old one's place, once for each change.
        """
        seen = _looks(self._path)
        if seen == self._seen:
            return ()
        self._seen = seen
        newer = Trust.load(self._path)
        known = self.current.origins()
        _check_nothing_taken(self._path, self.current, newer)
        self.current = newer
        return tuple(origin for origin in newer.origins() if origin not in known)


def _check_nothing_taken(path: Path, current: Trust, newer: Trust) -> None:
    gone = [origin for origin in current.origins() if origin not in newer.origins()]
    keys = sorted(key.name for key in current.verifiers() - newer.verifiers())
    if gone or keys or newer.deployment != current.deployment:
        lacks = f"names {gone[0]} no longer" if gone else f"has not every key of {keys[0]} any more" if keys else ""
        text = f"{path} {lacks or f'is of {newer.deployment}'}; what was read of it needs its keys. "
        raise TrustTaken("TRUST_TAKEN", f"{text}End them with to_size instead.")


def _looks(path: Path) -> tuple[int, int, int]:
    """What tells that a file is another one, or was written to: two writes may fall within one tick of its clock."""
    found = path.stat()
    return found.st_mtime_ns, found.st_size, found.st_ino


class Organisations(Mapping[str, str]):
    """Every trusted agency and the kind of organisation that it is, always as the trust file is now."""

    def __init__(self, trust: Trusted) -> None:
        self._trust = trust

    def __getitem__(self, origin: str) -> str:
        if origin not in self._trust.origins():
            raise KeyError(origin)
        return self._trust.organisation(origin)

    def __iter__(self) -> Iterator[str]:
        return iter(self._trust.origins())

    def __len__(self) -> int:
        return len(self._trust.origins())


__all__ = ["Organisations", "TrustFile", "TrustInvalid", "TrustTaken"]
