"""A table of numbers, and how rows come into it; for tests of the file that it is in."""

import threading

from sqlalchemy import Column, Connection, Integer, MetaData, Table, func, insert, select

METADATA = MetaData()
NUMBER = Table("number", METADATA, Column("value", Integer, primary_key=True))


def add(connection: Connection) -> int:
    """One row more; gives the thread in which it was written."""
    connection.execute(insert(NUMBER).values(value=count(connection)))
    return threading.get_ident()


def count(connection: Connection) -> int:
    """How many rows there are."""
    return connection.scalar(select(func.count()).select_from(NUMBER)) or 0
