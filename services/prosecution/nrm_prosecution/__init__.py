"""Prosecution: an agency service that decides."""
