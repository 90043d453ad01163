from nrm_contracts.record.v1 import receipt_pb2 as _receipt_pb2
from nrm_contracts.vault.v1 import vault_pb2 as _vault_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class RegisterPersonRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "region", "age_band", "sex", "language", "minor", "detection_channel", "needs", "identity", "contact")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    REGION_FIELD_NUMBER: _ClassVar[int]
    AGE_BAND_FIELD_NUMBER: _ClassVar[int]
    SEX_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    MINOR_FIELD_NUMBER: _ClassVar[int]
    DETECTION_CHANNEL_FIELD_NUMBER: _ClassVar[int]
    NEEDS_FIELD_NUMBER: _ClassVar[int]
    IDENTITY_FIELD_NUMBER: _ClassVar[int]
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    region: str
    age_band: str
    sex: str
    language: str
    minor: bool
    detection_channel: str
    needs: _containers.RepeatedScalarFieldContainer[str]
    identity: _vault_pb2.PersonalData
    contact: _vault_pb2.PersonalData
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., region: _Optional[str] = ..., age_band: _Optional[str] = ..., sex: _Optional[str] = ..., language: _Optional[str] = ..., minor: _Optional[bool] = ..., detection_channel: _Optional[str] = ..., needs: _Optional[_Iterable[str]] = ..., identity: _Optional[_Union[_vault_pb2.PersonalData, _Mapping]] = ..., contact: _Optional[_Union[_vault_pb2.PersonalData, _Mapping]] = ...) -> None: ...

class RegisterPersonResponse(_message.Message):
    __slots__ = ("receipt", "person_ref", "case_id")
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    person_ref: str
    case_id: str
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ..., person_ref: _Optional[str] = ..., case_id: _Optional[str] = ...) -> None: ...

class OpenCaseRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "person_ref", "needs")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    NEEDS_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    person_ref: str
    needs: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., person_ref: _Optional[str] = ..., needs: _Optional[_Iterable[str]] = ...) -> None: ...

class OpenCaseResponse(_message.Message):
    __slots__ = ("receipt", "case_id")
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    CASE_ID_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    case_id: str
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ..., case_id: _Optional[str] = ...) -> None: ...

class OfferAssistanceRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "person_ref", "services")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    SERVICES_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    person_ref: str
    services: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., person_ref: _Optional[str] = ..., services: _Optional[_Iterable[str]] = ...) -> None: ...

class OfferAssistanceResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class AcceptAssistanceRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "person_ref", "informed_points", "interpreter_used", "given_by", "expires_on")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    INFORMED_POINTS_FIELD_NUMBER: _ClassVar[int]
    INTERPRETER_USED_FIELD_NUMBER: _ClassVar[int]
    GIVEN_BY_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_ON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    person_ref: str
    informed_points: _containers.RepeatedScalarFieldContainer[str]
    interpreter_used: bool
    given_by: str
    expires_on: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., person_ref: _Optional[str] = ..., informed_points: _Optional[_Iterable[str]] = ..., interpreter_used: _Optional[bool] = ..., given_by: _Optional[str] = ..., expires_on: _Optional[str] = ...) -> None: ...

class AcceptAssistanceResponse(_message.Message):
    __slots__ = ("receipt", "consent_id")
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    CONSENT_ID_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    consent_id: str
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ..., consent_id: _Optional[str] = ...) -> None: ...

class DeclineAssistanceRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "person_ref", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    person_ref: str
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., person_ref: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class DeclineAssistanceResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class GiveConsentRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "person_ref", "scope", "share_with", "informed_points", "interpreter_used", "given_by", "expires_on")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    SHARE_WITH_FIELD_NUMBER: _ClassVar[int]
    INFORMED_POINTS_FIELD_NUMBER: _ClassVar[int]
    INTERPRETER_USED_FIELD_NUMBER: _ClassVar[int]
    GIVEN_BY_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_ON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    person_ref: str
    scope: str
    share_with: str
    informed_points: _containers.RepeatedScalarFieldContainer[str]
    interpreter_used: bool
    given_by: str
    expires_on: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., person_ref: _Optional[str] = ..., scope: _Optional[str] = ..., share_with: _Optional[str] = ..., informed_points: _Optional[_Iterable[str]] = ..., interpreter_used: _Optional[bool] = ..., given_by: _Optional[str] = ..., expires_on: _Optional[str] = ...) -> None: ...

