from nrm_contracts.record.v1 import receipt_pb2 as _receipt_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class RegisterFundingSourceRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "kind", "ccy", "years", "earmarks", "valid_from", "valid_to", "donor_ref")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    CCY_FIELD_NUMBER: _ClassVar[int]
    YEARS_FIELD_NUMBER: _ClassVar[int]
    EARMARKS_FIELD_NUMBER: _ClassVar[int]
    VALID_FROM_FIELD_NUMBER: _ClassVar[int]
    VALID_TO_FIELD_NUMBER: _ClassVar[int]
    DONOR_REF_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    kind: str
    ccy: str
    years: _containers.RepeatedCompositeFieldContainer[SourceYear]
    earmarks: _containers.RepeatedScalarFieldContainer[str]
    valid_from: str
    valid_to: str
    donor_ref: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., kind: _Optional[str] = ..., ccy: _Optional[str] = ..., years: _Optional[_Iterable[_Union[SourceYear, _Mapping]]] = ..., earmarks: _Optional[_Iterable[str]] = ..., valid_from: _Optional[str] = ..., valid_to: _Optional[str] = ..., donor_ref: _Optional[str] = ...) -> None: ...

class RegisterFundingSourceResponse(_message.Message):
    __slots__ = ("receipt", "source_id")
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    SOURCE_ID_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    source_id: str
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ..., source_id: _Optional[str] = ...) -> None: ...

class RecordInKindRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "source_id", "item", "basis", "value_minor", "ccy")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    SOURCE_ID_FIELD_NUMBER: _ClassVar[int]
    ITEM_FIELD_NUMBER: _ClassVar[int]
    BASIS_FIELD_NUMBER: _ClassVar[int]
    VALUE_MINOR_FIELD_NUMBER: _ClassVar[int]
    CCY_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    source_id: str
    item: str
    basis: str
    value_minor: int
    ccy: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., source_id: _Optional[str] = ..., item: _Optional[str] = ..., basis: _Optional[str] = ..., value_minor: _Optional[int] = ..., ccy: _Optional[str] = ...) -> None: ...

class RecordInKindResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class ApproveBudgetLineRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "source_id", "fiscal_year", "starts_on", "ends_on", "ceiling_minor", "ccy", "measure_ref")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    SOURCE_ID_FIELD_NUMBER: _ClassVar[int]
    FISCAL_YEAR_FIELD_NUMBER: _ClassVar[int]
    STARTS_ON_FIELD_NUMBER: _ClassVar[int]
    ENDS_ON_FIELD_NUMBER: _ClassVar[int]
    CEILING_MINOR_FIELD_NUMBER: _ClassVar[int]
    CCY_FIELD_NUMBER: _ClassVar[int]
    MEASURE_REF_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    source_id: str
    fiscal_year: int
    starts_on: str
    ends_on: str
    ceiling_minor: int
    ccy: str
    measure_ref: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., source_id: _Optional[str] = ..., fiscal_year: _Optional[int] = ..., starts_on: _Optional[str] = ..., ends_on: _Optional[str] = ..., ceiling_minor: _Optional[int] = ..., ccy: _Optional[str] = ..., measure_ref: _Optional[str] = ...) -> None: ...

class ApproveBudgetLineResponse(_message.Message):
    __slots__ = ("receipt", "line_id")
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    LINE_ID_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    line_id: str
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ..., line_id: _Optional[str] = ...) -> None: ...

class ReallocateBudgetRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "from_line_id", "to_line_id", "amount_minor", "ccy")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    FROM_LINE_ID_FIELD_NUMBER: _ClassVar[int]
    TO_LINE_ID_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_MINOR_FIELD_NUMBER: _ClassVar[int]
    CCY_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    from_line_id: str
    to_line_id: str
    amount_minor: int
    ccy: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., from_line_id: _Optional[str] = ..., to_line_id: _Optional[str] = ..., amount_minor: _Optional[int] = ..., ccy: _Optional[str] = ...) -> None: ...

class ReallocateBudgetResponse(_message.Message):
    __slots__ = ("receipt", "reallocation_id")
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    REALLOCATION_ID_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    reallocation_id: str
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ..., reallocation_id: _Optional[str] = ...) -> None: ...

class ConfirmReallocationRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "reallocation_id", "from_line_id", "to_line_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    REALLOCATION_ID_FIELD_NUMBER: _ClassVar[int]
    FROM_LINE_ID_FIELD_NUMBER: _ClassVar[int]
    TO_LINE_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    reallocation_id: str
    from_line_id: str
    to_line_id: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., reallocation_id: _Optional[str] = ..., from_line_id: _Optional[str] = ..., to_line_id: _Optional[str] = ...) -> None: ...

class ConfirmReallocationResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class SourceYear(_message.Message):
    __slots__ = ("fiscal_year", "amount_minor")
    FISCAL_YEAR_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_MINOR_FIELD_NUMBER: _ClassVar[int]
    fiscal_year: int
    amount_minor: int
    def __init__(self, fiscal_year: _Optional[int] = ..., amount_minor: _Optional[int] = ...) -> None: ...
