"""Identification agencies in memory: commands go through the service's own tables, notices through its reactions.

Everybody here is invented. Every event is written and read again as it would be in an entry.
"""

from collections.abc import Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import orjson

from nrm_contracts.assistance.events import ContactLost
from nrm_contracts.catalogue import type_of
from nrm_contracts.identification.events import StageDecided
from nrm_contracts.policy import NationalPolicy, Period, Unit
from nrm_contracts.record.events import HandoverMinted, HandoverReceived
from nrm_identification.commands import COMMANDS
from nrm_identification.domain.consent import GiveConsent
from nrm_identification.domain.deciding import DecideStage
from nrm_identification.domain.detection import DetectPerson, Screen
from nrm_identification.domain.incident import LinkPersonToIncident, OpenIncident
from nrm_identification.domain.recovery import StartRecovery
from nrm_identification.domain.referral import AcknowledgeReferral, SubmitReferral
from nrm_identification.domain.sharing import ReportVictim, RequestAssistance
from nrm_identification.domain.state.person import PERSON, Person
from nrm_identification.reactions import REACTIONS
from nrm_kernel.decider import At, Fold, In, Notice
from nrm_kernel.entry import Entry, canonical, event_data
from nrm_kernel.errors import NrmError, Refused
from nrm_kernel.policy import load_policy

T = TypeVar("T")
S = TypeVar("S")
E = TypeVar("E")

POLICE = "test/identification/police-north"
SECOND_POLICE = "test/identification/police-south"
AUTHORITY = "test/identification/competent-authority"
SHELTER = "test/assistance/ngo-dawn"
OTHER_SHELTER = "test/assistance/ngo-harbour"
PROSECUTOR = "test/prosecution/prosecution-north"
FUND = "test/funding/funder-state"
AGENCIES = {
    origin: origin.split("/")[1]
    for origin in (POLICE, SECOND_POLICE, AUTHORITY, SHELTER, OTHER_SHELTER, PROSECUTOR, FUND)
}
DAY = date(2026, 3, 2)
ALL_POINTS = ("agrees", "purpose", "uses", "research_use", "access_right", "storage_time", "how_to_withdraw")
SIGNS = {
    "tool": "iom",
    "tool_version": "2024.1",
    "indicators": ("ilo_2_03", "ilo_5_02"),
    "acts": ("recruitment",),
    "means": ("deception",),
    "purposes": ("forced_labour",),
    "exploitation_forms": ("forced_labour",),
    "outcome": "indicated",
}
BASES = ("consent", "legal_obligation", "vital_interest", "public_task")
_POLICIES = Path(__file__).parents[2] / "policies"
UK = load_policy(_POLICIES / "gb.toml")
KZ = load_policy(_POLICIES / "kz.toml")


def ref(number: int) -> str:
    """An invented reference."""
    return f"{number:032x}"


def after(days: int) -> date:
    """So many days after the first day of the story."""
    return DAY + timedelta(days=days)


def with_second_officer(policy: NationalPolicy) -> NationalPolicy:
    """The same policy, wanting two officers for every stage."""
    return replace(policy, stages=tuple(replace(stage, second_officer=True) for stage in policy.stages))


def with_deadline(policy: NationalPolicy, kind: str, days: int) -> NationalPolicy:
    """The same policy with so many calendar days for one kind of deadline."""
    return replace(policy, deadlines={**policy.deadlines, kind: Period(days, Unit.CALENDAR_DAYS)})


def stored(event: T) -> T:
    """The event as it comes back from an entry; fails if it does not come back as it was."""
    again = type_of(type(event)).adapter.validate_python(orjson.loads(canonical(event_data(event))))
    assert again == event
    return event


