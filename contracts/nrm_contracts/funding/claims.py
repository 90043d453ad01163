"""Delivered units as claimed, checked, refused or taken back."""

from dataclasses import dataclass
from typing import Annotated

from nrm_contracts.catalogue import Audience, event
from nrm_contracts.fields import AmountMinor, Code, Day, QtyMilli, Ref
from nrm_contracts.funding.parts import EvidenceHash, FiscalYear, NotPayable, ServiceCode, ServiceUnit


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class ClaimableUnitRecorded:
    """A provider says that it delivered this. Year, price and amount are absent where the contract gives none."""

    contract_ref: Ref
    claim_id: Ref
    handover_id: Ref
    service_code: ServiceCode
    unit: ServiceUnit
    qty_milli: QtyMilli
    delivered_from: Day
    delivered_to: Day
    evidence_hash: EvidenceHash
    fiscal_year: FiscalYear | None = None
    price_minor: AmountMinor | None = None
    amount_minor: AmountMinor | None = None


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class UnitClaimed:
    """What has been claimed under one handover, over all contracts and sources: one delivery is paid once."""

    handover_id: Ref
    contract_ref: Ref
    claim_id: Ref
    service_code: ServiceCode
    unit: ServiceUnit
    qty_milli: QtyMilli
    delivered_from: Day
    delivered_to: Day


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class UnitClaimReleased:
    """The claim was rejected or voided: the same delivery may be claimed again, corrected."""

    handover_id: Ref
    claim_id: Ref


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class DuplicateClaimFound:
    """A delivery was claimed again; the second claim is not recorded as a unit and can never be paid."""

    contract_ref: Ref
    claim_id: Ref
    first_contract_ref: Ref
    first_claim_id: Ref


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class UnfundedLiabilityRecorded:
    """Help was given that the contract does not pay for as things stand: an alert, and nothing stops for it.

    ``shortage_minor`` is the part of the unit's amount that lacks money; absent where the unit has no price.
    """

    contract_ref: Ref
    claim_id: Ref
    reason: NotPayable
    shortage_minor: AmountMinor | None = None


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class UnitVerified:
    """An officer checked that the unit was delivered; its amount now binds the contract's year."""

    contract_ref: Ref
    claim_id: Ref
    fiscal_year: FiscalYear
    amount_minor: AmountMinor
    method: Annotated[str, Code("verification_method")]
    verified_by: str


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class UnitRejected:
    """An officer found that the unit is not to be paid."""

    contract_ref: Ref
    claim_id: Ref
    reason: NotPayable
    rejected_by: str


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class UnitVoided:
    """The provider took its claim back."""

    contract_ref: Ref
    claim_id: Ref
    reason: Annotated[str, Code("void_reason")]
