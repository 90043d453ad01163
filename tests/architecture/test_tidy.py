"""Limits on size and names, held from the first commit; each limit is itself tried on a bad snippet."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 50
EMPTY_WORDS = {"base", "common", "handler", "helper", "helpers", "impl", "manager", "misc", "util", "utils"}
PUT_OFF = re.compile(r"\b(TO[D]O|FIX[M]E|X[X]X|HA[C]K)\b")
UNEXPLAINED = re.compile(r"#\s*no[q]a(?!: [A-Z0-9, ]+ - \w)|#\s*type: ig[n]ore(?!\[[a-z-]+\]  # \w)")
OWN_MACHINE = re.compile(r"(?<![\w.}])/(home|root|Users|work)/\w")
GENERATED = re.compile(
    r"_pb2(_grpc)?\.pyi?$|^contracts/nrm_contracts/(schemas|baseline)/|^contracts/nrm_contracts/asyncapi"
)
PYTHON_PARTS = ("app", "bench", "contracts", "deploy", "examples", "kernel", "services", "tests")
LIMITED = {".md", ".proto", ".py", ".sh", ".sql", ".toml", ""}
PROSE = {".md", ".proto", ".sh", ".sql", ".toml", ".yaml", ".yml"}
UNSEEN = {"__pycache__", "node_modules", "nrm-demo"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def written_files() -> Iterator[tuple[str, str]]:
    """Path and text of every file that people write: sources, documents, settings."""
    for path in sorted(_files_below(ROOT)):
        name = path.relative_to(ROOT).as_posix()
        if (path.suffix in PROSE | {".py"} or path.name == "Makefile") and not GENERATED.search(name):
            yield name, path.read_text(encoding="utf-8")


def _files_below(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_symlink() or path.name in UNSEEN or (path.name.startswith(".") and path.name != ".ci"):
            continue
        if path.is_dir():
            yield from _files_below(path)
        else:
            yield path


def faults(name: str, text: str) -> list[str]:
    """What is wrong with one file; empty when it is tidy."""
    found = [f"{name}:{line}: {word}: do it, or open an issue" for line, word in _matches(PUT_OFF, text)]
    found += [f"{name}:{line}: {word}… is a path of one machine" for line, word in _matches(OWN_MACHINE, text)]
    found += [f"{name}:{line}: {word} without a reason behind it" for line, word in _matches(UNEXPLAINED, text)]
    if Path(name).suffix in LIMITED and (lines := text.count("\n")) > FILE_LINES_MAX:
        found.append(f"{name}: {lines} lines, at most {FILE_LINES_MAX}: split it")
    return found + (_python_faults(name, text) if name.endswith(".py") else [])


def _matches(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, str]]:
    for match in pattern.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, match.group()


def _python_faults(name: str, text: str) -> list[str]:
    found = []
    if EMPTY_WORDS & set(Path(name).with_suffix("").as_posix().lower().replace("/", "_").split("_")):
        found.append(f"{name}: says nothing about what is in it: name it by what it does")
    for node in _statements(ast.parse(text)):
        found += _node_faults(name, node)
    return found


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """Every statement below, but no expression: those are many, and hold neither class nor function."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case):
            yield child
            yield from _statements(child)


def _node_faults(name: str, node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.ClassDef) and EMPTY_WORDS & {w.lower() for w in re.findall(r"[A-Z][a-z]+", node.name)}:
        yield f"{name}:{node.lineno}: class {node.name}: name it by what it is"
    if isinstance(node, Function) and (lines := (node.end_lineno or 0) - node.lineno + 1) > FUNCTION_LINES_MAX:
        yield f"{name}:{node.lineno}: {node.name} has {lines} lines, at most {FUNCTION_LINES_MAX}: split it"


def repeated(names: list[str]) -> list[str]:
    """File names that stand more than once."""
    return sorted(name for name, count in Counter(names).items() if count > 1)


def test_every_file_is_tidy() -> None:
    assert [fault for name, text in written_files() for fault in faults(name, text)] == []


def test_the_search_sees_every_part_of_the_tree() -> None:
    seen = {name for name, _ in written_files()}
    assert {"Makefile", "README.md", "pyproject.toml", "tests/architecture/test_tidy.py"} <= seen
    assert {name.split("/")[0] for name in seen if name.endswith(".py")} <= set(PYTHON_PARTS)


def test_test_files_have_names_of_their_own() -> None:
    assert repeated([path.name for path in (ROOT / "tests").rglob("test_*.py")]) == []


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("a.py", "x = 1\n" * 401, "401 lines"),
        *((name, "x = 1\n" * 401, "401 lines") for name in ("a.proto", "a.toml", "a.sh", "a.md", "Makefile")),
        ("a.py", "def f() -> None:\n" + "    x = 1\n" * 50, "f has 51 lines"),
        ("a.py", "try:\n    x = 1\nexcept E:\n    def h() -> None:\n" + "        x = 1\n" * 50, "h has 51 lines"),
        ("a.py", "class A:\n    async def g(self) -> None:\n" + "        x = 1\n" * 50, "g has 51 lines"),
        ("kernel/utils.py", "", "says nothing"),
        ("kernel/store_helpers.py", "", "says nothing"),
        ("services/common/x.py", "", "says nothing"),
        ("a.py", "class StoreManager: ...\n", "class StoreManager"),
        ("a.py", "class CommandHandler: ...\n", "class CommandHandler"),
        ("a.py", "class BaseStore: ...\n", "class BaseStore"),
        ("a.py", "class StoreImpl: ...\n", "class StoreImpl"),
        ("a.md", "TO\x44O later\n", "open an issue"),
        ("a.py", "x = 1  # FIX\x4dE\n", "open an issue"),
        ("a.py", "x = 1  # no\x71a\n", "without a reason"),
        ("a.py", "x = 1  # no\x71a: ANN401\n", "without a reason"),
        ("a.py", "x = 1  # type: ig\x6eore[misc]\n", "without a reason"),
        ("a.py", "x = 1  # type: ig\x6eore  # of another type\n", "without a reason"),
        ("Makefile", "cp /ro\x6ft/x .\n", "path of one machine"),
        ("a.md", "see /ho\x6de/me/x\n", "path of one machine"),
    ],
)
def test_a_bad_snippet_is_refused(name: str, text: str, fault: str) -> None:
    assert any(fault in said for said in faults(name, text)), faults(name, text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.py", "x = 1\n" * 400),
        ("a.py", "def f() -> None:\n" + "    x = 1\n" * 49),
        ("kernel/database.py", "class Based: ...\n"),
        ("a.proto", "// one\n" * 400),
        ("a.py", "x = 1  # no\x71a: ANN401, B009 - made at run time\n"),
        ("a.py", "x = 1  # type: ig\x6eore[misc]  # made at run time\n"),
        ("a.md", "see https://example.org/pages/x and ${HERE}/ho\x6de/x\n"),
    ],
)
def test_a_snippet_at_the_limit_passes(name: str, text: str) -> None:
    assert faults(name, text) == []


def test_a_repeated_test_file_name_is_refused() -> None:
    assert repeated(["test_a.py", "test_b.py", "test_a.py"]) == ["test_a.py"]
