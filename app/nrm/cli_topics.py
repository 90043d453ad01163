"""`nrm admin topics …` and `nrm admin parked …`: what the shared log needs on Kafka, and what it could not take."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nrm.errors_shown import NO, YES

if TYPE_CHECKING:
    from nrm.topics import Plan
    from nrm_kernel.log_topics import Cluster

topics = typer.Typer(
    help="Topics and rules of the shared log on Kafka: nothing is ever taken away.", no_args_is_help=True
)
parked = typer.Typer(
    help="Records on Kafka that are none of the log's, or stand in a wrong place.", no_args_is_help=True
)
ConfigFile = Annotated[Path | None, typer.Option("--config", help="A configuration of the distributed mode.")]
TrustFile = Annotated[Path | None, typer.Option("--trust", help="The trust file, else that of the configuration.")]
Kafka = Annotated[str, typer.Option("--kafka", help="Brokers, host:port,host:port; else those of the configuration.")]
Certs = Annotated[
    Path | None,
    typer.Option("--certs", help="Folder of administrator.pem, administrator.key, authority.pem; else beside it."),
]
Reader = Annotated[str, typer.Option("--reader", help="Whose: an agency by its origin.")]
ADMINISTRATOR = "administrator"


@topics.command("plan")
def plan(config: ConfigFile = None, trust: TrustFile = None, kafka: Kafka = "", certs: Certs = None) -> None:
    """What is missing and what differs. Changes nothing."""
    _tell(_planned(cluster_of(config, kafka, certs), _trust(config, trust)), "would be made")


@topics.command("apply")
def apply(config: ConfigFile = None, trust: TrustFile = None, kafka: Kafka = "", certs: Certs = None) -> None:
    """Make what is missing. What is there stays as it is."""
    from nrm.topics import apply as made

    cluster = cluster_of(config, kafka, certs)
    missing = _planned(cluster, _trust(config, trust))
    made(cluster, missing)
    _tell(missing, "made")


@topics.command("check")
def check(config: ConfigFile = None, trust: TrustFile = None, kafka: Kafka = "", certs: Certs = None) -> None:
    """Exit 0 when everything is as it should be, else 1."""
    found = _planned(cluster_of(config, kafka, certs), _trust(config, trust))
    _tell(found, "missing")
    raise typer.Exit(YES if found.is_done else NO)


@parked.command("list")
def show_parked(
    reader: Reader,
    config: ConfigFile = None,
    kafka: Kafka = "",
    certs: Certs = None,
    everything: Annotated[bool, typer.Option("--all", help="Also those that were released.")] = False,
) -> None:
    """Where they stand and why they were parked. Exit 1 when any wait to be looked at."""
    from nrm.parked import listed

    found = listed(cluster_of(config, kafka, certs), reader)
    for one in found:
        if everything or not one.released:
            state = "  released" if one.released else ""
            typer.echo(f"{one.topic} {one.offset}  {one.why}  {one.size:,} bytes, SHA-256 {one.digest}{state}")
    raise typer.Exit(NO if any(not one.released for one in found) else YES)


@parked.command("release")
def release_parked(
    topic: Annotated[str, typer.Argument(help="The topic, as listed.")],
    offset: Annotated[int, typer.Argument(help="The offset, as listed.")],
    reader: Reader,
    config: ConfigFile = None,
    kafka: Kafka = "",
    certs: Certs = None,
) -> None:
    """Note that the record was looked at: no alarm is raised for it again. The record itself stays where it is."""
    from nrm.parked import release

    cluster = cluster_of(config, kafka, certs)
    for one in release(cluster, reader, lambda each: (each.topic, each.offset) == (topic, offset)):
        typer.echo(f"released: {one.topic} {one.offset}")


def cluster_of(config: Path | None, kafka: str, certs: Path | None) -> "Cluster":
    """Kafka as the administrator reaches it: with the certificate where there is one, else in plain text."""
    from nrm.config_distributed import DistributedConfig
    from nrm_kernel.log_topics import ClientTls, Cluster

    if config is None and not kafka:
        raise typer.BadParameter("name the brokers by --kafka, or a configuration by --config")
    bootstrap = kafka or ",".join(DistributedConfig.load(config).kafka.bootstrap) if config else kafka
    folder = certs or (config.parent / "certs" if config else None)
    if folder is None or (certs is None and not (folder / f"{ADMINISTRATOR}.pem").exists()):
        return Cluster(bootstrap)
    own = folder / f"{ADMINISTRATOR}.pem"
    return Cluster(bootstrap, ClientTls(own, own.with_suffix(".key"), folder / "authority.pem"))


def _trust(config: Path | None, trust: Path | None) -> Path:
    from nrm.config_distributed import load

    if trust is None and config is None:
        raise typer.BadParameter("name the trust file by --trust, or a configuration by --config")
    return trust or load(config or Path()).trust


def _planned(cluster: "Cluster", trust: Path) -> "Plan":
    from nrm.topics import Wanted, look
    from nrm.topics import plan as planned
    from nrm_kernel.ledger.trust import Trust

    return planned(Wanted.of(Trust.load(trust).origins()), look(cluster))


def _tell(found: "Plan", outcome: str) -> None:
    typer.echo(f"{len(found.topics):,} topics and {len(found.rules):,} rules {outcome}, {len(found.drift):,} differ")
    for name in found.topics:
        typer.echo(f"topic  {name}")
    for rule in found.rules:
        typer.echo(f"rule   {rule.text()}")
    for text in found.drift:
        typer.echo(f"differs: {text}")
