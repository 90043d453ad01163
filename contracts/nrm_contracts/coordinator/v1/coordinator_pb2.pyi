from nrm_contracts.record.v1 import receipt_pb2 as _receipt_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetPathwayRequest(_message.Message):
    __slots__ = ("person_ref", "as_of", "covers_origin", "covers_position")
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    COVERS_ORIGIN_FIELD_NUMBER: _ClassVar[int]
    COVERS_POSITION_FIELD_NUMBER: _ClassVar[int]
    person_ref: str
    as_of: str
    covers_origin: str
    covers_position: int
    def __init__(self, person_ref: _Optional[str] = ..., as_of: _Optional[str] = ..., covers_origin: _Optional[str] = ..., covers_position: _Optional[int] = ...) -> None: ...

class GetPathwayResponse(_message.Message):
    __slots__ = ("person", "references", "profile", "standing", "timeline", "deadlines", "consents", "help", "unfunded_deliveries", "money", "cases", "compensation", "alerts", "as_of", "complete_to")
    PERSON_FIELD_NUMBER: _ClassVar[int]
    REFERENCES_FIELD_NUMBER: _ClassVar[int]
    PROFILE_FIELD_NUMBER: _ClassVar[int]
    STANDING_FIELD_NUMBER: _ClassVar[int]
    TIMELINE_FIELD_NUMBER: _ClassVar[int]
    DEADLINES_FIELD_NUMBER: _ClassVar[int]
    CONSENTS_FIELD_NUMBER: _ClassVar[int]
    HELP_FIELD_NUMBER: _ClassVar[int]
    UNFUNDED_DELIVERIES_FIELD_NUMBER: _ClassVar[int]
    MONEY_FIELD_NUMBER: _ClassVar[int]
    CASES_FIELD_NUMBER: _ClassVar[int]
    COMPENSATION_FIELD_NUMBER: _ClassVar[int]
    ALERTS_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_TO_FIELD_NUMBER: _ClassVar[int]
    person: str
    references: _containers.RepeatedCompositeFieldContainer[AgencyReference]
    profile: Profile
    standing: Standing
    timeline: _containers.RepeatedCompositeFieldContainer[Step]
    deadlines: _containers.RepeatedCompositeFieldContainer[Deadline]
    consents: _containers.RepeatedCompositeFieldContainer[Consent]
    help: _containers.RepeatedCompositeFieldContainer[HelpGiven]
    unfunded_deliveries: int
    money: _containers.RepeatedCompositeFieldContainer[Money]
    cases: _containers.RepeatedCompositeFieldContainer[LinkedCase]
    compensation: _containers.RepeatedCompositeFieldContainer[Compensation]
    alerts: _containers.RepeatedCompositeFieldContainer[Alert]
    as_of: str
    complete_to: _containers.RepeatedCompositeFieldContainer[_receipt_pb2.Completeness]
    def __init__(self, person: _Optional[str] = ..., references: _Optional[_Iterable[_Union[AgencyReference, _Mapping]]] = ..., profile: _Optional[_Union[Profile, _Mapping]] = ..., standing: _Optional[_Union[Standing, _Mapping]] = ..., timeline: _Optional[_Iterable[_Union[Step, _Mapping]]] = ..., deadlines: _Optional[_Iterable[_Union[Deadline, _Mapping]]] = ..., consents: _Optional[_Iterable[_Union[Consent, _Mapping]]] = ..., help: _Optional[_Iterable[_Union[HelpGiven, _Mapping]]] = ..., unfunded_deliveries: _Optional[int] = ..., money: _Optional[_Iterable[_Union[Money, _Mapping]]] = ..., cases: _Optional[_Iterable[_Union[LinkedCase, _Mapping]]] = ..., compensation: _Optional[_Iterable[_Union[Compensation, _Mapping]]] = ..., alerts: _Optional[_Iterable[_Union[Alert, _Mapping]]] = ..., as_of: _Optional[str] = ..., complete_to: _Optional[_Iterable[_Union[_receipt_pb2.Completeness, _Mapping]]] = ...) -> None: ...

