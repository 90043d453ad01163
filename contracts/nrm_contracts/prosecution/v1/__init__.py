"""Wire package nrm.prosecution.v1."""
