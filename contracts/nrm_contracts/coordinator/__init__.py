"""Contract of the coordinator service."""
