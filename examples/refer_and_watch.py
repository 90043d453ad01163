"""Refers an invented child as the police's IT would, and watches the pathway as the coordinator's would.

Needs a running `make demo`. The README shows the same lines.
"""

from time import sleep

from nrm_contracts.client import Client

CHILD = {"region": "GB-KEN", "age_band": "9-17", "sex": "female", "language": "vie"}
SIGNS = {"tool": "ilo", "indicators": ["ilo_1_01"], "acts": ["recruitment"], "purposes": ["forced_labour"]}
POLICE, AUTHORITY = "demo/identification/police", "demo/identification/competent-authority"
finds = Client.on_loopback("127.0.0.1:7443", POLICE, "desk-7", "first_responder", "identify")
refers = Client.on_loopback("127.0.0.1:7443", POLICE, "desk-7", "first_responder", "refer")
watches = Client.on_loopback("127.0.0.1:7450", "demo/coordinator/national", "desk-1", "coordinator_analyst", "protect")

found = finds.send("DetectPerson", detection_channel="raid", **CHILD)
ref = {"person_ref": found.person_ref}
done = finds.send("Screen", found, tool_version="2009", outcome="indicated", **SIGNS, **ref)
sent = refers.send("SubmitReferral", done, to=AUTHORITY, best_interest_note="care_suits", **ref)
while len((pathway := watches.send("GetPathway", sent, **ref)).references) < 2:  # until the authority knows them
    sleep(1)
for step in pathway.timeline:
    print(step.occurred_on, step.origin, step.kind)
