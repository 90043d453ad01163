"""The Merkle tree of RFC 6962 section 2.1 (the same tree as RFC 9162), over SHA-256.

A log never holds its whole tree: the `Frontier` (one subtree root for each bit set in the size) is enough to append and
to state the root. Proofs are made from the leaf hashes when somebody asks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """Hash of one entry exactly as stored: SHA-256(0x00 || entry)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node: SHA-256(0x01 || left || right)."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """The right edge of a tree of `size` leaves: roots of its perfect subtrees, largest first."""

    size: int = 0
    nodes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.nodes) != self.size.bit_count():
            raise ValueError(f"a frontier of size {self.size} cannot have {len(self.nodes)} nodes")

    def append(self, leaf: bytes) -> Self:
        """The frontier after one more leaf hash."""
        return self.extend((leaf,))

    def extend(self, leaves: Sequence[bytes]) -> Self:
        """The frontier after more leaf hashes: binary addition, where a carry joins two subtrees of equal height."""
        older, rising = list(self.nodes), list(leaves)
        kept: list[bytes] = []
        level = 0
        while rising:  # above where nothing rises any more, the subtrees stay as they are
            if self.size >> level & 1:
                rising.insert(0, older.pop())
            if len(rising) & 1:
                kept.append(rising.pop())
            rising = [
                sha256(b"\x01" + left + right).digest() for left, right in zip(rising[::2], rising[1::2], strict=True)
            ]
            level += 1
        return type(self)(self.size + len(leaves), (*older, *reversed(kept)))

    def root(self) -> bytes:
        """The tree's root hash; SHA-256 of nothing for the empty tree."""
        if not self.nodes:
            return EMPTY_ROOT
        *larger, root = self.nodes
        for node in reversed(larger):
            root = node_hash(node, root)
        return root

    def to_bytes(self) -> bytes:
        """Eight bytes of size (big-endian), then the nodes, largest subtree first."""
        return self.size.to_bytes(8, "big") + b"".join(self.nodes)

    @classmethod
    def from_bytes(cls, stored: bytes) -> Self:
        """Read `to_bytes` back. Raises ValueError for bytes that are no frontier."""
        nodes = tuple(stored[at : at + HASH_BYTES] for at in range(8, len(stored), HASH_BYTES))
        if len(stored) < 8 or any(len(node) != HASH_BYTES for node in nodes):
            raise ValueError(f"{len(stored)} bytes are not a stored frontier")
        return cls(int.from_bytes(stored[:8], "big"), nodes)


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over these leaf hashes."""
    return Frontier().extend(leaves).root()


def inclusion_proof(index: int, leaves: Sequence[bytes]) -> tuple[bytes, ...]:
    """Sibling hashes from leaf `index` up to the root (RFC 6962 section 2.1.1). Raises IndexError outside the tree."""
    if not 0 <= index < len(leaves):
        raise IndexError(f"leaf {index} is not in a tree of {len(leaves)} leaves")
    if len(leaves) == 1:
        return ()
    split = _split(len(leaves))
    left, right = leaves[:split], leaves[split:]
    if index < split:
        return (*inclusion_proof(index, left), root_of(right))
    return (*inclusion_proof(index - split, right), root_of(left))


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether `proof` shows `leaf` at `index` in the tree of this size and root (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    here, last, computed = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if here & 1 or here == last:
            computed = node_hash(sibling, computed)
            here, last = _past_missing_siblings(here, last)
        else:
            computed = node_hash(computed, sibling)
        here, last = here >> 1, last >> 1
    return last == 0 and computed == root


def consistency_proof(old_size: int, leaves: Sequence[bytes]) -> tuple[bytes, ...]:
    """Hashes showing that the tree of the first `old_size` leaves is a prefix of this one (RFC 6962 section 2.1.2).

    Raises IndexError when the older tree is empty (nothing to prove) or larger than this one.
    """
    if not 0 < old_size <= len(leaves):
        raise IndexError(f"no tree of {old_size} leaves to compare with one of {len(leaves)}")
    return _subproof(old_size, leaves, known=True)


def verify_consistency(old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that the newer tree only appended to the older one (RFC 9162 section 2.1.4.2)."""
    if not 0 < old_size <= new_size:
        return False
    if old_size == new_size:
        return not proof and old_root == new_root
    path = [old_root, *proof] if old_size.bit_count() == 1 else list(proof)
    if not path:
        return False
    here, last = _past_whole_subtrees(old_size - 1, new_size - 1)
    old_computed = new_computed = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            old_computed, new_computed = node_hash(sibling, old_computed), node_hash(sibling, new_computed)
            here, last = _past_missing_siblings(here, last)
        else:
            new_computed = node_hash(new_computed, sibling)
        here, last = here >> 1, last >> 1
    return last == 0 and old_computed == old_root and new_computed == new_root


def _split(size: int) -> int:
    """The largest power of two smaller than `size`."""
    return 1 << (size - 1).bit_length() - 1


def _subproof(old_size: int, leaves: Sequence[bytes], *, known: bool) -> tuple[bytes, ...]:
    """`known`: the verifier holds the root of exactly these leaves already, so it is left out of the proof."""
    if old_size == len(leaves):
        return () if known else (root_of(leaves),)
    split = _split(len(leaves))
    left, right = leaves[:split], leaves[split:]
    if old_size <= split:
        return (*_subproof(old_size, left, known=known), root_of(right))
    return (*_subproof(old_size - split, right, known=False), root_of(left))


def _past_missing_siblings(here: int, last: int) -> tuple[int, int]:
    """A node at the right edge without a sibling rises until it is a right child."""
    while here and not here & 1:
        here, last = here >> 1, last >> 1
    return here, last


def _past_whole_subtrees(here: int, last: int) -> tuple[int, int]:
    """Rise to the largest subtree that ended with the older tree: the proof starts there."""
    while here & 1:
        here, last = here >> 1, last >> 1
    return here, last
