"""`nrm admin topics …` and `nrm admin parked …`: what the shared log needs on Kafka, and what it could not take."""

from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nrm.errors_shown import NO, YES

if TYPE_CHECKING:
    from nrm.topics import Plan
    from nrm_kernel.log_topics import Cluster, LogTopic

topics = typer.Typer(
    help="Topics and rules of the shared log on Kafka: nothing is taken away but by refill, on an explicit word.",
    no_args_is_help=True,
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
SHOWN_MAX = 20
"""Differences that are told one by one."""


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
    if found.topics or found.rules:
        typer.echo("Make what is missing: nrm admin topics apply, with the same options.", err=True)
    raise typer.Exit(YES if found.is_done else NO)


@topics.command("refill")
def refill(
    origin: Annotated[str, typer.Argument(help="Whose log, such as demo/identification/police.")],
    reader: Annotated[str, typer.Argument(help="For which reader the topic is made.")],
    config: Annotated[Path, typer.Option("--config", help="A configuration with that log's agency, for its store.")],
    evidence: Annotated[
        Path | None,
        typer.Option(help="Write every record of the topic into this new file, then delete it and make it anew."),
    ] = None,
    certs: Certs = None,
) -> None:
    """Hold a topic against its agency's store. Exit 0 the same, or made anew; 1 different, and nothing was changed."""
    from nrm import refill
    from nrm.config_distributed import DistributedConfig
    from nrm_kernel.ledger.trust import Trust
    from nrm_kernel.log_topics import LogTopic

    loaded, cluster, topic = DistributedConfig.load(config), cluster_of(config, "", certs), LogTopic(origin, reader)
    trust = Trust.load(loaded.trust)
    own = [agency for agency in loaded.agency if agency.origin == origin]
    if not own:
        raise typer.BadParameter(f"{config} configures no agency {origin}, so its store is not known here")
    found = refill.held_against(cluster, topic, own[0], trust)
    for text in found[:SHOWN_MAX]:
        typer.echo(text)
    typer.echo(f"{topic.name}: {len(found):,} differences from the store of {origin}")
    if not found:
        return
    if evidence is None:
        typer.echo("Nothing was changed. With --evidence FILE its records are kept in that file, and it is made anew.")
        raise typer.Exit(NO)
    count = _kept(cluster, topic, evidence)
    refill.made_anew(cluster, topic, trust)
    typer.echo(
        f"{count:,} records are kept in {evidence}, and the topic is made anew. The service of {origin} fills it."
    )
    typer.echo(f"A process of {reader} that has stopped at it is to be started again.")


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

    _require_reader(reader, config)
    found = listed(cluster_of(config, kafka, certs, reader), reader)
    waiting = [one for one in found if not one.released]
    for one in found if everything else waiting:
        state = "  released" if one.released else ""
        typer.echo(f"{one.topic} {one.offset}  {one.why}  {one.size:,} bytes, SHA-256 {one.digest}{state}")
    if not waiting:
        typer.echo(f"Nothing that {reader} parked waits to be looked at.", err=True)
    raise typer.Exit(NO if waiting else YES)


@parked.command("release")
def release_parked(
    topic: Annotated[str, typer.Argument(help="The topic, as listed.")],
    reader: Reader,
    offset: Annotated[int | None, typer.Argument(help="The offset, as listed; else all of that topic.")] = None,
    config: ConfigFile = None,
    kafka: Kafka = "",
    certs: Certs = None,
) -> None:
    """Note that records were looked at: no alarm is raised for them again. They themselves stay where they are."""
    from nrm.parked import release

    _require_reader(reader, config)
    cluster = cluster_of(config, kafka, certs, reader)
    for one in release(cluster, reader, lambda each: each.topic == topic and offset in (None, each.offset)):
        typer.echo(f"released: {one.topic} {one.offset}")


def _require_reader(reader: str, config: Path | None) -> None:
    """A reader by a name that nobody has parked nothing, and that must not be told as if all were well."""
    from nrm_kernel.ledger.trust import Trust

    if config is None:
        return
    origins = Trust.load(_trust(config, None)).origins()
    if reader not in origins:
        near = get_close_matches(reader, origins, n=1, cutoff=0.0)
        raise typer.BadParameter(f"{reader} is not in the trust file; nearest: {near[0]}", param_hint="--reader")


def _kept(cluster: "Cluster", topic: "LogTopic", evidence: Path) -> int:
    from nrm import refill

    try:
        return refill.kept(cluster, topic, evidence)
    except FileExistsError as taken:
        raise typer.BadParameter(f"{evidence} is there already; name another", param_hint="--evidence") from taken


def cluster_of(config: Path | None, kafka: str, certs: Path | None, reader: str = "") -> "Cluster":
    """Kafka as the administrator reaches it, see :func:`administrators`; else as that reader, if configured there.

    Raises CertificateEnded and CertificateUnreadable.
    """
    from nrm.certs import require_live
    from nrm.config_distributed import DistributedConfig
    from nrm_kernel.clock import SystemClock

    cluster = administrators(config, kafka, certs)
    if cluster.tls:
        require_live([cluster.tls.certificate], SystemClock().now())
    elif config and not kafka:
        loaded = DistributedConfig.load(config)
        return next((loaded.cluster(one) for one in loaded.agency if one.origin == reader), cluster)
    return cluster


def administrators(config: Path | None, kafka: str, certs: Path | None) -> "Cluster":
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
