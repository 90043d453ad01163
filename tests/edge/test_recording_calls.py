"""A command through a real server, from its bytes to the entry and back."""

import asyncio
import uuid
from typing import cast

import grpc
import pytest
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from nrm_contracts.vault.v1.vault_pb2 import Contact, Identity, PersonalData
from nrm_kernel import access
from nrm_kernel.reactions import StoreLookup
from nrm_kernel.testing import serving, toy_door
from nrm_kernel.testing.serving import Agency, Metadata, Outcome, outcome, says
from nrm_kernel.testing.toy_door import CONTRACT, FAULT_TEXT, ORIGIN, Loose, message, path
from nrm_kernel.vault import Commitment

CODE = grpc.StatusCode


def registration(**values: object) -> Message:
    given = {"request_id": str(uuid.uuid4()), "sex": "female", "seen_on": "2026-01-02", "title": "Sea Star", **values}
    return message("RegisterBoatRequest", **given)


def closing(person_ref: str, **values: object) -> Message:
    given = {"request_id": str(uuid.uuid4()), "person_ref": person_ref, **values}
    return message("CloseBoatRequest", **given)


def reply(result: Outcome, name: str) -> Loose:
    assert result.code is CODE.OK, result
    return GetMessageClass(CONTRACT.file.message_types_by_name[name]).FromString(result.reply)


async def send(channel: grpc.aio.Channel, request: Message, caller: Metadata) -> Outcome:
    method = type(request).DESCRIPTOR.name.removesuffix("Request")
    return await outcome(channel, path(method), request.SerializeToString(), caller)


async def register(channel: grpc.aio.Channel, worker: Metadata, **values: object) -> Loose:
    return reply(await send(channel, registration(**values), worker), "RegisterBoatResponse")


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


async def test_a_text_that_its_field_allows_is_stored_as_it_is(
    agency: Agency, channel: grpc.aio.Channel, worker: Metadata
) -> None:
    for title in (
        "'; DROP TABLE entry; --",
        "{{7*7}}",
        "${jndi:ldap://x}",
        "=cmd()",
        "<script>",
        "../..",
        "%00",
        "дітям",
    ):
        answer = await register(channel, worker, title=title)
        [entry] = await agency.store.stream(f"person-{answer.person_ref}")
        data = entry.envelope["data"]
        assert isinstance(data, dict)
        assert data["title"] == title


async def test_a_hundred_equal_requests_at_once_have_one_effect_and_one_answer(
    agency: Agency, channel: grpc.aio.Channel, worker: Metadata
) -> None:
    identity = PersonalData(identity=Identity(given_names="Nobody"))
    request = registration(identity=identity)
    results = await asyncio.gather(*(send(channel, request, worker) for _ in range(100)))
    answers = [reply(each, "RegisterBoatResponse") for each in results]
    assert len({answer.person_ref for answer in answers}) == 1
    assert sum(answer.receipt.replayed for answer in answers) == 99
    assert await agency.store.size() == 1


async def test_a_caller_that_hung_up_learns_by_a_retry_what_became_of_its_command(
    agency: Agency, channel: grpc.aio.Channel, worker: Metadata
) -> None:
    requests = [registration() for _ in range(20)]
    method: grpc.aio.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary(path("RegisterBoat"))
    for nth, request in enumerate(requests):
        call = method(request.SerializeToString(), metadata=worker)
        await asyncio.sleep(nth / 4_000)
        call.cancel()
    results = await asyncio.gather(*(send(channel, request, worker) for request in requests))
    assert {each.code for each in results} == {CODE.OK}
    assert await agency.store.size() == len(requests)


async def test_the_same_request_id_with_another_body_or_officer_is_refused(
    agency: Agency, channel: grpc.aio.Channel, worker: Metadata
) -> None:
    first = registration(identity=PersonalData(identity=Identity(given_names="Nobody")))
    assert (await send(channel, first, worker)).code is CODE.OK
    request_id = getattr(first, "request_id")  # noqa: B009 - the type of the message is made at run time
    other_name = registration(
        request_id=request_id, identity=PersonalData(identity=Identity(given_names="Somebody Else"))
    )
    other_title = registration(request_id=request_id, title="Other")
    colleague = says(ORIGIN, "case_worker", "assist", officer="officer-2")
    for request, caller in ((other_name, worker), (other_title, worker), (first, colleague)):
        result = await send(channel, request, caller)
        assert (result.code, result.reason) == (CODE.ALREADY_EXISTS, "REQUEST_ID_REUSED")
    assert await agency.store.size() == 1


async def test_a_stale_version_is_aborted_naming_the_current_one_and_who_changed_it(
    channel: grpc.aio.Channel, worker: Metadata
) -> None:
    person_ref = (await register(channel, worker)).person_ref
    result = await send(channel, closing(person_ref, expected_version=7), worker)
    assert (result.code, result.reason) == (CODE.ABORTED, "VERSION_STALE")
    assert result.facts is not None
    assert (result.facts["current_version"], result.facts["changed_by"]) == ("1", "officer-1")


async def test_another_agencys_officer_does_not_learn_who_changed_it(agency: Agency, worker: Metadata) -> None:
    rows = 'rpc = ["RegisterBoat", "CloseBoat", "GetBoat", "ListBoats", "WatchBoats"]\nkind = ["boats"]'
    open_to_all = f'[[allow]]\nrule = "T-1"\n{rows}\nroles = ["case_worker"]\npurposes = ["assist"]\n'
    doors, tables = [toy_door.door(StoreLookup(agency.store))], {"boats": access.parse(open_to_all.encode())}
    async with (
        serving.served(agency.office, doors, tables=tables) as port,
        grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel,
    ):
        person_ref = (await register(channel, worker)).person_ref
        stranger = serving.says(toy_door.OTHER, "case_worker", "assist", "officer-9")
        result = await send(channel, closing(person_ref, expected_version=7), stranger)
    assert (result.code, result.reason) == (CODE.ABORTED, "VERSION_STALE")
    assert result.facts is not None
    assert (result.facts["current_version"], result.facts["changed_by"]) == ("1", "")
    assert result.facts["changed_at"]
    assert "officer" not in repr(result)


