"""Wire package nrm.audit.v1."""
