"""What happens to a criminal case and to its defendants; part of the catalogue in ``events.py``."""

from dataclasses import dataclass
from typing import Annotated, Literal

from nrm_contracts.catalogue import Audience, event
from nrm_contracts.fields import Code, Corrects, Day, Origin, Ref

Article = Annotated[str, Code("national_article")]


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class CrimeReported:
    """A report of a possible crime was taken in; whether it becomes a registered case is still open."""

    criminal_case_id: Ref
    incident_ids: tuple[Ref, ...]
    lead_org: Origin
    proactive: bool
    reported_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class CriminalCaseRegistered:
    """A case was entered in the register under an article. ``proactive``: found by the investigation's own work."""

    criminal_case_id: Ref
    incident_ids: tuple[Ref, ...]
    iccs_code: Annotated[str, Code("iccs")]
    national_article: Article
    lead_org: Origin
    proactive: bool
    registered_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class IncidentLinkedToCase:
    """The case also concerns this incident; an incident may belong to several cases."""

    criminal_case_id: Ref
    incident_id: Ref
    linked_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class InvestigationOpened:
    """Investigation of the case began."""

    criminal_case_id: Ref
    opened_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class CaseReclassified:
    """The case goes on under another article: it may leave or join the count of trafficking cases."""

    criminal_case_id: Ref
    from_iccs_code: Annotated[str, Code("iccs")]
    to_iccs_code: Annotated[str, Code("iccs")]
    from_article: Article
    to_article: Article
    reclassified_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class CaseSuspended:
    """The investigation waits."""

    criminal_case_id: Ref
    reason: Annotated[str, Code("case_suspension_reason")]
    suspended_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class CaseResumed:
    """A suspended investigation goes on, in the stage that it was suspended in."""

    criminal_case_id: Ref
    resumed_as: Literal["investigating", "reclassified"]
    resumed_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class CaseTransferred:
    """Another agency leads the case from now on; here it has ended."""

    criminal_case_id: Ref
    to_org: Origin
    transferred_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class CasesMerged:
    """This case was taken into another one and ended; its victims and defendants are to be linked there."""

    criminal_case_id: Ref
    into_case_id: Ref
    merged_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class CaseDiscontinued:
    """The case ended without a judgment."""

    criminal_case_id: Ref
    reason: Annotated[str, Code("discontinuation_reason")]
    discontinued_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class CaseSettled:
    """The case ended by agreement, on these terms."""

    criminal_case_id: Ref
    terms: Annotated[str, Code("settlement_terms")]
    settled_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class CaseIndicted:
    """The case went to court with its first indicted defendant."""

    criminal_case_id: Ref
    indicted_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class TrialOpened:
    """The court opened the trial of the indicted defendants."""

    criminal_case_id: Ref
    opened_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class CaseJudged:
    """The first instance gave its first judgment in the case; judgments on other defendants may follow."""

    criminal_case_id: Ref
    judged_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class AppealLodged:
    """A judgment of the case goes before a higher court."""

    criminal_case_id: Ref
    lodged_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class CaseBecameFinal:
    """No defendant's proceedings are open any more: the case is final as a whole."""

    criminal_case_id: Ref
    final_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class EnforcementStarted:
    """The final judgments are being carried out."""

    criminal_case_id: Ref
    started_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class CaseClosed:
    """Nothing is left to be done in the case."""

    criminal_case_id: Ref
    closed_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class EvidenceBasisRecorded:
    """What the case rests on beside or instead of the victim's word (OSCE and CoE ask for it to be more than that)."""

    criminal_case_id: Ref
    kinds: tuple[Annotated[str, Code("evidence_basis")], ...]
    recorded_on: Day


# -------------------------------------------------------------------------------------------------- its defendants


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class DefendantAdded:
    """A suspect of this case. ``official``: a public official or somebody acting as one."""

    criminal_case_id: Ref
    defendant_ref: Ref
    sex: Annotated[str, Code("sex")]
    age_band: Annotated[str, Code("age_band")]
    citizenship: Annotated[str, Code("iso_3166_1")]
    roles: tuple[Annotated[str, Code("htcds_role_in_process")], ...]
    official: bool
    added_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class DefendantCharged:
    """The suspect was charged under these articles."""

    criminal_case_id: Ref
    defendant_ref: Ref
    articles: tuple[Article, ...]
    charged_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class DefendantIndicted:
    """The charge was brought before a court."""

    criminal_case_id: Ref
    defendant_ref: Ref
    articles: tuple[Article, ...]
    indicted_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class JudgmentEntered:
    """A court's judgment on one defendant; not final yet. ``sentence_months`` 0: no term of imprisonment."""

    criminal_case_id: Ref
    defendant_ref: Ref
    instance: Annotated[str, Code("court_instance")]
    outcome: Annotated[str, Code("judgment_outcome")]
    articles: tuple[Article, ...]
    sentence_months: int
    suspended: bool
    aggravating: tuple[Annotated[str, Code("aggravating_factor")], ...]
    judged_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class JudgmentCorrected:
    """What was written down of the last judgment on a defendant was wrong; this is right. Its outcome stands."""

    criminal_case_id: Ref
    defendant_ref: Ref
    corrects: Corrects
    reason: Annotated[str, Code("correction_reason")]
    happened_on: Day
    instance: Annotated[str, Code("court_instance")]
    outcome: Annotated[str, Code("judgment_outcome")]
    articles: tuple[Article, ...]
    sentence_months: int
    suspended: bool
    aggravating: tuple[Annotated[str, Code("aggravating_factor")], ...]


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class CaseJudgedCorrected:
    """The day of the case's first judgment was written down wrongly; this is right."""

    criminal_case_id: Ref
    corrects: Corrects
    reason: Annotated[str, Code("correction_reason")]
    happened_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class JudgmentBecameFinal:
    """The last judgment on this defendant can no longer be appealed."""

    criminal_case_id: Ref
    defendant_ref: Ref
    outcome: Annotated[str, Code("judgment_outcome")]
    final_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class DefendantProceedingsEnded:
    """A charged defendant's proceedings ended without a judgment: dismissed, settled, absconded or deceased."""

    criminal_case_id: Ref
    defendant_ref: Ref
    outcome: Annotated[str, Code("defendant_outcome")]
    ended_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class OffenderReleased:
    """A convicted defendant is free."""

    criminal_case_id: Ref
    defendant_ref: Ref
    released_on: Day
