"""Assistance: an agency service that decides."""
