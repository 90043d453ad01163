"""What prosecutors tell of a person's safety: each is a reason to look, to prepare, and never one to stop helping."""

from datetime import date, timedelta
from operator import itemgetter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.assistance.story import (
    ACCEPTED,
    ANNA,
    AUTHORITY,
    DAY,
    OTHER_NGO,
    POLICE,
    POLICY,
    REGISTERED,
    US,
    World,
    asks,
    lived,
    ref,
)

from nrm_assistance.domain import safety
from nrm_assistance.domain.care import AssessNeeds, RaiseRiskAlert
from nrm_assistance.domain.closing import CloseCase, NoteTransferAnswer, TransferCase
from nrm_assistance.domain.consents import GiveConsent, RevokeConsent
from nrm_assistance.domain.intake import OpenCase
from nrm_assistance.domain.person import PERSON
from nrm_assistance.domain.safety import (
    NoteHearing,
    NoteHearingCallOff,
    NoteOffenderRelease,
    NoteProtectionChange,
    PrepareForHearing,
)
from nrm_contracts.assistance.events import (
    DeadlineLifted,
    DeadlineMet,
    DeadlineSet,
    HearingCallOffNoted,
    HearingNoted,
    HearingTold,
    OffenderReleaseNoted,
    PersonPrepared,
    ProtectionChangeNoted,
    RiskAlertRaised,
    TransferRequested,
)
from nrm_contracts.prosecution.events import (
    HearingCalledOffNotified,
    HearingNotified,
    OffenderReleasedNotified,
    ProtectionMeasureNotified,
)
from nrm_kernel.testing.spec import Spec

FIRST, SECOND = DAY + timedelta(days=20), DAY + timedelta(days=40)
DANGERS = (RaiseRiskAlert, NoteOffenderRelease, NoteProtectionChange)
DAYS = st.dates(DAY, DAY + timedelta(days=6))


def due(day: date) -> DeadlineSet:
    return DeadlineSet(ANNA, "hearing_preparation", "HearingNoted", DAY, "court/told", US, None, day)


def told(kind: str, day: date, *, takes_place: bool = True, sender: str = AUTHORITY) -> HearingTold:
    return HearingTold(ANNA, sender, kind, day, takes_place)


def test_a_release_is_a_danger_that_somebody_looks_at_once() -> None:
    spec = Spec(PERSON, safety.note_offender_release).given(*lived(*ACCEPTED))
    noted, alert, response = spec.when(asks(NoteOffenderRelease)).events
    assert (noted, alert) == (OffenderReleaseNoted(ANNA, DAY), RiskAlertRaised(ANNA, "offender_released", DAY))
    assert isinstance(response, DeadlineSet)
    assert response.kind == "risk_response"
    spec.given(noted, alert, response).when(asks(NoteOffenderRelease)).then()


def test_a_release_is_kept_of_somebody_whose_case_is_over() -> None:
    spec = Spec(PERSON, safety.note_offender_release).given(*lived(*REGISTERED, asks(CloseCase, outcome="withdrew")))
    spec.when(asks(NoteOffenderRelease)).then(OffenderReleaseNoted(ANNA, DAY))


def test_an_assessment_answers_the_danger() -> None:
    world = World().do(*ACCEPTED, asks(NoteOffenderRelease))
    assert ("risk_response", None) in world.person().deadlines
    world.do(asks(AssessNeeds))
    assert ("risk_response", None) not in world.person().deadlines


def test_a_change_of_protection_told_by_two_agencies_is_one_danger_and_a_later_one_another() -> None:
    ended = asks(NoteProtectionChange, change="ended", ends_on=DAY)
    world = World().do(*ACCEPTED, ended, ended)
    later = DAY + timedelta(days=2)
    world.do(asks(NoteProtectionChange, change="ended", ends_on=later, occurred_on=later))
    alerts = [one.raised_on for one in world.events() if isinstance(one, RiskAlertRaised)]
    assert alerts == [DAY, later]


