"""Contract of the audit service."""
