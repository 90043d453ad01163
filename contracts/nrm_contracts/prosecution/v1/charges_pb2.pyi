from nrm_contracts.record.v1 import receipt_pb2 as _receipt_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ChargeVictimRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "person_ref", "articles", "linked_to_exploitation", "authority", "review_on")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    ARTICLES_FIELD_NUMBER: _ClassVar[int]
    LINKED_TO_EXPLOITATION_FIELD_NUMBER: _ClassVar[int]
    AUTHORITY_FIELD_NUMBER: _ClassVar[int]
    REVIEW_ON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    person_ref: str
    articles: _containers.RepeatedScalarFieldContainer[str]
    linked_to_exploitation: str
    authority: str
    review_on: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., person_ref: _Optional[str] = ..., articles: _Optional[_Iterable[str]] = ..., linked_to_exploitation: _Optional[str] = ..., authority: _Optional[str] = ..., review_on: _Optional[str] = ...) -> None: ...

class ChargeVictimResponse(_message.Message):
    __slots__ = ("receipt", "charge_id")
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    CHARGE_ID_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    charge_id: str
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ..., charge_id: _Optional[str] = ...) -> None: ...

class ReviewNonPunishmentRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "person_ref", "charge_id", "outcome")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    CHARGE_ID_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    person_ref: str
    charge_id: str
    outcome: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., person_ref: _Optional[str] = ..., charge_id: _Optional[str] = ..., outcome: _Optional[str] = ...) -> None: ...

class ReviewNonPunishmentResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class ClaimCompensationRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "person_ref", "criminal_case_id", "amount_minor", "ccy")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    CRIMINAL_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_MINOR_FIELD_NUMBER: _ClassVar[int]
    CCY_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    person_ref: str
    criminal_case_id: str
    amount_minor: int
    ccy: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., person_ref: _Optional[str] = ..., criminal_case_id: _Optional[str] = ..., amount_minor: _Optional[int] = ..., ccy: _Optional[str] = ...) -> None: ...

class ClaimCompensationResponse(_message.Message):
    __slots__ = ("receipt", "compensation_id")
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    COMPENSATION_ID_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    compensation_id: str
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ..., compensation_id: _Optional[str] = ...) -> None: ...

class AwardCompensationRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "person_ref", "compensation_id", "payer", "amount_minor", "ccy")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    COMPENSATION_ID_FIELD_NUMBER: _ClassVar[int]
    PAYER_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_MINOR_FIELD_NUMBER: _ClassVar[int]
    CCY_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    person_ref: str
    compensation_id: str
    payer: str
    amount_minor: int
    ccy: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., person_ref: _Optional[str] = ..., compensation_id: _Optional[str] = ..., payer: _Optional[str] = ..., amount_minor: _Optional[int] = ..., ccy: _Optional[str] = ...) -> None: ...

class AwardCompensationResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class PayCompensationRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "person_ref", "compensation_id", "payer", "amount_minor", "ccy")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    COMPENSATION_ID_FIELD_NUMBER: _ClassVar[int]
    PAYER_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_MINOR_FIELD_NUMBER: _ClassVar[int]
    CCY_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    person_ref: str
    compensation_id: str
    payer: str
    amount_minor: int
    ccy: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., person_ref: _Optional[str] = ..., compensation_id: _Optional[str] = ..., payer: _Optional[str] = ..., amount_minor: _Optional[int] = ..., ccy: _Optional[str] = ...) -> None: ...

class PayCompensationResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...
