"""Wire package nrm.vault.v1."""
