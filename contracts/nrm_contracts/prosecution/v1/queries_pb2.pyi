from nrm_contracts.record.v1 import receipt_pb2 as _receipt_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetCriminalCaseRequest(_message.Message):
    __slots__ = ("criminal_case_id",)
    CRIMINAL_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    criminal_case_id: str
    def __init__(self, criminal_case_id: _Optional[str] = ...) -> None: ...

class GetCriminalCaseResponse(_message.Message):
    __slots__ = ("criminal_case", "defendants", "assets", "incident_ids", "evidence", "person_refs", "deadlines", "version", "complete_to", "judgments", "voided_incident_ids")
    CRIMINAL_CASE_FIELD_NUMBER: _ClassVar[int]
    DEFENDANTS_FIELD_NUMBER: _ClassVar[int]
    ASSETS_FIELD_NUMBER: _ClassVar[int]
    INCIDENT_IDS_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    PERSON_REFS_FIELD_NUMBER: _ClassVar[int]
    DEADLINES_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_TO_FIELD_NUMBER: _ClassVar[int]
    JUDGMENTS_FIELD_NUMBER: _ClassVar[int]
    VOIDED_INCIDENT_IDS_FIELD_NUMBER: _ClassVar[int]
    criminal_case: CriminalCase
    defendants: _containers.RepeatedCompositeFieldContainer[Defendant]
    assets: _containers.RepeatedCompositeFieldContainer[Asset]
    incident_ids: _containers.RepeatedScalarFieldContainer[str]
    evidence: _containers.RepeatedScalarFieldContainer[str]
    person_refs: _containers.RepeatedScalarFieldContainer[str]
    deadlines: _containers.RepeatedCompositeFieldContainer[Deadline]
    version: int
    complete_to: _containers.RepeatedCompositeFieldContainer[_receipt_pb2.Completeness]
    judgments: _containers.RepeatedCompositeFieldContainer[Judgment]
    voided_incident_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, criminal_case: _Optional[_Union[CriminalCase, _Mapping]] = ..., defendants: _Optional[_Iterable[_Union[Defendant, _Mapping]]] = ..., assets: _Optional[_Iterable[_Union[Asset, _Mapping]]] = ..., incident_ids: _Optional[_Iterable[str]] = ..., evidence: _Optional[_Iterable[str]] = ..., person_refs: _Optional[_Iterable[str]] = ..., deadlines: _Optional[_Iterable[_Union[Deadline, _Mapping]]] = ..., version: _Optional[int] = ..., complete_to: _Optional[_Iterable[_Union[_receipt_pb2.Completeness, _Mapping]]] = ..., judgments: _Optional[_Iterable[_Union[Judgment, _Mapping]]] = ..., voided_incident_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class ListCriminalCasesRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "status", "national_article")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    NATIONAL_ARTICLE_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    status: str
    national_article: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., status: _Optional[str] = ..., national_article: _Optional[str] = ...) -> None: ...

