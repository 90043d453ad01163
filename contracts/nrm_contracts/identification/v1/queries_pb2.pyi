from nrm_contracts.record.v1 import receipt_pb2 as _receipt_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetPersonRequest(_message.Message):
    __slots__ = ("person_ref",)
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    person_ref: str
    def __init__(self, person_ref: _Optional[str] = ...) -> None: ...

class GetPersonResponse(_message.Message):
    __slots__ = ("person", "treated_as_child", "guardian_ref", "consents", "denied_scopes", "referrals", "recovery", "incidents", "deadlines", "told", "missing_since", "charged_on", "merged_into", "absorbed_refs", "version")
    PERSON_FIELD_NUMBER: _ClassVar[int]
    TREATED_AS_CHILD_FIELD_NUMBER: _ClassVar[int]
    GUARDIAN_REF_FIELD_NUMBER: _ClassVar[int]
    CONSENTS_FIELD_NUMBER: _ClassVar[int]
    DENIED_SCOPES_FIELD_NUMBER: _ClassVar[int]
    REFERRALS_FIELD_NUMBER: _ClassVar[int]
    RECOVERY_FIELD_NUMBER: _ClassVar[int]
    INCIDENTS_FIELD_NUMBER: _ClassVar[int]
    DEADLINES_FIELD_NUMBER: _ClassVar[int]
    TOLD_FIELD_NUMBER: _ClassVar[int]
    MISSING_SINCE_FIELD_NUMBER: _ClassVar[int]
    CHARGED_ON_FIELD_NUMBER: _ClassVar[int]
    MERGED_INTO_FIELD_NUMBER: _ClassVar[int]
    ABSORBED_REFS_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    person: Person
    treated_as_child: bool
    guardian_ref: str
    consents: _containers.RepeatedCompositeFieldContainer[Consent]
    denied_scopes: _containers.RepeatedScalarFieldContainer[str]
    referrals: _containers.RepeatedCompositeFieldContainer[Referral]
    recovery: Recovery
    incidents: _containers.RepeatedCompositeFieldContainer[IncidentPart]
    deadlines: _containers.RepeatedCompositeFieldContainer[Deadline]
    told: _containers.RepeatedScalarFieldContainer[str]
    missing_since: str
    charged_on: str
    merged_into: str
    absorbed_refs: _containers.RepeatedScalarFieldContainer[str]
    version: int
    def __init__(self, person: _Optional[_Union[Person, _Mapping]] = ..., treated_as_child: _Optional[bool] = ..., guardian_ref: _Optional[str] = ..., consents: _Optional[_Iterable[_Union[Consent, _Mapping]]] = ..., denied_scopes: _Optional[_Iterable[str]] = ..., referrals: _Optional[_Iterable[_Union[Referral, _Mapping]]] = ..., recovery: _Optional[_Union[Recovery, _Mapping]] = ..., incidents: _Optional[_Iterable[_Union[IncidentPart, _Mapping]]] = ..., deadlines: _Optional[_Iterable[_Union[Deadline, _Mapping]]] = ..., told: _Optional[_Iterable[str]] = ..., missing_since: _Optional[str] = ..., charged_on: _Optional[str] = ..., merged_into: _Optional[str] = ..., absorbed_refs: _Optional[_Iterable[str]] = ..., version: _Optional[int] = ...) -> None: ...

class ListPersonsRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "phase", "region")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    PHASE_FIELD_NUMBER: _ClassVar[int]
    REGION_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    phase: str
    region: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., phase: _Optional[str] = ..., region: _Optional[str] = ...) -> None: ...

