"""The contract as one stream: terms, units, invoices and payments, each part evolved by the file that decides on it."""

from nrm_funding.domain.agreements import evolve_agreement
from nrm_funding.domain.contract import Contract
from nrm_funding.domain.invoices import evolve_invoice
from nrm_funding.domain.payments import evolve_payment
from nrm_funding.domain.units import evolve_unit
from nrm_kernel.decider import Fold


def _evolve(contract: Contract, event: object) -> Contract:
    for part in (evolve_unit, evolve_invoice, evolve_payment, evolve_agreement):
        contract = part(contract, event)
    return contract


CONTRACT: Fold[Contract, object] = Fold("contract", Contract(), _evolve)
