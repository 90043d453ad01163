"""What a screening found is put right, as long as nobody was told of it.

An outcome is no slip of the pen: whoever was screened wrongly is screened again. What ran from the day first written
down goes on as it was started.
"""

from dataclasses import dataclass
from typing import Annotated

from nrm_contracts.fields import Code, Day
from nrm_contracts.identification.person_events import ScreeningCompleted, ScreeningCorrected
from nrm_contracts.identification.terms import Forms, Indicators, Version
from nrm_identification.domain.command import AboutPerson
from nrm_identification.domain.detection import require_elements
from nrm_identification.domain.standing import require_current
from nrm_identification.domain.state.consents import INTERVIEW
from nrm_identification.domain.state.person import Person
from nrm_kernel.decider import Decision
from nrm_kernel.errors import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectScreening(AboutPerson):
    """All that is right of the newest screening, also where it was right before."""

    reason: Annotated[str, Code("correction_reason")]
    happened_on: Day
    tool: Annotated[str, Code("screening_tool")]
    tool_version: Version
    indicators: Indicators = ()
    acts: tuple[Annotated[str, Code("palermo_act")], ...] = ()
    means: tuple[Annotated[str, Code("palermo_means")], ...] = ()
    purposes: tuple[Annotated[str, Code("palermo_purpose")], ...] = ()
    exploitation_forms: Forms = ()


def correct_screening(command: CorrectScreening, person: Person) -> Decision:
    """The newest one alone; one that found signs still names every element of the definition."""
    require_current(command, person, INTERVIEW)
    written = _written(person)
    if _findings(command) == _findings(written):
        raise Refused("NOTHING_CORRECTED", "Nothing was recorded: the screening reads so already.")
    if written.outcome == "indicated":
        require_elements(command, person)
    _require_possible_day(command, person, written)
    return [
        ScreeningCorrected(
            person_ref=command.person_ref,
            corrects=person.screened_at,
            reason=command.reason,
            happened_on=command.happened_on,
            tool=command.tool,
            tool_version=command.tool_version,
            indicators=command.indicators,
            acts=command.acts,
            means=command.means,
            purposes=command.purposes,
            exploitation_forms=command.exploitation_forms,
            outcome=written.outcome,
        )
    ]


def _written(person: Person) -> ScreeningCompleted:
    if person.screening is None:
        raise Refused("NOT_SCREENED", f"No screening of person {person.person_ref} is on record here. Record Screen.")
    if person.screening_told:
        raise Refused(
            "SCREENING_TOLD",
            "A referral or an anonymous notification rests on this screening and tells what it found. Nothing was "
            "recorded: once no referral is open, Screen again.",
        )
    return person.screening


def _findings(one: CorrectScreening | ScreeningCompleted) -> tuple[object, ...]:
    on = one.happened_on if isinstance(one, CorrectScreening) else one.screened_on
    return on, one.tool, one.tool_version, one.indicators, one.acts, one.means, one.purposes, one.exploitation_forms


def _require_possible_day(command: CorrectScreening, person: Person, written: ScreeningCompleted) -> None:
    """Not before the person became known, nor after the day of the correction."""
    first = person.detected.detected_on if person.detected else written.screened_on
    if command.happened_on != written.screened_on and not first <= command.happened_on <= command.occurred_on:
        raise Refused(
            "DAY_IMPOSSIBLE",
            f"The screening cannot have been on {command.happened_on}, only from {first} to {command.occurred_on}. "
            "Correct the day.",
            first=first.isoformat(),
            last=command.occurred_on.isoformat(),
        )