class ListPersonsResponse(_message.Message):
    __slots__ = ("persons", "next_page_token", "complete_to")
    PERSONS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_TO_FIELD_NUMBER: _ClassVar[int]
    persons: _containers.RepeatedCompositeFieldContainer[Person]
    next_page_token: str
    complete_to: _containers.RepeatedCompositeFieldContainer[_receipt_pb2.Completeness]
    def __init__(self, persons: _Optional[_Iterable[_Union[Person, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., complete_to: _Optional[_Iterable[_Union[_receipt_pb2.Completeness, _Mapping]]] = ...) -> None: ...

class ListDeadlinesRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "due_by", "kind")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    DUE_BY_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    due_by: str
    kind: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., due_by: _Optional[str] = ..., kind: _Optional[str] = ...) -> None: ...

class ListDeadlinesResponse(_message.Message):
    __slots__ = ("deadlines", "next_page_token", "complete_to")
    DEADLINES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_TO_FIELD_NUMBER: _ClassVar[int]
    deadlines: _containers.RepeatedCompositeFieldContainer[PersonDeadline]
    next_page_token: str
    complete_to: _containers.RepeatedCompositeFieldContainer[_receipt_pb2.Completeness]
    def __init__(self, deadlines: _Optional[_Iterable[_Union[PersonDeadline, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., complete_to: _Optional[_Iterable[_Union[_receipt_pb2.Completeness, _Mapping]]] = ...) -> None: ...

class GetIncidentRequest(_message.Message):
    __slots__ = ("incident_id",)
    INCIDENT_ID_FIELD_NUMBER: _ClassVar[int]
    incident_id: str
    def __init__(self, incident_id: _Optional[str] = ...) -> None: ...

class GetIncidentResponse(_message.Message):
    __slots__ = ("incident_id", "region", "exploitation_forms", "industry", "opened_on", "route", "persons", "version", "complete_to", "voided_on")
    INCIDENT_ID_FIELD_NUMBER: _ClassVar[int]
    REGION_FIELD_NUMBER: _ClassVar[int]
    EXPLOITATION_FORMS_FIELD_NUMBER: _ClassVar[int]
    INDUSTRY_FIELD_NUMBER: _ClassVar[int]
    OPENED_ON_FIELD_NUMBER: _ClassVar[int]
    ROUTE_FIELD_NUMBER: _ClassVar[int]
    PERSONS_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_TO_FIELD_NUMBER: _ClassVar[int]
    VOIDED_ON_FIELD_NUMBER: _ClassVar[int]
    incident_id: str
    region: str
    exploitation_forms: _containers.RepeatedScalarFieldContainer[str]
    industry: str
    opened_on: str
    route: _containers.RepeatedCompositeFieldContainer[RouteLeg]
    persons: _containers.RepeatedCompositeFieldContainer[PersonPart]
    version: int
    complete_to: _containers.RepeatedCompositeFieldContainer[_receipt_pb2.Completeness]
    voided_on: str
    def __init__(self, incident_id: _Optional[str] = ..., region: _Optional[str] = ..., exploitation_forms: _Optional[_Iterable[str]] = ..., industry: _Optional[str] = ..., opened_on: _Optional[str] = ..., route: _Optional[_Iterable[_Union[RouteLeg, _Mapping]]] = ..., persons: _Optional[_Iterable[_Union[PersonPart, _Mapping]]] = ..., version: _Optional[int] = ..., complete_to: _Optional[_Iterable[_Union[_receipt_pb2.Completeness, _Mapping]]] = ..., voided_on: _Optional[str] = ...) -> None: ...

class Person(_message.Message):
    __slots__ = ("person_ref", "phase", "region", "age_band", "sex", "detection_channel")
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    PHASE_FIELD_NUMBER: _ClassVar[int]
    REGION_FIELD_NUMBER: _ClassVar[int]
    AGE_BAND_FIELD_NUMBER: _ClassVar[int]
    SEX_FIELD_NUMBER: _ClassVar[int]
    DETECTION_CHANNEL_FIELD_NUMBER: _ClassVar[int]
    person_ref: str
    phase: str
    region: str
    age_band: str
    sex: str
    detection_channel: str
    def __init__(self, person_ref: _Optional[str] = ..., phase: _Optional[str] = ..., region: _Optional[str] = ..., age_band: _Optional[str] = ..., sex: _Optional[str] = ..., detection_channel: _Optional[str] = ...) -> None: ...

class Consent(_message.Message):
    __slots__ = ("consent_id", "scope", "share_with", "given_on", "expires_on")
    CONSENT_ID_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    SHARE_WITH_FIELD_NUMBER: _ClassVar[int]
    GIVEN_ON_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_ON_FIELD_NUMBER: _ClassVar[int]
    consent_id: str
    scope: str
    share_with: str
    given_on: str
    expires_on: str
    def __init__(self, consent_id: _Optional[str] = ..., scope: _Optional[str] = ..., share_with: _Optional[str] = ..., given_on: _Optional[str] = ..., expires_on: _Optional[str] = ...) -> None: ...

class Referral(_message.Message):
    __slots__ = ("referral_id", "peer", "here", "phase", "stage", "proposed", "submitted_on", "decided_on", "corrected")
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    PEER_FIELD_NUMBER: _ClassVar[int]
    HERE_FIELD_NUMBER: _ClassVar[int]
    PHASE_FIELD_NUMBER: _ClassVar[int]
    STAGE_FIELD_NUMBER: _ClassVar[int]
    PROPOSED_FIELD_NUMBER: _ClassVar[int]
    SUBMITTED_ON_FIELD_NUMBER: _ClassVar[int]
    DECIDED_ON_FIELD_NUMBER: _ClassVar[int]
    CORRECTED_FIELD_NUMBER: _ClassVar[int]
    referral_id: str
    peer: str
    here: bool
    phase: str
    stage: int
    proposed: bool
    submitted_on: str
    decided_on: str
    corrected: bool
    def __init__(self, referral_id: _Optional[str] = ..., peer: _Optional[str] = ..., here: _Optional[bool] = ..., phase: _Optional[str] = ..., stage: _Optional[int] = ..., proposed: _Optional[bool] = ..., submitted_on: _Optional[str] = ..., decided_on: _Optional[str] = ..., corrected: _Optional[bool] = ...) -> None: ...

class Recovery(_message.Message):
    __slots__ = ("referral_id", "starts_on", "ends_on", "running")
    REFERRAL_ID_FIELD_NUMBER: _ClassVar[int]
    STARTS_ON_FIELD_NUMBER: _ClassVar[int]
    ENDS_ON_FIELD_NUMBER: _ClassVar[int]
    RUNNING_FIELD_NUMBER: _ClassVar[int]
    referral_id: str
    starts_on: str
    ends_on: str
    running: bool
    def __init__(self, referral_id: _Optional[str] = ..., starts_on: _Optional[str] = ..., ends_on: _Optional[str] = ..., running: _Optional[bool] = ...) -> None: ...

class IncidentPart(_message.Message):
    __slots__ = ("incident_id", "roles")
    INCIDENT_ID_FIELD_NUMBER: _ClassVar[int]
    ROLES_FIELD_NUMBER: _ClassVar[int]
    incident_id: str
    roles: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, incident_id: _Optional[str] = ..., roles: _Optional[_Iterable[str]] = ...) -> None: ...

class PersonPart(_message.Message):
    __slots__ = ("person_ref", "role")
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    person_ref: str
    role: str
    def __init__(self, person_ref: _Optional[str] = ..., role: _Optional[str] = ...) -> None: ...

class RouteLeg(_message.Message):
    __slots__ = ("leg", "country", "region", "from_on", "to_on")
    LEG_FIELD_NUMBER: _ClassVar[int]
    COUNTRY_FIELD_NUMBER: _ClassVar[int]
    REGION_FIELD_NUMBER: _ClassVar[int]
    FROM_ON_FIELD_NUMBER: _ClassVar[int]
    TO_ON_FIELD_NUMBER: _ClassVar[int]
    leg: str
    country: str
    region: str
    from_on: str
    to_on: str
    def __init__(self, leg: _Optional[str] = ..., country: _Optional[str] = ..., region: _Optional[str] = ..., from_on: _Optional[str] = ..., to_on: _Optional[str] = ...) -> None: ...

class Deadline(_message.Message):
    __slots__ = ("kind", "about", "due_on", "owner", "rule_id")
    KIND_FIELD_NUMBER: _ClassVar[int]
    ABOUT_FIELD_NUMBER: _ClassVar[int]
    DUE_ON_FIELD_NUMBER: _ClassVar[int]
    OWNER_FIELD_NUMBER: _ClassVar[int]
    RULE_ID_FIELD_NUMBER: _ClassVar[int]
    kind: str
    about: str
    due_on: str
    owner: str
    rule_id: str
    def __init__(self, kind: _Optional[str] = ..., about: _Optional[str] = ..., due_on: _Optional[str] = ..., owner: _Optional[str] = ..., rule_id: _Optional[str] = ...) -> None: ...

class PersonDeadline(_message.Message):
    __slots__ = ("person_ref", "deadline")
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    DEADLINE_FIELD_NUMBER: _ClassVar[int]
    person_ref: str
    deadline: Deadline
    def __init__(self, person_ref: _Optional[str] = ..., deadline: _Optional[_Union[Deadline, _Mapping]] = ...) -> None: ...
