"""Who of another agency may look into this agency's vault: with the person's consent to it, and never at everything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.assistance.story import (
    ACCEPTED,
    AGENCIES,
    ANNA,
    AUTHORITY,
    DAY,
    FUND,
    OTHER_NGO,
    PROSECUTOR,
    US,
    World,
    asks,
    ref,
)

from nrm_assistance.domain.closing import CloseCase
from nrm_assistance.domain.consents import GiveConsent, RevokeConsent
from nrm_assistance.domain.intake import RegisterPerson
from nrm_assistance.domain.person import PERSON
from nrm_assistance.domain.status import NoteMerge
from nrm_assistance.opening import may_open, sight
from nrm_contracts.codes import code_list
from nrm_kernel.decider import At, E, Fold, S
from nrm_kernel.errors import Refused
from nrm_kernel.identity import Caller
from nrm_kernel.vault import Kept, Look

SHARING = asks(GiveConsent, scope="share_with", share_with=OTHER_NGO, consent_id=ref("sharing"))
WILLING = asks(GiveConsent, scope="referral", consent_id=ref("willing"))
EVERYTHING = World().do(*ACCEPTED, SHARING, WILLING)


def look(agency: str, data_class: str = "identity", legal_basis: str = "consent") -> Look:
    caller = Caller(agency, "officer-1", frozenset({"case_worker"}), "assist")
    return Look(caller=caller, data_class=data_class, legal_basis=legal_basis, today=DAY)


def rule_for(world: World, asked: Look) -> str | None:
    try:
        return may_open(world.person(), asked)
    except Refused as refusal:
        return None if refusal.reason == "NO_LIVE_BASIS" else refusal.reason


def test_the_receiver_that_a_consent_names_may_look() -> None:
    assert rule_for(EVERYTHING, look(OTHER_NGO)) == "consent:share_with"
    assert rule_for(EVERYTHING, look(AUTHORITY)) == "consent:referral"


@pytest.mark.parametrize("agency", [FUND, PROSECUTOR])
def test_nobody_else_may(agency: str) -> None:
    assert rule_for(EVERYTHING, look(agency)) is None


def test_a_revoked_consent_opens_nothing() -> None:
    revoked = [asks(RevokeConsent, consent_id=ref(name)) for name in ("sharing", "willing")]
    world = World().do(*ACCEPTED, SHARING, WILLING, *revoked)
    assert rule_for(world, look(OTHER_NGO)) is None
    assert rule_for(world, look(AUTHORITY)) is None


def test_an_expired_consent_opens_nothing() -> None:
    past = asks(
        GiveConsent,
        scope="share_with",
        share_with=OTHER_NGO,
        occurred_on=DAY - timedelta(days=9),
        expires_on=DAY - timedelta(days=1),
        consent_id=ref("past"),
    )
    assert rule_for(World().do(*ACCEPTED, past), look(OTHER_NGO)) is None


@given(
    agency=st.sampled_from(sorted(set(AGENCIES) - {US})),
    data_class=st.sampled_from(code_list("data_class").codes),
    legal_basis=st.sampled_from(code_list("legal_basis").codes),
)
def test_place_health_and_what_was_told_are_opened_to_no_other_agency(
    agency: str, data_class: str, legal_basis: str
) -> None:
    """Invariant 12, whatever the person consented to and whatever basis is named."""
    opened = rule_for(EVERYTHING, look(agency, data_class, legal_basis))
    if data_class in ("location", "health", "interview", "narrative") or legal_basis != "consent":
        assert opened is None
    else:
        assert (opened is not None) == (agency in (OTHER_NGO, AUTHORITY) or AGENCIES[agency] == "identification")


@dataclass(frozen=True)
class InMemory:
    """What a world holds, looked up."""

    world: World

    async def state(self, fold: Fold[S, E], key: str) -> tuple[S, int]:
        events = cast(Sequence[E], self.world.events(fold.stream(key)))
        return fold.state(events), len(events)


async def kept_of(world: World, person_ref: str) -> Kept:
    """What keeps the data sealed under that record."""
    keeping = sight(InMemory(world)).keeping
    streams = await keeping.streams(person_ref)
    assert streams[0] == At(PERSON, person_ref), "the data stand there"
    return keeping.kept(DAY, *(world.person(one.key) for one in streams))


async def test_a_spare_record_keeps_its_data_as_long_as_the_persons_other_case_is_open() -> None:
    spare, third = ref("zoe"), ref("ada")
    world = World().do(*ACCEPTED, *(asks(RegisterPerson, person_ref=one, case_id=one) for one in (spare, third)))
    world.do(asks(CloseCase, person_ref=spare, outcome="other"), asks(CloseCase, person_ref=third, outcome="other"))
    assert not (await kept_of(world, spare)).open
    world.do(asks(NoteMerge, person_ref=spare, other_ref=third, change="merged"))
    assert not (await kept_of(world, spare)).open
    world.do(asks(NoteMerge, person_ref=third, other_ref=ANNA, change="merged"))
    assert (await kept_of(world, spare)).open
    world.do(asks(CloseCase, outcome="other"))
    assert not (await kept_of(world, spare)).open
