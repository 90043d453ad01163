"""An agency's own key, held against the trust file before anything is signed with it."""

from nrm.config import AgencySection
from nrm_kernel.errors import NrmError
from nrm_kernel.ledger.note import SigningKey
from nrm_kernel.ledger.trust import Trusted


class SigningKeyUntrusted(NrmError):
    """What this key signs nobody would believe, and it could not be taken back; nothing was signed."""


def trusted_key(section: AgencySection, trust: Trusted, size: int) -> SigningKey:
    """The agency's key, which the trust file names for a log of this size.

    Raises SigningKeyUntrusted, NotTrusted for an agency or a size that the trust file has no key for, NoteInvalid for a
    file that holds no key, and OSError.
    """
    key = SigningKey.from_file(section.signing_key)
    named = trust.verifier(section.origin, size)
    if key.verifier() != named:
        raise SigningKeyUntrusted(
            "SIGNING_KEY_UNTRUSTED",
            f"{section.signing_key} is not the key by which the trust file knows {section.origin} at size {size}: "
            f"that is {named.text()}. Nothing was started. Put the right key there, or have this one's public half, "
            f"{key.verifier().text()}, agreed on for the trust file.",
        )
    return key
