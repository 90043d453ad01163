"""The gRPC door: which command each method gives, and the queries. It decides nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Protocol

from sqlalchemy import Row, Select, select, tuple_

from nrm_assistance.domain import (
    care,
    closing,
    consents,
    contact,
    contract,
    delivery,
    intake,
    person,
    placement,
    returns,
    safety,
)
from nrm_assistance.domain.contract import CONTRACT as CONTRACTS
from nrm_assistance.domain.contract import Contract
from nrm_assistance.domain.parts import Consent
from nrm_assistance.domain.person import PERSON
from nrm_assistance.domain.returning import Return
from nrm_assistance.views import CASE, CONTRACT, DUE, NO_DAY, UNIT
from nrm_contracts.assistance.events import DeadlineSet
from nrm_contracts.assistance.v1 import queries_pb2 as pb
from nrm_contracts.record.v1.receipt_pb2 import Completeness
from nrm_kernel.asked import day, on_list, reference
from nrm_kernel.decider import Streams
from nrm_kernel.errors import NotFound
from nrm_kernel.identity import Caller
from nrm_kernel.service import Lookup, Read, Write
from nrm_kernel.views import ViewReader


class _OnPerson(Protocol):
    @property
    def person_ref(self) -> str: ...


class _OnContract(_OnPerson, Protocol):
    @property
    def contract_ref(self) -> str | None: ...


def _person(command: _OnPerson) -> Streams:
    return [person.at(command.person_ref)]


def _with_contract(command: _OnContract) -> Streams:
    """The contract is read with the person where the command names one: its lots are shared by many persons."""
    named = [contract.at(command.contract_ref)] if command.contract_ref else []
    return [person.at(command.person_ref), *named]


WRITES: Final = (
    Write(
        intake.RegisterPerson,
        intake.register_person,
        _person,
        minted=("person_ref", "case_id"),
        sealed={"identity": "identity", "contact": "contact"},
    ),
    Write(intake.OpenCase, intake.open_new_case, _person, minted=("case_id",)),
    Write(intake.OfferAssistance, intake.offer_assistance, _person),
    Write(intake.AcceptAssistance, intake.accept_assistance, _person, minted=("consent_id",)),
    Write(intake.DeclineAssistance, intake.decline_assistance, _person),
    Write(consents.GiveConsent, consents.give_consent, _person, minted=("consent_id",)),
    Write(consents.RevokeConsent, consents.revoke_consent, _person),
    Write(care.AssessNeeds, care.assess_needs, _person, sealed={"health": "health"}),
    Write(care.AgreePlan, care.agree_plan, _person),
    Write(care.RevisePlan, care.revise_plan, _person),
    Write(care.ReachGoal, care.reach_goal, _person),
    Write(care.EnterPhase, care.enter_phase, _person),
    Write(care.AssessBestInterest, care.assess_best_interest, _person, sealed={"narrative": "narrative"}),
    Write(care.DetermineBestInterest, care.determine_best_interest, _person, sealed={"narrative": "narrative"}),
    Write(care.RaiseRiskAlert, care.raise_risk_alert, _person, sealed={"narrative": "narrative"}),
    Write(safety.PrepareForHearing, safety.prepare_for_hearing, _person),
    Write(
        placement.StartPlacement,
        placement.start_placement,
        _person,
        minted=("placement_id",),
        sealed={"location": "location"},
    ),
    Write(placement.ExtendPlacement, placement.extend_placement, _person),
    Write(placement.EndPlacement, placement.end_placement, _person),
    Write(
        delivery.DeliverServiceUnit,
        delivery.deliver_service_unit,
        _with_contract,
        minted=("delivery_id", "claim_id", "new_handover_id"),
    ),
    Write(
        delivery.ClaimDelivery,
        delivery.claim_delivery,
        _with_contract,
        minted=("claim_id", "new_handover_id"),
    ),
    Write(delivery.VoidServiceUnit, delivery.void_service_unit, _with_contract),
    Write(contact.RecordFollowUp, contact.record_follow_up, _person, sealed={"narrative": "narrative"}),
    Write(contact.VoidFollowUp, contact.void_follow_up, _person),
    Write(contact.MissFollowUp, contact.miss_follow_up, _person),
    Write(contact.ReportLost, contact.report_lost, _person),
    Write(contact.ReportFound, contact.report_found, _person),
    Write(returns.OpenReturn, returns.open_return, _person, minted=("return_id",)),
    Write(returns.AssessReturnRisk, returns.assess_return_risk, _person, sealed={"narrative": "narrative"}),
    Write(returns.ConsentToReturn, returns.consent_to_return, _person, minted=("consent_id",)),
    Write(returns.ReferAbroad, returns.refer_abroad, _person),
    Write(returns.RecordReceiverAnswer, returns.record_receiver_answer, _person),
    Write(returns.RecordReturn, returns.record_return, _person),
    Write(returns.ConfirmReintegration, returns.confirm_reintegration, _person),
    Write(returns.CallOffReturn, returns.call_off_return, _person),
    Write(closing.CloseCase, closing.close_case, _person),
    Write(closing.TransferCase, closing.transfer_case, _person, minted=("new_handover_id",)),
    Write(closing.SuggestReferral, closing.suggest_referral, _person, minted=("new_handover_id",)),
)


@dataclass(frozen=True)
class Queries:
    """What this agency's officers may ask: one thing from the record itself, many from the lists."""

    lookup: Lookup
    views: ViewReader

    def methods(self) -> tuple[Read, ...]:
        """Each query under its method's name."""
        return (
            Read("GetCase", self.get_case),
            Read("ListCases", self.list_cases),
            Read("ListUnits", self.list_units),
            Read("ListDeadlines", self.list_deadlines),
            Read("GetContract", self.get_contract),
            Read("ListContracts", self.list_contracts),
        )

    async def get_case(self, request: pb.GetCaseRequest, _caller: Caller) -> pb.GetCaseResponse:
        """The person's latest case. Raises NotFound."""
        found, version = await self.lookup.state(PERSON, reference("person_ref", request.person_ref))
        return pb.GetCaseResponse(case=_case(request.person_ref, found, version))

    async def list_cases(self, request: pb.ListCasesRequest, _caller: Caller) -> pb.ListCasesResponse:
        """Newest first. Raises Invalid for a stage that there is not."""
        on_list("stage", "assistance_stage", request.stage)
        query = select(CASE).where(CASE.c.opened_at.is_not(None)).order_by(CASE.c.opened_at.desc())
        if request.stage:
            query = query.where(CASE.c.stage == request.stage)
        if request.lost:
            query = query.where(CASE.c.lost)
        if request.page_token:
            query = query.where(CASE.c.opened_at < int(request.page_token))
        rows, more = await self._page(query, request.page_size)
        return pb.ListCasesResponse(
            cases=[pb.CaseView(**{"entitlement": "need"} | _cells(row, "opened_at")) for row in rows],
            next_page_token=str(rows[-1].opened_at) if more else "",
            complete_to=await self._complete_to(),
        )

    async def list_units(self, request: pb.ListUnitsRequest, _caller: Caller) -> pb.ListUnitsResponse:
        """Newest first."""
        query = select(UNIT).order_by(UNIT.c.delivered_at.desc())
        if request.person_ref:
            query = query.where(UNIT.c.person_ref == request.person_ref)
        if request.contract_ref:
            query = query.where(UNIT.c.contract_ref == request.contract_ref)
        if request.unfunded:
            query = query.where(UNIT.c.unfunded_reason.is_not(None))
        if request.page_token:
            query = query.where(UNIT.c.delivered_at < int(request.page_token))
        rows, more = await self._page(query, request.page_size)
        return pb.ListUnitsResponse(
            units=[pb.UnitView(**_cells(row, "delivered_at")) for row in rows],
            next_page_token=str(rows[-1].delivered_at) if more else "",
            complete_to=await self._complete_to(),
        )

    async def list_deadlines(self, request: pb.ListDeadlinesRequest, _caller: Caller) -> pb.ListDeadlinesResponse:
        """Earliest first; what has no day comes last. Raises Invalid for what is no day or no kind."""
        on_list("kind", "deadline_kind", request.kind)
        day("due_before", request.due_before)
        order = (DUE.c.due_on, DUE.c.person_ref, DUE.c.kind, DUE.c.month)
        query = select(DUE).order_by(*order)
        if request.due_before:
            query = query.where(DUE.c.due_on < request.due_before)
        if request.kind:
            query = query.where(DUE.c.kind == request.kind)
        if request.page_token:
            due_on, person_ref, kind, month = request.page_token.split(" ")
            query = query.where(tuple_(*order) > tuple_(due_on, person_ref, kind, int(month)))
        rows, more = await self._page(query, request.page_size)
        last = " ".join(str(rows[-1]._mapping[column]) for column in order) if more else ""
        return pb.ListDeadlinesResponse(
            deadlines=[pb.DeadlineView(**_dated(_cells(row))) for row in rows],
            next_page_token=last,
            complete_to=await self._complete_to(),
        )

    async def get_contract(self, request: pb.GetContractRequest, _caller: Caller) -> pb.GetContractResponse:
        """How much of each lot is claimed. Raises NotFound."""
        found, _ = await self.lookup.state(CONTRACTS, reference("contract_ref", request.contract_ref))
        return pb.GetContractResponse(contract=_contract(found))

    async def list_contracts(self, request: pb.ListContractsRequest, _caller: Caller) -> pb.ListContractsResponse:
        """In order of their references."""
        query = select(CONTRACT).order_by(CONTRACT.c.contract_ref)
        if request.page_token:
            query = query.where(CONTRACT.c.contract_ref > request.page_token)
        rows, more = await self._page(query, request.page_size)
        return pb.ListContractsResponse(
            contracts=[pb.ContractView(**_cells(row)) for row in rows],
            next_page_token=rows[-1].contract_ref if more else "",
            complete_to=await self._complete_to(),
        )

    async def _page(self, query: Select[Any], size: int) -> tuple[Sequence[Row[Any]], bool]:
        """A page of rows, and whether there are more behind it."""
        rows = await self.views.rows(query.limit(size + 1))
        return rows[:size], len(rows) > size

    async def _complete_to(self) -> Iterable[Completeness]:
        reached = await self.views.completeness()
        return [
            Completeness(origin=origin, size=size, recorded_at=reached.recorded_at.get(origin, ""))
            for origin, size in sorted(reached.sizes.items())
        ]


