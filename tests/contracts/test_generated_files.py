"""What is generated from .proto files and the event catalogue is committed as the generator writes it."""

import subprocess
import sys
from pathlib import Path

import pytest

CONTRACTS = Path(__file__).parents[2] / "contracts"
GENERATED = ("*_pb2.py", "*_pb2.pyi", "*_pb2_grpc.py", "*_pb2_grpc.pyi", "schemas/*/*.json", "asyncapi.yaml")


def generated(folder: Path) -> dict[str, str]:
    """The generated files below a folder, by path."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for pattern in GENERATED
        for path in (folder / "nrm_contracts").rglob(pattern)
    }


def differences(committed: dict[str, str], fresh: dict[str, str]) -> list[str]:
    """Files that are missing, left over, or not as the generator writes them."""
    return sorted(name for name in committed.keys() | fresh.keys() if committed.get(name) != fresh.get(name))


def test_generated_files_are_fresh(tmp_path: Path) -> None:
    command = [sys.executable, str(CONTRACTS / "generate.py"), "--into", str(tmp_path)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    stale = differences(generated(CONTRACTS), generated(tmp_path))
    assert stale == [], "run `make proto` and commit what it writes"


@pytest.mark.parametrize(
    ("committed", "fresh"), [({"a": "1"}, {"a": "2"}), ({"a": "1"}, {}), ({}, {"a": "1"})], ids=["old", "left", "new"]
)
def test_a_stale_file_is_seen(committed: dict[str, str], fresh: dict[str, str]) -> None:
    assert differences(committed, fresh) == ["a"]
