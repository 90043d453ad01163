"""An agency's own key, held against the trust file before anything is signed with it."""

from nrm.config import AgencySection
from nrm_kernel.errors import NrmError
from nrm_kernel.ledger.note import SigningKey
from nrm_kernel.ledger.trust import Trusted


class SigningKeyUntrusted(NrmError):
    """What this key signs nobody would believe, and it could not be taken back; nothing was signed."""


def own_key(section: AgencySection, trust: Trusted) -> SigningKey:
    """The key of an agency that the trust file names; by which key of these sizes, :func:`require_trusted` looks.

    Raises NotTrusted for an agency that it does not name, NoteInvalid for a file that holds no key, and OSError.
    """
    trust.organisation(section.origin)
    return SigningKey.from_file(section.signing_key)


def require_trusted(key: SigningKey, section: AgencySection, trust: Trusted, size: int) -> None:
    """That the trust file names this key for a log of this size.

    Raises SigningKeyUntrusted, and NotTrusted for a size that the trust file has no key for.
    """
    named = trust.verifier(section.origin, size)
    if key.verifier() != named:
        raise SigningKeyUntrusted(
            "SIGNING_KEY_UNTRUSTED",
            f"{section.signing_key} is not the key by which the trust file knows {section.origin} at size {size}: "
            f"that is {named.text()}. Nothing was started. Put the right key there, or have this one's public half, "
            f"{key.verifier().text()}, agreed on for the trust file.",
        )
