"""Contract of the feed service."""
