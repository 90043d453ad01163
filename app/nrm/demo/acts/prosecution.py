"""Acts of the prosecution: on cases and defendants, and on victims in cases."""

from collections.abc import Sequence
from datetime import date

from nrm.demo.agencies import CCY
from nrm.demo.people import Invented
from nrm.demo.step import Step
from nrm_contracts.prosecution.v1 import (
    cases_pb2,
    charges_pb2,
    court_pb2,
    defendants_pb2,
    proceeds_pb2,
    safety_pb2,
    victims_pb2,
)

TRAFFICKING = "0204"
ARTICLE = "GB-EAW-MSA2015-2"


def register(case: str, on: date, incidents: Sequence[str] = (), *, proactive: bool = False) -> Step:
    """A case enters the register."""
    request = cases_pb2.RegisterCaseRequest(
        incident_ids=incidents, iccs_code=TRAFFICKING, national_article=ARTICLE, proactive=proactive
    )
    return Step(on, request, {"criminal_case_id": case})


def investigate(case: str, on: date) -> Step:
    """The investigation begins."""
    return Step(on, cases_pb2.OpenInvestigationRequest(criminal_case_id=case))


def evidence(case: str, on: date, kinds: Sequence[str]) -> Step:
    """On what the case rests."""
    return Step(on, cases_pb2.RecordEvidenceBasisRequest(criminal_case_id=case, kinds=kinds))


def suspect(case: str, defendant: str, on: date, sex: str, age_band: str, role: str) -> Step:
    """Somebody is suspected."""
    request = defendants_pb2.AddDefendantRequest(
        criminal_case_id=case, sex=sex, age_band=age_band, citizenship="GB", roles_in_process=(role,)
    )
    return Step(on, request, {"defendant_ref": defendant})


def charge(case: str, defendant: str, on: date) -> Step:
    """The suspect is charged."""
    request = defendants_pb2.ChargeDefendantRequest(criminal_case_id=case, defendant_ref=defendant, articles=(ARTICLE,))
    return Step(on, request)


def indict(case: str, defendant: str, on: date) -> Step:
    """The charge goes to court."""
    request = defendants_pb2.IndictDefendantRequest(criminal_case_id=case, defendant_ref=defendant, articles=(ARTICLE,))
    return Step(on, request)


def end_proceedings(case: str, defendant: str, on: date, outcome: str) -> Step:
    """A defendant is out of the case without a judgment."""
    request = defendants_pb2.EndDefendantProceedingsRequest(
        criminal_case_id=case, defendant_ref=defendant, outcome=outcome
    )
    return Step(on, request)


def open_trial(case: str, on: date) -> Step:
    """The court opens the trial."""
    return Step(on, court_pb2.OpenTrialRequest(criminal_case_id=case))


def judge(case: str, defendant: str, on: date, outcome: str, sentence_months: int = 0) -> Step:
    """The first instance decides."""
    guilty = outcome in ("convicted", "plea_agreed")
    request = court_pb2.EnterJudgmentRequest(
        criminal_case_id=case,
        defendant_ref=defendant,
        instance="first",
        outcome=outcome,
        articles=(ARTICLE,) if guilty else (),
        sentence_months=sentence_months,
        aggravating=("several_victims",) if sentence_months > 60 else (),
    )
    return Step(on, request)


def finalize(case: str, defendant: str, on: date) -> Step:
    """The judgment can be appealed no more."""
    return Step(on, court_pb2.FinalizeJudgmentRequest(criminal_case_id=case, defendant_ref=defendant))


def enforce(case: str, on: date) -> Step:
    """The judgments are carried out."""
    return Step(on, court_pb2.StartEnforcementRequest(criminal_case_id=case))


def close(case: str, on: date) -> Step:
    """Nothing is left to be done."""
    return Step(on, court_pb2.CloseCaseRequest(criminal_case_id=case))


def discontinue(case: str, on: date, reason: str) -> Step:
    """The case ends without a judgment."""
    return Step(on, cases_pb2.DiscontinueCaseRequest(criminal_case_id=case, reason=reason))


def settle(case: str, on: date) -> Step:
    """The case ends by agreement."""
    return Step(on, cases_pb2.SettleCaseRequest(criminal_case_id=case, terms="wages"))


def follow_money(case: str, on: date) -> Step:
    """The money behind the crime is looked for."""
    return Step(on, proceeds_pb2.OpenFinancialInvestigationRequest(criminal_case_id=case))


