"""The published figures that the caseload is drawn from, each with its source, and how one value is drawn from them.

Where no figure was published the line says so: then the number is this demo's own and stands for nothing.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from math import exp, log
from random import Random
from typing import TypeVar

T = TypeVar("T")
Shares = Mapping[T, float]

QUARTERS = (4_524, 4_316, 4_758, 5_538)
"""Referrals in the quarters of 2024 (Home Office, National Referral Mechanism statistics, end of year 2024)."""
YEARS = (16_990, 19_125, 23_411)
"""Referrals in 2023, 2024 and 2025 (the same series)."""

FINDERS: Shares[str] = {"border": 238, "police": 166 + 57, "ngo": 63}
"""Who referred in 2009 (Hansard, January 2010). The 57 of the councils count with the police: the demo has none."""

SEX: Shares[str] = {"male": 73, "female": 27}
"""UK referrals, first half of 2024."""
CHILDREN = 0.24
"""Children among victims (CTDC global data set)."""
LANGUAGE: Shares[str] = {
    "eng": 23, "sqi": 13, "vie": 11, "tir": 9, "ara": 6, "ron": 14, "pol": 8, "fas": 9, "som": 7,
}  # fmt: skip
"""By citizenship, UK 2024: GB 23, AL 13, VN 11, ER 9, SD 6; the other 38 are split without a source."""
ADULT_AGES: Mapping[str, Shares[str]] = {
    "female": {"18-20": 17, "21-23": 12, "24-26": 10, "27-29": 8, "30-38": 27, "39-47": 16, "48+": 10},
    "male": {"18-20": 18, "21-23": 14, "24-26": 12, "27-29": 10, "30-38": 24, "39-47": 14, "48+": 8},
}
"""47 in 100 adult women are 18-29, 46 in 100 adult men are 30 or older (CTDC); inside these groups without a source."""
CHILD_AGES: Shares[str] = {"0-8": 12, "9-17": 88}

FORMS: Mapping[tuple[str, bool], Shares[str]] = {
    ("female", False): {"sexual_exploitation": 62, "forced_labour": 20, "domestic_servitude": 14, "other": 4},
    ("male", False): {"forced_labour": 70, "forced_criminality": 20, "sexual_exploitation": 4, "other": 6},
    ("female", True): {"sexual_exploitation": 60, "forced_labour": 22, "forced_criminality": 12, "forced_marriage": 6},
    ("male", True): {"forced_labour": 45, "forced_criminality": 39, "forced_begging": 8, "sexual_exploitation": 8},
}
"""By sex and whether a child. Sexual: 60 in 100 girls (UNODC 2022), 58-65 in 100 adults (CTDC); labour: 45 in 100 boys,
with 47 in other forms (UNODC 2022). What is left is split without a source."""
INDUSTRY: Mapping[bool, Shares[str]] = {
    False: {"F": 30, "A": 21, "I": 15, "C": 14, "S": 20},
    True: {"T": 52, "I": 21, "A": 27},
}
"""ISIC sections of forced labour, adults and children: construction 30, agriculture 21; domestic 52, hospitality 21
(CTDC); what is left is split without a source."""
MEANS: Shares[str] = {"abuse_of_vulnerability": 61, "payments": 41, "deception": 32, "coercion": 28, "threat": 24}
"""After the means of control of adults: abuse 61, debt 41, false promises 32, long hours 28, documents 24 (CTDC)."""

CHANNELS: Mapping[str, Shares[str]] = {
    "police": {"raid": 35, "police": 40, "hotline": 15, "health": 5, "labour_inspection": 5},
    "border": {"border": 60, "asylum": 30, "detention": 10},
    "ngo": {"outreach": 50, "self": 30, "social_services": 20},
}
"""Without a source."""

INDICATED = 0.215
"""Of those who were screened. Without a source; it sets how much of the caseload goes on."""
REFERRAL_REFUSED = 0.22
"""Adults who do not consent to a referral. Without a source."""
GROUNDS_FOUND = 0.53
"""Positive decisions on reasonable grounds, UK 2024 (20,090 decisions)."""
CONFIRMED = 0.56
"""Positive conclusive decisions, UK 2024 (17,304 decisions)."""
NEVER_DECIDED = 70 / 527
"""Referrals of 2009 without a decision (Hansard, January 2010)."""
RECONSIDERED = 0.06
"""Of negative first decisions. Without a source."""
UPTAKE = 0.32
"""Offers of help that are accepted: published figures run from 22 to 50 in 100."""
DECLINED: Shares[str] = {
    "does_not_trust": 30, "wants_home": 20, "no_need": 18, "family": 15, "fears_police": 12, "no_suitable_place": 5,
}  # fmt: skip
"""Without a source: that reasons go unrecorded is one of the gaps that this system closes."""
LOST = 0.10
"""Of those assisted; published losses run from 5 to 15 in 100."""
DUPLICATED = 0.055
"""Of those to whom it can happen and be found out, so that it comes to 3 in 100 of all: asked of the test data."""
REVOKED, VOIDED = 0.04, 0.02
"""Consents taken back, deliveries recorded wrongly: asked of the test data."""
CONVICTED = 2_309 / 8_471
"""Persons convicted to suspects, European Union 2023 (Eurostat)."""
SETTLED = 0.08
"""Cases settled; 8 of 11 were in one country of the region (Sida evaluation 06/30), few here."""


def drawn(chance: Random, shares: Shares[T]) -> T:
    """One of the values, by their shares."""
    return chance.choices(list(shares), list(shares.values()))[0]


def several(chance: Random, shares: Shares[str], most: int) -> tuple[str, ...]:
    """From one to ``most`` different values, each drawn by its share; in order."""
    return tuple(sorted({drawn(chance, shares) for _ in range(chance.randint(1, most))}))


def wait_days(chance: Random, median: float, sigma: float) -> int:
    """A wait: lognormal, in whole days."""
    return round(exp(chance.gauss(log(median), sigma)))


def final_wait_days(chance: Random) -> int:
    """From the first stage to the last: of 132 decisions of 2009 none came within 7 days, 24 within 45, 65 within 3
    months, 39 within 6, 4 later (Hansard, January 2010), which a lognormal of median 75 days fits."""
    return wait_days(chance, 75, 0.55)


def lag_days(chance: Random) -> int:
    """How late something is recorded: most within days, one in twenty after more than 90. Without a source."""
    return round(90 + chance.expovariate(1 / 40) if chance.random() < 0.05 else chance.expovariate(1 / 3))


def working(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def after(chance: Random, day: date, least: int, most: int) -> date:
    """A working day some days later."""
    return working(day + timedelta(days=chance.randint(least, most)))


def arrivals(chance: Random, start: date, days: int, count: int) -> list[date]:
    """When people are found: a Poisson process whose rate follows the quarters and grows from year to year.

    Given how many there are, the points of such a process are independent draws from its rate (Kingman, 1993).
    """
    span = [start + timedelta(days=nth) for nth in range(days)]
    rates = [QUARTERS[(day.month - 1) // 3] * YEARS[min((day - start).days // 365, 2)] for day in span]
    return sorted(chance.choices(span, rates, k=count))
