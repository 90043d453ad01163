"""Whether a person is treated as a child, and who is the guardian."""

from dataclasses import dataclass

from nrm_contracts.codes import code_list
from nrm_contracts.identification.child_events import (
    AgeAssessed,
    AgeDisputed,
    GuardianAppointed,
    GuardianConflictFound,
    MinorPresumed,
)
from nrm_contracts.identification.person_events import (
    DetectionCorrected,
    PersonDetected,
    ProfileCorrectionReceived,
    SuggestionReceived,
)
from nrm_contracts.identification.referral_events import ReferralReceived
from nrm_kernel.changing import replace


def age_group(band: str) -> str:
    """``child``, ``adult`` or ``unknown``."""
    return code_list("age_band").attribute(band, "group")


@dataclass(frozen=True, slots=True)
class Childhood:
    """What is known of the age. Age in doubt means treated as a child until assessed (Convention 197, art. 10.3)."""

    band: str = "unknown"
    in_doubt: bool = False
    assessed: bool = False
    guardian: GuardianAppointed | None = None

    @property
    def is_child(self) -> bool:
        """Certainly, presumably or possibly under 18."""
        return self.in_doubt or age_group(self.band) != "adult"

    @property
    def age_unclear(self) -> bool:
        """Treated as a child because nobody knows the age, not because it is known."""
        return self.in_doubt or age_group(self.band) == "unknown"


def evolve(childhood: Childhood, event: object) -> Childhood:
    """What is known of the age after an event."""
    match event:
        case PersonDetected() | SuggestionReceived() | ReferralReceived():
            return childhood if childhood.assessed else replace(childhood, band=event.age_band)
        case DetectionCorrected() | ProfileCorrectionReceived():
            return replace(childhood, band=event.age_band)
        case MinorPresumed() | AgeDisputed():
            return replace(childhood, in_doubt=True)
        case AgeAssessed():
            in_doubt = age_group(event.result_band) == "unknown"
            return replace(childhood, band=event.result_band, in_doubt=in_doubt, assessed=not in_doubt)
        case GuardianAppointed():
            return replace(childhood, guardian=event)
        case GuardianConflictFound():
            return replace(childhood, guardian=None)
        case _:
            return childhood
