"""The shared log on Kafka for whoever comes with other tools, as an AsyncAPI 3 document.

FastStream gives servers and topics. What stands in a record is told from the tables and classes with which records are
made. The data of each event type are described by contracts/nrm_contracts/asyncapi.yaml; the logs' channels have the
same names there.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from importlib.resources import files
from typing import Any, Final, cast

from faststream.specification.asyncapi import AsyncAPI
from pydantic import TypeAdapter

from nrm_kernel.adapters.log_kafka_broker import broker_for
from nrm_kernel.ledger.merkle import HASH_BYTES
from nrm_kernel.log_headers import JSON_TYPE, KIND, OF_ENTRIES, OF_EVERY_RECORD, Header
from nrm_kernel.log_parked import Parked
from nrm_kernel.log_records import CHECKPOINT, ENTRY, RUN, RUN_MAX
from nrm_kernel.log_topics import Cluster, LogTopic, beat_topic, parked_topic

Json = dict[str, Any]

ABOUT: Final = (
    "Each agency has one log, named by its origin, <deployment>/<kind>/<agency>, and a copy of it on a topic for each "
    "reader, with one partition. Read entries in the order of their positions, and only up to the size of a checkpoint "
    "whose signature and root you have checked against the trust file; what comes twice has the same position and leaf "
    "hash. An agency comes to Kafka with its own certificate (mutual TLS), and writes and reads the topics alone that "
    "are made for it; in plain text one comes only to a Kafka for trying things out."
)
PARAMETERS: Final = {
    "deployment": "Name of the installation, the same for all its agencies.",
    "kind": "Kind of the service that the agency runs.",
    "agency": "Name of the agency.",
    "reader_kind": "Kind of the service of the agency that the copy is made for.",
    "reader": "Name of the agency that the copy is made for.",
}
HEARTBEATS, PARKED = "heartbeats", "parked"
BEAT_ABOUT: Final = "The word of an agency that it lives, for everybody. Of each agency the newest is kept."
PARKED_ABOUT: Final = "What an agency could not take from a topic, for itself alone. Of each record the newest is kept."
BINDING_VERSION: Final = "0.4.0"
NOTE_TYPE: Final = "text/plain; charset=utf-8"
_ORIGIN: Final = "[a-z0-9-]+/[a-z0-9-]+/[a-z0-9-]+"
_SIGNED: Final = "\n\n(\u2014 [^\n]+\n)+$"


def described(cluster: Cluster, kinds: Collection[str], version: str) -> Json:
    """The document: a channel for the log of each kind of agency, and those of heartbeats and of parked records."""
    agency, copy = "{deployment}/{kind}/{agency}", "{deployment}/{reader_kind}/{reader}"
    topics = {kind: LogTopic(agency.replace("{kind}", kind), copy).name for kind in kinds}
    topics |= {HEARTBEATS: beat_topic(agency), PARKED: parked_topic(agency)}
    document = _framed(cluster, topics, version)
    for name, channel in document["channels"].items():
        _fill(name, channel)
    document["operations"] = {
        f"{name}-{action}": _operation(action, name, channel["messages"])
        for name, channel in document["channels"].items()
        for action in ("send", "receive")
    }
    parameters: Json = {name: {"description": meaning} for name, meaning in PARAMETERS.items()}
    parameters["kind"]["enum"] = parameters["reader_kind"]["enum"] = sorted(kinds)
    document["components"] = {"messages": _messages(), "parameters": parameters}
    return document


def _framed(cluster: Cluster, topics: Mapping[str, str], version: str) -> Json:
    """The document without what is in the records: FastStream knows of their bytes alone."""
    broker = broker_for(cluster, "described")
    for name, topic in topics.items():
        broker.publisher(topic, title=name, schema=bytes)
    document = AsyncAPI(broker, title="NRM shared log", version=version, description=ABOUT)
    return cast(Json, document.to_specification().to_jsonable())


def _fill(name: str, channel: Json) -> None:
    about, held = {
        HEARTBEATS: (BEAT_ABOUT, ["heartbeat"]),
        PARKED: (PARKED_ABOUT, ["parked"]),
    }.get(name, (f"The log of an agency of the kind {name}, as one reader gets it.", ["entry", "run", "checkpoint"]))
    named = [part for part in PARAMETERS if f"{{{part}}}" in channel["address"]]
    channel["description"] = about
    channel["messages"] = {message: {"$ref": f"#/components/messages/{message}"} for message in held}
    channel["parameters"] = {part: {"$ref": f"#/components/parameters/{part}"} for part in named}
    channel["bindings"]["kafka"]["partitions"] = 1


def _operation(action: str, channel: str, messages: Iterable[str]) -> Json:
    ref = f"#/channels/{channel}"
    return {
        "action": action,
        "channel": {"$ref": ref},
        "messages": [{"$ref": f"{ref}/messages/{message}"} for message in messages],
    }


def _messages() -> Json:
    return {
        "entry": _message(
            "One recorded event, byte for byte as its agency stored and hashed it; never write it again.",
            (JSON_TYPE, _entry_schema()),
            _headers(ENTRY, OF_ENTRIES),
            key="The stream: what the event is about.",
        ),
        "run": _message(
            f"Entries that the reader may not see: their leaf hashes (RFC 6962), {HASH_BYTES} bytes each, one behind "
            f"the other, 1 to {RUN_MAX} of them. With these it can compute every root.",
            ("application/octet-stream", {"type": "string", "format": "binary"}),
            _headers(RUN),
        ),
        "checkpoint": _message(
            "C2SP tlog-checkpoint: the origin's signature over the size and the root of its log.",
            (NOTE_TYPE, _text(f"^{_ORIGIN}\n[0-9]+\n[A-Za-z0-9+/]{{43}}={_SIGNED}")),
            _headers(CHECKPOINT),
        ),
        "heartbeat": _message(
            "C2SP signed note of the origin, the size of its log and the time (RFC 3339, UTC).",
            (NOTE_TYPE, _text(f"^nrm\\.heartbeat/v1\n{_ORIGIN}\n[0-9]+\n[0-9T:.-]+Z{_SIGNED}")),
            key="The origin.",
        ),
        "parked": _message(
            "A record that was passed over: where it is and why, without any byte of it. Looked at, it is released.",
            (JSON_TYPE, TypeAdapter(Parked).json_schema()),
            key="The record: topic@offset:first 16 digits of its digest.",
        ),
    }


def _message(summary: str, form: tuple[str, Json], headers: Json | None = None, key: str = "") -> Json:
    content_type, payload = form
    message = {
        "summary": summary,
        "contentType": content_type,
        "headers": headers or {"type": "object", "additionalProperties": False},
        "payload": payload,
    }
    if key:
        of_key = {"type": "string", "description": key}
        message["bindings"] = {"kafka": {"key": of_key, "bindingVersion": BINDING_VERSION}}
    return message


def _headers(kind: bytes, headers: Iterable[Header] = ()) -> Json:
    """The headers of that kind of record; their texts are UTF-8."""
    told: Json = {name: {"type": "string", "description": meaning} for name, meaning in OF_EVERY_RECORD.items()}
    told[KIND]["const"] = kind.decode()
    told |= {one.name: {"type": "string", "description": one.meaning, **one.form} for one in headers}
    optional = {one.name for one in headers if not one.is_always}
    required = [name for name in told if name not in optional]
    return {"type": "object", "properties": told, "required": required, "additionalProperties": False}


def _entry_schema() -> Json:
    """Without the keywords that make a document of its own of it."""
    schema = json.loads((files("nrm_contracts.record") / "entry.schema.json").read_text("utf-8"))
    return {name: said for name, said in schema.items() if name not in {"$schema", "$id"}}


def _text(pattern: str) -> Json:
    return {"type": "string", "pattern": pattern}
