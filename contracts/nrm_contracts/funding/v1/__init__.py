"""Wire package nrm.funding.v1."""
