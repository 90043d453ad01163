"""Approving an invoice: by officers who had no hand in it, as many as the national policy wants for its amount."""

from dataclasses import dataclass
from datetime import date

from nrm_contracts.fields import Origin, Ref
from nrm_contracts.funding.events import InvoiceApprovalGiven, InvoiceApproved, Signatory
from nrm_contracts.policy import NationalPolicy
from nrm_funding.domain.contract import Contract, Invoice, hands_on, require_not_suspended, signed_terms
from nrm_funding.domain.invoices import invoice_in, require_no_hand
from nrm_kernel.decider import Decision
from nrm_kernel.errors import Refused


@dataclass(frozen=True, slots=True)
class ApproveInvoice:
    """An officer who had no hand in it approves; the policy's threshold says how many of them it takes."""

    contract_ref: Ref
    invoice_id: Ref
    officer: str
    caller_agency: Origin
    agency: Origin
    policy: NationalPolicy
    occurred_on: date


def approve_invoice(command: ApproveInvoice, contract: Contract) -> Decision:
    """Raises NotFound, CONTRACT_SUSPENDED, INVOICE_NOT_OPEN, APPROVER_OF_PROVIDER,
    OFFICERS_NOT_DISTINCT.
    """
    terms = signed_terms(command.contract_ref, contract)
    require_not_suspended(command.contract_ref, contract)
    invoice = invoice_in(command.contract_ref, command.invoice_id, contract, "matched")
    approver = Signatory(command.caller_agency, command.officer)
    if command.caller_agency == terms.provider or command.caller_agency != command.agency:
        raise Refused("APPROVER_OF_PROVIDER", "Only an officer of the paying agency approves, never the payee.")
    earlier = [Signatory(command.agency, officer) for officer in invoice.approvals]
    require_no_hand(approver, [*hands_on(invoice, command.agency), *earlier], "approve")
    return [_approval(command, invoice)]


def _approval(command: ApproveInvoice, invoice: Invoice) -> InvoiceApprovalGiven | InvoiceApproved:
    approvals = (*invoice.approvals, command.officer)
    total, ccy = invoice.submitted.total_minor, invoice.submitted.ccy
    still_needed = approvers_needed(command.policy, total, ccy) - len(approvals)
    if still_needed > 0:
        return InvoiceApprovalGiven(command.contract_ref, command.invoice_id, command.officer, still_needed)
    return InvoiceApproved(command.contract_ref, command.invoice_id, total, ccy, approvals)


def approvers_needed(policy: NationalPolicy, amount_minor: int, ccy: str) -> int:
    """How many officers approve the amount: in another currency than the policy's, as many as for the highest step."""
    steps = [step for step in policy.approval_steps if ccy != policy.currency or step.from_minor <= amount_minor]
    return max(step.approvers for step in steps)
