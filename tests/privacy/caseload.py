"""A small caseload in which three people's pathways meet at a prosecutor, a fund and a shelter, in different ways."""

from dataclasses import dataclass
from datetime import date, timedelta

from tests.pathways import stories
from tests.pathways.deployment import AUTHORITY, NGO, POLICE, PROSECUTOR, Deployment, Value, Values
from tests.pathways.stories import person

from nrm_contracts.vault.v1.vault_pb2 import Identity, PersonalData

_today = date.fromisoformat(stories.TODAY)
PROTECTED_UNTIL = (_today + timedelta(days=180 + 3 - _today.weekday())).isoformat()
"""A Thursday."""
HEARING_ON = (_today + timedelta(days=40)).isoformat()


@dataclass(frozen=True)
class Caseload:
    """References by agency: somebody whom all know, somebody only helped, somebody only reported."""

    known_to_all: dict[str, str]
    helped: dict[str, str]
    reported: dict[str, str]


async def lived(deployment: Deployment) -> Caseload:
    """Live through it, over real gRPC."""
    first, second, third = [await stories.detected(deployment, identity=_named(nth)) for nth in range(3)]
    incident = await _incident(deployment, first, third)
    at_authority, referral = await stories.referred(deployment, first, incident_ids=[incident])
    at_ngo = [await stories.asked_for(deployment, one) for one in (first, second)]
    at_crown = [await stories.reported(deployment, one, incident_id=incident) for one in (first, third)]
    await _decided(deployment, at_authority, referral)
    contract = await stories.contracted(deployment)
    claims = [await stories.helped(deployment, one, contract) for one in at_ngo]
    await stories.verified(deployment, contract, claims[0])
    case = await stories.taking_part(deployment, at_crown[0])
    await _watched_over(deployment, at_crown[0], case)
    await stories.charged(deployment, at_crown[0])
    await deployment.until(POLICE, "identification.VictimChargeReceived")
    await _looked(deployment, POLICE, at_crown[0], PROSECUTOR)
    await _looked(deployment, POLICE, at_ngo[0], NGO)
    await deployment.do(NGO, "ReportLost", **person(at_ngo[0]), last_contact_on=stories.TODAY)
    for scope in ("proceedings", "assistance"):
        await deployment.do(POLICE, "RevokeConsent", **person(first), scope=scope)
    await deployment.do(POLICE, "VoidIncident", on=f"incident-{incident}", incident_id=incident, reason="source_error")
    await deployment.until(PROSECUTOR, "prosecution.ConsentNoted")
    await deployment.until(PROSECUTOR, "prosecution.IncidentVoidingNoted")
    await deployment.until(NGO, "assistance.SharedConsentChanged")
    return Caseload(
        {POLICE: first, AUTHORITY: at_authority, NGO: at_ngo[0], PROSECUTOR: at_crown[0]},
        {POLICE: second, NGO: at_ngo[1]},
        {POLICE: third, PROSECUTOR: at_crown[1]},
    )


def _named(number: int) -> PersonalData:
    return PersonalData(identity=Identity(given_names=f"Nobody {number}", family_name="Invented"))


async def _incident(deployment: Deployment, *refs: str) -> str:
    opened = await deployment.do(POLICE, "OpenIncident", region="GB-LND", exploitation_forms=["forced_labour"])
    incident = str(opened.incident_id)
    for ref in refs:
        await deployment.do(POLICE, "LinkPersonToIncident", **person(ref), incident_id=incident, role="victim")
    return incident


async def _decided(deployment: Deployment, ref: str, referral: str) -> None:
    about: dict[str, Value] = {**person(ref), "referral_id": referral}
    await deployment.do(AUTHORITY, "AcknowledgeReferral", **about)
    grounds: dict[str, Value] = {"grounds": ["indicators_present"], "exploitation_forms": ["forced_labour"]}
    await deployment.do(AUTHORITY, "DecideStage", **about, stage=1, outcome="positive", **grounds)
    await deployment.until(POLICE, "identification.StatusReceived")


async def _watched_over(deployment: Deployment, ref: str, case: str) -> None:
    """A hearing, a measure of protection, and a release."""
    both: Values = {**person(ref), "criminal_case_id": case}
    await deployment.do(PROSECUTOR, "ScheduleHearing", **both, kind="trial", hearing_on=HEARING_ON)
    measure: Values = {**both, "measure": "no_contact_order"}
    await deployment.do(PROSECUTOR, "GrantProtectionMeasure", **measure, ends_on=PROTECTED_UNTIL)
    released = await stories.convicted(deployment, case)
    await deployment.do(PROSECUTOR, "ReleaseOffender", **released, person_refs=[ref])
    for told in ("HearingNoted", "ProtectionChangeNoted", "OffenderReleaseNoted"):
        await deployment.until(NGO, f"assistance.{told}")


async def _looked(deployment: Deployment, owner: str, ref: str, reader: str) -> None:
    """The reader opens who its person is, at the agency that told it of them."""
    [handover] = [
        one["handover_id"]
        for one in await deployment.recorded(reader, "record.HandoverReceived")
        if one["person_ref"] == ref
    ]
    asked: dict[str, Value] = {"handover_id": handover, "data_class": "identity", "legal_basis": "consent"}
    await deployment.ask(owner, "OpenSealed", by=reader, **asked)
