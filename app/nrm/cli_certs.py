"""`nrm admin certs …`: certificates for trying out the distributed mode. Real ones come from one's own authority."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nrm.errors_shown import NO, YES

if TYPE_CHECKING:
    from nrm.certs import Shown

app = typer.Typer(help="Make certificates for trying things out; see how long any still hold.", no_args_is_help=True)
Folder = Annotated[Path, typer.Option("--dir", help="Folder of the certificates.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON array on standard output.")]
DEFAULT = Path("certs")


@app.command("make")
def make(
    trust: Annotated[Path, typer.Option(help="The trust file: the agencies of the deployment.")],
    folder: Folder = DEFAULT,
    agency: Annotated[list[str] | None, typer.Option(help="Only for this agency, by its origin.")] = None,
    kafka_host: Annotated[list[str] | None, typer.Option(help="Where Kafka is reached, beside localhost.")] = None,
    postgres_host: Annotated[list[str] | None, typer.Option(help="Where PostgreSQL is reached.")] = None,
    days: Annotated[int, typer.Option(help="For how long they hold.", min=1)] = 365,
    as_json: AsJson = False,
) -> None:
    """Certificates for each agency of the trust file, Kafka, PostgreSQL and the administrator; never over others."""
    from nrm import certs
    from nrm_kernel.clock import SystemClock
    from nrm_kernel.ledger.trust import Trust

    known = Trust.load(trust)
    if unknown := sorted(set(agency or ()) - set(known.origins())):
        raise typer.BadParameter(f"{unknown[0]} is not in {trust}", param_hint="--agency")
    if agency:
        wanted = certs.Wanted(known.deployment, agency)
    else:
        servers = {
            certs.BROKER: ("kafka", *certs.LOCAL, *(kafka_host or ())),
            certs.DATABASE: ("postgres", *certs.LOCAL, *(postgres_host or ())),
        }
        wanted = certs.Wanted(known.deployment, known.origins(), servers, administrator=True)
    _tell(certs.make(folder, wanted, SystemClock().now(), days), as_json=as_json)


@app.command("show")
def show(
    files: Annotated[list[Path] | None, typer.Argument(help="Certificates; else all of the folder.")] = None,
    folder: Folder = DEFAULT,
    as_json: AsJson = False,
) -> None:
    """Whose they are and how many days are left. Exit 1 if one has fewer than 30, or does not hold yet."""
    from nrm import certs
    from nrm_kernel.clock import SystemClock

    if not (paths := files or certs.in_folder(folder)):
        raise typer.BadParameter(f"{folder} holds no certificate", param_hint="--dir")
    shown = certs.show(paths, SystemClock().now())
    _tell(shown, as_json=as_json)
    raise typer.Exit(NO if any(one.ends_soon or one.is_early for one in shown) else YES)


def _tell(shown: "list[Shown]", *, as_json: bool) -> None:
    if as_json:
        days = [{"begins": one.begins.isoformat(), "ends": one.ends.isoformat()} for one in shown]
        rows = [asdict(one) | {"path": str(one.path)} | these for one, these in zip(shown, days, strict=True)]
        typer.echo(json.dumps(rows))
        return
    for one in shown:
        warning = "  ends soon: replace it" if one.ends_soon else ""
        warning += f"  does not hold before {one.begins:%Y-%m-%d %H:%M} UTC" if one.is_early else ""
        typer.echo(f"{one.name}  {one.days_left:,} days left  {one.path}{warning}")
