from nrm_contracts.record.v1 import receipt_pb2 as _receipt_pb2
from nrm_contracts.vault.v1 import vault_pb2 as _vault_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AddDefendantRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "criminal_case_id", "sex", "age_band", "citizenship", "roles_in_process", "official", "identity")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    CRIMINAL_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    SEX_FIELD_NUMBER: _ClassVar[int]
    AGE_BAND_FIELD_NUMBER: _ClassVar[int]
    CITIZENSHIP_FIELD_NUMBER: _ClassVar[int]
    ROLES_IN_PROCESS_FIELD_NUMBER: _ClassVar[int]
    OFFICIAL_FIELD_NUMBER: _ClassVar[int]
    IDENTITY_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    criminal_case_id: str
    sex: str
    age_band: str
    citizenship: str
    roles_in_process: _containers.RepeatedScalarFieldContainer[str]
    official: bool
    identity: _vault_pb2.PersonalData
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., criminal_case_id: _Optional[str] = ..., sex: _Optional[str] = ..., age_band: _Optional[str] = ..., citizenship: _Optional[str] = ..., roles_in_process: _Optional[_Iterable[str]] = ..., official: _Optional[bool] = ..., identity: _Optional[_Union[_vault_pb2.PersonalData, _Mapping]] = ...) -> None: ...

class AddDefendantResponse(_message.Message):
    __slots__ = ("receipt", "defendant_ref")
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    DEFENDANT_REF_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    defendant_ref: str
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ..., defendant_ref: _Optional[str] = ...) -> None: ...

class ChargeDefendantRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "criminal_case_id", "defendant_ref", "articles")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    CRIMINAL_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    DEFENDANT_REF_FIELD_NUMBER: _ClassVar[int]
    ARTICLES_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    criminal_case_id: str
    defendant_ref: str
    articles: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., criminal_case_id: _Optional[str] = ..., defendant_ref: _Optional[str] = ..., articles: _Optional[_Iterable[str]] = ...) -> None: ...

class ChargeDefendantResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class IndictDefendantRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "criminal_case_id", "defendant_ref", "articles")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    CRIMINAL_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    DEFENDANT_REF_FIELD_NUMBER: _ClassVar[int]
    ARTICLES_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    criminal_case_id: str
    defendant_ref: str
    articles: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., criminal_case_id: _Optional[str] = ..., defendant_ref: _Optional[str] = ..., articles: _Optional[_Iterable[str]] = ...) -> None: ...

class IndictDefendantResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class EndDefendantProceedingsRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "criminal_case_id", "defendant_ref", "outcome")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    CRIMINAL_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    DEFENDANT_REF_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    criminal_case_id: str
    defendant_ref: str
    outcome: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., criminal_case_id: _Optional[str] = ..., defendant_ref: _Optional[str] = ..., outcome: _Optional[str] = ...) -> None: ...

class EndDefendantProceedingsResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...
