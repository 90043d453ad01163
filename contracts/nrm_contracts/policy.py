"""What differs by country, as data: the form of a national policy, and the floors of law that no country may go under.

A policy is read from ``policies/<country>.toml``. What a country's rules do not say, or what could not be found, is
``None``: it is shown as "not set", and never counts as met.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Protocol, runtime_checkable

from pydantic import ConfigDict, Field

from nrm_contracts.codes import check, code_list
from nrm_contracts.fields import Code

_CLOSED = ConfigDict(extra="forbid")


class Unit(StrEnum):
    """In what a period is counted."""

    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time by a national calendar."""

    __pydantic_config__: ClassVar[ConfigDict] = _CLOSED

    n: Annotated[int, Field(ge=0, le=3660)]
    unit: Unit

    def shortest_days(self) -> int:
        """The calendar days that it lasts at least, wherever it starts."""
        return self.n * (28 if self.unit is Unit.MONTHS else 1)


@runtime_checkable
class Calendar(Protocol):
    """A country's working days and months."""

    def add(self, start: date, period: Period) -> date: ...


@dataclass(frozen=True, slots=True)
class Decider:
    """Who may decide: a role, acting for a kind of organisation."""

    __pydantic_config__: ClassVar[ConfigDict] = _CLOSED

    org_kind: Annotated[str, Code("org_kind")]
    role: Annotated[str, Code("access_role")]


@dataclass(frozen=True, slots=True)
class Stage:
    """One status decision.

    ``after_recovery``: not before the recovery minimum has run; ``person_may_hasten``: unless the person asks.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _CLOSED

    code: Annotated[str, Field(pattern=r"^[a-z_]+$")]
    threshold: Annotated[str, Code("decision_threshold")] | None
    deciders: Annotated[tuple[Decider, ...], Field(min_length=1)]
    second_officer: bool | None
    due: Period | None
    after_recovery: bool
    person_may_hasten: bool | None


@dataclass(frozen=True, slots=True)
class ApprovalStep:
    """From this amount on, in minor units of the policy's currency, so many officers approve an invoice."""

    __pydantic_config__: ClassVar[ConfigDict] = _CLOSED

    from_minor: Annotated[int, Field(ge=0)]
    approvers: Annotated[int, Field(ge=0, le=9)]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value comes from. Not ``verified``: recalled or a default of this project; read the source again.

    ``anchor`` is the fact from which a period is counted.
    """

    text: str
    verified: bool
    anchor: Annotated[str, Code("deadline_anchor")] | None


@dataclass(frozen=True, slots=True)
class RecoveryTerm:
    """The least recovery period that holds, and the rule that gives it: the country's own, or the floor of law."""

    period: Period
    rule: str


RECOVERY_FLOOR = Period(30, Unit.CALENDAR_DAYS)
"""Council of Europe Convention on Action against Trafficking (CETS 197), art. 13(1)."""


