"""Children: age in doubt, its assessment, and the guardian (Council of Europe Convention 197, art. 10.3 and 10.4)."""

from dataclasses import dataclass
from typing import Annotated, Literal

from nrm_contracts.catalogue import Audience, event
from nrm_contracts.fields import Code, Day, Origin, Ref
from nrm_contracts.identification.terms import AgeBand

DoubtReason = Literal["claimed", "appearance", "documents_doubtful", "age_not_known", "told_by_agency"]


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class MinorPresumed:
    """The age is not certain, so the person is treated as a child until it is assessed."""

    person_ref: Ref
    reason: DoubtReason
    presumed_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class AgeDisputed:
    """Somebody doubts the recorded age; the person is treated as a child until it is assessed."""

    person_ref: Ref
    reason: DoubtReason
    disputed_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class AgeAssessed:
    """The age was assessed; a result that leaves the doubt open keeps the person treated as a child."""

    person_ref: Ref
    method: Annotated[str, Code("age_assessment_method")]
    result_band: AgeBand
    assessed_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class GuardianAppointed:
    """The child has a guardian; name and contact are sealed. ``agency`` is where the guardian works, if in the log."""

    person_ref: Ref
    guardian_ref: Ref
    relation: Annotated[str, Code("guardian_relation")]
    appointed_on: Day
    agency: Origin | None = None


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class GuardianConflictFound:
    """The guardian has an interest against the child's: from now on the child has none."""

    person_ref: Ref
    guardian_ref: Ref
    conflict: Annotated[str, Code("guardian_conflict")]
    found_on: Day
