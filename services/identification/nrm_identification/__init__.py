"""Identification: an agency service that decides."""
