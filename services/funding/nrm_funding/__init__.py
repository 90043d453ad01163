"""Funding: an agency service that decides."""
