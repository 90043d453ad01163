"""The demo's ports: always the same ones, so that what is written down about it works, unless somebody has them."""

import socket

from nrm.config import AgencySection, Config

FIRST_PORT = 7443
"""Of the first agency; the others follow in their order."""


def on_free_ports(config: Config) -> Config:
    """The same, but an agency whose port is taken listens on any that is free; the screen says which."""
    return config.model_copy(update={"agency": tuple(map(_on_a_free_port, config.agency))})


def _on_a_free_port(agency: AgencySection) -> AgencySection:
    host, _, port = agency.listen.rpartition(":")
    try:
        with socket.create_server((host, int(port))):
            return agency
    except OSError:
        return agency.model_copy(update={"listen": f"{host}:0"})
