"""Every entry of the demo was decided: as a command under a rule of the access table, or as the answer to a notice."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.docs.running_demo import RunningDemo

from nrm.config import AgencySection, Config
from nrm.demo.screen import DEFAULT_FOLDER
from nrm.founding import CONFIG
from nrm.services import STORE
from nrm_kernel import access
from nrm_kernel.adapters.store_sql import SqlStore
from nrm_kernel.entry import Entry

EVERYTHING = 100_000


def decided_by(entry: Entry) -> str:
    """Under which rule the entry was decided, or that it answers a notice; empty for neither."""
    policy = entry.envelope.get("policy")
    rule = policy.get("rule", "") if isinstance(policy, dict) else ""
    who = entry.text("request_id") and entry.text("actor") and entry.text("purpose")
    if rule and who:
        return str(rule)
    return "notice" if entry.text("causation_id") and not rule else ""


async def facts(section: AgencySection) -> list[Entry]:
    """All entries of an agency but notices, which are part of the fact before them."""
    store = await SqlStore.open_sqlite(section.folder / STORE, section.origin)
    entries = await store.read(0, EVERYTHING)
    await store.close()
    return [entry for entry in entries if not entry.to]


def deciding(folder: Path) -> Iterator[AgencySection]:
    """The agencies that decide anything."""
    sections = Config.load(folder / CONFIG).agency
    return (section for section in sections if section.kind not in ("coordinator", "audit"))


@pytest.mark.slow
async def test_every_entry_cites_the_rule_it_was_decided_under_or_the_notice_that_it_answers(demo: RunningDemo) -> None:
    for section in deciding(demo.folder / DEFAULT_FOLDER):
        tables = [access.load(section.kind), access.load("vault")]
        rules = {row.rule for table in tables for rows in table.rows.values() for row in rows}
        entries = await facts(section)
        assert len(entries) > 50
        assert [entry.position for entry in entries if decided_by(entry) not in rules | {"notice"}] == []


@pytest.mark.parametrize(
    ("planted", "by"),
    [
        (b'{"request_id":"1","actor":"a","purpose":"p","policy":{"rule":"ID-01"}}', "ID-01"),
        (b'{"request_id":"1","causation_id":"c","policy":{"version":"v"}}', "notice"),
        (b'{"request_id":"1","policy":{"rule":"ID-01"}}', ""),
        (b'{"request_id":"1","actor":"a","purpose":"p","policy":{"version":"v"}}', ""),
        (b'{"data":{}}', ""),
    ],
)
def test_an_entry_that_nobody_decided_is_seen(planted: bytes, by: str) -> None:
    assert decided_by(Entry.of("a/b/c", 0, planted)) == by
