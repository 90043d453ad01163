"""What funding tells a provider."""

from dataclasses import dataclass
from typing import Annotated

from nrm_contracts.catalogue import Audience, event
from nrm_contracts.fields import Code, Day, Ref
from nrm_contracts.funding.parts import Currency, Lot, NotPayable


@event(version=1, audience=Audience.NOTICE, sensitivity=1)
@dataclass(frozen=True, slots=True)
class ContractNotified:
    """To the provider: its contract and how it stands."""

    contract_ref: Ref
    change: Annotated[str, Code("contract_change")]
    lots: tuple[Lot, ...]
    ccy: Currency
    starts_on: Day
    ends_on: Day


@event(version=1, audience=Audience.NOTICE, sensitivity=1)
@dataclass(frozen=True, slots=True)
class ClaimAnswered:
    """To the provider: what became of one claim. A ``recorded`` claim with a reason is not payable as things stand."""

    contract_ref: Ref
    claim_id: Ref
    answer: Annotated[str, Code("claim_answer")]
    reason: NotPayable | None = None


@event(version=1, audience=Audience.NOTICE, sensitivity=1)
@dataclass(frozen=True, slots=True)
class CeilingNearlyReached:
    """To the provider: this share of the year's ceiling is claimed. Help goes on; look for another payer."""

    contract_ref: Ref
    percent: int