class AgencyReference(_message.Message):
    __slots__ = ("origin", "person_ref")
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    PERSON_REF_FIELD_NUMBER: _ClassVar[int]
    origin: str
    person_ref: str
    def __init__(self, origin: _Optional[str] = ..., person_ref: _Optional[str] = ...) -> None: ...

class Profile(_message.Message):
    __slots__ = ("region", "sex", "age_band", "language", "detection_channel", "minor")
    REGION_FIELD_NUMBER: _ClassVar[int]
    SEX_FIELD_NUMBER: _ClassVar[int]
    AGE_BAND_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    DETECTION_CHANNEL_FIELD_NUMBER: _ClassVar[int]
    MINOR_FIELD_NUMBER: _ClassVar[int]
    region: str
    sex: str
    age_band: str
    language: str
    detection_channel: str
    minor: bool
    def __init__(self, region: _Optional[str] = ..., sex: _Optional[str] = ..., age_band: _Optional[str] = ..., language: _Optional[str] = ..., detection_channel: _Optional[str] = ..., minor: _Optional[bool] = ...) -> None: ...

class Standing(_message.Message):
    __slots__ = ("identification", "identification_days", "assistance", "proceedings")
    IDENTIFICATION_FIELD_NUMBER: _ClassVar[int]
    IDENTIFICATION_DAYS_FIELD_NUMBER: _ClassVar[int]
    ASSISTANCE_FIELD_NUMBER: _ClassVar[int]
    PROCEEDINGS_FIELD_NUMBER: _ClassVar[int]
    identification: str
    identification_days: int
    assistance: str
    proceedings: str
    def __init__(self, identification: _Optional[str] = ..., identification_days: _Optional[int] = ..., assistance: _Optional[str] = ..., proceedings: _Optional[str] = ...) -> None: ...

class Step(_message.Message):
    __slots__ = ("origin", "position", "kind", "detail", "occurred_on", "recorded_at")
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    OCCURRED_ON_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    origin: str
    position: int
    kind: str
    detail: str
    occurred_on: str
    recorded_at: str
    def __init__(self, origin: _Optional[str] = ..., position: _Optional[int] = ..., kind: _Optional[str] = ..., detail: _Optional[str] = ..., occurred_on: _Optional[str] = ..., recorded_at: _Optional[str] = ...) -> None: ...

class Deadline(_message.Message):
    __slots__ = ("kind", "owner", "due_on", "overdue", "days_late", "rule_id", "person", "about")
    KIND_FIELD_NUMBER: _ClassVar[int]
    OWNER_FIELD_NUMBER: _ClassVar[int]
    DUE_ON_FIELD_NUMBER: _ClassVar[int]
    OVERDUE_FIELD_NUMBER: _ClassVar[int]
    DAYS_LATE_FIELD_NUMBER: _ClassVar[int]
    RULE_ID_FIELD_NUMBER: _ClassVar[int]
    PERSON_FIELD_NUMBER: _ClassVar[int]
    ABOUT_FIELD_NUMBER: _ClassVar[int]
    kind: str
    owner: str
    due_on: str
    overdue: bool
    days_late: int
    rule_id: str
    person: str
    about: str
    def __init__(self, kind: _Optional[str] = ..., owner: _Optional[str] = ..., due_on: _Optional[str] = ..., overdue: _Optional[bool] = ..., days_late: _Optional[int] = ..., rule_id: _Optional[str] = ..., person: _Optional[str] = ..., about: _Optional[str] = ...) -> None: ...

class Consent(_message.Message):
    __slots__ = ("origin", "scope", "given_on", "expires_on")
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    GIVEN_ON_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_ON_FIELD_NUMBER: _ClassVar[int]
    origin: str
    scope: str
    given_on: str
    expires_on: str
    def __init__(self, origin: _Optional[str] = ..., scope: _Optional[str] = ..., given_on: _Optional[str] = ..., expires_on: _Optional[str] = ...) -> None: ...

class HelpGiven(_message.Message):
    __slots__ = ("service_code", "unit", "qty_milli", "last_on")
    SERVICE_CODE_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    QTY_MILLI_FIELD_NUMBER: _ClassVar[int]
    LAST_ON_FIELD_NUMBER: _ClassVar[int]
    service_code: str
    unit: str
    qty_milli: int
    last_on: str
    def __init__(self, service_code: _Optional[str] = ..., unit: _Optional[str] = ..., qty_milli: _Optional[int] = ..., last_on: _Optional[str] = ...) -> None: ...

