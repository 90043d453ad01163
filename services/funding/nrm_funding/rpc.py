"""Requests to commands: which streams each reads, which references are drawn fresh for it. Decides nothing."""

from collections.abc import Sequence
from typing import Protocol

from nrm_funding.domain.agreements import (
    AmendContract,
    CompleteContract,
    ExplainVariance,
    ReleaseCeiling,
    ResumeContract,
    SignContract,
    SuspendContract,
    TerminateContract,
    amend_contract,
    complete_contract,
    explain_variance,
    release_ceiling,
    resume_contract,
    sign_contract,
    suspend_contract,
    terminate_contract,
)
from nrm_funding.domain.approvals import ApproveInvoice, approve_invoice
from nrm_funding.domain.awards import AwardContract, award_contract
from nrm_funding.domain.claimants import CLAIMANT
from nrm_funding.domain.contracts import CONTRACT
from nrm_funding.domain.deadlines import with_deadlines
from nrm_funding.domain.invoices import (
    MatchInvoice,
    QueryInvoice,
    RejectInvoice,
    SubmitInvoice,
    match_invoice,
    query_invoice,
    reject_invoice,
    submit_invoice,
)
from nrm_funding.domain.lines import (
    LINE,
    ApproveBudgetLine,
    ConfirmReallocation,
    ReallocateBudget,
    approve_line,
    confirm_reallocation,
    reallocate,
)
from nrm_funding.domain.payments import (
    MakePayment,
    OrderPayment,
    RaiseClawback,
    ReversePayment,
    make_payment,
    order_payment,
    raise_clawback,
    reverse_payment,
)
from nrm_funding.domain.sources import SOURCE, RecordInKind, RegisterFundingSource, record_in_kind, register_source
from nrm_funding.domain.standards import STANDARD, PublishServiceStandard, publish_standard
from nrm_funding.domain.units import RejectUnit, VerifyUnit, reject_unit, verify_unit
from nrm_kernel.decider import At, Streams
from nrm_kernel.service import Write


class _OfSource(Protocol):
    @property
    def source_id(self) -> str: ...


class _OfContract(Protocol):
    @property
    def contract_ref(self) -> str: ...


def _source(command: _OfSource) -> Streams:
    return (At(SOURCE, command.source_id),)


def _contract(command: _OfContract) -> Streams:
    return (At(CONTRACT, command.contract_ref),)


def _both_lines(command: ReallocateBudget | ConfirmReallocation) -> Streams:
    return At(LINE, command.from_line_id), At(LINE, command.to_line_id)


def _contract_and_line(command: AmendContract | ReleaseCeiling) -> Streams:
    return At(CONTRACT, command.contract_ref), At(LINE, command.line_id)


def _award(command: AwardContract) -> Streams:
    lines = [At(LINE, year.line_id) for year in command.years]
    standards = [At(STANDARD, lot.service_code) for lot in command.lots]
    return [At(CONTRACT, command.contract_ref), *lines, *standards]


def _line_and_source(command: ApproveBudgetLine) -> Streams:
    return At(LINE, command.line_id), At(SOURCE, command.source_id)


def _contract_and_claimant(command: RejectUnit) -> Streams:
    return At(CONTRACT, command.contract_ref), At(CLAIMANT, command.handover_id)


WRITES: Sequence[Write] = (
    Write(RegisterFundingSource, register_source, _source, minted=("source_id",)),
    Write(RecordInKind, record_in_kind, _source),
    Write(ApproveBudgetLine, approve_line, _line_and_source, minted=("line_id",)),
    Write(ReallocateBudget, reallocate, _both_lines, minted=("reallocation_id",)),
    Write(ConfirmReallocation, confirm_reallocation, _both_lines),
    Write(PublishServiceStandard, publish_standard, lambda command: (At(STANDARD, command.service_code),)),
    Write(AwardContract, award_contract, _award, minted=("contract_ref",)),
    Write(SignContract, sign_contract, _contract),
    Write(AmendContract, amend_contract, _contract_and_line),
    Write(ReleaseCeiling, release_ceiling, _contract_and_line),
    Write(SuspendContract, suspend_contract, _contract),
    Write(ResumeContract, resume_contract, _contract),
    Write(TerminateContract, terminate_contract, _contract),
    Write(CompleteContract, complete_contract, _contract),
    Write(ExplainVariance, explain_variance, _contract),
    Write(VerifyUnit, verify_unit, _contract),
    Write(RejectUnit, reject_unit, _contract_and_claimant),
    Write(SubmitInvoice, with_deadlines(submit_invoice), _contract, minted=("invoice_id",)),
    Write(MatchInvoice, match_invoice, _contract),
    Write(QueryInvoice, with_deadlines(query_invoice), _contract),
    Write(RejectInvoice, with_deadlines(reject_invoice), _contract),
    Write(ApproveInvoice, with_deadlines(approve_invoice), _contract),
    Write(OrderPayment, order_payment, _contract, minted=("payment_id",)),
    Write(MakePayment, with_deadlines(make_payment), _contract),
    Write(ReversePayment, with_deadlines(reverse_payment), _contract),
    Write(RaiseClawback, with_deadlines(raise_clawback), _contract),
)
