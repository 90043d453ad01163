"""Who and when: invented agencies, days, and the countries' policies with what a test changes in them."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from nrm_contracts.policy import NationalPolicy, Period, Unit
from nrm_kernel.policy import load_history

POLICE = "test/identification/police-north"
SECOND_POLICE = "test/identification/police-south"
AUTHORITY = "test/identification/competent-authority"
SHELTER = "test/assistance/ngo-dawn"
OTHER_SHELTER = "test/assistance/ngo-harbour"
PROSECUTOR = "test/prosecution/prosecution-north"
OTHER_PROSECUTOR = "test/prosecution/prosecution-south"
FUND = "test/funding/funder-state"
AGENCIES = {
    POLICE: "police",
    SECOND_POLICE: "police",
    AUTHORITY: "competent_authority",
    SHELTER: "ngo",
    OTHER_SHELTER: "ngo",
    PROSECUTOR: "prosecution",
    OTHER_PROSECUTOR: "prosecution",
    FUND: "funder",
}
DAY = date(2026, 3, 2)
ALL_POINTS = ("agrees", "purpose", "uses", "research_use", "access_right", "storage_time", "how_to_withdraw")
SIGNS = {
    "tool": "iom",
    "tool_version": "2024.1",
    "indicators": ("ilo_2_03", "ilo_5_02"),
    "acts": ("recruitment",),
    "means": ("deception",),
    "purposes": ("forced_labour",),
    "exploitation_forms": ("forced_labour",),
    "outcome": "indicated",
}
BASES = ("consent", "legal_obligation", "vital_interest", "public_task")
_POLICIES = Path(__file__).parents[2] / "policies"
UK = load_history(_POLICIES / "gb.toml").newest
KZ = load_history(_POLICIES / "kz.toml").newest


def ref(number: int) -> str:
    """An invented reference."""
    return f"{number:032x}"


def after(days: int) -> date:
    """So many days after the first day of the story."""
    return DAY + timedelta(days=days)


def with_second_officer(policy: NationalPolicy) -> NationalPolicy:
    """The same policy, wanting two officers for every stage."""
    return replace(policy, stages=tuple(replace(stage, second_officer=True) for stage in policy.stages))


def with_deadline(policy: NationalPolicy, kind: str, days: int) -> NationalPolicy:
    """The same policy with so many calendar days for one kind of deadline."""
    return replace(policy, deadlines={**policy.deadlines, kind: Period(days, Unit.CALENDAR_DAYS)})
