"""Views made in a process that knows nothing but the entries: ``python -m nrm_kernel.testing.fresh STORE ORIGIN VIEW``.

Prints every row of the view (``module:NAME``) as one line of JSON, to be compared with the rows that are shown.
"""

import asyncio
import json
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from sqlalchemy import select

from nrm_kernel.adapters.store_sql import SqlStore
from nrm_kernel.adapters.views_sql import SqlViews
from nrm_kernel.ledger.merkle import Frontier
from nrm_kernel.projecting import OwnSource, Projecting
from nrm_kernel.store import Store
from nrm_kernel.views import View, ViewReader

Dump = dict[str, list[list[str | int | bool | None]]]


async def dump(views: ViewReader, view: View) -> Dump:
    """All rows of a view, in the order of their keys."""
    tables = view.metadata.sorted_tables
    return {
        table.name: [list(row) for row in await views.rows(select(table).order_by(*table.primary_key))]
        for table in tables
    }


async def rebuilt(store: Store, view: View, *more: Store) -> Dump:
    """The rows that the entries of a store give, or of several, made in an empty place."""
    with tempfile.TemporaryDirectory() as folder:
        views = await SqlViews.open(Path(folder), [view])
        for each in (store, *more):
            projecting = Projecting(OwnSource(each, Frontier()), [view], views)
            while await projecting.step():
                pass
        made = await dump(views, view)
        await views.close()
    return made


async def main(path: str, origin: str, name: str) -> None:
    """Rebuild and print."""
    module, _, attribute = name.partition(":")
    store = await SqlStore.open_sqlite(Path(path), origin)
    made = await rebuilt(store, getattr(import_module(module), attribute))
    await store.close()
    sys.stdout.write(json.dumps(made) + "\n")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
