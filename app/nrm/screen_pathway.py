"""One person's pathway on a screen: who, in words; the timeline; what was given; what is due; what to look at."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from nrm.layout import Cells, Head, Paper, agency, amount, counted, days_between, quantity, words
from nrm_contracts.coordinator.v1 import coordinator_pb2 as pb

STEPS_MAX = 40
"""Older steps are left out, unless all of them are asked for."""

GAP_DAYS = 30
"""A time without anything recorded is told when it is longer than this."""

_BARE = {
    *("outcome", "answer", "change", "reason", "scope", "kind", "phase", "entitlement", "ground", "goal", "capacity"),
    "detection_channel",
}
"""Details that speak for themselves, without their names."""

_AGENCY = Head("agency", folds=True)


def show(paper: Paper, seen: pb.GetPathwayResponse, asked: pb.GetPathwayRequest, where: str) -> None:
    """Print a pathway. Alerts stand last, where a terminal shows them."""
    _head(paper, seen)
    _timeline(paper, seen)
    _given(paper, seen)
    _in_court(paper, seen)
    _consents(paper, seen)
    _deadlines(paper, seen)
    alerts(paper, seen.alerts, seen.as_of)
    paper.end(seen.as_of, seen.complete_to, *_following(seen, asked, where))


def _head(paper: Paper, seen: pb.GetPathwayResponse) -> None:
    profile, standing = seen.profile, seen.standing
    paper.line(f"Person {seen.person}", "bold")
    told = [profile.sex, profile.age_band, profile.region, profile.language and f"speaks {profile.language}"]
    found = profile.detection_channel and f"found by {words(profile.detection_channel)}"
    paper.line(", ".join([*(["a child"] if profile.minor else []), *filter(None, (*told, found))]) or "not described")
    parts = [
        f"Identification: {words(standing.identification)} for {counted(standing.identification_days, 'day')}"
        if standing.identification
        else "Identification: none known",
        f"Help: {words(standing.assistance) or 'none known'}",
        f"Proceedings: {words(standing.proceedings) or 'none known'}",
    ]
    paper.line(". ".join(parts) + ".")
    paper.line(f"{counted(len(seen.alerts), 'alert')}." if seen.alerts else "No alert.", "bold" if seen.alerts else "")
    known = ((agency(one.origin), one.person_ref) for one in seen.references)
    paper.table("Known as, at each agency", (Head("agency", folds=True), Head("reference")), known)


def _timeline(paper: Paper, seen: pb.GetPathwayResponse) -> None:
    steps = list(_with_gaps(seen.timeline))
    left_out = len(steps) - STEPS_MAX if len(steps) > STEPS_MAX else 0
    earlier = f"; {left_out} earlier lines are left out, --json gives them all" if left_out else ""
    title = f"Timeline: {counted(len(seen.timeline), 'fact')}, the newest last{earlier}"
    shown, heads = steps[left_out:], (Head("happened"), _AGENCY, Head("what"), Head("detail", folds=True))
    if paper.holds(heads, shown):
        paper.table(title, heads, shown)
    else:
        paper.table(title, (Head("happened, agency"), Head("what", folds=True)), map(_in_two_lines, shown))


def _in_two_lines(step: Cells) -> Cells:
    happened, where, what, detail = step
    return "\n".join(filter(None, (happened, where))), "\n".join(filter(None, (what, detail)))


def _with_gaps(timeline: Sequence[pb.Step]) -> Iterator[Cells]:
    """A line for each fact; the same ones in a row are one line, and a long time without any is told."""
    before = ""
    for _, run in groupby(timeline, key=lambda step: (step.origin, step.kind, step.detail)):
        alike = list(run)
        first, last = alike[0], alike[-1]
        if before and days_between(before, first.occurred_on) > GAP_DAYS:
            yield "", "", f"({days_between(before, first.occurred_on)} days without a fact)", ""
        before = last.occurred_on
        often = f" ({len(alike)} times since {first.occurred_on})" if len(alike) > 1 else ""
        yield last.occurred_on, agency(last.origin), _event(last.kind), f"{_detail(last.detail)}{often}".strip()


def _event(kind: str) -> str:
    """An event's name as words."""
    return re.sub(r"(?<!^)(?=[A-Z])", " ", kind.partition(".")[2]).lower()


def _detail(detail: str) -> str:
    return ", ".join(_told(*pair.split("=", 1)) for pair in detail.split() if pair != "final=false")


