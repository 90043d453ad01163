"""Refers an invented person as the police's IT would, and watches the pathway as the coordinator's would.

Needs a running `make demo`. The README shows the same lines.
"""

import uuid
from typing import Any

import grpc

from nrm_contracts.coordinator.v1 import coordinator_pb2, coordinator_pb2_grpc
from nrm_contracts.identification.v1 import consents_pb2, identification_pb2_grpc, persons_pb2, referrals_pb2

SIGNS = {"indicators": ["ilo_1_01"], "acts": ["recruitment"], "means": ["deception"], "purposes": ["forced_labour"]}
TOLD = ["agrees", "purpose", "uses", "research_use", "access_right", "storage_time", "how_to_withdraw"]


def says(agency: str, role: str, purpose: str) -> tuple[tuple[str, str], ...]:
    return ("nrm-agency", f"demo/{agency}"), ("nrm-officer", "desk-7"), ("nrm-roles", role), ("nrm-purpose", purpose)


def on(reply: Any, **fields: Any) -> dict[str, Any]:
    return {"request_id": str(uuid.uuid4()), "expected_version": reply.receipt.version, "person_ref": ref, **fields}


police = identification_pb2_grpc.IdentificationServiceStub(grpc.insecure_channel("127.0.0.1:7443"))
national = coordinator_pb2_grpc.CoordinatorServiceStub(grpc.insecure_channel("127.0.0.1:7450"))
identify, refer = (says("identification/police", "first_responder", purpose) for purpose in ("identify", "refer"))

detected = persons_pb2.DetectPersonRequest(
    request_id=str(uuid.uuid4()),
    detection_channel="raid",
    region="GB-KEN",
    age_band="24-26",
    sex="female",
    language="vie",
)
found = police.DetectPerson(detected, metadata=identify)
ref = found.person_ref
screening = on(found, tool="ilo", tool_version="2009", outcome="indicated", **SIGNS)
screened = police.Screen(persons_pb2.ScreenRequest(**screening), metadata=identify)
consent = on(screened, scope="referral", purpose="referral", given_by="self", informed_points=TOLD)
agreed = police.GiveConsent(consents_pb2.GiveConsentRequest(**consent), metadata=refer)
referral = on(agreed, to="demo/identification/competent-authority")
sent = police.SubmitReferral(referrals_pb2.SubmitReferralRequest(**referral), metadata=refer)

question = coordinator_pb2.GetPathwayRequest(
    person_ref=ref, covers_origin=sent.receipt.origin, covers_position=sent.receipt.position
)
pathway = coordinator_pb2.GetPathwayResponse()
while len(pathway.references) < 2:  # until the authority has it too
    pathway = national.GetPathway(question, metadata=says("coordinator/national", "coordinator_analyst", "statistics"))
for step in pathway.timeline:
    print(step.occurred_on, step.origin, step.kind)
