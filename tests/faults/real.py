"""Real services in a process that is there to be killed: people are referred and helped, and the help is claimed.

Told again after a death, the story goes on: each request is written down before it is sent, and sent again as it was.
``python -m tests.faults.real zygote`` forks a child for each job, see :mod:`tests.faults.driver`.
"""

import asyncio
import json
import sys
import uuid
from contextlib import suppress
from copy import copy
from pathlib import Path

import grpc
from google.protobuf.message_factory import GetMessageClass
from tests.faults.driver import Job, note, zygote
from tests.pathways.deployment import (
    AUTHORITY,
    FUND,
    NGO,
    POLICE,
    POLICY,
    Deployment,
    Reply,
    Value,
    Values,
    method_of,
    officer_for,
)
from tests.pathways.stories import CONSENT, PURPOSES, SESSION, SIGNS, SOMEBODY, TODAY, YEAR, person

from nrm.config import Config
from nrm.embedded import open_house
from nrm.founding import CONFIG, found
from nrm_contracts.vault.v1.vault_pb2 import Health, Identity, PersonalData
from nrm_kernel import failpoints
from nrm_kernel.telemetry import silent

AGENCIES = (POLICE, AUTHORITY, NGO, FUND)
SENT, ACKNOWLEDGED = "sent", "acknowledged"
NAMED = PersonalData(identity=Identity(given_names="Nobody", family_name="Invented"))
UNWELL = PersonalData(health=Health(text="Invented"))
POLL_S = 0.01


def founded(folder: Path) -> None:
    """The deployment's files."""
    found(folder, AGENCIES, POLICY)


class Story(Deployment):
    """A deployment whose commands are numbered; what was sent and what was acknowledged stands in files."""

    folder: Path
    name: str = "everybody"
    told: int = 0

    def named(self, agency: str) -> str:
        """What that agency of the story is called here."""
        return agency

    def of(self, number: int) -> "Story":
        """The part about one person, whose commands are numbered by themselves."""
        part = copy(self)
        part.name, part.told = f"person {number}", 0
        return part

    async def do(
        self, agency: str, name: str, *, on: str = "", officer: int = 1, by: str = "", **values: Value
    ) -> Reply:
        """The next command, as it was sent before if it was. Another number once a notice came in between."""
        self.told += 1
        there, attempt = self.named(agency), 0
        method = method_of(there, name)
        while True:
            request_id = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self.name} {self.told} {attempt}"))
            raw = sent_before(self.folder, request_id)
            if raw is None:
                version = sum(entry.stream == on for entry in await self.entries(agency))
                given = {"request_id": request_id, **({"expected_version": version} if version else {}), **values}
                raw = GetMessageClass(method.input_type)(**given).SerializeToString()
                note(self.folder / SENT, json.dumps([request_id, raw.hex()]))
            try:
                reply = await self.call(there, method, raw, officer_for(there, method, officer, by))
            except grpc.aio.AioRpcError as refused:
                if refused.code() is not grpc.StatusCode.ABORTED:
                    raise
                attempt += 1
                continue
            note(self.folder / ACKNOWLEDGED, json.dumps([agency, request_id, reply.receipt.position]))
            return reply

    async def nth(self, agency: str, kind: str, count: int) -> list[Values]:
        """That agency's entries of the type, once there are so many."""
        return await self.until(agency, kind, lambda entries: len(entries) >= count)


def sent_before(folder: Path, request_id: str) -> bytes | None:
    """The request as it was sent under that id."""
    with suppress(FileNotFoundError):
        for line in (folder / SENT).read_text().splitlines():
            known, raw = json.loads(line)
            if known == request_id:
                return bytes.fromhex(raw)
    return None


async def contracted(story: Story) -> str:
    """The fund pays the shelter for a hundred sessions; gives the contract."""
    span: Values = {"starts_on": f"{YEAR}-01-01", "ends_on": f"{YEAR}-12-31"}
    pounds: Values = {"ccy": "GBP"}
    years = [{"fiscal_year": YEAR, "amount_minor": 10_000_000}]
    source = await story.do(FUND, "RegisterFundingSource", kind="state", years=years, valid_from=TODAY, **pounds)
    budget: Values = {"source_id": source.source_id, "fiscal_year": YEAR, "ceiling_minor": 5_000_000}
    line = await story.do(FUND, "ApproveBudgetLine", officer=2, **budget, **pounds, **span)
    price: Values = {"unit_price_minor": 6_000, "valid_from": span["starts_on"]}
    await story.do(FUND, "PublishServiceStandard", on="standard-psychological", **SESSION, **price, **pounds)
    terms: Values = {
        "years": [{"fiscal_year": YEAR, "line_id": line.line_id, "ceiling_minor": 1_000_000}],
        "lots": [{**SESSION, "qty_max_milli": 100_000}],
        "criteria": ["quality"],
    }
    awarded = await story.do(FUND, "AwardContract", provider=story.named(NGO), **terms, **pounds, **span)
    contract = str(awarded.contract_ref)
    await story.do(FUND, "SignContract", officer=2, on=f"contract-{contract}", contract_ref=contract)
    await story.nth(NGO, "assistance.ContractRecorded", 1)
    return contract


