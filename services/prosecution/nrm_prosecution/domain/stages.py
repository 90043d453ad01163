"""The way of a criminal case: its stages and which may follow which."""

from collections.abc import Collection
from enum import StrEnum


class CaseStatus(StrEnum):
    """Where a criminal case stands."""

    REPORTED = "reported"
    REGISTERED = "registered"
    INVESTIGATING = "investigating"
    RECLASSIFIED = "reclassified"
    SUSPENDED = "suspended"
    DISCONTINUED = "discontinued"
    SETTLED = "settled"
    TRANSFERRED = "transferred"
    MERGED = "merged"
    INDICTED = "indicted"
    TRIAL = "trial"
    FIRST_INSTANCE = "first_instance"
    APPEAL = "appeal"
    FINAL = "final"
    ENFORCEMENT = "enforcement"
    CLOSED = "closed"


_S = CaseStatus

UNDER_INVESTIGATION = frozenset({_S.INVESTIGATING, _S.RECLASSIFIED})
"""A reclassified case is investigated on, under its new article."""

_AFTER_INVESTIGATION = frozenset(
    {_S.DISCONTINUED, _S.SUSPENDED, _S.RECLASSIFIED, _S.SETTLED, _S.TRANSFERRED, _S.MERGED, _S.INDICTED}
)

NEXT: dict[CaseStatus | None, frozenset[CaseStatus]] = {
    None: frozenset({_S.REPORTED, _S.REGISTERED}),
    _S.REPORTED: frozenset({_S.REGISTERED}),
    _S.REGISTERED: frozenset({_S.INVESTIGATING}),
    _S.INVESTIGATING: _AFTER_INVESTIGATION,
    _S.RECLASSIFIED: _AFTER_INVESTIGATION,
    _S.SUSPENDED: frozenset({_S.INVESTIGATING, _S.RECLASSIFIED, _S.DISCONTINUED}),
    _S.INDICTED: frozenset({_S.TRIAL, _S.DISCONTINUED}),
    _S.TRIAL: frozenset({_S.FIRST_INSTANCE, _S.DISCONTINUED}),
    _S.FIRST_INSTANCE: frozenset({_S.APPEAL, _S.FINAL}),
    _S.APPEAL: frozenset({_S.FINAL}),
    _S.FINAL: frozenset({_S.ENFORCEMENT}),
    _S.ENFORCEMENT: frozenset({_S.CLOSED}),
}
"""Which stage may follow which; one that is not named here is an end. Before a court a case is discontinued only when
none of its defendants is left."""

BEFORE_COURT = frozenset({_S.INDICTED, _S.TRIAL})
JUDGED = frozenset({_S.FIRST_INSTANCE, _S.APPEAL})


def is_open(status: CaseStatus | None) -> bool:
    """Whether somebody still has to do something in the case."""
    return status in NEXT


def may_follow(status: CaseStatus | None, following: CaseStatus) -> bool:
    """Whether a case in this stage may go to the following one."""
    return following in NEXT.get(status, frozenset())


def words(stages: Collection[CaseStatus]) -> str:
    """The stages' names for a sentence, always in the same order."""
    return " or ".join(stage for stage in CaseStatus if stage in stages)
