"""Deadlines: which are open, which have passed, and whose they are. Overdue is computed, never typed in."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, and_, exists, select

from nrm_coordinator import tables as t
from nrm_coordinator.moment import AsOf
from nrm_kernel.views import ViewReader


@dataclass(frozen=True, slots=True)
class OpenDeadline:
    """A deadline that was set and neither met nor lifted. ``due_on`` is empty where the policy sets none."""

    origin: str
    subject: str
    kind: str
    about: str
    owner: str
    due_on: str
    rule_id: str

    def days_late(self, day: date) -> int:
        """Days past due; 0 while there is time, and where nothing is set."""
        return max(0, (day - date.fromisoformat(self.due_on)).days) if self.due_on else 0


def _open(as_of: AsOf) -> Select[tuple[str, str, str, str, str, str | None, str]]:
    """Deadlines of which the newest fact, as of then, is that they were set."""
    one, later = t.deadline, t.deadline.alias()
    replaced = exists().where(
        and_(
            later.c.origin == one.c.origin,
            later.c.subject == one.c.subject,
            later.c.kind == one.c.kind,
            later.c.about == one.c.about,
            later.c.position > one.c.position,
            later.c.recorded_at <= as_of.moment,
        )
    )
    c = one.c
    return select(c.origin, c.subject, c.kind, c.about, c.owner, c.due_on, c.rule_id).where(
        c.change == "set", c.recorded_at <= as_of.moment, ~replaced
    )


async def open_deadlines(reader: ViewReader, subjects: Collection[str], as_of: AsOf) -> list[OpenDeadline]:
    """The open deadlines about any of these subjects, the most pressing first."""
    rows = await reader.rows(_open(as_of).where(t.deadline.c.subject.in_(subjects)))
    return sorted((_deadline(tuple(row)) for row in rows), key=lambda one: (one.due_on or "9", one.kind))


async def overdue(reader: ViewReader, as_of: AsOf, owner: str = "", kind: str = "") -> list[OpenDeadline]:
    """Every deadline that has passed, the latest first; of one agency or kind if these are given."""
    query = _open(as_of).where(t.deadline.c.due_on < as_of.day.isoformat())
    if owner:
        query = query.where(t.deadline.c.owner == owner)
    if kind:
        query = query.where(t.deadline.c.kind == kind)
    found = [_deadline(tuple(row)) for row in await reader.rows(query)]
    return sorted(found, key=lambda one: (one.due_on, one.origin, one.subject, one.kind, one.about))


def _deadline(row: tuple[str, str, str, str, str, str | None, str]) -> OpenDeadline:
    origin, subject, kind, about, owner, due_on, rule_id = row
    return OpenDeadline(origin, subject, kind, about, owner, due_on or "", rule_id)
