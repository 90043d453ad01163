"""The agency's own queries: what stands in one stream is read as it stands, lists come from the views."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Row, Select, and_, func, select

from nrm_contracts.funding.v1 import queries_pb2 as pb
from nrm_contracts.record.v1.receipt_pb2 import Completeness
from nrm_funding.domain.contract import Contract
from nrm_funding.domain.contracts import CONTRACT
from nrm_funding.domain.lines import LINE
from nrm_funding.domain.sources import SOURCE, left_in_source
from nrm_funding.domain.standards import STANDARD
from nrm_funding.views import claims, contracts, invoice_claims, invoices, spending
from nrm_kernel.asked import on_list, reference
from nrm_kernel.errors import NotFound
from nrm_kernel.identity import Caller
from nrm_kernel.service import Lookup, Read
from nrm_kernel.views import ViewReader


class Queries:
    """Answers from the store and the views. A provider sees its own contracts; others are not there for it."""

    def __init__(self, lookup: Lookup, views: ViewReader) -> None:
        self._lookup = lookup
        self._views = views

    def reads(self) -> Sequence[Read]:
        """One entry for each query method."""
        return (
            Read("GetFundingSource", self.get_funding_source),
            Read("GetBudgetLine", self.get_budget_line),
            Read("ListServiceStandards", self.list_service_standards),
            Read("GetContract", self.get_contract),
            Read("ListContracts", self.list_contracts),
            Read("ListClaims", self.list_claims),
            Read("ListInvoices", self.list_invoices),
        )

    async def get_funding_source(
        self, request: pb.GetFundingSourceRequest, caller: Caller
    ) -> pb.GetFundingSourceResponse:
        """Raises NotFound."""
        source, version = await self._lookup.state(SOURCE, reference("source_id", request.source_id))
        registered = source.registered
        if registered is None:
            raise NotFound
        years = [
            pb.SourceYearLeft(
                fiscal_year=year.fiscal_year,
                amount_minor=year.amount_minor,
                left_minor=left_in_source(source, year.fiscal_year),
            )
            for year in registered.years
        ]
        found = pb.FundingSource(
            source_id=registered.source_id,
            kind=registered.kind,
            ccy=registered.ccy,
            years=years,
            earmarks=registered.earmarks,
            valid_from=registered.valid_from.isoformat(),
            valid_to=registered.valid_to.isoformat() if registered.valid_to else "",
            version=version,
        )
        return pb.GetFundingSourceResponse(source=found)

    async def get_budget_line(self, request: pb.GetBudgetLineRequest, caller: Caller) -> pb.GetBudgetLineResponse:
        """Raises NotFound."""
        line, version = await self._lookup.state(LINE, reference("line_id", request.line_id))
        approved = line.approved
        if approved is None:
            raise NotFound
        paid = select(func.coalesce(func.sum(spending.c.amount_minor), 0))
        rows = await self._views.rows(paid.where(spending.c.line_id == request.line_id))
        found = pb.BudgetLine(
            line_id=approved.line_id,
            source_id=approved.source_id,
            fiscal_year=approved.fiscal_year,
            starts_on=approved.starts_on.isoformat(),
            ends_on=approved.ends_on.isoformat(),
            ccy=approved.ccy,
            ceiling_minor=line.ceiling_minor,
            reserved_minor=line.reserved_minor,
            paid_minor=rows[0][0],
            version=version,
        )
        return pb.GetBudgetLineResponse(line=found, complete_to=await self._complete_to())

    async def list_service_standards(
        self, request: pb.ListServiceStandardsRequest, caller: Caller
    ) -> pb.ListServiceStandardsResponse:
        """All prices of a service; none is an empty list."""
        standard, version = await self._lookup.state(
            STANDARD, on_list("service_code", "service_code", request.service_code)
        )
        prices = sorted((price for unit in standard.prices.values() for price in unit), key=lambda p: p.valid_from)
        found = [
            pb.ServiceStandard(
                service_code=price.service_code,
                unit=price.unit,
                unit_price_minor=price.unit_price_minor,
                ccy=price.ccy,
                valid_from=price.valid_from.isoformat(),
                qty_max_per_person_milli=price.qty_max_per_person_milli,
                quality=price.quality,
            )
            for price in prices
        ]
        return pb.ListServiceStandardsResponse(standards=found, version=version)

    async def get_contract(self, request: pb.GetContractRequest, caller: Caller) -> pb.GetContractResponse:
        """Raises NotFound, also for another provider's contract."""
        contract, version = await self._lookup.state(CONTRACT, reference("contract_ref", request.contract_ref))
        terms = contract.awarded
        if terms is None or not _may_see(caller, terms.provider):
            raise NotFound
        found = pb.Contract(
            contract_ref=terms.contract_ref,
            provider=terms.provider,
            status=contract.status,
            ccy=terms.ccy,
            starts_on=terms.starts_on.isoformat(),
            ends_on=contract.ends_on.isoformat(),
            years=_years(contract),
            lots=_lots(contract),
            version=version,
        )
        return pb.GetContractResponse(contract=found)

    async def list_contracts(self, request: pb.ListContractsRequest, caller: Caller) -> pb.ListContractsResponse:
        """Contracts in order of their reference."""
        query = select(contracts).where(contracts.c.contract_ref > request.page_token)
        if caller.kind == "assistance":
            query = query.where(contracts.c.provider == caller.agency)
        if request.provider:
            query = query.where(contracts.c.provider == request.provider)
        if request.status:
            query = query.where(contracts.c.status == request.status)
        rows, token = await self._page(query.order_by(contracts.c.contract_ref), request.page_size, "contract_ref")
        return pb.ListContractsResponse(
            contracts=[pb.ContractSummary(**row._mapping) for row in rows],
            next_page_token=token,
            complete_to=await self._complete_to(),
        )

    async def list_claims(self, request: pb.ListClaimsRequest, caller: Caller) -> pb.ListClaimsResponse:
        """Claims of one contract in order of their id. Raises NotFound."""
        await self._require_contract(request.contract_ref, caller)
        query = _claims_with_invoice().where(claims.c.contract_ref == request.contract_ref)
        query = query.where(claims.c.claim_id > request.page_token)
        if request.status:
            query = query.where(claims.c.status == request.status)
        rows, token = await self._page(query.order_by(claims.c.claim_id), request.page_size, "claim_id")
        return pb.ListClaimsResponse(
            claims=[pb.Claim(**_present(row)) for row in rows],
            next_page_token=token,
            complete_to=await self._complete_to(),
        )

    async def list_invoices(self, request: pb.ListInvoicesRequest, caller: Caller) -> pb.ListInvoicesResponse:
        """Invoices of one contract in order of their id. Raises NotFound."""
        await self._require_contract(request.contract_ref, caller)
        query = _invoices_with_paid().where(invoices.c.contract_ref == request.contract_ref)
        query = query.where(invoices.c.invoice_id > request.page_token)
        if request.status:
            query = query.where(invoices.c.status == request.status)
        rows, token = await self._page(query.order_by(invoices.c.invoice_id), request.page_size, "invoice_id")
        return pb.ListInvoicesResponse(
            invoices=[pb.Invoice(**_present(row)) for row in rows],
            next_page_token=token,
            complete_to=await self._complete_to(),
        )

    async def _require_contract(self, contract_ref: str, caller: Caller) -> None:
        rows = await self._views.rows(
            select(contracts.c.provider).where(contracts.c.contract_ref == reference("contract_ref", contract_ref))
        )
        if not rows or not _may_see(caller, rows[0].provider):
            raise NotFound

    async def _page(self, query: Select[Any], size: int, key: str) -> tuple[Sequence[Row[Any]], str]:
        """One page and the cursor behind it, empty at the end."""
        rows = await self._views.rows(query.limit(size + 1))
        return rows[:size], (str(rows[size - 1]._mapping[key]) if len(rows) > size else "")

    async def _complete_to(self) -> list[Completeness]:
        reached = await self._views.completeness()
        return [
            Completeness(origin=origin, size=size, recorded_at=reached.recorded_at.get(origin, ""))
            for origin, size in reached.sizes.items()
        ]


