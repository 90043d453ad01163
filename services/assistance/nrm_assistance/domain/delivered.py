"""What becomes of the units of help that were delivered: a part of the person's state, evolved event by event."""

from functools import singledispatch
from typing import Final

from immutables import Map

from nrm_assistance.domain.parts import Delivery
from nrm_contracts.assistance import events as e
from nrm_kernel.changing import replace

Deliveries = Map[str, Delivery]
"""By the delivery's id."""


@singledispatch
def after(_event: object, deliveries: Deliveries) -> Deliveries:
    """The deliveries after one more fact about one of them."""
    return deliveries


@after.register
def _(event: e.ServiceUnitDelivered, deliveries: Deliveries) -> Deliveries:
    return deliveries.set(event.delivery_id, Delivery.of(event))


@after.register
def _(event: e.DeliveryClaimed, deliveries: Deliveries) -> Deliveries:
    claimed = replace(
        deliveries[event.delivery_id], contract_ref=event.contract_ref, claim_id=event.claim_id, answer=None
    )
    return deliveries.set(event.delivery_id, claimed)


@after.register
def _(event: e.DeliveryUnfunded, deliveries: Deliveries) -> Deliveries:
    unfunded = replace(deliveries[event.delivery_id], contract_ref=None, claim_id=None)
    return deliveries.set(event.delivery_id, unfunded)


@after.register
def _(event: e.ClaimAnswerRecorded, deliveries: Deliveries) -> Deliveries:
    return deliveries.set(event.delivery_id, replace(deliveries[event.delivery_id], answer=event.answer))


@after.register
def _(event: e.ServiceUnitVoided, deliveries: Deliveries) -> Deliveries:
    voided = replace(deliveries[event.delivery_id], voided=True, claim_id=None)
    return deliveries.set(event.delivery_id, voided)


EVENTS: Final = (
    e.ServiceUnitDelivered,
    e.DeliveryClaimed,
    e.DeliveryUnfunded,
    e.ClaimAnswerRecorded,
    e.ServiceUnitVoided,
)
"""The facts about deliveries."""
