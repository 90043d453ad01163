"""The form of a policy file: dated values, each with its source.

A value is a table ``{value, unit?, anchor?, source, verified}``, or a list of such tables, each with the day ``from``
which it holds. Other tables and lists group values. ``value = "not set"`` says that the country sets none, or that it
could not be found. ``versions`` names the days on which values change, and what changed them.
"""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Final, TypeGuard

from pydantic import BaseModel, ConfigDict, Field, StrictBool, ValidationError

from nrm_kernel.errors import NrmError

NOT_SET: Final = "not set"

Node = object
"""A value, a group of values, or a plain word: what TOML holds."""


class PolicyRefused(NrmError):
    """The policy file cannot be used; ``faults`` says of each key what is wrong, on what ground, and what to do."""

    def __init__(self, path: Path, faults: Iterable[str]) -> None:
        self.faults = tuple(dict.fromkeys(faults))
        super().__init__("POLICY_REFUSED", "\n  ".join((f"{path.name} cannot be used:", *self.faults)))


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Version(_Form):
    """A day on which values change, and what changed them."""

    since: Annotated[date, Field(alias="from")]
    instrument: str


class Head(_Form):
    """What stands in the file before the values. ``calendar`` is an ISO 3166 code: ``KZ``, ``GB-ENG``."""

    country: str
    calendar: str
    versions: Annotated[list[Version], Field(min_length=1)]


class _Value(_Form):
    value: object
    source: str
    verified: StrictBool
    unit: str | None = None
    anchor: str | None = None
    since: Annotated[date, Field(alias="from")] = date.min

    def plain(self) -> object:
        """What the policy's field takes: nothing, a period, or the value itself."""
        if self.value == NOT_SET:
            return None
        return {"n": self.value, "unit": self.unit} if self.unit else self.value


def open_file(path: Path) -> tuple[Head, dict[str, Node]]:
    """The head of the file and the rest of it. Raises :class:`PolicyRefused`, FileNotFoundError."""
    try:
        file: dict[str, Node] = tomllib.loads(path.read_text(encoding="utf-8"))
        head = Head.model_validate({key: file.pop(key) for key in Head.model_fields if key in file})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise PolicyRefused(path, [f"It is not TOML in UTF-8: {wrong}."]) from None
    except ValidationError as wrong:
        raise PolicyRefused(path, explained(wrong)) from None
    return head, file


@dataclass(frozen=True)
class Reading:
    """Picks the values in force on one day, noting where each comes from and what is wrong."""

    day: date
    days: frozenset[date]
    sources: dict[str, object] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def read(self, node: Node, path: str = "") -> object:
        """The node with each value table replaced by its value."""
        if isinstance(node, dict) and "value" not in node:
            return {key: self.read(each, f"{path}.{key}".lstrip(".")) for key, each in node.items()}
        if _is_group(node):
            return [self.read(each, f"{path}.{number}") for number, each in enumerate(node, start=1)]
        return self._in_force(node if isinstance(node, list) else [node], path)

    def _in_force(self, dated: Sequence[Node], path: str) -> object:
        try:
            values = [_Value.model_validate(each) for each in dated]
        except ValidationError as wrong:
            self.faults.extend(explained(wrong, path, tuple(_Value.model_fields)))
            return None
        strays = {each.since for each in values} - self.days - {date.min}
        self.faults.extend(f"{path}: {day} is not a day of versions. Add a version for that day." for day in strays)
        held = [each for each in sorted(values, key=lambda each: each.since) if each.since <= self.day]
        if not held:
            self.faults.append(f'{path}: no value holds on {self.day}. Give one, or write value = "{NOT_SET}".')
            return None
        value = held[-1]
        self.sources[path] = {"text": value.source, "verified": value.verified, "anchor": value.anchor}
        return value.plain()


def _is_group(node: Node) -> TypeGuard[list[Node]]:
    return isinstance(node, list) and any(isinstance(each, dict) and "value" not in each for each in node)


def explained(wrong: ValidationError, path: str = "", known: Sequence[str] = ()) -> list[str]:
    """One line for each fault: the key, what is wrong with it, and the key that was probably meant."""
    faults = [(_place(path, each["loc"]), each) for each in wrong.errors()]
    absent = [place for place, each in faults if each["type"] in ("missing", "missing_argument")]
    lines = []
    for place, each in faults:
        if each["type"] in ("extra_forbidden", "unexpected_keyword_argument"):
            near = get_close_matches(
                place.rpartition(".")[2], (*(one.rpartition(".")[2] for one in absent), *known), n=1
            )
            lines.append(f"{place}: there is no such key." + (f" The nearest is {near[0]!r}." if near else ""))
        elif place in absent:
            lines.append(f'{place}: is missing. Give its value, or write value = "{NOT_SET}" with a source.')
        else:
            lines.append(f"{place}: {each['msg']}.")
    return lines


def _place(path: str, parts: tuple[int | str, ...]) -> str:
    """The key as a person would count to it: the first of a list is number 1."""
    within = (str(part + 1 if isinstance(part, int) else part) for part in parts)
    return ".".join((*filter(None, [path]), *within))