def _cells(row: Row[Any], *hidden: str) -> dict[str, Any]:
    """A row as fields of its message; what is empty is left out."""
    return {name: cell for name, cell in row._mapping.items() if cell is not None and name not in hidden}


def _dated(cells: Mapping[str, Any]) -> dict[str, Any]:
    return {name: cell for name, cell in cells.items() if cell != NO_DAY}


def _case(person_ref: str, found: person.Person, version: int) -> pb.CaseView:
    case, profile = found.case, found.profile
    if case is None or profile is None:
        raise NotFound
    return pb.CaseView(
        person_ref=person_ref,
        case_id=case.case_id,
        stage=case.stage,
        phase=case.phase,
        source=case.source,
        opened_on=_day(case.opened_on),
        ended_on=_day(case.ended_on),
        outcome=case.outcome,
        region=profile.region,
        minor=profile.minor,
        risk_level=found.risk_level,
        lost=found.lost,
        entitlement=found.entitlement,
        exit_on=_day(found.exit_on),
        planned_end=_day(found.plan.planned_end if found.plan else None),
        version=version,
        consents=[_consent(consent) for _, consent in sorted(found.consents.items())],
        deadlines=[_deadline(due) for _, due in sorted(found.deadlines.items(), key=_by_day)],
        return_abroad=_return(found.returning) if found.returning else None,
    )


