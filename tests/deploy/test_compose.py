"""The compose files hold to the published schema and to rules of our own, each of which a planted fault breaks."""

import copy
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from nrm.cli_topics import cluster_of
from nrm.config_distributed import DistributedConfig
from nrm.demo.agencies import ORIGINS
from nrm.founding_distributed import HTTP_PORT, STATE, Surrounds, found, short
from nrm.neighbours import SHARED
from nrm_kernel.ledger.trust import Trust

ROOT = Path(__file__).parents[2]
FILES = [ROOT / "docker-compose.yml", ROOT / "deploy" / "compose.three-brokers.yml"]
POLICY = ROOT / "policies" / "gb.toml"
Compose = dict[str, Any]


def loaded(path: Path) -> Compose:
    document: Compose = yaml.safe_load(path.read_text("utf-8"))
    return document


BOTH = loaded(FILES[0])
BOTH["services"] |= {name: one for name, one in loaded(FILES[1])["services"].items() if "image" in one}


def faults(compose: Compose) -> list[str]:
    """What is wrong with each service."""
    return [f"{name}: {fault}" for name, one in compose["services"].items() for fault in _faults(one, compose)]


def _faults(one: Mapping[str, Any], compose: Compose) -> Iterator[str]:
    tag = one["image"].rpartition(":")[2]
    if tag in {"latest", one["image"]} or not tag[:1].isdecimal() | tag.startswith("v"):
        yield f"image {one['image']} has no fixed version"
    if str(one.get("user", "root")).split(":")[0] in {"root", "0"}:
        yield "runs as root"
    if one.get("read_only") is not True:
        yield "can write its file system"
    if one.get("cap_drop") != ["ALL"] or one.get("security_opt") != ["no-new-privileges:true"]:
        yield "keeps privileges"
    if one.get("privileged") or one.get("network_mode") == "host" or one.get("pid"):
        yield "is not by itself"
    yield from (f"port {port} is open beyond this machine" for port in one.get("ports", ()) if not _is_near(str(port)))
    if one.get("restart") != "no" and not one.get("healthcheck", {}).get("test"):
        yield "has no health check"
    if not one.get("logging", {}).get("options", {}).get("max-size"):
        yield "its log may fill the disk"
    if "KAFKA_ADVERTISED_LISTENERS" in one.get("environment", {}) and "KAFKA_LISTENERS" not in one["environment"]:
        yield "listens where it is reached from outside, and to no controller"
    yield from _memory_faults(one)
    yield from _secret_faults(one, compose)
    yield from _waiting_faults(one, compose)


def _is_near(port: str) -> bool:
    return port.startswith("127.0.0.1:") and port.count(":") == 2


def _memory_faults(one: Mapping[str, Any]) -> Iterator[str]:
    """Older engines give what is mounted the mode of the folder beneath, so that only its owner can write there."""
    user, _, group = one.get("user", "").partition(":")
    for mounted in one.get("tmpfs", ()):
        folder, _, options = mounted.partition(":")
        if folder != "/tmp" and not {f"uid={user}", f"gid={group}"} <= set(options.split(",")):
            yield f"may not be able to write to {folder}"


def _secret_faults(one: Mapping[str, Any], compose: Compose) -> Iterator[str]:
    for name, value in one.get("environment", {}).items():
        if ("PASSWORD" in name or "SECRET" in name or "KEY" in name) and not str(value).startswith("/run/secrets/"):
            yield f"{name} holds a secret itself"
    for kind in ("secrets", "configs"):
        for used in one.get(kind, ()):
            name = used if isinstance(used, str) else used["source"]
            if "file" not in compose[kind].get(name, {}):
                yield f"{name} is no file among the {kind}"
            if kind == "configs" and Path(compose[kind].get(name, {}).get("file", "")).suffix == ".key":
                yield f"{name} is a key that anybody may read"


def _waiting_faults(one: Mapping[str, Any], compose: Compose) -> Iterator[str]:
    for other, how in one.get("depends_on", {}).items():
        ends = compose["services"][other].get("restart") == "no"
        if how["condition"] != ("service_completed_successfully" if ends else "service_healthy"):
            yield f"does not wait until {other} is ready"