@given(days=st.lists(st.tuples(st.sampled_from(DANGERS), st.integers(0, 90)), min_size=1, max_size=6))
def test_nothing_new_puts_off_the_day_by_which_a_danger_is_to_be_answered(days: list[tuple[type[Any], int]]) -> None:
    world, due = World().do(*ACCEPTED), set[date]()
    for command, day in sorted(days, key=itemgetter(1)):
        on = DAY + timedelta(days=day)
        more = {"change": "extended"} if command is NoteProtectionChange else {}
        when = {"released_on": on} if command is NoteOffenderRelease else {}
        kind = {"kind": "threat"} if command is RaiseRiskAlert else {}
        world.do(asks(command, occurred_on=on, **more, **when, **kind))
        by = POLICY.due("risk_response", on)
        assert by is not None
        due.add(by)
        live = world.person().deadlines["risk_response", None]
        assert live.due_on == min(due)


def test_a_person_is_to_be_prepared_for_the_first_hearing_first() -> None:
    hear = Spec(PERSON, safety.note_hearing).given(*lived(*ACCEPTED))
    later = asks(NoteHearing, kind="appeal", hearing_on=SECOND)
    noted = HearingNoted(ANNA, "appeal", SECOND), told("appeal", SECOND)
    hear.when(later).then(*noted, due(SECOND))
    both = hear.given(*noted, due(SECOND))
    both.when(later).then()
    sooner = HearingNoted(ANNA, "trial", FIRST), told("trial", FIRST)
    both.when(asks(NoteHearing, kind="trial", hearing_on=FIRST)).then(*sooner, due(FIRST))
    prepare = Spec(PERSON, safety.prepare_for_hearing).given(*both.past, *sooner, due(FIRST))
    prepared = PersonPrepared(ANNA, FIRST, DAY)
    met = DeadlineMet(ANNA, "hearing_preparation", DAY)
    prepare.when(asks(PrepareForHearing, hearing_on=FIRST)).then(prepared, met, due(SECOND))
    again = prepare.given(prepared, met, due(SECOND))
    again.when(asks(PrepareForHearing, hearing_on=FIRST)).then_refused("HEARING_UNKNOWN")


def test_the_end_of_a_measure_is_a_danger_and_its_grant_a_reason_to_look_again() -> None:
    spec = Spec(PERSON, safety.note_protection_change).given(*lived(*ACCEPTED))
    ended = spec.when(asks(NoteProtectionChange, change="ended", ends_on=DAY)).events
    assert RiskAlertRaised(ANNA, "protection_ended", DAY) in ended
    granted = spec.when(asks(NoteProtectionChange, change="granted")).events
    assert [type(one) for one in granted] == [ProtectionChangeNoted, DeadlineSet]


def test_a_hearing_that_was_told_while_no_case_was_open_awaits_the_next_one() -> None:
    closed = (*ACCEPTED, asks(CloseCase, outcome="withdrew"))
    later, sooner = (
        asks(NoteHearing, kind="trial", hearing_on=SECOND),
        asks(NoteHearing, kind="trial", hearing_on=FIRST),
    )
    world = World().do(*closed, later, sooner)
    assert not world.person().deadlines
    world.do(asks(OpenCase, occurred_on=FIRST + timedelta(days=1)))
    assert world.person().deadlines["hearing_preparation", None].due_on == SECOND, "the sooner one is over"
    assert world.refuses(asks(PrepareForHearing, hearing_on=FIRST)) == "HEARING_UNKNOWN"
    assert world.refuses(asks(PrepareForHearing, hearing_on=SECOND)) is None


def test_given_a_hearing_when_it_is_called_off_then_the_next_one_is_due_or_nothing() -> None:
    off = asks(NoteHearingCallOff, kind="trial", hearing_on=FIRST)
    spec = Spec(PERSON, safety.note_hearing_call_off).given(
        *lived(*ACCEPTED, asks(NoteHearing, kind="trial", hearing_on=FIRST))
    )
    noted = HearingCallOffNoted(ANNA, "trial", FIRST), told("trial", FIRST, takes_place=False)
    spec.when(off).then(*noted, DeadlineLifted(ANNA, "hearing_preparation", DAY))
    spec.given(*noted).when(off).then()
    later = HearingNoted(ANNA, "trial", SECOND)
    spec.given(later).when(off).then(*noted, due(SECOND))