def _return(one: Return) -> pb.ReturnView:
    return pb.ReturnView(
        return_id=one.return_id,
        to_country=one.to_country,
        risk=one.assessed.risk if one.assessed else "",
        doubted_from=_day(one.doubted_from),
        consent_id=one.consent_id or "",
        receiver_ref=one.receiver_ref or "",
        accepted_on=_day(one.accepted_on),
        returned_on=_day(one.returned_on),
        confirmed=one.confirmed,
    )


def _by_day(due: tuple[tuple[str, int | None], DeadlineSet]) -> tuple[str, str, int]:
    (kind, month), event = due
    return _day(event.due_on) or NO_DAY, kind, month or 0


def _consent(consent: Consent) -> pb.ConsentView:
    given = consent.given
    return pb.ConsentView(
        consent_id=given.consent_id,
        scope=given.scope,
        share_with=given.share_with or "",
        given_on=_day(given.given_on),
        expires_on=_day(given.expires_on),
        revoked_from=_day(consent.revoked_from),
    )


def _deadline(due: DeadlineSet) -> pb.DeadlineView:
    return pb.DeadlineView(
        person_ref=due.person_ref,
        kind=due.kind,
        month=due.month or 0,
        anchor_on=_day(due.anchor_on),
        due_on=_day(due.due_on),
        rule_id=due.rule_id,
        owner=due.owner,
    )


def _contract(found: Contract) -> pb.ContractView:
    terms = found.terms
    if terms is None:
        raise NotFound
    return pb.ContractView(
        contract_ref=terms.contract_ref,
        funder=terms.funder,
        change=terms.change,
        ccy=terms.ccy,
        starts_on=_day(terms.starts_on),
        ends_on=_day(terms.ends_on),
        ceiling_percent=found.ceiling_percent,
        lots=[
            pb.LotView(
                service_code=lot.service_code,
                unit=lot.unit,
                price_minor=lot.price_minor,
                qty_max_milli=lot.qty_max_milli,
                claimed_milli=found.used_milli.get((lot.service_code, lot.unit), 0),
            )
            for lot in terms.lots
        ],
    )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
