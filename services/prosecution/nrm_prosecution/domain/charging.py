"""Defendants up to the court: suspected, charged, indicted, or out of the case. Each command, then its rule."""

from dataclasses import dataclass
from typing import Annotated, Literal

from nrm_contracts.fields import Code, Day, Ref
from nrm_contracts.prosecution.case_events import Article
from nrm_contracts.prosecution.events import (
    CaseBecameFinal,
    CaseIndicted,
    DefendantAdded,
    DefendantCharged,
    DefendantIndicted,
    DefendantProceedingsEnded,
)
from nrm_kernel.decider import Decision
from nrm_kernel.errors import Refused
from nrm_prosecution.domain.case import CriminalCase
from nrm_prosecution.domain.defendant import Defendant, DefendantStatus
from nrm_prosecution.domain.stages import JUDGED, UNDER_INVESTIGATION, CaseStatus


@dataclass(frozen=True, slots=True)
class AddDefendant:
    """Somebody is suspected in this case; the name is sealed. Somebody suspected in two cases is two defendants."""

    criminal_case_id: Ref
    defendant_ref: Ref
    sex: Annotated[str, Code("sex")]
    age_band: Annotated[str, Code("age_band")]
    citizenship: Annotated[str, Code("iso_3166_1")]
    roles_in_process: tuple[Annotated[str, Code("htcds_role_in_process")], ...]
    official: bool
    occurred_on: Day


def add_defendant(command: AddDefendant, case: CriminalCase) -> Decision:
    """From the registration until the case goes to court."""
    case.must_be_in(UNDER_INVESTIGATION | {CaseStatus.REGISTERED}, "The defendant")
    return [
        DefendantAdded(
            criminal_case_id=command.criminal_case_id,
            defendant_ref=command.defendant_ref,
            sex=command.sex,
            age_band=command.age_band,
            citizenship=command.citizenship,
            roles=tuple(dict.fromkeys(command.roles_in_process)),
            official=command.official,
            added_on=command.occurred_on,
        )
    ]


@dataclass(frozen=True, slots=True)
class ChargeDefendant:
    """Charge a suspect under these articles."""

    criminal_case_id: Ref
    defendant_ref: Ref
    articles: tuple[Article, ...]
    occurred_on: Day


def charge_defendant(command: ChargeDefendant, case: CriminalCase) -> Decision:
    """Once, during the investigation."""
    case.must_be_in(UNDER_INVESTIGATION, "The charge")
    one = case.defendant(command.defendant_ref)
    if one.status is not DefendantStatus.SUSPECTED:
        raise wrong_status(one, "The charge", "only a suspect can be charged")
    articles = must_name_articles(command.articles, "The charge")
    return [DefendantCharged(command.criminal_case_id, command.defendant_ref, articles, command.occurred_on)]


@dataclass(frozen=True, slots=True)
class IndictDefendant:
    """Bring the charge before a court, under these articles."""

    criminal_case_id: Ref
    defendant_ref: Ref
    articles: tuple[Article, ...]
    occurred_on: Day


def indict_defendant(command: IndictDefendant, case: CriminalCase) -> Decision:
    """A charged defendant, once. The first one takes the case to court; others may follow until the trial opens."""
    case.must_be_in(UNDER_INVESTIGATION | {CaseStatus.INDICTED}, "The indictment")
    one = case.defendant(command.defendant_ref)
    if one.status is not DefendantStatus.CHARGED or one.indicted:
        raise wrong_status(one, "The indictment", "it takes one who is charged and not indicted yet")
    articles = must_name_articles(command.articles, "The indictment")
    indicted = DefendantIndicted(command.criminal_case_id, command.defendant_ref, articles, command.occurred_on)
    if case.status is CaseStatus.INDICTED:
        return [indicted]
    return [indicted, CaseIndicted(command.criminal_case_id, command.occurred_on)]


@dataclass(frozen=True, slots=True)
class EndDefendantProceedings:
    """End a charged defendant's proceedings without a judgment."""

    criminal_case_id: Ref
    defendant_ref: Ref
    outcome: Literal["dismissed", "settled", "absconded", "deceased"]
    occurred_on: Day


def end_defendant_proceedings(command: EndDefendantProceedings, case: CriminalCase) -> Decision:
    """Only while the outcome is open. If it was the last open one of a judged case, the case is final."""
    case.must_be_open("The end of the proceedings")
    one = case.defendant(command.defendant_ref)
    if one.status is not DefendantStatus.CHARGED:
        raise wrong_status(one, "The end of the proceedings", "it takes one who is charged and not judged")
    ended = DefendantProceedingsEnded(
        command.criminal_case_id, command.defendant_ref, command.outcome, command.occurred_on
    )
    if case.status in JUDGED and case.pending == (one,):
        return [ended, CaseBecameFinal(command.criminal_case_id, command.occurred_on)]
    return [ended]


def wrong_status(one: Defendant, deed: str, why: str) -> Refused:
    """The refusal of a deed that does not fit where the defendant stands."""
    stands = f"{one.status}{' and indicted' if one.indicted else ''}{', for good' if one.ended else ''}"
    return Refused(
        "DEFENDANT_STATUS_WRONG",
        f"{deed} was not recorded: the defendant is {stands}, and {why}. Record the step before first.",
        status=one.status.value,
    )


def must_name_articles(articles: tuple[str, ...], deed: str) -> tuple[str, ...]:
    """The articles, each once. Refused when there is none."""
    if not articles:
        raise Refused("ARTICLES_MISSING", f"{deed} was not recorded: it names no article. Name at least one.")
    return tuple(dict.fromkeys(articles))