async def one_person(story: Story, number: int, contract: str) -> Values:
    """A person is found and referred; whoever arrives as the ``number``-th there is helped, and that is paid for.

    Gives what the police's commands say of the person. The same each time that the story is told: what was recorded
    keeps its place.
    """
    found_there = await story.do(POLICE, "DetectPerson", detection_channel="raid", **SOMEBODY, identity=NAMED)
    about = person(str(found_there.person_ref))
    await story.do(POLICE, "Screen", **about, **SIGNS)
    for scope in ("referral", "assistance"):
        await story.do(POLICE, "GiveConsent", **about, scope=scope, purpose=PURPOSES[scope], **CONSENT)
    await story.do(POLICE, "SubmitReferral", **about, to=story.named(AUTHORITY))
    await story.do(POLICE, "RequestAssistance", **about, to=story.named(NGO), needs=["shelter"])
    referred = (await story.nth(AUTHORITY, "identification.ReferralReceived", number))[number - 1]
    there = person(str(referred["person_ref"]))
    await story.do(AUTHORITY, "AcknowledgeReferral", **there, referral_id=referred["referral_id"])
    helped = person(str((await story.nth(NGO, "assistance.CaseOpened", number))[number - 1]["person_ref"]))
    await story.do(NGO, "OfferAssistance", **helped, services=["psychological"])
    await story.do(NGO, "AcceptAssistance", **helped, **CONSENT)
    span: Values = {"qty_milli": 1_000, "delivered_from": TODAY, "delivered_to": TODAY}
    proof: Values = {"evidence_hash": f"{number:064x}", "person_acknowledged": True, "contract_ref": contract}
    await story.do(NGO, "DeliverServiceUnit", **helped, **SESSION, **span, **proof)
    claim = (await story.nth(FUND, "funding.ClaimableUnitRecorded", number))[number - 1]["claim_id"]
    on: Values = {"on": f"contract-{contract}", "contract_ref": contract, "claim_id": claim}
    await story.do(FUND, "VerifyUnit", **on, officer=3, method="document")
    await story.nth(NGO, "assistance.ClaimAnswerRecorded", 2 * number)
    return about


async def at_rest(story: Story) -> None:
    """Until everything that was recorded is published, reacted to and shown."""
    agencies, quiet = story.house.agencies, 0
    while quiet < 3:
        await asyncio.sleep(POLL_S)
        size = {one.origin: await one.store.size() for one in agencies}
        relayed = {one.origin: one.relay.size for one in agencies}
        shown = {one.origin: (await one.views.frontier(one.origin)).size for one in agencies}
        read = all(loop.size == size[loop.origin] for one in agencies for loop in one.reacting)
        quiet = quiet + 1 if size == relayed == shown and read else 0


async def tell(job: Job) -> None:
    """The whole story, about ``count`` people, from wherever it was cut off."""
    house = await open_house(Config.load(job.place / CONFIG), silent())
    house.start()
    await house.serve()
    story = Story(house)
    story.folder = job.place
    try:
        contract = await contracted(story)
        await asyncio.gather(*(one_person(story.of(nth), nth, contract) for nth in range(1, job.count + 1)))
        await at_rest(story)
        assert not any(agency.alarms for agency in house.agencies)
    finally:
        await story.close()


def do(job: Job) -> int:
    """Do the job; gives the exit status."""
    failpoints.arm(job.failpoint)
    try:
        asyncio.run(tell(job))
    except Exception as fault:  # noqa: BLE001 - whatever it was, the test tells it
        note(job.place / "failed", repr(fault))
        return 1
    return 0


if __name__ == "__main__":
    if sys.argv[1] == "zygote":
        zygote(do)
    else:
        sys.exit(do(Job(**json.loads(sys.argv[1]))))
