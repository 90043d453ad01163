"""The Merkle tree against the published RFC 6962 vectors, against the recursive definition, and against forgeries."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrm_kernel.ledger import merkle
from nrm_kernel.ledger.merkle import Frontier

# Certificate Transparency's published test leaves and the roots of the trees of the first 1 to 8 of them.
CT_LEAVES = [
    bytes.fromhex(leaf)
    for leaf in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
CT_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]

sizes = st.integers(1, 300)


def leaves_of(count: int) -> list[bytes]:
    return [merkle.leaf_hash(b"entry %d" % number) for number in range(count)]


def defined_root(leaves: list[bytes]) -> bytes:
    """RFC 6962 section 2.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + defined_root(leaves[:split]) + defined_root(leaves[split:])).digest()


@pytest.mark.parametrize("size", range(1, 9))
def test_the_published_trees_have_the_published_roots(size: int) -> None:
    leaves = [merkle.leaf_hash(leaf) for leaf in CT_LEAVES[:size]]
    assert merkle.root_of(leaves).hex() == CT_ROOTS[size - 1]


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert Frontier().root() == sha256(b"").digest()


def test_a_published_inclusion_proof_is_made_and_verified() -> None:
    leaves = [merkle.leaf_hash(leaf) for leaf in CT_LEAVES]
    proof = merkle.inclusion_proof(5, leaves)
    assert [node.hex() for node in proof] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    assert merkle.verify_inclusion(leaves[5], 5, 8, proof, bytes.fromhex(CT_ROOTS[7]))


def test_the_frontier_gives_the_defined_root_at_every_size_up_to_300() -> None:
    leaves = leaves_of(300)
    frontier = Frontier()
    for size, leaf in enumerate(leaves, start=1):
        frontier = frontier.append(leaf)
        assert (frontier.size, frontier.root()) == (size, defined_root(leaves[:size]))


@given(st.integers(0, 300), st.lists(st.integers(0, 70), max_size=12))
def test_extending_in_any_portions_equals_appending_one_by_one(first: int, portions: list[int]) -> None:
    leaves = leaves_of(first + sum(portions))
    frontier = Frontier().extend(leaves[:first])
    for portion in portions:
        frontier = frontier.extend(leaves[frontier.size : frontier.size + portion])
    one_by_one = Frontier()
    for leaf in leaves:
        one_by_one = one_by_one.append(leaf)
    assert frontier == one_by_one


@given(st.integers(0, 2000))
def test_a_stored_frontier_reads_back_equal(size: int) -> None:
    frontier = Frontier().extend(leaves_of(size))
    assert Frontier.from_bytes(frontier.to_bytes()) == frontier


@pytest.mark.parametrize(
    "stored", [b"", b"\0" * 7, b"\0" * 8 + b"x" * 32, b"\0" * 7 + b"\1" + b"x" * 31, b"\0" * 7 + b"\3" + b"x" * 32]
)
def test_bytes_that_are_no_frontier_are_refused(stored: bytes) -> None:
    with pytest.raises(ValueError, match="frontier"):
        Frontier.from_bytes(stored)


@given(sizes, st.data())
def test_every_leaf_is_proven_in_its_place_and_in_no_other(size: int, data: st.DataObject) -> None:
    leaves, index = leaves_of(size), data.draw(st.integers(0, size - 1))
    root, proof = merkle.root_of(leaves), merkle.inclusion_proof(index, leaves)
    assert merkle.verify_inclusion(leaves[index], index, size, proof, root)
    elsewhere = data.draw(st.integers(-1, size).filter(lambda other: other != index))
    assert not merkle.verify_inclusion(leaves[index], elsewhere, size, proof, root)


@given(sizes, st.data())
def test_a_changed_inclusion_proof_leaf_or_root_is_not_believed(size: int, data: st.DataObject) -> None:
    leaves, index = leaves_of(size), data.draw(st.integers(0, size - 1))
    root, proof = merkle.root_of(leaves), merkle.inclusion_proof(index, leaves)
    other = merkle.leaf_hash(b"never recorded")
    assert not merkle.verify_inclusion(other, index, size, proof, root)
    assert not merkle.verify_inclusion(leaves[index], index, size, proof, other)
    assert not merkle.verify_inclusion(leaves[index], index, size, (*proof, other), root)
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        assert not merkle.verify_inclusion(leaves[index], index, size, (*proof[:at], other, *proof[at + 1 :]), root)
        assert not merkle.verify_inclusion(leaves[index], index, size, proof[:-1], root)


@given(sizes, st.data())
def test_growth_is_proven_and_rewriting_is_not(size: int, data: st.DataObject) -> None:
    leaves, old_size = leaves_of(size), data.draw(st.integers(1, size))
    old_root, new_root = merkle.root_of(leaves[:old_size]), merkle.root_of(leaves)
    proof = merkle.consistency_proof(old_size, leaves)
    assert merkle.verify_consistency(old_size, old_root, size, new_root, proof)
    rewritten = merkle.root_of([*leaves[: old_size - 1], merkle.leaf_hash(b"rewritten")])
    assert not merkle.verify_consistency(old_size, rewritten, size, new_root, proof)
    assert not merkle.verify_consistency(old_size, old_root, size, rewritten, proof)
    assert not merkle.verify_consistency(old_size, old_root, size, new_root, (*proof, old_root))


@given(sizes, st.data())
def test_a_changed_consistency_proof_is_not_believed(size: int, data: st.DataObject) -> None:
    leaves, old_size = leaves_of(size), data.draw(st.integers(1, size))
    old_root, new_root = merkle.root_of(leaves[:old_size]), merkle.root_of(leaves)
    proof = merkle.consistency_proof(old_size, leaves)
    forged = merkle.leaf_hash(b"never recorded")
    for at in range(len(proof)):
        assert not merkle.verify_consistency(
            old_size, old_root, size, new_root, (*proof[:at], forged, *proof[at + 1 :])
        )
        assert not merkle.verify_consistency(old_size, old_root, size, new_root, proof[:at])


def test_proofs_about_what_is_not_in_the_tree_are_refused() -> None:
    leaves = leaves_of(5)
    for index in (-1, 5):
        with pytest.raises(IndexError, match="not in a tree of 5"):
            merkle.inclusion_proof(index, leaves)
    for old_size in (0, 6):
        with pytest.raises(IndexError, match="to compare with one of 5"):
            merkle.consistency_proof(old_size, leaves)
    assert not merkle.verify_consistency(0, merkle.EMPTY_ROOT, 5, merkle.root_of(leaves), ())
    assert not merkle.verify_consistency(6, merkle.root_of(leaves), 5, merkle.root_of(leaves), ())
