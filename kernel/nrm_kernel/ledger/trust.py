"""Whose signature is believed for which part of which log: the trust file. Keys come from here alone, never from a log.

deployment = "demo"

[[origin]]
name = "demo/assistance/ngo-dawn"
organisation = "ngo"                            # what kind of organisation it is, a code of the list org_kind

[[origin.key]]
verifier = "demo/assistance/ngo-dawn+1c2d3e4f+AX..."
from_size = 0                                   # first checkpoint size this key may sign
to_size = 5000                                  # first size it may no longer sign; left out: still in use

[origin.admitted]                               # sizes of the other logs when this agency was admitted;
"demo/identification/police-north" = 812        # its reactions start there
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Protocol, Self

from nrm_contracts.codes import UnknownCode, code_list
from nrm_kernel.errors import NrmError
from nrm_kernel.ledger.note import NoteInvalid, VerifierKey


class TrustInvalid(NrmError):
    """The trust file cannot be used; the text names the place in it and what to put there."""

    def __init__(self, text: str) -> None:
        super().__init__("TRUST_INVALID", text)


class NotTrusted(NrmError):
    """No key of the trust file may sign for this origin at this size."""

    def __init__(self, text: str) -> None:
        super().__init__("NOT_TRUSTED", text)


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """A key and the checkpoint sizes it may sign: from `from_size` up to, not including, `to_size`."""

    verifier: VerifierKey
    from_size: int = 0
    to_size: int | None = None

    def covers(self, size: int) -> bool:
        """Whether this key may sign a checkpoint of `size` entries."""
        return self.from_size <= size and (self.to_size is None or size < self.to_size)


@dataclass(frozen=True, slots=True)
class TrustedOrigin:
    """One log: its keys over time, oldest first, and the sizes of the other logs when its agency was admitted.

    ``organisation`` is its agency's, a code of ``org_kind``; a country's policy says by it who refers and decides.
    """

    name: str
    keys: tuple[TrustedKey, ...]
    admitted: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    organisation: str = "other"


class Trusted(Protocol):
    """Whom a reader believes: a trust file as it was read, or as it is now."""

    def origins(self) -> tuple[str, ...]: ...

    def verifier(self, origin: str, size: int) -> VerifierKey: ...

    def admitted_at(self, origin: str) -> Mapping[str, int]: ...

    def organisation(self, origin: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Trust:
    """A deployment's logs and the keys that may sign for them."""

    deployment: str
    logs: tuple[TrustedOrigin, ...]

    def __post_init__(self) -> None:
        names = self.origins()
        for origin in self.logs:
            _check_origin(origin, self.deployment, names)
        for name in names:
            if names.count(name) > 1:
                raise TrustInvalid(f'origin "{name}" is named twice; put all its keys under one [[origin]]')

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a trust file. Raises TrustInvalid naming file and place, OSError when it cannot be read."""
        try:
            return cls.parse(path.read_text("utf-8"))
        except (TrustInvalid, UnicodeDecodeError) as fault:
            raise TrustInvalid(f"{path}: {fault}") from fault

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a trust file's text. Raises TrustInvalid."""
        try:
            document = tomllib.loads(text)
        except tomllib.TOMLDecodeError as fault:
            raise TrustInvalid(f"not TOML: {fault}") from fault
        _known(document, ("deployment", "origin"), "the file")
        logs = tuple(_origin(table) for table in _tables(document, "origin", "the file"))
        return cls(_text(document, "deployment", "the file"), logs)

    def render(self) -> str:
        """The file's text; `parse` reads it back to an equal value."""
        return f'deployment = "{self.deployment}"\n' + "".join(_render_origin(origin) for origin in self.logs)

    def origins(self) -> tuple[str, ...]:
        """All trusted logs, in the file's order."""
        return tuple(origin.name for origin in self.logs)

    def verifiers(self) -> frozenset[VerifierKey]:
        """Every key of every log, also those that have ended."""
        return frozenset(key.verifier for origin in self.logs for key in origin.keys)

    def verifier(self, origin: str, size: int) -> VerifierKey:
        """The key that must have signed the checkpoint (or heartbeat) of `origin` at `size`. Raises NotTrusted."""
        for key in self._log(origin).keys:
            if key.covers(size):
                return key.verifier
        raise NotTrusted(f'the trust file has no key of "{origin}" for size {size}')

    def admitted_at(self, origin: str) -> Mapping[str, int]:
        """Size of each other log when this agency was admitted; a log not named counts from 0. Raises NotTrusted."""
        return self._log(origin).admitted

    def organisation(self, origin: str) -> str:
        """The kind of organisation that this agency is, a code of ``org_kind``. Raises NotTrusted."""
        return self._log(origin).organisation

    def _log(self, name: str) -> TrustedOrigin:
        for origin in self.logs:
            if origin.name == name:
                return origin
        raise NotTrusted(f'the trust file does not name the origin "{name}"{_nearest(name, self.origins())}')


