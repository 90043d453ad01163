from nrm_contracts.record.v1 import receipt_pb2 as _receipt_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetCaseRequest(_message.Message):
    __slots__ = ("person_ref",)
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    person_ref: str
    def __init__(self, person_ref: _Optional[str] = ...) -> None: ...

class GetCaseResponse(_message.Message):
    __slots__ = ("case",)
    CASE_FIELD_NUMBER: _ClassVar[int]
    case: CaseView
    def __init__(self, case: _Optional[_Union[CaseView, _Mapping]] = ...) -> None: ...

class ListCasesRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "stage", "lost")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    STAGE_FIELD_NUMBER: _ClassVar[int]
    LOST_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    stage: str
    lost: bool
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., stage: _Optional[str] = ..., lost: _Optional[bool] = ...) -> None: ...

class ListCasesResponse(_message.Message):
    __slots__ = ("cases", "next_page_token", "complete_to")
    CASES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_TO_FIELD_NUMBER: _ClassVar[int]
    cases: _containers.RepeatedCompositeFieldContainer[CaseView]
    next_page_token: str
    complete_to: _containers.RepeatedCompositeFieldContainer[_receipt_pb2.Completeness]
    def __init__(self, cases: _Optional[_Iterable[_Union[CaseView, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., complete_to: _Optional[_Iterable[_Union[_receipt_pb2.Completeness, _Mapping]]] = ...) -> None: ...

class ListUnitsRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "person_ref", "contract_ref", "unfunded")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    CONTRACT_REF_FIELD_NUMBER: _ClassVar[int]
    UNFUNDED_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    person_ref: str
    contract_ref: str
    unfunded: bool
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., person_ref: _Optional[str] = ..., contract_ref: _Optional[str] = ..., unfunded: _Optional[bool] = ...) -> None: ...

class ListUnitsResponse(_message.Message):
    __slots__ = ("units", "next_page_token", "complete_to")
    UNITS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_TO_FIELD_NUMBER: _ClassVar[int]
    units: _containers.RepeatedCompositeFieldContainer[UnitView]
    next_page_token: str
    complete_to: _containers.RepeatedCompositeFieldContainer[_receipt_pb2.Completeness]
    def __init__(self, units: _Optional[_Iterable[_Union[UnitView, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., complete_to: _Optional[_Iterable[_Union[_receipt_pb2.Completeness, _Mapping]]] = ...) -> None: ...

class ListDeadlinesRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "due_before", "kind")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    DUE_BEFORE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    due_before: str
    kind: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., due_before: _Optional[str] = ..., kind: _Optional[str] = ...) -> None: ...

class ListDeadlinesResponse(_message.Message):
    __slots__ = ("deadlines", "next_page_token", "complete_to")
    DEADLINES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_TO_FIELD_NUMBER: _ClassVar[int]
    deadlines: _containers.RepeatedCompositeFieldContainer[DeadlineView]
    next_page_token: str
    complete_to: _containers.RepeatedCompositeFieldContainer[_receipt_pb2.Completeness]
    def __init__(self, deadlines: _Optional[_Iterable[_Union[DeadlineView, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., complete_to: _Optional[_Iterable[_Union[_receipt_pb2.Completeness, _Mapping]]] = ...) -> None: ...

class GetContractRequest(_message.Message):
    __slots__ = ("contract_ref",)
    CONTRACT_REF_FIELD_NUMBER: _ClassVar[int]
    contract_ref: str
    def __init__(self, contract_ref: _Optional[str] = ...) -> None: ...

class GetContractResponse(_message.Message):
    __slots__ = ("contract",)
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    contract: ContractView
    def __init__(self, contract: _Optional[_Union[ContractView, _Mapping]] = ...) -> None: ...

class ListContractsRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListContractsResponse(_message.Message):
    __slots__ = ("contracts", "next_page_token", "complete_to")
    CONTRACTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_TO_FIELD_NUMBER: _ClassVar[int]
    contracts: _containers.RepeatedCompositeFieldContainer[ContractView]
    next_page_token: str
    complete_to: _containers.RepeatedCompositeFieldContainer[_receipt_pb2.Completeness]
    def __init__(self, contracts: _Optional[_Iterable[_Union[ContractView, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., complete_to: _Optional[_Iterable[_Union[_receipt_pb2.Completeness, _Mapping]]] = ...) -> None: ...

class CaseView(_message.Message):
    __slots__ = ("person_ref", "case_id", "stage", "phase", "source", "opened_on", "ended_on", "outcome", "region", "minor", "risk_level", "lost", "entitlement", "exit_on", "planned_end", "version", "consents", "deadlines", "return_abroad")
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    STAGE_FIELD_NUMBER: _ClassVar[int]
    PHASE_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    OPENED_ON_FIELD_NUMBER: _ClassVar[int]
    ENDED_ON_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    REGION_FIELD_NUMBER: _ClassVar[int]
    MINOR_FIELD_NUMBER: _ClassVar[int]
    RISK_LEVEL_FIELD_NUMBER: _ClassVar[int]
    LOST_FIELD_NUMBER: _ClassVar[int]
    ENTITLEMENT_FIELD_NUMBER: _ClassVar[int]
    EXIT_ON_FIELD_NUMBER: _ClassVar[int]
    PLANNED_END_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    CONSENTS_FIELD_NUMBER: _ClassVar[int]
    DEADLINES_FIELD_NUMBER: _ClassVar[int]
    RETURN_ABROAD_FIELD_NUMBER: _ClassVar[int]
    person_ref: str
    case_id: str
    stage: str
    phase: str
    source: str
    opened_on: str
    ended_on: str
    outcome: str
    region: str
    minor: bool
    risk_level: str
    lost: bool
    entitlement: str
    exit_on: str
    planned_end: str
    version: int
    consents: _containers.RepeatedCompositeFieldContainer[ConsentView]
    deadlines: _containers.RepeatedCompositeFieldContainer[DeadlineView]
    return_abroad: ReturnView
    def __init__(self, person_ref: _Optional[str] = ..., case_id: _Optional[str] = ..., stage: _Optional[str] = ..., phase: _Optional[str] = ..., source: _Optional[str] = ..., opened_on: _Optional[str] = ..., ended_on: _Optional[str] = ..., outcome: _Optional[str] = ..., region: _Optional[str] = ..., minor: _Optional[bool] = ..., risk_level: _Optional[str] = ..., lost: _Optional[bool] = ..., entitlement: _Optional[str] = ..., exit_on: _Optional[str] = ..., planned_end: _Optional[str] = ..., version: _Optional[int] = ..., consents: _Optional[_Iterable[_Union[ConsentView, _Mapping]]] = ..., deadlines: _Optional[_Iterable[_Union[DeadlineView, _Mapping]]] = ..., return_abroad: _Optional[_Union[ReturnView, _Mapping]] = ...) -> None: ...

class ReturnView(_message.Message):
    __slots__ = ("return_id", "to_country", "risk", "doubted_from", "consent_id", "receiver_ref", "accepted_on", "returned_on", "confirmed")
    RETURN_ID_FIELD_NUMBER: _ClassVar[int]
    TO_COUNTRY_FIELD_NUMBER: _ClassVar[int]
    RISK_FIELD_NUMBER: _ClassVar[int]
    DOUBTED_FROM_FIELD_NUMBER: _ClassVar[int]
    CONSENT_ID_FIELD_NUMBER: _ClassVar[int]
    RECEIVER_REF_FIELD_NUMBER: _ClassVar[int]
    ACCEPTED_ON_FIELD_NUMBER: _ClassVar[int]
    RETURNED_ON_FIELD_NUMBER: _ClassVar[int]
    CONFIRMED_FIELD_NUMBER: _ClassVar[int]
    return_id: str
    to_country: str
    risk: str
    doubted_from: str
    consent_id: str
    receiver_ref: str
    accepted_on: str
    returned_on: str
    confirmed: bool
    def __init__(self, return_id: _Optional[str] = ..., to_country: _Optional[str] = ..., risk: _Optional[str] = ..., doubted_from: _Optional[str] = ..., consent_id: _Optional[str] = ..., receiver_ref: _Optional[str] = ..., accepted_on: _Optional[str] = ..., returned_on: _Optional[str] = ..., confirmed: _Optional[bool] = ...) -> None: ...

class ConsentView(_message.Message):
    __slots__ = ("consent_id", "scope", "share_with", "given_on", "expires_on", "revoked_from")
    CONSENT_ID_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    SHARE_WITH_FIELD_NUMBER: _ClassVar[int]
    GIVEN_ON_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_ON_FIELD_NUMBER: _ClassVar[int]
    REVOKED_FROM_FIELD_NUMBER: _ClassVar[int]
    consent_id: str
    scope: str
    share_with: str
    given_on: str
    expires_on: str
    revoked_from: str
    def __init__(self, consent_id: _Optional[str] = ..., scope: _Optional[str] = ..., share_with: _Optional[str] = ..., given_on: _Optional[str] = ..., expires_on: _Optional[str] = ..., revoked_from: _Optional[str] = ...) -> None: ...

class DeadlineView(_message.Message):
    __slots__ = ("person_ref", "kind", "month", "anchor_on", "due_on", "rule_id", "owner")
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    MONTH_FIELD_NUMBER: _ClassVar[int]
    ANCHOR_ON_FIELD_NUMBER: _ClassVar[int]
    DUE_ON_FIELD_NUMBER: _ClassVar[int]
    RULE_ID_FIELD_NUMBER: _ClassVar[int]
    OWNER_FIELD_NUMBER: _ClassVar[int]
    person_ref: str
    kind: str
    month: int
    anchor_on: str
    due_on: str
    rule_id: str
    owner: str
    def __init__(self, person_ref: _Optional[str] = ..., kind: _Optional[str] = ..., month: _Optional[int] = ..., anchor_on: _Optional[str] = ..., due_on: _Optional[str] = ..., rule_id: _Optional[str] = ..., owner: _Optional[str] = ...) -> None: ...

class UnitView(_message.Message):
    __slots__ = ("delivery_id", "person_ref", "service_code", "unit", "qty_milli", "delivered_from", "delivered_to", "contract_ref", "claim_id", "answer", "unfunded_reason", "voided")
    DELIVERY_ID_FIELD_NUMBER: _ClassVar[int]
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    SERVICE_CODE_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    QTY_MILLI_FIELD_NUMBER: _ClassVar[int]
    DELIVERED_FROM_FIELD_NUMBER: _ClassVar[int]
    DELIVERED_TO_FIELD_NUMBER: _ClassVar[int]
    CONTRACT_REF_FIELD_NUMBER: _ClassVar[int]
    CLAIM_ID_FIELD_NUMBER: _ClassVar[int]
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    UNFUNDED_REASON_FIELD_NUMBER: _ClassVar[int]
    VOIDED_FIELD_NUMBER: _ClassVar[int]
    delivery_id: str
    person_ref: str
    service_code: str
    unit: str
    qty_milli: int
    delivered_from: str
    delivered_to: str
    contract_ref: str
    claim_id: str
    answer: str
    unfunded_reason: str
    voided: bool
    def __init__(self, delivery_id: _Optional[str] = ..., person_ref: _Optional[str] = ..., service_code: _Optional[str] = ..., unit: _Optional[str] = ..., qty_milli: _Optional[int] = ..., delivered_from: _Optional[str] = ..., delivered_to: _Optional[str] = ..., contract_ref: _Optional[str] = ..., claim_id: _Optional[str] = ..., answer: _Optional[str] = ..., unfunded_reason: _Optional[str] = ..., voided: _Optional[bool] = ...) -> None: ...

class ContractView(_message.Message):
    __slots__ = ("contract_ref", "funder", "change", "ccy", "starts_on", "ends_on", "ceiling_percent", "lots")
    CONTRACT_REF_FIELD_NUMBER: _ClassVar[int]
    FUNDER_FIELD_NUMBER: _ClassVar[int]
    CHANGE_FIELD_NUMBER: _ClassVar[int]
    CCY_FIELD_NUMBER: _ClassVar[int]
    STARTS_ON_FIELD_NUMBER: _ClassVar[int]
    ENDS_ON_FIELD_NUMBER: _ClassVar[int]
    CEILING_PERCENT_FIELD_NUMBER: _ClassVar[int]
    LOTS_FIELD_NUMBER: _ClassVar[int]
    contract_ref: str
    funder: str
    change: str
    ccy: str
    starts_on: str
    ends_on: str
    ceiling_percent: int
    lots: _containers.RepeatedCompositeFieldContainer[LotView]
    def __init__(self, contract_ref: _Optional[str] = ..., funder: _Optional[str] = ..., change: _Optional[str] = ..., ccy: _Optional[str] = ..., starts_on: _Optional[str] = ..., ends_on: _Optional[str] = ..., ceiling_percent: _Optional[int] = ..., lots: _Optional[_Iterable[_Union[LotView, _Mapping]]] = ...) -> None: ...

class LotView(_message.Message):
    __slots__ = ("service_code", "unit", "price_minor", "qty_max_milli", "claimed_milli")
    SERVICE_CODE_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    PRICE_MINOR_FIELD_NUMBER: _ClassVar[int]
    QTY_MAX_MILLI_FIELD_NUMBER: _ClassVar[int]
    CLAIMED_MILLI_FIELD_NUMBER: _ClassVar[int]
    service_code: str
    unit: str
    price_minor: int
    qty_max_milli: int
    claimed_milli: int
    def __init__(self, service_code: _Optional[str] = ..., unit: _Optional[str] = ..., price_minor: _Optional[int] = ..., qty_max_milli: _Optional[int] = ..., claimed_milli: _Optional[int] = ...) -> None: ...
