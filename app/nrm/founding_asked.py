"""Whether what an operator asks to be founded can be an installation: told before anything is written."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from pydantic import TypeAdapter, ValidationError

from nrm.config import KINDS, Address
from nrm_contracts.fields import Origin
from nrm_kernel.errors import NrmError

_ORIGIN: TypeAdapter[str] = TypeAdapter(Origin)
_ADDRESS: TypeAdapter[str] = TypeAdapter(Address)


class FoundingRefused(NrmError):
    """No installation can be so. Nothing was written."""

    def __init__(self, text: str) -> None:
        super().__init__("FOUNDING_REFUSED", f"{text}. Nothing was written.")


def require_agencies(origins: Sequence[str], deployment: str = "") -> None:
    """That these can be agencies of one deployment, the first one's if it is not said. Raises FoundingRefused."""
    for origin in origins:
        try:
            _ORIGIN.validate_python(origin)
        except ValidationError as wrong:
            raise FoundingRefused(f"{origin!r}: {wrong.errors()[0]['msg']}") from wrong
        of, kind, _ = origin.split("/")
        if kind not in KINDS:
            [near] = get_close_matches(kind, KINDS, n=1, cutoff=0.0)
            raise FoundingRefused(f"{origin}: there is no service {kind!r}; nearest: {near!r}")
        deployment = deployment or of
        if of != deployment:
            raise FoundingRefused(f"{origin} is not of the deployment {deployment}; an installation is one deployment")
    if twice := [origin for nth, origin in enumerate(origins) if origin in origins[:nth]]:
        raise FoundingRefused(f"{twice[0]} was named twice")


def require_addresses(addresses: Iterable[str]) -> None:
    """That each is host:port. Raises FoundingRefused."""
    for address in addresses:
        try:
            _ADDRESS.validate_python(address)
        except ValidationError as wrong:
            raise FoundingRefused(f"{address!r} is not host:port") from wrong
