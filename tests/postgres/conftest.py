"""Processes that write to a database and are killed or stopped."""

from tests.faults.conftest import zygote

__all__ = ["zygote"]
