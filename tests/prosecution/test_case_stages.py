"""How a criminal case goes from report to end, told as sentences."""

from dataclasses import replace
from datetime import date

import pytest

from nrm_contracts.prosecution.events import (
    CaseBecameFinal,
    CaseClosed,
    CaseDiscontinued,
    CaseIndicted,
    CaseJudged,
    CaseReclassified,
    CaseResumed,
    CaseSettled,
    CasesMerged,
    CaseSuspended,
    CaseTransferred,
    CrimeReported,
    CriminalCaseRegistered,
    DeadlineLifted,
    DeadlineMet,
    DeadlineSet,
    DefendantAdded,
    DefendantCharged,
    DefendantIndicted,
    DefendantProceedingsEnded,
    IncidentLinkedToCase,
    InvestigationOpened,
    JudgmentBecameFinal,
    JudgmentEntered,
    TrialOpened,
)
from nrm_kernel.decider import In
from nrm_kernel.errors import NotFound
from nrm_kernel.testing.spec import Spec
from nrm_prosecution.domain import charging, court, pausing, register
from nrm_prosecution.domain.case import CASES
from nrm_prosecution.domain.incident import INCIDENTS
from nrm_prosecution.domain.stages import NEXT, CaseStatus

CASE, OTHER_CASE, INCIDENT, DEFENDANT = "c" * 32, "e" * 32, "1" * 32, "d" * 32
AGENCY, ELSEWHERE = "test/prosecution/north", "test/prosecution/south"
DAY, NEXT_LOOK = date(2026, 3, 2), date(2026, 4, 2)

REGISTERED = CriminalCaseRegistered(CASE, (INCIDENT,), "0204", "KZ-CC-128", AGENCY, True, DAY)
REVIEW_DUE = DeadlineSet("case_review", CASE, "CriminalCaseRegistered", DAY, "officer", AGENCY, NEXT_LOOK)
NO_REVIEW_DUE = DeadlineLifted("case_review", CASE, DAY)
OPENED = InvestigationOpened(CASE, DAY)
ADDED = DefendantAdded(CASE, DEFENDANT, "male", "30-38", "unknown", ("Exploiter",), False, DAY)
CHARGED = DefendantCharged(CASE, DEFENDANT, ("KZ-CC-128",), DAY)
INDICTED = (DefendantIndicted(CASE, DEFENDANT, ("KZ-CC-128",), DAY), CaseIndicted(CASE, DAY))
CONVICTED = JudgmentEntered(CASE, DEFENDANT, "first", "convicted", ("KZ-CC-128",), 84, False, (), DAY)
INVESTIGATED = (REGISTERED, REVIEW_DUE, OPENED)
IN_COURT = (*INVESTIGATED, ADDED, CHARGED, *INDICTED, TrialOpened(CASE, DAY))
JUDGED = (*IN_COURT, CONVICTED, CaseJudged(CASE, DAY))


def test_a_case_is_registered_with_a_lead_and_a_day_to_be_looked_at() -> None:
    command = register.RegisterCase(CASE, (INCIDENT, INCIDENT), "0204", "KZ-CC-128", True, DAY, AGENCY, None, NEXT_LOOK)
    Spec(CASES, register.register_case).when(command).then(REGISTERED, REVIEW_DUE)


def test_without_a_day_the_look_is_due_all_the_same() -> None:
    command = register.RegisterCase(CASE, (INCIDENT,), "0204", "KZ-CC-128", True, DAY, AGENCY)
    no_day = DeadlineSet("case_review", CASE, "CriminalCaseRegistered", DAY, "none", AGENCY, None)
    Spec(CASES, register.register_case).when(command).then(REGISTERED, no_day)


def test_the_next_look_is_never_in_the_past() -> None:
    command = register.RegisterCase(CASE, (), "0204", "KZ-CC-128", False, DAY, AGENCY, None, DAY)
    Spec(CASES, register.register_case).when(command).then_refused("REVIEW_DAY_PAST")


