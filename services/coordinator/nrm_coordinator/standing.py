"""Where a person stands with each kind of agency, and a criminal case in its proceedings: one code for each respect.

Each fact that changes a standing carries a *mark* that sorts: weight, day, moment of recording, position, code. So the
greatest mark tells the standing, in whatever order the facts came in. A fact of weight 0 never takes the place of a
heavier one: whoever was referred once does not go back to "detected" because another agency meets them too.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Select, func, select

from nrm_contracts.assistance import events as assistance
from nrm_contracts.codes import code_list
from nrm_contracts.identification import events as identification
from nrm_contracts.prosecution import events as prosecution
from nrm_coordinator import tables as t
from nrm_coordinator.corrections import stands
from nrm_coordinator.making import Build, Given
from nrm_coordinator.moment import AsOf
from nrm_coordinator.people import Names
from nrm_kernel.views import Add, ViewReader

IDENTIFICATION, ASSISTANCE, CONTACT, PROCEEDINGS = "identification", "assistance", "contact", "proceedings"
CASE = "case"
_OF_PERSONS = (IDENTIFICATION, ASSISTANCE, CONTACT, PROCEEDINGS)
LOST, IN_CONTACT = "lost", "in_contact"

_LIGHT: Final[Mapping[type[object], tuple[str, str]]] = {
    identification.PersonDetected: (IDENTIFICATION, "detected"),
    identification.SuggestionReceived: (IDENTIFICATION, "detected"),
    identification.ScreeningCompleted: (IDENTIFICATION, "screened"),
    identification.ScreeningCorrected: (IDENTIFICATION, "screened"),
    identification.AnonymousNotificationMade: (IDENTIFICATION, "anonymous_notice"),
    prosecution.VictimReportReceived: (PROCEEDINGS, "reported"),
    prosecution.VictimRegistered: (PROCEEDINGS, "reported"),
}
_HEAVY: Final[Mapping[type[object], tuple[str, str]]] = {
    identification.ReferralSubmitted: (IDENTIFICATION, "referred"),
    identification.ReferralReceived: (IDENTIFICATION, "referred"),
    identification.ReferralAcknowledged: (IDENTIFICATION, "acknowledged"),
    identification.ReferralReturned: (IDENTIFICATION, "returned"),
    identification.ReferralEnded: (IDENTIFICATION, "referral_ended"),
    identification.ReconsiderationRequested: (IDENTIFICATION, "reconsideration"),
    identification.PersonDisqualified: (IDENTIFICATION, "disqualified"),
    identification.StatusRevoked: (IDENTIFICATION, "status_revoked"),
    identification.StatusExpired: (IDENTIFICATION, "status_expired"),
    assistance.CaseOpened: (ASSISTANCE, "requested"),
    assistance.AssistanceOffered: (ASSISTANCE, "offered"),
    assistance.AssistanceAccepted: (ASSISTANCE, "accepted"),
    assistance.AssistanceDeclined: (ASSISTANCE, "declined"),
    assistance.CaseClosed: (ASSISTANCE, "closed"),
    assistance.PersonLost: (CONTACT, LOST),
    assistance.PersonFound: (CONTACT, IN_CONTACT),
    prosecution.VictimLinkedToCase: (PROCEEDINGS, "in_case"),
    prosecution.VictimParticipationConsented: (PROCEEDINGS, "participating"),
    prosecution.VictimParticipationWithdrawn: (PROCEEDINGS, "withdrawn"),
    prosecution.CrimeReported: (CASE, "reported"),
    prosecution.CriminalCaseRegistered: (CASE, "registered"),
    prosecution.InvestigationOpened: (CASE, "investigating"),
    prosecution.CaseResumed: (CASE, "investigating"),
    prosecution.CaseReclassified: (CASE, "reclassified"),
    prosecution.CaseSuspended: (CASE, "suspended"),
    prosecution.CaseDiscontinued: (CASE, "discontinued"),
    prosecution.CaseSettled: (CASE, "settled"),
    prosecution.CaseTransferred: (CASE, "transferred"),
    prosecution.CasesMerged: (CASE, "merged"),
    prosecution.CaseIndicted: (CASE, "indicted"),
    prosecution.TrialOpened: (CASE, "trial"),
    prosecution.CaseJudged: (CASE, "first_instance"),
    prosecution.AppealLodged: (CASE, "appeal"),
    prosecution.CaseBecameFinal: (CASE, "final"),
    prosecution.EnforcementStarted: (CASE, "enforcement"),
    prosecution.CaseClosed: (CASE, "closed"),
}
DECIDED: Final = ("presumed", "confirmed", "negative")

_HELPED = "3"
_WEIGHT_ACROSS: Final = {"requested": "2", "offered": "2", "closed": "1", "declined": "0"}
"""Who is helped somewhere is not "declined" because they declined elsewhere; every other code means help."""


def codes(facet: str) -> list[str]:
    """Every code that a standing in this respect can have."""
    own = [code for of_facet, code in (*_LIGHT.values(), *_HEAVY.values()) if of_facet == facet]
    more = {IDENTIFICATION: DECIDED, ASSISTANCE: (*code_list("assistance_phase"), LOST)}.get(facet, ())
    return list(dict.fromkeys((*own, *more)))


@dataclass(frozen=True, slots=True)
class Standing:
    """The three codes, empty where no agency of that kind knows the person, and since when the first one holds."""

    identification: str = ""
    since: str = ""
    assistance: str = ""
    proceedings: str = ""

    def days(self, day: date) -> int:
        """Days since the identification standing last changed."""
        return (day - date.fromisoformat(self.since)).days if self.since else 0


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest mark of one reference in one respect. A reference is one agency's own."""

    subject: str
    facet: str
    origin: str
    mark: str

    @property
    def code(self) -> str:
        """What the mark says."""
        return self.mark.rpartition(" ")[2]

    @property
    def since(self) -> str:
        """The day from which it holds."""
        return self.mark[1:11]