def _check_origin(origin: TrustedOrigin, deployment: str, names: tuple[str, ...]) -> None:
    if not origin.name.startswith(f"{deployment}/"):
        raise TrustInvalid(f'origin "{origin.name}" is not of the deployment "{deployment}"')
    _check_organisation(origin)
    if not origin.keys:
        raise TrustInvalid(f'origin "{origin.name}" has no [[origin.key]]')
    unused: int | None = 0
    for key in origin.keys:
        if key.verifier.name != origin.name:
            raise TrustInvalid(
                f'origin "{origin.name}": its key is named "{key.verifier.name}"; a key carries its origin\'s name'
            )
        if unused is None or key.from_size < unused:
            raise TrustInvalid(
                f'origin "{origin.name}": two keys may sign size {key.from_size}; end the older one with to_size'
            )
        if key.to_size is not None and key.to_size <= key.from_size:
            raise TrustInvalid(
                f'origin "{origin.name}": a key ends at size {key.to_size} before it begins at {key.from_size}'
            )
        unused = key.to_size
    for other in origin.admitted:
        if other not in names:
            raise TrustInvalid(
                f'origin "{origin.name}": admitted beside "{other}", not in the file{_nearest(other, names)}'
            )


def _check_organisation(origin: TrustedOrigin) -> None:
    known = code_list("org_kind")
    try:
        known.check(origin.organisation)
    except UnknownCode:
        text = f'origin "{origin.name}": there is no organisation "{origin.organisation}"'
        raise TrustInvalid(f"{text}{_nearest(origin.organisation, known.codes)}") from None


def _origin(table: Mapping[str, object]) -> TrustedOrigin:
    name = _text(table, "name", "an [[origin]]")
    place = f'origin "{name}"'
    _known(table, ("name", "organisation", "key", "admitted"), place)
    admitted = table.get("admitted", {})
    if not isinstance(admitted, dict):
        raise TrustInvalid(f"{place}: admitted is a table of origin = size")
    sizes = {str(other): _size(admitted, other, f"{place}, admitted") for other in admitted}
    keys = tuple(_key(key, place) for key in _tables(table, "key", place))
    return TrustedOrigin(name, keys, MappingProxyType(sizes), _text(table, "organisation", place))


def _key(table: Mapping[str, object], place: str) -> TrustedKey:
    _known(table, ("verifier", "from_size", "to_size"), f"{place}, a key")
    try:
        verifier = VerifierKey.parse(_text(table, "verifier", f"{place}, a key"))
    except NoteInvalid as fault:
        raise TrustInvalid(f"{place}: {fault}") from fault
    to_size = _size(table, "to_size", place) if "to_size" in table else None
    return TrustedKey(verifier, _size(table, "from_size", place), to_size)


def _known(table: Mapping[str, object], keys: tuple[str, ...], place: str) -> None:
    for key in table:
        if key not in keys:
            raise TrustInvalid(f'{place}: unknown key "{key}"{_nearest(key, keys)}')


def _tables(table: Mapping[str, object], key: str, place: str) -> list[Mapping[str, object]]:
    found = table.get(key)
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise TrustInvalid(f"{place}: at least one [[{key}]] table is needed")
    return found


def _text(table: Mapping[str, object], key: str, place: str) -> str:
    found = table.get(key)
    if not isinstance(found, str) or not found:
        raise TrustInvalid(f'{place}: "{key}" is missing or not a text')
    return found


def _size(table: Mapping[str, object], key: str, place: str) -> int:
    found = table.get(key, 0)
    if not isinstance(found, int) or isinstance(found, bool) or found < 0:
        raise TrustInvalid(f'{place}: "{key}" is not a size: a whole number from 0')
    return found


def _nearest(word: str, known: tuple[str, ...]) -> str:
    near = get_close_matches(word, known, n=1, cutoff=0.4)
    return f'; did you mean "{near[0]}"?' if near else f"; known: {', '.join(known)}"


def _render_origin(origin: TrustedOrigin) -> str:
    lines = ["", "[[origin]]", f'name = "{origin.name}"', f'organisation = "{origin.organisation}"']
    for key in origin.keys:
        lines += ["", "[[origin.key]]", f'verifier = "{key.verifier.text()}"', f"from_size = {key.from_size}"]
        lines += [] if key.to_size is None else [f"to_size = {key.to_size}"]
    if origin.admitted:
        lines += ["", "[origin.admitted]", *(f'"{other}" = {size}' for other, size in origin.admitted.items())]
    return "\n".join(lines) + "\n"
