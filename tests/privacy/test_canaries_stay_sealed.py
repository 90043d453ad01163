"""Personal data leaves the vault only when it is opened: canaries in every field for it turn up nowhere else."""

import asyncio
import io
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import grpc
import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from tests.pathways.deployment import SERVICES, Deployment, Values, deployed
from tests.privacy.canaries import MARK, files_with, forms, found_in, takes_personal_data, texts_in
from tests.privacy.sealing import Sealing, Sent, everything_sealed, everything_wrong

from nrm.services import STORE
from nrm_kernel import telemetry
from nrm_kernel.adapters.vault_sql import SqlVault
from nrm_kernel.telemetry import Telemetry
from nrm_kernel.vault import Sealed, SealedBlob

pytestmark = pytest.mark.slow
CODE = grpc.StatusCode


@dataclass(frozen=True)
class Left:
    """What the canaries left behind: in files, in what callers were told, in logs and traces, and what was opened."""

    folder: Path
    sent: list[Sent]
    in_files_while_running: dict[str, list[bytes]]
    told: list[bytes]
    codes: set[grpc.StatusCode]
    spans: list[bytes]
    lines: bytes
    opened: dict[tuple[str, str], list[str]]


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Left:
    return asyncio.run(_left(tmp_path_factory.mktemp("canaries") / "deployment"))


async def _left(folder: Path) -> Left:
    exporter, lines = InMemorySpanExporter(), io.BytesIO()
    tracer = telemetry.tracing("nrm", exporter, at_once=True).get_tracer("nrm")
    with _libraries(lines):
        async with deployed(folder, Telemetry(tracer, telemetry.log_to(lines))) as deployment:
            sealing = Sealing(deployment)
            await everything_sealed(sealing)
            await everything_wrong(sealing)
            await _faults(sealing)
            in_files = files_with(folder, forms())
            opened = {
                (one.stream, data_class): await _opened(deployment, one, data_class)
                for one in sealing.sent
                for data_class in one.texts
                if one.stream.startswith("person-")
            }
    spans = [span.to_json().encode() for span in exporter.get_finished_spans()]
    return Left(folder, sealing.sent, in_files, sealing.told, sealing.codes, spans, lines.getvalue(), opened)


@contextmanager
def _libraries(lines: io.BytesIO) -> Iterator[None]:
    """What libraries log is written out too, whole, with the text of every exception."""
    handler = logging.StreamHandler(io.TextIOWrapper(lines, write_through=True))
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
        handler.stream.detach()


async def _faults(sealing: Sealing) -> None:
    """The vault fails on each of them, and says on what."""

    async def failing(_vault: SqlVault, _person: str, _class: str, content: Sealed, *, new_person: bool) -> SealedBlob:
        raise ValueError(f"{content.reveal()!r} of {new_person}")

    with patch.object(SqlVault, "seal", failing):
        for one in sealing.sent:
            await sealing.refused(one, one.request.SerializeToString())


async def _opened(deployment: Deployment, sent: Sent, data_class: str) -> list[str]:
    """The texts of that class that an officer of the agency is shown of the person."""
    asked: Values = {
        "person_ref": sent.stream.removeprefix("person-"),
        "data_class": data_class,
        "legal_basis": "public_task",
    }
    shown = await deployment.ask(sent.agency, "OpenOwn", **asked)
    return [text for piece in shown.opened for text in texts_in(piece.data)]


def test_every_method_that_takes_personal_data_was_called(left: Left) -> None:
    sealing = takes_personal_data(method for service in SERVICES.values() for method in service.methods)
    assert {name.rsplit(".", 1)[1] for name in sealing} == {one.name for one in left.sent}
    assert len(sealing) == 17


def test_no_file_of_the_deployment_holds_a_canary(left: Left) -> None:
    assert left.in_files_while_running == {}
    assert files_with(left.folder, forms()) == {}


def test_no_refusal_tells_one(left: Left) -> None:
    assert len(left.told) > 100
    assert {text for text in left.told if found_in(text, forms())} == set()
    assert left.codes >= {CODE.INVALID_ARGUMENT, CODE.ALREADY_EXISTS, CODE.PERMISSION_DENIED, CODE.INTERNAL}


def test_no_span_and_no_log_line_tells_one(left: Left) -> None:
    assert len(left.spans) > 100
    assert b"rpc_fault" in left.lines
    assert {span for span in left.spans if found_in(span, forms())} == set()
    assert [line for line in left.lines.splitlines() if found_in(line, forms())] == []


def test_a_rightful_officer_gets_everything_back(left: Left) -> None:
    for one in left.sent:
        for data_class, texts in one.texts.items():
            if one.stream.startswith("person-"):
                assert set(texts) <= set(left.opened[one.stream, data_class]), f"{one.name}: {data_class}"


def test_the_sealed_pieces_are_there_and_say_nothing(left: Left) -> None:
    blobs = [blob for store in left.folder.glob(f"*/{STORE}") for blob in _blobs(store)]
    assert len(blobs) >= sum(len(one.texts) for one in left.sent)
    assert not any(found_in(blob, forms()) for blob in blobs)


def _blobs(store: Path) -> list[bytes]:
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as file:
        return [blob for (blob,) in file.execute("SELECT blob FROM vault_blob")]


@pytest.mark.parametrize("written", forms("Somebody"), ids=lambda form: form.decode("utf-8", "replace"))
def test_a_text_is_found_in_any_form(tmp_path: Path, written: bytes) -> None:
    (tmp_path / "store.sqlite-wal").write_bytes(b"page" * 9 + written + b"page")
    assert list(files_with(tmp_path, forms("Somebody"))) == ["store.sqlite-wal"]
    assert files_with(tmp_path, forms(MARK)) == {}
