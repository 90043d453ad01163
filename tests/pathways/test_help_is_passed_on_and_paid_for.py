"""A shelter helps somebody the police asked it to help, is paid without a name, and passes the person on."""

import asyncio
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import grpc
import pytest
from google.protobuf.message_factory import GetMessageClass
from tests.pathways.conftest import FUND, NGO, OTHER_NGO, POLICE, Metadata, says

from nrm.embedded import House
from nrm_contracts.assistance.v1 import assistance_pb2
from nrm_contracts.funding.v1 import funding_pb2
from nrm_contracts.identification.v1 import identification_pb2
from nrm_kernel.entry import Entry

INFORMED = ("agrees", "purpose", "uses", "research_use", "access_right", "storage_time", "how_to_withdraw")
Values = dict[str, Any]
CONSENT: Values = {"informed_points": INFORMED, "given_by": "self"}
YEAR = datetime.now(UTC).year
TODAY = datetime.now(UTC).date()
SERVICES = {
    "identification": identification_pb2.DESCRIPTOR.services_by_name["IdentificationService"],
    "assistance": assistance_pb2.DESCRIPTOR.services_by_name["AssistanceService"],
    "funding": funding_pb2.DESCRIPTOR.services_by_name["FundingService"],
}
ROLES: Mapping[str, Metadata] = {
    POLICE: says(POLICE, "first_responder", "refer"),
    NGO: says(NGO, "case_worker", "assist"),
    OTHER_NGO: says(OTHER_NGO, "case_worker", "assist"),
}


class Deployment:
    """All agencies of the process, called by name, each command on the version that its record has."""

    def __init__(self, house: House, channels: Mapping[str, grpc.aio.Channel]) -> None:
        self._house, self._channels = house, channels

    async def do(self, agency: str, name: str, caller: Metadata | None = None, on: str = "", **values: Any) -> Any:  # noqa: ANN401
        """Give a command about the stream ``on``; it must be recorded."""
        version = sum(entry.stream == on for entry in await self.entries(agency))
        expected = {"expected_version": version} if version else {}
        return await self.ask(agency, name, caller, request_id=str(uuid.uuid4()), **expected, **values)

    async def ask(self, agency: str, name: str, caller: Metadata | None = None, **values: Any) -> Any:  # noqa: ANN401
        """Call a method."""
        service = SERVICES[agency.split("/")[1]]
        method = service.methods_by_name[name]
        call: Any = self._channels[agency].unary_unary(
            f"/{service.full_name}/{name}",
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=GetMessageClass(method.output_type).FromString,
        )
        return await call(GetMessageClass(method.input_type)(**values), metadata=caller or ROLES[agency])

    async def entries(self, agency: str) -> list[Entry]:
        """Everything in that agency's record."""
        return list(await self._house.at(agency).agency.store.read(0, 1_000))

    async def recorded(self, agency: str, kind: str) -> list[Mapping[str, Any]]:
        """The data of that agency's entries of this type."""
        return [entry.envelope["data"] for entry in await self.entries(agency) if entry.type == kind]  # type: ignore[misc]

    async def until(self, agency: str, kind: str, good: Callable[[list[Mapping[str, Any]]], bool]) -> list[Any]:
        """The data of these entries, once they are as they should become."""
        for _ in range(300):
            found = await self.recorded(agency, kind)
            if good(found):
                return found
            await asyncio.sleep(0.02)
        raise AssertionError(f"{agency} recorded no such {kind}")


@pytest.fixture
def deployment(house: House, channels: Mapping[str, grpc.aio.Channel]) -> Deployment:
    return Deployment(house, channels)


async def asked_for(deployment: Deployment) -> str:
    """Somebody for whom the police asked the shelter; gives the shelter's reference."""
    described: Values = {"region": "GB-LND", "age_band": "24-26", "sex": "female", "language": "vie"}
    identify = says(POLICE, "first_responder", "identify")
    found = await deployment.do(POLICE, "DetectPerson", identify, detection_channel="raid", **described)
    person: Values = {"on": f"person-{found.person_ref}", "person_ref": found.person_ref}
    await deployment.do(POLICE, "GiveConsent", **person, scope="assistance", purpose="assistance", **CONSENT)
    await deployment.do(POLICE, "RequestAssistance", **person, to=NGO, needs=["shelter"])
    [opened] = await deployment.until(NGO, "assistance.CaseOpened", bool)
    return str(opened["person_ref"])


