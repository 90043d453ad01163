"""What the tests of assistance tell their stories with: invented agencies and persons, commands with plain values."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from nrm_assistance.domain import contract
from nrm_assistance.domain.care import AgreePlan, AssessNeeds, EnterPhase, Planning
from nrm_assistance.domain.closing import NoteTransferAnswer, note_transfer_answer
from nrm_assistance.domain.consents import NoteSharedConsent, note_shared_consent
from nrm_assistance.domain.contract import (
    CONTRACT,
    Contract,
    RaiseCeilingAlert,
    RecordContract,
    raise_ceiling_alert,
    record_contract,
)
from nrm_assistance.domain.delivery import RecordClaimAnswer, record_claim_answer
from nrm_assistance.domain.intake import (
    AcceptAssistance,
    NoteProfileCorrection,
    OfferAssistance,
    ReceiveRequest,
    RegisterPerson,
    note_profile_correction,
    receive_request,
)
from nrm_assistance.domain.person import PERSON, Person, at
from nrm_assistance.domain.safety import (
    NoteHearing,
    NoteHearingCallOff,
    NoteOffenderRelease,
    NoteProtectionChange,
    note_hearing,
    note_hearing_call_off,
    note_offender_release,
    note_protection_change,
)
from nrm_assistance.domain.status import (
    NoteMerge,
    NoteRecovery,
    NoteStatus,
    note_merge,
    note_recovery,
    note_status,
)
from nrm_assistance.rpc import WRITES
from nrm_contracts.assistance.events import ContractLot, DomainLevel, PlannedService
from nrm_contracts.codes import code_list
from nrm_contracts.policy import Period, Unit
from nrm_kernel.decider import Decision, In, Notice, Streams
from nrm_kernel.errors import NotFound, Refused
from nrm_kernel.policy import load_history
from nrm_kernel.testing.entries import stored

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

C = TypeVar("C", bound="DataclassInstance")

POLICY = replace(
    load_history(Path(__file__).parents[2] / "policies" / "kz.toml").newest,
    child_institution_max=Period(90, Unit.CALENDAR_DAYS),
)
"""Kazakhstan's, with a limit for children in institutions, which that country's file leaves not set."""

DAY = date(2026, 1, 5)
US, OTHER_NGO = "test/assistance/ngo-dawn", "test/assistance/ngo-harbour"
POLICE, AUTHORITY = "test/identification/police-north", "test/identification/authority"
PROSECUTOR, FUND = "test/prosecution/office-one", "test/funding/fund-one"
AGENCIES = {agency: agency.split("/")[1] for agency in (US, OTHER_NGO, POLICE, AUTHORITY, PROSECUTOR, FUND)}


def ref(name: str) -> str:
    """A reference that looks like no other: the name's own letters in hex, filled up."""
    return name.encode().hex().ljust(32, "0")[:32]


ANNA, CASE, HANDOVER, DEAL = ref("anna"), ref("case"), ref("handover"), ref("deal")
EVIDENCE = "e" * 64
PLANNED = (PlannedService("psychological", "session", 5_000),)
LOT = ContractLot("psychological", "session", 9_000, 10_000)
EVERY_POINT = code_list("iom_informed_point").codes

PLAIN: Mapping[str, object] = {
    "person_ref": ANNA,
    "occurred_on": DAY,
    "agency": US,
    "policy": POLICY,
    "agencies": AGENCIES,
    "case_id": CASE,
    "new_handover_id": ref("fresh handover"),
    "consent_id": ref("consent"),
    "placement_id": ref("placement"),
    "facility_ref": ref("facility"),
    "delivery_id": ref("delivery"),
    "claim_id": ref("claim"),
    "handover_id": HANDOVER,
    "requester": POLICE,
    "sender": AUTHORITY,
    "funder": FUND,
    "contract_ref": DEAL,
    "source": "requested",
    "needs": ("shelter",),
    "requested_on": DAY,
    "region": "KZ-75",
    "age_band": "27-29",
    "sex": "female",
    "language": "kaz",
    "minor": False,
    "detection_channel": "self",
    "services": ("psychological",),
    "informed_points": EVERY_POINT,
    "interpreter_used": False,
    "given_by": "self",
    "domains": (DomainLevel("safety", 3),),
    "risk_level": "medium",
    "reassess_by": DAY + timedelta(days=30),
    "goals": ("safe_housing",),
    "planned_end": DAY + timedelta(days=200),
    "agreed_by_person": True,
    "goal": "safe_housing",
    "factors": ("child_view", "safety"),
    "child_view_heard": True,
    "result": "care_suits",
    "kind": "shelter",
    "max_days": 30,
    "service_code": LOT.service_code,
    "unit": LOT.unit,
    "qty_milli": 1_000,
    "delivered_from": DAY,
    "delivered_to": DAY,
    "evidence_hash": EVIDENCE,
    "person_acknowledged": True,
    "last_contact_on": DAY,
    "stage": 1,
    "outcome": "positive",
    "final": True,
    "decided_on": DAY,
    "exit_on": None,
    "change": "signed",
    "lots": (LOT,),
    "ccy": "KZT",
    "starts_on": DAY - timedelta(days=30),
    "ends_on": DAY + timedelta(days=330),
    "percent": 80,
    "answer": "recorded",
    "effective_on": DAY,
    "released_on": DAY,
    "hearing_on": DAY + timedelta(days=20),
    "measure": "no_contact_order",
    "scope": "assistance",
    "return_id": ref("return"),
    "to_country": "MD",
    "risk": "safe",
    "receiver_ref": ref("receiver abroad"),
    "receiver_kind": "ngo",
    "form_version": 1,
    "solution": "reunify",
    "panel": ("chair", "guardian"),
    "review_by": DAY + timedelta(days=180),
}