class GiveConsentResponse(_message.Message):
    __slots__ = ("receipt", "consent_id")
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    CONSENT_ID_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    consent_id: str
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ..., consent_id: _Optional[str] = ...) -> None: ...

class RevokeConsentRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "person_ref", "consent_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    CONSENT_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    person_ref: str
    consent_id: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., person_ref: _Optional[str] = ..., consent_id: _Optional[str] = ...) -> None: ...

class RevokeConsentResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class AssessNeedsRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "person_ref", "domains", "risk_level", "reassess_by", "health")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    DOMAINS_FIELD_NUMBER: _ClassVar[int]
    RISK_LEVEL_FIELD_NUMBER: _ClassVar[int]
    REASSESS_BY_FIELD_NUMBER: _ClassVar[int]
    HEALTH_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    person_ref: str
    domains: _containers.RepeatedCompositeFieldContainer[DomainLevel]
    risk_level: str
    reassess_by: str
    health: _vault_pb2.PersonalData
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., person_ref: _Optional[str] = ..., domains: _Optional[_Iterable[_Union[DomainLevel, _Mapping]]] = ..., risk_level: _Optional[str] = ..., reassess_by: _Optional[str] = ..., health: _Optional[_Union[_vault_pb2.PersonalData, _Mapping]] = ...) -> None: ...

class AssessNeedsResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class AgreePlanRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "person_ref", "goals", "services", "planned_end", "agreed_by_person", "reintegration_on")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    GOALS_FIELD_NUMBER: _ClassVar[int]
    SERVICES_FIELD_NUMBER: _ClassVar[int]
    PLANNED_END_FIELD_NUMBER: _ClassVar[int]
    AGREED_BY_PERSON_FIELD_NUMBER: _ClassVar[int]
    REINTEGRATION_ON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    person_ref: str
    goals: _containers.RepeatedScalarFieldContainer[str]
    services: _containers.RepeatedCompositeFieldContainer[PlannedService]
    planned_end: str
    agreed_by_person: bool
    reintegration_on: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., person_ref: _Optional[str] = ..., goals: _Optional[_Iterable[str]] = ..., services: _Optional[_Iterable[_Union[PlannedService, _Mapping]]] = ..., planned_end: _Optional[str] = ..., agreed_by_person: _Optional[bool] = ..., reintegration_on: _Optional[str] = ...) -> None: ...

class AgreePlanResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class RevisePlanRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "person_ref", "goals", "services", "planned_end", "agreed_by_person", "reintegration_on")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    GOALS_FIELD_NUMBER: _ClassVar[int]
    SERVICES_FIELD_NUMBER: _ClassVar[int]
    PLANNED_END_FIELD_NUMBER: _ClassVar[int]
    AGREED_BY_PERSON_FIELD_NUMBER: _ClassVar[int]
    REINTEGRATION_ON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    person_ref: str
    goals: _containers.RepeatedScalarFieldContainer[str]
    services: _containers.RepeatedCompositeFieldContainer[PlannedService]
    planned_end: str
    agreed_by_person: bool
    reintegration_on: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., person_ref: _Optional[str] = ..., goals: _Optional[_Iterable[str]] = ..., services: _Optional[_Iterable[_Union[PlannedService, _Mapping]]] = ..., planned_end: _Optional[str] = ..., agreed_by_person: _Optional[bool] = ..., reintegration_on: _Optional[str] = ...) -> None: ...

class RevisePlanResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class ReachGoalRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "person_ref", "goal")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    GOAL_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    person_ref: str
    goal: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., person_ref: _Optional[str] = ..., goal: _Optional[str] = ...) -> None: ...

class ReachGoalResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class EnterPhaseRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "person_ref", "phase")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    PHASE_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    person_ref: str
    phase: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., person_ref: _Optional[str] = ..., phase: _Optional[str] = ...) -> None: ...

class EnterPhaseResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class AssessBestInterestRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "person_ref", "factors", "child_view_heard", "result", "narrative")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    FACTORS_FIELD_NUMBER: _ClassVar[int]
    CHILD_VIEW_HEARD_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    NARRATIVE_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    person_ref: str
    factors: _containers.RepeatedScalarFieldContainer[str]
    child_view_heard: bool
    result: str
    narrative: _vault_pb2.PersonalData
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., person_ref: _Optional[str] = ..., factors: _Optional[_Iterable[str]] = ..., child_view_heard: _Optional[bool] = ..., result: _Optional[str] = ..., narrative: _Optional[_Union[_vault_pb2.PersonalData, _Mapping]] = ...) -> None: ...

class AssessBestInterestResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class RaiseRiskAlertRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "person_ref", "kind", "narrative")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    NARRATIVE_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    person_ref: str
    kind: str
    narrative: _vault_pb2.PersonalData
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., person_ref: _Optional[str] = ..., kind: _Optional[str] = ..., narrative: _Optional[_Union[_vault_pb2.PersonalData, _Mapping]] = ...) -> None: ...

class RaiseRiskAlertResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class StartPlacementRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "person_ref", "facility_ref", "kind", "max_days", "location")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    FACILITY_REF_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    MAX_DAYS_FIELD_NUMBER: _ClassVar[int]
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    person_ref: str
    facility_ref: str
    kind: str
    max_days: int
    location: _vault_pb2.PersonalData
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., person_ref: _Optional[str] = ..., facility_ref: _Optional[str] = ..., kind: _Optional[str] = ..., max_days: _Optional[int] = ..., location: _Optional[_Union[_vault_pb2.PersonalData, _Mapping]] = ...) -> None: ...

class StartPlacementResponse(_message.Message):
    __slots__ = ("receipt", "placement_id")
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    PLACEMENT_ID_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    placement_id: str
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ..., placement_id: _Optional[str] = ...) -> None: ...

class ExtendPlacementRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "person_ref", "placement_id", "max_days")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    PLACEMENT_ID_FIELD_NUMBER: _ClassVar[int]
    MAX_DAYS_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    person_ref: str
    placement_id: str
    max_days: int
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., person_ref: _Optional[str] = ..., placement_id: _Optional[str] = ..., max_days: _Optional[int] = ...) -> None: ...

class ExtendPlacementResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class EndPlacementRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "person_ref", "placement_id", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    PLACEMENT_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    person_ref: str
    placement_id: str
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., person_ref: _Optional[str] = ..., placement_id: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class EndPlacementResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class DeliverServiceUnitRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "person_ref", "service_code", "unit", "qty_milli", "delivered_from", "delivered_to", "evidence_hash", "person_acknowledged", "contract_ref")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    SERVICE_CODE_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    QTY_MILLI_FIELD_NUMBER: _ClassVar[int]
    DELIVERED_FROM_FIELD_NUMBER: _ClassVar[int]
    DELIVERED_TO_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_HASH_FIELD_NUMBER: _ClassVar[int]
    PERSON_ACKNOWLEDGED_FIELD_NUMBER: _ClassVar[int]
    CONTRACT_REF_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    person_ref: str
    service_code: str
    unit: str
    qty_milli: int
    delivered_from: str
    delivered_to: str
    evidence_hash: str
    person_acknowledged: bool
    contract_ref: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., person_ref: _Optional[str] = ..., service_code: _Optional[str] = ..., unit: _Optional[str] = ..., qty_milli: _Optional[int] = ..., delivered_from: _Optional[str] = ..., delivered_to: _Optional[str] = ..., evidence_hash: _Optional[str] = ..., person_acknowledged: _Optional[bool] = ..., contract_ref: _Optional[str] = ...) -> None: ...

class DeliverServiceUnitResponse(_message.Message):
    __slots__ = ("receipt", "delivery_id")
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    DELIVERY_ID_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    delivery_id: str
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ..., delivery_id: _Optional[str] = ...) -> None: ...

class ClaimDeliveryRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "person_ref", "delivery_id", "contract_ref")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    DELIVERY_ID_FIELD_NUMBER: _ClassVar[int]
    CONTRACT_REF_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    person_ref: str
    delivery_id: str
    contract_ref: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., person_ref: _Optional[str] = ..., delivery_id: _Optional[str] = ..., contract_ref: _Optional[str] = ...) -> None: ...

class ClaimDeliveryResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class VoidServiceUnitRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "person_ref", "delivery_id", "reason", "contract_ref")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    DELIVERY_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    CONTRACT_REF_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    person_ref: str
    delivery_id: str
    reason: str
    contract_ref: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., person_ref: _Optional[str] = ..., delivery_id: _Optional[str] = ..., reason: _Optional[str] = ..., contract_ref: _Optional[str] = ...) -> None: ...

class VoidServiceUnitResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class RecordFollowUpRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "person_ref", "month", "wellbeing", "housing", "income", "safe", "narrative")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    MONTH_FIELD_NUMBER: _ClassVar[int]
    WELLBEING_FIELD_NUMBER: _ClassVar[int]
    HOUSING_FIELD_NUMBER: _ClassVar[int]
    INCOME_FIELD_NUMBER: _ClassVar[int]
    SAFE_FIELD_NUMBER: _ClassVar[int]
    NARRATIVE_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    person_ref: str
    month: int
    wellbeing: str
    housing: str
    income: str
    safe: str
    narrative: _vault_pb2.PersonalData
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., person_ref: _Optional[str] = ..., month: _Optional[int] = ..., wellbeing: _Optional[str] = ..., housing: _Optional[str] = ..., income: _Optional[str] = ..., safe: _Optional[str] = ..., narrative: _Optional[_Union[_vault_pb2.PersonalData, _Mapping]] = ...) -> None: ...

class RecordFollowUpResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class MissFollowUpRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "person_ref", "month")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    MONTH_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    person_ref: str
    month: int
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., person_ref: _Optional[str] = ..., month: _Optional[int] = ...) -> None: ...

class MissFollowUpResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class ReportLostRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "person_ref", "last_contact_on")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    LAST_CONTACT_ON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    person_ref: str
    last_contact_on: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., person_ref: _Optional[str] = ..., last_contact_on: _Optional[str] = ...) -> None: ...

class ReportLostResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class ReportFoundRequest(_message.Message):
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

class ReportFoundResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class CloseCaseRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "person_ref", "outcome")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    person_ref: str
    outcome: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., person_ref: _Optional[str] = ..., outcome: _Optional[str] = ...) -> None: ...

class CloseCaseResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class TransferCaseRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "person_ref", "to")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    TO_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    person_ref: str
    to: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., person_ref: _Optional[str] = ..., to: _Optional[str] = ...) -> None: ...

class TransferCaseResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

class SuggestReferralRequest(_message.Message):
    __slots__ = ("request_id", "expected_version", "occurred_on", "legal_basis", "person_ref", "to")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    LEGAL_BASIS_FIELD_NUMBER: _ClassVar[int]
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    TO_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    expected_version: int
    occurred_on: str
    legal_basis: str
    person_ref: str
    to: str
    def __init__(self, request_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., occurred_on: _Optional[str] = ..., legal_basis: _Optional[str] = ..., person_ref: _Optional[str] = ..., to: _Optional[str] = ...) -> None: ...

class SuggestReferralResponse(_message.Message):
    __slots__ = ("receipt",)
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    receipt: _receipt_pb2.Receipt
    def __init__(self, receipt: _Optional[_Union[_receipt_pb2.Receipt, _Mapping]] = ...) -> None: ...

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

class DomainLevel(_message.Message):
    __slots__ = ("domain", "level")
    DOMAIN_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    domain: str
    level: int
    def __init__(self, domain: _Optional[str] = ..., level: _Optional[int] = ...) -> None: ...

class PlannedService(_message.Message):
    __slots__ = ("service_code", "unit", "qty_milli")
    SERVICE_CODE_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    QTY_MILLI_FIELD_NUMBER: _ClassVar[int]
    service_code: str
    unit: str
    qty_milli: int
    def __init__(self, service_code: _Optional[str] = ..., unit: _Optional[str] = ..., qty_milli: _Optional[int] = ...) -> None: ...

class CaseView(_message.Message):
    __slots__ = ("person_ref", "case_id", "stage", "phase", "source", "opened_on", "ended_on", "outcome", "region", "minor", "risk_level", "lost", "entitlement", "exit_on", "planned_end", "version", "consents", "deadlines")
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
    def __init__(self, person_ref: _Optional[str] = ..., case_id: _Optional[str] = ..., stage: _Optional[str] = ..., phase: _Optional[str] = ..., source: _Optional[str] = ..., opened_on: _Optional[str] = ..., ended_on: _Optional[str] = ..., outcome: _Optional[str] = ..., region: _Optional[str] = ..., minor: _Optional[bool] = ..., risk_level: _Optional[str] = ..., lost: _Optional[bool] = ..., entitlement: _Optional[str] = ..., exit_on: _Optional[str] = ..., planned_end: _Optional[str] = ..., version: _Optional[int] = ..., consents: _Optional[_Iterable[_Union[ConsentView, _Mapping]]] = ..., deadlines: _Optional[_Iterable[_Union[DeadlineView, _Mapping]]] = ...) -> None: ...

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