def finished(coroutine: Coroutine[Any, Any, T]) -> T:
    """What a coroutine that waits for nothing comes to."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]
    raise AssertionError("it waited for something")


@dataclass
class Agency:
    """One identification agency without a store."""

    origin: str
    policy: NationalPolicy
    world: "World"
    streams: dict[str, list[object]] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    refusals: list[str] = field(default_factory=list)
    on: date = DAY

    def do(self, command_type: type[T], **given: object) -> T:
        """Let the rules decide a command, record what it makes happen, and give the command with its minted fields."""
        command = self.command(command_type, **given)
        self._record(*self._decided(command))
        return command

    def refused(self, command_type: type[Any], **given: object) -> str:
        """The reason why the rules refuse a command; fails if they do not."""
        try:
            self._decided(self.command(command_type, **given))
        except NrmError as refusal:
            return refusal.reason
        raise AssertionError(f"{command_type.__name__} was not refused")

    def accepts(self, command: object, person: Person) -> bool:
        """Whether the rules would accept this command about the person in this state."""
        write = next(write for write in COMMANDS if write.command is type(command))
        others = [self.state(at) for at in write.streams(command)[1:]]
        try:
            write.decide(command, person, *others)
        except NrmError:
            return False
        return True

    def command(self, command_type: type[T], **given: object) -> T:
        """A command as the kernel makes it."""
        write = next(write for write in COMMANDS if write.command is command_type)
        kernel = {
            "occurred_on": self.on,
            "now": datetime(self.on.year, self.on.month, self.on.day, 12, tzinfo=UTC),
            "officer": "officer-1",
            "roles": frozenset({"first_responder", "identifier"}),
            "agency": self.origin,
            "policy": self.policy,
            "agencies": AGENCIES,
        }
        minted = {name: self.world.new_ref() for name in write.minted}
        names = {each.name for each in fields(write.command)}
        return command_type(**{name: value for name, value in (kernel | minted | given).items() if name in names})

    def state(self, at: At[S, E]) -> S:
        """The state of a stream, from its events."""
        return at.fold.state(self.streams.get(at.stream, ()))  # type: ignore[arg-type]

    def person(self, person_ref: str) -> Person:
        """What this agency holds on a person."""
        return self.state(At(PERSON, person_ref))

    def events(self, person_ref: str, *types: type[T]) -> list[T]:
        """The events of these types in a person's stream."""
        return [event for event in self.streams.get(PERSON.stream(person_ref), ()) if isinstance(event, types)]

    def persons(self) -> Iterator[str]:
        """Everybody known here."""
        return (name.removeprefix("person-") for name in self.streams if name.startswith("person-"))

    def hear(self, sender: str, notice: object, on: date | None = None) -> None:
        """React to a notice as the kernel does; a refusal is kept."""
        reaction = next(reaction for reaction in REACTIONS if reaction.notice is type(notice))
        envelope = {"occurred_at": (on or self.on).isoformat()}
        entry = Entry.of(sender, 0, canonical(envelope))
        try:
            for ask in finished(_coroutine(reaction.react(notice, entry, _Asking(self)))):
                self._record(ask.streams, ask.decide(ask.command, *(self.state(at) for at in ask.streams)))
        except Refused as refusal:
            self.refusals.append(refusal.reason)

    def _decided(self, command: object) -> tuple[Sequence[At[Any, Any]], Sequence[object]]:
        write = next(write for write in COMMANDS if write.command is type(command))
        streams = write.streams(command)
        return streams, list(write.decide(command, *(self.state(at) for at in streams)))

    def _record(self, streams: Sequence[At[Any, Any]], decision: Sequence[object]) -> None:
        for outcome in decision:
            match outcome:
                case Notice():
                    self.world.sent.append((self.origin, replace(outcome, event=stored(outcome.event))))
                case In(stream=stream, event=event):
                    assert stream in {at.stream for at in streams}
                    self._append(stream, event)
                case event:
                    self._append(streams[0].stream, event)

    def _append(self, stream: str, event: object) -> None:
        self.streams.setdefault(stream, []).append(stored(event))
        if isinstance(event, HandoverMinted | HandoverReceived):
            self.people[event.handover_id] = event.person_ref


def _coroutine(awaitable: object) -> Coroutine[Any, Any, Any]:
    assert isinstance(awaitable, Coroutine)
    return awaitable