def asks(command: type[C], **values: object) -> C:
    """The command, with plain values for whatever the story does not name; what is optional is left out."""
    plain = {**PLAIN, "services": PLANNED} if issubclass(command, Planning) else PLAIN
    required = {
        one.name: plain[one.name] for one in fields(command) if one.default is MISSING and one.name not in values
    }
    return command(**required, **values)


class World:
    """One agency's streams in memory: commands are decided one after another, and what they make happen is kept."""

    def __init__(self) -> None:
        self.people: dict[str, Person] = {}
        self.contracts: dict[str, Contract] = {}
        self.log: list[tuple[str, object]] = []
        self.notices: list[Notice] = []

    def person(self, person_ref: str = ANNA) -> Person:
        """The person's state."""
        return self.people.get(person_ref, PERSON.initial)

    def events(self, stream: str = PERSON.stream(ANNA)) -> tuple[object, ...]:
        """What was recorded in a stream."""
        return tuple(event for name, event in self.log if name == stream)

    def do(self, *commands: object) -> "World":
        """Decide these in turn and keep what happens. Raises Refused, and keeps nothing of that one."""
        for command in commands:
            decide, streams_of = RULES[type(command)]
            streams = streams_of(command)
            outcome = decide(command, *(self._state(one.stream, one.key) for one in streams))
            for one in outcome:
                self._keep(streams[0].stream, one)
        return self

    def refuses(self, command: object) -> str | None:
        """The reason for which the command is refused; None when it was done."""
        try:
            self.do(command)
        except (Refused, NotFound) as refusal:
            return refusal.reason
        return None

    def _state(self, stream: str, key: str) -> Person | Contract:
        if stream.startswith("person-"):
            return self.person(key)
        return self.contracts.get(key, CONTRACT.initial)

    def _keep(self, own: str, outcome: object) -> None:
        if isinstance(outcome, Notice):
            stored(outcome.event)
            self.notices.append(outcome)
            return
        stream, event = (outcome.stream, outcome.event) if isinstance(outcome, In) else (own, outcome)
        self.log.append((stream, stored(event)))
        category, _, key = stream.partition("-")
        if category == "person":
            self.people[key] = PERSON.evolve(self.person(key), event)
        else:
            self.contracts[key] = CONTRACT.evolve(self.contracts.get(key, CONTRACT.initial), event)


def lived(*commands: object) -> tuple[object, ...]:
    """What is recorded of Anna after these commands."""
    return World().do(*commands).events()


def signed() -> tuple[object, ...]:
    """What is recorded of a contract once the funder told of it."""
    return World().do(asks(RecordContract)).events(CONTRACT.stream(DEAL))


Rules = tuple[type[Any], Callable[..., Decision], Callable[[Any], Streams]]
TABLE: tuple[Rules, ...] = (
    *((write.command, write.decide, write.streams) for write in WRITES),
    (ReceiveRequest, receive_request, lambda command: [at(command.person_ref)]),
    (NoteSharedConsent, note_shared_consent, lambda command: [at(command.person_ref)]),
    (NoteTransferAnswer, note_transfer_answer, lambda command: [at(command.person_ref)]),
    (NoteStatus, note_status, lambda command: [at(command.person_ref)]),
    (NoteRecovery, note_recovery, lambda command: [at(command.person_ref)]),
    (NoteProfileCorrection, note_profile_correction, lambda command: [at(command.person_ref)]),
    (NoteOffenderRelease, note_offender_release, lambda command: [at(command.person_ref)]),
    (NoteHearing, note_hearing, lambda command: [at(command.person_ref)]),
    (NoteHearingCallOff, note_hearing_call_off, lambda command: [at(command.person_ref)]),
    (NoteProtectionChange, note_protection_change, lambda command: [at(command.person_ref)]),
    (NoteMerge, note_merge, lambda command: [at(command.person_ref), at(command.other_ref)]),
    (RecordContract, record_contract, lambda command: [contract.at(command.contract_ref)]),
    (RaiseCeilingAlert, raise_ceiling_alert, lambda command: [contract.at(command.contract_ref)]),
    (
        RecordClaimAnswer,
        record_claim_answer,
        lambda command: [at(command.person_ref), contract.at(command.contract_ref)],
    ),
)
"""Every command of the service, those of its reactions too: how it decides and what it reads."""

RULES = {command: (decide, streams) for command, decide, streams in TABLE}

REGISTERED = (asks(RegisterPerson),)
OFFERED = (*REGISTERED, asks(OfferAssistance))
ACCEPTED = (*OFFERED, asks(AcceptAssistance))
ASSESSED = (*ACCEPTED, asks(AssessNeeds))
PLANNED_CARE = (*ASSESSED, asks(AgreePlan))
FOLLOWED_UP = (*PLANNED_CARE, asks(EnterPhase, phase="follow_up"))
CHILD = (asks(RegisterPerson, minor=True, age_band="9-17"), *ACCEPTED[1:])
CHILD_PLANNED = (*CHILD, asks(AssessNeeds), asks(AgreePlan))
REQUESTED = (asks(ReceiveRequest),)
"""Stories as commands, each ending where its name says."""
