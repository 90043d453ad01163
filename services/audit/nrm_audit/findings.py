"""What a verification can find, and what follows from it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What is wrong. The words are stable: reports and tools name them."""

    LEAF = "LEAF"  # the bytes of an entry do not hash to what is stored as their hash
    CANON = "CANON"  # the bytes are not an entry in canonical form, or a key stands twice
    POSITION = "POSITION"  # the entry says that it belongs elsewhere, or is filed under what it does not say
    CHAIN = "CHAIN"  # the entry does not continue its stream
    ROOT = "ROOT"  # the entries do not give a root that the agency signed
    SIG = "SIG"  # a checkpoint is not signed by the key that the trust file names
    FORK = "FORK"  # two holders, or two signed checkpoints, contradict each other
    GAP = "GAP"  # positions are missing between others
    MISSING = "MISSING"  # entries that the agency signed for are not there
    BEYOND = "BEYOND"  # entries that no signed checkpoint covers yet
    SEALED = "SEALED"  # sealed data is gone without an erasure, altered, or there in spite of one
    UNREADABLE = "UNREADABLE"  # the file itself cannot be read, or not to its end


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: where, in whose copy, and who contradicts it.

    `position` is the first entry concerned. `certain`: something was altered, removed or forged; otherwise the finding
    only keeps the verifier from telling.
    """

    kind: Kind
    origin: str
    holder: str
    text: str
    position: int | None = None
    contradicted_by: str = ""
    certain: bool = True


KEPT_PER_KIND = 10


@dataclass(slots=True)
class Findings:
    """Collects findings. One altered byte can disturb much: of each kind in each copy the first few are kept."""

    kept: list[Finding] = field(default_factory=list)
    counted: Counter[tuple[Kind, str, str]] = field(default_factory=Counter)

    def add(self, finding: Finding) -> None:
        """Take note of one finding."""
        place = (finding.kind, finding.origin, finding.holder)
        self.counted[place] += 1
        if self.counted[place] <= KEPT_PER_KIND:
            self.kept.append(finding)

    def unkept(self) -> Iterator[tuple[Kind, str, str, int]]:
        """Kind, origin, holder and number of findings beyond those kept."""
        for (kind, origin, holder), count in self.counted.items():
            if count > KEPT_PER_KIND:
                yield kind, origin, holder, count - KEPT_PER_KIND
