from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SubscribeRequest(_message.Message):
    __slots__ = ("origin", "after")
    ORIGIN_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    origin: str
    after: int
    def __init__(self, origin: _Optional[str] = ..., after: _Optional[int] = ...) -> None: ...

class SubscribeResponse(_message.Message):
    __slots__ = ("entry", "run", "checkpoint", "heartbeat")
    ENTRY_FIELD_NUMBER: _ClassVar[int]
    RUN_FIELD_NUMBER: _ClassVar[int]
    CHECKPOINT_FIELD_NUMBER: _ClassVar[int]
    HEARTBEAT_FIELD_NUMBER: _ClassVar[int]
    entry: EntryRecord
    run: RunRecord
    checkpoint: CheckpointRecord
    heartbeat: HeartbeatRecord
    def __init__(self, entry: _Optional[_Union[EntryRecord, _Mapping]] = ..., run: _Optional[_Union[RunRecord, _Mapping]] = ..., checkpoint: _Optional[_Union[CheckpointRecord, _Mapping]] = ..., heartbeat: _Optional[_Union[HeartbeatRecord, _Mapping]] = ...) -> None: ...

class EntryRecord(_message.Message):
    __slots__ = ("position", "body")
    POSITION_FIELD_NUMBER: _ClassVar[int]
    BODY_FIELD_NUMBER: _ClassVar[int]
    position: int
    body: bytes
    def __init__(self, position: _Optional[int] = ..., body: _Optional[bytes] = ...) -> None: ...

class RunRecord(_message.Message):
    __slots__ = ("first", "leaves")
    FIRST_FIELD_NUMBER: _ClassVar[int]
    LEAVES_FIELD_NUMBER: _ClassVar[int]
    first: int
    leaves: _containers.RepeatedScalarFieldContainer[bytes]
    def __init__(self, first: _Optional[int] = ..., leaves: _Optional[_Iterable[bytes]] = ...) -> None: ...

class CheckpointRecord(_message.Message):
    __slots__ = ("size", "note")
    SIZE_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    size: int
    note: str
    def __init__(self, size: _Optional[int] = ..., note: _Optional[str] = ...) -> None: ...

class HeartbeatRecord(_message.Message):
    __slots__ = ("size",)
    SIZE_FIELD_NUMBER: _ClassVar[int]
    size: int
    def __init__(self, size: _Optional[int] = ...) -> None: ...
