from nrm_contracts.record.v1 import receipt_pb2 as _receipt_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ProposeErasureRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "person_ref", "data_classes", "ground")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    DATA_CLASSES_FIELD_NUMBER: _ClassVar[int]
    GROUND_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    person_ref: str
    data_classes: _containers.RepeatedScalarFieldContainer[str]
    ground: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., person_ref: _Optional[str] = ..., data_classes: _Optional[_Iterable[str]] = ..., ground: _Optional[str] = ...) -> None: ...

class ProposeErasureResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class ConfirmErasureRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "person_ref")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    person_ref: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., person_ref: _Optional[str] = ...) -> None: ...

class ConfirmErasureResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class GetErasuresToConfirmRequest(_message.Message):
    __slots__ = ("person_ref",)
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    person_ref: str
    def __init__(self, person_ref: _Optional[str] = ...) -> None: ...

class GetErasuresToConfirmResponse(_message.Message):
    __slots__ = ("erasures",)
    ERASURES_FIELD_NUMBER: _ClassVar[int]
    erasures: _containers.RepeatedCompositeFieldContainer[ErasureToConfirm]
    def __init__(self, erasures: _Optional[_Iterable[_Union[ErasureToConfirm, _Mapping]]] = ...) -> None: ...

class ErasureToConfirm(_message.Message):
    __slots__ = ("person_ref", "erasure_id", "sender", "data_classes", "told_on", "due_on")
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    ERASURE_ID_FIELD_NUMBER: _ClassVar[int]
    SENDER_FIELD_NUMBER: _ClassVar[int]
    DATA_CLASSES_FIELD_NUMBER: _ClassVar[int]
    TOLD_ON_FIELD_NUMBER: _ClassVar[int]
    DUE_ON_FIELD_NUMBER: _ClassVar[int]
    person_ref: str
    erasure_id: str
    sender: str
    data_classes: _containers.RepeatedScalarFieldContainer[str]
    told_on: str
    due_on: str
    def __init__(self, person_ref: _Optional[str] = ..., erasure_id: _Optional[str] = ..., sender: _Optional[str] = ..., data_classes: _Optional[_Iterable[str]] = ..., told_on: _Optional[str] = ..., due_on: _Optional[str] = ...) -> None: ...

class ConfirmCopiesErasedRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "person_ref", "erasure_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    ERASURE_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    person_ref: str
    erasure_id: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., person_ref: _Optional[str] = ..., erasure_id: _Optional[str] = ...) -> None: ...

class ConfirmCopiesErasedResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class OpenSealedRequest(_message.Message):
    __slots__ = ("handover_id", "data_class", "legal_basis")
    HANDOVER_ID_FIELD_NUMBER: _ClassVar[int]
    DATA_CLASS_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    handover_id: str
    data_class: str
    legal_basis: str
    def __init__(self, handover_id: _Optional[str] = ..., data_class: _Optional[str] = ..., legal_basis: _Optional[str] = ...) -> None: ...

class OpenSealedResponse(_message.Message):
    __slots__ = ("opened", "erased_count")
    OPENED_FIELD_NUMBER: _ClassVar[int]
    ERASED_COUNT_FIELD_NUMBER: _ClassVar[int]
    opened: _containers.RepeatedCompositeFieldContainer[OpenedData]
    erased_count: int
    def __init__(self, opened: _Optional[_Iterable[_Union[OpenedData, _Mapping]]] = ..., erased_count: _Optional[int] = ...) -> None: ...

class OpenOwnRequest(_message.Message):
    __slots__ = ("person_ref", "data_class", "legal_basis")
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    DATA_CLASS_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    person_ref: str
    data_class: str
    legal_basis: str
    def __init__(self, person_ref: _Optional[str] = ..., data_class: _Optional[str] = ..., legal_basis: _Optional[str] = ...) -> None: ...

class OpenOwnResponse(_message.Message):
    __slots__ = ("opened", "erased_count")
    OPENED_FIELD_NUMBER: _ClassVar[int]
    ERASED_COUNT_FIELD_NUMBER: _ClassVar[int]
    opened: _containers.RepeatedCompositeFieldContainer[OpenedData]
    erased_count: int
    def __init__(self, opened: _Optional[_Iterable[_Union[OpenedData, _Mapping]]] = ..., erased_count: _Optional[int] = ...) -> None: ...

class OpenedData(_message.Message):
    __slots__ = ("data", "position", "recorded_at")
    DATA_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    data: PersonalData
    position: int
    recorded_at: str
    def __init__(self, data: _Optional[_Union[PersonalData, _Mapping]] = ..., position: _Optional[int] = ..., recorded_at: _Optional[str] = ...) -> None: ...

