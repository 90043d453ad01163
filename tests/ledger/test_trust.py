"""The trust file: which key may sign for which sizes, and that a doubtful file is refused with the place named."""

from pathlib import Path

import pytest

from nrm_kernel.ledger.note import SigningKey
from nrm_kernel.ledger.trust import NotTrusted, Trust, TrustedKey, TrustedOrigin, TrustInvalid

DAWN, NORTH = "demo/assistance/ngo-dawn", "demo/identification/police-north"
OLD, NEW = (SigningKey(DAWN, bytes([number]) * 32).verifier() for number in (1, 2))
POLICE = SigningKey(NORTH, b"\x03" * 32).verifier()
TRUST = Trust(
    "demo",
    (
        TrustedOrigin(NORTH, (TrustedKey(POLICE),), organisation="police"),
        TrustedOrigin(DAWN, (TrustedKey(OLD, 0, 5000), TrustedKey(NEW, 5000)), {NORTH: 812}, "ngo"),
    ),
)
FILE = TRUST.render()


def test_a_trust_file_reads_back_equal(tmp_path: Path) -> None:
    (tmp_path / "trust.toml").write_text(FILE, "utf-8")
    assert Trust.load(tmp_path / "trust.toml") == TRUST
    assert TRUST.origins() == (NORTH, DAWN)
    assert [TRUST.organisation(origin) for origin in TRUST.origins()] == ["police", "ngo"]


def test_each_key_is_believed_from_its_first_size_up_to_its_last() -> None:
    assert [TRUST.verifier(DAWN, size) for size in (0, 4999, 5000, 9_000_000)] == [OLD, OLD, NEW, NEW]


def test_a_size_that_no_key_covers_is_not_trusted() -> None:
    lapsed = Trust("demo", (TrustedOrigin(DAWN, (TrustedKey(OLD, 10, 20),)),))
    for size in (9, 20):
        with pytest.raises(NotTrusted, match=f"no key of .* for size {size}"):
            lapsed.verifier(DAWN, size)


def test_an_unknown_origin_is_not_trusted_and_the_nearest_is_named() -> None:
    with pytest.raises(NotTrusted, match=r"did you mean .*ngo-dawn"):
        TRUST.verifier("demo/assistance/ngo-dawm", 1)


def test_an_agency_admitted_later_says_where_the_other_logs_stood() -> None:
    assert TRUST.admitted_at(DAWN) == {NORTH: 812}
    assert TRUST.admitted_at(NORTH) == {}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("deployment", "deploymnt", 'unknown key "deploymnt"; did you mean "deployment"'),
        ("to_size", "to_sise", 'unknown key "to_sise"; did you mean "to_size"'),
        ('deployment = "demo"', 'deployment = "other"', "not of the deployment"),
        ("to_size = 5000\n", "", "two keys may sign size 5000"),
        ("to_size = 5000", "to_size = 0", "before it begins"),
        ("from_size = 5000", "from_size = 4999", "two keys may sign size 4999"),
        ("from_size = 0", "from_size = true", "not a size"),
        ("from_size = 0", "from_size = -1", "not a size"),
        ('north" = 812', 'nort" = 812', "did you mean .*police-north"),
        (OLD.text(), POLICE.text(), "a key carries its origin's name"),
        (OLD.text(), "x", "a key is name"),
        (f'name = "{DAWN}"', f'name = "{NORTH}"', "a key carries"),
        (f'name = "{DAWN}"\n', "", '"name" is missing'),
        ('organisation = "ngo"\n', "", f'"{DAWN}": "organisation" is missing'),
        ('organisation = "ngo"', 'organisation = "ngp"', 'no organisation "ngp"; did you mean "ngo"'),
        ('organisation = "ngo"', 'organization = "ngo"', 'unknown key "organization"; did you mean "organisation"'),
        ('organisation = "ngo"', "organisation = 7", '"organisation" is missing or not a text'),
        ("[[origin.key]]", "[[origin.kee]]", "unknown key"),
        ("= 812", "= ", "not TOML"),
    ],
)
def test_a_doubtful_trust_file_is_refused_with_the_place_named(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    assert old in FILE
    path = tmp_path / "trust.toml"
    path.write_text(FILE.replace(old, new), "utf-8")
    with pytest.raises(TrustInvalid, match=message) as refused:
        Trust.load(path)
    assert str(path) in str(refused.value)


def test_an_origin_named_twice_is_refused() -> None:
    with pytest.raises(TrustInvalid, match="named twice"):
        Trust("demo", (TRUST.logs[0], TRUST.logs[0]))


def test_an_origin_without_a_key_is_refused() -> None:
    with pytest.raises(TrustInvalid, match=r"no \[\[origin\.key\]\]"):
        Trust("demo", (TrustedOrigin(NORTH, ()),))
