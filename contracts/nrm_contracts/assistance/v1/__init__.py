"""Wire package nrm.assistance.v1."""
