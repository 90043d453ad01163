"""The code lists as data, and looking codes up in them."""

import csv
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import nrm_contracts
from nrm_contracts.codes import CodeList, UnknownCode, UnknownList, check, code_list, list_names

ROOT = Path(__file__).parents[2]
CONTRACTS = Path(nrm_contracts.__file__).parent
FOLDER = CONTRACTS / "codelists"
FILES = {path.relative_to(FOLDER).with_suffix("").as_posix(): path for path in FOLDER.rglob("*.csv")}
OF_PERSONS = (
    *("sex", "age_band", "answer", "exploitation_form", "immediate_need", "decline_reason", "risk_level", "wellbeing"),
    *("housing_situation", "income_situation", "iso_3166_1", "iso_3166_2", "iso_639_2", "isic_rev4", "isced_2011"),
    *("htcds_gender", "htcds_marital_status", "htcds_relationship_to_trafficker", "htcds_recruitment_method"),
    *("htcds_control_method", "htcds_exploitation_type", "htcds_sex_exploitation_type"),
)
REFERENCES = (
    ("exploitation_form", "htcds", "htcds_exploitation_type"),
    ("org_kind", "htcds", "htcds_org_type"),
    ("ilo_indicator", "dimension", "indicator_dimension"),
    ("ilo_indicator", "strength", "indicator_strength"),
    ("service_code", "unit", "service_unit"),
    ("service_code", "chain", "trm_chain"),
    ("decision_ground", "outcome", "stage_outcome"),
    ("iso_3166_2", "country", "iso_3166_1"),
    ("iso_3166_2", "parent", "iso_3166_2"),
    ("national_article", "country", "iso_3166_1"),
    *((name, "maps_to", name) for name in FILES if name.startswith("htcds_")),
)
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789_-"


def rows(name: str) -> list[dict[str, str]]:
    with FILES[name].open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_file_is_in_the_index_and_every_list_of_the_index_has_a_file() -> None:
    assert set(list_names()) == set(FILES)


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_list_says_what_it_is(name: str) -> None:
    found = code_list(name)
    assert all((found.title, found.standard, found.version, found.source)), name
    assert found.extent in {"complete", "subset", "own", "gap"}


@pytest.mark.parametrize("name", sorted(FILES))
def test_no_code_stands_twice_and_each_is_a_plain_word_with_a_label(name: str) -> None:
    codes = [row["code"] for row in rows(name) if row["code"]]
    assert len(codes) == len(set(codes))
    assert all(re.fullmatch(r"[A-Za-z0-9_+-]{1,64}", code) for code in codes)
    assert all(row["label"].strip() for row in rows(name))
    assert bool(codes) == (code_list(name).extent != "gap")


@pytest.mark.parametrize("name", OF_PERSONS)
def test_not_known_and_not_asked_are_two_codes_where_an_attribute_of_a_person_may_be_missing(name: str) -> None:
    assert {"unknown", "not_asked"} <= set(code_list(name))


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_list_with_not_asked_tells_it_from_not_known(name: str) -> None:
    assert "not_asked" not in code_list(name) or "unknown" in code_list(name)


@pytest.mark.parametrize(("name", "column", "target"), REFERENCES)
def test_what_a_column_refers_to_is_on_the_other_list(name: str, column: str, target: str) -> None:
    strays = {row[column] for row in rows(name) if row[column]} - set(code_list(target))
    assert strays == set()


def test_standards_that_are_said_to_be_complete_have_the_size_of_the_standard() -> None:
    beside = {"stateless", "unknown", "not_asked"}
    assert len(set(code_list("iso_3166_1")) - beside) == 249
    assert len([code for code in code_list("iso_3166_2") if code.startswith("KZ-")]) == 20
    assert len(set(code_list("isic_rev4")) - beside) == 21
    assert len(set(code_list("isced_2011")) - beside) == 10


def test_the_ilo_set_has_67_indicators_in_six_dimensions() -> None:
    indicators = code_list("ilo_indicator")
    dimensions = [indicators.attribute(code, "dimension") for code in indicators]
    assert [dimensions.count(each) for each in code_list("indicator_dimension")] == [10, 10, 16, 9, 15, 7]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("htcds_control_method", "RestrictsMovement"),
        ("htcds_control_method", "UsesChildren"),
        ("htcds_exploitation_type", "ForcedCriminality"),
    ],
)
def test_a_code_beside_the_standard_is_exported_as_other(name: str, code: str) -> None:
    assert code_list(name).attribute(code, "maps_to") == "Other"