class Money(_message.Message):
    __slots__ = ("ccy", "claimed_minor", "verified_minor", "paid_minor", "owed_back_minor")
    CCY_FIELD_NUMBER: _ClassVar[int]
    CLAIMED_MINOR_FIELD_NUMBER: _ClassVar[int]
    VERIFIED_MINOR_FIELD_NUMBER: _ClassVar[int]
    PAID_MINOR_FIELD_NUMBER: _ClassVar[int]
    OWED_BACK_MINOR_FIELD_NUMBER: _ClassVar[int]
    ccy: str
    claimed_minor: int
    verified_minor: int
    paid_minor: int
    owed_back_minor: int
    def __init__(self, ccy: _Optional[str] = ..., claimed_minor: _Optional[int] = ..., verified_minor: _Optional[int] = ..., paid_minor: _Optional[int] = ..., owed_back_minor: _Optional[int] = ...) -> None: ...

class LinkedCase(_message.Message):
    __slots__ = ("origin", "criminal_case_id", "state", "since", "linked_on")
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    CRIMINAL_CASE_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    LINKED_ON_FIELD_NUMBER: _ClassVar[int]
    origin: str
    criminal_case_id: str
    state: str
    since: str
    linked_on: str
    def __init__(self, origin: _Optional[str] = ..., criminal_case_id: _Optional[str] = ..., state: _Optional[str] = ..., since: _Optional[str] = ..., linked_on: _Optional[str] = ...) -> None: ...

class Compensation(_message.Message):
    __slots__ = ("ccy", "claimed_minor", "awarded_minor", "paid_minor")
    CCY_FIELD_NUMBER: _ClassVar[int]
    CLAIMED_MINOR_FIELD_NUMBER: _ClassVar[int]
    AWARDED_MINOR_FIELD_NUMBER: _ClassVar[int]
    PAID_MINOR_FIELD_NUMBER: _ClassVar[int]
    ccy: str
    claimed_minor: int
    awarded_minor: int
    paid_minor: int
    def __init__(self, ccy: _Optional[str] = ..., claimed_minor: _Optional[int] = ..., awarded_minor: _Optional[int] = ..., paid_minor: _Optional[int] = ...) -> None: ...

class Alert(_message.Message):
    __slots__ = ("kind", "origin", "since", "detail")
    KIND_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    kind: str
    origin: str
    since: str
    detail: str
    def __init__(self, kind: _Optional[str] = ..., origin: _Optional[str] = ..., since: _Optional[str] = ..., detail: _Optional[str] = ...) -> None: ...

