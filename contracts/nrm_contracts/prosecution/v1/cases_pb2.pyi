from nrm_contracts.record.v1 import receipt_pb2 as _receipt_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ReportCrimeRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "incident_ids", "proactive", "lead_org", "review_on")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    INCIDENT_IDS_FIELD_NUMBER: _ClassVar[int]
    PROACTIVE_FIELD_NUMBER: _ClassVar[int]
    LEAD_ORG_FIELD_NUMBER: _ClassVar[int]
    REVIEW_ON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    incident_ids: _containers.RepeatedScalarFieldContainer[str]
    proactive: bool
    lead_org: str
    review_on: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., incident_ids: _Optional[_Iterable[str]] = ..., proactive: _Optional[bool] = ..., lead_org: _Optional[str] = ..., review_on: _Optional[str] = ...) -> None: ...

class ReportCrimeResponse(_message.Message):
    __slots__ = ("receipt", "criminal_case_id")
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    CRIMINAL_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    criminal_case_id: str
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ..., criminal_case_id: _Optional[str] = ...) -> None: ...

class RegisterCaseRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "incident_ids", "iccs_code", "national_article", "proactive", "lead_org", "review_on")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    INCIDENT_IDS_FIELD_NUMBER: _ClassVar[int]
    ICCS_CODE_FIELD_NUMBER: _ClassVar[int]
    NATIONAL_ARTICLE_FIELD_NUMBER: _ClassVar[int]
    PROACTIVE_FIELD_NUMBER: _ClassVar[int]
    LEAD_ORG_FIELD_NUMBER: _ClassVar[int]
    REVIEW_ON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    incident_ids: _containers.RepeatedScalarFieldContainer[str]
    iccs_code: str
    national_article: str
    proactive: bool
    lead_org: str
    review_on: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., incident_ids: _Optional[_Iterable[str]] = ..., iccs_code: _Optional[str] = ..., national_article: _Optional[str] = ..., proactive: _Optional[bool] = ..., lead_org: _Optional[str] = ..., review_on: _Optional[str] = ...) -> None: ...

class RegisterCaseResponse(_message.Message):
    __slots__ = ("receipt", "criminal_case_id")
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    CRIMINAL_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    criminal_case_id: str
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ..., criminal_case_id: _Optional[str] = ...) -> None: ...

class RegisterReportedCaseRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "criminal_case_id", "iccs_code", "national_article")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    CRIMINAL_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    ICCS_CODE_FIELD_NUMBER: _ClassVar[int]
    NATIONAL_ARTICLE_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    criminal_case_id: str
    iccs_code: str
    national_article: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., criminal_case_id: _Optional[str] = ..., iccs_code: _Optional[str] = ..., national_article: _Optional[str] = ...) -> None: ...

class RegisterReportedCaseResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class OpenInvestigationRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "criminal_case_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    CRIMINAL_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    criminal_case_id: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., criminal_case_id: _Optional[str] = ...) -> None: ...

class OpenInvestigationResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class LinkIncidentRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "criminal_case_id", "incident_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    CRIMINAL_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    INCIDENT_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    criminal_case_id: str
    incident_id: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., criminal_case_id: _Optional[str] = ..., incident_id: _Optional[str] = ...) -> None: ...

class LinkIncidentResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class RecordEvidenceBasisRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "criminal_case_id", "kinds")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    CRIMINAL_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    KINDS_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    criminal_case_id: str
    kinds: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., criminal_case_id: _Optional[str] = ..., kinds: _Optional[_Iterable[str]] = ...) -> None: ...

class RecordEvidenceBasisResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class ReviewCaseRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "criminal_case_id", "review_on")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    CRIMINAL_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    REVIEW_ON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    criminal_case_id: str
    review_on: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., criminal_case_id: _Optional[str] = ..., review_on: _Optional[str] = ...) -> None: ...

class ReviewCaseResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class ReclassifyCaseRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "criminal_case_id", "iccs_code", "national_article")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    CRIMINAL_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    ICCS_CODE_FIELD_NUMBER: _ClassVar[int]
    NATIONAL_ARTICLE_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    criminal_case_id: str
    iccs_code: str
    national_article: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., criminal_case_id: _Optional[str] = ..., iccs_code: _Optional[str] = ..., national_article: _Optional[str] = ...) -> None: ...

class ReclassifyCaseResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class SuspendCaseRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "criminal_case_id", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    CRIMINAL_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    criminal_case_id: str
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., criminal_case_id: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class SuspendCaseResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class ResumeCaseRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "criminal_case_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    CRIMINAL_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    criminal_case_id: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., criminal_case_id: _Optional[str] = ...) -> None: ...

class ResumeCaseResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class TransferCaseRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "criminal_case_id", "to_org")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    CRIMINAL_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    TO_ORG_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    criminal_case_id: str
    to_org: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., criminal_case_id: _Optional[str] = ..., to_org: _Optional[str] = ...) -> None: ...

class TransferCaseResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class MergeCasesRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "criminal_case_id", "into_case_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    CRIMINAL_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    INTO_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    criminal_case_id: str
    into_case_id: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., criminal_case_id: _Optional[str] = ..., into_case_id: _Optional[str] = ...) -> None: ...

class MergeCasesResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class DiscontinueCaseRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "criminal_case_id", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    CRIMINAL_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    criminal_case_id: str
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., criminal_case_id: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class DiscontinueCaseResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class SettleCaseRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "criminal_case_id", "terms")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    CRIMINAL_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    criminal_case_id: str
    terms: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., criminal_case_id: _Optional[str] = ..., terms: _Optional[str] = ...) -> None: ...

class SettleCaseResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...
