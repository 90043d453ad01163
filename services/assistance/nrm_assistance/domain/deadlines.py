"""Deadlines as data: what is due, from which fact it runs, by which rule, and who owes it. Lateness is computed."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from nrm_assistance.domain.command import AboutPerson
from nrm_assistance.domain.parts import DeadlineKey
from nrm_assistance.domain.person import Person
from nrm_contracts.assistance.events import DeadlineLifted, DeadlineMet, DeadlineSet

ANCHORS: Final = {
    "assistance_offer": "CaseOpened",
    "assistance_answer": "AssistanceOffered",
    "needs_assessment": "AssistanceAccepted",
    "best_interest_assessment": "CaseOpened",
    "needs_reassessment": "NeedsAssessed",
    "plan_agreement": "NeedsAssessed",
    "plan_end": "PlanAgreed",
    "reintegration_plan": "PlacementStarted",
    "placement_end": "PlacementStarted",
    "follow_up_contact": "PhaseEntered",
    "case_review": "FollowUpContactMade",
    "lost_contact_check": "PersonLost",
    "risk_response": "RiskAlertRaised",
    "exit_negative": "StatusRecorded",
    "exit_positive": "StatusRecorded",
    "two_open_cases": "RecordsMerged",
    "transfer_answer": "TransferOffered",
    "hearing_preparation": "HearingNoted",
    "best_interest_determination": "BestInterestAssessed",
    "return_step": "ReturnOpened",
    "receiver_answer": "TransnationalReferralSent",
    "reintegration_handover": "PersonReturned",
}
"""The fact from which each kind of deadline runs, unless another is named."""

OFFICER_SET: Final = "officer/set"
"""The rule of a day that an officer set, as when needs are to be assessed again."""


def by_policy(command: AboutPerson, kind: str, anchor: str = "") -> DeadlineSet:
    """Due when the national policy says; without a day where the policy sets none."""
    due_on = command.policy.due(kind, command.occurred_on)
    return _deadline(command, kind, due_on, rule(command, f"deadlines.{kind}"), anchor=anchor)


def at_least(command: AboutPerson, person: Person, kind: str) -> list[DeadlineSet]:
    """As :func:`by_policy`, unless the same is asked for by an earlier day: nothing new puts off what is due."""
    due, live = by_policy(command, kind), person.deadlines.get((kind, None))
    if live is not None and (due.due_on is None or (live.due_on is not None and live.due_on <= due.due_on)):
        return []
    return [due]


def on_day(command: AboutPerson, kind: str, day: date | None, rule_id: str = OFFICER_SET) -> DeadlineSet:
    """Due on a day that is already known."""
    return _deadline(command, kind, day, rule_id)


def rule(command: AboutPerson, key: str) -> str:
    """How a deadline cites the policy: its version and the key in it."""
    return f"{command.policy.version}/{key}"


def follow_up(command: AboutPerson, month: int, day: date) -> DeadlineSet:
    """The follow-up contact of that month."""
    return _deadline(command, "follow_up_contact", day, rule(command, "followup_months"), month)


def _deadline(
    command: AboutPerson, kind: str, day: date | None, rule_id: str, month: int | None = None, anchor: str = ""
) -> DeadlineSet:
    since = anchor or ANCHORS[kind]
    return DeadlineSet(command.person_ref, kind, since, command.occurred_on, rule_id, command.agency, month, day)


def met(command: AboutPerson, person: Person, *kinds: str) -> list[object]:
    """Those of these kinds that were due are done."""
    return [
        DeadlineMet(command.person_ref, kind, command.occurred_on) for kind in kinds if (kind, None) in person.deadlines
    ]


def followed_up(command: AboutPerson, person: Person, month: int) -> list[object]:
    """The contact of that month is made, and makes up for earlier ones that never came about."""
    earlier = (key for key in person.deadlines if key[1] is not None and key[1] < month)
    made = DeadlineMet(command.person_ref, "follow_up_contact", command.occurred_on, month)
    return [made, *_lifted(command, earlier)]


def lifted(command: AboutPerson, person: Person, *kinds: str) -> list[object]:
    """Those of these kinds that were due are due no more."""
    return _lifted(command, (key for key in person.deadlines if key[0] in kinds))


def all_lifted(command: AboutPerson, person: Person) -> list[object]:
    """Nothing is due any more: the case ended."""
    return _lifted(command, person.deadlines)


def _lifted(command: AboutPerson, keys: Iterable[DeadlineKey]) -> list[object]:
    in_order = sorted(keys, key=lambda key: (key[0], key[1] or 0))
    return [DeadlineLifted(command.person_ref, kind, command.occurred_on, month) for kind, month in in_order]
