"""Wire package nrm.identification.v1."""