class PersonalData(_message.Message):
    __slots__ = ("identity", "documents", "contact", "location", "health", "legal", "interview", "narrative", "family")
    IDENTITY_FIELD_NUMBER: _ClassVar[int]
    DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    HEALTH_FIELD_NUMBER: _ClassVar[int]
    LEGAL_FIELD_NUMBER: _ClassVar[int]
    INTERVIEW_FIELD_NUMBER: _ClassVar[int]
    NARRATIVE_FIELD_NUMBER: _ClassVar[int]
    FAMILY_FIELD_NUMBER: _ClassVar[int]
    identity: Identity
    documents: Documents
    contact: Contact
    location: Location
    health: Health
    legal: Legal
    interview: Interview
    narrative: Narrative
    family: Family
    def __init__(self, identity: _Optional[_Union[Identity, _Mapping]] = ..., documents: _Optional[_Union[Documents, _Mapping]] = ..., contact: _Optional[_Union[Contact, _Mapping]] = ..., location: _Optional[_Union[Location, _Mapping]] = ..., health: _Optional[_Union[Health, _Mapping]] = ..., legal: _Optional[_Union[Legal, _Mapping]] = ..., interview: _Optional[_Union[Interview, _Mapping]] = ..., narrative: _Optional[_Union[Narrative, _Mapping]] = ..., family: _Optional[_Union[Family, _Mapping]] = ...) -> None: ...

class Identity(_message.Message):
    __slots__ = ("given_names", "family_name", "other_names", "birth_date", "birth_place", "citizenships", "appearance")
    GIVEN_NAMES_FIELD_NUMBER: _ClassVar[int]
    FAMILY_NAME_FIELD_NUMBER: _ClassVar[int]
    OTHER_NAMES_FIELD_NUMBER: _ClassVar[int]
    BIRTH_DATE_FIELD_NUMBER: _ClassVar[int]
    BIRTH_PLACE_FIELD_NUMBER: _ClassVar[int]
    CITIZENSHIPS_FIELD_NUMBER: _ClassVar[int]
    APPEARANCE_FIELD_NUMBER: _ClassVar[int]
    given_names: str
    family_name: str
    other_names: _containers.RepeatedScalarFieldContainer[str]
    birth_date: str
    birth_place: str
    citizenships: _containers.RepeatedScalarFieldContainer[str]
    appearance: str
    def __init__(self, given_names: _Optional[str] = ..., family_name: _Optional[str] = ..., other_names: _Optional[_Iterable[str]] = ..., birth_date: _Optional[str] = ..., birth_place: _Optional[str] = ..., citizenships: _Optional[_Iterable[str]] = ..., appearance: _Optional[str] = ...) -> None: ...

class Documents(_message.Message):
    __slots__ = ("documents",)
    DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    documents: _containers.RepeatedCompositeFieldContainer[Document]
    def __init__(self, documents: _Optional[_Iterable[_Union[Document, _Mapping]]] = ...) -> None: ...

class Document(_message.Message):
    __slots__ = ("kind", "number", "issued_by", "expires_on")
    KIND_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    ISSUED_BY_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_ON_FIELD_NUMBER: _ClassVar[int]
    kind: str
    number: str
    issued_by: str
    expires_on: str
    def __init__(self, kind: _Optional[str] = ..., number: _Optional[str] = ..., issued_by: _Optional[str] = ..., expires_on: _Optional[str] = ...) -> None: ...

class Contact(_message.Message):
    __slots__ = ("phones", "emails", "trusted_contact", "safe_way")
    PHONES_FIELD_NUMBER: _ClassVar[int]
    EMAILS_FIELD_NUMBER: _ClassVar[int]
    TRUSTED_CONTACT_FIELD_NUMBER: _ClassVar[int]
    SAFE_WAY_FIELD_NUMBER: _ClassVar[int]
    phones: _containers.RepeatedScalarFieldContainer[str]
    emails: _containers.RepeatedScalarFieldContainer[str]
    trusted_contact: str
    safe_way: str
    def __init__(self, phones: _Optional[_Iterable[str]] = ..., emails: _Optional[_Iterable[str]] = ..., trusted_contact: _Optional[str] = ..., safe_way: _Optional[str] = ...) -> None: ...

class Location(_message.Message):
    __slots__ = ("address", "note")
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    address: str
    note: str
    def __init__(self, address: _Optional[str] = ..., note: _Optional[str] = ...) -> None: ...

class Health(_message.Message):
    __slots__ = ("text",)
    TEXT_FIELD_NUMBER: _ClassVar[int]
    text: str
    def __init__(self, text: _Optional[str] = ...) -> None: ...

class Legal(_message.Message):
    __slots__ = ("text",)
    TEXT_FIELD_NUMBER: _ClassVar[int]
    text: str
    def __init__(self, text: _Optional[str] = ...) -> None: ...

class Interview(_message.Message):
    __slots__ = ("text", "language")
    TEXT_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    text: str
    language: str
    def __init__(self, text: _Optional[str] = ..., language: _Optional[str] = ...) -> None: ...

class Narrative(_message.Message):
    __slots__ = ("text",)
    TEXT_FIELD_NUMBER: _ClassVar[int]
    text: str
    def __init__(self, text: _Optional[str] = ...) -> None: ...

class Family(_message.Message):
    __slots__ = ("text",)
    TEXT_FIELD_NUMBER: _ClassVar[int]
    text: str
    def __init__(self, text: _Optional[str] = ...) -> None: ...
