"""Consent given to an assistance agency: informed, revocable at any time, and never outlived by what rests on it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.assistance.story import (
    ACCEPTED,
    ANNA,
    AUTHORITY,
    CHILD,
    DAY,
    EVERY_POINT,
    HANDOVER,
    OTHER_NGO,
    PLANNED_CARE,
    POLICE,
    REGISTERED,
    REQUESTED,
    World,
    asks,
    lived,
    ref,
)

from nrm_assistance.domain import consents
from nrm_assistance.domain.care import AssessNeeds, ReachGoal
from nrm_assistance.domain.closing import CloseCase
from nrm_assistance.domain.command import AboutPerson, live_consent
from nrm_assistance.domain.consents import GiveConsent, NoteSharedConsent, RevokeConsent
from nrm_assistance.domain.contact import ReportLost
from nrm_assistance.domain.delivery import DeliverServiceUnit
from nrm_assistance.domain.person import PERSON
from nrm_assistance.domain.placement import StartPlacement
from nrm_contracts.assistance.events import ConsentGiven, ConsentRevoked, SharedConsentChanged
from nrm_contracts.record.events import HandoverReceived
from nrm_kernel.errors import NotFound
from nrm_kernel.testing.spec import Spec

give = Spec(PERSON, consents.give_consent)
revoke = Spec(PERSON, consents.revoke_consent)
note = Spec(PERSON, consents.note_shared_consent)
REVOKED = asks(RevokeConsent)
RESTING_ON_CONSENT = (
    asks(AssessNeeds),
    asks(StartPlacement),
    asks(DeliverServiceUnit),
)


def test_a_consent_names_its_scope_receiver_and_what_was_explained() -> None:
    asked = asks(GiveConsent, scope="share_with", share_with=OTHER_NGO, expires_on=DAY + timedelta(days=90))
    give.given(*lived(*REGISTERED)).when(asked).then(
        ConsentGiven(
            person_ref=ANNA,
            consent_id=ref("consent"),
            scope="share_with",
            informed_points=EVERY_POINT,
            interpreter_used=False,
            given_by="self",
            given_on=DAY,
            share_with=OTHER_NGO,
            expires_on=DAY + timedelta(days=90),
        )
    )


@pytest.mark.parametrize("untold", EVERY_POINT)
def test_a_consent_without_one_of_the_points_is_none(untold: str) -> None:
    told = tuple(point for point in EVERY_POINT if point != untold)
    give.given(*lived(*REGISTERED)).when(asks(GiveConsent, informed_points=told)).then_refused("CONSENT_NOT_INFORMED")


@pytest.mark.parametrize("scope", ["interview", "proceedings"])
def test_consent_to_interviews_and_proceedings_is_for_others_to_ask(scope: str) -> None:
    give.given(*lived(*REGISTERED)).when(asks(GiveConsent, scope=scope)).then_refused("CONSENT_SCOPE_NOT_OURS")


@pytest.mark.parametrize(("scope", "share_with"), [("share_with", None), ("research", OTHER_NGO)])
def test_only_a_consent_to_share_names_a_receiver(scope: str, share_with: str | None) -> None:
    asked = asks(GiveConsent, scope=scope, share_with=share_with)
    give.given(*lived(*REGISTERED)).when(asked).then_refused("CONSENT_RECEIVER_UNCLEAR")


def test_a_guardian_consents_for_a_child_and_for_nobody_else() -> None:
    by_guardian = asks(GiveConsent, given_by="guardian")
    give.given(*lived(*REGISTERED)).when(by_guardian).then_refused("GUARDIAN_FOR_ADULT")
    assert give.given(*lived(*CHILD)).when(by_guardian).refusal is None


def test_a_consent_that_ran_out_before_it_was_given_is_refused() -> None:
    past = asks(GiveConsent, expires_on=DAY - timedelta(days=1))
    give.given(*lived(*REGISTERED)).when(past).then_refused("CONSENT_EXPIRED")


def test_nobody_consents_who_is_not_known() -> None:
    with pytest.raises(NotFound):
        give.when(asks(GiveConsent))


def test_a_revocation_is_recorded_from_its_day_and_once() -> None:
    revoke.given(*lived(*ACCEPTED)).when(REVOKED).then(ConsentRevoked(ANNA, ref("consent"), DAY))
    revoke.given(*lived(*ACCEPTED, REVOKED)).when(REVOKED).then_refused("CONSENT_ALREADY_REVOKED")


@pytest.mark.parametrize("command", RESTING_ON_CONSENT, ids=lambda command: type(command).__name__)
def test_after_a_revocation_nothing_rests_on_the_consent(command: object) -> None:
    assert World().do(*ACCEPTED, REVOKED).refuses(command) == "CONSENT_NOT_LIVE"


@pytest.mark.parametrize(
    "command",
    [asks(ReachGoal), asks(CloseCase, outcome="withdrew"), asks(ReportLost)],
    ids=lambda command: type(command).__name__,
)
def test_after_a_revocation_no_caller_may_name_it_as_the_basis(command: AboutPerson) -> None:
    revoked = World().do(*PLANNED_CARE, REVOKED)
    assert revoked.refuses(replace(command, legal_basis="consent")) == "CONSENT_NOT_LIVE"
    assert revoked.refuses(command) is None


def test_what_another_agency_tells_of_consent_is_kept_and_help_goes_on() -> None:
    told = asks(NoteSharedConsent, sender=POLICE, change="revoked")
    note.given(*lived(*REQUESTED)).when(told).then(SharedConsentChanged(ANNA, POLICE, "assistance", "revoked", DAY))
    World().do(*ACCEPTED, told, asks(DeliverServiceUnit))


def test_a_notice_under_an_unknown_handover_makes_the_handover_known() -> None:
    decided = note.when(asks(NoteSharedConsent, change="refused"))
    assert decided.events[0] == HandoverReceived(ANNA, AUTHORITY, HANDOVER)


DAYS = st.integers(-40, 40).map(lambda days: DAY + timedelta(days=days))


@given(given_on=DAYS, expires_on=DAYS | st.none(), revoked_on=DAYS | st.none(), asked_on=DAYS)
def test_a_consent_is_live_from_its_day_until_it_expires_or_is_revoked(
    given_on: date, expires_on: date | None, revoked_on: date | None, asked_on: date
) -> None:
    if expires_on is not None and expires_on < given_on:
        expires_on = None
    world = World().do(*REGISTERED, asks(GiveConsent, occurred_on=given_on, expires_on=expires_on, scope="research"))
    if revoked_on is not None:
        world.do(asks(RevokeConsent, occurred_on=revoked_on))
    live = live_consent(world.person(), "research", asked_on) is not None
    assert live == (
        given_on <= asked_on
        and (expires_on is None or asked_on <= expires_on)
        and (revoked_on is None or asked_on < revoked_on)
    )
