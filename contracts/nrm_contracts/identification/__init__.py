"""Contract of the identification service."""