def test_given_hearings_of_one_kind_and_day_told_by_two_agencies_when_one_is_called_off_then_the_other_stands() -> None:
    hear, off = (
        {sender: asks(command, sender=sender, kind="trial", hearing_on=FIRST) for sender in (POLICE, AUTHORITY)}
        for command in (NoteHearing, NoteHearingCallOff)
    )
    world = World().do(*ACCEPTED, hear[POLICE], hear[AUTHORITY], off[POLICE])
    assert world.person().deadlines["hearing_preparation", None].due_on == FIRST
    assert not [one for one in world.events() if isinstance(one, HearingCallOffNoted)]
    world.do(off[AUTHORITY])
    assert ("hearing_preparation", None) not in world.person().deadlines
    assert world.person().safety.called_off == {(FIRST, "trial")}


WORD = st.tuples(st.sampled_from([NoteHearing, NoteHearingCallOff]), st.sampled_from([POLICE, AUTHORITY, OTHER_NGO]))


@given(words=st.lists(WORD, min_size=1, max_size=8))
def test_a_hearing_stands_as_long_as_anybody_beside_a_shelter_says_so(words: list[tuple[type[Any], str]]) -> None:
    """A shelter passes on what others said: its word alone moves something only where nobody else has one."""
    world, say_so, stands = World().do(*ACCEPTED), set[str](), False
    for command, sender in words:
        world.do(asks(command, sender=sender, kind="trial", hearing_on=FIRST))
        if sender != OTHER_NGO:
            (say_so.add if command is NoteHearing else say_so.discard)(sender)
        stands = command is NoteHearing or bool(say_so)
        person = world.person()
        assert ((FIRST, "trial") in person.safety.hearings) == stands
        assert (("hearing_preparation", None) in person.deadlines) == stands


def test_given_a_person_who_is_prepared_when_the_hearing_is_called_off_then_it_is_kept_and_can_be_set_again() -> None:
    told, off = (
        asks(NoteHearing, kind="trial", hearing_on=FIRST),
        asks(NoteHearingCallOff, kind="trial", hearing_on=FIRST),
    )
    world = World().do(*ACCEPTED, told, asks(PrepareForHearing, hearing_on=FIRST), off)
    assert HearingCallOffNoted(ANNA, "trial", FIRST) in world.events()
    world.do(told)
    assert world.person().deadlines["hearing_preparation", None].due_on == FIRST


@given(dangers=st.lists(st.sampled_from([NoteOffenderRelease, NoteProtectionChange]), min_size=1, max_size=4))
def test_a_danger_told_while_nobody_helped_is_looked_at_once_somebody_does(dangers: list[type[Any]]) -> None:
    world = World().do(*ACCEPTED, asks(CloseCase, outcome="withdrew"))
    for danger in dangers:
        world.do(asks(danger, **({"change": "ended"} if danger is NoteProtectionChange else {})))
    assert not world.person().deadlines
    world.do(asks(OpenCase))
    alerts = [one.kind for one in world.events() if isinstance(one, RiskAlertRaised)]
    kinds = {NoteOffenderRelease: "offender_released", NoteProtectionChange: "protection_ended"}
    assert alerts == sorted({kinds[danger] for danger in dangers})
    assert world.person().deadlines["risk_response", None].due_on == POLICY.due("risk_response", DAY)
    assert not world.person().safety.dangers


SHARING = asks(GiveConsent, scope="share_with", share_with=OTHER_NGO, consent_id=ref("sharing"))
RELEASE, GRANT = asks(NoteOffenderRelease), asks(NoteProtectionChange, change="granted", starts_on=DAY, ends_on=None)


