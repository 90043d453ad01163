"""The audit service over gRPC: what it gives can be checked without trusting it, and every look is on record first."""

from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import grpc
import pytest
from tests.audit.conftest import make_deployment
from tests.audit.vaults import anna_and_boris

from nrm_audit.rpc import Answers
from nrm_audit.service import build
from nrm_contracts.audit.v1 import audit_pb2 as pb
from nrm_contracts.audit.v1 import audit_pb2_grpc
from nrm_kernel.identity import Caller
from nrm_kernel.ledger import merkle
from nrm_kernel.ledger.note import verify
from nrm_kernel.testing import serving

if TYPE_CHECKING:
    from tests.audit.conftest import Deployment

ORIGIN = "demo/audit/court-of-audit"
FIRST = "demo/assistance/ngo-dawn"
AUDITOR = serving.says(ORIGIN, "auditor", "audit")


@dataclass
class Service:
    """A running audit service, a stub that calls it as its auditor, and the looks it recorded."""

    deployment: "Deployment"
    stub: "audit_pb2_grpc.AuditServiceAsyncStub"
    looks: list[tuple[str, str]] = field(default_factory=list)


@pytest.fixture
async def service(tmp_path: Path, deployment: "Deployment") -> AsyncIterator[Service]:
    looks: list[tuple[str, str]] = []

    async def look(caller: Caller, subject: str, rule: str) -> None:
        looks.append((subject, rule))

    agencies = {ORIGIN: "audit", **{agency.origin: agency.origin.split("/")[1] for agency in deployment.agencies}}
    doors = build([deployment.log], deployment.trust, [], look).doors
    own = tmp_path / "own"
    own.mkdir()
    async with (
        serving.agency(own, ORIGIN, agencies) as agency,
        serving.served(agency.office, doors) as port,
        grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel,
    ):
        yield Service(deployment, audit_pb2_grpc.AuditServiceStub(channel), looks)


async def refusal(call: Awaitable[object]) -> grpc.StatusCode:
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await call
    return refused.value.code()


async def test_verification_names_every_copy_and_finding(service: Service) -> None:
    verified = await service.stub.Verify(pb.VerifyRequest(), metadata=AUDITOR)
    assert (verified.verdict, len(verified.copies), verified.found) == (pb.VERDICT_VERIFIED, 3, 0)
    service.deployment.change(service.deployment.log, "UPDATE log_entry SET body=x'7b7d' WHERE position=4")
    altered = await service.stub.Verify(pb.VerifyRequest(), metadata=AUDITOR)
    assert altered.verdict == pb.VERDICT_NOT_VERIFIED
    assert {(finding.kind, finding.position) for finding in altered.findings} == {("LEAF", 4)}
    assert service.looks == [("Verify", "AU-01")] * 2


async def test_what_is_sealed_is_counted_for_a_store_and_for_no_other_copy(tmp_path: Path) -> None:
    store = anna_and_boris(make_deployment(tmp_path))
    store.write()

    async def look(_caller: Caller, _subject: str, _rule: str) -> None:
        """It is nobody's."""

    answers = Answers([store.path, store.deployment.log], store.deployment.trust, [], look)
    report = await answers.verify(pb.VerifyRequest(), Caller(ORIGIN, "auditor-1", frozenset({"auditor"}), "audit"))
    counted = {copy.holder: copy.sealed for copy in report.copies if copy.HasField("sealed")}
    assert counted == {str(store.path): pb.SealedPieces(present=2, erased=1)}


async def test_entries_come_page_by_page_as_they_are_stored(service: Service) -> None:
    bodies: list[bytes] = []
    request = pb.ListEntriesRequest(origin=FIRST, first_position=3, page_size=20)
    while True:
        page = await service.stub.ListEntries(request, metadata=AUDITOR)
        assert page.entries[0].position == 3 + len(bodies)
        bodies += [entry.body for entry in page.entries]
        if not page.next_page_token:
            break
        request.page_token = page.next_page_token
    assert bodies == service.deployment.first.bodies[3:]


async def test_a_proof_of_inclusion_holds_without_trusting_the_service(service: Service) -> None:
    request = pb.GetInclusionProofRequest(origin=FIRST, position=7)
    proof = await service.stub.GetInclusionProof(request, metadata=AUDITOR)
    checkpoint = verify(proof.note, service.deployment.first.key.verifier())
    assert proof.leaf_hash == merkle.leaf_hash(service.deployment.first.bodies[7])
    assert merkle.verify_inclusion(proof.leaf_hash, 7, checkpoint.size, proof.path, checkpoint.root)


