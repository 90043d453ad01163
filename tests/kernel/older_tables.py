"""The toy's view as an earlier release may have had it: the same name, the same version, other tables."""

from sqlalchemy import BigInteger, Column, MetaData, String, Table

from nrm_kernel.testing.toy import VIEW, raised
from nrm_kernel.views import View

Columns = Column[str] | Column[int]


def _older(*columns: Columns) -> View:
    """Applies nothing: how far it came is all that a later release may not go on from."""
    metadata = MetaData()
    raised.to_metadata(metadata)
    Table("unannounced", metadata, *columns)
    return View(VIEW.name, VIEW.version, metadata, lambda _entry: [])


def _stream() -> Column[str]:
    return Column("stream", String, primary_key=True)


def _last_by() -> Column[int]:
    return Column("last_by", BigInteger, nullable=False)


OLDER = {
    "a column fewer": _older(_stream(), _last_by()),
    "a column of another type": _older(_stream(), _last_by(), Column("told_to", BigInteger)),
    "a column that is never empty": _older(_stream(), _last_by(), Column("told_to", String, nullable=False)),
    "another key": _older(_stream(), _last_by(), Column("told_to", String, primary_key=True)),
    "an index more": _older(_stream(), _last_by(), Column("told_to", String, index=True)),
}
SAME = _older(_stream(), _last_by(), Column("told_to", String))
"""Defined anew, and in nothing different."""