def told_there(world: World) -> list[object]:
    return [one.event for one in world.notices if one.to == OTHER_NGO and not isinstance(one.event, TransferRequested)]


def test_given_what_lasts_when_a_person_is_transferred_then_who_takes_over_hears_it() -> None:
    trial, appeal = asks(NoteHearing, kind="trial", hearing_on=FIRST), asks(NoteHearing, kind="appeal")
    over = (
        asks(NoteHearingCallOff, kind="appeal"),
        asks(NoteHearing, kind="judgment", hearing_on=DAY - timedelta(days=1)),
        asks(NoteProtectionChange, measure="anonymity", change="granted", ends_on=None),
        asks(NoteProtectionChange, measure="anonymity", change="ended", ends_on=DAY),
    )
    known = (RELEASE, trial, appeal, *over, GRANT, asks(PrepareForHearing, hearing_on=FIRST))
    world = World().do(*ACCEPTED, SHARING, *known, asks(TransferCase, to=OTHER_NGO))
    about = world.person().handovers[OTHER_NGO]
    assert told_there(world) == [
        OffenderReleasedNotified(about, DAY),
        HearingNotified(about, FIRST, "trial"),
        ProtectionMeasureNotified(about, "no_contact_order", "granted", DAY),
    ]


@pytest.mark.parametrize("answer", ["accepted", "declined"])
def test_given_a_transfer_when_more_is_told_then_who_took_over_hears_it_once_while_the_person_lets_it(
    answer: str,
) -> None:
    answered = asks(NoteTransferAnswer, sender=OTHER_NGO, answer=answer)
    world = World().do(*ACCEPTED, SHARING, asks(TransferCase, to=OTHER_NGO), answered, RELEASE, RELEASE)
    about = world.person().handovers[OTHER_NGO]
    assert told_there(world) == ([OffenderReleasedNotified(about, DAY)] if answer == "accepted" else [])
    world.do(asks(RevokeConsent, consent_id=ref("sharing")), asks(NoteHearing, kind="trial"))
    assert not [one for one in told_there(world) if isinstance(one, HearingNotified)]


def test_given_news_between_ask_and_answer_then_who_is_asked_to_take_over_hears_it() -> None:
    hearing, off = asks(NoteHearing, kind="trial"), asks(NoteHearingCallOff, kind="trial")
    ended = asks(NoteProtectionChange, change="ended", starts_on=DAY, ends_on=DAY)
    world = World().do(*ACCEPTED, SHARING, hearing, GRANT, asks(TransferCase, to=OTHER_NGO), RELEASE, off, ended)
    about = world.person().handovers[OTHER_NGO]
    assert told_there(world)[2:] == [
        OffenderReleasedNotified(about, DAY),
        HearingCalledOffNotified(about, FIRST, "trial"),
        ProtectionMeasureNotified(about, "no_contact_order", "ended", DAY, DAY),
    ]


def test_given_a_no_to_sharing_when_the_person_agrees_anew_then_who_took_over_hears_what_they_missed() -> None:
    hearing, off = asks(NoteHearing, kind="trial"), asks(NoteHearingCallOff, kind="trial")
    ended = asks(NoteProtectionChange, change="ended", starts_on=DAY, ends_on=DAY)
    taken_over = asks(TransferCase, to=OTHER_NGO), asks(NoteTransferAnswer, sender=OTHER_NGO, answer="accepted")
    world = World().do(*ACCEPTED, SHARING, hearing, GRANT, *taken_over)
    about, known = world.person().handovers[OTHER_NGO], told_there(world)
    again = asks(GiveConsent, scope="share_with", share_with=OTHER_NGO, consent_id=ref("again"))
    world.do(again)
    assert told_there(world) == known, "nothing was missed"
    revoked = (asks(RevokeConsent, consent_id=ref(name)) for name in ("sharing", "again"))
    world.do(*revoked, RELEASE, off, ended)
    assert told_there(world) == known
    world.do(asks(GiveConsent, scope="share_with", share_with=OTHER_NGO, consent_id=ref("third")))
    assert told_there(world) == [
        *known,
        OffenderReleasedNotified(about, DAY),
        HearingCalledOffNotified(about, FIRST, "trial"),
        ProtectionMeasureNotified(about, "no_contact_order", "ended", DAY, DAY),
    ]