def test_a_report_becomes_a_registered_case_under_the_same_id() -> None:
    reported = CrimeReported(CASE, (INCIDENT,), AGENCY, True, DAY)
    spec = Spec(CASES, register.report_crime)
    report = register.ReportCrime(CASE, (INCIDENT,), True, DAY, AGENCY, None, NEXT_LOOK)
    spec.when(report).then(reported, replace(REVIEW_DUE, anchor="CrimeReported"))

    taken_in = Spec(CASES, register.register_reported_case).given(reported)
    command = register.RegisterReportedCase(CASE, "0204", "KZ-CC-128", DAY)
    taken_in.when(command).then(REGISTERED)
    taken_in.given(REGISTERED).when(command).then_refused("CASE_STAGE_WRONG")


def test_nothing_is_known_of_a_case_that_was_never_registered() -> None:
    with pytest.raises(NotFound):
        Spec(CASES, register.open_investigation).when(register.OpenInvestigation(CASE, DAY))


def test_an_incident_is_linked_once() -> None:
    spec = Spec(CASES, register.link_incident).given(REGISTERED).also(INCIDENTS)
    spec.when(register.LinkIncident(CASE, INCIDENT, DAY)).then_refused("INCIDENT_ALREADY_LINKED")
    spec.when(register.LinkIncident(CASE, OTHER_CASE, DAY)).then(IncidentLinkedToCase(CASE, OTHER_CASE, DAY))


def test_a_look_at_the_case_sets_the_next_one() -> None:
    again = date(2026, 6, 1)
    Spec(CASES, register.review_case).given(*INVESTIGATED).when(register.ReviewCase(CASE, NEXT_LOOK, again)).then(
        DeadlineMet("case_review", CASE, NEXT_LOOK),
        DeadlineSet("case_review", CASE, "DeadlineMet", NEXT_LOOK, "officer", AGENCY, again),
    )


def test_a_case_goes_on_under_another_article() -> None:
    spec = Spec(CASES, register.reclassify_case).given(*INVESTIGATED)
    spec.when(register.ReclassifyCase(CASE, "0302", "KZ-CC-308", DAY)).then(
        CaseReclassified(CASE, "0204", "0302", "KZ-CC-128", "KZ-CC-308", DAY)
    )
    spec.when(register.ReclassifyCase(CASE, "0204", "KZ-CC-128", DAY)).then_refused("CASE_CLASS_SAME")


def test_a_suspended_case_goes_on_where_it_stopped_and_stays_due() -> None:
    reclassified = CaseReclassified(CASE, "0204", "0302", "KZ-CC-128", "KZ-CC-308", DAY)
    past = (*INVESTIGATED, reclassified, CaseSuspended(CASE, "suspect_abroad", DAY))
    assert CASES.state(past).deadlines
    Spec(CASES, pausing.resume_case).given(*past).when(pausing.ResumeCase(CASE, DAY)).then(
        CaseResumed(CASE, "reclassified", DAY)
    )
    Spec(CASES, pausing.resume_case).given(*INVESTIGATED).when(pausing.ResumeCase(CASE, DAY)).then_refused(
        "CASE_STAGE_WRONG"
    )


def test_a_transferred_case_ends_here_and_nothing_stays_due() -> None:
    spec = Spec(CASES, pausing.transfer_case).given(*INVESTIGATED)
    spec.when(pausing.TransferCase(CASE, ELSEWHERE, DAY)).then(CaseTransferred(CASE, ELSEWHERE, DAY), NO_REVIEW_DUE)
    spec.when(pausing.TransferCase(CASE, AGENCY, DAY)).then_refused("LEAD_ORG_SAME")


def test_a_case_that_takes_in_another_concerns_the_incidents_of_both() -> None:
    into = CriminalCaseRegistered(OTHER_CASE, (), "0204", "KZ-CC-128", AGENCY, False, DAY)
    spec = Spec(CASES, pausing.merge_cases).given(*INVESTIGATED).also(CASES, into)
    spec.when(pausing.MergeCases(CASE, OTHER_CASE, DAY)).then(
        CasesMerged(CASE, OTHER_CASE, DAY),
        NO_REVIEW_DUE,
        In(f"case-{OTHER_CASE}", IncidentLinkedToCase(OTHER_CASE, INCIDENT, DAY)),
    )
    spec.when(pausing.MergeCases(CASE, CASE, DAY)).then_refused("CASES_SAME")


def test_the_charges_of_a_discontinued_case_are_dismissed() -> None:
    spec = Spec(CASES, pausing.discontinue_case).given(*INVESTIGATED, ADDED, CHARGED)
    spec.when(pausing.DiscontinueCase(CASE, "no_evidence", DAY)).then(
        DefendantProceedingsEnded(CASE, DEFENDANT, "dismissed", DAY),
        CaseDiscontinued(CASE, "no_evidence", DAY),
        NO_REVIEW_DUE,
    )