def trace(case: str, asset: str, on: date, est_minor: int) -> Step:
    """Something of value is found."""
    request = proceeds_pb2.TraceAssetRequest(criminal_case_id=case, kind="vehicle", est_minor=est_minor, ccy=CCY)
    return Step(on, request, {"asset_id": asset})


def freeze(case: str, asset: str, on: date) -> Step:
    """It may not be moved."""
    return Step(on, proceeds_pb2.FreezeAssetRequest(criminal_case_id=case, asset_id=asset))


def link(who: Invented, case: str, on: date) -> Step:
    """The person is a victim in the case."""
    return Step(on, victims_pb2.LinkVictimRequest(person_ref=who.label, criminal_case_id=case), officer=who.number)


def take_part(who: Invented, case: str, on: date) -> Step:
    """The person agrees to be a witness."""
    request = victims_pb2.ConsentToParticipationRequest(
        person_ref=who.label,
        criminal_case_id=case,
        capacity="witness",
        given_by="guardian" if who.is_child else "self",
    )
    return Step(on, request, officer=who.number)


def hear(who: Invented, case: str, on: date) -> Step:
    """A statement, at the person's own request."""
    request = victims_pb2.TakeStatementRequest(
        person_ref=who.label, criminal_case_id=case, recorded=True, own_request=True
    )
    return Step(on, request, officer=who.number)


def inform(who: Invented, case: str, on: date, topic: str) -> Step:
    """The person is told."""
    request = victims_pb2.InformVictimRequest(person_ref=who.label, criminal_case_id=case, topic=topic)
    return Step(on, request, officer=who.number)


def schedule(who: Invented, case: str, on: date, hearing_on: date) -> Step:
    """The court sets the day of the trial."""
    request = safety_pb2.ScheduleHearingRequest(
        person_ref=who.label,
        criminal_case_id=case,
        kind="trial",
        hearing_on=hearing_on.isoformat(),
        legal_basis="legal_obligation",
    )
    return Step(on, request, officer=who.number)


def protect(who: Invented, case: str, on: date, ends_on: date) -> Step:
    """Whoever exploited the person may not come near them."""
    request = safety_pb2.GrantProtectionMeasureRequest(
        person_ref=who.label,
        criminal_case_id=case,
        measure="no_contact_order",
        ends_on=ends_on.isoformat(),
        legal_basis="legal_obligation",
    )
    return Step(on, request, officer=who.number)


def release(case: str, defendant: str, on: date, victims: Sequence[str]) -> Step:
    """Somebody who was convicted is free."""
    request = court_pb2.ReleaseOffenderRequest(criminal_case_id=case, defendant_ref=defendant, person_refs=victims)
    return Step(on, request)


def claim(who: Invented, case: str, on: date, amount_minor: int) -> Step:
    """The person claims compensation."""
    request = charges_pb2.ClaimCompensationRequest(
        person_ref=who.label, criminal_case_id=case, amount_minor=amount_minor, ccy=CCY
    )
    return Step(on, request, {"compensation_id": _compensation(who)}, officer=who.number)


def award(who: Invented, on: date, amount_minor: int) -> Step:
    """The court awards it."""
    request = charges_pb2.AwardCompensationRequest(
        person_ref=who.label,
        compensation_id=_compensation(who),
        payer="offender",
        amount_minor=amount_minor,
        ccy=CCY,
    )
    return Step(on, request, officer=who.number)


def compensate(who: Invented, on: date, amount_minor: int) -> Step:
    """Money reaches the person."""
    request = charges_pb2.PayCompensationRequest(
        person_ref=who.label,
        compensation_id=_compensation(who),
        payer="offender",
        amount_minor=amount_minor,
        ccy=CCY,
    )
    return Step(on, request, officer=who.number)


def charge_victim(who: Invented, on: date) -> Step:
    """A victim is charged with an offence."""
    request = charges_pb2.ChargeVictimRequest(person_ref=who.label, articles=(ARTICLE,), linked_to_exploitation="yes")
    return Step(on, request, {"charge_id": f"@charge-{who.number}"}, officer=who.number)


def review_charge(who: Invented, on: date, outcome: str) -> Step:
    """The charge is looked at in the light of the exploitation."""
    request = charges_pb2.ReviewNonPunishmentRequest(
        person_ref=who.label, charge_id=f"@charge-{who.number}", outcome=outcome
    )
    return Step(on, request, officer=who.number)


def _compensation(who: Invented) -> str:
    return f"@compensation-{who.number}"
