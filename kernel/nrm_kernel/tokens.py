"""Officer tokens: who acts for an agency, in which roles and for what, signed by that agency for ten minutes at most.

A token is a JWT (RFC 7519) signed with Ed25519 (RFC 8037, RFC 9864): ``iss`` the agency, ``aud`` the origin it is meant
for, ``sub`` the officer's pseudonym, ``roles``, ``purpose``, ``exp``, ``jti``. Public keys come from a keys file alone:

    [[key]]
    agency = "demo/identification/police-north"
    public = "l7pO1_lZeDY3r0IlDujvKAnoRLtm7LH9z-yNbC-wcmg"       # the 32 bytes, base64url without padding
"""

import re
import tomllib
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

from nrm_kernel.clock import Clock
from nrm_kernel.errors import NrmError, Unauthenticated
from nrm_kernel.identity import Caller
from nrm_kernel.ids import new_ref

ALGORITHM = "Ed25519"
LIFETIME_MAX = timedelta(minutes=10)
CLOCK_SKEW = timedelta(seconds=30)
CACHED_MAX = 10_000
TOKEN_BYTES_MAX = 4_096
_PSEUDONYM = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_CODE = re.compile(r"[a-z0-9_]{1,64}")
_PUBLIC = re.compile(r"[A-Za-z0-9_-]{43}")


class KeysInvalid(NrmError):
    """The keys file cannot be used; the text says where and why."""

    def __init__(self, text: str) -> None:
        super().__init__("OFFICER_KEYS_INVALID", text)


@dataclass(frozen=True, slots=True)
class Vouched:
    """A caller and the moment until which the proof of who it is holds, in seconds since 1970."""

    caller: Caller
    until: float


@dataclass(frozen=True)
class OfficerKeys:
    """The keys with which each agency signs the tokens of its officers."""

    by_agency: Mapping[str, KeySet]

    @classmethod
    def load(cls, path: Path) -> "OfficerKeys":
        """Read a keys file. Raises KeysInvalid naming it, OSError when it cannot be read."""
        try:
            return cls.parse(path.read_text("utf-8"))
        except (KeysInvalid, UnicodeDecodeError) as fault:
            raise KeysInvalid(f"{path}: {fault}") from fault

    @classmethod
    def parse(cls, text: str) -> "OfficerKeys":
        """Read a keys file's text. Raises KeysInvalid."""
        try:
            document = tomllib.loads(text)
        except tomllib.TOMLDecodeError as fault:
            raise KeysInvalid(f"not TOML: {fault}") from fault
        tables = document.get("key")
        if document.keys() != {"key"} or not isinstance(tables, list) or not all(type(one) is dict for one in tables):
            raise KeysInvalid("it holds tables [[key]], at least one, and nothing else")
        by_agency: dict[str, list[OKPKey]] = {}
        for nth, table in enumerate(tables, start=1):
            agency, public = table.get("agency"), table.get("public")
            if table.keys() != {"agency", "public"} or not isinstance(agency, str) or not isinstance(public, str):
                raise KeysInvalid(f'[[key]] number {nth} has exactly the keys "agency" and "public", both texts')
            by_agency.setdefault(agency, []).append(_public_key(public, nth))
        return cls({agency: KeySet(list(keys)) for agency, keys in by_agency.items()})


def _public_key(public: str, nth: int) -> OKPKey:
    if not _PUBLIC.fullmatch(public):
        raise KeysInvalid(f'[[key]] number {nth}: "public" is not 32 bytes in base64url without padding')
    try:
        key = OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": public})
    except (JoseError, ValueError) as fault:
        raise KeysInvalid(f'[[key]] number {nth}: "public" is no Ed25519 key') from fault
    key.ensure_kid()
    return key


