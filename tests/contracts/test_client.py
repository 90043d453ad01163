"""The integrator's client: proves who calls, gives each command an id of its own, and sends what got lost again."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import grpc
import pytest
from tests.identification.scene import AGENCIES, POLICE, UK, ref

from nrm import certs
from nrm_contracts.client import ATTEMPTS, CallRefused, Client, OutcomeUnknown
from nrm_contracts.coordinator.v1 import coordinator_pb2
from nrm_contracts.identification.v1 import persons_pb2, referrals_pb2
from nrm_contracts.record.v1.receipt_pb2 import Receipt
from nrm_identification.service import build
from nrm_identification.views import VIEWS
from nrm_kernel.adapters.views_sql import SqlViews
from nrm_kernel.clock import SystemClock
from nrm_kernel.reactions import StoreLookup
from nrm_kernel.rpc_identity import Certificates, MutualTls, TlsFiles
from nrm_kernel.testing import serving
from nrm_kernel.tokens import OfficerKeys, OfficerTokens, TokenSigner

FOUND = {"detection_channel": "raid", "region": "GB-KEN", "age_band": "24-26", "sex": "female", "language": "vie"}
REQUEST_ID = "0b7c9a52-6f0e-4d0a-9d3c-6a1f0c2b4d12"
SAID = (POLICE, "desk-7", "first_responder", "identify")


@dataclass
class Losing:
    """A server that records what it is asked, and whose first answers get lost, or are a status."""

    lost: int
    status: grpc.StatusCode = grpc.StatusCode.UNAVAILABLE
    asked: list[persons_pb2.DetectPersonRequest] = field(default_factory=list)

    def answer(self, raw: bytes, context: grpc.ServicerContext) -> bytes:
        """Takes the request, and now and then gives no answer."""
        self.asked.append(persons_pb2.DetectPersonRequest.FromString(raw))
        if len(self.asked) <= self.lost:
            context.abort(self.status, "lost")
        version = self.asked[-1].expected_version + 1
        return persons_pb2.DetectPersonResponse(receipt=Receipt(version=version)).SerializeToString()

    @contextmanager
    def serving(self) -> Iterator[Client]:
        """It listens, and a client calls it."""
        with listening("identification", "DetectPerson", self.answer) as address:
            client = Client.on_loopback(address, *SAID)
            yield client
            client.close()


@contextmanager
def listening(kind: str, method: str, answer: Callable[[bytes, grpc.ServicerContext], bytes]) -> Iterator[str]:
    """A server of one method of one service; gives its address."""
    handler: grpc.RpcMethodHandler[bytes, bytes] = grpc.unary_unary_rpc_method_handler(answer)
    server = grpc.server(ThreadPoolExecutor(1))
    name = f"nrm.{kind}.v1.{kind.capitalize()}Service"
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler(name, {method: handler})])
    at = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    try:
        yield at
    finally:
        server.stop(None).wait()


def test_a_command_whose_answer_got_lost_is_sent_again_as_it_was() -> None:
    losing = Losing(lost=1)
    with losing.serving() as client:
        client.send("DetectPerson", **FOUND)
    first, second = losing.asked
    assert first == second
    assert str(UUID(first.request_id)) == first.request_id


def test_each_command_has_an_id_of_its_own_and_expects_the_version_after_the_one_before() -> None:
    losing = Losing(lost=0)
    with losing.serving() as client:
        client.send("DetectPerson", client.send("DetectPerson", **FOUND), **FOUND)
        client.send("DetectPerson", request_id="mine", **FOUND)
    first, second, third = losing.asked
    assert not first.HasField("expected_version")
    assert second.expected_version == 1
    assert len({first.request_id, second.request_id}) == 2
    assert third.request_id == "mine"


@pytest.mark.slow
def test_a_question_about_a_pathway_covers_the_command_that_it_comes_after() -> None:
    asked: list[coordinator_pb2.GetPathwayRequest] = []

    def answer(raw: bytes, _: grpc.ServicerContext) -> bytes:
        asked.append(coordinator_pb2.GetPathwayRequest.FromString(raw))
        return coordinator_pb2.GetPathwayResponse().SerializeToString()

    with listening("coordinator", "GetPathway", answer) as address:
        client = Client.on_loopback(address, "xx/coordinator/national", *SAID[1:])
        client.send("GetPathway", referrals_pb2.SubmitReferralResponse(receipt=Receipt(origin=POLICE, position=7)))
        client.close()
    assert asked == [coordinator_pb2.GetPathwayRequest(covers_origin=POLICE, covers_position=7)]


@pytest.mark.slow
def test_an_agency_that_stays_away_is_told_after_some_attempts() -> None:
    losing = Losing(lost=100)
    with losing.serving() as client, pytest.raises(OutcomeUnknown, match="lost") as unknown:
        client.send("DetectPerson", **FOUND)
    assert unknown.value.status is grpc.StatusCode.UNAVAILABLE
    assert {one.request_id for one in losing.asked} == {unknown.value.request_id}
    assert len(losing.asked) == ATTEMPTS


@pytest.mark.parametrize("status", [grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.INTERNAL])
def test_what_nobody_knows_the_outcome_of_is_sent_again_by_the_id_that_the_exception_names(
    status: grpc.StatusCode,
) -> None:
    losing = Losing(lost=1, status=status)
    with losing.serving() as client:
        with pytest.raises(OutcomeUnknown, match="not known") as unknown:
            client.send("DetectPerson", **FOUND)
        client.send("DetectPerson", request_id=unknown.value.request_id, **FOUND)
    first, second = losing.asked
    assert first == second
    assert unknown.value.request_id in str(unknown.value)


def test_a_refusal_is_no_unknown_outcome_and_names_its_request_too() -> None:
    losing = Losing(lost=1, status=grpc.StatusCode.FAILED_PRECONDITION)
    with losing.serving() as client, pytest.raises(CallRefused) as refused:
        client.send("DetectPerson", **FOUND)
    [asked] = losing.asked
    assert refused.value.request_id == asked.request_id
    assert "not known" not in str(refused.value)


ELSEWHERE = ("192.0.2.1:7443", "agency.example:7443", "dns:///192.0.2.1:7443", "localhost.example:7443", "localhost")


@pytest.mark.parametrize("address", ELSEWHERE)
def test_nothing_is_sent_in_plain_text_to_another_machine(address: str) -> None:
    with pytest.raises(ValueError, match="not on loopback"):
        Client.on_loopback(address, *SAID)


@pytest.mark.parametrize("address", ["127.0.0.1:7443", "localhost:7443", "[::1]:7443"])
def test_this_machine_is_taken_by_each_of_its_names(address: str) -> None:
    Client.on_loopback(address, *SAID).close()


@pytest.mark.parametrize(
    ("method", "fields", "told"),
    [("DetectPersn", {}, "nearest is 'DetectPerson'"), ("DetectPerson", {"regio": "GB-KEN"}, 'no "regio" field')],
)
def test_a_slip_of_the_pen_is_told_before_anything_is_sent(method: str, fields: dict[str, str], told: str) -> None:
    losing = Losing(lost=0)
    with losing.serving() as client, pytest.raises(ValueError, match=told):
        client.send(method, **fields)
    assert losing.asked == []


@pytest.mark.parametrize(
    "origin", ["police", "demo/police", "demo/idetification/police", "demo/identification/a/b", ""]
)
def test_an_origin_that_is_none_is_told_before_anything_is_sent(origin: str) -> None:
    client = Client.on_loopback("127.0.0.1:7443", origin, *SAID[1:])
    with pytest.raises(ValueError, match="is not <deployment>/<service>/<agency>, of identification, "):
        client.send("DetectPerson", **FOUND)
    client.close()


Open = Callable[[str], Client]


@pytest.fixture
async def police(tmp_path: Path) -> AsyncIterator[Open]:
    """The police behind mutual TLS, with certificates as `nrm admin certs make` writes them: clients by purpose."""
    clock = SystemClock()
    folder = tmp_path / "certs"
    certs.make(folder, certs.Wanted("test", [POLICE]), clock.now())
    signer = TokenSigner(POLICE, clock)
    own = folder / POLICE.replace("/", ".")
    entrance = MutualTls(
        "localhost:0",
        TlsFiles(Path(f"{own}.key"), Path(f"{own}.pem"), folder / "authority.pem"),
        Certificates("test", AGENCIES, clock, None),
        OfficerTokens(POLICE, OfficerKeys.parse(signer.keys_file()), clock),
    )
    async with serving.agency(tmp_path, POLICE, AGENCIES, policy=lambda _day: UK) as agency:
        views = await SqlViews.open(tmp_path, VIEWS)
        service = build(StoreLookup(agency.store), views)
        async with serving.served(agency.office, service.doors, entrance=entrance) as port:

            def opened(purpose: str) -> Client:
                def token() -> str:
                    return signer.sign("desk-7", ["first_responder"], purpose, POLICE)

                return Client.secured(f"localhost:{port}", POLICE, folder, token)

            yield opened
        await views.close()


@pytest.mark.slow
async def test_certificates_and_a_token_open_the_agency_and_a_refusal_has_its_reason(police: Open) -> None:
    finds = police("identify")
    found, again = [
        await asyncio.to_thread(finds.send, "DetectPerson", request_id=REQUEST_ID, **FOUND) for _ in range(2)
    ]
    assert found.receipt.origin == POLICE
    assert again.person_ref == found.person_ref
    refers = police("refer")
    with pytest.raises(CallRefused) as refused:
        await asyncio.to_thread(refers.send, "SubmitReferral", found, person_ref=found.person_ref, to=ref(1))
    assert refused.value.status is grpc.StatusCode.INVALID_ARGUMENT
    given = {"outcome": "indicated", "tool": "ilo", "tool_version": "2009", "expected_version": 7}
    with pytest.raises(CallRefused) as stale:
        await asyncio.to_thread(finds.send, "Screen", person_ref=found.person_ref, **given)
    assert (stale.value.status, stale.value.reason) == (grpc.StatusCode.ABORTED, "VERSION_STALE")
    assert stale.value.facts["current_version"] == str(found.receipt.version)
    finds.close()
    refers.close()
