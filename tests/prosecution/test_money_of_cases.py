"""Assets of offenders and compensation for victims: no more goes out than came in. Amounts are integers."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrm_contracts.prosecution.events import (
    AssetConfiscated,
    AssetFrozen,
    AssetRealised,
    AssetReleased,
    AssetTraced,
    CompensationAwarded,
    CompensationClaimed,
    CompensationPaid,
    ConfiscationSought,
    CriminalCaseRegistered,
    FinancialInvestigationOpened,
    ProceedsDistributed,
    ProceedsSent,
    VictimLinkedToCase,
    VictimRegistered,
)
from nrm_kernel.decider import Notice
from nrm_kernel.errors import NotFound, Refused
from nrm_kernel.testing.spec import Spec
from nrm_prosecution.domain import compensation, proceeds
from nrm_prosecution.domain.asset import AssetStatus
from nrm_prosecution.domain.case import CASES
from nrm_prosecution.domain.victim import VICTIMS

CASE, ASSET, PERSON, CLAIM = "c" * 32, "a" * 32, "b" * 32, "d" * 32
DAY = date(2026, 3, 2)
AMOUNTS = st.lists(st.integers(0, 400), max_size=12)

REGISTERED = CriminalCaseRegistered(CASE, (), "0204", "KZ-CC-128", "test/prosecution/north", True, DAY)
TRACED = AssetTraced(CASE, ASSET, "vehicle", 900, "KZT", DAY)
FROZEN = AssetFrozen(CASE, ASSET, DAY)
SOUGHT = ConfiscationSought(CASE, ASSET, DAY)
CONFISCATED = AssetConfiscated(CASE, ASSET, 900, "KZT", DAY)
REALISED = AssetRealised(CASE, ASSET, 1000, "KZT", DAY)
SOLD = (REGISTERED, TRACED, FROZEN, SOUGHT, CONFISCATED, REALISED)
FUND, SUM = "test/funding/fund", "e" * 32
AGENCIES = {FUND: "funding", "test/assistance/ngo-dawn": "assistance"}
SHARE = proceeds.DistributeProceeds(CASE, ASSET, "victims", 600, "KZT", DAY, AGENCIES, SUM)

VICTIM = (VictimRegistered(PERSON, False, (), DAY), VictimLinkedToCase(PERSON, CASE, DAY))
CLAIMED = CompensationClaimed(PERSON, CASE, CLAIM, 500, "KZT", DAY)
AWARDED = CompensationAwarded(PERSON, CLAIM, "offender", 300, "KZT", DAY)
PAY = compensation.PayCompensation(PERSON, CLAIM, "offender", 300, "KZT", DAY, "")


def test_the_money_is_followed_once_per_case() -> None:
    command = proceeds.OpenFinancialInvestigation(CASE, DAY)
    spec = Spec(CASES, proceeds.open_financial_investigation).given(REGISTERED)
    opened = FinancialInvestigationOpened(CASE, DAY)
    spec.when(command).then(opened)
    spec.given(opened).when(command).then_refused("FINANCIAL_INVESTIGATION_OPEN")


def test_an_asset_goes_its_way_step_by_step() -> None:
    trace = proceeds.TraceAsset(CASE, ASSET, "vehicle", 900, "KZT", DAY)
    Spec(CASES, proceeds.trace_asset).given(REGISTERED).when(trace).then(TRACED)
    freeze = Spec(CASES, proceeds.freeze_asset).given(REGISTERED, TRACED)
    freeze.when(proceeds.FreezeAsset(CASE, ASSET, DAY)).then(FROZEN)
    freeze.given(FROZEN).when(proceeds.FreezeAsset(CASE, ASSET, DAY)).then_refused("ASSET_STATUS_WRONG")
    seek = Spec(CASES, proceeds.seek_confiscation).given(REGISTERED, TRACED, FROZEN)
    seek.when(proceeds.SeekConfiscation(CASE, ASSET, DAY)).then(SOUGHT)
    confiscate = Spec(CASES, proceeds.confiscate_asset).given(REGISTERED, TRACED, FROZEN, SOUGHT)
    confiscate.when(proceeds.ConfiscateAsset(CASE, ASSET, 900, "KZT", DAY)).then(CONFISCATED)
    confiscate.when(proceeds.ConfiscateAsset(CASE, ASSET, 900, "USD", DAY)).then_refused("CURRENCY_WRONG")
    realise = Spec(CASES, proceeds.realise_asset).given(REGISTERED, TRACED, FROZEN, SOUGHT, CONFISCATED)
    realise.when(proceeds.RealiseAsset(CASE, ASSET, 1000, "KZT", DAY)).then(REALISED)


def test_an_asset_that_is_given_back_is_not_sold() -> None:
    past = (REGISTERED, TRACED, FROZEN, SOUGHT)
    released = AssetReleased(CASE, ASSET, DAY)
    Spec(CASES, proceeds.release_asset).given(*past).when(proceeds.ReleaseAsset(CASE, ASSET, DAY)).then(released)
    Spec(CASES, proceeds.realise_asset).given(*past, released).when(
        proceeds.RealiseAsset(CASE, ASSET, 1, "KZT", DAY)
    ).then_refused("ASSET_STATUS_WRONG")


def test_proceeds_are_shared_out_until_nothing_is_left() -> None:
    spec = Spec(CASES, proceeds.distribute_proceeds).given(*SOLD)
    first = ProceedsDistributed(CASE, ASSET, "victims", 600, "KZT", DAY)
    spec.when(SHARE).then(first)
    spec.given(first).when(SHARE).then_refused("PROCEEDS_EXCEEDED")
    rest = replace(first, to="fund", amount_minor=400)
    assert CASES.state([*SOLD, first, rest]).assets[ASSET].status is AssetStatus.DISTRIBUTED


def test_a_fund_is_told_its_sum_and_not_the_case() -> None:
    spec = Spec(CASES, proceeds.distribute_proceeds).given(*SOLD)
    to_fund = replace(SHARE, to="fund", fund=FUND)
    distributed = ProceedsDistributed(CASE, ASSET, "fund", 600, "KZT", DAY, FUND, SUM)
    spec.when(to_fund).then(distributed, Notice(FUND, SUM, ProceedsSent(SUM, 600, "KZT", DAY)))
    spec.when(replace(to_fund, fund=None)).then_refused("FUND_UNCLEAR")
    spec.when(replace(to_fund, to="victims")).then_refused("FUND_UNCLEAR")
    spec.when(replace(to_fund, fund="test/assistance/ngo-dawn")).then_refused("FUND_UNKNOWN")


def test_an_asset_of_another_case_is_unknown_here() -> None:
    with pytest.raises(NotFound):
        Spec(CASES, proceeds.freeze_asset).given(REGISTERED).when(proceeds.FreezeAsset(CASE, ASSET, DAY))


def test_compensation_needs_no_part_in_the_proceedings() -> None:
    command = compensation.ClaimCompensation(PERSON, CASE, CLAIM, 500, "KZT", DAY, "")
    spec = Spec(VICTIMS, compensation.claim_compensation)
    spec.given(*VICTIM).when(command).then(CLAIMED)
    spec.given(VICTIM[0]).when(command).then_refused("VICTIM_NOT_LINKED")
    spec.given(*VICTIM).when(replace(command, amount_minor=0)).then_refused("AMOUNT_ZERO")


def test_compensation_is_awarded_and_paid_by_payer() -> None:
    award = compensation.AwardCompensation(PERSON, CLAIM, "offender", 300, "KZT", DAY, "")
    Spec(VICTIMS, compensation.award_compensation).given(*VICTIM, CLAIMED).when(award).then(AWARDED)
    spec = Spec(VICTIMS, compensation.pay_compensation).given(*VICTIM, CLAIMED, AWARDED)
    spec.when(PAY).then(CompensationPaid(PERSON, CLAIM, "offender", 300, "KZT", DAY))
    spec.when(replace(PAY, payer="state_fund")).then_refused("AWARD_EXCEEDED")
    spec.when(replace(PAY, ccy="USD")).then_refused("CURRENCY_WRONG")


@given(amounts=AMOUNTS)
def test_what_is_shared_out_never_exceeds_what_the_asset_brought(amounts: list[int]) -> None:
    past: list[object] = [*SOLD]
    shared_minor = 0
    for amount_minor in amounts:
        try:
            past += proceeds.distribute_proceeds(replace(SHARE, amount_minor=amount_minor), CASES.state(past))
        except Refused:
            continue
        shared_minor += amount_minor
    asset = CASES.state(past).assets[ASSET]
    assert 0 <= shared_minor <= 1000
    assert asset.left_minor == 1000 - shared_minor
    assert (asset.status is AssetStatus.DISTRIBUTED) == (shared_minor == 1000)


@given(payments=st.lists(st.tuples(st.sampled_from(["offender", "state_fund"]), st.integers(0, 300)), max_size=12))
def test_no_payer_pays_more_than_was_awarded(payments: list[tuple[str, int]]) -> None:
    past: list[object] = [*VICTIM, CLAIMED, AWARDED, replace(AWARDED, payer="state_fund", amount_minor=200)]
    paid_minor = {"offender": 0, "state_fund": 0}
    for payer, amount_minor in payments:
        command = replace(PAY, payer=payer, amount_minor=amount_minor)
        try:
            past += compensation.pay_compensation(command, VICTIMS.state(past))
        except Refused:
            continue
        paid_minor[payer] += amount_minor
    assert paid_minor["offender"] <= 300
    assert paid_minor["state_fund"] <= 200
