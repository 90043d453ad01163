"""A configuration is taken whole or not at all, and a refusal names the place and the nearest word that would do."""

import tomllib
from pathlib import Path

import pytest
from tests.pathways.deployment import AUTHORITY, POLICE, POLICY

from nrm import cli
from nrm.config import Config, ConfigInvalid
from nrm.founding import found

TLS = '[agency.tls]\ncertificate = "c.pem"\nkey = "k.pem"\nauthority = "a.pem"\n'


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return found(tmp_path / "deployment", [POLICE], POLICY)


def _changed(config: Path, old: str, new: str) -> None:
    text = config.read_text("utf-8")
    assert old in text
    config.write_text(text.replace(old, new, 1), "utf-8")


def _with(config: Path, *, top: str = "", agency: str = "") -> None:
    config.write_text(f"{top}\n{config.read_text('utf-8')}\n{agency}", "utf-8")


def test_given_a_sound_file_then_every_path_is_seen_from_its_folder(config: Path) -> None:
    _with(config, top='officer_keys = "officers.toml"', agency=TLS)
    loaded = Config.load(config)
    [agency] = loaded.agency
    assert agency.tls is not None
    assert {loaded.trust.parent, loaded.log.parent, agency.folder.parent, agency.tls.key.parent} == {config.parent}
    assert loaded.policy == POLICY
    assert agency.kind == "identification"


def test_when_a_path_has_characters_that_mean_something_in_toml_then_it_is_written_so_that_it_is_read_back(
    tmp_path: Path,
) -> None:
    policy = tmp_path / 'the "old" \\u0041 policy.toml'
    assert Config.load(found(tmp_path / "deployment", [POLICE], policy)).policy == policy


@pytest.mark.parametrize(
    ("top", "agency", "told"),
    [
        ('polcy = "x"', "", "unknown key polcy; did you mean policy?"),
        ("", 'foldr = "x"', "unknown key agency.0.foldr; did you mean folder?"),
        ("", TLS + 'authorty = "x"', "unknown key agency.0.tls.authorty; did you mean authority?"),
        ('[telemetry]\nendpoint = "h:1"\nendpont = "h:1"', "", "unknown key telemetry.endpont; did you mean endpoint?"),
    ],
    ids=["top", "agency", "tls", "telemetry"],
)
def test_when_a_key_is_unknown_then_it_is_refused_and_the_nearest_is_named(
    top: str, agency: str, told: str, config: Path
) -> None:
    if top.startswith("["):
        _with(config, agency=top)
    else:
        _with(config, top=top, agency=agency)
    _refused(config, told)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('deployment = "demo"', 'deployment = "other"', f'agency "{POLICE}" is not of the deployment "other"'),
        ("/identification/", "/identifcation/", 'there is no service "identifcation"; nearest: "identification"'),
        (
            'listen = "127.0.0.1:0"',
            'listen = "127.0.0.1"',
            "agency.0.listen: '127.0.0.1' is not host:port",
        ),
        ("[[agency]]", 'development = "yes"\n[[agency]]', "development: Input should be a valid boolean"),
        (
            "[[agency]]",
            '[telemetry]\nendpoint = "collector:4317"\n[[agency]]',
            "telemetry.endpoint: 'collector:4317' is neither https://host:port nor http://host:port",
        ),
        ('listen = "127.0.0.1:0"', 'listen = "127.0.0.1:65536"', "'127.0.0.1:65536' is not host:port"),
        ('listen = "127.0.0.1:0"', 'listen = ":443"', "':443' is not host:port"),
        ('listen = "127.0.0.1:0"', 'listen = "127.0.0.1:http"', "'127.0.0.1:http' is not host:port"),
        ('trust = "trust.toml"', 'trust = "a\\u0000b"', "trust: a zero character stands in it"),
        ('folder = "identification-police"', 'folder = "a\\u0000b"', "agency.0.folder: a zero character stands in it"),
        ('trust = "trust.toml"', "", "trust: Field required"),
        ("[[agency]]", "[agency]", "agency"),
        ("[[agency]]", "[[agency]", "line"),
    ],
)
def test_when_a_value_cannot_be_used_then_the_place_and_the_reason_are_told(
    old: str, new: str, told: str, config: Path
) -> None:
    _changed(config, old, new)
    _refused(config, told)


