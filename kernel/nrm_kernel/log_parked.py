"""What a reader could not take from a topic: no record of the log, or one that belongs elsewhere.

It stays where it is, byte for byte; a note of it is kept on the reader's own topic, so that every process of the reader
and whoever looks into it know of it. The record's bytes are not repeated: they may be anything.
"""

import json
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import Final

from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True)
class Parked:
    """A record that was passed over: where it stands, why, and what its value is by size and SHA-256."""

    topic: str
    offset: int
    why: str
    size: int
    digest: str
    released: bool = False

    @classmethod
    def of(cls, topic: str, offset: int, why: str, value: bytes | None) -> "Parked":
        """The note of a record."""
        return cls(topic, offset, why, len(value or b""), sha256(value or b"").hexdigest())

    @property
    def key(self) -> str:
        """What names it: the place and the bytes, for a topic that is made anew has its offsets again."""
        return f"{self.topic}@{self.offset}:{self.digest[:16]}"

    def let_go(self) -> "Parked":
        """The same, looked at: no alarm is raised for it again."""
        return replace(self, released=True)

    def text(self) -> bytes:
        """As its topic keeps it."""
        return json.dumps(asdict(self), sort_keys=True).encode()

    @classmethod
    def parse(cls, text: bytes) -> "Parked":
        """Read :meth:`text`. Raises ValueError for anything else: others may write there, and it is shown to people."""
        parked = _FORM.validate_json(text, strict=True)
        if not f"{parked.topic}{parked.why}{parked.digest}".isprintable():
            raise ValueError("it is no note of a parked record")
        return parked


_FORM: Final = TypeAdapter(Parked)
