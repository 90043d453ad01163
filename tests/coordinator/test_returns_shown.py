"""A return to another country on the coordinator's pathway: how far it is, what is due, not where to nor how safe."""

import json
from collections.abc import Sequence

import pytest
from tests.assistance import story
from tests.assistance.test_returns import AGREED, ARRIVED, CONSENTED
from tests.coordinator.logs import NGO, Logs, Office

ON = story.DAY.isoformat()


def told(commands: Sequence[object]) -> Logs:
    """What the shelter recorded of these commands."""
    logs = Logs()
    logs.record(NGO, ON, *story.lived(*commands))
    return logs


async def test_each_step_of_a_return_stands_on_the_timeline() -> None:
    seen = await Office.over(told(ARRIVED)).pathway(story.ANNA)
    steps = [(one["kind"].removeprefix("assistance."), one.get("detail", "")) for one in seen["timeline"]]
    assert steps[steps.index(("ReturnOpened", "")) :] == [
        ("ReturnOpened", ""),
        ("ReturnRiskAssessed", ""),
        ("ConsentGiven", "scope=return"),
        ("ReturnConsented", ""),
        ("TransnationalReferralSent", ""),
        ("TransnationalReferralAnswered", "answer=accepted"),
        ("PersonReturned", ""),
        ("ReintegrationHandoverConfirmed", ""),
    ]


async def test_neither_country_nor_receiver_nor_risk_is_shown() -> None:
    shown = json.dumps(await Office.over(told(ARRIVED)).pathway(story.ANNA))
    assert not [one for one in ('"MD"', "=MD", story.PLAIN["receiver_ref"], '"safe"', "=safe") if str(one) in shown]


async def test_what_an_open_return_waits_for_is_due_and_owned() -> None:
    seen = await Office.over(told(AGREED)).pathway(story.ANNA)
    [due] = [one for one in seen["deadlines"] if one["kind"] == "return_step"]
    assert due["owner"] == NGO
    assert due["due_on"] > ON
    over = await Office.over(told(ARRIVED)).pathway(story.ANNA)
    assert not {"return_step", "receiver_answer", "reintegration_handover"} & {one["kind"] for one in over["deadlines"]}


async def test_the_consent_to_a_return_is_among_the_live_ones() -> None:
    seen = await Office.over(told(CONSENTED)).pathway(story.ANNA)
    assert "return" in [one["scope"] for one in seen["consents"]]


@pytest.mark.parametrize(
    ("commands", "steps"),
    [
        (CONSENTED, {"return_opened"}),
        (ARRIVED, {"return_opened", "return_made", "return_received"}),
        (story.ACCEPTED, set()),
    ],
)
async def test_returns_are_counted_by_person(commands: Sequence[object], steps: set[str]) -> None:
    counted = (await Office.over(told(commands)).funnels())["persons"]
    assert {step: count for step, count in counted.items() if step.startswith("return_")} == dict.fromkeys(steps, 1)
