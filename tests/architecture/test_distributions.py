"""The two distributions install by plain pip, and an integrator gets no more than the contracts need."""

import re
import subprocess
import sys
import tomllib
from email.parser import HeaderParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONTRACTS_NEED = {"googleapis-common-protos", "grpcio", "orjson", "protobuf", "pydantic"}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=[".", "contracts"])
def installed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """One distribution installed by pip into an empty folder, without what it depends on."""
    folder = tmp_path_factory.mktemp("site")
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index", f"--target={folder}"]
    command = [sys.executable, "-m", "pip", "install", *options, str(ROOT / request.param)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return request.param, folder


def requirements(folder: Path) -> dict[str, str]:
    """What the distribution in that folder requires: the name, and all that stands behind it."""
    metadata = HeaderParser().parsestr(next(folder.glob("*.dist-info/METADATA")).read_text())
    needs = [re.match(r"([\w.-]+)(.*)", line) for line in metadata.get_all("Requires-Dist", [])]
    return {need.group(1): need.group(2) for need in needs if need}


def test_pip_installs_every_package_with_its_types(installed: tuple[str, Path]) -> None:
    part, folder = installed
    settings = tomllib.loads((ROOT / part / "pyproject.toml").read_text())
    packages = {Path(path).name for path in settings["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]}
    assert {path.parent.name for path in folder.glob("*/py.typed")} == packages


def test_the_contracts_need_neither_database_nor_broker(installed: tuple[str, Path]) -> None:
    part, folder = installed
    needs = requirements(folder)
    if part == "contracts":
        assert set(needs) == CONTRACTS_NEED
    else:
        assert needs["nrm-contracts"].startswith(f" @ file://{ROOT}/contracts")


def test_data_files_are_installed(installed: tuple[str, Path]) -> None:
    part, folder = installed
    shipped = {"contracts": "nrm_contracts/codelists/index/*.toml", ".": "nrm/policies/*.toml"}
    assert list(folder.glob(shipped[part]))
