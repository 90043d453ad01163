"""An incident that a prosecutor was told of was recorded in error: everybody who has it on record shows it as void."""

import grpc
import pytest
from tests.pathways import stories
from tests.pathways.deployment import COORDINATOR, POLICE, PROSECUTOR, Deployment, Value, Values, eventually
from tests.pathways.stories import TODAY, person


@pytest.mark.slow
async def test_a_prosecutor_hears_that_an_incident_is_void_and_links_no_case_to_it(deployment: Deployment) -> None:
    found = await stories.detected(deployment)
    opened = await deployment.do(POLICE, "OpenIncident", region="GB-LND", exploitation_forms=["forced_labour"])
    incident: Values = {"incident_id": opened.incident_id}
    await deployment.do(POLICE, "LinkPersonToIncident", **person(found), **incident, role="victim")
    victim = await stories.reported(deployment, found, **incident)
    [report] = (await deployment.ask(PROSECUTOR, "GetVictim", person_ref=victim)).reports
    assert (report.reported_by, report.incident_voided_on) == (POLICE, "")
    articles: Values = {"iccs_code": "0204", "national_article": "GB-EAW-MSA2015-2"}
    about: Values = {"incident_ids": [report.incident_id]}
    case = str((await deployment.do(PROSECUTOR, "RegisterCase", **articles, **about)).criminal_case_id)

    voided: Values = {"on": f"incident-{opened.incident_id}", "reason": "wrong_person"}
    await deployment.do(POLICE, "VoidIncident", **incident, **voided)

    [noted] = await deployment.until(PROSECUTOR, "prosecution.IncidentVoidingNoted")
    assert (noted["incident_id"], noted["voided_by"]) == (report.incident_id, POLICE)
    shown = await deployment.ask(PROSECUTOR, "GetVictim", person_ref=victim)
    assert [one.incident_voided_on for one in shown.reports] == [TODAY], "the report itself stands"
    of_case = await deployment.ask(PROSECUTOR, "GetCriminalCase", criminal_case_id=case)
    assert (list(of_case.incident_ids), list(of_case.voided_incident_ids)) == ([], [report.incident_id])
    with pytest.raises(grpc.aio.AioRpcError, match="recorded in error"):
        await deployment.do(PROSECUTOR, "RegisterCase", **articles, **about)
    assert not await deployment.recorded(PROSECUTOR, "record.ReactionRefused")
    assert opened.incident_id.encode() not in b"".join(one.body for one in await deployment.entries(PROSECUTOR))

    async def marked() -> Value:
        pathway = await deployment.ask(COORDINATOR, "GetPathway", person_ref=found)
        return {one.kind for one in pathway.timeline if f"incident_voided_on={TODAY}" in one.detail}

    everywhere = {
        "identification.PersonLinkedToIncident",
        "identification.VictimReportMade",
        "prosecution.VictimReportReceived",
    }
    await eventually(marked, lambda seen: seen == everywhere)