@pytest.mark.parametrize("name", sorted(name for name in FILES if name.startswith("ic_tip/")))
def test_the_gap_of_ic_tip_is_empty_codes_and_known_concepts(name: str) -> None:
    found = code_list(name)
    concepts_of = re.search(r"list (\w+)\.", found.note)
    assert concepts_of
    assert found.extent == "gap"
    assert {row["code"] for row in rows(name)} == {""}
    assert {row["concept"] for row in rows(name)} <= set(code_list(concepts_of[1]))


def sources() -> Iterator[str]:
    """What is written of the system, in Python and in Protocol Buffers; nothing generated."""
    for part in ("app", "contracts", "kernel", "services"):
        for path in (ROOT / part).rglob("*"):
            if path.suffix in (".py", ".proto") and "_pb2" not in path.name:
                yield path.read_text(encoding="utf-8")


def looked_up(source: str) -> set[str]:
    """The lists that code names: as a field's type, or to look something up."""
    return set(re.findall(r'\b(?:Code|code_list|check)\("([a-z0-9_]+)"', source))


def promised(source: str) -> set[str]:
    """The lists that the comments of an API name."""
    return set(re.findall(r"// .*\blist ([a-z0-9_]+)", source))


def test_every_list_that_a_source_names_exists() -> None:
    named = set().union(*map(looked_up, sources()))
    assert named - set(list_names()) == set()
    assert len(named) > 50


def test_a_list_is_reserved_exactly_as_long_as_nothing_takes_its_codes() -> None:
    by_columns = {target for name, _, target in REFERENCES if name != target}
    named = set().union(*(looked_up(source) | promised(source) for source in sources()))
    idle = set(list_names()) - named - by_columns
    assert {name for name in list_names() if code_list(name).reserved_for} == idle


def test_a_list_stands_in_one_file_of_the_index() -> None:
    parts = [tomllib.loads(path.read_text(encoding="utf-8")) for path in (FOLDER / "index").iterdir()]
    assert sum(map(len, parts)) == len(list_names())


# Looking up


def test_a_code_of_the_list_passes_and_has_a_label() -> None:
    check("sex", "female")
    assert code_list("sex").label("not_asked") == "Not asked"


def test_a_code_that_is_not_on_the_list_is_refused_with_the_nearest_one_and_without_repeating_it() -> None:
    with pytest.raises(UnknownCode) as refused:
        check("detection_channel", "Hotlines")
    assert refused.value.nearest == "hotline"
    assert "'hotline'" in str(refused.value)
    assert "Hotlines" not in str(refused.value)


def test_a_code_that_resembles_none_has_no_nearest_one() -> None:
    with pytest.raises(UnknownCode) as refused:
        check("sex", "zzzzzzzzzz")
    assert refused.value.nearest is None
    assert str(refused.value).endswith(f"Its codes are {', '.join(code_list('sex'))}.")


def test_the_codes_of_a_long_list_are_not_told_one_by_one() -> None:
    with pytest.raises(UnknownCode, match=r"See the list 'iso_3166_1' for its codes\.$"):
        check("iso_3166_1", "zzzzzzzzzz")


def test_a_list_that_does_not_exist_is_named_with_the_nearest_one() -> None:
    with pytest.raises(UnknownList) as unknown:
        code_list("sexx")
    assert unknown.value.nearest == "sex"


def test_a_column_that_a_list_does_not_have_is_no_empty_value() -> None:
    with pytest.raises(KeyError):
        code_list("sex").attribute("female", "htcds")


def slips(word: str) -> set[str]:
    """Every word that one slip makes of this one: a letter too many, too few, wrong, or swapped."""
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    return {
        *(left + letter + right for left, right in cuts for letter in LETTERS),
        *(left + letter + right[1:] for left, right in cuts if right for letter in ("", *LETTERS)),
        *(left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1),
    }


LISTS = st.sampled_from([name for name in list_names() if len(code_list(name))]).map(code_list)


@given(found=LISTS, data=st.data())
def test_a_mistyped_code_names_the_code_that_was_meant(found: CodeList, data: st.DataObject) -> None:
    meant = data.draw(st.sampled_from(found.codes))
    typed = data.draw(st.sampled_from(sorted(slips(meant.casefold()))))
    assume(typed.strip() and typed not in found)
    near = {code for code in found if typed in slips(code.casefold()) or typed == code.casefold()}
    assert found.nearest(typed) in near


@given(found=LISTS, typed=st.text(max_size=200))
def test_whatever_is_typed_the_answer_is_a_code_of_the_list_or_none(found: CodeList, typed: str) -> None:
    assert found.nearest(typed) in {None, *found}


@given(typed=st.text(min_size=65))
def test_input_longer_than_any_code_is_not_compared(typed: str) -> None:
    assert code_list("iso_639_2").nearest(typed) is None