@dataclass(frozen=True, kw_only=True, eq=False)
class NationalPolicy:
    """The rules of one country in force from a day on. ``version`` and ``hash`` are kept with each decision.

    Deciding: ``stages``, ``first_responders`` (may refer). Recovery: see :meth:`recovery`. Consent: ``consent_child``
    says whether a child's referral needs it, an adult's always does; ``anonymous_notice`` whether an adult without
    consent is reported without a name. Periods: see :meth:`due`.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    country: Annotated[str, Code("iso_3166_1")]
    version: str
    hash: str
    valid_from: date
    instrument: str
    calendar: Calendar
    sources: Mapping[str, Source]

    currency: Annotated[str, Code("iso_4217")]
    stages: Annotated[tuple[Stage, ...], Field(min_length=1)]
    first_responders: Annotated[tuple[Annotated[str, Code("org_kind")], ...], Field(min_length=1)]

    recovery_min: Period | None
    recovery_max: Period | None
    recovery_extendable: bool | None
    recovery_regions: Mapping[Annotated[str, Code("iso_3166_2")], Period]
    removal_barred_in_recovery: bool

    consent_child: bool
    anonymous_notice: bool | None

    child_institution_max: Period | None
    status_term: Period | None

    retention: Period | None
    followup_months: tuple[Annotated[int, Field(ge=1, le=120)], ...]
    deadlines: Mapping[Annotated[str, Code("deadline_kind")], Period | None]

    funding_modes: tuple[Annotated[str, Code("funding_mode")], ...] | None
    project_years_max: Annotated[int, Field(ge=1, le=20)] | None
    approval_steps: Annotated[tuple[ApprovalStep, ...], Field(min_length=1)]
    ceiling_alert_percent: Annotated[int, Field(ge=1, le=100)]

    def due(self, kind: str, anchor: date) -> date | None:
        """The last day on which something of this kind is in time; None where the policy sets none.

        Raises :class:`nrm_contracts.codes.UnknownCode` for a kind that is not on the list ``deadline_kind``.
        """
        check("deadline_kind", kind)
        return self._after(self.deadlines.get(kind), anchor)

    def stage_due(self, stage: int, anchor: date) -> date | None:
        """The last day for deciding the stage, counted from 1; None where the policy sets none."""
        return self._after(self.stages[stage - 1].due, anchor)

    def kept_until(self, last_entry_on: date) -> date | None:
        """The last day on which personal data must be kept after the last entry about them; None where none is set."""
        return self._after(self.retention, last_entry_on)

    def recovery(self, region: str | None = None) -> RecoveryTerm:
        """The recovery minimum for a person in the region; where the country sets none, the floor of law."""
        for place in (region, code_list("iso_3166_2").attribute(region, "parent")) if region else ():
            if place in self.recovery_regions:
                return RecoveryTerm(self.recovery_regions[place], f"recovery_regions.{place}")
        if self.recovery_min:
            return RecoveryTerm(self.recovery_min, "recovery_min")
        return RecoveryTerm(RECOVERY_FLOOR, "coe_197.13")

    def _after(self, period: Period | None, anchor: date) -> date | None:
        return self.calendar.add(anchor, period) if period else None


@dataclass(frozen=True, slots=True)
class Floor:
    """A rule of law under which no policy may go. ``holds`` tells whether a policy keeps it."""

    key: str
    holds: Callable[[NationalPolicy], bool]
    demand: str
    source: str


def _long_enough(period: Period | None) -> bool:
    return period is None or period.shortest_days() >= RECOVERY_FLOOR.n


FLOORS: tuple[Floor, ...] = (
    Floor(
        "recovery_min",
        lambda policy: _long_enough(policy.recovery_min),
        "a recovery period of at least 30 days",
        "CoE CETS 197 art. 13(1)",
    ),
    Floor(
        "recovery_regions",
        lambda policy: all(map(_long_enough, policy.recovery_regions.values())),
        "a recovery period of at least 30 days in every region",
        "CoE CETS 197 art. 13(1)",
    ),
    Floor(
        "recovery_max",
        lambda policy: (
            policy.recovery_max is None
            or policy.recovery_max.shortest_days() >= policy.recovery().period.shortest_days()
        ),
        "a longest recovery period not under the least one",
        "CoE CETS 197 art. 13(1)",
    ),
    Floor(
        "removal_barred_in_recovery",
        lambda policy: policy.removal_barred_in_recovery,
        "no removal while the recovery period runs",
        "CoE CETS 197 art. 13(1)",
    ),
    Floor(
        "approval_steps",
        lambda policy: (
            min(step.from_minor for step in policy.approval_steps) == 0
            and all(step.approvers >= 1 for step in policy.approval_steps)
        ),
        "at least one approver other than who recorded and verified, from the first unit of money on",
        "separation of duties in public money, this project's invariant",
    ),
)
