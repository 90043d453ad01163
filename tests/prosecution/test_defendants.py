"""What happens to a defendant, told as sentences."""

from dataclasses import replace
from datetime import date

import pytest

from nrm_contracts.prosecution.events import (
    AppealLodged,
    CaseBecameFinal,
    CaseIndicted,
    CaseJudged,
    CriminalCaseRegistered,
    DefendantAdded,
    DefendantCharged,
    DefendantIndicted,
    DefendantProceedingsEnded,
    InvestigationOpened,
    JudgmentBecameFinal,
    JudgmentEntered,
    TrialOpened,
)
from nrm_kernel.errors import NotFound
from nrm_kernel.testing.spec import Spec
from nrm_prosecution.domain import charging, court
from nrm_prosecution.domain.case import CASES

CASE, ONE, TWO = "c" * 32, "d" * 32, "e" * 32
AGENCY, DAY = "test/prosecution/north", date(2026, 3, 2)
ARTICLES = ("KZ-CC-128",)

REGISTERED = CriminalCaseRegistered(CASE, (), "0204", "KZ-CC-128", AGENCY, True, DAY)
INVESTIGATED = (REGISTERED, InvestigationOpened(CASE, DAY))
ADDED = DefendantAdded(CASE, ONE, "male", "30-38", "unknown", ("Exploiter",), False, DAY)
CHARGED = DefendantCharged(CASE, ONE, ARTICLES, DAY)
INDICTED = (DefendantIndicted(CASE, ONE, ARTICLES, DAY), CaseIndicted(CASE, DAY))
BEFORE_COURT = (*INVESTIGATED, ADDED, CHARGED, *INDICTED, TrialOpened(CASE, DAY))
CONVICTED = JudgmentEntered(CASE, ONE, "first", "convicted", ARTICLES, 84, False, (), DAY)
JUDGED = (*BEFORE_COURT, CONVICTED, CaseJudged(CASE, DAY))
FINAL = (*JUDGED, JudgmentBecameFinal(CASE, ONE, "convicted", DAY), CaseBecameFinal(CASE, DAY))
JUDGE = court.EnterJudgment(CASE, ONE, "first", "convicted", ARTICLES, 84, False, (), DAY)


def test_a_suspect_is_added_while_the_case_is_registered_or_investigated() -> None:
    command = charging.AddDefendant(
        CASE, ONE, "male", "30-38", "unknown", ("Exploiter", "Exploiter"), official=False, occurred_on=DAY
    )
    spec = Spec(CASES, charging.add_defendant)
    spec.given(REGISTERED).when(command).then(ADDED)
    spec.given(*INVESTIGATED).when(command).then(ADDED)
    spec.given(*BEFORE_COURT).when(command).then_refused("CASE_STAGE_WRONG")


def test_a_suspect_is_charged_once_and_under_an_article() -> None:
    spec = Spec(CASES, charging.charge_defendant).given(*INVESTIGATED, ADDED)
    command = charging.ChargeDefendant(CASE, ONE, ARTICLES, DAY)
    spec.when(command).then(CHARGED)
    spec.given(CHARGED).when(command).then_refused("DEFENDANT_STATUS_WRONG")
    spec.when(replace(command, articles=())).then_refused("ARTICLES_MISSING")


def test_a_defendant_of_another_case_is_unknown_here() -> None:
    with pytest.raises(NotFound):
        Spec(CASES, charging.charge_defendant).given(*INVESTIGATED, ADDED).when(
            charging.ChargeDefendant(CASE, TWO, ARTICLES, DAY)
        )


def test_only_who_is_charged_can_be_indicted() -> None:
    command = charging.IndictDefendant(CASE, ONE, ARTICLES, DAY)
    Spec(CASES, charging.indict_defendant).given(*INVESTIGATED, ADDED).when(command).then_refused(
        "DEFENDANT_STATUS_WRONG"
    )


def test_a_trial_needs_somebody_to_be_judged() -> None:
    gone = DefendantProceedingsEnded(CASE, ONE, "absconded", DAY)
    spec = Spec(CASES, court.open_trial).given(*INVESTIGATED, ADDED, CHARGED, *INDICTED)
    spec.when(court.OpenTrial(CASE, DAY)).then(TrialOpened(CASE, DAY))
    spec.given(gone).when(court.OpenTrial(CASE, DAY)).then_refused("DEFENDANTS_MISSING")


