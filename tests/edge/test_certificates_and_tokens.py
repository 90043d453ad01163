"""Who calls: real certificates and tokens against a real server with TLS."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import grpc
import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey

from nrm_kernel.errors import Unauthenticated
from nrm_kernel.reactions import StoreLookup
from nrm_kernel.rpc_gate import Limits
from nrm_kernel.rpc_identity import Certificates, MutualTls, Revoked
from nrm_kernel.testing import serving, toy_door
from nrm_kernel.testing.certificates import Authority, Certified
from nrm_kernel.testing.serving import Agency, Outcome, SetClock, outcome, stream_outcome
from nrm_kernel.testing.toy_door import AGENCIES, ORIGIN, OTHER, message, path
from nrm_kernel.tokens import OfficerKeys, OfficerTokens, TokenSigner

CODE = grpc.StatusCode
GET = message("GetBoatRequest", person_ref="0" * 32).SerializeToString()
WATCH = message("WatchBoatsRequest", count=10_000).SerializeToString()
ADDRESS = "localhost:0"


@dataclass
class Scene:
    """A server with TLS, its authority, and the signers of two agencies."""

    port: int
    authority: Authority
    clock: SetClock
    signer: TokenSigner
    other_signer: TokenSigner
    revoked: Path
    folder: Path

    def token(self, **changes: object) -> str:
        given = {"officer": "officer-1", "roles": ["case_worker"], "purpose": "assist", "audience": ORIGIN, **changes}
        return self.signer.sign(**given)  # type: ignore[arg-type]  # wrong claims are tried

    async def call(self, client: Certified | None, token: str | None) -> Outcome:
        metadata = (("nrm-token", token),) if token is not None else ()
        async with self.authority.channel(self.port, client) as channel:
            return await outcome(channel, path("GetBoat"), GET, metadata, timeout_s=60)


@asynccontextmanager
async def opened(agency: Agency, folder: Path) -> AsyncIterator[Scene]:
    clock = SetClock(datetime.now(UTC))
    authority = Authority(clock.now())
    signer, other_signer = TokenSigner(ORIGIN, clock), TokenSigner(OTHER, clock)
    keys = OfficerKeys.parse(signer.keys_file() + other_signer.keys_file())
    revoked = folder / "revoked.txt"
    revoked.write_text("# serial numbers\n")
    certificates = Certificates("toy", AGENCIES, clock, Revoked(revoked, clock))
    entrance = MutualTls(ADDRESS, authority.files(folder), certificates, OfficerTokens(ORIGIN, keys, clock))
    doors = [toy_door.door(StoreLookup(agency.store), pause_s=0.001)]
    limits = Limits(proof_recheck_s=0.05)
    async with serving.served(
        agency.office, doors, entrance=entrance, limits=limits, tables={"boats": toy_door.table()}
    ) as port:
        yield Scene(port, authority, clock, signer, other_signer, revoked, folder)


@pytest.fixture
async def scene(agency: Agency, tmp_path: Path) -> AsyncIterator[Scene]:
    async with opened(agency, tmp_path) as one:
        yield one


async def test_an_agency_with_its_certificate_and_an_officers_token_is_served(scene: Scene) -> None:
    assert (await scene.call(scene.authority.agency(ORIGIN), scene.token())).code is CODE.NOT_FOUND


async def test_without_a_certificate_or_with_another_authoritys_there_is_no_connection(scene: Scene) -> None:
    stranger = Authority(scene.clock.now()).agency(ORIGIN)
    ended = scene.authority.client(f"spiffe://{ORIGIN}", ends=scene.clock.now() - timedelta(minutes=1))
    for client in (None, stranger, ended):
        assert (await scene.call(client, scene.token())).code is CODE.UNAVAILABLE
    async with grpc.aio.insecure_channel(f"localhost:{scene.port}") as channel:
        assert (await outcome(channel, path("GetBoat"), GET, timeout_s=60)).code is CODE.UNAVAILABLE


@pytest.mark.parametrize(
    ("uris", "reason"),
    [
        ((), "CERTIFICATE_URI"),
        ((f"spiffe://{ORIGIN}", f"spiffe://{OTHER}"), "CERTIFICATE_URI"),
        ((f"https://{ORIGIN}",), "CERTIFICATE_OF_OTHER_DEPLOYMENT"),
        (("spiffe://elsewhere/boats/north",), "CERTIFICATE_OF_OTHER_DEPLOYMENT"),
        (("spiffe://toy/boats/unknown",), "AGENCY_UNKNOWN"),
        ((f"spiffe://{ORIGIN}/",), "AGENCY_UNKNOWN"),
    ],
    ids=["no URI", "two URIs", "no SPIFFE id", "other trust domain", "unknown agency", "longer path"],
)
async def test_a_certificate_that_names_no_agency_is_not_served(
    scene: Scene, uris: tuple[str, ...], reason: str
) -> None:
    result = await scene.call(scene.authority.client(*uris, dns=["toy.example.org"]), scene.token())
    assert (result.code, result.reason) == (CODE.UNAUTHENTICATED, reason)


async def test_a_certificate_that_ends_or_is_revoked_while_connected_is_not_served(scene: Scene) -> None:
    client = scene.authority.client(f"spiffe://{ORIGIN}", ends=scene.clock.now() + timedelta(minutes=5))
    async with scene.authority.channel(scene.port, client) as channel:
        assert (await outcome(channel, path("GetBoat"), GET, (("nrm-token", scene.token()),))).code is CODE.NOT_FOUND
        scene.revoked.write_text(f"{client.serial:x}  # lost laptop\n")
        scene.clock.moment += timedelta(seconds=6)
        revoked = await outcome(channel, path("GetBoat"), GET, (("nrm-token", scene.token()),))
        assert (revoked.code, revoked.reason) == (CODE.UNAUTHENTICATED, "CERTIFICATE_REVOKED")
        scene.revoked.unlink()  # a lost file brings no certificate back
        scene.clock.moment += timedelta(seconds=6)
        assert (await outcome(channel, path("GetBoat"), GET, (("nrm-token", scene.token()),))).reason == revoked.reason
        scene.clock.moment += timedelta(minutes=5)
        ended = await outcome(channel, path("GetBoat"), GET, (("nrm-token", scene.token()),))
        assert (ended.code, ended.reason) == (CODE.UNAUTHENTICATED, "CERTIFICATE_NOT_VALID_NOW")


def forged(key: OKPKey | OctKey, algorithm: str, **changes: object) -> Callable[[Scene], str]:
    def sign(scene: Scene) -> str:
        claims = {
            "iss": ORIGIN,
            "aud": ORIGIN,
            "sub": "officer-1",
            "roles": ["case_worker"],
            "purpose": "assist",
            "exp": int(scene.clock.now().timestamp()) + 60,
            "jti": "1",
            **changes,
        }
        return jwt.encode({"alg": algorithm}, claims, key, algorithms=[algorithm])

    return sign


def unsigned(scene: Scene) -> str:
    _, claims, _ = scene.token().split(".")
    return f"eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{claims}."


def of_other_agency(scene: Scene) -> str:
    return scene.other_signer.sign("officer-1", ["case_worker"], "assist", ORIGIN)


def altered(scene: Scene) -> str:
    head, claims, signature = scene.token().split(".")
    return f"{head}.{claims}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda _scene: None, "TOKEN_MISSING"),
        (lambda _scene: "", "TOKEN_INVALID"),
        (lambda _scene: "a.b.c", "TOKEN_INVALID"),
        (lambda _scene: "x" * 5_000, "TOKEN_INVALID"),
        (altered, "TOKEN_INVALID"),
        (unsigned, "TOKEN_INVALID"),
        (forged(OKPKey.generate_key("Ed25519"), "Ed25519"), "TOKEN_INVALID"),
        (forged(OctKey.import_key("secret" * 8), "HS256"), "TOKEN_INVALID"),
        (of_other_agency, "TOKEN_INVALID"),
        (lambda scene: scene.token(audience=OTHER), "TOKEN_FOR_OTHER_AUDIENCE"),
        (lambda scene: scene.token(lifetime=timedelta(minutes=-1)), "TOKEN_EXPIRED"),
        (lambda scene: scene.token(lifetime=timedelta(hours=1)), "TOKEN_LIFETIME"),
        (lambda scene: scene.token(officer="Real Name"), "TOKEN_INVALID"),
        (lambda scene: scene.token(roles=["Case Worker"]), "TOKEN_INVALID"),
        (lambda scene: scene.token(purpose=""), "TOKEN_INVALID"),
    ],
    ids=[
        "missing",
        "empty",
        "no token",
        "too long",
        "altered",
        "unsigned",
        "unknown key",
        "secret for a key",
        "other agency's",
        "other audience",
        "ended",
        "too long-lived",
        "a name",
        "no code",
        "no purpose",
    ],
)
async def test_a_token_that_proves_nothing_is_not_served(
    scene: Scene, make: Callable[[Scene], str | None], reason: str
) -> None:
    result = await scene.call(scene.authority.agency(ORIGIN), make(scene))
    assert (result.code, result.reason) == (CODE.UNAUTHENTICATED, reason)


async def test_a_token_is_believed_until_it_ends_and_not_longer(scene: Scene) -> None:
    client, token = scene.authority.agency(ORIGIN), scene.token()
    assert (await scene.call(client, token)).code is CODE.NOT_FOUND
    scene.clock.moment += timedelta(minutes=9, seconds=58)
    assert (await scene.call(client, token)).code is CODE.NOT_FOUND
    scene.clock.moment += timedelta(seconds=3)
    assert (await scene.call(client, token)).reason == "TOKEN_EXPIRED"


async def test_what_a_caller_says_of_itself_counts_for_nothing_with_tls(scene: Scene) -> None:
    said = serving.says(ORIGIN, "case_worker", "assist")
    async with scene.authority.channel(scene.port, scene.authority.agency(ORIGIN)) as channel:
        result = await outcome(channel, path("GetBoat"), GET, said)
    assert (result.code, result.reason) == (CODE.UNAUTHENTICATED, "TOKEN_MISSING")


async def test_a_stream_ends_soon_after_its_readers_token_or_certificate(scene: Scene) -> None:
    async with scene.authority.channel(scene.port, scene.authority.agency(ORIGIN)) as channel:
        seen: list[bytes] = []

        def see(one: bytes) -> None:
            seen.append(one)
            if len(seen) == 20:
                scene.clock.moment += timedelta(minutes=11)

        end = await stream_outcome(channel, path("WatchBoats"), WATCH, (("nrm-token", scene.token()),), see)
    assert (end.code, end.reason) == (CODE.UNAUTHENTICATED, "TOKEN_EXPIRED")
    assert 20 <= len(seen) < 5_000


async def test_a_replaced_server_certificate_is_used_without_a_restart(scene: Scene) -> None:
    newer = Authority(scene.clock.now())
    newer.files(scene.folder)
    async with newer.channel(scene.port, newer.agency(ORIGIN)) as channel:
        result = await outcome(channel, path("GetBoat"), GET, (("nrm-token", scene.token()),), timeout_s=60)
    assert result.code is CODE.NOT_FOUND


CLOCK = SetClock(datetime(2026, 1, 2, tzinfo=UTC))
SIGNER = TokenSigner(ORIGIN, CLOCK)
GOOD = SIGNER.sign("officer-1", ["case_worker"], "assist", ORIGIN)


@given(
    st.one_of(
        st.text(max_size=200),
        st.tuples(st.integers(0, len(GOOD) - 1), st.characters(codec="utf-8")).map(
            lambda change: GOOD[: change[0]] + change[1] + GOOD[change[0] + 1 :]
        ),
        st.integers(0, len(GOOD) - 1).map(lambda length: GOOD[:length]),
    )
)
def test_whatever_is_no_token_is_refused_as_such(text: str) -> None:
    tokens = OfficerTokens(ORIGIN, OfficerKeys.parse(SIGNER.keys_file()), CLOCK)
    try:
        vouched = tokens.vouched(text, ORIGIN)
    except Unauthenticated as refused:
        assert refused.reason == "TOKEN_INVALID"  # noqa: PT017 - most examples are refused, one may be the token itself
    else:
        assert vouched.caller.officer == "officer-1"
        assert text.split(".")[1] == GOOD.split(".")[1]


@pytest.mark.slow
async def test_connections_that_say_nothing_are_closed_while_others_are_served(scene: Scene) -> None:
    idle = [await asyncio.open_connection("localhost", scene.port) for _ in range(100)]
    for _, writer in idle[:50]:
        writer.write(b"\x16\x03\x01")  # the beginning of a TLS handshake
    assert (await scene.call(scene.authority.agency(ORIGIN), scene.token())).code is CODE.NOT_FOUND
    async with asyncio.timeout(60):
        ends = await asyncio.gather(*(reader.read() for reader, _ in idle), return_exceptions=True)
    for _, writer in idle:
        writer.close()
    assert len(ends) == 100


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[key]", "not TOML"),
        ("", "at least one"),
        ("key = 5", "nothing else"),
        ("key = [5]", "nothing else"),
        ('[[keys]]\nagency = "toy/boats/north"', "nothing else"),
        ('[[key]]\nagency = "toy/boats/north"', "exactly the keys"),
        ('[[key]]\nagency = "toy/boats/north"\npublic = "short"', "32 bytes"),
    ],
)
def test_a_faulty_keys_file_is_refused_with_the_place(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "keys.toml"
    file.write_text(text)
    with pytest.raises(Exception, match=said) as fault:
        OfficerKeys.load(file)
    assert "keys.toml" in str(fault.value)
