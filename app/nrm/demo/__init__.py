"""`nrm demo`: a country with nine agencies, three years of invented history, and new events as they come."""

from time import perf_counter

STARTED_S = perf_counter()
"""When the demo began, for telling how long it took to the first screen."""
