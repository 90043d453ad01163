"""Events with plain defaults, so that a story names only what it is about."""

from dataclasses import fields
from datetime import date
from typing import Any, TypeVar, cast

from nrm_contracts.assistance import events as assistance
from nrm_contracts.funding import events as funding
from nrm_contracts.identification import events as identification
from nrm_contracts.prosecution import events as prosecution

OFFICER = "officer-whom-nobody-may-see"
T = TypeVar("T")
POINTS = ("agrees", "purpose", "uses", "research_use", "access_right", "storage_time", "how_to_withdraw")
PERSON: dict[str, Any] = {"region": "GB-LND", "age_band": "24-26", "sex": "female", "language": "vie", "minor": False}
PLAIN: dict[str, Any] = {
    **PERSON,
    "detection_channel": "raid",
    "minor_claimed": False,
    "immediate_needs": (),
    "incident_ids": (),
    "indicators": (),
    "exploitation_forms": ("forced_labour",),
    "acts": (),
    "means": (),
    "purposes": (),
    "tool": "ilo",
    "tool_version": "2009",
    "missing": (),
    "needs": (),
    "services": (),
    "goals": (),
    "goals_reached": (),
    "grounds": (),
    "articles": (),
    "aggravating": (),
    "roles": (),
    "informed_points": POINTS,
    "interpreter_used": False,
    "given_by": "self",
    "purpose": "referral",
    "asked_early": False,
    **dict.fromkeys(("officer", "awarded_by", "verified_by", "rejected_by", "paid_by", "reversed_by"), OFFICER),
    "rule_id": "gb-2024-10-08/rule",
    "anchor": "SomethingHappened",
    "agreed_by_person": True,
    "evidence_hash": "0" * 64,
    "person_acknowledged": True,
    "iccs_code": "0204",
    "national_article": "GB-EAW-MSA2015-2",
    "proactive": True,
    "official": False,
    "citizenship": "GB",
    "suspended": False,
    "sentence_months": 0,
    "instance": "first",
    "linked_to_exploitation": "yes",
    "participation_consented": True,
    "criteria": (),
    "years": (),
    "lots": (),
    "lines": (),
    "invoice_no": 1,
    "line_id": f"{81:032x}",
    "fiscal_year": 2026,
    "source": "request",
    "absorbed_known": (),
    "basis": "documents",
    "criminal_case_id": f"{900:032x}",
}


def made(form: type[T], on: str, **told: Any) -> T:  # noqa: ANN401 - the event's own fields
    """An event of that class: what is told, plain values for the rest, and the day for every day of its own."""
    values = {}
    for one in fields(cast(Any, form)):
        if one.name in told:
            values[one.name] = told.pop(one.name)
        elif one.name in PLAIN:
            values[one.name] = PLAIN[one.name]
        elif one.name.endswith(("_on", "_from", "_to", "_end", "reassess_by")) and one.default is not None:
            values[one.name] = date.fromisoformat(on)
    assert not told, f"{form.__name__} has no {', '.join(told)}"
    return form(**values)


def day(text: str) -> date:
    """A day."""
    return date.fromisoformat(text)


__all__ = ["PERSON", "PLAIN", "POINTS", "assistance", "day", "funding", "identification", "made", "prosecution"]
