from nrm_contracts.record.v1 import receipt_pb2 as _receipt_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetFundingSourceRequest(_message.Message):
    __slots__ = ("source_id",)
    SOURCE_ID_FIELD_NUMBER: _ClassVar[int]
    source_id: str
    def __init__(self, source_id: _Optional[str] = ...) -> None: ...

class GetFundingSourceResponse(_message.Message):
    __slots__ = ("source",)
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    source: FundingSource
    def __init__(self, source: _Optional[_Union[FundingSource, _Mapping]] = ...) -> None: ...

class GetBudgetLineRequest(_message.Message):
    __slots__ = ("line_id",)
    LINE_ID_FIELD_NUMBER: _ClassVar[int]
    line_id: str
    def __init__(self, line_id: _Optional[str] = ...) -> None: ...

class GetBudgetLineResponse(_message.Message):
    __slots__ = ("line", "complete_to")
    LINE_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_TO_FIELD_NUMBER: _ClassVar[int]
    line: BudgetLine
    complete_to: _containers.RepeatedCompositeFieldContainer[_receipt_pb2.Completeness]
    def __init__(self, line: _Optional[_Union[BudgetLine, _Mapping]] = ..., complete_to: _Optional[_Iterable[_Union[_receipt_pb2.Completeness, _Mapping]]] = ...) -> None: ...

class ListServiceStandardsRequest(_message.Message):
    __slots__ = ("service_code",)
    SERVICE_CODE_FIELD_NUMBER: _ClassVar[int]
    service_code: str
    def __init__(self, service_code: _Optional[str] = ...) -> None: ...

class ListServiceStandardsResponse(_message.Message):
    __slots__ = ("standards", "version")
    STANDARDS_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    standards: _containers.RepeatedCompositeFieldContainer[ServiceStandard]
    version: int
    def __init__(self, standards: _Optional[_Iterable[_Union[ServiceStandard, _Mapping]]] = ..., version: _Optional[int] = ...) -> None: ...

class GetContractRequest(_message.Message):
    __slots__ = ("contract_ref",)
    CONTRACT_REF_FIELD_NUMBER: _ClassVar[int]
    contract_ref: str
    def __init__(self, contract_ref: _Optional[str] = ...) -> None: ...

class GetContractResponse(_message.Message):
    __slots__ = ("contract",)
    CONTRACT_FIELD_NUMBER: _ClassVar[int]
    contract: Contract
    def __init__(self, contract: _Optional[_Union[Contract, _Mapping]] = ...) -> None: ...

