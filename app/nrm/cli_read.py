"""`nrm pathway`, `nrm funnel`, `nrm overdue`: the coordinator's questions, asked in the terminal.

They are answered from the coordinator's own files, whether or not its server runs, and recorded as looks as always.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message

from nrm.config import Config
from nrm.coordinating import asking
from nrm.founding import CONFIG
from nrm_contracts.coordinator.v1 import coordinator_pb2 as pb
from nrm_kernel.identity import Caller

Directory = Annotated[Path, typer.Option("--dir", help="The deployment's folder, with nrm.toml in it.")]
AsOf = Annotated[str, typer.Option("--as-of", help="As it was known then: a day, or a moment (RFC 3339).")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]
Page = Annotated[int, typer.Option("--lines", help="At most so many lines.", min=1, max=200)]
HERE = Path("nrm-demo")


def pathway(
    person: Annotated[str, typer.Argument(help="Any agency's reference of the person, or a handover id.")],
    directory: Directory = HERE,
    as_of: AsOf = "",
    as_json: AsJson = False,
) -> None:
    """One person's pathway over all agencies."""
    _ask(directory, "GetPathway", pb.GetPathwayRequest(person_ref=person, as_of=as_of), as_json=as_json)


def funnel(
    directory: Directory = HERE,
    from_on: Annotated[str, typer.Option("--from", help="First day of the period.")] = "",
    to_on: Annotated[str, typer.Option("--to", help="Last day of the period.")] = "",
    as_of: AsOf = "",
    as_json: AsJson = False,
) -> None:
    """Funnels of persons, of criminal cases and of defendants, kept apart."""
    request = pb.GetFunnelsRequest(as_of=as_of, from_on=from_on, to_on=to_on)
    _ask(directory, "GetFunnels", request, as_json=as_json)


def overdue(
    directory: Directory = HERE,
    owner: Annotated[str, typer.Option(help="Only deadlines that this agency has to meet.")] = "",
    kind: Annotated[str, typer.Option(help="Only deadlines of this kind.")] = "",
    as_of: AsOf = "",
    lines: Page = 30,
    as_json: AsJson = False,
) -> None:
    """Deadlines that have passed, the latest first."""
    request = pb.ListOverdueRequest(as_of=as_of, owner=owner, kind=kind, page_size=lines)
    _ask(directory, "ListOverdue", request, as_json=as_json)


def _ask(directory: Path, method: str, request: Message, *, as_json: bool) -> None:
    config = Config.load(directory / CONFIG)
    response = asyncio.run(_answer(config, method, request))
    if as_json:
        typer.echo(json.dumps(MessageToDict(response, preserving_proto_field_name=True), indent=2))
        return
    import_module("nrm.screen").show(response)


async def _answer(config: Config, method: str, request: Message) -> Message:
    async with asking(config) as (methods, caller):
        answer: Callable[[Any, Caller], Awaitable[Message]] = methods[method]
        return await answer(request, caller)