@pytest.mark.slow
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_it_is_what_the_compose_specification_says(path: Path) -> None:
    checker = Path(sys.executable).with_name("check-jsonschema")
    done = subprocess.run(
        [checker, "--builtin-schema", "vendor.compose-spec", path], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def has_compose() -> bool:
    docker = shutil.which("docker")
    return (
        docker is not None
        and subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode == 0
    )


@pytest.mark.skipif(not has_compose(), reason="there is no docker compose here")
def test_docker_itself_takes_both_files() -> None:
    files = [part for path in FILES for part in ("-f", str(path))]
    done = subprocess.run(["docker", "compose", *files, "config", "--quiet"], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_service_is_guarded() -> None:
    assert faults(BOTH) == []


def _set(service: str, **changes: object) -> Callable[[Compose], None]:
    return lambda compose: compose["services"][service].update(changes)


@pytest.mark.parametrize(
    ("plant", "told"),
    [
        (_set("kafka", image="apache/kafka:latest"), "no fixed version"),
        (_set("kafka", image="apache/kafka"), "no fixed version"),
        (_set("kafka", user="root"), "runs as root"),
        (lambda compose: compose["services"]["postgres"].pop("user"), "runs as root"),
        (_set("postgres", read_only=False), "can write"),
        (_set("kafka", tmpfs=["/tmp", "/opt/kafka/config:mode=1777"]), "able to write to /opt/kafka/config"),
        (_set("postgres", cap_drop=[]), "keeps privileges"),
        (_set("funding-fund", network_mode="host"), "not by itself"),
        (_set("funding-fund", ports=["7443:7443"]), "beyond this machine"),
        (_set("funding-fund", ports=["0.0.0.0:7443:7443"]), "beyond this machine"),
        (_set("funding-fund", healthcheck={}), "no health check"),
        (_set("kafka-2", logging={}), "fill the disk"),
        (lambda compose: compose["services"]["kafka-2"]["environment"].pop("KAFKA_LISTENERS"), "to no controller"),
        (_set("postgres", environment={"POSTGRES_PASSWORD": "x"}), "holds a secret itself"),
        (_set("postgres", secrets=["nowhere"]), "no file among the secrets"),
        (lambda compose: compose["configs"]["trust.toml"].update(file="a/signing.key"), "anybody may read"),
        (_set("migrate", depends_on={"postgres": {"condition": "service_started"}}), "does not wait"),
    ],
)
def test_a_planted_fault_is_found(plant: Callable[[Compose], None], told: str) -> None:
    compose = copy.deepcopy(BOTH)
    plant(compose)
    assert any(told in fault for fault in faults(compose))


def test_every_agency_of_the_demo_has_a_service_a_database_and_is_scraped() -> None:
    names = [short(origin) for origin in ORIGINS]
    agencies = [name for name, one in BOTH["services"].items() if one.get("command", [""])[0] == "up"]
    assert agencies == names
    assert BOTH["services"]["postgres"]["environment"]["NRM_AGENCIES"].split() == list(ORIGINS)
    collector = loaded(ROOT / "deploy" / "collector" / "collector.yaml")
    [scraped] = collector["receivers"]["prometheus"]["config"]["scrape_configs"][0]["static_configs"]
    assert scraped["targets"] == [f"{name}:{HTTP_PORT}" for name in names]


def test_the_image_makes_no_database_that_nobody_closes() -> None:
    environment = BOTH["services"]["postgres"]["environment"]
    assert environment.get("POSTGRES_DB", environment["POSTGRES_USER"]) in SHARED


def test_ports_are_given_once() -> None:
    ports = [str(port).split(":")[1] for one in BOTH["services"].values() for port in one.get("ports", ())]
    assert sorted(set(ports)) == sorted(ports)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("compose") / "installation"
    found(folder, ORIGINS, POLICY, Surrounds(["kafka:9092"], "postgres:5432", in_containers=True))
    return folder


def test_every_file_that_compose_names_is_there_once_founded(installation: Path) -> None:
    files = [Path(one["file"]) for kind in ("configs", "secrets") for one in BOTH[kind].values()]
    there = [installation.parent / file if file.parts[0] == "installation" else ROOT / file for file in files]
    assert [str(path) for path in there if not path.is_file()] == []


def test_an_agency_is_given_every_file_that_its_configuration_names(installation: Path) -> None:
    for origin in ORIGINS:
        one = BOTH["services"][short(origin)]
        given = {used["target"] for kind in ("configs", "secrets") for used in one[kind]}
        config = Path(one["command"][2])
        document = tomllib.loads((installation / "agencies" / short(origin) / "nrm.toml").read_text())
        [agency] = document["agency"]
        named = [document["policy"], document["trust"], document["officer_keys"], agency["signing_key"]]
        named += [agency["vault_key"], *agency["tls"].values()]
        resolved = {str(Path("/").joinpath(*_walked((config.parent / name).parts[1:]))) for name in named}
        assert resolved | {str(config)} == given
        assert agency["folder"] == STATE
        assert one["volumes"] == [f"{short(origin)}:{STATE}"]


@pytest.mark.parametrize("service", ["topics", "migrate"])
def test_who_makes_topics_and_tables_is_given_what_that_takes(installation: Path, tmp_path: Path, service: str) -> None:
    one = BOTH["services"][service]
    for kind in ("configs", "secrets"):
        for used in one[kind]:
            path = tmp_path / used["target"].lstrip("/")
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(installation.parent / BOTH[kind][used["source"]]["file"], path)
    config = tmp_path / one["command"][one["command"].index("--config") + 1].lstrip("/")
    administrator = cluster_of(config, "", None).tls
    assert administrator is not None
    administrator.context()  # key and certificate fit, and the authority is there
    assert Trust.load(DistributedConfig.load(config).trust).origins() == ORIGINS


def test_agencies_send_their_traces_to_the_collector_that_takes_them(installation: Path) -> None:
    collector = loaded(ROOT / "deploy" / "collector" / "collector.yaml")
    [_, port] = collector["receivers"]["otlp"]["protocols"]["grpc"]["endpoint"].split(":")
    for origin in ORIGINS:
        config = DistributedConfig.load(installation / "agencies" / short(origin) / "nrm.toml")
        assert config.telemetry is not None
        sent_to = urlsplit(config.telemetry.endpoint)
        assert (sent_to.scheme, sent_to.hostname in BOTH["services"], str(sent_to.port)) == ("http", True, port)
    assert DistributedConfig.load(installation / "nrm.toml").telemetry is None, "on this machine nobody collects"
    service = collector["service"]
    assert "otlp" in service["pipelines"]["traces"]["receivers"]
    assert service["extensions"] == list(collector["extensions"])
    used = [name for one in service["pipelines"].values() for part in one.values() for name in part]
    assert set(used) == {*collector["receivers"], *collector["processors"], *collector["exporters"]}


@pytest.mark.parametrize(
    ("service", "settings"),
    [
        *((name, ROOT / "deploy" / "kafka" / "server.properties") for name in ("kafka", "kafka-2", "kafka-3")),
        *((name, ROOT / "deploy" / "kafka" / "health.properties") for name in ("kafka", "kafka-2", "kafka-3")),
        ("postgres", ROOT / "deploy" / "postgres" / "postgresql.conf"),
    ],
    ids=lambda one: one if isinstance(one, str) else one.name,
)
def test_a_server_is_given_every_file_that_its_settings_and_its_health_check_name(service: str, settings: Path) -> None:
    one = BOTH["services"][service]
    given = {used["target"] for used in one["configs"]} | {f"/run/secrets/{name}" for name in one["secrets"]}
    text = "\n".join([settings.read_text("utf-8"), *one["healthcheck"]["test"]])
    named = set(re.findall(r"/(?:run/secrets|etc)/[\w./-]+\w", text))
    assert named
    assert named <= given


def _walked(parts: tuple[str, ...]) -> list[str]:
    walked: list[str] = []
    for part in parts:
        if part == "..":
            walked.pop()
        else:
            walked.append(part)
    return walked


def test_no_agency_is_given_anothers_secret() -> None:
    for origin in ORIGINS:
        own = short(origin)
        assert {used["source"].partition(".")[0] for used in BOTH["services"][own]["secrets"]} == {own}


def test_the_brokers_of_the_image_and_of_the_tests_are_of_one_version() -> None:
    brokers = {one["image"] for one in BOTH["services"].values() if "kafka:" in one["image"]}
    pom = (ROOT / "deploy" / "kafka" / "pom.xml").read_text("utf-8")
    [image] = brokers
    assert f"<version>{image.rpartition(':')[2]}</version>" in pom