def test_given_news_older_than_a_revocation_then_nothing_is_told_after_it() -> None:
    later = DAY + timedelta(days=3)
    taken_over = asks(TransferCase, to=OTHER_NGO), asks(NoteTransferAnswer, sender=OTHER_NGO, answer="accepted")
    world = World().do(*ACCEPTED, SHARING, *taken_over)
    world.do(asks(RevokeConsent, consent_id=ref("sharing"), occurred_on=later), RELEASE)
    assert not told_there(world)


def test_given_a_hearing_called_off_meanwhile_when_asked_again_to_take_over_then_it_is_told() -> None:
    hearing, off = asks(NoteHearing, kind="trial"), asks(NoteHearingCallOff, kind="trial")
    ask, declined = asks(TransferCase, to=OTHER_NGO), asks(NoteTransferAnswer, sender=OTHER_NGO, answer="declined")
    world = World().do(*ACCEPTED, SHARING, hearing, ask, declined, off, ask)
    about = world.person().handovers[OTHER_NGO]
    assert told_there(world)[1:] == [HearingCalledOffNotified(about, FIRST, "trial")]


def test_given_a_person_who_is_prepared_when_the_hearing_is_told_again_then_nothing_more_is_due() -> None:
    hearing = asks(NoteHearing, kind="trial")
    world = World().do(*ACCEPTED, hearing, asks(PrepareForHearing))
    before = world.events()
    assert world.do(hearing).events() == before


def test_two_hearings_of_one_day_are_two_facts_and_one_preparation() -> None:
    world = World().do(*ACCEPTED, *(asks(NoteHearing, kind=kind) for kind in ("trial", "compensation", "trial")))
    noted = [one for one in world.events() if isinstance(one, HearingNoted)]
    assert [one.kind for one in noted] == ["trial", "compensation"]
    world.do(asks(PrepareForHearing))
    assert ("hearing_preparation", None) not in world.person().deadlines


STEPS = st.sampled_from(("told", "called off", "prepares", "closes", "opens"))
KINDS = st.sampled_from(("trial", "compensation"))


@given(steps=st.lists(st.tuples(STEPS, DAYS, KINDS), max_size=14))
def test_as_long_as_a_hearing_awaits_its_preparation_is_due_by_the_first(steps: list[tuple[str, date, str]]) -> None:
    """Invariant 26: also where a case is closed and another one opened meanwhile."""
    world, waiting, helped = World().do(*ACCEPTED), set[tuple[date, str]](), True
    prepared = set[tuple[date, str]]()
    for step, day, kind in steps:
        match step:
            case "told":
                world.do(asks(NoteHearing, kind=kind, hearing_on=day))
                waiting |= {(day, kind)} - prepared
            case "called off":
                world.do(asks(NoteHearingCallOff, kind=kind, hearing_on=day))
                waiting.discard((day, kind))
                prepared.discard((day, kind))
            case "prepares":
                refusal = world.refuses(asks(PrepareForHearing, hearing_on=day))
                assert (refusal is None) == (helped and any(each == day for each, _ in waiting))
                done = {one for one in waiting if one[0] == day and refusal is None}
                waiting, prepared = waiting - done, prepared | done
            case "closes" if helped:
                world.do(asks(CloseCase, outcome="withdrew"))
                helped = False
            case "opens" if not helped:
                world.do(asks(OpenCase, case_id=ref(f"case {len(world.log)}")))
                helped = True
        live = world.person().deadlines.get(("hearing_preparation", None))
        assert (live.due_on if live else None) == min((day for day, _ in waiting) if helped else (), default=None)
