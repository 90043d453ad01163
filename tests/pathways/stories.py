"""What happens to people in these tests, step by step; each step gives back what the next one needs."""

from datetime import UTC, datetime

from tests.pathways.deployment import AUTHORITY, FUND, NGO, POLICE, PROSECUTOR, Deployment, Value, Values

INFORMED = ("agrees", "purpose", "uses", "research_use", "access_right", "storage_time", "how_to_withdraw")
CONSENT: Values = {"informed_points": INFORMED, "given_by": "self"}
SOMEBODY: Values = {"region": "GB-LND", "age_band": "24-26", "sex": "female", "language": "vie"}
SIGNS: Values = {
    "tool": "ilo",
    "tool_version": "2009",
    "indicators": ["ilo_1_01"],
    "acts": ["recruitment"],
    "means": ["deception"],
    "purposes": ["forced_labour"],
    "exploitation_forms": ["forced_labour"],
    "outcome": "indicated",
}
PURPOSES = {"referral": "referral", "assistance": "assistance", "proceedings": "prosecution"}
TODAY = datetime.now(UTC).date().isoformat()
YEAR = datetime.now(UTC).year
ARTICLES: Values = {"articles": ["GB-EAW-MSA2015-2"]}
SESSION: Values = {"service_code": "psychological", "unit": "session"}


def person(ref: str) -> Values:
    """What a command about a person says: the person, and the stream that it stands in."""
    return {"on": f"person-{ref}", "person_ref": ref}


async def detected(deployment: Deployment, **more: Value) -> str:
    """Somebody whom the police found in a raid; gives the reference there."""
    found = await deployment.do(POLICE, "DetectPerson", detection_channel="raid", **(SOMEBODY | more))
    return str(found.person_ref)


async def consented(deployment: Deployment, ref: str, scope: str) -> None:
    """The person agrees to this, at the police."""
    await deployment.do(POLICE, "GiveConsent", **person(ref), scope=scope, purpose=PURPOSES[scope], **CONSENT)


async def referred(deployment: Deployment, ref: str, **more: Value) -> tuple[str, str]:
    """The person is screened and, with consent, referred; gives the authority's references of person and referral."""
    await deployment.do(POLICE, "Screen", **person(ref), **SIGNS)
    await consented(deployment, ref, "referral")
    known = len(await deployment.recorded(AUTHORITY, "identification.ReferralReceived"))
    await deployment.do(POLICE, "SubmitReferral", **person(ref), to=AUTHORITY, **more)
    told = await deployment.until(AUTHORITY, "identification.ReferralReceived", lambda found: len(found) > known)
    return str(told[-1]["person_ref"]), str(told[-1]["referral_id"])


async def asked_for(deployment: Deployment, ref: str, to: str = NGO) -> str:
    """With consent, a shelter is asked to help; gives the shelter's reference."""
    await consented(deployment, ref, "assistance")
    known = len(await deployment.recorded(to, "assistance.CaseOpened"))
    await deployment.do(POLICE, "RequestAssistance", **person(ref), to=to, needs=["shelter"])
    opened = await deployment.until(to, "assistance.CaseOpened", lambda found: len(found) > known)
    return str(opened[-1]["person_ref"])


async def reported(deployment: Deployment, ref: str, **more: Value) -> str:
    """With consent, the prosecutor is told of a victim; gives the prosecutor's reference."""
    await consented(deployment, ref, "proceedings")
    known = len(await deployment.recorded(PROSECUTOR, "prosecution.VictimReportReceived"))
    forms = ["forced_labour"]
    await deployment.do(POLICE, "ReportVictim", **person(ref), to=PROSECUTOR, exploitation_forms=forms, **more)
    told = await deployment.until(PROSECUTOR, "prosecution.VictimReportReceived", lambda found: len(found) > known)
    return str(told[-1]["person_ref"])


async def taking_part(deployment: Deployment, ref: str) -> str:
    """The prosecutor's victim is a witness in a new case; gives the case."""
    articles: Values = {"iccs_code": "0204", "national_article": "GB-EAW-MSA2015-2"}
    case = str((await deployment.do(PROSECUTOR, "RegisterCase", **articles)).criminal_case_id)
    both: Values = {**person(ref), "criminal_case_id": case}
    await deployment.do(PROSECUTOR, "LinkVictim", **both)
    await deployment.do(PROSECUTOR, "ConsentToParticipation", **both, capacity="witness", given_by="self")
    return case


