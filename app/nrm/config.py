"""The configuration: one TOML file that says which agencies this process runs, and where their files and keys are.

Paths are relative to the file. An unknown key is refused with the nearest known one named; nothing is started then.
"""

import re
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from itertools import combinations
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, ValidationError, field_validator

from nrm_contracts.fields import Origin
from nrm_kernel.errors import NrmError
from nrm_kernel.hearing import SILENT_AFTER_S
from nrm_kernel.identity import service_of

DEMO = "demo"
"""The deployment in which everything is invented: agencies may be without TLS, and time may be simulated."""

CONFIG = "nrm.toml"
"""The configuration's name in a deployment's folder."""

STORE = "store.sqlite"
SHOWN = "views"
WITNESS = "checkpoint.txt"
"""Where an agency keeps its log, its views and the last checkpoint that it signed, in its own folder."""

AUDIT = "audit"
KINDS = ("identification", "assistance", "prosecution", "funding", "coordinator", AUDIT)


class ConfigInvalid(NrmError):
    """The configuration cannot be used; nothing was started."""

    def __init__(self, path: Path, text: str) -> None:
        super().__init__("CONFIG_INVALID", f"{path}: {text}. Nothing was started.")


EVERYWHERE = frozenset({"0.0.0.0", "[::]"})


def _listen(address: str) -> str:
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65_535:
        raise ValueError(f"{address!r} is not host:port")
    return address


def meet(one: str, other: str) -> bool:
    """Whether two servers cannot listen there side by side. Port 0 is whichever is free."""
    (host, _, port), (other_host, _, other_port) = one.rpartition(":"), other.rpartition(":")
    return (
        int(port) != 0
        and int(port) == int(other_port)
        and (host == other_host or not {host, other_host}.isdisjoint(EVERYWHERE))
    )


def _endpoint(url: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]+", url):
        raise ValueError(f"{url!r} is neither https://host:port nor http://host:port")
    return url


Address = Annotated[str, AfterValidator(_listen)]
"""Where a server listens: host:port."""


