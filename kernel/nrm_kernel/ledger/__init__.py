"""Merkle tree, checkpoints and proofs: pure functions over bytes."""
