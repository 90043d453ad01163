from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class Receipt(_message.Message):
    __slots__ = ("origin", "position", "stream", "version", "entry_hash", "replayed")
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    STREAM_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    ENTRY_HASH_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    origin: str
    position: int
    stream: str
    version: int
    entry_hash: bytes
    replayed: bool
    def __init__(self, origin: _Optional[str] = ..., position: _Optional[int] = ..., stream: _Optional[str] = ..., version: _Optional[int] = ..., entry_hash: _Optional[bytes] = ..., replayed: _Optional[bool] = ...) -> None: ...

class Completeness(_message.Message):
    __slots__ = ("origin", "size", "recorded_at", "heard_at", "silent_since")
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    HEARD_AT_FIELD_NUMBER: _ClassVar[int]
    SILENT_SINCE_FIELD_NUMBER: _ClassVar[int]
    origin: str
    size: int
    recorded_at: str
    heard_at: str
    silent_since: str
    def __init__(self, origin: _Optional[str] = ..., size: _Optional[int] = ..., recorded_at: _Optional[str] = ..., heard_at: _Optional[str] = ..., silent_since: _Optional[str] = ...) -> None: ...
