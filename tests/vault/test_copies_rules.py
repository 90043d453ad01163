"""Data is erased that other agencies were shown: who is told, of what, and what ends their duty."""

from dataclasses import replace
from datetime import date
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.vault.scene import UK

from nrm_contracts.record.events import (
    CopiesErased,
    CopiesErasedNotified,
    CopiesErasedReceived,
    DeadlineMet,
    DeadlineSet,
    ErasureNoted,
    ErasureNotified,
    ErasureProposed,
    ErasureTold,
)
from nrm_kernel.copies import (
    COPIES,
    NEVER,
    ConfirmCopiesErased,
    NoteCopiesErased,
    NoteErasure,
    Showings,
    Shown,
    confirm_copies_erased,
    note_copies_erased,
    note_erasure,
)
from nrm_kernel.decider import Fold, In, Notice
from nrm_kernel.erasing import PROPOSALS, ConfirmErasure, Held, confirm_erasure
from nrm_kernel.errors import NotFound
from nrm_kernel.looks import looks_of
from nrm_kernel.testing.spec import Decided, Spec
from nrm_kernel.vault import Kept

PERSON, THERE, HANDOVER, ERASURE, OTHER = "a" * 32, "b" * 32, "c" * 32, "d" * 32, "e" * 32
DAWN, DUSK, POLICE = "toy/assistance/dawn", "toy/assistance/dusk", "toy/identification/police"
TODAY, MONTH_ON = date(2026, 6, 1), date(2026, 7, 1)
RULE = f"{UK.version}/deadlines.erasure_confirmation"
KIND = "erasure_confirmation"
PROPOSED = ErasureProposed(PERSON, ("identity", "contact"), "court_order", "officer-1")
FILE: Fold[None, object] = Fold("person", None, lambda state, _event: state)
TOLD = ErasureTold(PERSON, DAWN, HANDOVER, ERASURE, ("identity",))
NOTED = ErasureNoted(THERE, POLICE, HANDOVER, ERASURE, ("identity",))


def erasing(*shown: Shown, looked: int = 0, looks: int = 0) -> Decided:
    """An erasure by a court's order; ``looks`` were there in the end, of which ``looked`` were known before."""
    today = looks_of(DAWN, TODAY)
    handovers = {one.handover_id for one in shown}
    showings = Showings(shown, (today,), handovers, looked)
    held = Held(
        frozenset(PROPOSED.data_classes), TODAY, TODAY, lambda _today, *_states: Kept(True, True), PROPOSED, showings
    )
    command = ConfirmErasure(person_ref=PERSON, officer="officer-2", policy=UK)
    spec = replace(Spec(FILE, partial(confirm_erasure, held)), others=({HANDOVER: looks},))
    return spec.also(PROPOSALS, PROPOSED).also(COPIES).when(command)


def in_copies(person_ref: str, event: object) -> In:
    return In(COPIES.stream(person_ref), event)


def test_given_agencies_that_were_shown_the_data_when_it_is_erased_then_each_is_told_of_what_it_saw_alone() -> None:
    dawn, dusk = Shown(DAWN, HANDOVER, ("identity",), ERASURE), Shown(DUSK, OTHER, ("contact", "identity"), "f" * 32)
    _erased, *told = erasing(dawn, dusk).outcome
    due = DeadlineSet(PERSON, KIND, ERASURE, "ErasureTold", TODAY, RULE, DAWN, MONTH_ON)
    assert told[:3] == [
        in_copies(PERSON, TOLD),
        in_copies(PERSON, due),
        Notice(DAWN, HANDOVER, ErasureNotified(HANDOVER, ERASURE, ("identity",))),
    ]
    assert told[5:] == [Notice(DUSK, OTHER, ErasureNotified(OTHER, "f" * 32, ("contact", "identity")))]


def test_given_nobody_who_was_shown_it_when_it_is_erased_then_nobody_is_told() -> None:
    assert len(erasing().outcome) == 1


