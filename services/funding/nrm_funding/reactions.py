"""What providers' notices make this agency do: the only door in beside gRPC."""

from collections.abc import Sequence
from datetime import date

from nrm_contracts.assistance.events import ClaimableUnitSent, ClaimableUnitVoided
from nrm_funding.domain.claimants import CLAIMANT
from nrm_funding.domain.claims import RecordClaimableUnit, VoidUnit, record_claimable_unit, void_unit
from nrm_funding.domain.contracts import CONTRACT
from nrm_funding.domain.deadlines import with_deadlines
from nrm_funding.domain.standards import STANDARD
from nrm_kernel.decider import At
from nrm_kernel.entry import Entry
from nrm_kernel.service import Ask, Asking, Reaction


async def on_claimable_unit_sent(notice: ClaimableUnitSent, entry: Entry, asking: Asking) -> Sequence[Ask]:
    """A provider claims a delivered unit; it is priced and checked against the person's other claims."""
    command = RecordClaimableUnit(
        contract_ref=notice.contract_ref,
        claim_id=notice.claim_id,
        handover_id=notice.handover_id,
        service_code=notice.service_code,
        unit=notice.unit,
        qty_milli=notice.qty_milli,
        delivered_from=notice.delivered_from,
        delivered_to=notice.delivered_to,
        evidence_hash=notice.evidence_hash,
        provider=entry.origin,
        now=asking.now,
        policy=asking.policy,
    )
    streams = (
        At(CONTRACT, notice.contract_ref),
        At(STANDARD, notice.service_code),
        At(CLAIMANT, notice.handover_id),
    )
    return [Ask(command, record_claimable_unit, streams)]


async def on_claimable_unit_voided(notice: ClaimableUnitVoided, entry: Entry, asking: Asking) -> Sequence[Ask]:
    """A provider takes a claim back."""
    command = VoidUnit(
        contract_ref=notice.contract_ref,
        claim_id=notice.claim_id,
        handover_id=notice.handover_id,
        reason=notice.reason,
        provider=entry.origin,
        agency=asking.agency,
        occurred_on=date.fromisoformat(entry.occurred_at[:10]),
        policy=asking.policy,
    )
    return [
        Ask(command, with_deadlines(void_unit), (At(CONTRACT, notice.contract_ref), At(CLAIMANT, notice.handover_id)))
    ]


REACTIONS = (
    Reaction("claimable-unit-sent", ClaimableUnitSent, on_claimable_unit_sent),
    Reaction("claimable-unit-voided", ClaimableUnitVoided, on_claimable_unit_voided),
)