class Section(BaseModel):
    """A table of the file: nothing unknown in it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*")
    @classmethod
    def _names(cls, value: object) -> object:
        """No file and no server has such a name, and whoever looks for it fails unforeseen."""
        if isinstance(value, str | Path) and "\0" in str(value):
            raise ValueError("a zero character stands in it")
        return value


class TlsSection(Section):
    """The server's certificate and the authority that its clients' certificates come from; PEM files."""

    certificate: Path
    key: Path
    authority: Path
    revoked: Path | None = None


class AgencySection(Section):
    """One agency that this process runs. Without ``tls`` its server binds loopback only and believes its callers."""

    origin: Origin
    folder: Path
    listen: Address
    signing_key: Path
    vault_key: Path
    tls: TlsSection | None = None

    @property
    def kind(self) -> str:
        """The kind of service that the agency runs."""
        return service_of(self.origin)


class TelemetrySection(Section):
    """Where traces go: an OTLP endpoint (https://host:port; http:// without TLS); left out, nowhere."""

    endpoint: Annotated[str, AfterValidator(_endpoint)]


class Config(Section):
    """One process's configuration. ``development`` lets agencies be without TLS, as they may be in a demo.

    The coordinator takes an agency for cut off that it has not heard for ``silent_after_s``.
    """

    deployment: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    development: StrictBool = False
    policy: Path
    trust: Path
    log: Path
    officer_keys: Path | None = None
    telemetry: TelemetrySection | None = None
    silent_after_s: Annotated[float, Field(gt=0)] = SILENT_AFTER_S
    agency: Annotated[tuple[AgencySection, ...], Field(min_length=1)]

    in_files: ClassVar[bool] = True
    """Whether agencies keep what they have in files of their folders."""

    SECTIONS: ClassVar[Mapping[str, type[BaseModel]]] = {
        "agency": AgencySection,
        "tls": TlsSection,
        "telemetry": TelemetrySection,
    }
    """The tables inside, so that an unknown key's nearest known one is found."""

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a file. Raises ConfigInvalid naming the place and, for an unknown key, the nearest known one."""
        try:
            document = tomllib.loads(path.read_text("utf-8"))
        except OSError as fault:
            raise ConfigInvalid(path, fault.strerror or str(fault)) from fault
        except (UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
            raise ConfigInvalid(path, f"it is not TOML in UTF-8: {fault}") from fault
        try:
            config = cls.model_validate(document)
        except ValidationError as faults:
            # An agency that is wrong is told by itself, not once more as one too few.
            inside = any(fault["loc"][:1] == ("agency",) and len(fault["loc"]) > 1 for fault in faults.errors())
            wrong = [fault for fault in faults.errors() if not (inside and fault["loc"] == ("agency",))]
            raise ConfigInvalid(path, "; ".join(_told(cls, dict(fault)) for fault in wrong)) from None
        config._check_agencies(path)
        config._check_apart(path)
        config._check_tls(path)
        config._check_officer_keys(path)
        return config._beside(path.parent)

    def _check_agencies(self, path: Path) -> None:
        for agency in self.agency:
            deployment, kind, _ = agency.origin.split("/")
            if deployment != self.deployment:
                raise ConfigInvalid(path, f'agency "{agency.origin}" is not of the deployment "{self.deployment}"')
            if kind not in KINDS:
                near = get_close_matches(kind, KINDS, n=1, cutoff=0.0)[0]
                raise ConfigInvalid(path, f'agency "{agency.origin}": there is no service "{kind}"; nearest: "{near}"')

    def _check_apart(self, path: Path) -> None:
        """Two agencies on one store, folder or address would write over each other, or keep each other from serving."""
        for (nth, one), (mth, other) in combinations(enumerate(self.agency), 2):
            same = {
                f'the origin "{one.origin}"': one.origin == other.origin,
                f'the folder "{one.folder}"': (path.parent / one.folder).resolve()
                == (path.parent / other.folder).resolve(),
                f'the address "{one.listen}"': meet(one.listen, other.listen),
            }
            for what, alike in same.items():
                if alike:
                    raise ConfigInvalid(path, f"agency.{nth} and agency.{mth} both have {what}; each needs its own")

    def _check_tls(self, path: Path) -> None:
        """Where there is no TLS callers say who they are: only where everything is invented, or on an explicit word."""
        bare = [agency.origin for agency in self.agency if agency.tls is None]
        if bare and not (self.development or self.deployment == DEMO):
            raise ConfigInvalid(
                path,
                f'agency "{bare[0]}" has no tls, so whoever calls it could say that they are anybody. Give it '
                "[agency.tls]; or, to try things out on this machine alone, write development = true at the top",
            )

    def _check_officer_keys(self, path: Path) -> None:
        """TLS alone names no officer: an agency that has it must never fall back to callers who say who they are."""
        with_tls = [agency.origin for agency in self.agency if agency.tls]
        if with_tls and self.officer_keys is None:
            raise ConfigInvalid(path, f'agency "{with_tls[0]}" has tls, so officer_keys must name the key file')

    def _beside(self, folder: Path) -> Self:
        """The same with every path made absolute, as seen from the file's folder."""
        return self.model_validate(_resolved(self.model_dump(mode="python", exclude_none=True), folder))


def _resolved(value: Any, folder: Path) -> Any:  # noqa: ANN401 - walks whatever the models dump
    match value:
        case Path():
            return folder / value
        case dict():
            return {name: _resolved(item, folder) for name, item in value.items()}
        case list() | tuple():
            return tuple(_resolved(item, folder) for item in value)
        case _:
            return value


def _told(model: type[Config], fault: dict[str, Any]) -> str:
    place = ".".join(map(str, fault["loc"]))
    if fault["type"] != "extra_forbidden":
        return f"{place}: {fault['msg'].removeprefix('Value error, ')}"
    known = _fields_at(model, fault["loc"][:-1])
    near = get_close_matches(str(fault["loc"][-1]), known, n=1, cutoff=0.0)
    return f"unknown key {place}; did you mean {near[0]}?" if near else f"unknown key {place}"


def _fields_at(config: type[Config], place: tuple[str | int, ...]) -> list[str]:
    """The keys that may stand at this place of the document."""
    model: type[BaseModel] = config
    for step in place:
        model = config.SECTIONS.get(str(step), model)
    return list(model.model_fields)
