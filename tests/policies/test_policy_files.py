"""The policies that ship, and what a policy file may hold."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from nrm_contracts.codes import UnknownCode, code_list
from nrm_contracts.policy import NationalPolicy, Period, Unit
from nrm_kernel.errors import Invalid
from nrm_kernel.policy import PolicyHistory, load_history
from nrm_kernel.policy_file import PolicyRefused

Changed = Callable[[str, str], Path]

POLICIES = Path(__file__).parents[2] / "policies"
FILES = sorted(POLICIES.glob("*.toml"))
DAY = date(2025, 3, 3)


# United Kingdom


def test_the_british_recovery_period_falls_from_45_to_30_days_on_13_december_2022(gb: PolicyHistory) -> None:
    assert gb.at(date(2022, 12, 12)).recovery().period == Period(45, Unit.CALENDAR_DAYS)
    assert gb.at(date(2022, 12, 13)).recovery().period == Period(30, Unit.CALENDAR_DAYS)


def test_a_decision_keeps_the_version_in_force_on_its_day(gb: PolicyHistory) -> None:
    days = [date(2022, 1, 1), date(2022, 12, 12), date(2022, 12, 13), date(2024, 10, 7), date(2024, 10, 8), DAY]
    assert [gb.at(day).version for day in days] == [
        *("gb-2022-01-01", "gb-2022-01-01", "gb-2022-12-13", "gb-2022-12-13", "gb-2024-10-08", "gb-2024-10-08")
    ]


def test_a_day_before_the_first_version_has_no_policy(gb: PolicyHistory) -> None:
    with pytest.raises(Invalid) as refused:
        gb.at(date(2021, 12, 31))
    assert refused.value.reason == "POLICY_NOT_IN_FORCE"


def test_scotland_and_its_councils_have_their_own_recovery_period(gb: PolicyHistory) -> None:
    terms = {region: gb.newest.recovery(region) for region in ("GB-SCT", "GB-GLG", "GB-KEN", "unknown")}
    assert [term.period.n for term in terms.values()] == [90, 90, 30, 30]
    assert terms["GB-GLG"].rule == "recovery_regions.GB-SCT"


def test_britain_decides_in_two_stages_the_first_within_five_working_days(gb: PolicyHistory) -> None:
    first, second = gb.newest.stages
    assert (first.code, second.code) == ("reasonable_grounds", "conclusive_grounds")
    assert gb.newest.stage_due(1, date(2024, 12, 20)) == date(2024, 12, 31)
    assert (first.after_recovery, second.after_recovery) == (False, True)


def test_a_stage_without_a_time_has_no_due_day(gb: PolicyHistory, kz: PolicyHistory) -> None:
    assert gb.newest.stage_due(2, DAY) is None
    assert kz.newest.stage_due(1, DAY) is None


# Kazakhstan


def test_kazakhstan_decides_in_one_stage(kz: PolicyHistory) -> None:
    (stage,) = kz.newest.stages
    assert {decider.org_kind for decider in stage.deciders} == {"police", "social_protection"}


def test_a_recovery_period_that_was_not_found_is_not_set_and_the_floor_of_law_is_shown_as_such(
    kz: PolicyHistory,
) -> None:
    assert kz.newest.recovery_min is None
    term = kz.newest.recovery("KZ-75")
    assert (term.period, term.rule) == (Period(30, Unit.CALENDAR_DAYS), "coe_197.13")


def figures(policy: NationalPolicy) -> dict[str, object]:
    """What a profile says by number, of what a source was read for."""
    periods = {
        "recovery_min": policy.recovery_min,
        "status_term": policy.status_term,
        "retention": policy.retention,
        "project_years_max": policy.project_years_max,
        "stages": len(policy.stages),
        "first stage": policy.stages[0].due,
        **{kind: policy.deadlines[kind] for kind in ("exit_positive", "exit_negative", "residence_permit_end")},
    }
    return {key: (value.n, value.unit.value) if isinstance(value, Period) else value for key, value in periods.items()}


def test_each_profile_has_the_figures_that_were_read_and_no_other(gb: PolicyHistory, kz: PolicyHistory) -> None:
    nothing = dict.fromkeys(figures(kz.newest))
    assert figures(gb.newest) == nothing | {
        "recovery_min": (30, "calendar_days"),
        "stages": 2,
        "first stage": (5, "working_days"),
        "exit_positive": (45, "calendar_days"),
        "exit_negative": (9, "working_days"),
    }
    assert figures(kz.newest) == nothing | {"stages": 1, "project_years_max": 3}


# Every file


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_value_names_its_source_and_what_is_not_set_is_none(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    not_set = set(re.findall(r'^(\w+) = \{ value = "not set"', text, re.MULTILINE))
    for policy in load_history(path).versions:
        assert all(source.text for source in policy.sources.values())
        values = {**vars(policy), **policy.deadlines}
        assert {key for key in not_set if values.get(key) is not None} == set()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_kind_of_deadline_has_an_answer_and_an_unknown_kind_has_none(path: Path) -> None:
    policy = load_history(path).newest
    for kind in code_list("deadline_kind"):
        period = policy.deadlines.get(kind)
        assert policy.due(kind, DAY) == (policy.calendar.add(DAY, period) if period else None)
    with pytest.raises(UnknownCode) as refused:
        policy.due("reconsideraton_request", DAY)
    assert refused.value.nearest == "reconsideration_request"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_default_of_this_project_is_never_said_to_be_verified(path: Path) -> None:
    sources = load_history(path).newest.sources.values()
    assert [source.text for source in sources if "default of this project" in source.text and source.verified] == []


# What a file may hold


def test_the_hash_names_the_values_and_not_the_words_about_them(changed: Changed, gb: PolicyHistory) -> None:
    same = load_history(changed("an aim of the guidance", "an aim")).newest
    assert same.hash == gb.newest.hash
    other = load_history(changed("value = 5, unit", "value = 6, unit")).newest
    assert other.hash != gb.newest.hash


def test_a_file_that_is_no_text_is_refused_and_named(tmp_path: Path) -> None:
    file = tmp_path / "xx.toml"
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(PolicyRefused, match=r"xx\.toml cannot be used"):
        load_history(file)


def test_each_version_has_its_own_hash(gb: PolicyHistory) -> None:
    assert len({policy.hash for policy in gb.versions}) == 3


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            "recovery_extendable =",
            "recovery_extendible =",
            "recovery_extendible: there is no such key. The nearest is 'rec",
        ),
        ("\ndue =", "\ndew =", "stages.1.dew: there is no such key. The nearest is 'due'"),
        ("unit =", "unti =", "recovery_min.unti: there is no such key. The nearest is 'unit'"),
        ("exit_positive =", "exit_positiv =", "The nearest code is 'exit_positive'"),
        ("currency =", "# currency =", "currency: is missing"),
        ('value = "GBP"', 'value = "GPB"', "The nearest code is 'GBP'"),
        ('role = "identifier"', 'role = "identifer"', "The nearest code is 'identifier'"),
        ("value = 5, unit", "value = -5, unit", "stages.1.due.n"),
        ('"working_days"', '"workdays"', "stages.1.due.unit"),
        ("from = 2022-12-13, v", "from = 2022-12-14, v", "recovery_min: 2022-12-14 is not a day of versions"),
        ("from = 2022-01-01, i", "from = 2021-01-01, i", "recovery_min: no value holds on 2021-01-01"),
        ('calendar = "GB-ENG"', 'calendar = "ZZ"', "the holidays of 'ZZ' are not known"),
        ('country = "GB"', "", "country: is missing"),
        (
            'country = "GB"',
            'country = "GB"\nversion = { value = "x", source = "x", verified = true }',
            "version: follows",
        ),
        (
            'country = "GB"',
            'country = "GB"\nconsent_adult = { value = false, source = "x", verified = true }',
            "consent_adult: there is no such key",
        ),
        ('country = "GB"', "country = GB", "It is not TOML"),
        ("verified = false", 'verified = "no"', "verified"),
        ('anchor = "referral_received"', 'anchor = "referral_recieved"', "The nearest code is 'referral_received'"),
    ],
)
def test_a_faulty_file_is_refused_and_the_fault_named(changed: Changed, old: str, new: str, fault: str) -> None:
    with pytest.raises(PolicyRefused) as refused:
        load_history(changed(old, new))
    assert fault in str(refused.value)
    assert refused.value.reason == "POLICY_REFUSED"
