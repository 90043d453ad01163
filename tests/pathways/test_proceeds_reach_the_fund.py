"""What an offender earned is confiscated and pays for help: the fund has the sum, and not the case it came from."""

import pytest
from tests.pathways.deployment import FUND, PROSECUTOR, Deployment, Values
from tests.pathways.stories import TODAY, YEAR

POUNDS: Values = {"amount_minor": 90_000, "ccy": "GBP"}


@pytest.mark.slow
async def test_a_fund_spends_what_was_confiscated_without_knowing_the_case(deployment: Deployment) -> None:
    articles: Values = {"iccs_code": "0204", "national_article": "GB-EAW-MSA2015-2"}
    case = str((await deployment.do(PROSECUTOR, "RegisterCase", **articles)).criminal_case_id)
    on: Values = {"on": f"case-{case}", "criminal_case_id": case}
    traced = await deployment.do(PROSECUTOR, "TraceAsset", **on, kind="vehicle", est_minor=100_000, ccy="GBP")
    asset: Values = {**on, "asset_id": traced.asset_id}
    await deployment.do(PROSECUTOR, "FreezeAsset", **asset)
    await deployment.do(PROSECUTOR, "SeekConfiscation", **asset)
    await deployment.do(PROSECUTOR, "ConfiscateAsset", **asset, **POUNDS)
    await deployment.do(PROSECUTOR, "RealiseAsset", **asset, **POUNDS)
    sent = await deployment.do(PROSECUTOR, "DistributeProceeds", **asset, to="fund", fund=FUND, **POUNDS)

    [received] = await deployment.until(FUND, "funding.ProceedsReceived")
    assert received == {"source_id": sent.proceeds_ref, "sender": PROSECUTOR, "distributed_on": TODAY, **POUNDS}
    known_there = b"".join(entry.body for entry in await deployment.entries(FUND))
    assert case.encode() not in known_there
    assert str(traced.asset_id).encode() not in known_there

    budget: Values = {"source_id": sent.proceeds_ref, "fiscal_year": YEAR, "ceiling_minor": 90_000, "ccy": "GBP"}
    span: Values = {"starts_on": f"{YEAR}-01-01", "ends_on": f"{YEAR}-12-31"}
    await deployment.do(FUND, "ApproveBudgetLine", **budget, **span)
    source = (await deployment.ask(FUND, "GetFundingSource", source_id=sent.proceeds_ref)).source
    assert (source.kind, [one.left_minor for one in source.years]) == ("confiscated_assets", [0])
