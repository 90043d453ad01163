"""Confiscated proceeds become money for help: each sum once, and never more of it than came in."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.funding.conftest import Fund

from nrm_contracts.funding.events import FundingSourceRegistered, ProceedsReceived, SourceYear
from nrm_contracts.prosecution.events import ProceedsSent
from nrm_funding.domain.lines import ApproveBudgetLine
from nrm_funding.domain.sources import SOURCE, ReceiveProceeds, Source, left_in_source, receive_proceeds
from nrm_funding.reactions import REACTIONS
from nrm_kernel.decider import At
from nrm_kernel.entry import Entry, canonical
from nrm_kernel.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nrm_contracts.policy import NationalPolicy

CROWN, SUM = "test/prosecution/north", "d" * 32
DAY = date(2026, 11, 30)
SENT = ProceedsSent(SUM, 1_000, "KZT", DAY)
REACT = {reaction.notice: reaction.react for reaction in REACTIONS}


def told(fund: Fund, notice: ProceedsSent) -> Sequence[object]:
    """What the fund records of the notice."""
    command = ReceiveProceeds(notice.proceeds_ref, notice.amount_minor, notice.ccy, notice.distributed_on, CROWN)
    return fund.record(command, receive_proceeds, (At(SOURCE, notice.proceeds_ref),))


def line(fund: Fund, ceiling_minor: int, year: int) -> bool:
    """Whether a line of that year may take so much of the sum."""
    span = {"starts_on": date(year, 1, 1), "ends_on": date(year, 12, 31), "fiscal_year": year}
    try:
        fund.do(ApproveBudgetLine, source_id=SUM, ceiling_minor=ceiling_minor, ccy="KZT", **span)
    except Refused:
        return False
    return True


async def test_a_notice_asks_for_one_source_under_the_reference_that_both_know() -> None:
    entry = Entry.of(CROWN, 0, canonical({"origin": CROWN, "occurred_at": DAY.isoformat()}))
    [ask] = await REACT[ProceedsSent](SENT, entry, None)  # type: ignore[arg-type]  # asks for nothing
    assert ask.command == ReceiveProceeds(SUM, 1_000, "KZT", DAY, CROWN)
    assert [at.stream for at in ask.streams] == [f"source-{SUM}"]


def test_a_sum_is_a_source_and_who_sent_it_is_on_record(fund: Fund) -> None:
    assert told(fund, SENT) == [
        FundingSourceRegistered(SUM, "confiscated_assets", "KZT", (SourceYear(2026, 1_000),), (), DAY),
        ProceedsReceived(SUM, CROWN, 1_000, "KZT", DAY),
    ]


def test_what_is_left_of_a_sum_is_there_in_later_years_and_in_no_earlier_one(fund: Fund) -> None:
    told(fund, SENT)
    source = fund.states[SOURCE.stream(SUM)]
    assert [left_in_source(source, year) for year in (2025, 2026, 2027)] == [0, 1_000, 1_000]
    assert line(fund, 400, 2027)
    source = fund.states[SOURCE.stream(SUM)]
    assert [left_in_source(source, year) for year in (2025, 2026, 2027)] == [0, 600, 600]


def test_a_sum_of_nothing_is_no_source() -> None:
    with pytest.raises(Refused, match="not above zero"):
        receive_proceeds(ReceiveProceeds(SUM, 0, "KZT", DAY, CROWN), Source())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.one_of(st.just(None), st.tuples(st.integers(1, 700), st.integers(2025, 2028))), min_size=1, max_size=12
    )
)
def test_however_often_a_sum_is_told_lines_take_no_more_than_it(
    policy: NationalPolicy, steps: list[tuple[int, int] | None]
) -> None:
    """Invariants 13 and 15 at the door of money: one receipt, one ceiling."""
    fund, taken = Fund(policy), 0
    told(fund, SENT)
    for step in steps:
        if step is None:
            assert told(fund, SENT) == []
        elif line(fund, *step):
            taken += step[0]
    assert taken <= 1_000
    assert left_in_source(fund.states[SOURCE.stream(SUM)], 2028) == 1_000 - taken
    assert sum(isinstance(event, ProceedsReceived) for event in fund.streams[SOURCE.stream(SUM)]) == 1
