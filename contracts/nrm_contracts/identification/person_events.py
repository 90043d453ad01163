"""A person becomes known, is screened, or is reported without a name; two records of one person are joined."""

from dataclasses import dataclass
from typing import Annotated

from nrm_contracts.catalogue import Audience, event
from nrm_contracts.fields import Code, Corrects, Day, Origin, Ref
from nrm_contracts.identification.terms import (
    AgeBand,
    Channel,
    Forms,
    Indicators,
    Language,
    MergeChange,
    Needs,
    Officer,
    Region,
    Sex,
    Version,
)


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class PersonDetected:
    """Somebody may be a victim of trafficking. Name, papers, contact and account are sealed."""

    person_ref: Ref
    detection_channel: Channel
    region: Region
    age_band: AgeBand
    sex: Sex
    minor_claimed: bool
    language: Language
    immediate_needs: Needs
    detected_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class DetectionCorrected:
    """What was written down when the person became known was wrong; this is right. Whether the person is a child is no
    slip of the pen: that is assessed."""

    person_ref: Ref
    corrects: Corrects
    reason: Annotated[str, Code("correction_reason")]
    happened_on: Day
    detection_channel: Channel
    region: Region
    age_band: AgeBand
    sex: Sex
    minor_claimed: bool
    language: Language


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class ProfileCorrectionReceived:
    """The agency that described the person put its description right."""

    person_ref: Ref
    sender: Origin
    region: Region
    age_band: AgeBand
    sex: Sex
    language: Language


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class SuggestionReceived:
    """An assistance agency suggests, with the person's consent, that this agency look at a referral. Nothing follows of
    itself."""

    person_ref: Ref
    sender: Origin
    region: Region
    age_band: AgeBand
    sex: Sex
    language: Language
    minor: bool
    suggested_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=3)
@dataclass(frozen=True, slots=True)
class ScreeningCompleted:
    """A screening and what it found: indicators, and which acts, means and purposes (Palermo Protocol art. 3)."""

    person_ref: Ref
    tool: Annotated[str, Code("screening_tool")]
    tool_version: Version
    indicators: Indicators
    acts: tuple[Annotated[str, Code("palermo_act")], ...]
    means: tuple[Annotated[str, Code("palermo_means")], ...]
    purposes: tuple[Annotated[str, Code("palermo_purpose")], ...]
    exploitation_forms: Forms
    outcome: Annotated[str, Code("screening_outcome")]
    screened_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=3)
@dataclass(frozen=True, slots=True)
class ScreeningCorrected:
    """What was written down of the newest screening was wrong; this is right. Its outcome stays: that takes another
    screening."""

    person_ref: Ref
    corrects: Corrects
    reason: Annotated[str, Code("correction_reason")]
    happened_on: Day
    tool: Annotated[str, Code("screening_tool")]
    tool_version: Version
    indicators: Indicators
    acts: tuple[Annotated[str, Code("palermo_act")], ...]
    means: tuple[Annotated[str, Code("palermo_means")], ...]
    purposes: tuple[Annotated[str, Code("palermo_purpose")], ...]
    exploitation_forms: Forms
    outcome: Annotated[str, Code("screening_outcome")]


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class AnonymousNotificationMade:
    """An adult did not consent to a referral: only the fact is reported, coarsely, for the figures."""

    person_ref: Ref
    detection_channel: Channel
    region: Region
    exploitation_forms: Forms
    age_band: AgeBand
    notified_on: Day


@dataclass(frozen=True, slots=True)
class Known:
    """The handover id under which an agency knows a person."""

    agency: Origin
    handover_id: Ref


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class RecordsChangeProposed:
    """An officer found two records to be one person's, or not; until another officer confirms, nothing follows."""

    person_ref: Ref
    absorbed_ref: Ref
    change: MergeChange
    officer: Officer
    proposed_on: Day
    basis: Annotated[str, Code("merge_basis")] | None = None
    reason: Annotated[str, Code("unmerge_reason")] | None = None


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class PersonRecordsMerged:
    """Two records are one person's: this one goes on; ``absorbed_known`` is who knows the person by the other one."""

    person_ref: Ref
    absorbed_ref: Ref
    basis: Annotated[str, Code("merge_basis")]
    absorbed_known: tuple[Known, ...]
    merged_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class PersonRecordAbsorbed:
    """This record rests: the person goes on under ``into_ref``."""

    person_ref: Ref
    into_ref: Ref
    absorbed_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class PersonRecordsUnmerged:
    """The two records are two persons'; each is as it was before the merge, plus what happened to it since."""

    person_ref: Ref
    absorbed_ref: Ref
    reason: Annotated[str, Code("unmerge_reason")]
    unmerged_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class PersonRecordReleased:
    """This record is a person's own again."""

    person_ref: Ref
    from_ref: Ref
    released_on: Day
