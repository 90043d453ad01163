"""Deadlines: which are open, which have passed, and whose they are. Overdue is computed, never typed in."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Select, and_, exists, select

from nrm_coordinator import tables as t
from nrm_coordinator.making import Build, Data, Given, facts_of_agencies
from nrm_coordinator.moment import AsOf
from nrm_coordinator.people import Names
from nrm_kernel.views import Add, ViewReader

OF_STAYS: Final = frozenset({"placement_end", "institutional_stay_review", "reintegration_plan"})
"""Deadlines that only who houses a person can have: their owner is shown as a kind of agency, not by its name."""

NEVER: Final = "9999-12-31"


@dataclass(frozen=True, slots=True)
class OpenDeadline:
    """A deadline that was set and neither met nor lifted. ``due_on`` is empty where the policy sets none.

    ``subject`` is the reference of the person, empty where it is about a criminal case or an invoice alone; ``about``
    is what else it is about.
    """

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

    @property
    def owner_shown(self) -> str:
        """Who has to act, as far as it may be shown."""
        return self.owner.split("/")[1] if self.kind in OF_STAYS else self.owner

    @property
    def key(self) -> str:
        """What it sorts by: the most pressing first; those without a day last."""
        return " ".join((self.due_on or NEVER, self.origin, self.subject, self.kind, self.about))


def _open(as_of: AsOf) -> Select[tuple[str, str, str, str, str, str | None, str]]:
    """Deadlines of which the newest fact, as of then, is that they were set."""
    one, later = t.deadline, t.deadline.alias()
    replaced = exists().where(
        and_(
            later.c.subject == one.c.subject,
            later.c.kind == one.c.kind,
            later.c.about == one.c.about,
            later.c.origin == one.c.origin,
            later.c.position > one.c.position,
            later.c.recorded_at <= as_of.moment,
        )
    )
    c = one.c
    return select(c.origin, c.subject, c.kind, c.about, c.owner, c.due_on, c.rule_id).where(
        c.change == "set", c.recorded_at <= as_of.moment, ~replaced
    )


async def open_deadlines(reader: ViewReader, refs: Collection[str], as_of: AsOf, names: Names) -> list[OpenDeadline]:
    """The open deadlines of the persons behind these references, the most pressing first."""
    rows = await reader.rows(_open(as_of).where(t.deadline.c.subject.in_(refs)))
    return _once([_deadline(*tuple(row)) for row in rows], names)


async def overdue(reader: ViewReader, as_of: AsOf, names: Names, owner: str = "", kind: str = "") -> list[OpenDeadline]:
    """Every deadline that has passed, the longest ago first; of one agency or kind if these are given."""
    query = _open(as_of).where(t.deadline.c.due_on < as_of.day.isoformat())
    if owner:
        query = query.where(t.deadline.c.owner == owner, t.deadline.c.kind.not_in(OF_STAYS))
    if kind:
        query = query.where(t.deadline.c.kind == kind)
    return _once([_deadline(*tuple(row)) for row in await reader.rows(query)], names)


def _once(deadlines: Collection[OpenDeadline], names: Names) -> list[OpenDeadline]:
    """Who waits for another agency keeps a deadline too: it is left out where the owner has the same one itself."""
    own = {_duty(one, names) for one in deadlines if one.origin == one.owner}
    kept = (one for one in deadlines if one.origin == one.owner or not one.subject or _duty(one, names) not in own)
    return sorted(kept, key=lambda one: one.key)


def _duty(deadline: OpenDeadline, names: Names) -> tuple[str, str, str]:
    return names.name(deadline.subject), deadline.kind, deadline.owner


def _deadline(
    origin: str, subject: str, kind: str, about: str, owner: str, due_on: str | None, rule_id: str
) -> OpenDeadline:
    return OpenDeadline(origin, subject, kind, about, owner, due_on or "", rule_id)


def _build(change: str) -> Build:
    def build(given: Given) -> tuple[Add]:
        subject = _person(given)
        cells = {
            "subject": subject,
            "kind": given.data["kind"],
            "about": _about(given.data, subject),
            "change": change,
            "due_on": given.data.get("due_on"),
            "rule_id": given.data.get("rule_id", ""),
            "owner": given.data.get("owner", ""),
        }
        return (given.adds(t.deadline, cells),)

    return build


def _person(given: Given) -> str:
    """The person whom it is about, if any: a prosecutor's deadline does not say, but stands in the person's stream."""
    category, _, key = given.stream.partition("-")
    person: str = given.data.get("person_ref", key if category == "person" else "")
    return person


def _about(data: Data, subject: str) -> str:
    if "month" in data:
        return f"month-{data['month']}"
    about: str = data.get("about", "")
    return "" if about == subject else about


def _builds() -> Iterable[tuple[type[object], Build]]:
    changes = {"DeadlineSet": "set", "DeadlineMet": "met", "DeadlineLifted": "lifted"}
    for kind in facts_of_agencies():
        if kind.form.__name__ in changes:
            yield kind.form, _build(changes[kind.form.__name__])


FACTS = dict(_builds())
