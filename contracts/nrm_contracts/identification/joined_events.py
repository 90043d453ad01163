"""What was told of one record of a person and counts in another of theirs, as long as the two are one.

``told_for`` is the record that it was told of.
"""

from dataclasses import dataclass, field

from nrm_contracts.catalogue import Audience, event
from nrm_contracts.fields import Ref
from nrm_contracts.identification.sharing_events import (
    ContactLossReceived,
    HearingCallOffReceived,
    HearingReceived,
    OffenderReleaseReceived,
    ProtectionChangeReceived,
    VictimChargeReceived,
)


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class OtherVictimChargeReceived(VictimChargeReceived):
    """The person was charged with an offence."""

    told_for: Ref = field(kw_only=True)


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class OtherContactLossReceived(ContactLossReceived):
    """An assistance agency lost contact with the person."""

    told_for: Ref = field(kw_only=True)


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class OtherOffenderReleaseReceived(OffenderReleaseReceived):
    """Somebody convicted of what was done to the person is free."""

    told_for: Ref = field(kw_only=True)


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class OtherHearingReceived(HearingReceived):
    """A court sits in a case of the person."""

    told_for: Ref = field(kw_only=True)


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class OtherHearingCallOffReceived(HearingCallOffReceived):
    """The hearing of that day does not take place."""

    told_for: Ref = field(kw_only=True)


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class OtherProtectionChangeReceived(ProtectionChangeReceived):
    """A measure that protects the person was granted, extended or ended."""

    told_for: Ref = field(kw_only=True)
