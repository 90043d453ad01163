"""Every import rule of pyproject.toml catches a planted import that breaks it."""

import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TREES = ("app", "contracts", "kernel", *(f"services/{folder.name}" for folder in (ROOT / "services").iterdir()))
RULES = {
    rule["id"]: rule["name"]
    for rule in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
}


@dataclass(frozen=True)
class Planted:
    """An import that a rule must refuse: ``importer`` is a file, made when it is missing."""

    rule: str
    importer: str
    statement: str


PLANTED = [
    Planted("direction", "kernel/nrm_kernel/ids.py", "import nrm_funding"),
    Planted("direction", "kernel/nrm_kernel/ids.py", "import nrm"),
    Planted("direction", "contracts/nrm_contracts/fields.py", "import nrm_kernel.ids"),
    Planted("direction", "services/funding/nrm_funding/__init__.py", "import nrm_assistance"),
    Planted("direction", "services/coordinator/nrm_coordinator/__init__.py", "from nrm_identification import domain"),
    Planted("direction", "services/audit/nrm_audit/__init__.py", "import nrm"),
    Planted("service", "services/identification/nrm_identification/domain/planted.py", "import nrm_identification.rpc"),
    Planted("service", "services/prosecution/nrm_prosecution/views.py", "import nrm_prosecution.rpc"),
    Planted("service", "services/funding/nrm_funding/views.py", "import nrm_funding.reactions"),
    Planted("service", "services/assistance/nrm_assistance/rpc.py", "import nrm_assistance.service"),
    Planted("pure", "services/identification/nrm_identification/domain/planted.py", "import asyncio"),
    Planted("pure", "services/assistance/nrm_assistance/domain/planted.py", "from sqlalchemy import select"),
    Planted("pure", "services/prosecution/nrm_prosecution/domain/planted.py", "import nrm_kernel.adapters.planted"),
    Planted("pure", "services/funding/nrm_funding/domain/planted.py", "from kafka import KafkaConsumer"),
    Planted("pure", "kernel/nrm_kernel/ledger/planted.py", "from opentelemetry import trace"),
    Planted("pure", "kernel/nrm_kernel/decider.py", "import grpc.aio"),
    Planted("adapters", "kernel/nrm_kernel/views.py", "import nrm_kernel.adapters.planted"),
    Planted("adapters", "services/coordinator/nrm_coordinator/__init__.py", "from nrm_kernel.adapters import planted"),
    Planted("tests", "kernel/nrm_kernel/relay.py", "from nrm_kernel.testing import toy"),
    Planted("tests", "app/nrm/up.py", "import nrm_kernel.testing.memory"),
    Planted("audit", "services/audit/nrm_audit/verify.py", "from nrm_kernel.appender import Appender"),
    Planted("audit", "services/audit/nrm_audit/verify.py", "import nrm_kernel.relay"),
]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project's Python files, with the modules that a planted import may name."""
    copy = tmp_path_factory.mktemp("tree")
    for part in TREES:
        shutil.copytree(ROOT / part, copy / part, ignore=_all_but_python)
    shutil.copy(ROOT / "pyproject.toml", copy)
    (copy / "kernel/nrm_kernel/adapters/planted.py").write_text("import sqlalchemy\n")
    for kind in ("assistance", "funding", "identification", "prosecution"):
        for layer in ("service", "rpc", "reactions", "views"):
            (copy / f"services/{kind}/nrm_{kind}/{layer}.py").touch()
    return copy


def _all_but_python(folder: str, names: list[str]) -> set[str]:
    return {name for name in names if not (name.endswith(".py") or Path(folder, name).is_dir()) or name == "policies"}


@pytest.fixture
def planted(tree: Path, request: pytest.FixtureRequest) -> Iterator[Planted]:
    """Plant the import in the copy, and take it out again afterwards."""
    plant: Planted = request.param
    file = tree / plant.importer
    before = file.read_text() if file.exists() else None
    file.write_text(f"{before or ''}\n{plant.statement}\n")
    yield plant
    if before is None:
        file.unlink()
    else:
        file.write_text(before)


def lint_imports(tree: Path) -> subprocess.CompletedProcess[str]:
    """Run the import rules over the packages of this tree, not over the installed ones."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(str(tree / part) for part in TREES), "COLUMNS": "200"}
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache"]
    return subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)


def test_every_rule_has_a_planted_import() -> None:
    assert {plant.rule for plant in PLANTED} == set(RULES)


def test_the_tree_keeps_every_rule(tree: Path) -> None:
    run = lint_imports(tree)
    assert run.returncode == 0, run.stdout
    assert [name for name in RULES.values() if f"{name} KEPT" not in run.stdout] == []


@pytest.mark.slow
@pytest.mark.parametrize("planted", PLANTED, ids=lambda plant: f"{plant.rule}-{plant.statement}", indirect=True)
def test_the_rule_catches_the_planted_import(tree: Path, planted: Planted) -> None:
    run = lint_imports(tree)
    assert run.returncode == 1, run.stdout + run.stderr
    assert f"{RULES[planted.rule]} BROKEN" in run.stdout
