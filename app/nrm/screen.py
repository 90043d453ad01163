"""The coordinator's answers in a terminal: words first, the unit in every title, and what to ask next."""

from collections.abc import Iterator, Sequence

from google.protobuf.message import Message

from nrm import screen_pathway
from nrm.layout import Head, Paper, agency, counted, words
from nrm_contracts.coordinator.v1 import coordinator_pb2 as pb

BAR = 24
"""The longest bar, in columns."""


def show(response: Message, request: Message, where: str = "") -> None:
    """Print an answer. ``where`` is the option that names the deployment's folder, for the commands to ask next."""
    paper = Paper()
    match response, request:
        case pb.GetPathwayResponse(), pb.GetPathwayRequest():
            screen_pathway.show(paper, response, request, where)
        case pb.ListPathwaysResponse(), pb.ListPathwaysRequest():
            _persons(paper, response, where)
        case pb.GetFunnelsResponse(), pb.GetFunnelsRequest():
            _funnels(paper, response, request, where)
        case pb.ListOverdueResponse(), _:
            _overdue(paper, response, where)


def _persons(paper: Paper, found: pb.ListPathwaysResponse, where: str) -> None:
    title = _shown("person", len(found.pathways), found.total)
    paper.line(title if found.total else "Nobody fits.", "bold")
    heads = (Head("person"), Head("overdue", right=True), Head("agencies", right=True), Head("identification, help"))
    rows = (
        (
            f"{one.person}{'' if paper.is_wide else chr(10) + _described(one.profile)}",
            f"{one.overdue}",
            f"{one.agencies}",
            _standing(one.standing, ", " if paper.is_wide else "\n"),
            *([_described(one.profile)] if paper.is_wide else []),
        )
        for one in found.pathways
    )
    wide = (Head("described as", folds=True),) if paper.is_wide else ()
    paper.table("Persons, in order of their reference", (*heads, *wide), rows)
    following = [f"nrm pathway{where} {found.pathways[0].person}"] if found.pathways else []
    paper.end(found.as_of, found.complete_to, *following)


def _described(profile: pb.Profile) -> str:
    told = ("child" if profile.minor else "", profile.sex, profile.age_band, profile.region, profile.language)
    return " ".join(filter(None, told))


def _standing(standing: pb.Standing, between: str) -> str:
    identified = words(standing.identification)
    since = f" {standing.identification_days:,} d" if identified else ""
    return f"{identified or '-'}{since}{between}{words(standing.assistance) or '-'}"


def _funnels(paper: Paper, found: pb.GetFunnelsResponse, asked: pb.GetFunnelsRequest, where: str) -> None:
    period = " ".join(
        [f"from {asked.from_on}" if asked.from_on else "", f"to {asked.to_on}" if asked.to_on else ""]
    ).strip()
    happened = period or "all time"
    paper.line(_in_words(found), "bold")
    paper.line("Three counts, of three units: they are never added up.")
    for plural, counts, base in (
        ("Persons", found.persons, "detected"),
        ("Criminal cases", found.cases, "registered"),
        ("Defendants", found.defendants, "suspected"),
    ):
        _funnel(paper, f"{plural}, each counted once; {happened}", counts, base)
    screen_pathway.alerts(paper, found.alerts, found.as_of)
    paper.end(found.as_of, found.complete_to, f"nrm list{where} --identification referred", f"nrm overdue{where}")


def _in_words(found: pb.GetFunnelsResponse) -> str:
    persons, cases, defendants = (
        {one.step: one.count for one in counts} for counts in (found.persons, found.cases, found.defendants)
    )
    return (
        f"{counted(persons['detected'], 'person')} detected, {persons['assisted']:,} assisted, "
        f"{persons['confirmed']:,} confirmed as victims. "
        f"{counted(cases['registered'], 'criminal case')} registered, {cases['convicted']:,} with a conviction. "
        f"{counted(defendants['convicted'], 'defendant')} convicted."
    )


def _funnel(paper: Paper, title: str, counts: Sequence[pb.Count], base: str) -> None:
    whole = sum(one.count for one in counts if one.step == base)
    heads = (Head("step"), Head("count", right=True), Head(f"% of {base}", right=True), Head("", spare=True))
    paper.table(title, heads, _bars(counts, whole, paper.block))


def _bars(counts: Sequence[pb.Count], whole: int, block: str) -> Iterator[Sequence[str]]:
    most = max(one.count for one in counts) or 1
    for one in counts:
        share = f"{100 * one.count / whole:.0f}" if whole else "-"
        yield words(one.step), f"{one.count:,}", share, block * round(BAR * one.count / most)


def _overdue(paper: Paper, found: pb.ListOverdueResponse, where: str) -> None:
    title = f"{_shown('overdue deadline', len(found.deadlines), found.total)}, the longest overdue first"
    paper.line(title if found.total else "No deadline has passed.", "bold")
    rows = [_late(one, wide=paper.is_wide) for one in found.deadlines]
    paper.table("Deadlines, with whose they are and whom they are about", LATE_HEADS[paper.is_wide], rows)
    person = next((one.person for one in found.deadlines if one.person), "")
    paper.end(found.as_of, found.complete_to, *([f"nrm pathway{where} {person}"] if person else []))


LATE_HEADS = {
    True: (Head("days late", right=True), Head("due"), Head("kind"), Head("owner"), Head("about")),
    False: (Head("days late, due", right=True), Head("kind, owner"), Head("about")),
}


def _late(due: pb.Deadline, *, wide: bool) -> Sequence[str]:
    late, owner = f"{due.days_late:,}", agency(due.owner)
    if wide:
        return late, due.due_on, due.kind, owner, _about(due)
    return f"{late}\n{due.due_on}", f"{due.kind}\n{owner}", _about(due, "\n")


def _about(deadline: pb.Deadline, between: str = " ") -> str:
    """The person; failing that, what it is about that is no person."""
    if deadline.person:
        return f"person{between}{deadline.person}"
    return f"{'invoice' if '/funding/' in deadline.owner else 'case'}{between}{deadline.about}"


def _shown(unit: str, shown: int, total: int) -> str:
    return counted(total, unit) if shown == total else f"{counted(total, unit)}, of which {shown:,} are shown"
