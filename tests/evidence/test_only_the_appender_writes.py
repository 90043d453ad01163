"""Nothing but the appender can write an entry: the source, the demo's loader included, is searched for other ways."""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
KERNEL = "kernel/nrm_kernel"
GENERATED = re.compile(r"_pb2(_grpc)?\.py$")
WRITES_ROWS = re.compile(r"\b(INSERT|REPLACE)\b.+\bINTO\b|\bUPDATE\b.+\bSET\b|\bDELETE\s+FROM\b", re.DOTALL)

MAKES_ENTRIES = "makes entries to be stored"
OPENS_A_WRITE = "opens a write on a store"
COMMITS = "commits"
KNOWS_THE_TABLE = "knows the tables of a store"
BESIDE_THE_LOG = "changes a store beside its log"
WRITES_SQL = "writes rows by SQL of its own"
PUBLISHES = "publishes entries"


def _kernel(*modules: str) -> frozenset[str]:
    return frozenset(f"{KERNEL}/{module}" for module in modules)


MIGRATES = "app/nrm/migration.py"
ALLOWED: Mapping[str, frozenset[str]] = {
    MAKES_ENTRIES: _kernel(
        *("store.py", "recording.py", "appender.py"), *("adapters/store_sql.py", "adapters/store_postgres.py")
    ),
    OPENS_A_WRITE: _kernel("appender.py", "adapters/store_postgres.py", "adapters/views_postgres.py"),
    COMMITS: _kernel("appender.py", "adapters/store_sql.py", "adapters/views_sql.py", "adapters/log_sqlite.py"),
    KNOWS_THE_TABLE: _kernel("adapters/store_sql.py", "adapters/store_postgres.py") | {MIGRATES},
    BESIDE_THE_LOG: _kernel("adapters/vault_sql.py"),
    WRITES_SQL: _kernel(*(f"adapters/{one}.py" for one in ("postgres_rows", "store_postgres", "views_postgres"))),
    PUBLISHES: _kernel("relay.py"),
}
"""Which modules may do it; the contract tests under ``testing/`` try all of it."""


@cache
def sources() -> Mapping[str, str]:
    """Every module that may run in a deployment, by path."""
    return dict(_sources())


def _sources() -> Iterator[tuple[str, str]]:
    for part in ("app", "kernel", "services", "contracts"):
        for path in sorted((ROOT / part).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if not GENERATED.search(name) and not name.startswith(f"{KERNEL}/testing/"):
                yield name, path.read_text("utf-8")


def violations(name: str, source: str) -> list[str]:
    """What a module does that only the way into the log may do."""
    return [f"{name}:{line}: {what}" for what, line in _done(ast.parse(source)) if name not in ALLOWED[what]]


def _done(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute() as method):
                yield from _called(node, method)
            case ast.Constant(value=str() | bytes() as text) if WRITES_ROWS.search(str(text)):
                yield WRITES_SQL, node.lineno
            case ast.JoinedStr() if WRITES_ROWS.search(ast.unparse(node)):
                yield WRITES_SQL, node.lineno
            case ast.stmt() | ast.Attribute():
                names = _named(node)
                if "store_tables" in names:
                    yield KNOWS_THE_TABLE, node.lineno
                if names & {"Batch", "NewEntry"}:
                    yield MAKES_ENTRIES, node.lineno


def _named(node: ast.stmt | ast.Attribute) -> set[str]:
    """What an import brings, an attribute reaches for, or a class is called."""
    match node:
        case ast.Import(names=names):
            return {part for alias in names for part in alias.name.split(".")}
        case ast.ImportFrom(module=module, names=names):
            return {*(module or "").split("."), *(alias.name for alias in names)}
        case ast.Attribute(attr=name) | ast.ClassDef(name=name):
            return {name}
        case _:
            return set()


def _called(call: ast.Call, method: ast.Attribute) -> Iterator[tuple[str, int]]:
    match method.attr:
        case "writing":
            yield OPENS_A_WRITE, call.lineno
        case "commit" if call.args:
            yield COMMITS, call.lineno
        case "change" if ast.unparse(method.value).endswith("store"):
            yield BESIDE_THE_LOG, call.lineno
        case "publish" if ast.unparse(method.value).endswith("log"):
            yield PUBLISHES, call.lineno


def test_nothing_but_the_appender_and_the_store_adapters_writes_entries() -> None:
    assert [one for name, source in sources().items() for one in violations(name, source)] == []


def test_the_search_sees_the_loader_the_services_and_each_module_that_may() -> None:
    seen = sources()
    assert {"app/nrm/demo/history.py", "app/nrm/embedded.py", "services/audit/nrm_audit/export.py"} <= seen.keys()
    for what, modules in ALLOWED.items():
        for module in modules:
            done = {each for each, _ in _done(ast.parse(seen[module]))}
            assert what in done, f"{module} no longer {what}: take it off the list"


def test_the_migration_names_the_tables_and_does_nothing_else_with_them() -> None:
    tree = ast.parse(sources()[MIGRATES])
    reached = [ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    mentioned = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == "store_tables"]
    assert [one for one in reached if one.startswith("store_tables.")] == ["store_tables.metadata"]
    assert len(mentioned) == 1


@pytest.mark.parametrize(
    ("planted", "what"),
    [
        ("from nrm_kernel.store import Batch\n", MAKES_ENTRIES),
        ("import nrm_kernel.store as s\nasync def load(w): await w.record(s.NewEntry('a', 0, e))\n", MAKES_ENTRIES),
        ("async def load(store):\n    async with store.writing(w) as open: pass\n", OPENS_A_WRITE),
        ("async def load(writing, batch): await writing.commit(batch)\n", COMMITS),
        ("from nrm_kernel.adapters.store_tables import entry\n", KNOWS_THE_TABLE),
        ("from nrm_kernel.adapters import store_tables\n", KNOWS_THE_TABLE),
        ("import nrm_kernel.adapters as a\nrows = a.store_tables.entry.insert()\n", KNOWS_THE_TABLE),
        ("async def load(self): await self._store.change(lambda c: c.execute(rows))\n", BESIDE_THE_LOG),
        ("def load(file): file.execute('INSERT OR IGNORE INTO entry VALUES (?, ?, ?, ?, ?)', row)\n", WRITES_SQL),
        ("def load(file, t): file.execute(f'UPDATE {t} SET body = ?', row)\n", WRITES_SQL),
        ("async def load(around): await around.log.publish(origin, entries, note)\n", PUBLISHES),
    ],
)
def test_a_planted_way_around_is_found(planted: str, what: str) -> None:
    name = "app/nrm/demo/loader.py"
    assert any(what in one for one in violations(name, planted)), violations(name, planted)
