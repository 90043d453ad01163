"""Entries that put others right: from their recording on, the others count no longer.

An event with a field ``corrects`` names an entry of its own stream, and says all that is right in its place or that
nothing is: it was recorded in error. Both are in the tables; what was known on a day is told apart by the day of
recording, as everywhere.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from functools import cache
from typing import Final

from sqlalchemy import ColumnElement, Select, Table, and_, literal_column, select

from nrm_contracts.assistance import events as assistance
from nrm_contracts.identification import events as identification
from nrm_contracts.prosecution import events as prosecution
from nrm_coordinator import tables as t
from nrm_coordinator.making import Build, Given, facts_of_agencies
from nrm_coordinator.moment import AsOf
from nrm_kernel.views import Add

CORRECTED_BY: Final[Mapping[type[object], type[object]]] = {
    identification.PersonDetected: identification.DetectionCorrected,
    identification.ScreeningCompleted: identification.ScreeningCorrected,
    identification.StageDecided: identification.StageCorrected,
    identification.IncidentOpened: identification.IncidentVoided,
    assistance.FollowUpContactMade: assistance.FollowUpVoided,
    prosecution.JudgmentEntered: prosecution.JudgmentCorrected,
    prosecution.CaseJudged: prosecution.CaseJudgedCorrected,
}
"""What may be corrected, and by which event."""


_WRONG, _RIGHT = t.revision.alias("wrong"), t.revision.alias("corrected_by")
_SAME_ENTRY: Final = and_(
    _RIGHT.c.stream == _WRONG.c.stream, _RIGHT.c.origin == _WRONG.c.origin, _RIGHT.c.corrects == _WRONG.c.version
)


def stands(facts: Table, as_of: AsOf) -> ColumnElement[bool]:
    """Whether a fact's entry was not corrected by then."""
    return ~_corrections(facts).where(_RIGHT.c.recorded_at <= as_of.moment).exists()


@cache
def _corrections(facts: Table) -> Select[tuple[int]]:
    """Whatever corrects the entry of a fact; made once, since every pathway asks for it."""
    return (
        select(literal_column("1"))
        .select_from(_WRONG.join(_RIGHT, _SAME_ENTRY))
        .where(_WRONG.c.origin == facts.c.origin, _WRONG.c.position == facts.c.position)
    )


def _correctable(given: Given) -> tuple[Add]:
    cells = {"stream": given.stream, "version": given.version, "corrects": given.data.get("corrects")}
    return (given.adds(t.revision, cells),)


def _builds() -> Iterator[tuple[type[object], Build]]:
    for kind in facts_of_agencies():
        if kind.form in CORRECTED_BY or "corrects" in {field.name for field in fields(kind.form)}:
            yield kind.form, _correctable


FACTS = dict(_builds())
