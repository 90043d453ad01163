from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Verdict(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    VERDICT_UNSPECIFIED: _ClassVar[Verdict]
    VERDICT_VERIFIED: _ClassVar[Verdict]
    VERDICT_NOT_VERIFIED: _ClassVar[Verdict]
    VERDICT_CANNOT_TELL: _ClassVar[Verdict]
VERDICT_UNSPECIFIED: Verdict
VERDICT_VERIFIED: Verdict
VERDICT_NOT_VERIFIED: Verdict
VERDICT_CANNOT_TELL: Verdict

class VerifyRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class VerifyResponse(_message.Message):
    __slots__ = ("verdict", "copies", "findings", "found")
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    COPIES_FIELD_NUMBER: _ClassVar[int]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    FOUND_FIELD_NUMBER: _ClassVar[int]
    verdict: Verdict
    copies: _containers.RepeatedCompositeFieldContainer[LogCopy]
    findings: _containers.RepeatedCompositeFieldContainer[Finding]
    found: int
    def __init__(self, verdict: _Optional[_Union[Verdict, str]] = ..., copies: _Optional[_Iterable[_Union[LogCopy, _Mapping]]] = ..., findings: _Optional[_Iterable[_Union[Finding, _Mapping]]] = ..., found: _Optional[int] = ...) -> None: ...

class LogCopy(_message.Message):
    __slots__ = ("origin", "holder", "entries", "checkpoints", "signed_size", "root", "sealed")
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    HOLDER_FIELD_NUMBER: _ClassVar[int]
    ENTRIES_FIELD_NUMBER: _ClassVar[int]
    CHECKPOINTS_FIELD_NUMBER: _ClassVar[int]
    SIGNED_SIZE_FIELD_NUMBER: _ClassVar[int]
    ROOT_FIELD_NUMBER: _ClassVar[int]
    SEALED_FIELD_NUMBER: _ClassVar[int]
    origin: str
    holder: str
    entries: int
    checkpoints: int
    signed_size: int
    root: bytes
    sealed: SealedPieces
    def __init__(self, origin: _Optional[str] = ..., holder: _Optional[str] = ..., entries: _Optional[int] = ..., checkpoints: _Optional[int] = ..., signed_size: _Optional[int] = ..., root: _Optional[bytes] = ..., sealed: _Optional[_Union[SealedPieces, _Mapping]] = ...) -> None: ...

class SealedPieces(_message.Message):
    __slots__ = ("present", "erased", "missing")
    PRESENT_FIELD_NUMBER: _ClassVar[int]
    ERASED_FIELD_NUMBER: _ClassVar[int]
    MISSING_FIELD_NUMBER: _ClassVar[int]
    present: int
    erased: int
    missing: int
    def __init__(self, present: _Optional[int] = ..., erased: _Optional[int] = ..., missing: _Optional[int] = ...) -> None: ...

class Finding(_message.Message):
    __slots__ = ("kind", "origin", "holder", "position", "text", "contradicted_by", "certain")
    KIND_FIELD_NUMBER: _ClassVar[int]
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    HOLDER_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    CONTRADICTED_BY_FIELD_NUMBER: _ClassVar[int]
    CERTAIN_FIELD_NUMBER: _ClassVar[int]
    kind: str
    origin: str
    holder: str
    position: int
    text: str
    contradicted_by: str
    certain: bool
    def __init__(self, kind: _Optional[str] = ..., origin: _Optional[str] = ..., holder: _Optional[str] = ..., position: _Optional[int] = ..., text: _Optional[str] = ..., contradicted_by: _Optional[str] = ..., certain: _Optional[bool] = ...) -> None: ...

class ListEntriesRequest(_message.Message):
    __slots__ = ("origin", "first_position", "page_size", "page_token")
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    FIRST_POSITION_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    origin: str
    first_position: int
    page_size: int
    page_token: str
    def __init__(self, origin: _Optional[str] = ..., first_position: _Optional[int] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListEntriesResponse(_message.Message):
    __slots__ = ("entries", "next_page_token")
    ENTRIES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    entries: _containers.RepeatedCompositeFieldContainer[StoredEntry]
    next_page_token: str
    def __init__(self, entries: _Optional[_Iterable[_Union[StoredEntry, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class StoredEntry(_message.Message):
    __slots__ = ("position", "body")
    POSITION_FIELD_NUMBER: _ClassVar[int]
    BODY_FIELD_NUMBER: _ClassVar[int]
    position: int
    body: bytes
    def __init__(self, position: _Optional[int] = ..., body: _Optional[bytes] = ...) -> None: ...

class GetCheckpointRequest(_message.Message):
    __slots__ = ("origin", "size")
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    origin: str
    size: int
    def __init__(self, origin: _Optional[str] = ..., size: _Optional[int] = ...) -> None: ...

class GetCheckpointResponse(_message.Message):
    __slots__ = ("size", "note")
    SIZE_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    size: int
    note: str
    def __init__(self, size: _Optional[int] = ..., note: _Optional[str] = ...) -> None: ...

class GetInclusionProofRequest(_message.Message):
    __slots__ = ("origin", "position", "size")
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    origin: str
    position: int
    size: int
    def __init__(self, origin: _Optional[str] = ..., position: _Optional[int] = ..., size: _Optional[int] = ...) -> None: ...

class GetInclusionProofResponse(_message.Message):
    __slots__ = ("leaf_hash", "path", "size", "note")
    LEAF_HASH_FIELD_NUMBER: _ClassVar[int]
    PATH_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    leaf_hash: bytes
    path: _containers.RepeatedScalarFieldContainer[bytes]
    size: int
    note: str
    def __init__(self, leaf_hash: _Optional[bytes] = ..., path: _Optional[_Iterable[bytes]] = ..., size: _Optional[int] = ..., note: _Optional[str] = ...) -> None: ...

class GetConsistencyProofRequest(_message.Message):
    __slots__ = ("origin", "old_size", "new_size")
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    OLD_SIZE_FIELD_NUMBER: _ClassVar[int]
    NEW_SIZE_FIELD_NUMBER: _ClassVar[int]
    origin: str
    old_size: int
    new_size: int
    def __init__(self, origin: _Optional[str] = ..., old_size: _Optional[int] = ..., new_size: _Optional[int] = ...) -> None: ...

class GetConsistencyProofResponse(_message.Message):
    __slots__ = ("path", "old_note", "new_note", "new_size")
    PATH_FIELD_NUMBER: _ClassVar[int]
    OLD_NOTE_FIELD_NUMBER: _ClassVar[int]
    NEW_NOTE_FIELD_NUMBER: _ClassVar[int]
    NEW_SIZE_FIELD_NUMBER: _ClassVar[int]
    path: _containers.RepeatedScalarFieldContainer[bytes]
    old_note: str
    new_note: str
    new_size: int
    def __init__(self, path: _Optional[_Iterable[bytes]] = ..., old_note: _Optional[str] = ..., new_note: _Optional[str] = ..., new_size: _Optional[int] = ...) -> None: ...

class CompareViewsRequest(_message.Message):
    __slots__ = ("until",)
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    until: str
    def __init__(self, until: _Optional[str] = ...) -> None: ...

class CompareViewsResponse(_message.Message):
    __slots__ = ("verdict", "tables")
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    TABLES_FIELD_NUMBER: _ClassVar[int]
    verdict: Verdict
    tables: _containers.RepeatedCompositeFieldContainer[ComparedTable]
    def __init__(self, verdict: _Optional[_Union[Verdict, str]] = ..., tables: _Optional[_Iterable[_Union[ComparedTable, _Mapping]]] = ...) -> None: ...

class ComparedTable(_message.Message):
    __slots__ = ("views", "table", "rows", "differing", "text", "verdict")
    VIEWS_FIELD_NUMBER: _ClassVar[int]
    TABLE_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    DIFFERING_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    views: str
    table: str
    rows: int
    differing: int
    text: str
    verdict: Verdict
    def __init__(self, views: _Optional[str] = ..., table: _Optional[str] = ..., rows: _Optional[int] = ..., differing: _Optional[int] = ..., text: _Optional[str] = ..., verdict: _Optional[_Union[Verdict, str]] = ...) -> None: ...
