"""What providers' and prosecutors' notices make this agency do: the only door in beside gRPC."""

from collections.abc import Sequence
from datetime import date

from nrm_contracts.assistance.events import ClaimableUnitSent, ClaimableUnitVoided
from nrm_contracts.prosecution.events import ProceedsSent
from nrm_funding.domain.claimants import CLAIMANT
from nrm_funding.domain.claims import RecordClaimableUnit, VoidUnit, record_claimable_unit, void_unit
from nrm_funding.domain.contracts import CONTRACT
from nrm_funding.domain.deadlines import with_deadlines
from nrm_funding.domain.sources import SOURCE, ReceiveProceeds, receive_proceeds
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


async def on_proceeds_sent(notice: ProceedsSent, entry: Entry, _asking: Asking) -> Sequence[Ask]:
    """Confiscated proceeds become a source of money; nobody types the sum in."""
    command = ReceiveProceeds(
        proceeds_ref=notice.proceeds_ref,
        amount_minor=notice.amount_minor,
        ccy=notice.ccy,
        distributed_on=notice.distributed_on,
        sender=entry.origin,
    )
    return [Ask(command, receive_proceeds, (At(SOURCE, notice.proceeds_ref),))]


REACTIONS = (
    Reaction("claimable-unit-sent", ClaimableUnitSent, on_claimable_unit_sent),
    Reaction("claimable-unit-voided", ClaimableUnitVoided, on_claimable_unit_voided),
    Reaction("proceeds-sent", ProceedsSent, on_proceeds_sent),
)
