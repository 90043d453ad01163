"""A judgment that was copied wrongly is put right by an entry that names the one it corrects."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from nrm_contracts.prosecution.events import (
    AppealLodged,
    CaseJudged,
    CaseJudgedCorrected,
    CriminalCaseRegistered,
    DefendantAdded,
    DefendantCharged,
    DefendantIndicted,
    JudgmentBecameFinal,
    JudgmentCorrected,
    JudgmentEntered,
    TrialOpened,
)
from nrm_kernel.testing.spec import Spec
from nrm_prosecution.domain import correcting
from nrm_prosecution.domain.case import CASES
from nrm_prosecution.domain.defendant import Defendant

CASE, ONE, TWO = "c" * 32, "d" * 32, "e" * 32
DAY, NOW = date(2026, 3, 2), date(2026, 4, 1)
ARTICLES = ("KZ-CC-128",)


def before_court(ref: str) -> tuple[object, ...]:
    return (
        DefendantAdded(CASE, ref, "male", "30-38", "unknown", ("Exploiter",), False, DAY),
        DefendantCharged(CASE, ref, ARTICLES, DAY),
        DefendantIndicted(CASE, ref, ARTICLES, DAY),
    )


REGISTERED = CriminalCaseRegistered(CASE, (), "0204", "KZ-CC-128", "test/prosecution/north", True, DAY)
JUDGED = JudgmentEntered(CASE, ONE, "first", "convicted", ARTICLES, 48, False, (), DAY)
PAST = (REGISTERED, *before_court(ONE), *before_court(TWO), JUDGED, CaseJudged(CASE, DAY))
SEQ = PAST.index(JUDGED) + 1
RIGHT = correcting.CorrectJudgment(CASE, ONE, "typing_error", DAY, ARTICLES, 84, False, (), NOW)
PUT_RIGHT = JudgmentCorrected(CASE, ONE, SEQ, "typing_error", DAY, "first", "convicted", ARTICLES, 84, False, ())
SPEC = Spec(CASES, correcting.correct_judgment).given(*PAST)


def judged(*more: object) -> Defendant:
    return CASES.state([*PAST, *more]).defendants[ONE]


def test_the_new_entry_names_the_judgment_and_says_all_that_is_right() -> None:
    SPEC.when(RIGHT).then(PUT_RIGHT)
    one = judged(PUT_RIGHT)
    assert one.corrected
    assert one.judgment == replace(JUDGED, sentence_months=84)
    SPEC.given(PUT_RIGHT).when(RIGHT).then_refused("NOTHING_CORRECTED")


def test_a_wrong_day_of_the_first_judgment_is_put_right_for_the_case_too() -> None:
    moved = replace(RIGHT, happened_on=DAY + timedelta(5), sentence_months=48)
    SPEC.when(moved).then(
        replace(PUT_RIGHT, happened_on=DAY + timedelta(5), sentence_months=48),
        CaseJudgedCorrected(CASE, SEQ + 1, "typing_error", DAY + timedelta(5)),
    )
    twice = SPEC.given(
        replace(PUT_RIGHT, happened_on=DAY + timedelta(5)), CaseJudgedCorrected(CASE, SEQ + 1, "typing_error", DAY)
    )
    again = twice.when(replace(RIGHT, happened_on=DAY)).events
    named = [one.corrects for one in again if isinstance(one, JudgmentCorrected | CaseJudgedCorrected)]
    assert named == [SEQ + 2, SEQ + 3]
    later = replace(JUDGED, defendant_ref=TWO)
    of_two = replace(moved, defendant_ref=TWO)
    assert [type(one) for one in SPEC.given(later).when(of_two).events] == [JudgmentCorrected]


def test_a_final_judgment_is_copied_rightly_too_and_none_is_made_up() -> None:
    SPEC.given(JudgmentBecameFinal(CASE, ONE, "convicted", DAY)).when(RIGHT).then(PUT_RIGHT)
    SPEC.when(replace(RIGHT, defendant_ref=TWO)).then_refused("JUDGMENT_MISSING")


def test_a_correction_contradicts_neither_the_outcome_nor_the_calendar() -> None:
    SPEC.when(replace(RIGHT, articles=())).then_refused("ARTICLES_MISSING")
    SPEC.when(replace(RIGHT, happened_on=NOW + timedelta(1))).then_refused("DAY_IMPOSSIBLE")
    acquitted = replace(JUDGED, outcome="acquitted", articles=(), sentence_months=0)
    spec = Spec(CASES, correcting.correct_judgment).given(*PAST[:-2], acquitted)
    spec.when(RIGHT).then_refused("SENTENCE_WITHOUT_CONVICTION")


@given(day=st.integers(-10, 40), appealed=st.booleans(), final=st.booleans())
def test_a_judgment_is_moved_only_to_a_day_that_it_could_have_had(day: int, appealed: bool, final: bool) -> None:
    """Not before the charge or the trial, not after an appeal or after it became final, not after its correction."""
    tried = TrialOpened(CASE, DAY + timedelta(3))
    judged_ = replace(JUDGED, judged_on=DAY + timedelta(5))
    past = [REGISTERED, *before_court(ONE), tried, judged_, CaseJudged(CASE, DAY + timedelta(5))]
    past += [AppealLodged(CASE, DAY + timedelta(9))] if appealed else []
    past += [JudgmentBecameFinal(CASE, ONE, "convicted", DAY + timedelta(12))] if final else []
    moved = replace(RIGHT, happened_on=DAY + timedelta(day), sentence_months=48 if day != 5 else 84)
    decided = Spec(CASES, correcting.correct_judgment).given(*past).when(moved)
    if not 3 <= day <= (9 if appealed else 12 if final else (NOW - DAY).days):
        decided.then_refused("DAY_IMPOSSIBLE")
    else:
        assert [one.happened_on for one in decided.events if isinstance(one, JudgmentCorrected)] == [moved.happened_on]


@given(months=st.lists(st.integers(0, 120), min_size=1, max_size=5))
def test_however_often_it_is_corrected_the_last_correction_is_what_it_reads(months: list[int]) -> None:
    past: list[object] = [*PAST]
    for each in months:
        command = replace(RIGHT, sentence_months=each)
        case = CASES.state(past)
        judgment = case.defendants[ONE].judgment
        assert judgment is not None
        if judgment.sentence_months != each:
            past += correcting.correct_judgment(command, case)
    now = CASES.state(past).defendants[ONE]
    assert now.judgment == replace(JUDGED, sentence_months=months[-1])
    named = [past[event.corrects - 1] for event in past if isinstance(event, JudgmentCorrected)]
    corrections = [event for event in past if isinstance(event, JudgmentCorrected)]
    assert named == [JUDGED, *corrections][: len(corrections)]
    assert now.status == judged().status
