"""What other agencies tell about a person, and what follows from it."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from nrm_contracts.policy import NationalPolicy
from nrm_contracts.prosecution.events import (
    ConsentNoted,
    ContactNoted,
    RecordsMergeNoted,
    RecoveryNoted,
    StatusNoted,
    VictimLinkedToCase,
    VictimParticipationConsented,
    VictimParticipationWithdrawn,
    VictimReportReceived,
)
from nrm_contracts.record.events import HandoverReceived
from nrm_kernel.decider import In
from nrm_kernel.testing.spec import Spec
from nrm_prosecution.domain import told
from nrm_prosecution.domain.victim import VICTIMS

PERSON, TWIN, CASE, HANDOVER, OTHER_HANDOVER = "a" * 32, "b" * 32, "c" * 32, "1" * 32, "2" * 32
AGENCY, POLICE, SHELTER = "test/prosecution/north", "test/identification/police", "test/assistance/dawn"
DAY = date(2026, 3, 2)
DAYS = st.dates(DAY - timedelta(60), DAY + timedelta(60))

BY = told.Teller(PERSON, HANDOVER, POLICE)
RECEIVED = HandoverReceived(PERSON, POLICE, HANDOVER)
REPORT = VictimReportReceived(PERSON, HANDOVER, POLICE, False, ("forced_labour",), True, DAY)
TWIN_RECEIVED = HandoverReceived(TWIN, POLICE, OTHER_HANDOVER)
LINKED = VictimLinkedToCase(PERSON, CASE, DAY)
AGREED = VictimParticipationConsented(PERSON, CASE, "witness", "self", DAY)
WITHDRAWN = VictimParticipationWithdrawn(PERSON, CASE, "witness", DAY)
RECOVERY = RecoveryNoted(TWIN, "started", DAY, DAY + timedelta(30))
MERGED = RecordsMergeNoted(PERSON, TWIN, "merged")
REVOKED = told.NoteConsent(BY, "proceedings", "revoked", DAY)


def test_a_reported_victim_has_a_reference_here() -> None:
    command = told.NoteReport(BY, False, ("forced_labour",), True, DAY)
    spec = Spec(VICTIMS, told.note_report)
    spec.when(command).then(RECEIVED, REPORT)
    spec.given(RECEIVED, REPORT).when(command).then(REPORT)


def test_a_status_is_noted(policy: NationalPolicy) -> None:
    command = told.NoteStatus(BY, 1, "negative", True, DAY, AGENCY, policy)
    Spec(VICTIMS, told.note_status).given(RECEIVED).when(command).then(
        StatusNoted(PERSON, POLICE, 1, "negative", True, DAY)
    )


def test_a_person_who_is_told_of_before_any_report_is_known_from_then_on() -> None:
    Spec(VICTIMS, told.note_contact).when(told.NoteContact(BY, False, DAY)).then(
        RECEIVED, ContactNoted(PERSON, False, DAY)
    )


def test_lost_contact_ends_nothing() -> None:
    past = (RECEIVED, LINKED, AGREED)
    [lost] = Spec(VICTIMS, told.note_contact).given(*past).when(told.NoteContact(BY, False, DAY)).events
    victim = VICTIMS.state([*past, lost])
    assert not victim.in_contact
    assert victim.participations[CASE].capacities
    assert VICTIMS.state([*past, lost, ContactNoted(PERSON, True, DAY)]).in_contact


def test_taking_part_ends_with_the_consent_that_it_rested_on() -> None:
    noted = ConsentNoted(PERSON, "proceedings", "revoked", DAY)
    spec = Spec(VICTIMS, told.note_consent).given(RECEIVED, LINKED, AGREED)
    spec.when(REVOKED).then(noted, WITHDRAWN)
    spec.when(replace(REVOKED, scope="research")).then(replace(noted, scope="research"))
    spec.when(replace(REVOKED, change="given")).then(replace(noted, change="given"))


def test_who_agreed_anew_after_the_revocation_goes_on_taking_part() -> None:
    later = replace(AGREED, consented_on=DAY + timedelta(1))
    Spec(VICTIMS, told.note_consent).given(RECEIVED, LINKED, later).when(REVOKED).then(
        ConsentNoted(PERSON, "proceedings", "revoked", DAY)
    )


def test_what_protects_one_reference_protects_the_other_of_the_same_person() -> None:
    command = told.NoteMerge(BY, told.Teller(TWIN, OTHER_HANDOVER, POLICE), "merged")
    spec = Spec(VICTIMS, told.note_merge).given(RECEIVED, LINKED, AGREED)
    revoked = ConsentNoted(TWIN, "proceedings", "revoked", DAY)
    spec.also(VICTIMS, TWIN_RECEIVED, RECOVERY, revoked).when(command).then(
        MERGED,
        replace(RECOVERY, person_ref=PERSON),
        replace(revoked, person_ref=PERSON),
        WITHDRAWN,
        In(f"person-{TWIN}", RecordsMergeNoted(TWIN, PERSON, "merged")),
    )


def test_what_is_told_later_of_one_holds_for_the_other_until_they_are_told_apart(policy: NationalPolicy) -> None:
    command = told.NoteRecovery(BY, "started", DAY, DAY + timedelta(30), DAY, AGENCY, policy)
    spec = Spec(VICTIMS, told.note_recovery).given(RECEIVED, MERGED).also(VICTIMS, TWIN_RECEIVED)
    spec.when(command).then(replace(RECOVERY, person_ref=PERSON), In(f"person-{TWIN}", RECOVERY))
    assert VICTIMS.state([RECEIVED, MERGED]).merged == {TWIN}
    assert VICTIMS.state([RECEIVED, MERGED, replace(MERGED, change="unmerged")]).merged == frozenset()


def test_records_told_apart_keep_what_each_was_told() -> None:
    command = told.NoteMerge(BY, told.Teller(TWIN, OTHER_HANDOVER, POLICE), "unmerged")
    Spec(VICTIMS, told.note_merge).given(RECEIVED, MERGED).also(VICTIMS, TWIN_RECEIVED, RECOVERY).when(command).then(
        replace(MERGED, change="unmerged"), In(f"person-{TWIN}", RecordsMergeNoted(TWIN, PERSON, "unmerged"))
    )


@given(agreed_on=DAYS, revoked_on=DAYS)
def test_nobody_takes_part_on_a_consent_that_was_taken_back_later(agreed_on: date, revoked_on: date) -> None:
    past = [RECEIVED, LINKED, replace(AGREED, consented_on=agreed_on)]
    happened = told.note_consent(replace(REVOKED, effective_on=revoked_on), VICTIMS.state(past))
    still_in = VICTIMS.state([*past, *happened]).participations[CASE].capacities
    assert ("witness" in still_in) == (agreed_on > revoked_on)
