"""Code lists: closed sets of values, kept as data files named by their standard.

A list is ``codelists/<name>.csv`` with the columns ``code`` and ``label`` and, where it has any, further columns such
as the code that stands for it in another list. The files of ``codelists/index`` say of each list its standard,
version, source and whether it is complete. Files are read on first use and kept.
"""

import csv
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

_FOLDER: Final = files("nrm_contracts") / "codelists"
_LONGEST_CODE: Final = 64
"""Longer input is no slip of a finger, and comparing it would cost time."""
_SHORT_LIST: Final = 16
"""As many codes are told one by one to whoever sends nothing that is near to any."""


class UnknownList(LookupError):
    """No code list has this name."""

    def __init__(self, name: str) -> None:
        nearest = _nearest(name, list_names())
        super().__init__(f"There is no code list {name!r}." + (f" The nearest is {nearest!r}." if nearest else ""))
        self.name, self.nearest = name, nearest


class UnknownCode(ValueError):
    """The code is not on the list. The text leaves the refused value out: it may be something nobody should read."""

    def __init__(self, list_name: str, code: str, nearest: str | None, codes: Sequence[str]) -> None:
        advice = f"The nearest code is {nearest!r}." if nearest else _where(list_name, codes)
        super().__init__(f"This is not a code of the list {list_name!r}. {advice}")
        self.list_name, self.code, self.nearest = list_name, code, nearest


@dataclass(frozen=True)
class CodeList:
    """One list. ``standard``, ``version`` and ``source`` say where its codes come from.

    ``extent`` is ``complete`` or ``subset`` of the standard, ``own`` for lists of this project, or ``gap`` where the
    standard's codes could not be had and the list is empty. ``note`` says what else a reader should know.
    ``reserved_for`` says what the list waits for while no field takes its codes, and is empty otherwise.
    """

    name: str
    title: str
    standard: str
    version: str
    source: str
    extent: str
    note: str
    reserved_for: str
    columns: tuple[str, ...]
    _rows: Mapping[str, Mapping[str, str]]

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes, in the order of the file."""
        return tuple(self._rows)

    def __contains__(self, code: object) -> bool:
        return code in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def label(self, code: str) -> str:
        """The code in English words. Raises :class:`UnknownCode`."""
        return self.attribute(code, "label")

    def attribute(self, code: str, column: str) -> str:
        """The code's value in a column of the file, empty if it has none. Raises :class:`UnknownCode`, KeyError."""
        self.check(code)
        return self._rows[code][column]

    def check(self, code: str) -> None:
        """Raises :class:`UnknownCode` if the code is not on this list."""
        if code not in self._rows:
            raise UnknownCode(self.name, code, self.nearest(code), self.codes)

    def nearest(self, code: str) -> str | None:
        """The code that was most likely meant, or None if nothing is near."""
        return _nearest(code, self.codes)


@cache
def list_names() -> tuple[str, ...]:
    """The names of all code lists."""
    return tuple(_index())


@cache
def code_list(name: str) -> CodeList:
    """The list of that name. Raises :class:`UnknownList`."""
    if name not in _index():
        raise UnknownList(name)
    table = csv.DictReader((_FOLDER / f"{name}.csv").read_text(encoding="utf-8").splitlines())
    rows = {row["code"]: row for row in table if row["code"]}
    described = {"note": "", "reserved_for": "", **_index()[name]}
    return CodeList(name=name, columns=tuple(table.fieldnames or ()), _rows=rows, **described)


def check(list_name: str, code: str) -> None:
    """Raises :class:`UnknownCode`, naming the nearest code, if the code is not on the list."""
    if code not in _codes(list_name):
        code_list(list_name).check(code)


@cache
def _codes(list_name: str) -> frozenset[str]:
    """What a list holds: every field of every command and event is looked up here."""
    return frozenset(code_list(list_name))


@cache
def _index() -> Mapping[str, Mapping[str, str]]:
    parts = sorted((_FOLDER / "index").iterdir(), key=lambda part: part.name)
    return {name: about for part in parts for name, about in tomllib.loads(part.read_text(encoding="utf-8")).items()}


def _where(list_name: str, codes: Sequence[str]) -> str:
    if len(codes) > _SHORT_LIST:
        return f"See the list {list_name!r} for its codes."
    return f"Its codes are {', '.join(codes)}." if codes else "It has no codes yet."


def _nearest(word: str, known: tuple[str, ...]) -> str | None:
    if len(word) > _LONGEST_CODE:
        return None
    plain, most = _plain(word), max(1, len(word) // 3)
    near = [each for each in known if abs(len(each) - len(plain)) <= most]
    edits, nearest = min(((_edits(plain, _plain(each)), each) for each in near), default=(most + 1, None))
    return nearest if edits <= most else None


def _plain(code: str) -> str:
    """Case and spaces are no reason to look further."""
    return code.strip().casefold().replace(" ", "_")


def _edits(one: str, other: str) -> int:
    """How many letters must be put in, left out, replaced or swapped with their neighbour to get the other word."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        this = [row]
        for column, wanted in enumerate(other, start=1):
            edits = min(last[column] + 1, this[-1] + 1, last[column - 1] + (letter != wanted))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == wanted:
                edits = min(edits, before[column - 2] + 1)
            this.append(edits)
        before, last = last, this
    return last[-1]
