"""From decisions to entries: what a batch of commands makes happen is numbered, chained and hashed here.

Pure but for fresh ids and salts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from nrm_contracts import catalogue
from nrm_contracts.catalogue import Audience
from nrm_contracts.record.events import HandoverMinted, HandoverReceived
from nrm_kernel.decider import Decision, Fold, In, Notice
from nrm_kernel.entry import BODY_BYTES_MAX, VERSION, Entry, Json
from nrm_kernel.errors import Exhausted
from nrm_kernel.ids import new_ref, new_salt
from nrm_kernel.store import Handover, NewEntry

DAY_CHARS = len("2026-11-22")


@dataclass(frozen=True, slots=True)
class Context:
    """Under what a command was given: who, why, on what basis, when. Times are RFC 3339 text; absent text is empty.

    ``policy`` names the rule of the access table, the table's hash and the national policy's version; ``sealed`` are
    the commitments to personal data that the command's first entry carries.
    """

    recorded_at: str
    occurred_at: str
    agency: str
    actor: str = ""
    purpose: str = ""
    basis: str = ""
    policy: Mapping[str, str] = field(default_factory=dict)
    causation_id: str = ""
    correlation_id: str = ""
    trace_id: str = ""
    sealed: Sequence[Mapping[str, str | int]] = ()


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a command came to: its last entry and its stream's version afterwards."""

    origin: str
    position: int
    stream: str
    version: int
    entry_hash: bytes


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream as far as it has been recorded: its state and where its chain ends."""

    fold: Fold[Any, Any] | None
    state: Any
    version: int = 0
    position: int = -1
    leaf: bytes = b""
    changed_by: str = ""
    changed_at: str = ""

    @classmethod
    def of(cls, fold: Fold[Any, Any] | None, entries: Sequence[Entry]) -> "Stream":
        """The stream that these entries make up."""
        state = fold.state([entry.event for entry in entries]) if fold else None
        if not entries:
            return cls(fold, state)
        last = entries[-1]
        return cls(fold, state, len(entries), last.position, last.leaf, last.text("actor"), last.recorded_at)


def notice_stream(about: str) -> str:
    """The stream of the notices about one handover or contract."""
    return f"notice-{about}"


class Recording:
    """A batch in the making. What one command stages is seen by the next; what a failed one drafted is not.

    Every stream that a command reads or that its notices stand in must be among ``streams``.
    """

    def __init__(self, origin: str, size: int, streams: Mapping[str, Stream], deps: Mapping[str, int]) -> None:
        self.origin = origin
        self._streams = streams
        self.size = size
        self.staged: dict[str, Stream] = {}
        self.entries: list[NewEntry] = []
        self.handovers: list[Handover] = []
        self.deps = deps
        self.deps_written = False

    def stream(self, name: str) -> Stream:
        """A stream as it stands after what was staged so far. Raises KeyError for one that was not loaded."""
        return self.staged.get(name) or self._streams[name]

    def draft(self, request_id: str, streams: Sequence[str], decision: Decision, context: Context) -> "Draft":
        """Everything that a command makes happen which reads these streams, its own first.

        Raises if any of it cannot be recorded; nothing is staged yet.
        """
        draft = Draft(self, streams[0], request_id, context, {name: self.stream(name) for name in streams})
        for outcome in decision:
            draft.add(outcome)
        return draft

    def stage(self, draft: "Draft") -> None:
        """Take a draft into the batch. It must be the one that was made last."""
        self.staged |= draft.streams
        self.entries += draft.entries
        self.handovers += draft.handovers
        self.size += len(draft.entries)
        self.deps_written |= draft.deps_written


@dataclass(slots=True)
class Draft:
    """One command's share of the batch."""

    recording: Recording
    own: str
    request_id: str
    context: Context
    streams: dict[str, Stream]
    entries: list[NewEntry] = field(default_factory=list)
    handovers: list[Handover] = field(default_factory=list)
    facts: int = 0
    deps_written: bool = False

    @property
    def recorded(self) -> Recorded:
        """What the command comes to once this is durable."""
        last = self.streams[self.own]
        return Recorded(self.recording.origin, last.position, self.own, last.version, last.leaf)

    def add(self, outcome: object) -> None:
        """Draft one outcome of the decision: an event of the own stream, of another one, or a notice."""
        match outcome:
            case In(stream=stream, event=event):
                assert stream in self.streams, f"{stream} is written but not read: name it in the command's streams"
                self._append(stream, event, self._fact())
            case Notice(to=to, about=about, event=event):
                stream = notice_stream(about)
                self.streams.setdefault(stream, self.recording.stream(stream))
                self._append(stream, event, self._notice(to))
            case event:
                self._append(self.own, event, self._fact())

    def _append(self, stream: str, event: object, envelope: dict[str, Json]) -> None:
        kind = catalogue.type_of(type(event))
        assert (kind.audience is Audience.NOTICE) == ("to" in envelope), f"{kind.name} is not for that audience"
        before = self.streams[stream]
        position = self.recording.size + len(self.entries)
        data, read_back = kind.written(event)
        envelope |= {
            "v": VERSION,
            "origin": self.recording.origin,
            "position": position,
            "stream": stream,
            "seq": before.version,
            "id": new_ref(),
            "salt": new_salt(),
            "type": kind.name,
            "schema": kind.version,
            "data": data,
        }
        if before.leaf:
            envelope["prev"] = before.leaf.hex()
        entry = Entry.written(self.recording.origin, position, envelope, read_back)
        _check_size(entry.body)
        self.entries.append(NewEntry(stream, before.version, entry))
        self.streams[stream] = self._after(before, event, entry)
        if isinstance(event, HandoverMinted | HandoverReceived):
            other = event.to if isinstance(event, HandoverMinted) else event.sender
            self.handovers.append(Handover(event.handover_id, event.person_ref, other))

    def _after(self, before: Stream, event: object, entry: Entry) -> Stream:
        state = before.fold.evolve(before.state, event) if before.fold else None
        actor, moment = self.context.actor, self.context.recorded_at
        return Stream(before.fold, state, before.version + 1, entry.position, entry.leaf, actor, moment)

    def _fact(self) -> dict[str, Json]:
        """What an own or public entry says beside its event. Sealed data and new deps stand in the first one."""
        context = self.context
        envelope: dict[str, Json] = {
            name: text
            for name, text in (
                ("request_id", self.request_id),
                ("occurred_at", context.occurred_at),
                ("recorded_at", context.recorded_at),
                ("agency", context.agency),
                ("actor", context.actor),
                ("purpose", context.purpose),
                ("basis", context.basis),
                ("causation_id", context.causation_id),
                ("correlation_id", context.correlation_id),
                ("trace_id", context.trace_id),
            )
            if text
        }
        if context.policy:
            envelope["policy"] = cast(Json, dict(context.policy))
        if context.sealed and not self.facts:
            envelope["sealed"] = cast(Json, [dict(one) for one in context.sealed])
        if self.recording.deps and not self.recording.deps_written and not self.facts:
            envelope["deps"] = cast(Json, [[origin, size] for origin, size in sorted(self.recording.deps.items())])
            self.deps_written = True
        self.facts += 1
        return envelope

    def _notice(self, to: str) -> dict[str, Json]:
        """What a notice says beside its event: nothing that two receivers could join, so times are cut to the day."""
        context = self.context
        envelope: dict[str, Json] = {
            "to": to,
            "occurred_at": context.occurred_at[:DAY_CHARS],
            "recorded_at": context.recorded_at[:DAY_CHARS],
            "agency": self.recording.origin,
        }
        if context.basis:
            envelope["basis"] = context.basis
        return envelope


def _check_size(body: bytes) -> None:
    if len(body) > BODY_BYTES_MAX:
        raise Exhausted(
            "ENTRY_TOO_LARGE",
            f"This would make an entry of {len(body)} bytes; the limit is {BODY_BYTES_MAX}. Nothing was saved. "
            "Send fewer items in one command.",
            bytes=len(body),
        )