class ListCriminalCasesResponse(_message.Message):
    __slots__ = ("criminal_cases", "next_page_token", "complete_to")
    CRIMINAL_CASES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_TO_FIELD_NUMBER: _ClassVar[int]
    criminal_cases: _containers.RepeatedCompositeFieldContainer[CriminalCase]
    next_page_token: str
    complete_to: _containers.RepeatedCompositeFieldContainer[_receipt_pb2.Completeness]
    def __init__(self, criminal_cases: _Optional[_Iterable[_Union[CriminalCase, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., complete_to: _Optional[_Iterable[_Union[_receipt_pb2.Completeness, _Mapping]]] = ...) -> None: ...

class GetVictimRequest(_message.Message):
    __slots__ = ("person_ref",)
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    person_ref: str
    def __init__(self, person_ref: _Optional[str] = ...) -> None: ...

class GetVictimResponse(_message.Message):
    __slots__ = ("person_ref", "minor", "participations", "recovery_periods", "charges", "claims", "deadlines", "merged_refs", "in_contact", "revoked_on", "version", "protection", "reports")
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    MINOR_FIELD_NUMBER: _ClassVar[int]
    PARTICIPATIONS_FIELD_NUMBER: _ClassVar[int]
    RECOVERY_PERIODS_FIELD_NUMBER: _ClassVar[int]
    CHARGES_FIELD_NUMBER: _ClassVar[int]
    CLAIMS_FIELD_NUMBER: _ClassVar[int]
    DEADLINES_FIELD_NUMBER: _ClassVar[int]
    MERGED_REFS_FIELD_NUMBER: _ClassVar[int]
    IN_CONTACT_FIELD_NUMBER: _ClassVar[int]
    REVOKED_ON_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    PROTECTION_FIELD_NUMBER: _ClassVar[int]
    REPORTS_FIELD_NUMBER: _ClassVar[int]
    person_ref: str
    minor: bool
    participations: _containers.RepeatedCompositeFieldContainer[Participation]
    recovery_periods: _containers.RepeatedCompositeFieldContainer[RecoveryPeriod]
    charges: _containers.RepeatedCompositeFieldContainer[Charge]
    claims: _containers.RepeatedCompositeFieldContainer[Claim]
    deadlines: _containers.RepeatedCompositeFieldContainer[Deadline]
    merged_refs: _containers.RepeatedScalarFieldContainer[str]
    in_contact: bool
    revoked_on: str
    version: int
    protection: _containers.RepeatedCompositeFieldContainer[ProtectionMeasure]
    reports: _containers.RepeatedCompositeFieldContainer[VictimReport]
    def __init__(self, person_ref: _Optional[str] = ..., minor: _Optional[bool] = ..., participations: _Optional[_Iterable[_Union[Participation, _Mapping]]] = ..., recovery_periods: _Optional[_Iterable[_Union[RecoveryPeriod, _Mapping]]] = ..., charges: _Optional[_Iterable[_Union[Charge, _Mapping]]] = ..., claims: _Optional[_Iterable[_Union[Claim, _Mapping]]] = ..., deadlines: _Optional[_Iterable[_Union[Deadline, _Mapping]]] = ..., merged_refs: _Optional[_Iterable[str]] = ..., in_contact: _Optional[bool] = ..., revoked_on: _Optional[str] = ..., version: _Optional[int] = ..., protection: _Optional[_Iterable[_Union[ProtectionMeasure, _Mapping]]] = ..., reports: _Optional[_Iterable[_Union[VictimReport, _Mapping]]] = ...) -> None: ...

class ListVictimsRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "criminal_case_id", "unlinked")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    CRIMINAL_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    UNLINKED_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    criminal_case_id: str
    unlinked: bool
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., criminal_case_id: _Optional[str] = ..., unlinked: _Optional[bool] = ...) -> None: ...

class ListVictimsResponse(_message.Message):
    __slots__ = ("victims", "next_page_token", "complete_to")
    VICTIMS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_TO_FIELD_NUMBER: _ClassVar[int]
    victims: _containers.RepeatedCompositeFieldContainer[Victim]
    next_page_token: str
    complete_to: _containers.RepeatedCompositeFieldContainer[_receipt_pb2.Completeness]
    def __init__(self, victims: _Optional[_Iterable[_Union[Victim, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., complete_to: _Optional[_Iterable[_Union[_receipt_pb2.Completeness, _Mapping]]] = ...) -> None: ...

class ListDefendantsRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "criminal_case_id", "status")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    CRIMINAL_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    criminal_case_id: str
    status: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., criminal_case_id: _Optional[str] = ..., status: _Optional[str] = ...) -> None: ...

class ListDefendantsResponse(_message.Message):
    __slots__ = ("defendants", "next_page_token", "complete_to")
    DEFENDANTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_TO_FIELD_NUMBER: _ClassVar[int]
    defendants: _containers.RepeatedCompositeFieldContainer[Defendant]
    next_page_token: str
    complete_to: _containers.RepeatedCompositeFieldContainer[_receipt_pb2.Completeness]
    def __init__(self, defendants: _Optional[_Iterable[_Union[Defendant, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., complete_to: _Optional[_Iterable[_Union[_receipt_pb2.Completeness, _Mapping]]] = ...) -> None: ...

class CriminalCase(_message.Message):
    __slots__ = ("criminal_case_id", "status", "lead_org", "iccs_code", "national_article", "proactive", "review_on")
    CRIMINAL_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    LEAD_ORG_FIELD_NUMBER: _ClassVar[int]
    ICCS_CODE_FIELD_NUMBER: _ClassVar[int]
    NATIONAL_ARTICLE_FIELD_NUMBER: _ClassVar[int]
    PROACTIVE_FIELD_NUMBER: _ClassVar[int]
    REVIEW_ON_FIELD_NUMBER: _ClassVar[int]
    criminal_case_id: str
    status: str
    lead_org: str
    iccs_code: str
    national_article: str
    proactive: bool
    review_on: str
    def __init__(self, criminal_case_id: _Optional[str] = ..., status: _Optional[str] = ..., lead_org: _Optional[str] = ..., iccs_code: _Optional[str] = ..., national_article: _Optional[str] = ..., proactive: _Optional[bool] = ..., review_on: _Optional[str] = ...) -> None: ...

class Defendant(_message.Message):
    __slots__ = ("defendant_ref", "criminal_case_id", "status", "indicted", "instance", "ended", "released")
    DEFENDANT_REF_FIELD_NUMBER: _ClassVar[int]
    CRIMINAL_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    INDICTED_FIELD_NUMBER: _ClassVar[int]
    INSTANCE_FIELD_NUMBER: _ClassVar[int]
    ENDED_FIELD_NUMBER: _ClassVar[int]
    RELEASED_FIELD_NUMBER: _ClassVar[int]
    defendant_ref: str
    criminal_case_id: str
    status: str
    indicted: bool
    instance: str
    ended: bool
    released: bool
    def __init__(self, defendant_ref: _Optional[str] = ..., criminal_case_id: _Optional[str] = ..., status: _Optional[str] = ..., indicted: _Optional[bool] = ..., instance: _Optional[str] = ..., ended: _Optional[bool] = ..., released: _Optional[bool] = ...) -> None: ...

class Asset(_message.Message):
    __slots__ = ("asset_id", "status", "ccy", "left_minor")
    ASSET_ID_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    CCY_FIELD_NUMBER: _ClassVar[int]
    LEFT_MINOR_FIELD_NUMBER: _ClassVar[int]
    asset_id: str
    status: str
    ccy: str
    left_minor: int
    def __init__(self, asset_id: _Optional[str] = ..., status: _Optional[str] = ..., ccy: _Optional[str] = ..., left_minor: _Optional[int] = ...) -> None: ...

class Victim(_message.Message):
    __slots__ = ("person_ref", "minor", "reported_by", "known_since", "cases")
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    MINOR_FIELD_NUMBER: _ClassVar[int]
    REPORTED_BY_FIELD_NUMBER: _ClassVar[int]
    KNOWN_SINCE_FIELD_NUMBER: _ClassVar[int]
    CASES_FIELD_NUMBER: _ClassVar[int]
    person_ref: str
    minor: bool
    reported_by: str
    known_since: str
    cases: int
    def __init__(self, person_ref: _Optional[str] = ..., minor: _Optional[bool] = ..., reported_by: _Optional[str] = ..., known_since: _Optional[str] = ..., cases: _Optional[int] = ...) -> None: ...

class VictimReport(_message.Message):
    __slots__ = ("reported_by", "reported_on", "incident_id", "incident_voided_on")
    REPORTED_BY_FIELD_NUMBER: _ClassVar[int]
    REPORTED_ON_FIELD_NUMBER: _ClassVar[int]
    INCIDENT_ID_FIELD_NUMBER: _ClassVar[int]
    INCIDENT_VOIDED_ON_FIELD_NUMBER: _ClassVar[int]
    reported_by: str
    reported_on: str
    incident_id: str
    incident_voided_on: str
    def __init__(self, reported_by: _Optional[str] = ..., reported_on: _Optional[str] = ..., incident_id: _Optional[str] = ..., incident_voided_on: _Optional[str] = ...) -> None: ...

class Participation(_message.Message):
    __slots__ = ("criminal_case_id", "capacities", "statements")
    CRIMINAL_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    CAPACITIES_FIELD_NUMBER: _ClassVar[int]
    STATEMENTS_FIELD_NUMBER: _ClassVar[int]
    criminal_case_id: str
    capacities: _containers.RepeatedScalarFieldContainer[str]
    statements: int
    def __init__(self, criminal_case_id: _Optional[str] = ..., capacities: _Optional[_Iterable[str]] = ..., statements: _Optional[int] = ...) -> None: ...

class RecoveryPeriod(_message.Message):
    __slots__ = ("starts_on", "ends_on")
    STARTS_ON_FIELD_NUMBER: _ClassVar[int]
    ENDS_ON_FIELD_NUMBER: _ClassVar[int]
    starts_on: str
    ends_on: str
    def __init__(self, starts_on: _Optional[str] = ..., ends_on: _Optional[str] = ...) -> None: ...

class Charge(_message.Message):
    __slots__ = ("charge_id", "review")
    CHARGE_ID_FIELD_NUMBER: _ClassVar[int]
    REVIEW_FIELD_NUMBER: _ClassVar[int]
    charge_id: str
    review: str
    def __init__(self, charge_id: _Optional[str] = ..., review: _Optional[str] = ...) -> None: ...

class Claim(_message.Message):
    __slots__ = ("compensation_id", "ccy", "unpaid")
    COMPENSATION_ID_FIELD_NUMBER: _ClassVar[int]
    CCY_FIELD_NUMBER: _ClassVar[int]
    UNPAID_FIELD_NUMBER: _ClassVar[int]
    compensation_id: str
    ccy: str
    unpaid: _containers.RepeatedCompositeFieldContainer[Unpaid]
    def __init__(self, compensation_id: _Optional[str] = ..., ccy: _Optional[str] = ..., unpaid: _Optional[_Iterable[_Union[Unpaid, _Mapping]]] = ...) -> None: ...

class Unpaid(_message.Message):
    __slots__ = ("payer", "amount_minor")
    PAYER_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_MINOR_FIELD_NUMBER: _ClassVar[int]
    payer: str
    amount_minor: int
    def __init__(self, payer: _Optional[str] = ..., amount_minor: _Optional[int] = ...) -> None: ...

class Deadline(_message.Message):
    __slots__ = ("kind", "about", "due_on", "owner")
    KIND_FIELD_NUMBER: _ClassVar[int]
    ABOUT_FIELD_NUMBER: _ClassVar[int]
    DUE_ON_FIELD_NUMBER: _ClassVar[int]
    OWNER_FIELD_NUMBER: _ClassVar[int]
    kind: str
    about: str
    due_on: str
    owner: str
    def __init__(self, kind: _Optional[str] = ..., about: _Optional[str] = ..., due_on: _Optional[str] = ..., owner: _Optional[str] = ...) -> None: ...

class ProtectionMeasure(_message.Message):
    __slots__ = ("criminal_case_id", "measure", "starts_on", "ends_on")
    CRIMINAL_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    MEASURE_FIELD_NUMBER: _ClassVar[int]
    STARTS_ON_FIELD_NUMBER: _ClassVar[int]
    ENDS_ON_FIELD_NUMBER: _ClassVar[int]
    criminal_case_id: str
    measure: str
    starts_on: str
    ends_on: str
    def __init__(self, criminal_case_id: _Optional[str] = ..., measure: _Optional[str] = ..., starts_on: _Optional[str] = ..., ends_on: _Optional[str] = ...) -> None: ...

class Judgment(_message.Message):
    __slots__ = ("defendant_ref", "instance", "outcome", "articles", "sentence_months", "suspended", "judged_on", "corrected")
    DEFENDANT_REF_FIELD_NUMBER: _ClassVar[int]
    INSTANCE_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    ARTICLES_FIELD_NUMBER: _ClassVar[int]
    SENTENCE_MONTHS_FIELD_NUMBER: _ClassVar[int]
    SUSPENDED_FIELD_NUMBER: _ClassVar[int]
    JUDGED_ON_FIELD_NUMBER: _ClassVar[int]
    CORRECTED_FIELD_NUMBER: _ClassVar[int]
    defendant_ref: str
    instance: str
    outcome: str
    articles: _containers.RepeatedScalarFieldContainer[str]
    sentence_months: int
    suspended: bool
    judged_on: str
    corrected: bool
    def __init__(self, defendant_ref: _Optional[str] = ..., instance: _Optional[str] = ..., outcome: _Optional[str] = ..., articles: _Optional[_Iterable[str]] = ..., sentence_months: _Optional[int] = ..., suspended: _Optional[bool] = ..., judged_on: _Optional[str] = ..., corrected: _Optional[bool] = ...) -> None: ...
