"""Another agency sees personal data on a live ground alone, is told nothing else, and every look is on record first."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import grpc
import pytest
from tests.pathways import stories
from tests.pathways.deployment import (
    NGO,
    POLICE,
    PROSECUTOR,
    Deployment,
    Reply,
    deployed,
    method_of,
    officer_for,
)
from tests.pathways.stories import person
from tests.privacy.canaries import personal, texts_in

from nrm.founding import CONFIG
from nrm.services import STORE
from nrm_contracts.record.events import DataAccessed
from nrm_contracts.vault.v1.vault_pb2 import OpenOwnRequest, OpenOwnResponse, OpenSealedRequest
from nrm_kernel.adapters.store_sql import SqlStore

pytestmark = pytest.mark.slow
KILLED_AT = 3
NRM = "from nrm.cli import main; main()"
Told = tuple[grpc.StatusCode, str, tuple[tuple[str, str | bytes], ...]]


async def looks(deployment: Deployment) -> list[tuple[str, str]]:
    """Who looked at what at the police, in order."""
    return [(one["reader"], one["subject"]) for one in await deployment.recorded(POLICE, "record.DataAccessed")]


async def handover(deployment: Deployment, reader: str) -> str:
    [received] = await deployment.recorded(reader, "record.HandoverReceived")
    return str(received["handover_id"])


async def opened(deployment: Deployment, reader: str, handover_id: str, data_class: str = "identity") -> Reply:
    method = method_of(POLICE, "OpenSealed")
    asked = OpenSealedRequest(handover_id=handover_id, data_class=data_class, legal_basis="consent")
    caller = officer_for(POLICE, method, by=reader, data_class="identity")
    return await deployment.call(POLICE, method, asked.SerializeToString(), caller)


async def refused(deployment: Deployment, reader: str, handover_id: str, data_class: str = "identity") -> Told:
    """All that the reader is told."""
    with pytest.raises(grpc.aio.AioRpcError) as told:
        await opened(deployment, reader, handover_id, data_class)
    return told.value.code(), told.value.details() or "", tuple(told.value.trailing_metadata())


async def test_another_agency_sees_on_live_consent_alone_and_else_hears_always_the_same(deployment: Deployment) -> None:
    named = personal("identity")
    ref = await stories.detected(deployment, identity=named, contact=personal("contact"))
    unnamed = await stories.detected(deployment)
    await stories.asked_for(deployment, ref)
    await stories.reported(deployment, ref)
    at_ngo, at_crown = await handover(deployment, NGO), await handover(deployment, PROSECUTOR)
    assert [one.data.identity for one in (await opened(deployment, NGO, at_ngo)).opened] == [named.identity]
    assert [one.data.identity for one in (await opened(deployment, PROSECUTOR, at_crown)).opened] == [named.identity]
    assert await looks(deployment) == [(NGO, at_ngo), (PROSECUTOR, at_crown)]

    unknown = await refused(deployment, NGO, "0" * 32)
    assert unknown[0] is grpc.StatusCode.NOT_FOUND
    assert await refused(deployment, NGO, at_crown) == unknown, "a handover of others"
    assert await refused(deployment, NGO, ref) == unknown, "a reference of the owner's own"
    assert await refused(deployment, NGO, unnamed) == unknown
    assert await refused(deployment, NGO, at_ngo, "documents") == unknown, "nothing of that class"
    assert await refused(deployment, NGO, at_ngo, "legal") == unknown, "a class that no rule opens"
    await deployment.do(POLICE, "RevokeConsent", **person(ref), scope="assistance")
    assert await refused(deployment, NGO, at_ngo) == unknown, "the consent was taken back"
    assert (await opened(deployment, PROSECUTOR, at_crown)).opened, "the other consent lives"
    assert len(await looks(deployment)) == 3, "what was refused was no look"


async def test_a_look_is_on_record_before_it_is_shown_even_if_the_process_dies(tmp_path: Path) -> None:
    folder = tmp_path / "deployment"
    async with deployed(folder) as deployment:
        people = [await stories.detected(deployment, identity=personal("identity")) for _ in range(KILLED_AT + 1)]
    process = await _up(folder / CONFIG)
    shown = await _shown_until_death(process, people)
    assert await process.wait() == -signal.SIGKILL

    store = await SqlStore.open_sqlite(folder / "identification-police" / STORE, POLICE)
    entries = await store.read(0, 1_000)
    await store.close()
    recorded = [entry.event.subject for entry in entries if isinstance(entry.event, DataAccessed)]
    assert shown == people[: KILLED_AT - 1]
    assert recorded == people[:KILLED_AT]


async def _up(config: Path) -> Process:
    """The deployment in a process of its own, which dies right after the third look became durable."""
    environment = os.environ | {"NRM_FAILPOINT": f"access.after_commit:{KILLED_AT}"}
    command = [sys.executable, "-c", NRM, "up", "--config", str(config)]
    return await asyncio.create_subprocess_exec(*command, env=environment, stdout=PIPE)


async def _shown_until_death(process: Process, people: list[str]) -> list[str]:
    """Whom an officer of the police was shown."""
    assert process.stdout is not None
    async with asyncio.timeout(60):
        while not (line := (await process.stdout.readline()).decode()).startswith(POLICE):
            assert line, "it ended before it served"
    shown: list[str] = []
    method = method_of(POLICE, "OpenOwn")
    caller = officer_for(POLICE, method, data_class="identity")
    async with grpc.aio.insecure_channel(line.split()[1]) as channel:
        call: grpc.aio.UnaryUnaryMultiCallable[bytes, OpenOwnResponse] = channel.unary_unary(
            f"/{method.containing_service.full_name}/{method.name}", response_deserializer=OpenOwnResponse.FromString
        )
        for ref in people:
            asked = OpenOwnRequest(person_ref=ref, data_class="identity", legal_basis="public_task")
            try:
                [piece] = (await call(asked.SerializeToString(), metadata=caller)).opened
            except grpc.aio.AioRpcError:
                return shown
            assert list(texts_in(piece.data))
            shown.append(ref)
    return shown
