"""The check's comparison trusts the files alone: it finds a wrong row in any real view, and nothing in memory helps."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from nrm.config import Config
from nrm.demo.again import Replayed, replayed, replaying_apart
from nrm.demo.folder import config_of
from nrm.services import views_in_folders
from nrm_audit.shown import ViewFile
from nrm_audit.stored import stored_entries
from nrm_kernel import entry as entries

pytestmark = pytest.mark.slow
FUND = "demo/funding/fund"


def apart(folder: Path) -> Replayed:
    """Compared by a fresh process."""
    config = Config.load(config_of(folder))
    with replaying_apart([folder], config.trust, config_of(folder)) as replaying:
        return replaying.result()


def shown(folder: Path) -> list[ViewFile]:
    """The views of every agency that has any."""
    return list(views_in_folders(Config.load(config_of(folder))))


def plant(file: ViewFile) -> str:
    """One wrong cell in one row of these views; gives the table."""
    [path] = file.path.glob("*.sqlite")
    with closing(sqlite3.connect(path)) as database, database:
        for view in file.views:
            for table in view.metadata.sorted_tables:
                texts = [one.name for one in table.columns if not one.primary_key and one.type.python_type is str]
                key = ", ".join(f'"{one.name}"' for one in table.primary_key.columns)
                row = f"({key}) IN (SELECT {key} FROM {table.name} LIMIT 1)"
                for column in texts:
                    if database.execute(f"UPDATE {table.name} SET \"{column}\" = 'planted' WHERE {row}").rowcount:
                        return table.name
    raise AssertionError(f"{file} holds no row with a text")


def test_a_wrong_row_in_each_agencys_views_is_named_by_a_fresh_process(folder: Path) -> None:
    before = apart(folder)
    assert before.equal, before.told
    planted = {(file.name, plant(file)) for file in shown(folder)}
    assert len(planted) >= 6, "five services, and the coordinator"
    after = apart(folder)
    assert (after.equal, after.rows) == (False, before.rows)
    wrong = {line.split()[1] for line in after.told.splitlines() if "rows differ" in line}
    assert wrong == {f"{origin}.{table}" for origin, table in planted}
    assert "is shown as 'planted'" in after.told


def test_what_this_process_remembers_of_the_entries_is_no_witness(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody who meddles with what the writing process holds in memory changes nothing of what the check finds."""
    monkeypatch.setattr(entries, "_recent", {})
    monkeypatch.setattr(entries, "RECENT", 10**6)
    for body in stored_entries([folder], FUND):
        remembered = entries.Entry.of(FUND, 0, body).said
        remembered.envelope["recorded_at"] = "1999-01-01T00:00:00.000Z"
        remembered.envelope["stream"] = "forgotten"
    config = config_of(folder)
    assert not replayed([folder], Config.load(config).trust, config).equal, "here it is believed"
    assert apart(folder).equal