class ListPathwaysRequest(_message.Message):
    __slots__ = ("as_of", "region", "sex", "age_band", "identification", "assistance", "overdue", "page_size", "page_token")
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    REGION_FIELD_NUMBER: _ClassVar[int]
    SEX_FIELD_NUMBER: _ClassVar[int]
    AGE_BAND_FIELD_NUMBER: _ClassVar[int]
    IDENTIFICATION_FIELD_NUMBER: _ClassVar[int]
    ASSISTANCE_FIELD_NUMBER: _ClassVar[int]
    OVERDUE_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    as_of: str
    region: str
    sex: str
    age_band: str
    identification: str
    assistance: str
    overdue: bool
    page_size: int
    page_token: str
    def __init__(self, as_of: _Optional[str] = ..., region: _Optional[str] = ..., sex: _Optional[str] = ..., age_band: _Optional[str] = ..., identification: _Optional[str] = ..., assistance: _Optional[str] = ..., overdue: _Optional[bool] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListPathwaysResponse(_message.Message):
    __slots__ = ("pathways", "next_page_token", "total", "as_of", "complete_to")
    PATHWAYS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_TO_FIELD_NUMBER: _ClassVar[int]
    pathways: _containers.RepeatedCompositeFieldContainer[PathwaySummary]
    next_page_token: str
    total: int
    as_of: str
    complete_to: _containers.RepeatedCompositeFieldContainer[_receipt_pb2.Completeness]
    def __init__(self, pathways: _Optional[_Iterable[_Union[PathwaySummary, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., total: _Optional[int] = ..., as_of: _Optional[str] = ..., complete_to: _Optional[_Iterable[_Union[_receipt_pb2.Completeness, _Mapping]]] = ...) -> None: ...

class PathwaySummary(_message.Message):
    __slots__ = ("person", "profile", "standing", "agencies", "overdue")
    PERSON_FIELD_NUMBER: _ClassVar[int]
    PROFILE_FIELD_NUMBER: _ClassVar[int]
    STANDING_FIELD_NUMBER: _ClassVar[int]
    AGENCIES_FIELD_NUMBER: _ClassVar[int]
    OVERDUE_FIELD_NUMBER: _ClassVar[int]
    person: str
    profile: Profile
    standing: Standing
    agencies: int
    overdue: int
    def __init__(self, person: _Optional[str] = ..., profile: _Optional[_Union[Profile, _Mapping]] = ..., standing: _Optional[_Union[Standing, _Mapping]] = ..., agencies: _Optional[int] = ..., overdue: _Optional[int] = ...) -> None: ...

class GetFunnelsRequest(_message.Message):
    __slots__ = ("as_of", "from_on", "to_on")
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    FROM_ON_FIELD_NUMBER: _ClassVar[int]
    TO_ON_FIELD_NUMBER: _ClassVar[int]
    as_of: str
    from_on: str
    to_on: str
    def __init__(self, as_of: _Optional[str] = ..., from_on: _Optional[str] = ..., to_on: _Optional[str] = ...) -> None: ...

class GetFunnelsResponse(_message.Message):
    __slots__ = ("persons", "cases", "defendants", "as_of", "complete_to", "alerts")
    PERSONS_FIELD_NUMBER: _ClassVar[int]
    CASES_FIELD_NUMBER: _ClassVar[int]
    DEFENDANTS_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_TO_FIELD_NUMBER: _ClassVar[int]
    ALERTS_FIELD_NUMBER: _ClassVar[int]
    persons: _containers.RepeatedCompositeFieldContainer[Count]
    cases: _containers.RepeatedCompositeFieldContainer[Count]
    defendants: _containers.RepeatedCompositeFieldContainer[Count]
    as_of: str
    complete_to: _containers.RepeatedCompositeFieldContainer[_receipt_pb2.Completeness]
    alerts: _containers.RepeatedCompositeFieldContainer[Alert]
    def __init__(self, persons: _Optional[_Iterable[_Union[Count, _Mapping]]] = ..., cases: _Optional[_Iterable[_Union[Count, _Mapping]]] = ..., defendants: _Optional[_Iterable[_Union[Count, _Mapping]]] = ..., as_of: _Optional[str] = ..., complete_to: _Optional[_Iterable[_Union[_receipt_pb2.Completeness, _Mapping]]] = ..., alerts: _Optional[_Iterable[_Union[Alert, _Mapping]]] = ...) -> None: ...

class Count(_message.Message):
    __slots__ = ("step", "count")
    STEP_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    step: str
    count: int
    def __init__(self, step: _Optional[str] = ..., count: _Optional[int] = ...) -> None: ...

class ListOverdueRequest(_message.Message):
    __slots__ = ("as_of", "owner", "kind", "page_size", "page_token")
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    OWNER_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    as_of: str
    owner: str
    kind: str
    page_size: int
    page_token: str
    def __init__(self, as_of: _Optional[str] = ..., owner: _Optional[str] = ..., kind: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListOverdueResponse(_message.Message):
    __slots__ = ("deadlines", "next_page_token", "total", "as_of", "complete_to")
    DEADLINES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_TO_FIELD_NUMBER: _ClassVar[int]
    deadlines: _containers.RepeatedCompositeFieldContainer[Deadline]
    next_page_token: str
    total: int
    as_of: str
    complete_to: _containers.RepeatedCompositeFieldContainer[_receipt_pb2.Completeness]
    def __init__(self, deadlines: _Optional[_Iterable[_Union[Deadline, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., total: _Optional[int] = ..., as_of: _Optional[str] = ..., complete_to: _Optional[_Iterable[_Union[_receipt_pb2.Completeness, _Mapping]]] = ...) -> None: ...
