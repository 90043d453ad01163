"""The headers of the shared log's records on Kafka: each with what it means, its form, and where its text is from.

Those of an entry are the CloudEvents 1.0 attributes as its Kafka protocol binding has them in binary mode: ``ce_`` and
the attribute's name, and ``content-type`` for what the value is. They hold nothing that the entry does not. Records are
written, and described to others, from these tables alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from nrm_kernel.entry import Entry

KIND, POSITION, TRACE = "nrm-record", "nrm-position", "traceparent"
JSON_TYPE: Final = "application/json"


@dataclass(frozen=True, slots=True)
class Header:
    """One header; ``form`` is JSON Schema's for its text, ``said`` gives the text of an entry, empty for none."""

    name: str
    meaning: str
    said: Callable[[Entry], str]
    form: Mapping[str, str] = field(default_factory=dict)
    is_always: bool = True


def traceparent(trace_id: str) -> str:
    """A trace as W3C Trace Context writes it. An entry keeps no span; the trace's own end stands for one."""
    return f"00-{trace_id}-{trace_id[-16:]}-01"


def _traceparent(entry: Entry) -> str:
    trace_id = entry.text("trace_id")
    return traceparent(trace_id) if trace_id else ""


OF_EVERY_RECORD: Final = {
    KIND: "What the record is.",
    POSITION: "The place in the origin's log, from 0: of an entry, of a run's first hash; of a checkpoint its size.",
}
"""Their meanings; the texts are given by whoever makes the record."""
OF_ENTRIES: Final = (
    Header("content-type", "What the value is.", lambda _entry: JSON_TYPE, {"const": JSON_TYPE}),
    Header("ce_specversion", "The version of CloudEvents.", lambda _entry: "1.0", {"const": "1.0"}),
    Header(
        "ce_id",
        "The entry's random name, the same in every reader's copy.",
        lambda entry: entry.text("id") or entry.leaf.hex(),
        {"pattern": "^[0-9a-f]+$"},
    ),
    Header(
        "ce_source",
        "The origin: whose log it is.",
        lambda entry: f"urn:nrm:{entry.origin}",
        {"pattern": "^urn:nrm:[a-z0-9-]+/[a-z0-9-]+/[a-z0-9-]+$"},
    ),
    Header(
        "ce_type",
        "Event type and version: the message of this name in contracts/nrm_contracts/asyncapi.yaml describes the data.",
        lambda entry: f"{entry.envelope.get('type', 'unknown')}.v{entry.envelope.get('schema', 0)}",
        {"pattern": r"^[A-Za-z]+(\.[A-Za-z]+)?\.v[0-9]+$"},
    ),
    Header("ce_subject", "The stream, which is the key too.", lambda entry: entry.text("stream")),
    Header(
        "ce_time",
        "When it was recorded: RFC 3339, UTC; the day only in a notice.",
        lambda entry: entry.text("recorded_at"),
    ),
    Header(
        TRACE,
        "The command's trace (W3C Trace Context). A notice has none: its reader must not join what its sender did.",
        _traceparent,
        {"pattern": "^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$"},
        is_always=False,
    ),
)