def test_the_first_judgment_moves_the_case_and_later_ones_do_not() -> None:
    spec = Spec(CASES, court.enter_judgment).given(*BEFORE_COURT)
    spec.when(JUDGE).then(CONVICTED, CaseJudged(CASE, DAY))
    two = (replace(ADDED, defendant_ref=TWO), replace(CHARGED, defendant_ref=TWO))
    both = (*INVESTIGATED, ADDED, CHARGED, *two, *INDICTED, DefendantIndicted(CASE, TWO, ARTICLES, DAY))
    spec = Spec(CASES, court.enter_judgment).given(*both, TrialOpened(CASE, DAY), CONVICTED, CaseJudged(CASE, DAY))
    spec.when(replace(JUDGE, defendant_ref=TWO)).then(replace(CONVICTED, defendant_ref=TWO))


def test_nobody_is_judged_twice_by_the_first_instance() -> None:
    Spec(CASES, court.enter_judgment).given(*JUDGED).when(JUDGE).then_refused("DEFENDANT_STATUS_WRONG")


def test_a_higher_court_judges_only_after_an_appeal() -> None:
    acquitted = replace(JUDGE, instance="appeal", outcome="acquitted", articles=(), sentence_months=0)
    spec = Spec(CASES, court.enter_judgment).given(*JUDGED)
    spec.when(acquitted).then_refused("CASE_STAGE_WRONG")
    appealed = spec.given(AppealLodged(CASE, DAY))
    appealed.when(acquitted).then(JudgmentEntered(CASE, ONE, "appeal", "acquitted", (), 0, False, (), DAY))


def test_a_case_that_was_sent_back_is_judged_again_by_the_first_instance() -> None:
    back = JudgmentEntered(CASE, ONE, "appeal", "sent_back", (), 0, False, (), DAY)
    spec = Spec(CASES, court.enter_judgment).given(*JUDGED, AppealLodged(CASE, DAY), back)
    spec.when(JUDGE).then(CONVICTED)
    Spec(CASES, court.enter_judgment).given(*BEFORE_COURT).when(
        replace(JUDGE, outcome="sent_back", articles=(), sentence_months=0)
    ).then_refused("OUTCOME_WRONG")


def test_a_sentence_goes_with_a_conviction_and_a_conviction_with_an_article() -> None:
    spec = Spec(CASES, court.enter_judgment).given(*BEFORE_COURT)
    spec.when(replace(JUDGE, outcome="acquitted")).then_refused("SENTENCE_WITHOUT_CONVICTION")
    spec.when(replace(JUDGE, articles=())).then_refused("ARTICLES_MISSING")


def test_an_appeal_needs_a_judgment() -> None:
    spec = Spec(CASES, court.lodge_appeal).given(*JUDGED)
    spec.when(court.LodgeAppeal(CASE, DAY)).then(AppealLodged(CASE, DAY))
    spec.given(JudgmentBecameFinal(CASE, ONE, "convicted", DAY)).when(court.LodgeAppeal(CASE, DAY)).then_refused(
        "JUDGMENT_MISSING"
    )


def test_a_final_judgment_stays() -> None:
    Spec(CASES, court.finalize_judgment).given(*FINAL).when(court.FinalizeJudgment(CASE, ONE, DAY)).then_refused(
        "CASE_STAGE_WRONG"
    )


def test_proceedings_end_only_while_their_outcome_is_open() -> None:
    command = charging.EndDefendantProceedings(CASE, ONE, "deceased", DAY)
    spec = Spec(CASES, charging.end_defendant_proceedings).given(*INVESTIGATED, ADDED)
    spec.when(command).then_refused("DEFENDANT_STATUS_WRONG")
    spec.given(CHARGED).when(command).then(DefendantProceedingsEnded(CASE, ONE, "deceased", DAY))


def test_when_the_last_open_defendant_of_a_judged_case_dies_the_case_is_final() -> None:
    two = (replace(ADDED, defendant_ref=TWO), replace(CHARGED, defendant_ref=TWO))
    past = (*INVESTIGATED, ADDED, CHARGED, *two, *INDICTED, TrialOpened(CASE, DAY), CONVICTED, CaseJudged(CASE, DAY))
    spec = Spec(CASES, charging.end_defendant_proceedings).given(
        *past, JudgmentBecameFinal(CASE, ONE, "convicted", DAY)
    )
    spec.when(charging.EndDefendantProceedings(CASE, TWO, "deceased", DAY)).then(
        DefendantProceedingsEnded(CASE, TWO, "deceased", DAY), CaseBecameFinal(CASE, DAY)
    )