async def convicted(deployment: Deployment, case: str) -> Values:
    """Somebody is convicted in the case for good."""
    on: Values = {"on": f"case-{case}", "criminal_case_id": case}
    await deployment.do(PROSECUTOR, "OpenInvestigation", **on)
    described: Values = {"sex": "male", "age_band": "30-38", "citizenship": "GB", "roles_in_process": ["Exploiter"]}
    added = await deployment.do(PROSECUTOR, "AddDefendant", **on, **described)
    both: Values = {**on, "defendant_ref": added.defendant_ref}
    await deployment.do(PROSECUTOR, "ChargeDefendant", **both, **ARTICLES)
    await deployment.do(PROSECUTOR, "IndictDefendant", **both, **ARTICLES)
    await deployment.do(PROSECUTOR, "OpenTrial", **on)
    sentence: Values = {"instance": "first", "outcome": "convicted", "sentence_months": 12, **ARTICLES}
    await deployment.do(PROSECUTOR, "EnterJudgment", **both, **sentence)
    await deployment.do(PROSECUTOR, "FinalizeJudgment", **both)
    return both


async def charged(deployment: Deployment, ref: str) -> None:
    """The prosecutor's victim is charged with something."""
    charge: Values = {"articles": ["GB-EAW-MSA2015-2"], "linked_to_exploitation": "unknown"}
    await deployment.do(PROSECUTOR, "ChargeVictim", **person(ref), **charge)


async def contracted(deployment: Deployment, provider: str = NGO) -> str:
    """The fund pays the shelter for ten sessions; gives the contract."""
    span: Values = {"starts_on": f"{YEAR}-01-01", "ends_on": f"{YEAR}-12-31"}
    pounds: Values = {"ccy": "GBP"}
    years = [{"fiscal_year": YEAR, "amount_minor": 1_000_000}]
    source = await deployment.do(
        FUND, "RegisterFundingSource", kind="state", years=years, valid_from=span["starts_on"], **pounds
    )
    budget: Values = {"source_id": source.source_id, "fiscal_year": YEAR, "ceiling_minor": 500_000}
    line = await deployment.do(FUND, "ApproveBudgetLine", officer=2, **budget, **pounds, **span)
    price: Values = {"unit_price_minor": 6_000, "valid_from": span["starts_on"]}
    await deployment.do(FUND, "PublishServiceStandard", on="standard-psychological", **SESSION, **price, **pounds)
    terms: Values = {
        "years": [{"fiscal_year": YEAR, "line_id": line.line_id, "ceiling_minor": 100_000}],
        "lots": [{**SESSION, "qty_max_milli": 10_000}],
        "criteria": ["quality"],
    }
    awarded = await deployment.do(FUND, "AwardContract", provider=provider, **terms, **pounds, **span)
    contract = str(awarded.contract_ref)
    await deployment.do(FUND, "SignContract", officer=2, on=f"contract-{contract}", contract_ref=contract)
    await deployment.until(provider, "assistance.ContractRecorded")
    return contract


async def helped(deployment: Deployment, ref: str, contract: str, at: str = NGO) -> str:
    """The person accepts help and has a session under the contract; gives the claim that the fund has recorded."""
    await deployment.do(at, "OfferAssistance", **person(ref), services=["psychological"])
    await deployment.do(at, "AcceptAssistance", **person(ref), **CONSENT)
    known = len(await deployment.recorded(at, "assistance.ClaimAnswerRecorded"))
    given: Values = {
        "qty_milli": 1_000,
        "delivered_from": TODAY,
        "delivered_to": TODAY,
        "evidence_hash": f"{known:064x}",
        "person_acknowledged": True,
        "contract_ref": contract,
    }
    await deployment.do(at, "DeliverServiceUnit", **person(ref), **SESSION, **given)
    told = await deployment.until(at, "assistance.ClaimAnswerRecorded", lambda found: len(found) > known)
    return str(told[-1]["claim_id"])


async def verified(deployment: Deployment, contract: str, claim: str) -> None:
    """The fund finds that the session took place."""
    await deployment.do(
        FUND,
        "VerifyUnit",
        on=f"contract-{contract}",
        officer=3,
        contract_ref=contract,
        claim_id=claim,
        method="document",
    )