def test_the_charges_of_a_settled_case_are_settled() -> None:
    spec = Spec(CASES, pausing.settle_case).given(*INVESTIGATED, ADDED, CHARGED)
    spec.when(pausing.SettleCase(CASE, "compensation", DAY)).then(
        DefendantProceedingsEnded(CASE, DEFENDANT, "settled", DAY),
        CaseSettled(CASE, "compensation", DAY),
        NO_REVIEW_DUE,
    )


def test_a_case_in_court_is_discontinued_only_when_nobody_is_left_to_be_judged() -> None:
    command = pausing.DiscontinueCase(CASE, "other", DAY)
    spec = Spec(CASES, pausing.discontinue_case).given(*IN_COURT)
    spec.when(command).then_refused("DEFENDANTS_PENDING")
    spec.given(DefendantProceedingsEnded(CASE, DEFENDANT, "deceased", DAY)).when(command).then(
        CaseDiscontinued(CASE, "other", DAY), NO_REVIEW_DUE
    )


def test_the_first_indictment_takes_the_case_to_court() -> None:
    spec = Spec(CASES, charging.indict_defendant).given(*INVESTIGATED, ADDED, CHARGED)
    command = charging.IndictDefendant(CASE, DEFENDANT, ("KZ-CC-128",), DAY)
    spec.when(command).then(*INDICTED)
    spec.given(*INDICTED).when(command).then_refused("DEFENDANT_STATUS_WRONG")


def test_with_the_last_open_defendant_the_case_is_final() -> None:
    spec = Spec(CASES, court.finalize_judgment).given(*JUDGED)
    spec.when(court.FinalizeJudgment(CASE, DEFENDANT, DAY)).then(
        JudgmentBecameFinal(CASE, DEFENDANT, "convicted", DAY), CaseBecameFinal(CASE, DAY)
    )


def test_while_another_defendant_is_open_the_case_is_not_final() -> None:
    other = replace(ADDED, defendant_ref=OTHER_CASE)
    charged = replace(CHARGED, defendant_ref=OTHER_CASE)
    two = (*INVESTIGATED, ADDED, CHARGED, other, charged, *INDICTED, TrialOpened(CASE, DAY), CONVICTED)
    spec = Spec(CASES, court.finalize_judgment).given(*two, CaseJudged(CASE, DAY))
    spec.when(court.FinalizeJudgment(CASE, DEFENDANT, DAY)).then(JudgmentBecameFinal(CASE, DEFENDANT, "convicted", DAY))


def test_a_closed_case_has_nothing_due() -> None:
    final = (JudgmentBecameFinal(CASE, DEFENDANT, "convicted", DAY), CaseBecameFinal(CASE, DAY))
    spec = Spec(CASES, court.close_case).given(*JUDGED, *final)
    spec.when(court.CloseCase(CASE, DAY)).then_refused("CASE_STAGE_WRONG")
    [started] = (
        Spec(CASES, court.start_enforcement).given(*JUDGED, *final).when(court.StartEnforcement(CASE, DAY)).events
    )
    spec.given(started).when(court.CloseCase(CASE, DAY)).then(CaseClosed(CASE, DAY), NO_REVIEW_DUE)


def test_the_stages_follow_one_another_as_the_law_of_procedure_says() -> None:
    told = {str(stage): sorted(following) for stage, following in NEXT.items() if stage}
    leaving = ["discontinued", "indicted", "merged", "reclassified", "settled", "suspended", "transferred"]
    assert told == {
        "reported": ["registered"],
        "registered": ["investigating"],
        "investigating": leaving,
        "reclassified": leaving,
        "suspended": ["discontinued", "investigating", "reclassified"],
        "indicted": ["discontinued", "trial"],
        "trial": ["discontinued", "first_instance"],
        "first_instance": ["appeal", "final"],
        "appeal": ["final"],
        "final": ["enforcement"],
        "enforcement": ["closed"],
    }
    assert set(CaseStatus) - {stage for stage in NEXT if stage} == {
        "discontinued", "settled", "transferred", "merged", "closed",
    }  # fmt: skip
