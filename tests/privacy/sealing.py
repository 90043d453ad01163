"""Every request that takes personal data, once as it should be and then wrong in every way, with canaries in it."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import grpc
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from tests.pathways import stories
from tests.pathways.deployment import (
    AUTHORITY,
    NGO,
    OTHER_NGO,
    POLICE,
    PROSECUTOR,
    Deployment,
    Reply,
    Value,
    Values,
    method_of,
    officer_for,
    saying,
)
from tests.pathways.stories import CONSENT, SIGNS, SOMEBODY, person
from tests.privacy.canaries import canary, personal, personal_fields, texts_in

TOO_MUCH = 100_000
UNKNOWN_FIELD = b"\xfa\x07"
"""Tag of field 127, a text."""


@dataclass(frozen=True)
class Sent:
    """A request that was recorded, its stream, and what was sealed of it: the texts by class."""

    agency: str
    name: str
    request: Message
    stream: str
    texts: dict[str, list[str]]


@dataclass
class Sealing:
    """Sends requests with canaries in every personal field, and keeps what was sent and how refusals were told."""

    deployment: Deployment
    sent: list[Sent] = field(default_factory=list)
    told: list[bytes] = field(default_factory=list)
    codes: set[grpc.StatusCode] = field(default_factory=set)

    async def do(self, agency: str, name: str, *, on: str = "", **values: Value) -> Reply:
        """Give a command with all personal data that it takes; it must be recorded."""
        request = method_of(agency, name).input_type
        pieces = {data_class: personal(data_class) for data_class in personal_fields(request)}
        whole = {"request_id": str(uuid.uuid4()), **values, **pieces}
        reply = await self.deployment.do(agency, name, on=on, **whole)
        texts = {data_class: list(texts_in(piece)) for data_class, piece in pieces.items()}
        self.sent.append(Sent(agency, name, GetMessageClass(request)(**whole), reply.receipt.stream, texts))
        return reply

    async def refused(self, sent: Sent, raw: bytes, **said: str) -> None:
        """Send bytes that must be refused, and keep all that is told about it."""
        method = method_of(sent.agency, sent.name)
        caller = saying(officer_for(sent.agency, method), **said)
        try:
            await self.deployment.call(sent.agency, method, raw, caller)
        except grpc.aio.AioRpcError as refusal:
            self.codes.add(refusal.code())
            self.told += _told(refusal)
        else:
            raise AssertionError(f"{sent.name} was recorded")


def _told(refusal: grpc.aio.AioRpcError) -> Iterator[bytes]:
    yield repr(refusal).encode()
    for metadata in (refusal.initial_metadata(), refusal.trailing_metadata()):
        for name, value in metadata:
            yield name.encode()
            yield value if isinstance(value, bytes) else value.encode()


async def everything_sealed(sealing: Sealing) -> None:
    """Send every request that takes personal data, as it should be."""
    await _identified(sealing)
    await _a_child(sealing)
    await _assisted(sealing)
    await _prosecuted(sealing)


async def _identified(sealing: Sealing) -> None:
    found = await sealing.do(POLICE, "DetectPerson", detection_channel="raid", **SOMEBODY)
    who = person(found.person_ref)
    await sealing.do(POLICE, "Screen", **who, **SIGNS)
    await stories.consented(sealing.deployment, found.person_ref, "referral")
    await sealing.do(POLICE, "SubmitReferral", **who, to=AUTHORITY)
    [there] = await sealing.deployment.until(AUTHORITY, "identification.ReferralReceived")
    about: Values = {**person(str(there["person_ref"])), "referral_id": there["referral_id"]}
    await sealing.deployment.do(AUTHORITY, "AcknowledgeReferral", **about)
    await sealing.do(AUTHORITY, "DecideStage", **about, stage=1, outcome="positive", grounds=["indicators_present"])


async def _a_child(sealing: Sealing) -> None:
    child = await stories.detected(sealing.deployment, age_band="18-20")
    await sealing.deployment.do(POLICE, "PresumeMinor", **person(child), reason="appearance")
    await sealing.do(POLICE, "AppointGuardian", **person(child), relation="state_guardian")
    await sealing.do(POLICE, "AssessAge", **person(child), method="social_work", result_band="18-20")
    here = await sealing.do(
        NGO,
        "RegisterPerson",
        **(SOMEBODY | {"age_band": "9-17"}),
        minor=True,
        detection_channel="self",
        needs=["shelter"],
    )
    weighed: Values = {"factors": ["child_view", "safety"], "child_view_heard": True, "result": "care_suits"}
    await sealing.do(NGO, "AssessBestInterest", **person(here.person_ref), **weighed)
    later = (datetime.now(UTC).date() + timedelta(days=90)).isoformat()
    lasts: Values = {"solution": "reunify", "panel": ["chair", "guardian"], "review_by": later}
    await sealing.do(NGO, "DetermineBestInterest", **person(here.person_ref), **lasts, child_view_heard=True)


async def _assisted(sealing: Sealing) -> None:
    later = (datetime.now(UTC).date() + timedelta(days=90)).isoformat()
    came = await sealing.do(NGO, "RegisterPerson", **SOMEBODY, detection_channel="self", needs=["shelter"])
    who = person(came.person_ref)
    await sealing.deployment.do(NGO, "OfferAssistance", **who, services=["shelter"])
    await sealing.deployment.do(NGO, "AcceptAssistance", **who, **CONSENT)
    needs: Values = {"domains": [{"domain": "safety", "level": 3}], "risk_level": "high", "reassess_by": later}
    await sealing.do(NGO, "AssessNeeds", **who, **needs)
    planned: Values = {"services": [{**stories.SESSION, "qty_milli": 5_000}], "planned_end": later}
    await sealing.deployment.do(NGO, "AgreePlan", **who, goals=["safe_housing"], agreed_by_person=True, **planned)
    await sealing.do(NGO, "StartPlacement", **who, facility_ref="5" * 32, kind="shelter", max_days=30)
    await sealing.do(NGO, "RaiseRiskAlert", **who, kind="threat")
    await sealing.deployment.do(NGO, "OpenReturn", **who, to_country="RO")
    await sealing.do(NGO, "AssessReturnRisk", **who, risk="not_safe")
    await sealing.deployment.do(NGO, "EnterPhase", **who, phase="follow_up")
    fares: Values = {"wellbeing": "good", "housing": "supported", "income": "employed", "safe": "yes"}
    await sealing.do(NGO, "RecordFollowUp", **who, month=1, **fares)


async def _prosecuted(sealing: Sealing) -> None:
    found = await sealing.do(PROSECUTOR, "RegisterVictim", exploitation_forms=["forced_labour"])
    case = await stories.taking_part(sealing.deployment, found.person_ref)
    about: Values = {**person(found.person_ref), "criminal_case_id": case}
    await sealing.do(PROSECUTOR, "TakeStatement", **about, recorded=True)
    suspect: Values = {"sex": "male", "age_band": "30-38", "citizenship": "unknown", "roles_in_process": ["Exploiter"]}
    await sealing.do(PROSECUTOR, "AddDefendant", on=f"case-{case}", criminal_case_id=case, **suspect)


async def everything_wrong(sealing: Sealing) -> None:
    """Send each of them again, wrong in every way that a refusal could quote."""
    for sent in list(sealing.sent):
        for raw in _wrong(sent):
            await sealing.refused(sent, raw)
        good = _fresh(sent.request).SerializeToString()
        await sealing.refused(sent, good, agency=OTHER_NGO if sent.agency != OTHER_NGO else NGO)
        for name in ("agency", "roles", "purpose"):
            await sealing.refused(sent, good, **{name: canary()})


def _wrong(sent: Sent) -> Iterator[bytes]:
    """The request with something wrong: its texts, its pieces, its bytes."""
    good = sent.request
    for data_class in sent.texts:
        for piece in (personal(data_class), personal("family" if data_class != "family" else "health")):
            again = _copy(good)  # the same id with other contents, then with contents of another class
            getattr(again, data_class).CopyFrom(piece)
            yield again.SerializeToString()
        nul, much = _fresh(good), _fresh(good)
        _last_text(getattr(nul, data_class), "\0")
        yield nul.SerializeToString()
        _last_text(getattr(much, data_class), canary() * TOO_MUCH)
        yield much.SerializeToString()
    for field_ in good.DESCRIPTOR.fields:
        if field_.type == field_.TYPE_STRING:
            misplaced = _fresh(good)
            if field_.is_repeated:
                getattr(misplaced, field_.name).append(canary())
            else:
                setattr(misplaced, field_.name, canary())
            yield misplaced.SerializeToString()
    unknown = canary().encode()
    yield _fresh(good).SerializeToString() + UNKNOWN_FIELD + bytes([len(unknown)]) + unknown
    yield good.SerializeToString()[:-3]
    yield canary().encode()


def _copy(good: Message) -> Message:
    copy = type(good)()
    copy.CopyFrom(good)
    return copy


def _fresh(good: Message) -> Message:
    """The same under an id of its own."""
    fresh = _copy(good)
    setattr(fresh, "request_id", str(uuid.uuid4()))  # noqa: B010 - the type of the message is made at run time
    return fresh


def _last_text(message: Message, more: str) -> None:
    """Make the last text of a piece longer."""
    field_, value = message.ListFields()[-1]
    if isinstance(value, Message):
        _last_text(value, more)
    elif field_.is_repeated and isinstance(value[-1], Message):
        _last_text(value[-1], more)
    elif field_.is_repeated:
        value[-1] += more
    else:
        setattr(message, field_.name, value + more)