class ListContractsRequest(_message.Message):
    __slots__ = ("provider", "status", "page_size", "page_token")
    PROVIDER_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    provider: str
    status: str
    page_size: int
    page_token: str
    def __init__(self, provider: _Optional[str] = ..., status: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListContractsResponse(_message.Message):
    __slots__ = ("contracts", "next_page_token", "complete_to")
    CONTRACTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_TO_FIELD_NUMBER: _ClassVar[int]
    contracts: _containers.RepeatedCompositeFieldContainer[ContractSummary]
    next_page_token: str
    complete_to: _containers.RepeatedCompositeFieldContainer[_receipt_pb2.Completeness]
    def __init__(self, contracts: _Optional[_Iterable[_Union[ContractSummary, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., complete_to: _Optional[_Iterable[_Union[_receipt_pb2.Completeness, _Mapping]]] = ...) -> None: ...

class ListClaimsRequest(_message.Message):
    __slots__ = ("contract_ref", "status", "page_size", "page_token")
    CONTRACT_REF_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    contract_ref: str
    status: str
    page_size: int
    page_token: str
    def __init__(self, contract_ref: _Optional[str] = ..., status: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListClaimsResponse(_message.Message):
    __slots__ = ("claims", "next_page_token", "complete_to")
    CLAIMS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_TO_FIELD_NUMBER: _ClassVar[int]
    claims: _containers.RepeatedCompositeFieldContainer[Claim]
    next_page_token: str
    complete_to: _containers.RepeatedCompositeFieldContainer[_receipt_pb2.Completeness]
    def __init__(self, claims: _Optional[_Iterable[_Union[Claim, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., complete_to: _Optional[_Iterable[_Union[_receipt_pb2.Completeness, _Mapping]]] = ...) -> None: ...

class ListInvoicesRequest(_message.Message):
    __slots__ = ("contract_ref", "status", "page_size", "page_token")
    CONTRACT_REF_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    contract_ref: str
    status: str
    page_size: int
    page_token: str
    def __init__(self, contract_ref: _Optional[str] = ..., status: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListInvoicesResponse(_message.Message):
    __slots__ = ("invoices", "next_page_token", "complete_to")
    INVOICES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_TO_FIELD_NUMBER: _ClassVar[int]
    invoices: _containers.RepeatedCompositeFieldContainer[Invoice]
    next_page_token: str
    complete_to: _containers.RepeatedCompositeFieldContainer[_receipt_pb2.Completeness]
    def __init__(self, invoices: _Optional[_Iterable[_Union[Invoice, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., complete_to: _Optional[_Iterable[_Union[_receipt_pb2.Completeness, _Mapping]]] = ...) -> None: ...

class FundingSource(_message.Message):
    __slots__ = ("source_id", "kind", "ccy", "years", "earmarks", "valid_from", "valid_to", "version")
    SOURCE_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    CCY_FIELD_NUMBER: _ClassVar[int]
    YEARS_FIELD_NUMBER: _ClassVar[int]
    EARMARKS_FIELD_NUMBER: _ClassVar[int]
    VALID_FROM_FIELD_NUMBER: _ClassVar[int]
    VALID_TO_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    source_id: str
    kind: str
    ccy: str
    years: _containers.RepeatedCompositeFieldContainer[SourceYearLeft]
    earmarks: _containers.RepeatedScalarFieldContainer[str]
    valid_from: str
    valid_to: str
    version: int
    def __init__(self, source_id: _Optional[str] = ..., kind: _Optional[str] = ..., ccy: _Optional[str] = ..., years: _Optional[_Iterable[_Union[SourceYearLeft, _Mapping]]] = ..., earmarks: _Optional[_Iterable[str]] = ..., valid_from: _Optional[str] = ..., valid_to: _Optional[str] = ..., version: _Optional[int] = ...) -> None: ...

class SourceYearLeft(_message.Message):
    __slots__ = ("fiscal_year", "amount_minor", "left_minor")
    FISCAL_YEAR_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_MINOR_FIELD_NUMBER: _ClassVar[int]
    LEFT_MINOR_FIELD_NUMBER: _ClassVar[int]
    fiscal_year: int
    amount_minor: int
    left_minor: int
    def __init__(self, fiscal_year: _Optional[int] = ..., amount_minor: _Optional[int] = ..., left_minor: _Optional[int] = ...) -> None: ...

class BudgetLine(_message.Message):
    __slots__ = ("line_id", "source_id", "fiscal_year", "starts_on", "ends_on", "ccy", "ceiling_minor", "reserved_minor", "paid_minor", "version")
    LINE_ID_FIELD_NUMBER: _ClassVar[int]
    SOURCE_ID_FIELD_NUMBER: _ClassVar[int]
    FISCAL_YEAR_FIELD_NUMBER: _ClassVar[int]
    STARTS_ON_FIELD_NUMBER: _ClassVar[int]
    ENDS_ON_FIELD_NUMBER: _ClassVar[int]
    CCY_FIELD_NUMBER: _ClassVar[int]
    CEILING_MINOR_FIELD_NUMBER: _ClassVar[int]
    RESERVED_MINOR_FIELD_NUMBER: _ClassVar[int]
    PAID_MINOR_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    line_id: str
    source_id: str
    fiscal_year: int
    starts_on: str
    ends_on: str
    ccy: str
    ceiling_minor: int
    reserved_minor: int
    paid_minor: int
    version: int
    def __init__(self, line_id: _Optional[str] = ..., source_id: _Optional[str] = ..., fiscal_year: _Optional[int] = ..., starts_on: _Optional[str] = ..., ends_on: _Optional[str] = ..., ccy: _Optional[str] = ..., ceiling_minor: _Optional[int] = ..., reserved_minor: _Optional[int] = ..., paid_minor: _Optional[int] = ..., version: _Optional[int] = ...) -> None: ...

class ServiceStandard(_message.Message):
    __slots__ = ("service_code", "unit", "unit_price_minor", "ccy", "valid_from", "qty_max_per_person_milli", "quality")
    SERVICE_CODE_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    UNIT_PRICE_MINOR_FIELD_NUMBER: _ClassVar[int]
    CCY_FIELD_NUMBER: _ClassVar[int]
    VALID_FROM_FIELD_NUMBER: _ClassVar[int]
    QTY_MAX_PER_PERSON_MILLI_FIELD_NUMBER: _ClassVar[int]
    QUALITY_FIELD_NUMBER: _ClassVar[int]
    service_code: str
    unit: str
    unit_price_minor: int
    ccy: str
    valid_from: str
    qty_max_per_person_milli: int
    quality: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, service_code: _Optional[str] = ..., unit: _Optional[str] = ..., unit_price_minor: _Optional[int] = ..., ccy: _Optional[str] = ..., valid_from: _Optional[str] = ..., qty_max_per_person_milli: _Optional[int] = ..., quality: _Optional[_Iterable[str]] = ...) -> None: ...

class Contract(_message.Message):
    __slots__ = ("contract_ref", "provider", "status", "ccy", "starts_on", "ends_on", "years", "lots", "version")
    CONTRACT_REF_FIELD_NUMBER: _ClassVar[int]
    PROVIDER_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    CCY_FIELD_NUMBER: _ClassVar[int]
    STARTS_ON_FIELD_NUMBER: _ClassVar[int]
    ENDS_ON_FIELD_NUMBER: _ClassVar[int]
    YEARS_FIELD_NUMBER: _ClassVar[int]
    LOTS_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    contract_ref: str
    provider: str
    status: str
    ccy: str
    starts_on: str
    ends_on: str
    years: _containers.RepeatedCompositeFieldContainer[ContractYear]
    lots: _containers.RepeatedCompositeFieldContainer[ContractLot]
    version: int
    def __init__(self, contract_ref: _Optional[str] = ..., provider: _Optional[str] = ..., status: _Optional[str] = ..., ccy: _Optional[str] = ..., starts_on: _Optional[str] = ..., ends_on: _Optional[str] = ..., years: _Optional[_Iterable[_Union[ContractYear, _Mapping]]] = ..., lots: _Optional[_Iterable[_Union[ContractLot, _Mapping]]] = ..., version: _Optional[int] = ...) -> None: ...

class ContractYear(_message.Message):
    __slots__ = ("fiscal_year", "line_id", "starts_on", "ends_on", "ceiling_minor", "claimed_minor", "verified_minor", "approved_minor", "paid_minor")
    FISCAL_YEAR_FIELD_NUMBER: _ClassVar[int]
    LINE_ID_FIELD_NUMBER: _ClassVar[int]
    STARTS_ON_FIELD_NUMBER: _ClassVar[int]
    ENDS_ON_FIELD_NUMBER: _ClassVar[int]
    CEILING_MINOR_FIELD_NUMBER: _ClassVar[int]
    CLAIMED_MINOR_FIELD_NUMBER: _ClassVar[int]
    VERIFIED_MINOR_FIELD_NUMBER: _ClassVar[int]
    APPROVED_MINOR_FIELD_NUMBER: _ClassVar[int]
    PAID_MINOR_FIELD_NUMBER: _ClassVar[int]
    fiscal_year: int
    line_id: str
    starts_on: str
    ends_on: str
    ceiling_minor: int
    claimed_minor: int
    verified_minor: int
    approved_minor: int
    paid_minor: int
    def __init__(self, fiscal_year: _Optional[int] = ..., line_id: _Optional[str] = ..., starts_on: _Optional[str] = ..., ends_on: _Optional[str] = ..., ceiling_minor: _Optional[int] = ..., claimed_minor: _Optional[int] = ..., verified_minor: _Optional[int] = ..., approved_minor: _Optional[int] = ..., paid_minor: _Optional[int] = ...) -> None: ...

class ContractLot(_message.Message):
    __slots__ = ("service_code", "unit", "price_minor", "qty_max_milli", "verified_milli")
    SERVICE_CODE_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    PRICE_MINOR_FIELD_NUMBER: _ClassVar[int]
    QTY_MAX_MILLI_FIELD_NUMBER: _ClassVar[int]
    VERIFIED_MILLI_FIELD_NUMBER: _ClassVar[int]
    service_code: str
    unit: str
    price_minor: int
    qty_max_milli: int
    verified_milli: int
    def __init__(self, service_code: _Optional[str] = ..., unit: _Optional[str] = ..., price_minor: _Optional[int] = ..., qty_max_milli: _Optional[int] = ..., verified_milli: _Optional[int] = ...) -> None: ...

class ContractSummary(_message.Message):
    __slots__ = ("contract_ref", "provider", "status", "ccy", "starts_on", "ends_on")
    CONTRACT_REF_FIELD_NUMBER: _ClassVar[int]
    PROVIDER_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    CCY_FIELD_NUMBER: _ClassVar[int]
    STARTS_ON_FIELD_NUMBER: _ClassVar[int]
    ENDS_ON_FIELD_NUMBER: _ClassVar[int]
    contract_ref: str
    provider: str
    status: str
    ccy: str
    starts_on: str
    ends_on: str
    def __init__(self, contract_ref: _Optional[str] = ..., provider: _Optional[str] = ..., status: _Optional[str] = ..., ccy: _Optional[str] = ..., starts_on: _Optional[str] = ..., ends_on: _Optional[str] = ...) -> None: ...

class Claim(_message.Message):
    __slots__ = ("claim_id", "handover_id", "service_code", "unit", "qty_milli", "delivered_from", "delivered_to", "price_minor", "amount_minor", "evidence_hash", "status", "reason", "invoice_id")
    CLAIM_ID_FIELD_NUMBER: _ClassVar[int]
    HANDOVER_ID_FIELD_NUMBER: _ClassVar[int]
    SERVICE_CODE_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    QTY_MILLI_FIELD_NUMBER: _ClassVar[int]
    DELIVERED_FROM_FIELD_NUMBER: _ClassVar[int]
    DELIVERED_TO_FIELD_NUMBER: _ClassVar[int]
    PRICE_MINOR_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_MINOR_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_HASH_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    INVOICE_ID_FIELD_NUMBER: _ClassVar[int]
    claim_id: str
    handover_id: str
    service_code: str
    unit: str
    qty_milli: int
    delivered_from: str
    delivered_to: str
    price_minor: int
    amount_minor: int
    evidence_hash: str
    status: str
    reason: str
    invoice_id: str
    def __init__(self, claim_id: _Optional[str] = ..., handover_id: _Optional[str] = ..., service_code: _Optional[str] = ..., unit: _Optional[str] = ..., qty_milli: _Optional[int] = ..., delivered_from: _Optional[str] = ..., delivered_to: _Optional[str] = ..., price_minor: _Optional[int] = ..., amount_minor: _Optional[int] = ..., evidence_hash: _Optional[str] = ..., status: _Optional[str] = ..., reason: _Optional[str] = ..., invoice_id: _Optional[str] = ...) -> None: ...

class Invoice(_message.Message):
    __slots__ = ("invoice_id", "invoice_no", "fiscal_year", "line_id", "total_minor", "ccy", "status", "reason", "paid_minor")
    INVOICE_ID_FIELD_NUMBER: _ClassVar[int]
    INVOICE_NO_FIELD_NUMBER: _ClassVar[int]
    FISCAL_YEAR_FIELD_NUMBER: _ClassVar[int]
    LINE_ID_FIELD_NUMBER: _ClassVar[int]
    TOTAL_MINOR_FIELD_NUMBER: _ClassVar[int]
    CCY_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    PAID_MINOR_FIELD_NUMBER: _ClassVar[int]
    invoice_id: str
    invoice_no: int
    fiscal_year: int
    line_id: str
    total_minor: int
    ccy: str
    status: str
    reason: str
    paid_minor: int
    def __init__(self, invoice_id: _Optional[str] = ..., invoice_no: _Optional[int] = ..., fiscal_year: _Optional[int] = ..., line_id: _Optional[str] = ..., total_minor: _Optional[int] = ..., ccy: _Optional[str] = ..., status: _Optional[str] = ..., reason: _Optional[str] = ..., paid_minor: _Optional[int] = ...) -> None: ...
