"""Wire package nrm.feed.v1."""
