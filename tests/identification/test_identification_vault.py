"""Who of another agency may look into this agency's vault: by the person's word, and never at everything."""

from functools import partial

from hypothesis import given
from hypothesis import strategies as st
from tests.identification.scene import (
    AGENCIES,
    AUTHORITY,
    FUND,
    OTHER_SHELTER,
    POLICE,
    PROSECUTOR,
    SHELTER,
    UK,
    after,
)
from tests.identification.story import World

from nrm_contracts.codes import code_list
from nrm_identification.domain.consent import RevokeConsent
from nrm_identification.domain.state.person import PERSON, Person
from nrm_identification.opening import kept, may_open
from nrm_kernel.erasing import PROPOSALS, Held, ProposeErasure, propose_erasure
from nrm_kernel.errors import Refused
from nrm_kernel.identity import Caller
from nrm_kernel.testing.spec import Decided, Spec
from nrm_kernel.vault import Look

SCOPES = ("referral", "assistance", "proceedings")
CLASSES = st.sampled_from(sorted(code_list("data_class")))
BASES = st.sampled_from(sorted(code_list("legal_basis")))
OTHERS = st.sampled_from(sorted(set(AGENCIES) - {POLICE}))


def rule_for(person: Person, agency: str, data_class: str = "identity", legal_basis: str = "consent") -> str | None:
    look = Look(Caller(agency, "officer-1", frozenset({"case_worker"}), "assist"), data_class, legal_basis, after(0))
    try:
        return may_open(person, look)
    except Refused as refusal:
        return None if refusal.reason == "NO_LIVE_BASIS" else refusal.reason


def consenting(world: World, *scopes: str) -> str:
    person_ref = world.screened()
    for scope in scopes:
        world.consent(person_ref, scope)
    return person_ref


def test_each_scope_opens_to_its_own_kind_of_agency_alone() -> None:
    receivers = {"referral": AUTHORITY, "assistance": SHELTER, "proceedings": PROSECUTOR}
    for scope, receiver in receivers.items():
        world = World()
        person = world.police.person(consenting(world, scope))
        opened = {agency for agency in receivers.values() if rule_for(person, agency)}
        assert opened == {receiver}


def test_sharing_with_one_agency_opens_to_no_other() -> None:
    world = World()
    person_ref = world.screened()
    world.consent(person_ref, "share_with", share_with=SHELTER)
    person = world.police.person(person_ref)
    assert rule_for(person, SHELTER) == "consent:share_with"
    assert rule_for(person, OTHER_SHELTER) is None


@given(CLASSES, BASES)
def test_a_fund_sees_nothing_and_a_prosecutor_neither_place_nor_health(data_class: str, basis: str) -> None:
    world = World()
    person = world.police.person(consenting(world, *SCOPES))
    assert rule_for(person, FUND, data_class, basis) is None
    if data_class in {"location", "health"}:
        assert rule_for(person, PROSECUTOR, data_class, basis) is None


@given(st.sets(st.sampled_from(SCOPES)), st.sampled_from(SCOPES), OTHERS, CLASSES, BASES)
def test_withdrawing_consent_opens_nothing_that_was_closed(
    given_scopes: set[str], revoked: str, agency: str, data_class: str, basis: str
) -> None:
    world = World()
    person_ref = consenting(world, *sorted(given_scopes | {revoked}))
    before = rule_for(world.police.person(person_ref), agency, data_class, basis)
    world.police.do(RevokeConsent, person_ref=person_ref, scope=revoked)
    after_it = rule_for(world.police.person(person_ref), agency, data_class, basis)
    assert after_it is None or after_it == before
    if basis == "consent" and before == f"consent:{revoked}":
        assert after_it is None


def test_an_adults_no_to_help_closes_even_vital_interest_but_a_child_is_protected() -> None:
    world = World()
    adult = consenting(world, "assistance")
    assert rule_for(world.police.person(adult), SHELTER, "identity", "vital_interest") == "vital_interest"
    world.police.do(RevokeConsent, person_ref=adult, scope="assistance")
    assert rule_for(world.police.person(adult), SHELTER, "identity", "vital_interest") is None
    child = world.police.person(world.screened(age_band="9-17"))
    assert rule_for(child, SHELTER, "identity", "legal_obligation") == "child_protection"
    assert rule_for(child, PROSECUTOR, "identity", "legal_obligation") is None


def erasing(world: World) -> Decided:
    """The police are asked to erase the name of the one person whom they referred."""
    person_ref = world.at_referrer()
    held = Held(frozenset({"identity"}), after(0), after(0), kept, None)
    command = ProposeErasure(
        person_ref=person_ref, data_classes=("identity",), ground="person_request", officer="officer-1", policy=UK
    )
    spec = Spec(PERSON, partial(propose_erasure, held)).given(*world.police.events(person_ref, object))
    return spec.also(PROPOSALS).when(command)


def test_a_referrer_erases_nothing_while_the_authority_has_not_decided_for_good() -> None:
    world = World()
    person_ref, referral_id = world.pending()
    assert world.police.person(world.at_referrer()).phase == "with_authority"
    erasing(world).then_refused("CASE_OPEN")
    world.decide(person_ref, referral_id, 1, "positive")
    assert world.police.person(world.at_referrer()).phase == "with_authority"
    erasing(world).then_refused("CASE_OPEN")


def test_a_referrer_may_erase_once_the_authority_has_decided_for_good() -> None:
    world = World()
    world.negative()
    assert erasing(world).refusal is None