def test_given_a_look_in_between_when_it_is_erased_then_nothing_is_so_that_nobody_is_left_out() -> None:
    shown = Shown(DAWN, HANDOVER, ("identity",), ERASURE)
    erasing(shown, looked=1, looks=2).then_refused("SHOWN_JUST_NOW")
    assert erasing(shown, looked=1, looks=1).refusal is None


def noting(spec: Spec) -> Decided:
    return spec.when(
        NoteErasure(
            person_ref=THERE,
            sender=POLICE,
            handover_id=HANDOVER,
            erasure_id=ERASURE,
            data_classes=("identity",),
            today=TODAY,
            agency=DAWN,
            policy=UK,
        )
    )


def test_given_an_erasure_elsewhere_when_it_is_told_then_it_is_due_here_and_told_again_changes_nothing() -> None:
    due = DeadlineSet(THERE, KIND, ERASURE, "ErasureNoted", TODAY, RULE, DAWN, MONTH_ON)
    spec = Spec(COPIES, note_erasure)
    noting(spec).then(NOTED, due)
    noting(spec.given(NOTED, due)).then()
    noting(spec.given(NOTED, due, CopiesErased(THERE, ERASURE, "officer-3"))).then()


def confirming(*before: object, erasure_id: str = ERASURE) -> Decided:
    command = ConfirmCopiesErased(person_ref=THERE, erasure_id=erasure_id, officer="officer-3", occurred_on=TODAY)
    return Spec(FILE, confirm_copies_erased).also(COPIES, *before).when(command)


def test_given_a_duty_when_an_officer_confirms_then_it_ends_and_who_told_it_hears_so_once() -> None:
    gone = CopiesErased(THERE, ERASURE, "officer-3")
    confirming(NOTED).then(
        in_copies(THERE, gone),
        in_copies(THERE, DeadlineMet(THERE, KIND, ERASURE, TODAY)),
        Notice(POLICE, HANDOVER, CopiesErasedNotified(HANDOVER, ERASURE)),
    )
    confirming(NOTED, gone).then_refused("ERASURE_ALREADY_CONFIRMED")


def test_given_no_such_erasure_or_only_one_of_this_agencys_own_when_an_officer_confirms_then_there_is_nothing() -> None:
    for before in ((), (NOTED,), (TOLD,)):
        with pytest.raises(NotFound):
            confirming(*before, erasure_id=OTHER if before == (NOTED,) else ERASURE)


SENDERS, HANDOVERS, ERASURES = (DAWN, DUSK), (HANDOVER, OTHER), (ERASURE, "1" * 32, "2" * 32)
Answer = tuple[str, str, str]
ANSWERS = st.tuples(st.sampled_from(SENDERS), st.sampled_from(HANDOVERS), st.sampled_from(ERASURES))
WORDS = st.dictionaries(
    st.sampled_from(ERASURES), st.tuples(st.sampled_from(SENDERS), st.sampled_from(HANDOVERS)), max_size=3
)


@given(WORDS, st.lists(ANSWERS, max_size=6))
def test_an_erasure_is_answered_by_whom_it_was_told_under_that_handover_once_and_by_nobody_else(
    words: dict[str, tuple[str, str]], answers: list[Answer]
) -> None:
    events: list[object] = [ErasureTold(PERSON, *told, erasure, ("identity",)) for erasure, told in words.items()]
    done: set[str] = set()
    for sender, handover, erasure in answers:
        command = NoteCopiesErased(
            person_ref=PERSON, sender=sender, handover_id=handover, erasure_id=erasure, occurred_on=TODAY
        )
        decided = Spec(COPIES, note_copies_erased).given(*events).when(command)
        if words.get(erasure) != (sender, handover):
            decided.then_refused("ERASURE_UNKNOWN")
            continue
        expected = (CopiesErasedReceived(PERSON, sender, erasure), DeadlineMet(PERSON, KIND, erasure, TODAY))
        decided.then(*(() if erasure in done else expected))
        done.add(erasure)
        events += decided.events
    assert {one for one, word in COPIES.state(events).told.items() if word.answered} == done


def test_nobody_was_shown_what_was_never_looked_up() -> None:
    assert NEVER.are_all(())
