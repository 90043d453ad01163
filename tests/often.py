"""How often a property is tried: as often as its test says, or, in a quick run, no oftener than the quick profile."""

import os

from hypothesis import settings

QUICK = os.environ.get("NRM_PROPERTIES") == "quick"


def often(count: int) -> int:
    """The number of examples: ``count``, cut down in a quick run."""
    return min(count, settings.get_profile("quick").max_examples) if QUICK else count
