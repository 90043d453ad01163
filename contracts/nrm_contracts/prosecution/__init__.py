"""Contract of the prosecution service."""
