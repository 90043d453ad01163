"""Help depends on need: on no status, no cooperation, no testimony. And what it holds of places and health stays in."""

import inspect
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import timedelta

import pytest
from google.protobuf.descriptor import Descriptor
from hypothesis import given
from hypothesis import strategies as st
from tests.assistance.story import CHILD, DAY, REGISTERED, World, asks

import nrm_assistance.domain
from nrm_assistance.domain.care import AgreePlan, AssessNeeds, EnterPhase, RaiseRiskAlert, ReachGoal
from nrm_assistance.domain.closing import CloseCase
from nrm_assistance.domain.consents import NoteSharedConsent
from nrm_assistance.domain.contact import RecordFollowUp, ReportFound, ReportLost
from nrm_assistance.domain.delivery import DeliverServiceUnit
from nrm_assistance.domain.intake import AcceptAssistance, OfferAssistance
from nrm_assistance.domain.placement import EndPlacement, StartPlacement
from nrm_assistance.domain.safety import NoteHearing, NoteOffenderRelease, NoteProtectionChange
from nrm_assistance.domain.status import NoteRecovery, NoteStatus
from nrm_assistance.reactions import REACTIONS
from nrm_contracts import catalogue
from nrm_contracts.assistance import events
from nrm_contracts.assistance.events import DeadlineLifted, DeadlineMet, DeadlineSet
from nrm_contracts.assistance.v1 import assistance_pb2
from nrm_contracts.catalogue import Audience
from nrm_contracts.vault.v1.vault_pb2 import PersonalData

BARRED = ("cooperat", "testi", "statement", "witness", "proceeding", "prosecut", "interview", "police", "complain")
PLACES = ("address", "street", "city", "latitude", "longitude", "gps", "postal", "location", "place_name", "health")


def event_types() -> list[catalogue.EventType]:
    return [kind for kind in catalogue.all_types() if kind.form.__module__.startswith(events.__package__ or "")]


def names_in_events() -> Iterator[str]:
    for kind in event_types():
        assert is_dataclass(kind.form)
        yield from (f"{kind.name}.{one.name}" for one in fields(kind.form))


def messages() -> Iterator[Descriptor]:
    own = assistance_pb2.DESCRIPTOR
    for file in (own, *own.dependencies):
        if file.package == own.package:
            yield from file.message_types_by_name.values()


def names_in_contract() -> Iterator[str]:
    for message in messages():
        yield from (f"{message.name}.{one.name}" for one in message.fields)


def names_in_rules() -> Iterator[str]:
    for name, module in inspect.getmembers(nrm_assistance.domain, inspect.ismodule):
        for form in vars(module).values():
            if isinstance(form, type) and is_dataclass(form) and form.__module__ == module.__name__:
                yield from (f"{name}.{form.__name__}.{one.name}" for one in fields(form))


def own_name(path: str) -> str:
    return path.rsplit(".", 1)[1]


@pytest.mark.parametrize("names", [names_in_events, names_in_contract, names_in_rules])
def test_no_field_can_hold_cooperation_or_testimony(names: type[Iterator[str]]) -> None:
    """Invariant 1."""
    found = list(names())
    assert len(found) > 100, "the search sees the fields"
    assert [path for path in found if any(word in own_name(path) for word in BARRED)] == []


def test_no_rule_asks_the_policy_about_cooperation_or_statements() -> None:
    """Invariant 1, for the one thing rules read that has such fields."""
    rules = [inspect.getsource(one) for _, one in inspect.getmembers(nrm_assistance.domain, inspect.ismodule)]
    asked = {name for rule in rules for name in re.findall(r"policy\.(\w+)", rule)}
    assert asked <= {"calendar", "child_institution_max", "country", "due", "followup_months", "version"}
    assert "followup_months" in asked, "the search sees the rules"


def test_no_notice_about_participation_or_statements_is_reacted_to() -> None:
    """Invariant 1, at the only other door: of what prosecution says, only what concerns a person's safety is heard."""
    heard = {reaction.notice.__name__ for reaction in REACTIONS if "prosecution" in reaction.notice.__module__}
    assert heard == {
        "HearingCalledOffNotified",
        "HearingNotified",
        "OffenderReleasedNotified",
        "ProtectionMeasureNotified",
        "VictimChargedNotified",
    }