async def test_a_proof_of_growth_holds_without_trusting_the_service(service: Service) -> None:
    request = pb.GetConsistencyProofRequest(origin=FIRST, old_size=14)
    proof = await service.stub.GetConsistencyProof(request, metadata=AUDITOR)
    old, new = (verify(note, service.deployment.first.key.verifier()) for note in (proof.old_note, proof.new_note))
    assert (old.size, new.size) == (14, 40)
    assert merkle.verify_consistency(old.size, old.root, new.size, new.root, proof.path)


async def test_a_checkpoint_is_given_by_its_size_or_the_largest(service: Service) -> None:
    largest = await service.stub.GetCheckpoint(pb.GetCheckpointRequest(origin=FIRST), metadata=AUDITOR)
    smaller = await service.stub.GetCheckpoint(pb.GetCheckpointRequest(origin=FIRST, size=27), metadata=AUDITOR)
    assert [(largest.size, largest.note), (smaller.size, smaller.note)] == service.deployment.first.notes[:0:-1]


async def test_what_is_not_there_is_not_found(service: Service) -> None:
    stub = service.stub
    for call in (
        stub.ListEntries(pb.ListEntriesRequest(origin="demo/x/y"), metadata=AUDITOR),
        stub.GetCheckpoint(pb.GetCheckpointRequest(origin=FIRST, size=3), metadata=AUDITOR),
        stub.GetInclusionProof(pb.GetInclusionProofRequest(origin=FIRST, position=40), metadata=AUDITOR),
        stub.GetConsistencyProof(pb.GetConsistencyProofRequest(origin=FIRST, old_size=3), metadata=AUDITOR),
    ):
        assert await refusal(call) is grpc.StatusCode.NOT_FOUND


async def test_numbers_and_places_that_cannot_be_are_invalid(service: Service) -> None:
    stub = service.stub
    for call in (
        stub.ListEntries(pb.ListEntriesRequest(origin=FIRST, first_position=-1), metadata=AUDITOR),
        stub.ListEntries(pb.ListEntriesRequest(origin="Maria from Tiraspol"), metadata=AUDITOR),
        stub.GetCheckpoint(pb.GetCheckpointRequest(origin="Maria from Tiraspol"), metadata=AUDITOR),
        stub.GetInclusionProof(pb.GetInclusionProofRequest(origin="Maria from Tiraspol"), metadata=AUDITOR),
        stub.GetConsistencyProof(pb.GetConsistencyProofRequest(origin="Maria", old_size=14), metadata=AUDITOR),
        stub.GetCheckpoint(pb.GetCheckpointRequest(origin=FIRST, size=-1), metadata=AUDITOR),
        stub.GetInclusionProof(pb.GetInclusionProofRequest(origin=FIRST, position=-1), metadata=AUDITOR),
        stub.GetConsistencyProof(pb.GetConsistencyProofRequest(origin=FIRST), metadata=AUDITOR),
        stub.CompareViews(pb.CompareViewsRequest(until="last summer"), metadata=AUDITOR),
    ):
        assert await refusal(call) is grpc.StatusCode.INVALID_ARGUMENT


async def test_stored_hashes_that_do_not_give_the_signed_root_prove_nothing(service: Service) -> None:
    log = service.deployment.log
    service.deployment.change(log, "UPDATE log_entry SET leaf=zeroblob(32) WHERE position=4")
    proof = service.stub.GetInclusionProof(pb.GetInclusionProofRequest(origin=FIRST, position=7), metadata=AUDITOR)
    assert await refusal(proof) is grpc.StatusCode.DATA_LOSS
    service.deployment.change(log, "UPDATE log_checkpoint SET note=replace(note, 'A', 'B') WHERE size=40")
    checkpoint = service.stub.GetCheckpoint(pb.GetCheckpointRequest(origin=FIRST), metadata=AUDITOR)
    assert await refusal(checkpoint) is grpc.StatusCode.DATA_LOSS


async def test_nobody_but_the_auditors_own_office_is_answered(service: Service) -> None:
    for metadata in (serving.says(FIRST, "auditor", "audit"), serving.says(ORIGIN, "case_worker", "audit")):
        call = service.stub.Verify(pb.VerifyRequest(), metadata=metadata)
        assert await refusal(call) in {grpc.StatusCode.PERMISSION_DENIED, grpc.StatusCode.NOT_FOUND}
    assert service.looks == []


async def test_nothing_is_compared_where_no_views_are_given(service: Service) -> None:
    answer = await service.stub.CompareViews(pb.CompareViewsRequest(), metadata=AUDITOR)
    assert (answer.verdict, list(answer.tables)) == (pb.VERDICT_CANNOT_TELL, [])
