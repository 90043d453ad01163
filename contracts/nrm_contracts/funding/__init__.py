"""Contract of the funding service."""
