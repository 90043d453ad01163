"""A command that cannot answer says why, and its exit code says which kind of "why" that is."""

from pathlib import Path

import pytest
from tests.pathways.deployment import POLICE, POLICY

from nrm import cli, up
from nrm.config import STORE, ConfigInvalid
from nrm.founding import found
from nrm.up import AddressTaken
from nrm_audit import commands
from nrm_audit.holders import KEPT_CHECKPOINT, Expected
from nrm_kernel.errors import DataLoss, Forbidden, Invalid, NotFound, NrmError, Refused, Unavailable

NO, CANNOT_TELL, USAGE = 1, 2, 3


def _ended(*arguments: str) -> object:
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    return ended.value.code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NotFound(), NO),
        (DataLoss("STORE_ROLLED_BACK", "The store is older than its checkpoint."), NO),
        (Unavailable("STORE_BUSY", "The store is busy."), CANNOT_TELL),
        (AddressTaken("127.0.0.1:1 is in use"), CANNOT_TELL),
        (Invalid("REQUEST_INVALID", "The request is wrong.", {"as_of": "is no day"}), USAGE),
        (ConfigInvalid(Path("nrm.toml"), "unknown key polcy"), USAGE),
        (Refused("NOT_NOW", "The rules refuse it."), USAGE),
        (Forbidden("NOT_YOURS", "The role may not."), USAGE),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, NrmError) else str(value),
)
def test_when_an_error_ends_a_command_then_its_class_gives_the_exit_code_and_its_text_is_shown(
    error: NrmError, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(_config: Path) -> int:
        raise error

    monkeypatch.setattr(up, "run", fails)
    assert _ended("up", "--config", "nrm.toml") == code
    told = capsys.readouterr()
    assert told.out == ""
    assert f"{error.text} ({error.reason})" in told.err
    assert "Traceback" not in told.err


def test_when_a_field_is_faulty_then_it_is_named_with_what_is_wrong(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(_config: Path) -> int:
        raise Invalid("REQUEST_INVALID", "The request is wrong.", {"as_of": "is no day"})

    monkeypatch.setattr(up, "run", fails)
    _ended("up", "--config", "nrm.toml")
    assert "\n  as_of: is no day\n" in capsys.readouterr().err


@pytest.mark.parametrize("code", [0, 1])
def test_when_a_command_ends_with_a_code_then_that_is_the_exit_code(code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(up, "run", lambda _config: code)
    assert _ended("up", "--config", "nrm.toml") == code


@pytest.mark.parametrize(
    ("fault", "code"), [(KeyboardInterrupt, 128 + 2), (EOFError, CANNOT_TELL), (RuntimeError, CANNOT_TELL)]
)
def test_when_a_command_is_broken_off_or_fails_then_that_is_no_no(
    fault: type[BaseException], code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_config: Path) -> int:
        raise fault

    monkeypatch.setattr(up, "run", fails)
    assert _ended("up", "--config", "nrm.toml") == code


@pytest.mark.parametrize(
    "arguments", [("ups",), ("up",), ("up", "--confg", "x"), ("demo", "--json"), ("overdue", "--lines", "0")]
)
def test_when_the_command_line_is_wrong_then_the_exit_code_is_usage(arguments: tuple[str, ...]) -> None:
    assert _ended(*arguments) == USAGE


@pytest.mark.parametrize("arguments", [("verify",), ("replay",), ("export", "--from")])
def test_when_there_is_nothing_to_audit_then_the_folder_is_named_and_what_to_do(
    arguments: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "nowhere"
    more = (str(tmp_path / "copy"),) if arguments[0] == "export" else ()
    assert _ended("audit", *arguments, str(missing), *more) == USAGE
    told = capsys.readouterr().err
    assert f"{missing} holds no deployment" in told
    assert "(NO_DEPLOYMENT)" in told
    assert not missing.exists()


def test_when_a_deployment_is_verified_then_every_file_that_its_configuration_names_is_missed_if_it_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = found(tmp_path / "deployment", [POLICE], POLICY).parent
    asked: list[object] = []

    def verified(*question: object) -> commands.Outcome:
        asked.extend(question)
        return NO, commands.Failure("MISSED", "gone", NO)

    monkeypatch.setattr(commands, "run_verify", verified)
    assert _ended("audit", "verify", str(folder)) == NO
    assert asked[3] == [
        Expected(folder / "identification-police" / KEPT_CHECKPOINT, POLICE),
        Expected(folder / "log.sqlite"),
        Expected(folder / "identification-police" / STORE, POLICE),
    ]


def test_when_nobody_says_whom_to_trust_then_nothing_is_verified(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _ended("audit", "verify", str(tmp_path)) == USAGE
    assert "Name the trust file with --trust. (TRUST_NOT_NAMED)" in capsys.readouterr().err


def test_when_a_file_cannot_be_used_then_it_is_named_and_the_answer_is_not_known(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(_config: Path) -> int:
        raise OSError(28, "No space left on device", "log.sqlite")

    monkeypatch.setattr(up, "run", fails)
    assert _ended("up", "--config", "nrm.toml") == CANNOT_TELL
    told = capsys.readouterr().err
    assert told.startswith("log.sqlite cannot be used: No space left on device.")
    assert "(FILE_UNUSABLE)" in told


def test_when_the_text_names_the_faulty_field_already_then_it_is_not_told_twice(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(_config: Path) -> int:
        raise Invalid("FIELD_INVALID", "as_of is no day. Correct it.", {"as_of": "is no day"})

    monkeypatch.setattr(up, "run", fails)
    _ended("up", "--config", "nrm.toml")
    assert capsys.readouterr().err == "as_of is no day. Correct it. (FIELD_INVALID)\n"