async def contracted(deployment: Deployment) -> str:
    """A contract of the fund with the shelter for ten sessions."""
    fund = says(FUND, "funding_officer", "fund", "officer")
    approver = says(FUND, "funding_approver", "fund", "approver")
    span: Values = {"starts_on": f"{YEAR}-01-01", "ends_on": f"{YEAR}-12-31"}
    years = [{"fiscal_year": YEAR, "amount_minor": 1_000_000}]
    source = await deployment.do(
        FUND, "RegisterFundingSource", fund, kind="state", ccy="GBP", years=years, valid_from=span["starts_on"]
    )
    budget: Values = {
        "source_id": source.source_id,
        "ccy": "GBP",
        "fiscal_year": YEAR,
        "ceiling_minor": 500_000,
        **span,
    }
    line = await deployment.do(FUND, "ApproveBudgetLine", approver, **budget)
    priced: Values = {"service_code": "psychological", "unit": "session"}
    price: Values = {"unit_price_minor": 6_000, "ccy": "GBP", "valid_from": span["starts_on"]}
    await deployment.do(FUND, "PublishServiceStandard", fund, **priced, **price)
    awarded = await deployment.do(
        FUND,
        "AwardContract",
        fund,
        provider=NGO,
        ccy="GBP",
        years=[{"fiscal_year": YEAR, "line_id": line.line_id, "ceiling_minor": 100_000}],
        lots=[{**priced, "qty_max_milli": 10_000}],
        criteria=["quality"],
        **span,
    )
    contract_ref = str(awarded.contract_ref)
    await deployment.do(FUND, "SignContract", approver, on=f"contract-{contract_ref}", contract_ref=contract_ref)
    await deployment.until(NGO, "assistance.ContractRecorded", bool)
    return contract_ref


async def helped(deployment: Deployment, person_ref: str, contract_ref: str) -> None:
    """A session under the contract, after the person accepted."""
    person: Values = {"on": f"person-{person_ref}", "person_ref": person_ref}
    await deployment.do(NGO, "OfferAssistance", **person, services=["psychological"])
    await deployment.do(NGO, "AcceptAssistance", **person, **CONSENT)
    days: Values = {"delivered_from": TODAY.isoformat(), "delivered_to": TODAY.isoformat(), "evidence_hash": "e" * 64}
    session: Values = {
        "service_code": "psychological",
        "unit": "session",
        "qty_milli": 1_000,
        "person_acknowledged": True,
    }
    await deployment.do(NGO, "DeliverServiceUnit", **person, **session, **days, contract_ref=contract_ref)


@pytest.mark.slow
async def test_a_shelter_is_paid_without_a_name_and_another_takes_over(deployment: Deployment) -> None:
    person_ref = await asked_for(deployment)
    contract_ref = await contracted(deployment)
    await helped(deployment, person_ref, contract_ref)

    [claim] = await deployment.until(NGO, "assistance.ClaimAnswerRecorded", lambda found: len(found) == 1)
    assert (claim["answer"], claim["person_ref"]) == ("recorded", person_ref)
    known_there = b"".join(entry.body for entry in await deployment.entries(FUND))
    assert claim["claim_id"].encode() in known_there
    assert person_ref.encode() not in known_there
    verifier = says(FUND, "funding_officer", "fund", "verifier")
    about: Values = {"contract_ref": contract_ref, "claim_id": claim["claim_id"], "method": "document"}
    await deployment.do(FUND, "VerifyUnit", verifier, on=f"contract-{contract_ref}", **about)
    answers = await deployment.until(NGO, "assistance.ClaimAnswerRecorded", lambda found: len(found) == 2)
    assert [one["answer"] for one in answers] == ["recorded", "verified"]

    person: Values = {"on": f"person-{person_ref}", "person_ref": person_ref}
    await deployment.do(NGO, "GiveConsent", **person, scope="share_with", share_with=OTHER_NGO, **CONSENT)
    await deployment.do(NGO, "TransferCase", **person, to=OTHER_NGO)
    [there] = await deployment.until(OTHER_NGO, "assistance.CaseOpened", bool)
    assert there["source"] == "transferred"
    assert there["person_ref"] != person_ref
    other: Values = {"on": f"person-{there['person_ref']}", "person_ref": there["person_ref"]}
    await deployment.do(OTHER_NGO, "OfferAssistance", **other, services=["shelter"])
    await deployment.do(OTHER_NGO, "AcceptAssistance", **other, **CONSENT)
    [answer] = await deployment.until(NGO, "assistance.TransferAnswered", bool)
    assert answer["answer"] == "accepted"
    await deployment.do(NGO, "CloseCase", **person, outcome="transferred")

    told = await deployment.until(POLICE, "identification.AssistanceAnswerReceived", lambda found: len(found) == 2)
    assert [one["answer"] for one in told] == ["offered", "accepted"]
    assert not await deployment.recorded(NGO, "record.ReactionRefused")
