"""Data is erased that an agency was shown: its answer is a deadline on the pathway, heard of or not."""

from datetime import date

from tests.coordinator.logs import NGO, POLICE, Logs, Office, ref
from tests.coordinator.stories import detected, handed_over

from nrm_contracts.record.events import (
    CopiesErased,
    CopiesErasedReceived,
    DeadlineMet,
    DeadlineSet,
    ErasureNoted,
    ErasureTold,
    PersonalDataErased,
)

HERE, THERE, HANDOVER, ERASURE = ref(1), ref(2), ref(3), ref(4)
KIND, DUE_ON = "erasure_confirmation", date(2026, 2, 10)
RULE = "gb-2024-10-08/deadlines.erasure_confirmation"


def told(logs: Logs, on: str) -> None:
    """The police erase what a shelter was shown, and tell it."""
    detected(logs, "2026-01-02", HERE)
    handed_over(logs, "2026-01-03", (POLICE, HERE), (NGO, THERE), HANDOVER)
    erased = PersonalDataErased(HERE, ("identity",), "court_order", "court_order", "officer-1", "officer-2")
    due = DeadlineSet(HERE, KIND, ERASURE, "ErasureTold", date.fromisoformat(on), RULE, NGO, DUE_ON)
    logs.record(POLICE, on, erased, ErasureTold(HERE, NGO, HANDOVER, ERASURE, ("identity",)), due)


def heard(logs: Logs, on: str) -> None:
    """The shelter has the same duty itself."""
    noted = ErasureNoted(THERE, POLICE, HANDOVER, ERASURE, ("identity",))
    due = DeadlineSet(THERE, KIND, ERASURE, "ErasureNoted", date.fromisoformat(on), RULE, NGO, DUE_ON)
    logs.record(NGO, on, noted, due)


async def late(logs: Logs) -> list[tuple[str, str, str]]:
    """Whose answer is late, about whom."""
    return [(one["owner"], one["person"], one["kind"]) for one in await Office.over(logs).overdue()]


async def test_who_was_told_of_an_erasure_owes_an_answer_whether_it_heard_of_it_or_not() -> None:
    logs = Logs()
    told(logs, "2026-01-10")
    assert await late(logs) == [(NGO, HERE, KIND)], "the shelter is cut off"
    heard(logs, "2026-01-12")
    assert await late(logs) == [(NGO, HERE, KIND)], "one duty, though both keep it"
    [shown] = (await Office.over(logs).pathway(THERE))["deadlines"]
    assert (shown["kind"], shown["owner"], shown["due_on"]) == (KIND, NGO, "2026-02-10")


async def test_the_duty_ends_on_the_pathway_when_the_answer_is_there_and_each_step_is_shown() -> None:
    logs = Logs()
    told(logs, "2026-01-10")
    heard(logs, "2026-01-10")
    met_on = date(2026, 1, 20)
    logs.record(NGO, "2026-01-20", CopiesErased(THERE, ERASURE, "officer-3"), DeadlineMet(THERE, KIND, ERASURE, met_on))
    answer = CopiesErasedReceived(HERE, NGO, ERASURE)
    logs.record(POLICE, "2026-01-20", answer, DeadlineMet(HERE, KIND, ERASURE, met_on))
    pathway = await Office.over(logs).pathway(HERE)
    assert "deadlines" not in pathway
    steps = [one["kind"] for one in pathway["timeline"] if one["kind"].startswith("record.")]
    assert steps == [
        "record.PersonalDataErased",
        "record.ErasureTold",
        "record.ErasureNoted",
        "record.CopiesErased",
        "record.CopiesErasedReceived",
    ]
    assert "officer" not in str(pathway)
