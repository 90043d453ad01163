"""Prosecution is never told, and cannot hold, where a victim is, how they are helped or how they are. Invariant 12."""

import dataclasses
import re
from collections.abc import Iterator
from typing import get_args, get_type_hints

import pytest
from google.protobuf.descriptor import Descriptor

from nrm_contracts import catalogue
from nrm_contracts.assistance import events as _assistance
from nrm_contracts.fields import Code
from nrm_contracts.identification import events as _identification
from nrm_contracts.policy import NationalPolicy
from nrm_contracts.prosecution import events as _prosecution
from nrm_contracts.prosecution.v1 import prosecution_pb2
from nrm_contracts.vault.v1.vault_pb2 import PersonalData
from nrm_prosecution.domain.case import CriminalCase
from nrm_prosecution.domain.victim import Victim
from nrm_prosecution.reactions import REACTIONS
from nrm_prosecution.rpc_commands import COMMANDS
from nrm_prosecution.views import METADATA

NEVER = re.compile(
    r"region|place|location|address|facility|shelter|placement|plan(?!ned)|goal|service|need(?!ed)|health|medical|"
    r"diagnos|counsel|therapy|wellbeing|disab|pregnan|language"
)
LISTS_NEVER = re.compile(r"^(iso_3166_2|placement|goal|need|immediate_need|service|wellbeing|housing|risk)")
OWN_EVENTS = [kind.form for kind in catalogue.all_types() if kind.name.startswith("prosecution.")]
FORMS = [*OWN_EVENTS, *(write.command for write in COMMANDS), CriminalCase, Victim]


def forms_in(form: type[object]) -> Iterator[type[object]]:
    """The dataclass and every dataclass inside its fields' types; the country's rules are no data about anybody."""
    yield form
    for hint in get_type_hints(form).values():
        for part in _parts(hint):
            if dataclasses.is_dataclass(part) and isinstance(part, type) and part not in (form, NationalPolicy):
                yield from forms_in(part)


def _parts(hint: object) -> Iterator[object]:
    yield hint
    for part in get_args(hint):
        yield from _parts(part)


def code_lists(form: type[object]) -> set[str]:
    hints = get_type_hints(form, include_extras=True).values()
    return {part.list_name for hint in hints for part in _parts(hint) if isinstance(part, Code)}


def test_the_catalogue_of_this_service_is_seen_whole() -> None:
    assert len(OWN_EVENTS) > 50
    assert {_prosecution.VictimCharged, _prosecution.JudgmentEntered, _prosecution.DeadlineSet} <= set(OWN_EVENTS)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_no_event_command_or_state_has_a_field_for_it(form: type[object]) -> None:
    held = list(forms_in(form))
    names = {field.name for each in held for field in dataclasses.fields(each)}  # type: ignore[arg-type]  # dataclasses all
    assert {name for name in names if NEVER.search(name)} == set()
    assert {name for each in held for name in code_lists(each) if LISTS_NEVER.search(name)} == set()


def test_no_list_has_a_column_for_it() -> None:
    columns = {column.name for table in METADATA.tables.values() for column in table.columns}
    assert {name for name in columns if NEVER.search(name)} == set()


def test_no_message_has_a_field_for_it() -> None:
    service = prosecution_pb2.DESCRIPTOR.services_by_name["ProsecutionService"]
    names = {
        name
        for method in service.methods
        for message in (method.input_type, method.output_type)
        for name in _field_names(message)
    }
    assert {name for name in names if NEVER.search(name)} == set()


def _field_names(message: Descriptor) -> Iterator[str]:
    if message.full_name == PersonalData.DESCRIPTOR.full_name:
        return
    for field in message.fields:
        yield field.name
        if field.message_type is not None:
            yield from _field_names(field.message_type)


def test_what_is_sealed_here_is_who_somebody_is_and_what_they_said() -> None:
    assert {data_class for write in COMMANDS for data_class in write.sealed.values()} == {"identity", "interview"}


def test_of_assistance_only_the_fact_of_contact_is_listened_to() -> None:
    heard = {reaction.notice for reaction in REACTIONS if reaction.notice.__module__ == _assistance.__name__}
    assert heard == {_assistance.ContactLost, _assistance.ContactFound}
    listened = {reaction.notice for reaction in REACTIONS}
    assert _identification.VictimReported in listened
