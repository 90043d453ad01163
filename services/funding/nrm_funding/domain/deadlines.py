"""What is due on an invoice follows from its state: while it waits, its approval; once approved, its payment."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import reduce
from typing import Protocol

from nrm_contracts.funding.events import DeadlineLifted, DeadlineMet, DeadlineSet, UnitVoided
from nrm_contracts.policy import NationalPolicy
from nrm_funding.domain.contract import Contract, Invoice
from nrm_funding.domain.contracts import CONTRACT
from nrm_kernel.decider import Decision, In, Notice

APPROVAL, PAYMENT = "invoice_approval", "payment"


class InvoiceCommand(Protocol):
    """A command that may change what is due on an invoice of a contract."""

    @property
    def contract_ref(self) -> str: ...

    @property
    def occurred_on(self) -> date: ...

    @property
    def agency(self) -> str: ...

    @property
    def policy(self) -> NationalPolicy: ...


def with_deadlines(decide: Callable[..., Decision]) -> Callable[..., Decision]:
    """The same rule, with what it sets, meets or lifts for the invoice that it is about."""

    def decide_with_deadlines(command: InvoiceCommand, contract: Contract, *others: object) -> Decision:
        outcome = decide(command, contract, *others)
        facts = [each for each in outcome if not isinstance(each, In | Notice)]
        after = reduce(CONTRACT.evolve, facts, contract)
        due = [each for fact in facts for each in _changes(command, fact, contract, after)]
        return [*facts, *dict.fromkeys(due), *(each for each in outcome if isinstance(each, In | Notice))]

    return decide_with_deadlines


def _changes(
    command: InvoiceCommand, fact: object, before: Contract, after: Contract
) -> Sequence[DeadlineSet | DeadlineMet | DeadlineLifted]:
    invoice_id = _invoice_of(fact, before)
    was, now = before.invoices.get(invoice_id or ""), after.invoices.get(invoice_id or "")
    if now is None or _duty(was) == _duty(now):
        return []
    return [*_ended(command, was, now), *_begun(command, fact, now)]


def _invoice_of(fact: object, contract: Contract) -> str | None:
    if isinstance(fact, UnitVoided):
        return contract.units[fact.claim_id].invoice_id
    return getattr(fact, "invoice_id", None)


def _duty(invoice: Invoice | None) -> str | None:
    if invoice is None or invoice.status == "rejected":
        return None
    if invoice.status == "approved":
        return PAYMENT if invoice.due_minor else None
    return APPROVAL


def _ended(command: InvoiceCommand, was: Invoice | None, now: Invoice) -> Iterator[DeadlineMet | DeadlineLifted]:
    duty, about = _duty(was), now.submitted.invoice_id
    if was is None or duty is None:
        return
    met = now.status == "approved" if duty == APPROVAL else now.paid_minor > was.paid_minor
    form = DeadlineMet if met else DeadlineLifted
    yield form(command.contract_ref, duty, about, command.occurred_on)


def _begun(command: InvoiceCommand, fact: object, now: Invoice) -> Iterator[DeadlineSet]:
    duty = _duty(now)
    if duty is not None:
        yield DeadlineSet(
            contract_ref=command.contract_ref,
            kind=duty,
            about=now.submitted.invoice_id,
            anchor=type(fact).__name__,
            anchor_on=command.occurred_on,
            rule_id=f"deadlines.{duty}",
            owner=command.agency,
            due_on=command.policy.due(duty, command.occurred_on),
        )
