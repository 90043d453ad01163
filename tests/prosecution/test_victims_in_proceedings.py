"""Victims in criminal cases: nobody is pressed, and what was agreed to can be taken back. Invariants 2 and 8."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrm_contracts.prosecution.events import (
    CaseDiscontinued,
    ConsentNoted,
    CriminalCaseRegistered,
    RecoveryNoted,
    StatementTaken,
    VictimEnteredCase,
    VictimInformed,
    VictimLinkedToCase,
    VictimParticipationConsented,
    VictimParticipationWithdrawn,
    VictimRegistered,
)
from nrm_kernel.decider import In
from nrm_kernel.errors import NotFound, Refused
from nrm_kernel.testing.spec import Spec
from nrm_prosecution.domain import proceedings
from nrm_prosecution.domain.case import CASES
from nrm_prosecution.domain.victim import VICTIMS

PERSON, CASE = "a" * 32, "c" * 32
AGENCY, DAY = "test/prosecution/north", date(2026, 3, 2)
DAYS = st.dates(DAY - timedelta(90), DAY + timedelta(90))

OPEN_CASE = CriminalCaseRegistered(CASE, (), "0204", "KZ-CC-128", AGENCY, True, DAY)
KNOWN = VictimRegistered(PERSON, False, ("forced_labour",), DAY)
LINKED = VictimLinkedToCase(PERSON, CASE, DAY)
AGREED = VictimParticipationConsented(PERSON, CASE, "witness", "self", DAY)
WITHDRAWN = VictimParticipationWithdrawn(PERSON, CASE, "witness", DAY)
RECOVERY = RecoveryNoted(PERSON, "started", DAY - timedelta(10), DAY + timedelta(20))
REVOKED = ConsentNoted(PERSON, "proceedings", "revoked", DAY)
LINK = proceedings.LinkVictim(PERSON, CASE, DAY, "")
AGREE = proceedings.ConsentToParticipation(PERSON, CASE, "witness", "self", DAY)
HEAR = proceedings.TakeStatement(PERSON, CASE, True, False, DAY, "")
HEARD = StatementTaken(PERSON, CASE, True, 1, False, "consent", DAY)


def test_a_victim_found_by_own_work_gets_a_reference() -> None:
    command = proceedings.RegisterVictim(PERSON, False, ("forced_labour",), DAY)
    Spec(VICTIMS, proceedings.register_victim).when(command).then(KNOWN)


def test_a_known_person_is_linked_once_to_an_open_case() -> None:
    spec = Spec(VICTIMS, proceedings.link_victim).given(KNOWN).also(CASES, OPEN_CASE)
    spec.when(LINK).then(LINKED, In(CASES.stream(CASE), VictimEnteredCase(CASE, PERSON, DAY)))
    spec.given(LINKED).when(LINK).then_refused("VICTIM_ALREADY_LINKED")
    ended = Spec(VICTIMS, proceedings.link_victim).given(KNOWN)
    ended.also(CASES, OPEN_CASE, CaseDiscontinued(CASE, "other", DAY)).when(LINK).then_refused("CASE_ENDED")


def test_nobody_is_linked_who_is_not_known() -> None:
    with pytest.raises(NotFound):
        Spec(VICTIMS, proceedings.link_victim).also(CASES, OPEN_CASE).when(LINK)


def test_a_person_takes_part_in_each_capacity_once() -> None:
    spec = Spec(VICTIMS, proceedings.consent_to_participation).given(KNOWN, LINKED).also(CASES, OPEN_CASE)
    spec.when(AGREE).then(AGREED)
    spec.given(AGREED).when(AGREE).then_refused("PARTICIPATION_GIVEN")
    claimant = replace(AGREE, capacity="civil_claimant")
    spec.given(AGREED).when(claimant).then(replace(AGREED, capacity="civil_claimant"))


def test_nobody_takes_part_in_a_case_that_is_not_theirs() -> None:
    Spec(VICTIMS, proceedings.consent_to_participation).given(KNOWN).also(CASES, OPEN_CASE).when(AGREE).then_refused(
        "VICTIM_NOT_LINKED"
    )


def test_a_child_agrees_with_the_guardian() -> None:
    spec = Spec(VICTIMS, proceedings.consent_to_participation).given(replace(KNOWN, minor=True), LINKED)
    spec.also(CASES, OPEN_CASE).when(AGREE).then_refused("GUARDIAN_NEEDED")
    spec.also(CASES, OPEN_CASE).when(replace(AGREE, given_by="guardian")).then(replace(AGREED, given_by="guardian"))


def test_a_consent_older_than_its_revocation_is_worth_nothing() -> None:
    spec = Spec(VICTIMS, proceedings.consent_to_participation).given(KNOWN, LINKED, REVOKED).also(CASES, OPEN_CASE)
    spec.when(replace(AGREE, occurred_on=DAY - timedelta(1))).then_refused("CONSENT_REVOKED")
    spec.when(AGREE).then(AGREED)


def test_taking_part_ends_without_a_reason_in_one_capacity_or_in_all() -> None:
    both = (KNOWN, LINKED, AGREED, replace(AGREED, capacity="civil_claimant"))
    spec = Spec(VICTIMS, proceedings.withdraw_participation).given(*both)
    command = proceedings.WithdrawParticipation(PERSON, CASE, DAY)
    spec.when(replace(command, capacity="witness")).then(WITHDRAWN)
    spec.when(command).then(replace(WITHDRAWN, capacity="civil_claimant"), WITHDRAWN)
    spec.given(WITHDRAWN).when(replace(command, capacity="witness")).then_refused("PARTICIPATION_MISSING")


def test_what_the_law_obliges_to_keep_stays_after_a_withdrawal() -> None:
    victim = VICTIMS.state([KNOWN, LINKED, AGREED, HEARD, WITHDRAWN])
    assert victim.participations[CASE].statements == 1


def test_a_statement_needs_the_person_to_take_part_or_a_duty_by_law() -> None:
    spec = Spec(VICTIMS, proceedings.take_statement).given(KNOWN, LINKED).also(CASES, OPEN_CASE)
    spec.when(HEAR).then_refused("PARTICIPATION_NOT_CONSENTED")
    by_law = replace(HEAR, legal_basis="legal_obligation")
    spec.when(by_law).then(replace(HEARD, basis="legal_obligation"))
    spec.given(AGREED).when(HEAR).then(HEARD)
    spec.given(AGREED).when(replace(HEAR, occurred_on=DAY - timedelta(1))).then_refused("PARTICIPATION_NOT_CONSENTED")


def test_each_repetition_of_a_statement_is_counted() -> None:
    spec = Spec(VICTIMS, proceedings.take_statement).given(KNOWN, LINKED, AGREED, HEARD).also(CASES, OPEN_CASE)
    spec.when(HEAR).then(replace(HEARD, repeat_no=2))


def test_nobody_is_heard_in_the_recovery_period_but_on_own_request() -> None:
    spec = Spec(VICTIMS, proceedings.take_statement).given(KNOWN, LINKED, AGREED, RECOVERY).also(CASES, OPEN_CASE)
    spec.when(HEAR).then_refused("RECOVERY_RUNNING")
    spec.when(replace(HEAR, legal_basis="legal_obligation")).then_refused("RECOVERY_RUNNING")
    spec.when(replace(HEAR, own_request=True)).then(replace(HEARD, own_request=True))


def test_a_recovery_period_that_ended_early_no_longer_holds() -> None:
    ended = RecoveryNoted(PERSON, "ended", RECOVERY.starts_on, DAY - timedelta(1))
    spec = Spec(VICTIMS, proceedings.take_statement).given(KNOWN, LINKED, AGREED, RECOVERY, ended)
    spec.also(CASES, OPEN_CASE).when(HEAR).then(HEARD)


def test_a_victim_is_informed_whether_taking_part_or_not() -> None:
    command = proceedings.InformVictim(PERSON, CASE, "rights", DAY, "legal_obligation")
    Spec(VICTIMS, proceedings.inform_victim).given(KNOWN, LINKED).when(command).then(
        VictimInformed(PERSON, CASE, "rights", DAY)
    )


BASES = st.sampled_from(["", "legal_obligation"])


@given(starts_on=DAYS, length=st.integers(0, 90), day=DAYS, own_request=st.booleans(), basis=BASES)
def test_no_statement_in_the_recovery_period_without_own_request(
    starts_on: date, length: int, day: date, own_request: bool, basis: str
) -> None:
    recovery = RecoveryNoted(PERSON, "started", starts_on, starts_on + timedelta(length))
    agreed = replace(AGREED, consented_on=DAY - timedelta(90))
    spec = Spec(VICTIMS, proceedings.take_statement).given(KNOWN, LINKED, agreed, recovery).also(CASES, OPEN_CASE)
    decided = spec.when(replace(HEAR, occurred_on=day, own_request=own_request, legal_basis=basis))
    in_recovery = recovery.starts_on <= day <= recovery.ends_on
    if in_recovery and not own_request:
        decided.then_refused("RECOVERY_RUNNING")
    else:
        assert decided.refusal is None


@given(revoked_on=DAYS, day=DAYS, agreed_on=st.none() | DAYS)
def test_nothing_rests_on_a_consent_after_it_was_taken_back(
    revoked_on: date, day: date, agreed_on: date | None
) -> None:
    anew = () if agreed_on is None else (replace(AGREED, consented_on=agreed_on),)
    spec = Spec(VICTIMS, proceedings.inform_victim)
    spec = spec.given(KNOWN, LINKED, replace(REVOKED, effective_on=revoked_on), *anew)
    decided = spec.when(proceedings.InformVictim(PERSON, CASE, "rights", day, "consent"))
    agreed_anew = agreed_on is not None and revoked_on <= agreed_on <= day
    if day >= revoked_on and not agreed_anew:
        decided.then_refused("CONSENT_REVOKED")
    else:
        assert decided.refusal is None


STEPS = st.lists(st.tuples(st.sampled_from(["agree", "withdraw", "hear"]), DAYS), max_size=12)


@given(steps=STEPS)
def test_every_statement_that_rests_on_consent_has_one(steps: list[tuple[str, date]]) -> None:
    past: list[object] = [KNOWN, LINKED]
    case = CASES.state([OPEN_CASE])
    agreed_on: date | None = None
    for step, day in steps:
        victim = VICTIMS.state(past)
        try:
            match step:
                case "agree":
                    happened = proceedings.consent_to_participation(replace(AGREE, occurred_on=day), victim, case)
                    agreed_on = day
                case "withdraw":
                    command = proceedings.WithdrawParticipation(PERSON, CASE, day)
                    happened = proceedings.withdraw_participation(command, victim)
                    agreed_on = None
                case _:
                    happened = proceedings.take_statement(replace(HEAR, occurred_on=day), victim, case)
                    assert agreed_on is not None
                    assert agreed_on <= day
        except Refused:
            continue
        past += happened
