"""`nrm admin …`: what an operator of the distributed mode sets up."""

from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from nrm import cli_certs, cli_topics

app = typer.Typer(help="Set up and look after the distributed mode.", no_args_is_help=True)
app.add_typer(cli_certs.app, name="certs")
app.add_typer(cli_topics.topics, name="topics")
app.add_typer(cli_topics.parked, name="parked")


@app.command("found")
def found(
    folder: Annotated[Path, typer.Option("--dir", help="A new folder for all files.")] = Path("installation"),
    kafka: Annotated[list[str] | None, typer.Option(help="A broker, host:port; once for each.")] = None,
    postgres: Annotated[str, typer.Option(help="The database server, host:port.")] = "127.0.0.1:5432",
    containers: Annotated[bool, typer.Option("--containers", help="Each agency in a container of its own.")] = False,
    first_port: Annotated[int, typer.Option(help="Of the first agency on this machine.")] = 7443,
    agency: Annotated[list[str] | None, typer.Option(help="ORIGIN or ORIGIN=ORGANISATION; once for each.")] = None,
    policy: Annotated[Path | None, typer.Option(help="The country's policy. Else the demo's.")] = None,
) -> None:
    """Keys, certificates, trust file and configurations of a new installation, for trying things out."""
    from nrm import founding_distributed as founding
    from nrm.demo.agencies import ORIGINS
    from nrm.founding_asked import require_addresses, require_agencies

    named = [_agency(text) for text in agency or ORIGINS]
    organisations = dict(named)
    surrounds = founding.Surrounds(kafka or ["127.0.0.1:9092"], postgres, containers, first_port)
    require_agencies([origin for origin, _ in named])
    require_addresses([*surrounds.kafka, surrounds.postgres])
    rules = policy or Path(str(files("nrm") / "policies" / "gb.toml"))
    try:
        config = founding.found(folder, list(organisations), rules, surrounds, organisations)
    except FileExistsError as taken:
        raise typer.BadParameter(f"{taken.filename} is there already; name another", param_hint="--dir") from taken
    typer.echo(f"{len(organisations)} agencies. All at once: {config}. Each alone: {folder}/agencies/*/nrm.toml")


def _agency(text: str) -> tuple[str, str]:
    """An origin, and the kind of organisation behind it if that is said."""
    from nrm_contracts.codes import UnknownCode, check

    origin, said, organisation = text.partition("=")
    try:
        if said:
            check("org_kind", organisation)
    except UnknownCode as unknown:
        raise typer.BadParameter(f"{text}: {unknown}", param_hint="--agency") from unknown
    return origin, organisation


@app.command("join")
def join(
    agency: Annotated[str, typer.Argument(help="The further agency: ORIGIN or ORIGIN=ORGANISATION.")],
    folder: Annotated[Path, typer.Option("--dir", help="The installation.")] = Path("installation"),
) -> None:
    """Keys, certificate and configuration of a further agency, and the trust file to come, for trying things out.

    It says how far the other logs are now, as they are signed on Kafka: the agency acts on nothing that was before.
    """
    from nrm import founding_distributed as founding
    from nrm.cli_topics import cluster_of
    from nrm.config import CONFIG
    from nrm.config_distributed import DistributedConfig
    from nrm.founding_asked import require_agencies
    from nrm.refill import signed_sizes
    from nrm_kernel.ledger.trust import Trust

    origin, organisation = _agency(agency)
    config = folder / CONFIG
    trust = Trust.load(DistributedConfig.load(config).trust)
    require_agencies([*trust.origins(), origin], trust.deployment)
    if (folder / founding.NEW_TRUST).exists():
        text = f"{folder / founding.NEW_TRUST} is there already; put it in the place of trust.toml first"
        raise typer.BadParameter(text, param_hint="--dir")
    sizes = signed_sizes(cluster_of(config, "", None), trust)
    try:
        own = founding.further(folder, origin, organisation, sizes)
    except FileExistsError as taken:
        raise typer.BadParameter(f"{taken.filename} is there already", param_hint="--dir") from taken
    typer.echo(f"{origin}: {own}. The trust file to come, with it: {folder / founding.NEW_TRUST}")


@app.command("migrate")
def migrate(
    config: Annotated[Path, typer.Option(help="A configuration of the distributed mode.")],
    owner: Annotated[str, typer.Option(help="The role that owns the tables.")] = "administrator",
    certs: Annotated[Path | None, typer.Option(help="Folder of that role's certificate; else certs beside it.")] = None,
    password: Annotated[Path | None, typer.Option(help="File of that role's password, if it has one.")] = None,
    reader: Annotated[list[str] | None, typer.Option(help="An auditor's role, who may read the views.")] = None,
) -> None:
    """Bring every agency's tables to what this release needs. What is there already stays."""
    from nrm.config_distributed import ClientSection, DistributedConfig
    from nrm.migration import Owner
    from nrm.migration import migrate as migrated

    folder = certs or config.parent / "certs"
    pem = folder / f"{owner}.pem"
    client = None
    if certs or pem.exists():
        client = ClientSection(certificate=pem, key=pem.with_suffix(".key"), authority=folder / "authority.pem")
    done = migrated(DistributedConfig.load(config), Owner(owner, client, password), reader or ())
    for origin, revisions in done.items():
        typer.echo(f"{origin}  {'  '.join(f'{kind} {revision}' for kind, revision in revisions.items())}")


@app.command("servers")
def servers(
    folder: Annotated[Path, typer.Option("--dir", help="The installation.")] = Path("installation"),
) -> None:
    """Run PostgreSQL and Kafka here with the installation's certificates, for trying it out; they keep nothing."""
    import signal
    import threading

    from nrm.config_distributed import DistributedConfig
    from nrm.servers.guarded import guarded

    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    with guarded(folder, DistributedConfig.load(folder / "nrm.toml")):
        typer.echo("PostgreSQL and Kafka are ready. Ctrl-C ends them.")
        stopped.wait()


@app.command("asyncapi")
def asyncapi(
    kafka: Annotated[str, typer.Option(help="The brokers that the document names.")] = "localhost:9092",
) -> None:
    """The shared log's topics, keys, headers and records as an AsyncAPI 3 document, in JSON, for tools that read such.

    The data of each event type are described by contracts/nrm_contracts/asyncapi.yaml.
    """
    import json
    from importlib.metadata import version

    from nrm.config import KINDS
    from nrm_kernel.adapters.log_kafka_described import described
    from nrm_kernel.log_topics import Cluster

    typer.echo(json.dumps(described(Cluster(kafka), KINDS, version("nrm")), indent=2))
