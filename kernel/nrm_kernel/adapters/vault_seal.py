"""How the vault seals: AES-256-GCM under a data key, the data key wrapped under the agency's key (RFC 3394)."""

import base64
import binascii
import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from nrm_kernel.errors import DataLoss, NrmError
from nrm_kernel.vault import BlobAltered, Commitment, Sealed

KEY_BYTES = 32
NONCE_BYTES = 12
_KEY_LINE = re.compile(r"([a-z0-9-]{1,32}) ([A-Za-z0-9+/]{43}=)")


class AgencyKeysInvalid(NrmError):
    """The agency's key file cannot be used."""

    def __init__(self, text: str) -> None:
        super().__init__("AGENCY_KEYS_INVALID", f"{text}. Nothing was started. Bring the keys back as they were made.")


@dataclass(frozen=True, repr=False)
class AgencyKeys:
    """The agency's wrapping keys by name; ``current`` wraps, the others only unwrap what they once wrapped."""

    current: str
    by_name: Mapping[str, bytes]

    @classmethod
    def load(cls, path: Path) -> "AgencyKeys":
        """Read a key file: one ``name base64`` a line, the current key first. Raises AgencyKeysInvalid."""
        matches = [_KEY_LINE.fullmatch(line) for line in path.read_text("ascii", "replace").splitlines()]
        try:
            keys = {match[1]: base64.b64decode(match[2]) for match in matches if match}
        except binascii.Error:
            keys = {}
        if not keys or len(keys) != len(matches):
            raise AgencyKeysInvalid(f"{path}: each line is a name, a space and 32 bytes in base64; no name twice")
        return cls(next(iter(keys)), keys)

    @classmethod
    def generate(cls, name: str) -> "AgencyKeys":
        """A fresh key."""
        return cls(name, {name: os.urandom(KEY_BYTES)})

    def save(self, path: Path) -> None:
        """Write a key file that only its owner may read. Raises FileExistsError rather than lose a key."""
        lines = (f"{name} {base64.b64encode(key).decode()}\n" for name, key in self.by_name.items())
        with open(path, "x", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.writelines(lines)


@dataclass(frozen=True, slots=True, repr=False)
class DataKey:
    """The key of one person and class, and as it is stored."""

    id: str
    key: bytes
    wrapped_by: str
    wrapped: bytes


class Sealer:
    """Seals and opens for one agency."""

    def __init__(self, origin: str, keys: AgencyKeys) -> None:
        self._origin = origin
        self._keys = keys
        self._fingerprinting = HMAC(_mac(list(keys.by_name.values())[-1], b"nrm-fingerprint/v1"), SHA256())

    def new_key(self) -> DataKey:
        """A fresh data key, wrapped under the agency's current key."""
        return self._wrapped(os.urandom(16).hex(), os.urandom(KEY_BYTES))

    def unwrapped(self, key_id: str, wrapped_by: str, wrapped: bytes) -> DataKey:
        """A stored data key. Raises DataLoss when the agency's key does not open it."""
        try:
            return DataKey(key_id, aes_key_unwrap(self._keys.by_name[wrapped_by], wrapped), wrapped_by, wrapped)
        except (InvalidUnwrap, KeyError):
            raise DataLoss(
                "DATA_KEY_UNREADABLE",
                f"The data key {key_id} does not open with the agency's key {wrapped_by}. Check the key file.",
                key=wrapped_by,
            ) from None

    @property
    def current(self) -> str:
        """The name of the agency's key that wraps now."""
        return self._keys.current

    def rewrapped(self, key: DataKey) -> DataKey:
        """The same data key, wrapped under the agency's current key."""
        return self._wrapped(key.id, key.key)

    def _wrapped(self, key_id: str, key: bytes) -> DataKey:
        current = self._keys.current
        return DataKey(key_id, key, current, aes_key_wrap(self._keys.by_name[current], key))

    def seal(self, key: DataKey, data_class: str, content: Sealed) -> tuple[bytes, Commitment]:
        """The sealed bytes and the commitment to them and to their key."""
        nonce = os.urandom(NONCE_BYTES)
        plain = content.reveal()
        blob = nonce + AESGCM(key.key).encrypt(nonce, plain, self._bound_to(key.id, data_class))
        return blob, {
            "class": data_class,
            "h": blob_hash(blob),
            "kc": _key_commitment(key, data_class),
            "dek": key.id,
            "len": len(plain),
        }

    def open(self, key: DataKey, blob: bytes, commitment: Commitment) -> Sealed:
        """The content. Raises BlobAltered unless bytes and key are those that the entry commits to."""
        data_class, named = str(commitment["class"]), str(commitment["h"])
        right = blob_hash(blob) == named and _key_commitment(key, data_class) == commitment["kc"]
        if not right:
            raise BlobAltered(named)
        try:
            plain = AESGCM(key.key).decrypt(blob[:NONCE_BYTES], blob[NONCE_BYTES:], self._bound_to(key.id, data_class))
        except InvalidTag:
            raise BlobAltered(named) from None
        return Sealed(plain)

    def fingerprint(self, content: Sealed) -> bytes:
        """A keyed hash: equal for equal contents, and of no use without the agency's key."""
        fingerprint = self._fingerprinting.copy()
        fingerprint.update(content.reveal())
        return fingerprint.finalize()

    def _bound_to(self, key_id: str, data_class: str) -> bytes:
        return f"nrm-sealed/v1|{self._origin}|{data_class}|{key_id}".encode()


def blob_hash(blob: bytes) -> str:
    """The hash that an entry commits to, in hex."""
    return hashlib.sha256(b"nrm-sealed/v1" + blob).hexdigest()


def _key_commitment(key: DataKey, data_class: str) -> str:
    return _mac(key.key, f"nrm-kc/v1|{key.id}|{data_class}".encode()).hex()


def _mac(key: bytes, of: bytes) -> bytes:
    """HMAC-SHA-256; the standard library looks the hash up by its name each time, which takes longer."""
    mac = HMAC(key, SHA256())
    mac.update(of)
    return mac.finalize()
