"""The pathways' deployment serves these tests too."""

from tests.pathways.conftest import deployment

__all__ = ["deployment"]
