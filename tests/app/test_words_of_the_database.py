"""What a database server says when it lets nobody in names hosts and roles: the operator reads it, no caller does."""

import ssl
from collections.abc import Awaitable, Callable

import asyncpg
import grpc
import pytest
from asyncpg import exceptions
from sqlalchemy import text

from nrm_kernel.adapters.postgres_access import PostgresAccess
from nrm_kernel.adapters.postgres_faults import StoreAway, for_the_operator
from nrm_kernel.rpc_status import code_of, status_of

WORDS = 'no pg_hba.conf entry for host "10.0.0.7", user "police"'
Use = Callable[[PostgresAccess], Awaitable[object]]


async def _written(access: PostgresAccess) -> None:
    async with access.writing("SELECT 1"):
        pass


async def _aside(access: PostgresAccess) -> None:
    async with access.aside("SELECT 1"):
        pass


USES: dict[str, Use] = {
    "writes": _written,
    "reads beside a write": _aside,
    "reads": lambda access: access.rows("SELECT 1"),
    "asks": lambda access: access.run(lambda connection: connection.scalar(text("SELECT 1"))),
    "changes": lambda access: access.change(lambda connection: connection.scalar(text("SELECT 1"))),
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (exceptions.InvalidAuthorizationSpecificationError(WORDS), "STORE_REFUSED"),
        (exceptions.InvalidPasswordError(WORDS), "STORE_REFUSED"),
        (exceptions.InvalidCatalogNameError(WORDS), "STORE_REFUSED"),
        (ssl.SSLError(1, WORDS), "STORE_UNAVAILABLE"),
        (ConnectionRefusedError(111, WORDS), "STORE_UNAVAILABLE"),
        (exceptions.TooManyConnectionsError(WORDS), "STORE_UNAVAILABLE"),
    ],
    ids=lambda one: type(one).__name__ if isinstance(one, Exception) else "",
)
async def test_no_word_of_the_server_reaches_a_caller_and_the_operator_gets_all(
    monkeypatch: pytest.MonkeyPatch, fault: Exception, reason: str, use: Use
) -> None:
    async def refuses(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr(asyncpg, "connect", refuses)
    monkeypatch.setattr(asyncpg, "create_pool", refuses)
    access = PostgresAccess("postgresql://police@10.0.0.7/police")
    with pytest.raises(StoreAway) as told:
        await use(access)
    await access.close()
    away = told.value
    assert (away.reason, code_of(away)) == (reason, grpc.StatusCode.UNAVAILABLE)
    status = status_of(away, grpc.StatusCode.UNAVAILABLE, "nrm.toy")
    sent = f"{status.details} {list(status.trailing_metadata)}"
    assert not [word for word in ("10.0.0.7", "police", "entry for") if word in sent]
    assert type(fault).__name__ in sent
    assert WORDS in for_the_operator(away)
    assert type(fault).__name__ in for_the_operator(away)
