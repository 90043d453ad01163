"""A gate that cannot fail shows nothing: in a copy of the contracts, each planted fault ends `make wire`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
GATE = ("Makefile", "buf.yaml", "pyproject.toml", "uv.lock")
FUNDING = "funding/v1/funding.proto"
RECEIPT = "record/v1/receipt.proto"
SIGN = "  rpc SignContract(SignContractRequest) returns (SignContractResponse);\n"
LAST = "  bool replayed = 6;\n"


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The contracts and what `make wire` reads, with an environment that make holds to be ready."""
    for name in GATE:
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "contracts", tmp_path / "contracts")
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / ".ready").touch()
    return tmp_path


def gate(folder: Path) -> tuple[int, str]:
    """`make wire` there, with the tools that are here: its exit code and all that it said."""
    command = ["make", "-C", str(folder), "--no-print-directory", "wire", f"BIN={Path(sys.executable).parent}"]
    if compiled := os.environ.get("PYTHONPYCACHEPREFIX"):
        command.append(f"PYTHONPYCACHEPREFIX={compiled}")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def plant(folder: Path, name: str, old: str, new: str) -> None:
    file = folder / "contracts" / "nrm_contracts" / name
    text = file.read_text("utf-8")
    assert old in text, f"{name} has no longer what this fault changes"
    file.write_text(text.replace(old, new, 1), "utf-8")


def test_the_contracts_as_they_are_pass(copied: Path) -> None:
    assert gate(copied) == (0, "")


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        pytest.param(RECEIPT, " position = ", " place = ", 'from "position" to "place"', id="a renamed field"),
        pytest.param(FUNDING, SIGN, "", 'Previously present RPC "SignContract"', id="a removed RPC"),
        pytest.param(RECEIPT, LAST, f"{LAST}  // Where.\n  string heldAt = 7;\n", "held_at", id="a name not as agreed"),
        pytest.param(RECEIPT, LAST, f"{LAST}  string held_at = 7;\n", "comment", id="a field that nobody describes"),
    ],
)
def test_a_planted_fault_ends_the_gate_and_is_named(copied: Path, name: str, old: str, new: str, said: str) -> None:
    plant(copied, name, old, new)
    code, told = gate(copied)
    assert (code != 0, said in told) == (True, True), told
