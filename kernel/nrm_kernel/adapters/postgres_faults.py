"""What keeps PostgreSQL from answering, and what whoever calls is told of it; its own words are for the operator."""

from collections.abc import Iterator
from contextlib import contextmanager

from asyncpg import exceptions
from sqlalchemy.exc import DBAPIError

from nrm_kernel.errors import Unavailable

LOST = (
    exceptions.PostgresConnectionError,
    exceptions.InterfaceError,
    exceptions.InternalClientError,  # what the driver says when the server's last word has come and the end has not
    exceptions.OperatorInterventionError,
    exceptions.IdleInTransactionSessionTimeoutError,
    OSError,
    TimeoutError,
)
"""The connection is gone, or going: what was under way on it may or may not have been done."""
_KEPT_OUT = (exceptions.InvalidAuthorizationSpecificationError, exceptions.InvalidCatalogNameError)
"""What only who connects is told; a pool of connections does so in the middle of anything."""
_REFUSED = (
    *_KEPT_OUT,
    exceptions.InsufficientPrivilegeError,
    exceptions.ObjectNotInPrerequisiteStateError,  # a database that takes no connections
    exceptions.UndefinedObjectError,  # an option of the URL that the server does not know
    exceptions.ClientConfigurationError,
)
_HINDERED = (
    exceptions.InsufficientResourcesError,
    exceptions.ObjectNotInPrerequisiteStateError,  # a lock too that was waited for in vain
    exceptions.TransactionRollbackError,
    exceptions.PostgresSystemError,
    exceptions.ReadOnlySQLTransactionError,
    exceptions.InsufficientPrivilegeError,  # taken away while it runs: whether it is there is looked at first
    exceptions.CannotConnectNowError,
    exceptions.TooManyConnectionsError,
)
"""The database cannot do it now. Everything else that it says is a fault of ours and is raised as it is."""


class StoreAway(Unavailable):
    """The database cannot be used now, and nothing was saved.

    Whoever calls is told no more than the kind of the fault. ``said`` holds the words of the server or of TLS, which
    may name hosts and roles: they are for the agency's own operator.
    """

    def __init__(self, reason: str, text: str, fault: BaseException) -> None:
        super().__init__(reason, text, cause=type(fault).__name__)
        self.said = str(fault)


class StoreRefused(StoreAway):
    """The database server answers, and does not let this role in, or has no such database."""

    def __init__(self, fault: BaseException) -> None:
        super().__init__(
            "STORE_REFUSED",
            "The database server does not let this agency in. Nothing was saved. Its operator checks the role, its "
            "password or certificate, the database's name, the URL's options, and the server's pg_hba.conf; then try "
            "again.",
            fault,
        )


def for_the_operator(fault: BaseException) -> str:
    """Why a database was not reached, in its server's own words where there are any. Never for who calls."""
    if isinstance(fault, StoreAway):
        return f"{fault.facts['cause']}: {fault.said}"
    if isinstance(fault, Unavailable):
        return fault.facts.get("cause", fault.reason)
    return f"{type(fault).__name__}: {fault}"


class CommitUnknown(Unavailable):
    """The connection was lost while a commit was under way: it may have happened."""

    def __init__(self, cause: str) -> None:
        super().__init__(
            "COMMIT_UNKNOWN",
            "The database went away while it saved, so whether it did is not known. Send the same request again, "
            "with the same request id, after a while: it has its effect once.",
            cause=cause,
        )


@contextmanager
def told() -> Iterator[None]:
    """What keeps the database from answering now is told as Unavailable; a fault of ours is raised as it is."""
    try:
        yield
    except DBAPIError as error:
        cause = getattr(error.orig, "driver_exception", None) or (error.orig and error.orig.__cause__) or error.orig
        if isinstance(cause, (*LOST, *_HINDERED)) or error.connection_invalidated:
            raise unavailable(cause or error) from error
        raise
    except _KEPT_OUT as error:
        raise StoreRefused(error) from error
    except (*LOST, *_HINDERED) as error:
        if isinstance(error, ValueError):  # the driver's word for a value of the wrong type
            raise
        raise unavailable(error) from error


def unavailable(cause: BaseException) -> Unavailable:
    """What a caller is told when nothing was saved."""
    return StoreAway(
        "STORE_UNAVAILABLE",
        "The store cannot be used now. Nothing was saved. Send the same request again after a while; if it stays "
        "so, check the database server.",
        cause,
    )


def gone() -> Unavailable:
    """What a caller is told who comes too late."""
    return Unavailable("STORE_CLOSED", "The store is closed: the service is stopping. Nothing was saved.")


@contextmanager
def let_in() -> Iterator[None]:
    """Who is not let in is told so as StoreRefused."""
    try:
        yield
    except _REFUSED as fault:
        raise StoreRefused(fault) from fault
