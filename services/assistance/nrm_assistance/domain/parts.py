"""The parts that the state of a person is made of: what the rules must remember, and no more."""

from dataclasses import dataclass
from datetime import date, timedelta

from immutables import Map

from nrm_contracts.assistance.events import ConsentGiven, DeadlineSet, ServiceUnitDelivered
from nrm_contracts.codes import code_list

DeadlineKey = tuple[str, int | None]
Deadlines = Map[DeadlineKey, DeadlineSet]
"""The live deadlines, by kind and follow-up month."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of the person without naming them."""

    region: str
    age_band: str
    sex: str
    language: str
    minor: bool


@dataclass(frozen=True, slots=True)
class Case:
    """The person's latest case. ``stage`` runs requested, offered, accepted, ended; ``phase`` is empty at first."""

    case_id: str
    source: str
    opened_on: date
    stage: str = "requested"
    phase: str = ""
    outcome: str = ""
    ended_on: date | None = None

    @property
    def is_open(self) -> bool:
        return self.stage != "ended"


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent and the day from which it counts no more."""

    given: ConsentGiven
    revoked_from: date | None = None

    def is_live(self, day: date) -> bool:
        """Whether something done on that day may rest on it."""
        expired = self.given.expires_on is not None and day > self.given.expires_on
        revoked = self.revoked_from is not None and day >= self.revoked_from
        return self.given.given_on <= day and not expired and not revoked


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan as it stands. ``reintegration_on`` is the day of life outside an institution, if the plan dates it."""

    goals: frozenset[str]
    planned_end: date
    reintegration_on: date | None
    reached: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Placement:
    """A stay; open until it has a last day."""

    kind: str
    starts_on: date
    max_days: int
    ended_on: date | None = None

    @property
    def ends_by(self) -> date:
        """The day by which the stay ends at the latest."""
        return self.starts_on + timedelta(days=self.max_days)

    @property
    def is_institutional(self) -> bool:
        """Whether the code list calls this kind of place an institution."""
        return code_list("placement_kind").attribute(self.kind, "institution") == "yes"

    @property
    def days(self) -> int:
        """How long a stay lasted that ended; 0 while it is open."""
        return (self.ended_on - self.starts_on).days if self.ended_on else 0


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivered unit of help. ``claim_id`` is the one claim that lives now; ``answer`` is the funder's last."""

    service_code: str
    unit: str
    qty_milli: int
    delivered_from: date
    delivered_to: date
    evidence_hash: str
    contract_ref: str | None = None
    claim_id: str | None = None
    answer: str | None = None
    voided: bool = False

    @classmethod
    def of(cls, event: ServiceUnitDelivered) -> "Delivery":
        """The delivery as it was recorded, without a payer yet."""
        return cls(
            event.service_code,
            event.unit,
            event.qty_milli,
            event.delivered_from,
            event.delivered_to,
            event.evidence_hash,
        )

    @property
    def lot(self) -> tuple[str, str]:
        """Service code and unit: what a contract prices."""
        return self.service_code, self.unit

    def overlaps(self, first: date, last: date) -> bool:
        """Whether the two spans share a day; both ends count."""
        return self.delivered_from <= last and first <= self.delivered_to