@dataclass(frozen=True)
class _Asking:
    """What a reaction has at hand."""

    own: Agency

    @property
    def agency(self) -> str:
        return self.own.origin

    @property
    def agencies(self) -> Mapping[str, str]:
        return AGENCIES

    @property
    def policy(self) -> NationalPolicy:
        return self.own.policy

    @property
    def now(self) -> datetime:
        return datetime(self.own.on.year, self.own.on.month, self.own.on.day, 12, tzinfo=UTC)

    def new_ref(self) -> str:
        return self.own.world.new_ref()

    async def state(self, fold: Fold[S, E], key: str) -> tuple[S, int]:
        at = At(fold, key)
        return self.own.state(at), len(self.own.streams.get(at.stream, ()))

    async def person_behind(self, handover_id: str) -> str | None:
        return self.own.people.get(handover_id)


@dataclass
class World:
    """Two police forces, an authority, and what was sent to whom. :meth:`deliver` lets the agencies hear it."""

    policy: NationalPolicy = UK
    sent: list[tuple[str, Notice]] = field(default_factory=list)
    delivered: int = 0
    refs: int = 0

    def __post_init__(self) -> None:
        self.agencies = {origin: Agency(origin, self.policy, self) for origin in (POLICE, SECOND_POLICE, AUTHORITY)}

    @property
    def police(self) -> Agency:
        return self.agencies[POLICE]

    @property
    def authority(self) -> Agency:
        return self.agencies[AUTHORITY]

    def new_ref(self) -> str:
        self.refs += 1
        return ref(self.refs)

    def go_to(self, day: date) -> None:
        """Let time pass at every agency."""
        for agency in self.agencies.values():
            agency.on = day

    def deliver(self) -> None:
        """Everything sent reaches whom it is for, until nobody has anything more to tell."""
        while self.delivered < len(self.sent):
            sender, notice = self.sent[self.delivered]
            self.delivered += 1
            if notice.to in self.agencies:
                self.agencies[notice.to].hear(sender, notice.event)

    def told(self, to: str, kind: type[T]) -> list[T]:
        """The notices of a kind that were sent to an agency."""
        return [notice.event for _, notice in self.sent if notice.to == to and isinstance(notice.event, kind)]

    def notice(self, to: str, kind: type[object]) -> Notice:
        """The newest notice of a kind to an agency."""
        return [notice for _, notice in self.sent if notice.to == to and isinstance(notice.event, kind)][-1]

    # Short ways to a point in the story

    def detected(self, at: Agency | None = None, **given: object) -> str:
        """A person known at an agency, an adult unless told otherwise."""
        usual = {
            "detection_channel": "police",
            "region": "GB-LND",
            "age_band": "27-29",
            "sex": "female",
            "language": "vie",
            "immediate_needs": ("shelter",),
        }
        return (at or self.police).do(DetectPerson, **(usual | given)).person_ref

    def screened(self, at: Agency | None = None, **given: object) -> str:
        """A person with signs of trafficking."""
        person_ref = self.detected(at, **given)
        (at or self.police).do(Screen, person_ref=person_ref, **SIGNS)
        return person_ref

    def consent(self, person_ref: str, scope: str, at: Agency | None = None, **given: object) -> GiveConsent:
        """A consent of an informed person."""
        usual = {"purpose": "referral", "informed_points": ALL_POINTS}
        return (at or self.police).do(GiveConsent, person_ref=person_ref, scope=scope, **(usual | given))

    def referred(self, at: Agency | None = None, **given: object) -> tuple[str, str]:
        """An adult referred to the authority: the person there, and the referral there."""
        agency = at or self.police
        person_ref = self.screened(agency, **given)
        self.consent(person_ref, "referral", agency)
        agency.do(SubmitReferral, person_ref=person_ref, to=AUTHORITY)
        self.deliver()
        there = list(self.authority.persons())[-1]
        referral = self.authority.person(there).referrals.newest
        assert referral is not None
        return there, referral.referral_id

    def pending(self, at: Agency | None = None, **given: object) -> tuple[str, str]:
        """A referral that the authority took up."""
        person_ref, referral_id = self.referred(at, **given)
        self.authority.do(AcknowledgeReferral, person_ref=person_ref, referral_id=referral_id)
        self.deliver()
        return person_ref, referral_id

    def decide(self, person_ref: str, referral_id: str, stage: int, outcome: str, **given: object) -> None:
        """A stage decided by the authority."""
        grounds = {"positive": ("indicators_present",), "negative": ("elements_not_met",)}[outcome]
        usual = {"grounds": grounds, "exploitation_forms": ("forced_labour",)}
        self.authority.do(
            DecideStage,
            person_ref=person_ref,
            referral_id=referral_id,
            stage=stage,
            outcome=outcome,
            **(usual | given),
        )
        self.deliver()

    def decide_after_recovery(self, person_ref: str, referral_id: str) -> None:
        """The last stage decided positively after a recovery period that the authority starts and lets run."""
        on = self.authority.on
        self.authority.do(StartRecovery, person_ref=person_ref, referral_id=referral_id)
        self.authority.on = on + timedelta(days=31)
        self.decide(person_ref, referral_id, 2, "positive")

    def recovering(self, at: Agency | None = None, **given: object) -> tuple[str, str]:
        """A positive first stage and a recovery period that has begun."""
        person_ref, referral_id = self.pending(at, **given)
        self.decide(person_ref, referral_id, 1, "positive")
        self.authority.do(StartRecovery, person_ref=person_ref, referral_id=referral_id)
        self.deliver()
        return person_ref, referral_id

    def confirmed(self) -> tuple[str, str]:
        """A person whose status was confirmed."""
        person_ref, referral_id = self.recovering()
        self.go_to(self.authority.on + timedelta(days=31))
        self.decide(person_ref, referral_id, 2, "positive")
        return person_ref, referral_id

    def negative(self) -> tuple[str, str]:
        """A person whose first stage was decided negatively."""
        person_ref, referral_id = self.pending()
        self.decide(person_ref, referral_id, 1, "negative")
        return person_ref, referral_id

    def lose(self, person_ref: str) -> None:
        """An assistance agency that the authority asked for help lost contact with the person."""
        self.consent(person_ref, "assistance", self.authority)
        self.authority.do(RequestAssistance, person_ref=person_ref, to=SHELTER)
        handover_id = self.authority.person(person_ref).handovers[SHELTER]
        self.authority.hear(SHELTER, ContactLost(handover_id, self.authority.on))

    def linked_incident(self, person_ref: str, at: Agency | None = None, role: str = "victim") -> str:
        """A new incident that the person was part of."""
        agency = at or self.police
        incident_id = agency.do(OpenIncident, region="GB-LND", exploitation_forms=("forced_labour",)).incident_id
        self.link(person_ref, incident_id, agency, role)
        return incident_id

    def link(self, person_ref: str, incident_id: str, at: Agency | None = None, role: str = "victim") -> None:
        """A person was part of an incident."""
        (at or self.police).do(LinkPersonToIncident, person_ref=person_ref, incident_id=incident_id, role=role)

    def reported(self, person_ref: str) -> str:
        """The authority told a prosecutor of the person: the name by which they know them."""
        self.authority.do(ReportVictim, person_ref=person_ref, to=PROSECUTOR, legal_basis="legal_obligation")
        return self.authority.person(person_ref).handovers[PROSECUTOR]

    def at_referrer(self) -> str:
        """The person at the police, when there is one alone."""
        (person_ref,) = self.police.persons()
        return person_ref


def decisions(agency: Agency, person_ref: str) -> list[StageDecided]:
    """The decisions on a person."""
    return agency.events(person_ref, StageDecided)


def kinds_due(agency: Agency, person_ref: str) -> set[str]:
    """The kinds of deadlines that live for a person."""
    return {kind for kind, _about in agency.person(person_ref).deadlines}
