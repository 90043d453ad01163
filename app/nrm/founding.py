"""Founding a deployment: fresh keys, a trust file and a configuration for a list of agencies, in one folder.

For trying things out and for tests. In a real installation each agency makes its own keys and hands over the public
halves, and the trust file is agreed between them.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tomli_w

from nrm.config import CONFIG, DEMO
from nrm_contracts.codes import code_list
from nrm_kernel.adapters.vault_seal import AgencyKeys
from nrm_kernel.identity import service_of
from nrm_kernel.ledger.note import SigningKey
from nrm_kernel.ledger.trust import Trust, TrustedKey, TrustedOrigin

__all__ = ["CONFIG", "found"]

USUAL = {
    "assistance": "ngo",
    "prosecution": "prosecution",
    "funding": "funder",
    "coordinator": "coordinator",
    "audit": "auditor",
}
"""What an agency with such a service mostly is; identification agencies are of many kinds."""


def found(folder: Path, origins: Sequence[str], policy: Path, first_port: int = 0) -> Path:
    """Make the files of a new deployment of these agencies; gives the configuration's path.

    Agencies listen on loopback, on ports from ``first_port`` on, or on whatever is free when it is 0. Raises
    FileExistsError rather than write over anything.
    """
    homes = founded_keys(folder, origins)
    deployment = origins[0].split("/")[0]
    config = folder / CONFIG
    written = {
        "deployment": deployment,
        **({} if deployment == DEMO else {"development": True}),
        "policy": str(policy),
        "trust": "trust.toml",
        "log": "log.sqlite",
        "agency": [
            section(origin, homes[origin], first_port + nth if first_port else 0) for nth, origin in enumerate(origins)
        ],
    }
    config.write_text(tomli_w.dumps(written), "utf-8")
    return config


def founded_keys(folder: Path, origins: Sequence[str]) -> dict[str, str]:
    """Keys of these agencies, each in a folder of its own, and the trust file; gives the names of the folders.

    Raises FileExistsError rather than write over anything.
    """
    folder.mkdir(parents=True, exist_ok=True)
    homes = {origin: "-".join(origin.split("/")[1:]) for origin in origins}
    logs = []
    for origin, home in homes.items():
        (folder / home).mkdir()
        key = SigningKey.generate(origin)
        write_secret(folder / home / "signing.key", key.text())
        AgencyKeys.generate("1").save(folder / home / "vault.key")
        logs.append(trusted(origin, key))
    (folder / "trust.toml").write_text(Trust(origins[0].split("/")[0], tuple(logs)).render(), "utf-8")
    return homes


def trusted(origin: str, key: SigningKey, organisation: str = "") -> TrustedOrigin:
    """What the trust file of a new deployment says of an agency.

    Where nobody says what kind of organisation it is, it is written down as what its name begins with, or as what is
    usual; put it right in the file where it is something else.
    """
    return TrustedOrigin(origin, (TrustedKey(key.verifier()),), organisation=organisation or _guessed(origin))


def _guessed(origin: str) -> str:
    name = origin.rpartition("/")[2].replace("-", "_") + "_"
    fitting = [kind for kind in code_list("org_kind") if name.startswith(f"{kind}_")]
    return max(fitting, key=len, default=USUAL.get(service_of(origin), "other"))


def section(origin: str, home: str, port: int) -> dict[str, Any]:
    """The part of a configuration about an agency on this machine."""
    return {
        "origin": origin,
        "folder": home,
        "listen": f"127.0.0.1:{port}",
        "signing_key": f"{home}/signing.key",
        "vault_key": f"{home}/vault.key",
    }


def write_secret(path: Path, text: str) -> None:
    """A new file for its owner alone. Raises FileExistsError."""
    with open(path, "x", encoding="ascii", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(text)
