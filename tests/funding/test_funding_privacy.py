"""Funding knows no person, and a provider hears nothing of the fund's own references and officers."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import get_args, get_type_hints

import pytest

import nrm_contracts.funding.events
from nrm_contracts.catalogue import Audience, EventType, all_types
from nrm_contracts.fields import Ref

FUNDING = [kind for kind in all_types() if kind.name.startswith("funding.")]
SHARED_WITH_PROVIDERS = {"contract_ref", "claim_id"}


def all_fields(form: object) -> Iterator[tuple[str, object]]:
    """Name and type of every field, in nested parts too."""
    if isinstance(form, type) and is_dataclass(form):
        hints = get_type_hints(form, include_extras=True)
        for each in fields(form):
            yield each.name, hints[each.name]
            yield from all_fields(hints[each.name])
    for inside in get_args(form):
        yield from all_fields(inside)


def refs_in(kind: EventType) -> set[str]:
    return {name for name, hint in all_fields(kind.form) if hint == Ref or Ref in get_args(hint)}


def test_the_catalogue_is_there() -> None:
    assert len(FUNDING) > 40
    assert nrm_contracts.funding.events.__all__


@pytest.mark.parametrize("kind", FUNDING, ids=lambda kind: kind.name)
def test_no_event_has_a_field_for_a_person(kind: EventType) -> None:
    names = {name for name, _ in all_fields(kind.form)}
    assert not names & {"person_ref", "delivery_id", "referral_id", "incident_id", "person", "name", "text"}


@pytest.mark.parametrize("kind", [kind for kind in FUNDING if kind.audience is Audience.NOTICE], ids=lambda k: k.name)
def test_a_notice_names_only_what_both_agencies_know(kind: EventType) -> None:
    assert refs_in(kind) <= SHARED_WITH_PROVIDERS
    assert not [name for name, _ in all_fields(kind.form) if name.endswith("_by") or "officer" in name]


def test_only_prices_are_for_everybody_and_they_name_nothing() -> None:
    public = [kind for kind in FUNDING if kind.audience is Audience.ALL]
    assert [(kind.name, refs_in(kind)) for kind in public] == [("funding.ServiceStandardPublished", set())]
