"""A command through a real server, from its bytes to the entry and back."""

import uuid

import grpc
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from nrm_kernel.testing.serving import Agency, Metadata, Outcome, outcome
from nrm_kernel.testing.toy_door import CONTRACT, Loose, message, path

CANARY = "Canary Name-Of-Nobody"


def registration(**values: object) -> Message:
    given = {"request_id": str(uuid.uuid4()), "sex": "female", "seen_on": "2026-01-02", "title": "Sea Star", **values}
    return message("RegisterBoatRequest", **given)


def reply(result: Outcome, name: str) -> Loose:
    assert result.code is grpc.StatusCode.OK, result
    return GetMessageClass(CONTRACT.file.message_types_by_name[name]).FromString(result.reply)


async def register(channel: grpc.aio.Channel, worker: Metadata, **values: object) -> Loose:
    request = registration(**values).SerializeToString()
    return reply(await outcome(channel, path("RegisterBoat"), request, worker), "RegisterBoatResponse")


async def test_a_command_is_recorded_with_who_why_and_by_which_rule(
    agency: Agency, channel: grpc.aio.Channel, worker: Metadata
) -> None:
    answer = await register(channel, worker, legal_basis="consent", occurred_on="2026-01-03")
    [entry] = await agency.store.stream(f"person-{answer.person_ref}")
    assert (answer.receipt.position, answer.receipt.version, answer.receipt.entry_hash) == (0, 1, entry.leaf)
    said = {name: entry.envelope[name] for name in ("agency", "actor", "purpose", "basis", "occurred_at")}
    assert said == {
        "agency": "toy/boats/north",
        "actor": "officer-1",
        "purpose": "assist",
        "basis": "consent",
        "occurred_at": "2026-01-03",
    }
    policy = entry.envelope["policy"]
    assert isinstance(policy, dict)
    assert policy["rule"] == "TOY-1"
    assert len(entry.text("trace_id")) == 32
