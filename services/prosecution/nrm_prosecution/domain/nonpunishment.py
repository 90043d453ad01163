"""A victim who is charged is not left alone with it: the charge is reviewed and the authorities are told.

Council of Europe convention 197 art. 26, EU Directive 2011/36 art. 8. Each command, then its rule.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from nrm_contracts.fields import Code, Day, Origin, Ref
from nrm_contracts.policy import NationalPolicy
from nrm_contracts.prosecution.case_events import Article
from nrm_contracts.prosecution.charge_events import ReviewGround
from nrm_contracts.prosecution.events import (
    DeadlineMet,
    DeadlineSet,
    NonPunishmentNotified,
    NonPunishmentReviewed,
    NonPunishmentReviewOpened,
    VictimCharged,
    VictimChargedNotified,
)
from nrm_contracts.record.events import HandoverMinted
from nrm_kernel.decider import Decision, Notice
from nrm_kernel.errors import NotFound, Refused
from nrm_kernel.identity import service_of
from nrm_prosecution.domain.charge import Review
from nrm_prosecution.domain.charging import must_name_articles
from nrm_prosecution.domain.deadlines import NON_PUNISHMENT_REVIEW, earlier
from nrm_prosecution.domain.ground import LegalBasis, on_live_ground
from nrm_prosecution.domain.victim import Victim

AUTHORITIES = frozenset({"identification"})
_TOLD = AUTHORITIES | {"assistance"}


@dataclass(frozen=True, slots=True)
class ChargeVictim:
    """A victim was charged with an offence.

    ``authority``: an identification agency to be told that does not know the person from here yet.
    """

    person_ref: Ref
    charge_id: Ref
    articles: tuple[Article, ...]
    linked_to_exploitation: Annotated[str, Code("answer")]
    occurred_on: Day
    legal_basis: LegalBasis
    agency: Origin
    agencies: Mapping[str, str]
    policy: NationalPolicy
    new_handover_id: Ref
    authority: Origin | None = None
    review_on: Day | None = None


@on_live_ground
def charge_victim(command: ChargeVictim, victim: Victim) -> Decision:
    """The review opens with the charge, whether or not the charge seems linked to the exploitation."""
    victim.known()
    articles = must_name_articles(command.articles, "The charge")
    told = _told(command, victim)
    charged = VictimCharged(
        person_ref=command.person_ref,
        charge_id=command.charge_id,
        articles=articles,
        linked_to_exploitation=command.linked_to_exploitation,
        charged_on=command.occurred_on,
    )
    due_on = earlier(command.review_on, command.policy.due(NON_PUNISHMENT_REVIEW, command.occurred_on))
    return [
        charged,
        *_opened(command.person_ref, command.charge_id, "charged", command.occurred_on, due_on, command.agency),
        *(
            HandoverMinted(command.person_ref, origin, handover_id)
            for origin, handover_id in told
            if origin not in victim.handovers
        ),
        *(Notice(to, about, VictimChargedNotified(about, command.occurred_on)) for to, about in told),
    ]


def _told(command: ChargeVictim, victim: Victim) -> list[tuple[str, str]]:
    """Whom the charge is told to: all who know the person from a handover, and the authority that is named."""
    told = list(victim.known_to(_TOLD))
    authority = command.authority
    if authority and authority not in victim.handovers:
        if authority not in command.agencies or service_of(authority) not in AUTHORITIES:
            raise Refused(
                "AUTHORITY_UNKNOWN",
                f"The charge was not recorded: {authority} is no identification agency of this mechanism. Name one.",
                authority=authority,
            )
        told.append((authority, command.new_handover_id))
    if not any(service_of(origin) in AUTHORITIES for origin, _ in told):
        raise Refused(
            "AUTHORITY_NEEDED",
            "The charge was not recorded: no identification agency knows this person from here, so none would be told. "
            "Name the authority that decides on the person's status.",
        )
    return told


@dataclass(frozen=True, slots=True)
class ReviewNonPunishment:
    """How the review of a charge ended."""

    person_ref: Ref
    charge_id: Ref
    outcome: Annotated[str, Code("non_punishment_outcome")]
    occurred_on: Day
    legal_basis: LegalBasis


@on_live_ground
def review_non_punishment(command: ReviewNonPunishment, victim: Victim) -> Decision:
    """Once per opened review; those who were told of the charge are told the outcome.

    That it ended well for the person after all, or was written down wrongly, is taken at any time: never the reverse.
    """
    charge = victim.known().charges.get(command.charge_id)
    if charge is None:
        raise NotFound
    is_open = charge.review is Review.OPEN
    if not is_open and (charge.review is not Review.PENALISED or command.outcome == Review.PENALISED):
        raise Refused(
            "REVIEW_NOT_OPEN",
            f"The outcome was not recorded: the review of this charge ended as {charge.review}. It opens anew when the "
            "person's status or recovery period is told; that a penalised one ended better is taken at any time.",
            outcome=charge.review.value,
        )
    return [
        NonPunishmentReviewed(command.person_ref, command.charge_id, command.outcome, command.occurred_on),
        *([DeadlineMet(NON_PUNISHMENT_REVIEW, command.charge_id, command.occurred_on)] if is_open else []),
        *(
            Notice(to, about, NonPunishmentNotified(about, command.outcome, command.occurred_on))
            for to, about in victim.known_to(_TOLD)
        ),
    ]


def reviews_reopened(
    victim: Victim, ground: ReviewGround, on: date, policy: NationalPolicy, owner: str
) -> Iterator[NonPunishmentReviewOpened | DeadlineSet]:
    """New ground to believe that the person is a victim: what was penalised before is looked at again."""
    for charge_id in sorted(victim.charges):
        if victim.charges[charge_id].review is Review.PENALISED:
            due_on = policy.due(NON_PUNISHMENT_REVIEW, on)
            yield from _opened(victim.person_ref, charge_id, ground, on, due_on, owner)


def _opened(
    person_ref: str, charge_id: str, ground: ReviewGround, on: date, due_on: date | None, owner: str
) -> tuple[NonPunishmentReviewOpened, DeadlineSet]:
    return (
        NonPunishmentReviewOpened(person_ref, charge_id, ground, on),
        DeadlineSet(
            kind=NON_PUNISHMENT_REVIEW,
            about=charge_id,
            anchor="NonPunishmentReviewOpened",
            anchor_on=on,
            rule_id=f"deadlines.{NON_PUNISHMENT_REVIEW}",
            owner=owner,
            due_on=due_on,
        ),
    )
