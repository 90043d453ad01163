"""Making sealed data unreadable: by two officers, on a ground, and not while something stands against it.

GDPR art. 17: erasure on these grounds, and not where a duty or a legal claim needs the data (17.3). What is erased is
the vault's keys; the entries, which never held the data, stay, so that every proof still verifies.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from nrm_contracts.fields import Code, Ref
from nrm_contracts.policy import NationalPolicy
from nrm_contracts.record.events import ErasureProposed, PersonalDataErased
from nrm_kernel.copies import NEVER, Showings, told
from nrm_kernel.decider import Decision, Fold, In
from nrm_kernel.errors import Refused
from nrm_kernel.vault import Kept

COURT_ORDER = "court_order"


PROPOSALS: Fold[ErasureProposed | None, ErasureProposed] = Fold("erasure", None, lambda _before, latest: latest)
"""What was proposed last to be erased of somebody. That it was carried out stands where their data stood."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeErasure:
    """An officer wants these classes of somebody's sealed data gone."""

    person_ref: Ref
    data_classes: tuple[Annotated[str, Code("data_class")], ...]
    ground: Annotated[str, Code("erasure_ground")]
    officer: str
    policy: NationalPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmErasure:
    """Another officer carries out what was proposed."""

    person_ref: Ref
    officer: str
    policy: NationalPolicy


@dataclass(frozen=True, slots=True)
class Held:
    """What an agency holds of somebody: the classes that can still be read, and the day of the newest entry.

    ``kept`` says, on a day and on the states of their streams, what the data are still needed for. It is asked about
    ``today``: keys are destroyed now, on whatever day the caller says that it happened. ``proposed`` is the proposal
    that is not carried out yet, for whose classes the keys were looked up, and ``showings`` who was shown those.
    """

    data_classes: frozenset[str]
    last_entry_on: date
    today: date
    kept: Callable[..., Kept]
    proposed: ErasureProposed | None
    showings: Showings = NEVER


def propose_erasure(held: Held, command: ProposeErasure, *states: object) -> Decision:
    """Recorded only where it could be carried out now. A later proposal takes the place of an earlier one."""
    *about, _earlier = states
    classes = tuple(sorted(set(command.data_classes)))
    _rule(held, command, classes, command.ground, about)
    proposed = ErasureProposed(command.person_ref, classes, command.ground, command.officer)
    return [In(PROPOSALS.stream(command.person_ref), proposed)]


def confirm_erasure(held: Held, command: ConfirmErasure, *states: object) -> Decision:
    """By another officer than the one who proposed it; all that could stand against it is looked at again.

    Whoever was shown what is erased is told.
    """
    *before, latest, _copies = states
    about, looks = held.showings.apart(before)
    proposed = held.proposed
    if proposed is None or proposed != latest:
        raise Refused(
            "ERASURE_NOT_PROPOSED", "Nothing is proposed to be erased of this person, or it changed just now."
        )
    if proposed.officer == command.officer:
        raise Refused("SECOND_OFFICER_REQUIRED", "You proposed this erasure: another officer must confirm it.")
    erased = PersonalDataErased(
        person_ref=command.person_ref,
        data_classes=proposed.data_classes,
        ground=proposed.ground,
        rule=_rule(held, command, proposed.data_classes, proposed.ground, about),
        proposed_by=proposed.officer,
        officer=command.officer,
    )
    if not held.showings.are_all(looks):
        raise Refused(
            "SHOWN_JUST_NOW", "Nothing is erased: an agency was shown the data at this very moment. Send it again."
        )
    return [erased, *told(command.person_ref, held.showings.shown, held.today, command.policy)]


def _rule(
    held: Held, command: ProposeErasure | ConfirmErasure, classes: tuple[str, ...], ground: str, about: Sequence[object]
) -> str:
    """The rule by which the data need not stay. Refused while they must, and where there are none."""
    missing = sorted(set(classes) - held.data_classes)
    if missing or not classes:
        raise Refused(
            "NOTHING_TO_ERASE",
            f"Nothing was recorded: of {', '.join(missing) or 'no class'} nothing readable is held. Name classes that "
            "are.",
        )
    if ground == COURT_ORDER:
        return COURT_ORDER
    for refusal in _hindrances(held.kept(held.today, *about), ground):
        raise refusal
    return _term_over(held, command, ground)


def _hindrances(kept: Kept, ground: str) -> Iterator[Refused]:
    if kept.open:
        yield Refused(
            "CASE_OPEN",
            "Nothing is erased: something about the person is open here and needs the data. Bring it to its end first.",
        )
    if ground == "consent_withdrawn" and kept.consent_lives:
        yield Refused(
            "CONSENT_LIVES",
            "Nothing is erased: a consent of the person lives. Record its revocation first, or name another ground.",
        )


def _term_over(held: Held, command: ProposeErasure | ConfirmErasure, ground: str) -> str:
    until = command.policy.kept_until(held.last_entry_on)
    if until is None:
        if ground == "retention_over":
            raise Refused(
                "RETENTION_NOT_SET",
                "Nothing is erased: the national policy sets no time for keeping data, so none is over. Name another "
                "ground.",
            )
        return "retention_not_set"
    if held.today <= until:
        raise Refused(
            "RETENTION_RUNNING",
            f"Nothing is erased: the national policy keeps the data until {until}. Ask again after that day.",
            until=until.isoformat(),
        )
    return "retention"
