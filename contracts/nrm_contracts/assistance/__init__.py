"""Contract of the assistance service."""
