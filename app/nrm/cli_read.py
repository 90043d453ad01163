"""`nrm pathway`, `nrm list`, `nrm funnel`, `nrm overdue`: the coordinator's questions, asked in the terminal.

They are answered from the coordinator's own files, or from its database, whether or not its server runs, and recorded
as looks as always.
What they need is imported when they are called: other commands, and `--help`, do not wait for it.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer

from nrm.errors_shown import NoDeployment

if TYPE_CHECKING:
    from google.protobuf.message import Message

    from nrm.config import Config

Directory = Annotated[Path, typer.Option("--dir", help="The deployment's folder, with nrm.toml in it.")]
AsOf = Annotated[str, typer.Option("--as-of", help="As it was known then: a day, or a moment (RFC 3339).")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]
Lines = Annotated[int, typer.Option("--lines", help="At most so many lines.", min=1, max=200)]
HERE = Path("nrm-demo")
Asked = Mapping[str, str | int | bool]
"""A request's fields."""


def pathway(
    person: Annotated[str, typer.Argument(help="Any agency's reference of the person, or a handover id.")],
    directory: Directory = HERE,
    as_of: AsOf = "",
    as_json: AsJson = False,
) -> None:
    """One person's pathway over all agencies."""
    _ask(directory, "GetPathway", {"person_ref": person, "as_of": as_of}, as_json=as_json)


def persons(
    directory: Directory = HERE,
    region: Annotated[str, typer.Option(help="Of this region (ISO 3166-2).")] = "",
    sex: Annotated[str, typer.Option(help="Of this sex.")] = "",
    age_band: Annotated[str, typer.Option(help="Of this age band.")] = "",
    identification: Annotated[str, typer.Option(help="With this standing, such as referred or confirmed.")] = "",
    assistance: Annotated[str, typer.Option(help="With this standing, such as offered or accepted.")] = "",
    overdue: Annotated[bool, typer.Option("--overdue", help="Only with a deadline that has passed.")] = False,
    as_of: AsOf = "",
    lines: Lines = 30,
    as_json: AsJson = False,
) -> None:
    """Persons by filter, in order of their reference."""
    asked: Asked = {
        "region": region,
        "sex": sex,
        "age_band": age_band,
        "identification": identification,
        "assistance": assistance,
        "overdue": overdue,
        "as_of": as_of,
        "page_size": lines,
    }
    _ask(directory, "ListPathways", asked, as_json=as_json)


def funnel(
    directory: Directory = HERE,
    from_on: Annotated[str, typer.Option("--from", help="First day of the period.")] = "",
    to_on: Annotated[str, typer.Option("--to", help="Last day of the period.")] = "",
    as_of: AsOf = "",
    as_json: AsJson = False,
) -> None:
    """Funnels of persons, of criminal cases and of defendants, kept apart."""
    _ask(directory, "GetFunnels", {"from_on": from_on, "to_on": to_on, "as_of": as_of}, as_json=as_json)


def overdue(
    directory: Directory = HERE,
    owner: Annotated[str, typer.Option(help="Only deadlines that this agency has to meet.")] = "",
    kind: Annotated[str, typer.Option(help="Only deadlines of this kind.")] = "",
    as_of: AsOf = "",
    lines: Lines = 30,
    as_json: AsJson = False,
) -> None:
    """Deadlines that have passed, the longest ago first."""
    asked: Asked = {"owner": owner, "kind": kind, "as_of": as_of, "page_size": lines}
    _ask(directory, "ListOverdue", asked, as_json=as_json)


def _ask(directory: Path, method: str, asked: Asked, *, as_json: bool) -> None:
    import asyncio

    from nrm.config_distributed import load
    from nrm_contracts.coordinator.v1 import coordinator_pb2

    config = load(config_in(directory))
    request: Message = getattr(coordinator_pb2, f"{method}Request")(**asked)
    told = _as_json if as_json else _on_screen(request, "" if directory == HERE else f" --dir {quote(str(directory))}")
    asyncio.run(_answer(config, method, request, told))


def config_in(folder: Path) -> Path:
    """The configuration in a deployment's folder. Raises NoDeployment."""
    from nrm.config import CONFIG

    if not (folder / CONFIG).exists():
        raise NoDeployment(folder, folder / CONFIG)
    return folder / CONFIG


def _as_json(response: "Message") -> None:
    import json

    from nrm.plain import plain

    typer.echo(json.dumps(plain(response), indent=2))


def _on_screen(request: "Message", where: str) -> Callable[["Message"], None]:
    from nrm.screen import show

    return lambda response: show(response, request, where)


async def _answer(config: "Config", method: str, request: "Message", told: Callable[["Message"], None]) -> None:
    """Tells the answer as soon as it is there; the look is on record by then, and is signed afterwards."""
    from nrm.coordinating import asking

    async with asking(config) as (methods, caller):
        told(await methods[method](request, caller))