@pytest.mark.parametrize("names", [names_in_events, names_in_rules])
def test_no_field_of_an_event_or_a_rule_can_hold_a_place_or_health(names: type[Iterator[str]]) -> None:
    """Invariant 12."""
    assert [path for path in names() if any(word in own_name(path) for word in PLACES)] == []


def test_what_leaves_the_agency_says_nothing_of_facilities_needs_or_plans() -> None:
    """Invariant 12: only these fields stand in notices."""
    leaving = {path for kind in event_types() if kind.audience is not Audience.OWN for path in _fields(kind)}
    assert leaving == {
        *("handover_id", "claim_id", "contract_ref", "evidence_hash"),
        *("region", "age_band", "sex", "language", "minor", "answer", "reason"),
        *("service_code", "unit", "qty_milli", "delivered_from", "delivered_to"),
        *("answered_on", "suggested_on", "requested_on", "lost_on", "found_on"),
    }


def _fields(kind: catalogue.EventType) -> set[str]:
    assert is_dataclass(kind.form)
    return {one.name for one in fields(kind.form)}


def test_personal_data_comes_in_by_sealed_fields_and_goes_out_by_none() -> None:
    def holds_personal_data(message: Descriptor) -> bool:
        return any(one.message_type is PersonalData.DESCRIPTOR for one in message.fields)

    holding = {message.name for message in messages() if holds_personal_data(message)}
    assert all(name.endswith("Request") for name in holding)
    assert "StartPlacementRequest" in holding


TOLD = st.one_of(
    st.builds(
        lambda outcome, final, days: asks(
            NoteStatus, outcome=outcome, final=final, exit_on=None if days is None else DAY + timedelta(days=days)
        ),
        st.sampled_from(["positive", "negative", "disqualified", "revoked"]),
        st.booleans(),
        st.none() | st.integers(-10, 60),
    ),
    st.builds(lambda change: asks(NoteRecovery, change=change), st.sampled_from(["started", "extended", "ended"])),
    st.builds(lambda change: asks(NoteSharedConsent, change=change), st.sampled_from(["given", "refused", "revoked"])),
    st.sampled_from([asks(NoteOffenderRelease), asks(NoteHearing, kind="trial")]),
    st.builds(lambda change: asks(NoteProtectionChange, change=change), st.sampled_from(["granted", "ended"])),
)
CARE = st.sampled_from(
    [
        asks(OfferAssistance),
        asks(AcceptAssistance),
        asks(AssessNeeds),
        asks(AgreePlan),
        asks(ReachGoal),
        asks(EnterPhase, phase="crisis"),
        asks(EnterPhase, phase="follow_up"),
        asks(RaiseRiskAlert, kind="threat"),
        asks(StartPlacement),
        asks(StartPlacement, kind="child_centre", max_days=200),
        asks(EndPlacement, reason="moved_on"),
        asks(DeliverServiceUnit),
        asks(DeliverServiceUnit, legal_basis="vital_interest"),
        asks(RecordFollowUp, month=1, wellbeing="fair", housing="supported", income="none", safe="yes"),
        asks(ReportLost),
        asks(ReportFound),
        asks(CloseCase, outcome="goal_met"),
    ]
)


@given(
    begin=st.sampled_from([REGISTERED, CHILD]),
    steps=st.lists(st.one_of(CARE.map(lambda one: (False, one)), TOLD.map(lambda one: (True, one))), max_size=20),
)
def test_whatever_others_decide_help_goes_the_same_way(
    begin: tuple[object, ...], steps: list[tuple[bool, object]]
) -> None:
    """Assistance before, without and beyond status: leaving out what was told changes no step of help."""
    told, untold = World().do(*begin), World().do(*begin)
    for is_told, command in steps:
        if is_told:
            told.do(command)
        else:
            assert _steps(told, command) == _steps(untold, command)


def _steps(world: World, command: object) -> tuple[str | None, list[object]]:
    """Why it was refused, or what was recorded, but for deadlines, which a decision may add and a closing lifts."""
    before = len(world.log)
    refusal = world.refuses(command)
    recorded = [event for _, event in world.log[before:]]
    return refusal, [one for one in recorded if not isinstance(one, DeadlineSet | DeadlineMet | DeadlineLifted)]
