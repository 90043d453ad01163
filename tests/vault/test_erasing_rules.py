"""When sealed data may be made unreadable: grounds, what stands against them, and two officers."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrm_contracts.codes import code_list
from nrm_contracts.policy import NationalPolicy, Period, Unit
from nrm_contracts.record.events import ErasureProposed, PersonalDataErased
from nrm_kernel.copies import COPIES
from nrm_kernel.decider import Fold, In
from nrm_kernel.erasing import PROPOSALS, ConfirmErasure, Held, ProposeErasure, confirm_erasure, propose_erasure
from nrm_kernel.policy import load_history
from nrm_kernel.testing.spec import Decided, Spec
from nrm_kernel.vault import Kept

PERSON, ANNA, BORIS = "a" * 32, "officer-1", "officer-2"
LAST_ON, TODAY = date(2026, 1, 10), date(2026, 6, 1)
DAYS_SINCE = (TODAY - LAST_ON).days
UK = load_history(Path(__file__).parents[2] / "policies" / "gb.toml").newest
FREE = Kept(open=False, consent_lives=False)
BY_REQUEST = ErasureProposed(PERSON, ("identity",), "person_request", ANNA)
FILE: Fold[None, object] = Fold("person", None, lambda state, _event: state)


def policy(days: int | None) -> NationalPolicy:
    """One that keeps data so long after the last entry; None: it sets no term."""
    return replace(UK, retention=None if days is None else Period(days, Unit.CALENDAR_DAYS))


def held(kept: Kept, proposed: ErasureProposed | None = None) -> Held:
    return Held(frozenset({"identity", "contact"}), LAST_ON, TODAY, lambda _today, *_states: kept, proposed)


def proposing(ground: str, *classes: str, kept: Kept = FREE, days: int | None = None) -> Decided:
    command = ProposeErasure(
        person_ref=PERSON,
        data_classes=classes or ("identity",),
        ground=ground,
        officer=ANNA,
        policy=policy(days),
    )
    return Spec(FILE, partial(propose_erasure, held(kept))).also(PROPOSALS).when(command)


def confirming(
    officer: str = BORIS,
    latest: ErasureProposed | None = BY_REQUEST,
    *,
    looked_up: ErasureProposed | None = BY_REQUEST,
    kept: Kept = FREE,
    days: int | None = None,
) -> Decided:
    command = ConfirmErasure(person_ref=PERSON, officer=officer, policy=policy(days))
    spec = Spec(FILE, partial(confirm_erasure, held(kept, looked_up)))
    return spec.also(PROPOSALS, *([latest] if latest else [])).also(COPIES).when(command)


def erased(ground: str, rule: str) -> PersonalDataErased:
    return PersonalDataErased(PERSON, ("identity",), ground, rule, ANNA, BORIS)


def test_given_readable_data_when_an_officer_proposes_then_nothing_but_the_proposal_is_recorded() -> None:
    decided = proposing("person_request", "identity", "contact", "identity")
    decided.then(In(PROPOSALS.stream(PERSON), ErasureProposed(PERSON, ("contact", "identity"), "person_request", ANNA)))


def test_given_a_proposal_when_another_officer_confirms_then_it_is_erased_on_its_ground_and_rule() -> None:
    confirming().then(erased("person_request", "retention_not_set"))


def test_given_a_proposal_when_the_same_officer_confirms_then_it_is_refused() -> None:
    confirming(ANNA).then_refused("SECOND_OFFICER_REQUIRED")


@pytest.mark.parametrize("looked_up", [None, replace(BY_REQUEST, data_classes=("contact",))])
def test_given_no_proposal_or_another_one_when_an_officer_confirms_then_it_is_refused(
    looked_up: ErasureProposed | None,
) -> None:
    confirming(looked_up=looked_up).then_refused("ERASURE_NOT_PROPOSED")


def test_given_no_such_data_when_an_officer_proposes_then_it_is_refused() -> None:
    proposing("person_request", "identity", "health").then_refused("NOTHING_TO_ERASE")


def test_given_a_live_consent_when_its_withdrawal_is_the_ground_then_it_is_refused() -> None:
    lives = Kept(open=False, consent_lives=True)
    proposing("consent_withdrawn", kept=lives).then_refused("CONSENT_LIVES")
    assert proposing("person_request", kept=lives).refusal is None


def test_whether_a_consent_lives_is_asked_about_the_day_on_which_the_keys_would_go() -> None:
    since_today = replace(held(FREE), kept=lambda day, *_states: Kept(open=False, consent_lives=day >= TODAY))
    command = ProposeErasure(
        person_ref=PERSON,
        data_classes=("identity",),
        ground="consent_withdrawn",
        officer=ANNA,
        policy=policy(None),
    )
    spec = Spec(FILE, partial(propose_erasure, since_today)).also(PROPOSALS)
    spec.when(command).then_refused("CONSENT_LIVES")


def test_given_no_term_in_the_policy_when_its_end_is_the_ground_then_it_is_refused_and_never_counts_as_over() -> None:
    proposing("retention_over").then_refused("RETENTION_NOT_SET")


@given(st.integers(0, 400), st.sampled_from(sorted(set(code_list("erasure_ground")) - {"court_order"})))
def test_until_the_term_is_over_nothing_is_erased_but_by_a_court(days: int, ground: str) -> None:
    proposal = replace(BY_REQUEST, ground=ground)
    confirmed = confirming(latest=proposal, looked_up=proposal, days=days)
    if days < DAYS_SINCE:
        confirmed.then(erased(ground, "retention"))
    else:
        confirmed.then_refused("RETENTION_RUNNING")
        proposing(ground, days=days).then_refused("RETENTION_RUNNING")
        assert confirmed.refusal is not None
        assert confirmed.refusal.facts["until"] == (LAST_ON + timedelta(days=days)).isoformat()


@given(st.sampled_from(sorted(code_list("erasure_ground"))), st.booleans(), st.none() | st.integers(0, 400))
def test_an_open_case_keeps_the_data_from_all_but_a_courts_order(ground: str, lives: bool, days: int | None) -> None:
    kept, proposal = Kept(open=True, consent_lives=lives), replace(BY_REQUEST, ground=ground)
    confirmed = confirming(latest=proposal, looked_up=proposal, kept=kept, days=days)
    if ground == "court_order":
        confirmed.then(erased(ground, "court_order"))
    else:
        confirmed.then_refused("CASE_OPEN")
        proposing(ground, kept=kept, days=days).then_refused("CASE_OPEN")
