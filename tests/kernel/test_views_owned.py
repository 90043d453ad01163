"""One process keeps a folder of views; another one reads what is shown there and never touches its files."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import OperationalError

from nrm_kernel.adapters import views_owner
from nrm_kernel.adapters.views_owner import ViewsKept
from nrm_kernel.adapters.views_shown import ShownViews
from nrm_kernel.adapters.views_sql import SqlViews
from nrm_kernel.errors import Unavailable
from nrm_kernel.ledger.merkle import Frontier
from nrm_kernel.projecting import Stretch
from nrm_kernel.testing.toy import VIEW, raised
from nrm_kernel.views import Add, Cells, View

ORIGIN = "toy/counting/here"
NEWER = replace(VIEW, version=2)
KEEPING = """
import asyncio, sys
from pathlib import Path
from nrm_kernel.adapters.views_sql import SqlViews
from nrm_kernel.testing.toy import VIEW

async def main():
    await SqlViews.open(Path(sys.argv[1]), [VIEW])
    print("kept", flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


@pytest.fixture
async def kept(tmp_path: Path) -> AsyncIterator[SqlViews]:
    views = await SqlViews.open(tmp_path, [VIEW])
    await filled(views, 0)
    yield views
    await views.close()


async def filled(views: SqlViews, after: int) -> None:
    """One more row."""
    row: Cells = {"origin": ORIGIN, "position": after, "stream": "counter-one", "by": after}
    frontier = Frontier().extend([bytes([number]) * 32 for number in range(after + 1)])
    await views.apply([Add(raised, row)], Stretch(ORIGIN, after, [], frontier))


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.sqlite"))}


@pytest.mark.parametrize("view", [VIEW, NEWER], ids=["same release", "newer release"])
async def test_a_second_keeper_is_told_and_changes_nothing(kept: SqlViews, tmp_path: Path, view: View) -> None:
    before = files(tmp_path)
    with pytest.raises(ViewsKept) as told:
        await SqlViews.open(tmp_path, [view], patience_s=0.1)
    assert told.value.reason == "VIEWS_KEPT"
    assert files(tmp_path) == before
    await filled(kept, 1)
    assert len(await kept.rows(select(raised))) == 2


async def test_a_keeper_that_is_about_to_end_is_waited_for(kept: SqlViews, tmp_path: Path) -> None:
    opening = asyncio.create_task(SqlViews.open(tmp_path, [VIEW]))
    await asyncio.sleep(2 * views_owner.POLL_S)
    assert not opening.done()
    await kept.close()
    again = await opening
    assert len(await again.rows(select(raised))) == 1
    await again.close()


async def test_when_it_cannot_be_opened_then_the_folder_is_free_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_arguments: object) -> None:
        raise Unavailable("AWAY", "The disk is away.")

    with monkeypatch.context() as patch:
        patch.setattr(SqlViews, "_made", broken)
        with pytest.raises(Unavailable):
            await SqlViews.open(tmp_path, [VIEW])
    await (await SqlViews.open(tmp_path, [VIEW], patience_s=0)).close()


async def test_the_folder_stays_kept_through_a_rebuild(kept: SqlViews, tmp_path: Path) -> None:
    await kept.replace_by(await kept.beside())
    with pytest.raises(ViewsKept):
        await SqlViews.open(tmp_path, [VIEW], patience_s=0)
    assert list(files(tmp_path)) == ["0002.sqlite"]


@pytest.mark.slow
async def test_a_process_that_dies_keeps_nothing(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", KEEPING, str(tmp_path), stdout=PIPE)
    assert process.stdout is not None
    assert await process.stdout.readline() == b"kept\n"
    with pytest.raises(ViewsKept):
        await SqlViews.open(tmp_path, [VIEW], patience_s=0)
    process.kill()
    await process.wait()
    await (await SqlViews.open(tmp_path, [VIEW], patience_s=0)).close()


async def test_what_is_shown_can_be_read_beside_its_keeper_but_not_changed(kept: SqlViews, tmp_path: Path) -> None:
    shown = await ShownViews.open(tmp_path, [VIEW])
    await filled(kept, 1)
    assert [row.by for row in await shown.rows(select(raised))] == [0, 1]
    assert await shown.completeness() == await kept.completeness()
    with pytest.raises(Unavailable) as refused:
        await shown.rows(insert(raised).values(origin="x", position=9, stream="x", by=1))  # type: ignore[arg-type]  # no query
    assert isinstance(refused.value.__cause__, OperationalError)
    await shown.close()
    assert len(await kept.rows(select(raised))) == 2


async def test_a_rebuild_under_way_is_not_what_is_shown(kept: SqlViews, tmp_path: Path) -> None:
    fresh = await kept.beside()
    shown = await ShownViews.open(tmp_path, [VIEW])
    assert len(await shown.rows(select(raised))) == 1
    await kept.replace_by(fresh)
    assert len(await shown.rows(select(raised))) == 1, "it goes on with what it began with"
    await shown.close()


async def test_views_of_another_release_are_not_read_and_stay(kept: SqlViews, tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as told:
        await ShownViews.open(tmp_path, [NEWER])
    assert told.value.reason == "VIEWS_NOT_SHOWN"
    assert list(files(tmp_path)) == ["0001.sqlite"]
