"""Tamper evidence: the Merkle tree over an origin's entries, signed checkpoints of it, and whose keys are trusted.

Pure: no clock, no files but the trust and key files it is asked to load, and of libraries only `cryptography`.
"""
