"""The criminal case as a whole: one stream with its register entry, stage, defendants, assets and deadlines."""

from dataclasses import dataclass, field

from immutables import Map

from nrm_contracts.prosecution.events import (
    AppealLodged,
    CaseBecameFinal,
    CaseClosed,
    CaseDiscontinued,
    CaseIndicted,
    CaseJudged,
    CaseJudgedCorrected,
    CaseReclassified,
    CaseResumed,
    CaseSettled,
    CasesMerged,
    CaseSuspended,
    CaseTransferred,
    CrimeReported,
    CriminalCaseRegistered,
    EnforcementStarted,
    EvidenceBasisRecorded,
    FinancialInvestigationOpened,
    IncidentLinkedToCase,
    InvestigationOpened,
    JudgmentCorrected,
    TrialOpened,
    VictimEnteredCase,
)
from nrm_kernel.changing import replace
from nrm_kernel.decider import Fold
from nrm_kernel.errors import NotFound, Refused
from nrm_prosecution.domain import asset, deadlines, defendant
from nrm_prosecution.domain.asset import Asset, AssetEvent, Assets
from nrm_prosecution.domain.deadlines import DeadlineEvent, Deadlines
from nrm_prosecution.domain.defendant import Defendant, DefendantEvent, Defendants
from nrm_prosecution.domain.stages import CaseStatus, is_open, may_follow, words


@dataclass(frozen=True, slots=True)
class CriminalCase:
    """A case; ``status`` None: nothing is recorded under this id. ``lead_org`` owes whatever is due in it.

    ``version`` is the stream's, ``judged_at`` what it was at the entry that says when the case
    was judged first.
    """

    criminal_case_id: str = ""
    version: int = 0
    judged_at: int = 0
    status: CaseStatus | None = None
    suspended_as: CaseStatus | None = None
    lead_org: str = ""
    iccs_code: str = ""
    national_article: str = ""
    proactive: bool = False
    incident_ids: frozenset[str] = frozenset()
    victims: frozenset[str] = frozenset()
    evidence: frozenset[str] = frozenset()
    money_followed: bool = False
    defendants: Defendants = field(default_factory=Map)
    assets: Assets = field(default_factory=Map)
    deadlines: Deadlines = field(default_factory=Map)

    @property
    def open(self) -> bool:
        """Registered or reported, and not at an end."""
        return self.status is not None and is_open(self.status)

    @property
    def pending(self) -> tuple[Defendant, ...]:
        """The charged defendants whose end is not known yet."""
        return tuple(one for one in self.defendants.values() if one.pending)

    def known(self) -> "CriminalCase":
        """This case. Raises NotFound when nothing is recorded of it."""
        if self.status is None:
            raise NotFound
        return self

    def must_be_open(self, deed: str) -> "CriminalCase":
        """This case. Refused when it has come to an end."""
        if not self.known().open:
            raise Refused(
                "CASE_ENDED",
                f"{deed} was not recorded: the case is {self.status}, which is an end. Register a new case if there is "
                "new ground.",
                status=str(self.status),
            )
        return self

    def must_be_in(self, stages: frozenset[CaseStatus], deed: str) -> "CriminalCase":
        """This case. Refused when it is in none of these stages."""
        if self.known().status not in stages:
            raise _wrong_stage(self, deed, f"it takes a case that is {words(stages)}")
        return self

    def must_reach(self, stage: CaseStatus, deed: str) -> "CriminalCase":
        """This case. Refused when the stage may not follow its present one."""
        if not may_follow(self.known().status, stage):
            raise _wrong_stage(self, deed, f"{stage} may not follow that")
        return self

    def defendant(self, defendant_ref: str) -> Defendant:
        """One of its defendants. Raises NotFound."""
        found = self.known().defendants.get(defendant_ref)
        if found is None:
            raise NotFound
        return found

    def asset(self, asset_id: str) -> Asset:
        """One of its assets. Raises NotFound."""
        found = self.known().assets.get(asset_id)
        if found is None:
            raise NotFound
        return found


def _wrong_stage(case: CriminalCase, deed: str, why: str) -> Refused:
    return Refused(
        "CASE_STAGE_WRONG",
        f"{deed} was not recorded: the case is {case.status}, and {why}. Record the step before first.",
        status=str(case.status),
    )