def _told(name: str, value: str) -> str:
    if value in ("true", "false"):
        return words(name) if value == "true" else f"not {words(name)}"
    return words(value) if name in _BARE else f"{words(name)} {words(value)}"


def _given(paper: Paper, seen: pb.GetPathwayResponse) -> None:
    rows = ((words(h.service_code), quantity(h.qty_milli), words(h.unit), h.last_on) for h in seen.help)
    heads = (Head("service", folds=True), Head("how much", right=True), Head("unit"), Head("last on"))
    paper.table("Help given, in units of each service", heads, rows)
    if seen.unfunded_deliveries:
        paper.line(f"{counted(seen.unfunded_deliveries, 'unit')} of help that nothing pays for.")
    money = (
        (m.ccy, *(amount(one, m.ccy) for one in (m.claimed_minor, m.verified_minor, m.paid_minor, m.owed_back_minor)))
        for m in seen.money
    )
    sums = [Head(name, right=True) for name in ("claimed", "verified", "paid", "owed back")]
    paper.table("Money for this help", (Head("currency"), *sums), money)


def _in_court(paper: Paper, seen: pb.GetPathwayResponse) -> None:
    cases = ((words(c.state) or "not known", c.since, agency(c.origin), c.criminal_case_id) for c in seen.cases)
    heads = (Head("stands at"), Head("since"), _AGENCY, Head("criminal case"))
    paper.table(f"{counted(len(seen.cases), 'criminal case')} with this person as a victim", heads, cases)
    money = (
        (c.ccy, *(amount(one, c.ccy) for one in (c.claimed_minor, c.awarded_minor, c.paid_minor)))
        for c in seen.compensation
    )
    sums = [Head(name, right=True) for name in ("claimed", "awarded", "paid")]
    paper.table("Compensation", (Head("currency"), *sums), money)


def _consents(paper: Paper, seen: pb.GetPathwayResponse) -> None:
    rows = ((words(c.scope), agency(c.origin), c.given_on, c.expires_on or "no end") for c in seen.consents)
    heads = (Head("scope"), _AGENCY, Head("given on"), Head("until"))
    paper.table(f"{counted(len(seen.consents), 'live consent')}", heads, rows)


def _deadlines(paper: Paper, seen: pb.GetPathwayResponse) -> None:
    late = sum(one.overdue for one in seen.deadlines)
    title = f"{counted(len(seen.deadlines), 'open deadline')}, {late} overdue"
    paper.table(title, DEADLINE_HEADS[paper.is_wide], (_deadline(one, seen.as_of, paper) for one in seen.deadlines))


DEADLINE_HEADS = {
    True: (Head("due"), Head("days"), Head("kind"), Head("owner"), Head("rule", folds=True)),
    False: (Head("due"), Head("kind, owner"), Head("rule", folds=True)),
}


def _deadline(due: pb.Deadline, as_of: str, paper: Paper) -> Cells:
    day, left = due.due_on or "not set", _days(due, as_of)
    if paper.is_wide:
        return day, left, due.kind, agency(due.owner), due.rule_id
    return f"{day}\n{left}", f"{due.kind}\n{agency(due.owner)}", due.rule_id


def _days(due: pb.Deadline, as_of: str) -> str:
    if not due.due_on:
        return ""
    return f"{due.days_late:,} late" if due.overdue else f"{days_between(as_of, due.due_on):,} left"


def alerts(paper: Paper, found: Sequence[pb.Alert], as_of: str) -> None:
    """What somebody should look at, and for how many days."""
    rows = (
        (one.since, f"{days_between(one.since, as_of):,}", words(one.kind), agency(one.origin), one.detail)
        for one in found
    )
    heads = (Head("since"), Head("days", right=True), Head("what"), _AGENCY, Head("detail", folds=True))
    paper.table(counted(len(found), "alert"), heads, rows)


def _following(seen: pb.GetPathwayResponse, asked: pb.GetPathwayRequest, where: str) -> Iterator[str]:
    late = next((one.owner for one in seen.deadlines if one.overdue and "/" in one.owner), "")
    if late:
        yield f"nrm overdue{where} --owner {late}"
    if not asked.as_of and (ref := _first_name(seen)):
        yield f"nrm pathway{where} {ref} --as-of {seen.timeline[0].recorded_at[:10]}"


def _first_name(seen: pb.GetPathwayResponse) -> str:
    """The person's reference at the agency of the first fact: on its day nobody may have had another one yet.

    Empty where that agency had several.
    """
    names = [one.person_ref for one in seen.references if one.origin == seen.timeline[0].origin]
    return names[0] if len(names) == 1 else ""
