"""What a service is made of, as plain tables: its methods, its reactions, its views.

A service's ``build`` returns a :class:`Service`; the kernel serves its methods, runs its reactions and fills its views.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from google.protobuf.descriptor import ServiceDescriptor
from google.protobuf.message import Message

from nrm_contracts import catalogue
from nrm_contracts.policy import NationalPolicy
from nrm_kernel.decider import Decision, Fold, Streams
from nrm_kernel.entry import Entry
from nrm_kernel.errors import Refused
from nrm_kernel.identity import Caller, service_of
from nrm_kernel.vault import Sight
from nrm_kernel.views import Change, View

S = TypeVar("S")
E = TypeVar("E")
F = TypeVar("F")
OF_ANYBODY = "record"
"""The first part of the names of events that every kind of agency records."""


@dataclass(frozen=True, slots=True)
class Beside(Generic[F]):
    """What a command was looked up for: what was ``found``, streams to read to decide, the command's own first, and
    changes beside the log that are made in the transaction that records the command.
    """

    found: F
    streams: Streams
    rows: Sequence[Change] = ()


@dataclass(frozen=True)
class Write:
    """One command's method. The RPC method, the command class and its tests share one name.

    Fields of the command are taken from the request by name; those in ``minted`` are drawn fresh and given back in the
    reply under the same name; ``now``, ``occurred_on``, ``officer``, ``roles``, ``caller_agency``, ``agency`` (own
    origin), ``policy`` and ``agencies`` (origin -> kind) are filled in by the kernel if the command has a field of that
    name. ``sealed`` maps a request field holding personal data to its vault class; they are sealed under the person
    that ``person`` names.
    ``streams`` are what ``decide`` reads, the command's own stream first. A command that needs a look into the store
    before it can be decided names it ``beside``: what was found goes to ``decide`` first, and those streams are read
    first.
    """

    command: type[Any]
    decide: Callable[..., Decision]
    streams: Callable[[Any], Streams]
    minted: tuple[str, ...] = ()
    sealed: Mapping[str, str] = field(default_factory=dict)
    person: str = "person_ref"
    beside: Callable[[Any], Awaitable[Beside[Any]]] | None = None

    @property
    def name(self) -> str:
        return self.command.__name__


@dataclass(frozen=True)
class Read:
    """A query: ``answer(request, caller) -> response message``. Raises errors of :mod:`nrm_kernel.errors`."""

    name: str
    answer: Callable[[Any, Caller], Awaitable[Message]]


@dataclass(frozen=True)
class Watch:
    """A query whose answer goes on: a server stream of messages."""

    name: str
    answer: Callable[[Any, Caller], AsyncIterator[Message]]


@dataclass(frozen=True)
class Door:
    """One gRPC service and its methods; every method of the descriptor must stand here, and no other."""

    descriptor: ServiceDescriptor
    methods: Sequence[Write | Read | Watch]


@dataclass(frozen=True)
class Ask:
    """What a reaction asks of its own service: a command with its decide function and the streams that it reads."""

    command: object
    decide: Callable[..., Decision]
    streams: Streams


class Lookup(Protocol):
    """What a service may look up in its own store, outside a command."""

    async def state(self, fold: Fold[S, E], key: str) -> tuple[S, int]:
        """A stream's state and version; the initial state and 0 when nothing was recorded yet."""
        ...


class Asking(Lookup, Protocol):
    """What a reaction has at hand; ``occurred_on`` for commands is the notice's own."""

    async def person_behind(self, handover_id: str) -> str | None:
        """The person that this agency and the notice's sender know under a handover id, minted here or received."""
        ...

    @property
    def now(self) -> datetime: ...

    @property
    def agency(self) -> str: ...

    @property
    def agencies(self) -> Mapping[str, str]: ...

    @property
    def policy(self) -> NationalPolicy: ...

    def new_ref(self) -> str: ...


async def known_person(handover_id: str, asking: Asking) -> str:
    """See :meth:`Asking.person_behind`; where there is none, refused with HANDOVER_UNKNOWN, so that somebody looks."""
    person_ref = await asking.person_behind(handover_id)
    if person_ref is None:
        raise Refused("HANDOVER_UNKNOWN", "A notice names a handover that this agency has no person for.")
    return person_ref


@dataclass(frozen=True)
class Reaction:
    """How a service answers another agency's notice: commands for itself. Request ids derive from ``name``: keep it.

    A notice is taken from agencies of the kind whose news it is, and from those of the kinds ``passed_on_by``, which
    tell it further under their own handovers. From anybody else it is refused with NOTICE_FOREIGN. What no kind owns,
    every agency may tell.
    """

    name: str
    notice: type[Any]
    react: Callable[[Any, Entry, Asking], Awaitable[Sequence[Ask]]]
    passed_on_by: frozenset[str] = frozenset()

    def is_taken_from(self, origin: str) -> bool:
        """Whether an agency of that origin's kind may tell it."""
        kind, whose = service_of(origin), catalogue.type_of(self.notice).name.partition(".")[0]
        return whose in (kind, OF_ANYBODY) or kind in self.passed_on_by


@dataclass(frozen=True)
class Service:
    """One deployable service: what to serve and what to run.

    ``views`` follow from the agency's own log; ``national`` ones from every agency's, which only the coordinator and
    the auditors may read. ``sight`` says who may look into its vault; a service without one holds no personal data.
    """

    kind: str
    doors: Sequence[Door]
    reactions: Sequence[Reaction] = ()
    views: Sequence[View] = ()
    national: Sequence[View] = ()
    sight: Sight | None = None