_STAGE_AFTER = {
    CrimeReported: CaseStatus.REPORTED,
    CriminalCaseRegistered: CaseStatus.REGISTERED,
    InvestigationOpened: CaseStatus.INVESTIGATING,
    CaseReclassified: CaseStatus.RECLASSIFIED,
    CaseSuspended: CaseStatus.SUSPENDED,
    CaseTransferred: CaseStatus.TRANSFERRED,
    CasesMerged: CaseStatus.MERGED,
    CaseDiscontinued: CaseStatus.DISCONTINUED,
    CaseSettled: CaseStatus.SETTLED,
    CaseIndicted: CaseStatus.INDICTED,
    TrialOpened: CaseStatus.TRIAL,
    CaseJudged: CaseStatus.FIRST_INSTANCE,
    AppealLodged: CaseStatus.APPEAL,
    CaseBecameFinal: CaseStatus.FINAL,
    EnforcementStarted: CaseStatus.ENFORCEMENT,
    CaseClosed: CaseStatus.CLOSED,
}
"""Every event that moves a case moves it to one stage, whatever was before; only a resumed case says where to."""


def stage_after(event: object) -> CaseStatus | None:
    """The stage that the event moves its case to; None for an event that moves no case."""
    return CaseStatus(event.resumed_as) if isinstance(event, CaseResumed) else _STAGE_AFTER.get(type(event))


def evolve(case: CriminalCase, event: object) -> CriminalCase:
    """The case after the event."""
    return _evolved(replace(case, version=case.version + 1), event)


def _evolved(case: CriminalCase, event: object) -> CriminalCase:
    match event:
        case _ if isinstance(event, DeadlineEvent):
            return replace(case, deadlines=deadlines.evolve(case.deadlines, event))
        case _ if isinstance(event, AssetEvent):
            return replace(case, assets=asset.evolve(case.assets, event))
        case _ if isinstance(event, DefendantEvent):
            return replace(case, defendants=defendant.evolve(case.defendants, event, case.version))
        case _:
            return replace(_with_facts(case, event), status=stage_after(event) or case.status)


def _with_facts(case: CriminalCase, event: object) -> CriminalCase:
    match event:
        case CrimeReported() | CriminalCaseRegistered():
            return _entered(case, event)
        case IncidentLinkedToCase():
            return replace(case, incident_ids=case.incident_ids | {event.incident_id})
        case VictimEnteredCase():
            return replace(case, victims=case.victims | {event.person_ref})
        case CaseReclassified():
            return replace(case, iccs_code=event.to_iccs_code, national_article=event.to_article)
        case CaseSuspended():
            return replace(case, suspended_as=case.status)
        case EvidenceBasisRecorded():
            return replace(case, evidence=case.evidence | frozenset(event.kinds))
        case FinancialInvestigationOpened():
            return replace(case, money_followed=True)
        case _:
            return _judged(case, event)


def _judged(case: CriminalCase, event: object) -> CriminalCase:
    match event:
        case CaseJudged():
            opened = defendant.opened(case.defendants, case.version - 1)
            return replace(case, judged_at=case.version, defendants=opened)
        case CaseJudgedCorrected():
            return replace(case, judged_at=case.version)
        case TrialOpened():
            return replace(case, defendants=defendant.brought_before(case.defendants, event.opened_on))
        case AppealLodged():
            return replace(case, defendants=defendant.brought_before(case.defendants, event.lodged_on))
        case JudgmentCorrected():
            return replace(case, defendants=defendant.corrected(case.defendants, event, case.version))
        case _:
            return case


def _entered(case: CriminalCase, event: CrimeReported | CriminalCaseRegistered) -> CriminalCase:
    entered = replace(
        case,
        criminal_case_id=event.criminal_case_id,
        lead_org=event.lead_org,
        proactive=event.proactive,
        incident_ids=case.incident_ids | frozenset(event.incident_ids),
    )
    if isinstance(event, CrimeReported):
        return entered
    return replace(entered, iccs_code=event.iccs_code, national_article=event.national_article)


CASES: Fold[CriminalCase, object] = Fold("case", CriminalCase(), evolve)
