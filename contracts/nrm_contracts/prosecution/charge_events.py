"""A victim who is charged, and the review of that; part of the catalogue in ``events.py``."""

from dataclasses import dataclass
from typing import Annotated, Literal

from nrm_contracts.catalogue import Audience, event
from nrm_contracts.fields import Code, Day, Ref
from nrm_contracts.prosecution.case_events import Article

ReviewGround = Literal["charged", "status_positive", "recovery_started"]


@event(version=1, audience=Audience.OWN, sensitivity=3)
@dataclass(frozen=True, slots=True)
class VictimCharged:
    """A victim was charged with an offence; it always leads to a non-punishment review (CoE convention art. 26)."""

    person_ref: Ref
    charge_id: Ref
    articles: tuple[Article, ...]
    linked_to_exploitation: Annotated[str, Code("answer")]
    charged_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=3)
@dataclass(frozen=True, slots=True)
class NonPunishmentReviewOpened:
    """Somebody must look whether the victim was compelled to do what the charge says; due as its deadline says."""

    person_ref: Ref
    charge_id: Ref
    ground: ReviewGround
    opened_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=3)
@dataclass(frozen=True, slots=True)
class NonPunishmentReviewed:
    """How the review of the charge ended."""

    person_ref: Ref
    charge_id: Ref
    outcome: Annotated[str, Code("non_punishment_outcome")]
    reviewed_on: Day


@event(version=1, audience=Audience.NOTICE, sensitivity=3)
@dataclass(frozen=True, slots=True)
class VictimChargedNotified:
    """A person you know under this handover was charged with an offence; a non-punishment review has been opened."""

    handover_id: Ref
    charged_on: Day


@event(version=1, audience=Audience.NOTICE, sensitivity=3)
@dataclass(frozen=True, slots=True)
class NonPunishmentNotified:
    """How a non-punishment review of a person you know under this handover ended."""

    handover_id: Ref
    outcome: Annotated[str, Code("non_punishment_outcome")]
    reviewed_on: Day
