"""The coordinator's answers as tables in a terminal: what is asked first stands first, the unit in every title."""

from collections.abc import Iterable, Sequence

from google.protobuf.message import Message
from rich.console import Console
from rich.table import Table

from nrm_contracts.coordinator.v1 import coordinator_pb2 as pb
from nrm_contracts.record.v1.receipt_pb2 import Completeness


def show(response: Message) -> None:
    """Print an answer of the coordinator."""
    console = Console()
    match response:
        case pb.GetPathwayResponse():
            _pathway(console, response)
        case pb.GetFunnelsResponse():
            _funnels(console, response)
        case pb.ListOverdueResponse():
            _overdue(console, response)


def _pathway(console: Console, pathway: pb.GetPathwayResponse) -> None:
    profile, standing = pathway.profile, pathway.standing
    console.print(f"[bold]Person {pathway.person}[/bold]")
    coarse = [profile.region, profile.sex, profile.age_band, profile.language, profile.detection_channel]
    console.print(", ".join([*filter(None, coarse), *(["minor"] if profile.minor else [])]))
    console.print(
        f"identification: {standing.identification or '-'} for {standing.identification_days} days; "
        f"assistance: {standing.assistance or '-'}; proceedings: {standing.proceedings or '-'}"
    )
    _print(console, "Known as", ("agency", "reference"), ((r.origin, r.person_ref) for r in pathway.references))
    steps = ((s.occurred_on, _agency(s.origin), s.kind.partition(".")[2], s.detail) for s in pathway.timeline)
    _print(console, "Timeline", ("happened", "agency", "what", "detail"), steps)
    due = (
        (d.due_on or "not set", d.kind, _agency(d.owner), f"{d.days_late} days late" if d.overdue else "", d.rule_id)
        for d in pathway.deadlines
    )
    _print(console, "Open deadlines", ("due", "kind", "owner", "", "rule"), due)
    consents = ((c.scope, _agency(c.origin), c.given_on, c.expires_on or "-") for c in pathway.consents)
    _print(console, "Live consents", ("scope", "agency", "given", "expires"), consents)
    money = (
        (m.ccy or "-", f"{m.claimed_minor:,}", f"{m.verified_minor:,}", f"{m.paid_minor:,}", str(m.unfunded_deliveries))
        for m in pathway.money
    )
    _print(console, "Money, in minor units", ("ccy", "claimed", "verified", "paid", "unfunded deliveries"), money)
    _print(
        console, "Alerts", ("kind", "agency", "since"), ((a.kind, _agency(a.origin), a.since) for a in pathway.alerts)
    )
    _footer(console, pathway.as_of, pathway.complete_to)


def _funnels(console: Console, funnels: pb.GetFunnelsResponse) -> None:
    for title, counts in (
        ("Persons", funnels.persons),
        ("Criminal cases", funnels.cases),
        ("Defendants", funnels.defendants),
    ):
        _print(console, title, ("step", title.lower()), ((c.step, f"{c.count:,}") for c in counts))
    _footer(console, funnels.as_of, funnels.complete_to)


def _overdue(console: Console, overdue: pb.ListOverdueResponse) -> None:
    rows = ((d.due_on, f"{d.days_late:,}", d.kind, _agency(d.owner), d.person, d.rule_id) for d in overdue.deadlines)
    shown = f"{len(overdue.deadlines):,} of {overdue.total:,}"
    _print(console, f"Overdue deadlines, {shown}", ("due", "days late", "kind", "owner", "about", "rule"), rows)
    _footer(console, overdue.as_of, overdue.complete_to)


def _print(console: Console, title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    table = Table(*heads, title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for row in rows:
        table.add_row(*row)
    if table.row_count:
        console.print()
        console.print(table)


def _footer(console: Console, as_of: str, complete_to: Iterable[Completeness]) -> None:
    console.print()
    complete = ", ".join(f"{_agency(one.origin)} {one.size:,}" for one in complete_to)
    console.print(f"As of {as_of}. Complete up to: {complete}", style="dim")


def _agency(origin: str) -> str:
    return origin.partition("/")[2]
