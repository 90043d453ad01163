"""`nrm audit …`: offline, over files; over topics and views on servers where they are named. Nothing is changed.

What a command needs is imported when it is called: other commands, and `--help`, do not wait for it.
"""

import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nrm.cli_read import config_in
from nrm.errors_shown import NoDeployment
from nrm_kernel.errors import Invalid

if TYPE_CHECKING:
    from nrm.config import Config
    from nrm_audit.commands import Outcome
    from nrm_audit.holders import Database, Expected
    from nrm_kernel.log_topics import Cluster

app = typer.Typer(help="Verify, replay and read logs: offline, over files.", no_args_is_help=True)
Paths = Annotated[list[Path] | None, typer.Argument(help="Stores, shared logs, exported copies, or folders of them.")]
TrustFile = Annotated[Path | None, typer.Option("--trust", help="The trust file; else trust.toml of the first path.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]
DEFAULT = Path("nrm-demo")
TRUST = "trust.toml"


@app.command("verify")
def verify(
    paths: Paths = None,
    trust: TrustFile = None,
    kafka: Annotated[str, typer.Option(help="Also the topics there: host:port,host:port.")] = "",
    client: Annotated[
        Path | None, typer.Option(help="Certificate for Kafka; NAME.key, authority.pem beside it.")
    ] = None,
    config: Annotated[
        Path | None, typer.Option(help="Also all that it names: stores, databases with their vaults, its Kafka.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Hash every entry again and hold it against every signature. Exit 0 verified, 1 not, 2 incomplete, 3 usage."""
    from nrm.config_distributed import load
    from nrm_audit import commands
    from nrm_kernel.log_topics import ClientTls, Cluster

    loaded = load(config) if config else None
    where = paths or ([] if kafka or config else [DEFAULT])
    tls = ClientTls(client, client.with_suffix(".key"), client.with_name("authority.pem")) if client else None
    cluster = Cluster(kafka, tls) if kafka else None
    named = _named(loaded) if loaded else _Named()
    trusted = trust or (loaded.trust if loaded else _trust(where))
    expected = [*_expected(where), *named.expected]
    _end(
        commands.run_verify([*where, *named.files], trusted, cluster or named.kafka, expected, named.databases),
        as_json=as_json,
    )


@app.command("replay")
def replay(
    to: Annotated[str, typer.Option(help="POSITION, ORIGIN@POSITION or DATE; else everything.")] = "",
    paths: Paths = None,
    trust: TrustFile = None,
    config: Annotated[
        Path | None, typer.Option(help="The configuration that names what is shown; else that of the first path.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make every view again from verified entries and compare it, row by row, with what is shown.

    On servers the entries come from Kafka, and from the paths besides.
    """
    from nrm.config_distributed import DistributedConfig, load
    from nrm.services import view_files
    from nrm_audit import commands

    where = paths or ([] if config else [DEFAULT])
    loaded = load(config or config_in(where[0]))
    kafka = loaded.cluster(loaded.reads_most) if isinstance(loaded, DistributedConfig) else None
    _end(commands.run_replay(where, trust or loaded.trust, view_files(loaded), to, kafka), as_json=as_json)


@app.command("log")
def log(
    origin: Annotated[str, typer.Argument(help="Which log, such as demo/identification/police.")],
    first: Annotated[int, typer.Option("--from", help="First position.", min=0)] = 0,
    limit: Annotated[int | None, typer.Option(help="At most so many entries.", min=1)] = None,
    paths: Annotated[list[Path] | None, typer.Option("--in", help="Where to look.")] = None,
) -> None:
    """Print entries as they are stored, one a line."""
    from nrm_audit import commands

    failure = commands.run_log(paths or [DEFAULT], origin, sys.stdout.buffer.write, first, limit)
    sys.stdout.flush()
    if failure is not None:
        typer.echo(failure.text(), err=True, nl=False)
        raise typer.Exit(failure.exit_code)


@app.command("export")
def export(
    folder: Annotated[Path, typer.Argument(help="A new folder for the copy.")],
    paths: Annotated[list[Path] | None, typer.Option("--from", help="What to copy.")] = None,
    trust: TrustFile = None,
    as_json: AsJson = False,
) -> None:
    """Copy the logs, with their checkpoints and the trust file, so that others can verify them without us."""
    from nrm_audit import commands
    from nrm_kernel.clock import SystemClock

    where = paths or [DEFAULT]
    _end(commands.run_export(where, trust or _trust(where), folder, SystemClock().now()), as_json=as_json)


def _expected(paths: list[Path]) -> "list[Expected]":
    """The files with logs that configurations in these folders name: one that was taken away is missed."""
    from nrm.config import CONFIG, ConfigInvalid
    from nrm.config_distributed import load

    found: list[Expected] = []
    for path in paths:
        with suppress(ConfigInvalid):  # there is none, or it is for whoever runs it to put right
            found += _files_of(load(path / CONFIG))
    return found


def _files_of(config: "Config") -> "list[Expected]":
    """What must be there in the embedded mode. Who is far away keeps it elsewhere."""
    from nrm.config import STORE
    from nrm_audit.holders import KEPT_CHECKPOINT, Expected

    if not config.in_files:
        return []
    checkpoints = [Expected(section.folder / KEPT_CHECKPOINT, section.origin) for section in config.agency]
    stores = [Expected(section.folder / STORE, section.origin) for section in config.agency]
    return [*checkpoints, Expected(config.log), *stores]


@dataclass(frozen=True)
class _Named:
    """What a configuration names: files that must be there, or are; on servers databases and Kafka."""

    expected: "Sequence[Expected]" = ()
    files: Sequence[Path] = ()
    databases: "Sequence[Database]" = ()
    kafka: "Cluster | None" = None


def _named(config: "Config") -> _Named:
    """Raises OSError when a password or a certificate cannot be read."""
    from nrm.config_distributed import DistributedConfig
    from nrm_audit.holders import KEPT_CHECKPOINT

    if not isinstance(config, DistributedConfig):
        return _Named(_files_of(config))
    from nrm_audit.stores_postgres import StoreDatabase  # without databases nobody pays for the driver

    own = [StoreDatabase(section.origin, section.store_url()) for section in config.agency]
    shown = [StoreDatabase(section.origin, section.url(config.agency[0].principal)) for section in config.shown]
    files = [*(section.folder / KEPT_CHECKPOINT for section in config.agency), config.log]
    there = [file for file in files if file.exists()]
    return _Named(files=there, databases=[*own, *shown], kafka=config.cluster(config.reads_most))


def _trust(paths: list[Path]) -> Path:
    """The trust file of the first path that has one. Raises NoDeployment, and TrustNotNamed."""
    found = [path / TRUST for path in paths if (path / TRUST).exists()]
    missing = [path for path in paths if not path.exists()]
    if missing:
        raise NoDeployment(missing[0], missing[0])
    if not found:
        raise TrustNotNamed(paths[0])
    return found[0]


class TrustNotNamed(Invalid):
    """Without a trust file no signature can be held against anything."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            "TRUST_NOT_NAMED",
            f"There is no {TRUST} beside {path}, so whose keys are to be trusted is not known. Nothing was verified. "
            "Name the trust file with --trust.",
        )


def _end(outcome: "Outcome", *, as_json: bool) -> None:
    from nrm_audit.report import EXIT_USAGE

    code, report = outcome
    if as_json:
        sys.stdout.buffer.write(report.json() + b"\n")
        sys.stdout.flush()
    else:
        typer.echo(report.text(), nl=False, err=code == EXIT_USAGE)
    raise typer.Exit(code)
