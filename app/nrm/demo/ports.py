"""The demo's ports: always the same ones, so that what is written down about it works, unless somebody has them."""

import socket
from contextlib import ExitStack
from typing import TypeVar

from nrm.config import AgencySection, Config

FIRST_PORT = 7443
"""Of the first agency; the others follow in their order."""

C = TypeVar("C", bound=Config)


class Ports(ExitStack):
    """Holds the agencies' ports from the beginning, so that nobody else gets them before they are listened on."""

    def held(self, config: C) -> C:
        """The same, but an agency whose port is taken gets any that is free; the screen says which."""
        return config.model_copy(update={"agency": tuple(map(self._held, config.agency))})

    def let_go(self) -> None:
        """They are listened on now."""
        self.close()

    def _held(self, agency: AgencySection) -> AgencySection:
        host, _, wanted = agency.listen.rpartition(":")
        try:
            taken = socket.create_server((host, int(wanted)))
        except OSError:
            taken = socket.create_server((host, 0))
        port = self.enter_context(taken).getsockname()[1]
        return agency.model_copy(update={"listen": f"{host}:{port}"})
