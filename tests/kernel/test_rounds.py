"""Which notices are reacted to side by side, and which wait for one another."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.kernel.pair import ELSEWHERE, HERE, handover, notice, opened, reacted

from nrm_contracts.assistance.events import ClaimableUnitVoided
from nrm_contracts.catalogue import type_of
from nrm_contracts.funding.events import CeilingNearlyReached, ClaimAnswered
from nrm_contracts.identification.events import RecordsMergedNotified
from nrm_kernel import reactions
from nrm_kernel.entry import Entry, Json, canonical
from nrm_kernel.store import Batch
from nrm_kernel.testing import memory
from nrm_kernel.testing.entries import event_data
from nrm_kernel.testing.memory import MemoryLog, MemoryStore
from nrm_kernel.testing.toy import Raise, RaisedNotified

CONTRACT, OTHER_CONTRACT = handover(100), handover(200)


def in_rounds(*told: object) -> list[list[int]]:
    """The rounds in which these notices are reacted to; by their places."""
    entries = [placed(at, event) for at, event in enumerate(told)]
    return [[entry.position for entry in each] for each in reactions._rounds(entries)]


def placed(position: int, event: object) -> Entry:
    """The notice of that event, in the stream of what it is about."""
    about = getattr(event, "contract_ref", None) or getattr(event, "handover_id", "")
    said: dict[str, Json] = {"stream": f"notice-{about}", "type": type_of(type(event)).name, "data": event_data(event)}
    entry = Entry.of(HERE, position, canonical({**notice(position), **said}))
    assert entry.event == event
    return entry


def raised(person: int) -> RaisedNotified:
    return RaisedNotified(handover(person), 1)


def answered(claim: int, contract: str = CONTRACT) -> ClaimAnswered:
    return ClaimAnswered(contract, handover(claim), "verified")


def voided(claim: int, person: int) -> ClaimableUnitVoided:
    return ClaimableUnitVoided(handover(claim), handover(person), CONTRACT, "recorded_in_error")


def test_a_notice_about_two_people_waits_for_what_was_said_of_either() -> None:
    merged = RecordsMergedNotified(handover(3), handover(2), "merged")
    assert in_rounds(raised(1), raised(2), merged, raised(4)) == [[0, 1, 3], [2]]


def test_claims_under_one_contract_are_decided_in_one_round_unless_one_is_named_twice() -> None:
    assert in_rounds(answered(1), answered(2), answered(3)) == [[0, 1, 2]]
    assert in_rounds(answered(1), answered(2), answered(1)) == [[0, 1], [2]]


def test_claims_for_one_person_are_decided_one_after_another() -> None:
    assert in_rounds(voided(1, 7), voided(2, 8), voided(3, 7)) == [[0, 1], [2]]


def test_what_is_told_of_a_contract_stands_between_the_claims_before_and_after_it() -> None:
    ceiling = CeilingNearlyReached(CONTRACT, 80)
    told = (answered(1), answered(2), ceiling, answered(3), answered(4), answered(5, OTHER_CONTRACT))
    assert in_rounds(*told) == [[0, 1, 5], [2], [3, 4]]
    assert in_rounds(ceiling, ceiling, CeilingNearlyReached(OTHER_CONTRACT, 80)) == [[0, 2], [1]]


@pytest.mark.parametrize(("people", "commits"), [((0, 1, 2), [2, 1]), ((0, 1, 2, 0, 1), [3, 1, 1])])
async def test_only_the_order_that_moves_the_cursor_waits_for_the_others_of_its_round(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, people: Sequence[int], commits: Sequence[int]
) -> None:
    log, sizes = MemoryLog(), list[int]()
    commit = memory._MemoryWriting.commit

    async def watched(self: Any, batch: Batch) -> None:  # noqa: ANN401 - a class private to the adapter
        sizes.append(len(batch.replies))
        await commit(self, batch)

    async with opened(MemoryStore(HERE), log, tmp_path) as here, opened(MemoryStore(ELSEWHERE), log, tmp_path) as other:
        for by, number in enumerate(people, start=1):
            await here.give(Raise(by, ELSEWHERE, handover(number)), f"k{number}")
        await here.publish()
        monkeypatch.setattr(memory._MemoryWriting, "commit", watched)
        await reacted(other)
    assert sizes == commits
