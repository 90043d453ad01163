"""Refers an invented person as the police's IT would, and watches the pathway as the coordinator's would.

Needs a running `make demo`. The README shows the same lines.
"""

from time import sleep

from nrm_contracts.client import Client

SIGNS = {"indicators": ["ilo_1_01"], "acts": ["recruitment"], "means": ["deception"], "purposes": ["forced_labour"]}
TOLD = ["agrees", "purpose", "uses", "research_use", "access_right", "storage_time", "how_to_withdraw"]
POLICE, AUTHORITY = "demo/identification/police", "demo/identification/competent-authority"
finds = Client.on_loopback("127.0.0.1:7443", POLICE, "desk-7", "first_responder", "identify")
refers = Client.on_loopback("127.0.0.1:7443", POLICE, "desk-7", "first_responder", "refer")
watches = Client.on_loopback("127.0.0.1:7450", "demo/coordinator/national", "desk-1", "coordinator_analyst", "protect")

person = {"region": "GB-KEN", "age_band": "24-26", "sex": "female", "language": "vie"}
found = finds.send("DetectPerson", detection_channel="raid", **person)
ref = {"person_ref": found.person_ref}
done = finds.send("Screen", found, tool="ilo", tool_version="2009", outcome="indicated", **SIGNS, **ref)
consent = {"scope": "referral", "purpose": "referral", "given_by": "self", "informed_points": TOLD}
done = refers.send("GiveConsent", done, **consent, **ref)
sent = refers.send("SubmitReferral", done, to=AUTHORITY, **ref).receipt
ref |= {"covers_origin": sent.origin, "covers_position": sent.position}  # not before the coordinator has read so far
while len((pathway := watches.send("GetPathway", **ref)).references) < 2:  # until the authority knows the person too
    sleep(1)
for step in pathway.timeline:
    print(step.occurred_on, step.origin, step.kind)
