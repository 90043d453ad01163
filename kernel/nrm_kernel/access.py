"""Who may call which method: a table of rows, closed by default, read by a pure function.

``nrm_contracts/<service>/access.toml`` holds the rows. A method without a row cannot be served at all.

    [[allow]]
    rule = "ID-01"                       # cited by every entry that was recorded under it
    rpc = ["DetectPerson"]
    kind = ["identification"]            # of the caller's agency; may be left out where own_agency is true
    own_agency = true                    # the caller must be of the very agency that is called
    roles = ["first_responder"]          # codes of access_role; one of them is enough
    purposes = ["identify"]              # codes of access_purpose
    classes = ["identity"]               # codes of data_class, only for methods that open personal data
"""

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.resources import files

from google.protobuf.descriptor import ServiceDescriptor

from nrm_contracts import codes
from nrm_kernel.errors import Forbidden, NrmError
from nrm_kernel.identity import Caller

KEYS = ("rule", "rpc", "kind", "own_agency", "roles", "purposes", "classes")
_KIND = re.compile(r"[a-z0-9-]+")


class AccessInvalid(NrmError):
    """The table cannot be used; the text names the row and what to put there."""

    def __init__(self, text: str) -> None:
        super().__init__("ACCESS_INVALID", text)


@dataclass(frozen=True, slots=True)
class Row:
    """One rule: agencies of these kinds, in one of these roles, for one of these purposes. No kinds: any."""

    rule: str
    methods: tuple[str, ...]
    kinds: frozenset[str]
    own_agency: bool
    roles: frozenset[str]
    purposes: frozenset[str]
    classes: frozenset[str]

    def fits_agency(self, caller: Caller, serving: str) -> bool:
        """Whether the caller's agency is one that the row is for."""
        own = not self.own_agency or caller.agency == serving
        return own and (not self.kinds or caller.kind in self.kinds)


@dataclass(frozen=True)
class AccessTable:
    """The rows of one service by method; ``hash`` is the SHA-256 of the file, in hex, cited with the rule."""

    hash: str
    rows: Mapping[str, Sequence[Row]]

    def decide(self, caller: Caller, method: str, serving: str, data_class: str = "") -> str:
        """The id of the first rule that lets this caller call this method here. Raises Forbidden, saying what lacks.

        With a ``data_class``, of the first rule that also opens that class of personal data.
        """
        fitting = [row for row in self.rows.get(method, ()) if row.fits_agency(caller, serving)]
        if not fitting:
            raise _forbidden("AGENCY_NOT_ALLOWED", "Your agency does not go", method)
        fitting = [row for row in fitting if not row.roles.isdisjoint(caller.roles)]
        if not fitting:
            raise _forbidden("ROLE_NOT_ALLOWED", "None of your roles goes", method)
        fitting = [row for row in fitting if caller.purpose in row.purposes]
        if not fitting:
            raise _forbidden("PURPOSE_NOT_ALLOWED", "The purpose of your token does not go", method)
        for row in fitting:
            if not data_class or data_class in row.classes:
                return row.rule
        raise _forbidden("DATA_CLASS_NOT_ALLOWED", "This class of data does not go", method)


def _forbidden(reason: str, what: str, method: str) -> Forbidden:
    return Forbidden(
        reason,
        f"{what} with {method}. Nothing was done. See the service's access table for who may call it.",
        method=method,
    )


def load(service: str) -> AccessTable:
    """The table of a service of the contracts. Raises AccessInvalid, also when it has none."""
    path = files(f"nrm_contracts.{service}") / "access.toml"
    try:
        return parse(path.read_bytes())
    except FileNotFoundError:
        raise AccessInvalid(f"nrm_contracts/{service} has no access.toml; without one nobody may call it") from None
    except AccessInvalid as fault:
        raise AccessInvalid(f"nrm_contracts/{service}/access.toml: {fault}") from None


def parse(content: bytes) -> AccessTable:
    """The table in these bytes. Raises AccessInvalid."""
    try:
        document = tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise AccessInvalid(f"not TOML in UTF-8: {fault}") from None
    _known(document, ("allow",), "the file")
    tables = document.get("allow", [])
    rows = [_row(table, nth) for nth, table in enumerate(tables, start=1)]
    rules = [row.rule for row in rows]
    for rule in rules:
        if rules.count(rule) > 1:
            raise AccessInvalid(f"rule {rule!r} stands twice; entries cite it, so it must name one row")
    by_method: dict[str, list[Row]] = {}
    for row in rows:
        for method in row.methods:
            by_method.setdefault(method, []).append(row)
    return AccessTable(hashlib.sha256(content).hexdigest(), by_method)


def check(table: AccessTable, services: Iterable[ServiceDescriptor]) -> None:
    """Raises AccessInvalid if a method of the services has no row, or a row names a method that they do not have."""
    methods = [method.name for service in services for method in service.methods]
    for method in methods:
        if method not in table.rows:
            raise AccessInvalid(f"{method} has no row: say who may call it, or nobody can")
    for method in table.rows:
        if method not in methods:
            raise AccessInvalid(f"{method} is not a method of this service{_nearest(method, methods)}")


def _row(table: Mapping[str, object], nth: int) -> Row:
    place = f"[[allow]] number {nth}"
    _known(table, KEYS, place)
    rule = table.get("rule")
    if not isinstance(rule, str) or not rule:
        raise AccessInvalid(f'{place}: "rule" is missing: entries cite it')
    place = f"rule {rule!r}"
    own_agency = table.get("own_agency", False)
    if not isinstance(own_agency, bool):
        raise AccessInvalid(f"{place}: own_agency is true or false")
    kinds = _texts(table, "kind", place) if "kind" in table or not own_agency else ()
    for kind in kinds:
        if not _KIND.fullmatch(kind):
            raise AccessInvalid(f"{place}: {kind!r} is no kind of service")
    roles = _codes(table, "roles", "access_role", place)
    purposes = _codes(table, "purposes", "access_purpose", place)
    classes = _codes(table, "classes", "data_class", place) if "classes" in table else frozenset[str]()
    return Row(rule, _texts(table, "rpc", place), frozenset(kinds), own_agency, roles, purposes, classes)


def _codes(table: Mapping[str, object], key: str, list_name: str, place: str) -> frozenset[str]:
    found = _texts(table, key, place)
    for code in found:
        try:
            codes.check(list_name, code)
        except codes.UnknownCode as unknown:
            raise AccessInvalid(f"{place}: {code!r}: {unknown}") from None
    return frozenset(found)


def _texts(table: Mapping[str, object], key: str, place: str) -> tuple[str, ...]:
    found = table.get(key)
    if not isinstance(found, list) or not found or not all(isinstance(each, str) for each in found):
        raise AccessInvalid(f'{place}: "{key}" is missing or not a list of texts')
    return tuple(found)


def _known(table: Mapping[str, object], keys: Sequence[str], place: str) -> None:
    for key in table:
        if key not in keys:
            raise AccessInvalid(f"{place}: unknown key {key!r}{_nearest(key, keys)}")


def _nearest(word: str, known: Sequence[str]) -> str:
    near = get_close_matches(word, known, n=1, cutoff=0.4)
    return f"; did you mean {near[0]!r}?" if near else f"; known: {', '.join(known)}"
