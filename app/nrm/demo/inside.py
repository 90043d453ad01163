"""Calls inside this process: all that a call over the wire passes, but the wire."""

from nrm.embedded import House
from nrm_kernel.identity import Caller


class Inside:
    """Calls the agencies of a house, also while they listen nowhere."""

    def __init__(self, house: House) -> None:
        self._servers = {one.agency.origin: one.server for one in house.housed}

    async def call(self, agency: str, path: str, raw: bytes, caller: Caller) -> bytes:
        """Call a method with one answer. Raises NrmError."""
        return await self._servers[agency].call(path, raw, caller)