def _may_see(caller: Caller, provider: str) -> bool:
    return caller.kind != "assistance" or caller.agency == provider


def _years(contract: Contract) -> Iterator[pb.ContractYear]:
    for _, year in sorted(contract.years.items()):
        yield pb.ContractYear(
            fiscal_year=year.fiscal_year,
            line_id=year.line_id,
            starts_on=year.starts_on.isoformat(),
            ends_on=year.ends_on.isoformat(),
            ceiling_minor=year.ceiling_minor,
            claimed_minor=year.claimed_minor,
            verified_minor=year.verified_minor,
            approved_minor=year.approved_minor,
            paid_minor=year.paid_minor,
        )


def _lots(contract: Contract) -> Iterator[pb.ContractLot]:
    for _, use in sorted(contract.lots.items()):
        yield pb.ContractLot(
            service_code=use.lot.service_code,
            unit=use.lot.unit,
            price_minor=use.lot.price_minor,
            qty_max_milli=use.lot.qty_max_milli,
            verified_milli=use.verified_milli,
        )


def _claims_with_invoice() -> Select[Any]:
    """Each claim with the invoice that it is on; a rejected invoice has let go of it."""
    live = and_(
        invoices.c.contract_ref == invoice_claims.c.contract_ref,
        invoices.c.invoice_id == invoice_claims.c.invoice_id,
        invoices.c.status != "rejected",
    )
    on = (
        select(invoice_claims.c.contract_ref, invoice_claims.c.claim_id, invoice_claims.c.invoice_id)
        .join(invoices, live)
        .subquery()
    )
    same = and_(on.c.contract_ref == claims.c.contract_ref, on.c.claim_id == claims.c.claim_id)
    own = [column for column in claims.c if column.name != "contract_ref"]
    return select(*own, on.c.invoice_id).outerjoin(on, same)


def _invoices_with_paid() -> Select[Any]:
    paid = select(func.coalesce(func.sum(spending.c.amount_minor), 0)).where(
        spending.c.invoice_id == invoices.c.invoice_id
    )
    own = [column for column in invoices.c if column.name != "contract_ref"]
    return select(*own, paid.scalar_subquery().label("paid_minor"))


def _present(row: Row[Any]) -> dict[str, Any]:
    """The row's cells that hold something."""
    return {name: value for name, value in row._mapping.items() if value is not None}