def test_when_an_agency_has_tls_but_no_officer_keys_are_named_then_it_does_not_fall_back_to_development(
    config: Path,
) -> None:
    _with(config, agency=TLS)
    _refused(config, f'agency "{POLICE}" has tls, so officer_keys must name the key file')


def test_when_a_real_deployment_has_no_tls_then_it_is_refused_and_what_to_do_is_said(config: Path) -> None:
    config.write_text(config.read_text("utf-8").replace("demo", "xx"), "utf-8")
    _refused(config, 'agency "xx/identification/police" has no tls')
    _refused(config, "Give it [agency.tls]; or, to try things out on this machine alone, write development = true")
    _with(config, top="development = true")
    assert Config.load(config).agency[0].tls is None


def test_what_is_founded_to_try_things_out_can_be_run(tmp_path: Path) -> None:
    assert Config.load(found(tmp_path / "xx", ["xx/funding/fund"], POLICY)).development
    assert not Config.load(found(tmp_path / "demo", ["demo/funding/fund"], POLICY)).development


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"origin": POLICE}, f'agency.0 and agency.1 both have the origin "{POLICE}"'),
        ({"folder": "./identification-police/"}, 'agency.0 and agency.1 both have the folder "identification-police"'),
        ({"listen": "127.0.0.1:7401"}, 'agency.0 and agency.1 both have the address "127.0.0.1:7401"'),
        ({"listen": "0.0.0.0:7401"}, 'agency.0 and agency.1 both have the address "127.0.0.1:7401"'),
        ({"listen": "[::]:7401"}, 'agency.0 and agency.1 both have the address "127.0.0.1:7401"'),
    ],
)
def test_when_two_agencies_have_the_same_place_then_both_are_named(
    changes: dict[str, str], told: str, tmp_path: Path
) -> None:
    config = found(tmp_path / "deployment", [POLICE, AUTHORITY], POLICY, 7401)
    document = tomllib.loads(config.read_text("utf-8"))
    second = document["agency"][1]
    for name, new in changes.items():
        _changed(config, f'{name} = "{second[name]}"', f'{name} = "{new}"')
    _refused(config, told)


def test_two_agencies_may_listen_at_the_same_port_of_two_addresses_or_wherever_is_free(tmp_path: Path) -> None:
    config = found(tmp_path / "deployment", [POLICE, AUTHORITY], POLICY)
    assert len(Config.load(config).agency) == 2
    _changed(config, "127.0.0.1:0", "127.0.0.1:7401")
    _changed(config, "127.0.0.1:0", "127.0.0.2:7401")
    assert len(Config.load(config).agency) == 2


def test_when_there_is_no_file_then_it_is_named(tmp_path: Path) -> None:
    _refused(tmp_path / "deployment" / "nrm.toml", "nrm.toml: No such file or directory. ")


def test_when_it_is_no_text_then_that_is_said(config: Path) -> None:
    config.write_bytes(b"\xff\xfe")
    _refused(config, "it is not TOML in UTF-8")


def _refused(config: Path, told: str) -> None:
    with pytest.raises(ConfigInvalid) as refused:
        Config.load(config)
    assert told in refused.value.text
    assert refused.value.text.startswith(f"{config}: ")
    assert refused.value.text.endswith("Nothing was started.")
    assert refused.value.reason == "CONFIG_INVALID"


def test_when_nrm_up_refuses_a_configuration_then_nothing_was_started(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _with(config, top='polcy = "x"')
    before = sorted(config.parent.rglob("*"))
    with pytest.raises(SystemExit) as ended:
        cli.main(["up", "--config", str(config)])
    assert ended.value.code == 3
    assert "did you mean policy?" in capsys.readouterr().err
    assert sorted(config.parent.rglob("*")) == before
