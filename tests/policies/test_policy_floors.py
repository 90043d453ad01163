"""No policy goes under the floors of law; each floor is tried with a value below it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrm_contracts.policy import FLOORS, ApprovalStep, Floor, NationalPolicy, Period, Unit
from nrm_kernel.policy import PolicyHistory, floors_broken, load_history
from nrm_kernel.policy_file import PolicyRefused

Changed = Callable[[str, str], Path]

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "policies.md"
GB = load_history(Path(__file__).parents[2] / "policies" / "gb.toml").newest
SHORT = Period(29, Unit.CALENDAR_DAYS)
BELOW: dict[str, object] = {
    "recovery_min": SHORT,
    "recovery_regions": {"GB-SCT": SHORT},
    "recovery_max": SHORT,
    "removal_barred_in_recovery": False,
    "approval_steps": (ApprovalStep(0, 0),),
}


def lowered(key: str, value: object) -> NationalPolicy:
    """The British policy with one value changed, whatever its type."""
    change = cast(Callable[..., NationalPolicy], replace)
    return change(GB, **{key: value})


def test_the_shipped_policies_keep_every_floor(gb: PolicyHistory, kz: PolicyHistory) -> None:
    assert [floors_broken(policy) for policy in (*gb.versions, *kz.versions)] == [[]] * 4


def test_every_floor_is_tried() -> None:
    assert {floor.key for floor in FLOORS} == set(BELOW)


@pytest.mark.parametrize("floor", FLOORS, ids=lambda floor: floor.key)
def test_a_value_under_the_floor_is_named_with_the_floor_its_source_and_what_to_do(floor: Floor) -> None:
    (fault,) = floors_broken(lowered(floor.key, BELOW[floor.key]))
    assert fault.startswith(f"{floor.key}: gb-2024-10-08 goes under the floor of {floor.source}")
    assert floor.demand in fault
    assert "Raise the value" in fault


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("value = 30, unit", "value = 29, unit", "recovery_min"),
        ("value = 90, unit", "value = 20, unit", "recovery_regions"),
        (
            "removal_barred_in_recovery = { value = true",
            "removal_barred_in_recovery = { value = false",
            "removal_barred_in_recovery",
        ),
    ],
)
def test_a_file_with_a_value_under_a_floor_is_refused(changed: Changed, old: str, new: str, key: str) -> None:
    with pytest.raises(PolicyRefused) as refused:
        load_history(changed(old, new))
    assert any(fault.startswith(f"{key}: ") and "CoE CETS 197" in fault for fault in refused.value.faults)


def test_a_value_that_is_not_set_is_not_under_the_floor(kz: PolicyHistory) -> None:
    assert kz.newest.recovery_min is None
    assert floors_broken(kz.newest) == []


def test_the_page_on_policies_names_every_floor_and_its_source() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [floor.key for floor in FLOORS if f"| `{floor.key}` | {floor.demand} | {floor.source} |" not in page] == []


def test_money_is_approved_by_somebody_from_the_first_unit_on() -> None:
    assert floors_broken(lowered("approval_steps", (ApprovalStep(100, 1),)))


@given(n=st.integers(0, 400), unit=st.sampled_from(list(Unit)))
def test_a_recovery_period_passes_only_if_it_lasts_30_days_whenever_it_starts(n: int, unit: Unit) -> None:
    shortest = n * 28 if unit is Unit.MONTHS else n
    assert (floors_broken(lowered("recovery_min", Period(n, unit))) == []) == (shortest >= 30)