async def test_sixty_four_writers_on_one_version_have_one_winner(
    agency: Agency, channel: grpc.aio.Channel, worker: Metadata
) -> None:
    person_ref = (await register(channel, worker)).person_ref
    requests = [closing(person_ref, expected_version=1) for _ in range(64)]
    results = await asyncio.gather(*(send(channel, request, worker) for request in requests))
    assert sorted(each.code.name for each in results) == ["ABORTED"] * 63 + ["OK"]
    assert await agency.store.size() == 2


async def test_a_missing_version_on_a_stream_that_exists_is_named(channel: grpc.aio.Channel, worker: Metadata) -> None:
    person_ref = (await register(channel, worker)).person_ref
    result = await send(channel, closing(person_ref), worker)
    assert (result.code, result.reason) == (CODE.INVALID_ARGUMENT, "EXPECTED_VERSION_MISSING")
    assert result.fields is not None
    assert "expected_version" in result.fields


async def test_a_refusal_of_the_rules_is_a_failed_precondition(channel: grpc.aio.Channel, worker: Metadata) -> None:
    person_ref = (await register(channel, worker)).person_ref
    assert (await send(channel, closing(person_ref, expected_version=1), worker)).code is CODE.OK
    result = await send(channel, closing(person_ref, expected_version=2), worker)
    assert (result.code, result.reason, result.domain) == (CODE.FAILED_PRECONDITION, "BOAT_CLOSED", "nrm.boats")
    assert result.facts == {"closed": "1"}


async def test_a_fault_is_told_by_an_incident_and_never_by_its_text(
    agency: Agency, channel: grpc.aio.Channel, worker: Metadata
) -> None:
    person_ref = (await register(channel, worker)).person_ref
    result = await send(channel, closing(person_ref, expected_version=1, explode=True), worker)
    assert (result.code, result.reason) == (CODE.INTERNAL, "INTERNAL")
    assert result.facts is not None
    assert len(result.facts["incident"]) == 16
    assert FAULT_TEXT not in repr(result)
    assert await agency.store.size() == 1


async def test_a_code_off_its_list_is_refused_with_the_nearest_named(
    channel: grpc.aio.Channel, worker: Metadata
) -> None:
    result = await send(channel, registration(sex="femal"), worker)
    assert (result.code, result.reason) == (CODE.INVALID_ARGUMENT, "CODE_UNKNOWN")
    assert result.fields is not None
    assert "'female'" in result.fields["sex"]


async def test_a_fault_inside_a_list_is_named_by_its_place(channel: grpc.aio.Channel, worker: Metadata) -> None:
    lots = [{"sex": "female", "price_minor": 5}, {"sex": "female", "price_minor": -5}]
    result = await send(channel, registration(lots=lots), worker)
    assert (result.code, list(result.fields or ())) == (CODE.INVALID_ARGUMENT, ["lots.1.price_minor"])


async def test_personal_data_goes_to_the_vault_and_its_commitment_into_the_entry(
    agency: Agency, channel: grpc.aio.Channel, worker: Metadata
) -> None:
    name = "Ім'я \u200fCanary \U0001f600 Name-Of-Nobody"
    data = PersonalData(identity=Identity(given_names=name))
    answer = await register(channel, worker, identity=data)
    [entry] = await agency.store.stream(f"person-{answer.person_ref}")
    assert b"Canary" not in entry.body
    [commitment] = cast(list[Commitment], entry.envelope["sealed"])
    opened = await agency.vault.open(commitment)
    assert opened is not None
    assert PersonalData.FromString(opened.reveal()) == data


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (PersonalData(contact=Contact(phones=["1"])), "SEALED_CLASS_WRONG"),
        (PersonalData(), "SEALED_CLASS_WRONG"),
        (PersonalData(identity=Identity(given_names="a\0b")), "FIELD_INVALID"),
        (PersonalData(identity=Identity(other_names=["a", "x" * 50_001])), "FIELD_INVALID"),
        (PersonalData(identity=Identity(other_names=["a"] * 501)), "FIELD_INVALID"),
    ],
    ids=["other class", "no class", "NUL", "too long", "too many"],
)
async def test_personal_data_that_its_field_does_not_allow_is_refused(
    channel: grpc.aio.Channel, worker: Metadata, data: PersonalData, reason: str
) -> None:
    result = await send(channel, registration(identity=data), worker)
    assert (result.code, result.reason) == (CODE.INVALID_ARGUMENT, reason)


async def test_a_refused_command_leaves_nothing_in_the_vault(
    agency: Agency, channel: grpc.aio.Channel, worker: Metadata
) -> None:
    identity = PersonalData(identity=Identity(given_names="Nobody"))
    bad = registration(identity=identity, sex="no")
    assert (await send(channel, bad, worker)).code is CODE.INVALID_ARGUMENT
    reused = registration(identity=identity)
    await send(channel, reused, worker)
    await send(channel, reused, worker)
    kept = await agency.store.run(lambda connection: connection.exec_driver_sql("SELECT * FROM vault_key").all())
    assert len(kept) == 1
