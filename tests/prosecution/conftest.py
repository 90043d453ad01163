"""What the tests of prosecution share: a national policy that sets the time for a non-punishment review."""

from dataclasses import replace
from pathlib import Path

import pytest

from nrm_contracts.policy import NationalPolicy, Period, Unit
from nrm_kernel.policy import load_history

REVIEW_DAYS = 10


@pytest.fixture(scope="session")
def unset_policy() -> NationalPolicy:
    """The policy of Kazakhstan, which sets no time for the review."""
    return load_history(Path(__file__).parents[2] / "policies" / "kz.toml").newest


@pytest.fixture(scope="session")
def policy(unset_policy: NationalPolicy) -> NationalPolicy:
    """The same, with ten days for the review."""
    due = {"non_punishment_review": Period(REVIEW_DAYS, Unit.CALENDAR_DAYS)}
    return replace(unset_policy, deadlines={**unset_policy.deadlines, **due})