class TokenSigner:
    """Signs tokens for officers of one agency; the private half of a line in the keys file."""

    def __init__(self, agency: str, clock: Clock, key: OKPKey | None = None) -> None:
        self._agency = agency
        self._clock = clock
        self._key = key or OKPKey.generate_key("Ed25519")
        self._key.ensure_kid()

    def keys_file(self) -> str:
        """The lines that make this signer known."""
        return f'[[key]]\nagency = "{self._agency}"\npublic = "{self._key.as_dict(private=False)["x"]}"\n'

    def sign(
        self, officer: str, roles: Collection[str], purpose: str, audience: str, lifetime: timedelta = LIFETIME_MAX
    ) -> str:
        """A token for calls to the service of ``audience``."""
        claims = {
            "iss": self._agency,
            "aud": audience,
            "sub": officer,
            "roles": sorted(roles),
            "purpose": purpose,
            "exp": int((self._clock.now() + lifetime).timestamp()),
            "jti": new_ref(),
        }
        header = {"alg": ALGORITHM, "kid": self._key.kid}
        return jwt.encode(header, claims, self._key, algorithms=[ALGORITHM])


class OfficerTokens:
    """Checks tokens presented to one origin. A token that was found good is believed until it ends."""

    def __init__(self, origin: str, keys: OfficerKeys, clock: Clock) -> None:
        self._origin = origin
        self._keys = keys
        self._clock = clock
        self._good: OrderedDict[tuple[str, str], Vouched] = OrderedDict()

    def vouched(self, token: str, agency: str) -> Vouched:
        """The officer whom ``agency``, proven by its certificate, vouches for. Raises Unauthenticated."""
        now = self._clock.now().timestamp()
        known = self._good.get((agency, token))
        if known is None:
            known = self._checked(token, agency, now)
            self._good[agency, token] = known
            if len(self._good) > CACHED_MAX:
                self._good.popitem(last=False)
        if known.until <= now:
            self._good.pop((agency, token), None)
            raise _refused("TOKEN_EXPIRED", "The officer's token has ended; get a new one")
        return known

    def _checked(self, token: str, agency: str, now: float) -> Vouched:
        claims = self._signed_claims(token, agency)
        if claims.get("iss") != agency:
            raise _refused("TOKEN_OF_OTHER_AGENCY", "The officer's token was not issued by the agency that calls")
        if claims.get("aud") != self._origin:
            raise _refused("TOKEN_FOR_OTHER_AUDIENCE", f"The officer's token is not meant for {self._origin}")
        until = claims.get("exp")
        if not isinstance(until, int) or until > now + (LIFETIME_MAX + CLOCK_SKEW).total_seconds():
            raise _refused("TOKEN_LIFETIME", "The officer's token has no end or ends more than ten minutes from now")
        return Vouched(_caller(claims, agency), until)

    def _signed_claims(self, token: str, agency: str) -> Mapping[str, object]:
        keys = self._keys.by_agency.get(agency)
        if keys is None or len(token) > TOKEN_BYTES_MAX:
            raise _refused("TOKEN_INVALID", "The officer's token is not signed by a key known for the calling agency")
        try:
            decoded = jwt.decode(token, keys, algorithms=[ALGORITHM])
        except (JoseError, ValueError, TypeError, RecursionError) as fault:
            text = "The officer's token is not signed by a key known for the calling agency"
            raise _refused("TOKEN_INVALID", text) from fault
        return decoded.claims


def _caller(claims: Mapping[str, object], agency: str) -> Caller:
    officer, purpose, roles = claims.get("sub"), claims.get("purpose"), claims.get("roles")
    if not (isinstance(roles, list) and isinstance(claims.get("jti"), str) and is_officer(officer, roles, purpose)):
        raise _refused("TOKEN_INVALID", "The officer's token lacks sub (a pseudonym), roles, purpose or jti")
    return Caller(agency, str(officer), frozenset(roles), str(purpose))


def is_officer(officer: object, roles: Iterable[object], purpose: object) -> bool:
    """Whether these are a pseudonym, codes of roles and the code of a purpose: no name, which entries would keep."""
    codes = (purpose, *roles)
    return (
        isinstance(officer, str)
        and _PSEUDONYM.fullmatch(officer) is not None
        and all(isinstance(code, str) and _CODE.fullmatch(code) for code in codes)
    )


def _refused(reason: str, text: str) -> Unauthenticated:
    return Unauthenticated(reason, f"{text}. Nothing was done.")
