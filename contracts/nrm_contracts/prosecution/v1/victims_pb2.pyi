from nrm_contracts.record.v1 import receipt_pb2 as _receipt_pb2
from nrm_contracts.vault.v1 import vault_pb2 as _vault_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class RegisterVictimRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "minor", "exploitation_forms", "identity")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    MINOR_FIELD_NUMBER: _ClassVar[int]
    EXPLOITATION_FORMS_FIELD_NUMBER: _ClassVar[int]
    IDENTITY_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    minor: bool
    exploitation_forms: _containers.RepeatedScalarFieldContainer[str]
    identity: _vault_pb2.PersonalData
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., minor: _Optional[bool] = ..., exploitation_forms: _Optional[_Iterable[str]] = ..., identity: _Optional[_Union[_vault_pb2.PersonalData, _Mapping]] = ...) -> None: ...

class RegisterVictimResponse(_message.Message):
    __slots__ = ("receipt", "person_ref")
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    person_ref: str
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ..., person_ref: _Optional[str] = ...) -> None: ...

class LinkVictimRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "person_ref", "criminal_case_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    CRIMINAL_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    person_ref: str
    criminal_case_id: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., person_ref: _Optional[str] = ..., criminal_case_id: _Optional[str] = ...) -> None: ...

class LinkVictimResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class ConsentToParticipationRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "person_ref", "criminal_case_id", "capacity", "given_by")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    CRIMINAL_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    CAPACITY_FIELD_NUMBER: _ClassVar[int]
    GIVEN_BY_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    person_ref: str
    criminal_case_id: str
    capacity: str
    given_by: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., person_ref: _Optional[str] = ..., criminal_case_id: _Optional[str] = ..., capacity: _Optional[str] = ..., given_by: _Optional[str] = ...) -> None: ...

class ConsentToParticipationResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class WithdrawParticipationRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "person_ref", "criminal_case_id", "capacity")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    CRIMINAL_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    CAPACITY_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    person_ref: str
    criminal_case_id: str
    capacity: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., person_ref: _Optional[str] = ..., criminal_case_id: _Optional[str] = ..., capacity: _Optional[str] = ...) -> None: ...

class WithdrawParticipationResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class TakeStatementRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "person_ref", "criminal_case_id", "recorded", "own_request", "interview")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    CRIMINAL_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    RECORDED_FIELD_NUMBER: _ClassVar[int]
    OWN_REQUEST_FIELD_NUMBER: _ClassVar[int]
    INTERVIEW_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    person_ref: str
    criminal_case_id: str
    recorded: bool
    own_request: bool
    interview: _vault_pb2.PersonalData
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., person_ref: _Optional[str] = ..., criminal_case_id: _Optional[str] = ..., recorded: _Optional[bool] = ..., own_request: _Optional[bool] = ..., interview: _Optional[_Union[_vault_pb2.PersonalData, _Mapping]] = ...) -> None: ...

class TakeStatementResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class InformVictimRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "person_ref", "criminal_case_id", "topic")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    CRIMINAL_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    TOPIC_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    person_ref: str
    criminal_case_id: str
    topic: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., person_ref: _Optional[str] = ..., criminal_case_id: _Optional[str] = ..., topic: _Optional[str] = ...) -> None: ...

class InformVictimResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...