async def newest(reader: ViewReader, as_of: AsOf, refs: Collection[str] | None = None) -> list[Newest]:
    """The newest marks of these references of persons, or of all."""
    c = t.moved.c
    query = _newest(as_of).where(c.facet.in_(_OF_PERSONS))
    rows = await reader.rows(query if refs is None else query.where(c.subject.in_(refs)))
    return [Newest(*tuple(row)) for row in rows]


async def known_references(reader: ViewReader, as_of: AsOf) -> list[tuple[str, str]]:
    """Every reference of a person that any agency recorded something of, with the agency."""
    c = t.moved.c
    query = select(c.subject, c.origin).where(c.facet.in_(_OF_PERSONS), c.recorded_at <= as_of.moment).distinct()
    return [tuple(row) for row in await reader.rows(query)]


async def newest_of_cases(reader: ViewReader, as_of: AsOf, cases: Collection[str]) -> list[Newest]:
    """The newest marks of these criminal cases."""
    c = t.moved.c
    rows = await reader.rows(_newest(as_of).where(c.facet == CASE, c.subject.in_(cases)))
    return [Newest(*tuple(row)) for row in rows]


def _newest(as_of: AsOf) -> Select[tuple[str, str, str, str]]:
    c = t.moved.c
    return (
        select(c.subject, c.facet, c.origin, func.max(c.mark))
        .where(c.recorded_at <= as_of.moment, stands(t.moved, as_of))
        .group_by(c.subject, c.facet, c.origin)
    )


def standings(marks: Iterable[Newest], names: Names) -> dict[str, Standing]:
    """Where each person stands, from the newest marks of all their references."""
    marks = list(marks)
    lost = {one.subject for one in marks if one.facet == CONTACT and one.code == LOST}
    best: dict[str, dict[str, tuple[str, Newest]]] = {}
    for one in marks:
        if one.facet == CONTACT:
            continue
        of_person = best.setdefault(names.name(one.subject), {})
        weighed = (_WEIGHT_ACROSS.get(one.code, _HELPED) if one.facet == ASSISTANCE else "") + one.mark
        if one.facet not in of_person or weighed > of_person[one.facet][0]:
            of_person[one.facet] = weighed, one
    return {person: _standing({facet: one for facet, (_, one) in of.items()}, lost) for person, of in best.items()}


def _standing(best: Mapping[str, Newest], lost: Collection[str]) -> Standing:
    identified, helped, heard = (best.get(facet) for facet in (IDENTIFICATION, ASSISTANCE, PROCEEDINGS))
    return Standing(
        identified.code if identified else "",
        identified.since if identified else "",
        ((LOST if helped.subject in lost else helped.code) if helped else ""),
        heard.code if heard else "",
    )


def _marked(given: Given, subject: str, facet: str, code: str, weight: int) -> Add:
    mark = f"{weight}{given.on} {given.recorded_at} {given.position:016} {code}"
    return given.adds(t.moved, {"subject": subject, "facet": facet, "mark": mark})


def _moves(facet: str, code: str, weight: int) -> Build:
    subject = "criminal_case_id" if facet == CASE else "person_ref"

    def build(given: Given) -> tuple[Add]:
        return (_marked(given, given.data[subject], facet, code, weight),)

    return build


def _opens_or_ends(code: str) -> Build:
    """A case that opens or ends leaves nobody lost."""

    def build(given: Given) -> tuple[Add, Add]:
        person = given.data["person_ref"]
        return (_marked(given, person, ASSISTANCE, code, 1), _marked(given, person, CONTACT, IN_CONTACT, 1))

    return build


def _decided(given: Given) -> tuple[Add]:
    code = "negative" if given.data["outcome"] != "positive" else "confirmed" if given.data["final"] else "presumed"
    return (_marked(given, given.data["person_ref"], IDENTIFICATION, code, 1),)


def _redetected(given: Given) -> tuple[Add]:
    """Whenever it was put right, a detection comes before all else of its day."""
    cells = {"subject": given.data["person_ref"], "facet": IDENTIFICATION}
    return (given.adds(t.moved, {**cells, "mark": f"0{given.on} 0 {given.position:016} detected"}),)


def _entered(given: Given) -> tuple[Add]:
    return (_marked(given, given.data["person_ref"], ASSISTANCE, given.data["phase"], 1),)


FACTS: dict[type[object], Build] = {
    **{form: _moves(facet, code, 0) for form, (facet, code) in _LIGHT.items()},
    **{form: _moves(facet, code, 1) for form, (facet, code) in _HEAVY.items()},
    **{form: _opens_or_ends(_HEAVY[form][1]) for form in (assistance.CaseOpened, assistance.CaseClosed)},
    identification.DetectionCorrected: _redetected,
    identification.StageDecided: _decided,
    identification.StageCorrected: _decided,
    prosecution.CaseJudgedCorrected: _moves(CASE, "first_instance", 1),
    assistance.PhaseEntered: _entered,
}
