"""Identification agencies in memory: commands go through the service's own tables, notices through its reactions.

Every event is written and read again as it would be in an entry.
"""

from collections.abc import Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime
from typing import Any, Protocol, TypeVar

from tests.identification.scene import AGENCIES, DAY

from nrm_contracts.policy import NationalPolicy
from nrm_contracts.record.events import HandoverMinted, HandoverReceived
from nrm_identification.commands import COMMANDS
from nrm_identification.domain.state.person import PERSON, Person
from nrm_identification.reactions import REACTIONS
from nrm_kernel.decider import At, Fold, In, Notice
from nrm_kernel.entry import Entry, canonical
from nrm_kernel.errors import NrmError, Refused
from nrm_kernel.testing.entries import stored

T = TypeVar("T")
S = TypeVar("S")
E = TypeVar("E")


class Around(Protocol):
    """What an agency finds around it."""

    sent: list[tuple[str, Notice]]

    def new_ref(self) -> str: ...


def finished(coroutine: Coroutine[Any, Any, T]) -> T:
    """What a coroutine that waits for nothing comes to."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    raise AssertionError("it waited for something")


@dataclass
class Agency:
    """One identification agency without a store."""

    origin: str
    policy: NationalPolicy
    world: Around
    streams: dict[str, list[object]] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    refusals: list[str] = field(default_factory=list)
    on: date = DAY

    def do(self, command_type: type[T], **given: object) -> T:
        """Let the rules decide a command, record what it makes happen, and give the command with its minted fields."""
        command = self.command(command_type, **given)
        self._record(*self._decided(command))
        return command

    def refused(self, command_type: type[Any], **given: object) -> str:
        """The reason why the rules refuse a command; fails if they do not."""
        try:
            self._decided(self.command(command_type, **given))
        except NrmError as refusal:
            return refusal.reason
        raise AssertionError(f"{command_type.__name__} was not refused")

    def accepts(self, command: object, person: Person) -> bool:
        """Whether the rules would accept this command about the person in this state."""
        write = next(write for write in COMMANDS if write.command is type(command))
        others = [self.state(at) for at in write.streams(command)[1:]]
        try:
            write.decide(command, person, *others)
        except NrmError:
            return False
        return True

    def command(self, command_type: type[T], **given: object) -> T:
        """A command as the kernel makes it."""
        write = next(write for write in COMMANDS if write.command is command_type)
        kernel = {
            "occurred_on": self.on,
            "now": datetime(self.on.year, self.on.month, self.on.day, 12, tzinfo=UTC),
            "officer": "officer-1",
            "roles": frozenset({"first_responder", "identifier"}),
            "agency": self.origin,
            "policy": self.policy,
            "agencies": AGENCIES,
        }
        minted = {name: self.world.new_ref() for name in write.minted}
        names = {each.name for each in fields(write.command)}
        return command_type(**{name: value for name, value in (kernel | minted | given).items() if name in names})

    def state(self, at: At[S, E]) -> S:
        """The state of a stream, from its events."""
        return at.fold.state(self.streams.get(at.stream, ()))  # type: ignore[arg-type]  # a stream holds its own events

    def person(self, person_ref: str) -> Person:
        """What this agency holds on a person."""
        return self.state(At(PERSON, person_ref))

    def events(self, person_ref: str, *types: type[T]) -> list[T]:
        """The events of these types in a person's stream."""
        return [event for event in self.streams.get(PERSON.stream(person_ref), ()) if isinstance(event, types)]

    def persons(self) -> Iterator[str]:
        """Everybody known here."""
        return (name.removeprefix("person-") for name in self.streams if name.startswith("person-"))

    def hear(self, sender: str, notice: object, on: date | None = None) -> None:
        """React to a notice as the kernel does; a refusal is kept."""
        reaction = next(reaction for reaction in REACTIONS if reaction.notice is type(notice))
        envelope = {"occurred_at": (on or self.on).isoformat()}
        entry = Entry.of(sender, 0, canonical(envelope))
        try:
            for ask in finished(_coroutine(reaction.react(notice, entry, _Asking(self)))):
                self._record(ask.streams, ask.decide(ask.command, *(self.state(at) for at in ask.streams)))
        except Refused as refusal:
            self.refusals.append(refusal.reason)

    def _decided(self, command: object) -> tuple[Sequence[At[Any, Any]], Sequence[object]]:
        write = next(write for write in COMMANDS if write.command is type(command))
        streams = write.streams(command)
        return streams, list(write.decide(command, *(self.state(at) for at in streams)))

    def _record(self, streams: Sequence[At[Any, Any]], decision: Sequence[object]) -> None:
        for outcome in decision:
            match outcome:
                case Notice():
                    self.world.sent.append((self.origin, replace(outcome, event=stored(outcome.event))))
                case In(stream=stream, event=event):
                    assert stream in {at.stream for at in streams}
                    self._append(stream, event)
                case event:
                    self._append(streams[0].stream, event)

    def _append(self, stream: str, event: object) -> None:
        self.streams.setdefault(stream, []).append(stored(event))
        if isinstance(event, HandoverMinted | HandoverReceived):
            self.people[event.handover_id] = event.person_ref


def _coroutine(awaitable: object) -> Coroutine[Any, Any, Any]:
    assert isinstance(awaitable, Coroutine)
    return awaitable


@dataclass(frozen=True)
class _Asking:
    """What a reaction has at hand."""

    own: Agency

    @property
    def agency(self) -> str:
        return self.own.origin

    @property
    def agencies(self) -> Mapping[str, str]:
        return AGENCIES

    @property
    def policy(self) -> NationalPolicy:
        return self.own.policy

    @property
    def now(self) -> datetime:
        return datetime(self.own.on.year, self.own.on.month, self.own.on.day, 12, tzinfo=UTC)

    def new_ref(self) -> str:
        return self.own.world.new_ref()

    async def state(self, fold: Fold[S, E], key: str) -> tuple[S, int]:
        at = At(fold, key)
        return self.own.state(at), len(self.own.streams.get(at.stream, ()))

    async def person_behind(self, handover_id: str) -> str | None:
        return self.own.people.get(handover_id)
