"""How a case begins: somebody walks in or is asked for, help is offered, the person accepts or declines.

No status, referral or report to the police is asked for (Council of Europe Convention 197, art. 12.6).
"""

from dataclasses import dataclass
from typing import Annotated

from nrm_assistance.domain import deadlines
from nrm_assistance.domain.command import AboutPerson, open_case
from nrm_assistance.domain.consents import InformedConsent, handover_received, informed
from nrm_assistance.domain.parts import Case
from nrm_assistance.domain.person import Person
from nrm_assistance.domain.placement import must_have_left
from nrm_assistance.domain.safety import awaiting
from nrm_assistance.domain.telling import answered, may_tell, to_requesters
from nrm_contracts.assistance.events import (
    AssistanceAccepted,
    AssistanceDeclined,
    AssistanceOffered,
    CaseOpened,
    PersonRegistered,
    ProfileCorrected,
    RequestReceived,
)
from nrm_contracts.codes import code_list
from nrm_contracts.fields import Code, Day, Origin, Ref
from nrm_kernel.decider import Decision
from nrm_kernel.errors import NotFound, Refused

Needs = tuple[Annotated[str, Code("immediate_need")], ...]
Services = tuple[Annotated[str, Code("service_code")], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Described(AboutPerson):
    """What is told of a person who is not known here yet."""

    region: Annotated[str, Code("iso_3166_2")]
    age_band: Annotated[str, Code("age_band")]
    sex: Annotated[str, Code("sex")]
    language: Annotated[str, Code("iso_639_2")]
    minor: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPerson(Described):
    """Somebody came, or was met, without anybody's referral."""

    case_id: Ref
    detection_channel: Annotated[str, Code("detection_channel")]
    needs: Needs


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase(AboutPerson):
    """Somebody known here needs help again."""

    case_id: Ref
    needs: Needs


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveRequest(Described):
    """Another agency asked for help for a person; ``source`` says on which ground the case opens."""

    case_id: Ref
    requester: Origin
    handover_id: Ref
    source: Annotated[str, Code("assistance_case_source")]
    needs: Needs
    requested_on: Day


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferAssistance(AboutPerson):
    """The person is told what help there is."""

    services: Services


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptAssistance(InformedConsent):
    """The person agrees to be helped; that is their consent of scope ``assistance``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineAssistance(AboutPerson):
    """The person does not want this help, and why."""

    reason: Annotated[str, Code("decline_reason")]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteProfileCorrection(AboutPerson):
    """The agency that described the person was wrong, and says what is right."""

    region: Annotated[str, Code("iso_3166_2")]
    age_band: Annotated[str, Code("age_band")]
    sex: Annotated[str, Code("sex")]
    language: Annotated[str, Code("iso_639_2")]


def register_person(command: RegisterPerson, person: Person) -> Decision:
    """A person nobody referred is registered and a case opened at once."""
    assert person.profile is None, "the reference is freshly drawn"
    if _has_childs_band(command) and not command.minor:
        raise Refused(
            "AGE_CONTRADICTORY",
            f"The age band {command.age_band} is a child's, but minor is false. Correct one of them.",
            age_band=command.age_band,
        )
    registered = _registered(command, command.detection_channel)
    return [registered, *_opened(command, person, command.case_id, "walk_in", command.needs, minor=command.minor)]


def open_new_case(command: OpenCase, person: Person) -> Decision:
    """One open case per person; a record that was merged into another is left alone."""
    if person.profile is None:
        raise NotFound
    if person.case and person.case.is_open:
        raise Refused("CASE_ALREADY_OPEN", "The person has an open case at this agency. Go on with that one.")
    first = min(person.merged_with | {command.person_ref})
    if first != command.person_ref:
        raise Refused("RECORD_MERGED", f"This record is one person with {first}. Open the case there.", use=first)
    return _opened(command, person, command.case_id, "returned", command.needs, minor=person.profile.minor)


def receive_request(command: ReceiveRequest, person: Person) -> Decision:
    """Opens a case unless one is open; who asks later learns at once how far it is."""
    decision = handover_received(command.person_ref, command.requester, command.handover_id, person)
    if person.profile is None:
        decision.append(_registered(command, "unknown"))
    stage = person.case.stage if person.case and person.case.is_open else None
    if stage is None:
        minor = person.profile.minor if person.profile else _is_child(command)
        decision += _opened(command, person, command.case_id, command.source, command.needs, minor=minor)
    decision.append(
        RequestReceived(command.person_ref, command.handover_id, command.requester, command.needs, command.requested_on)
    )
    if stage in ("offered", "accepted") and may_tell(person, command.requester, command.occurred_on):
        decision.append(answered(command, command.handover_id, command.requester, stage))
    return decision


def offer_assistance(command: OfferAssistance, person: Person) -> Decision:
    """As often as needed, until the person has accepted."""
    if open_case(person).stage == "accepted":
        raise Refused("ALREADY_ACCEPTED", "The person has accepted help. Put further services into the plan.")
    return [
        AssistanceOffered(command.person_ref, command.services, command.occurred_on),
        *deadlines.met(command, person, "assistance_offer"),
        deadlines.by_policy(command, "assistance_answer"),
        *to_requesters(command, person, "offered"),
    ]


def accept_assistance(command: AcceptAssistance, person: Person) -> Decision:
    """The yes to an offer, which is informed consent too."""
    _must_be_offered(person)
    return [
        informed(command, person, "assistance"),
        AssistanceAccepted(command.person_ref, command.consent_id, command.occurred_on),
        *deadlines.met(command, person, "assistance_answer"),
        deadlines.by_policy(command, "needs_assessment"),
        *to_requesters(command, person, "accepted"),
    ]


def decline_assistance(command: DeclineAssistance, person: Person) -> Decision:
    """The no to an offer. It closes the case and no door: another may be opened at any time."""
    case = _must_be_offered(person)
    must_have_left(person)
    return [
        AssistanceDeclined(command.person_ref, case.case_id, command.reason, command.occurred_on),
        *deadlines.all_lifted(command, person),
        *to_requesters(command, person, "declined", command.reason),
    ]


def _must_be_offered(person: Person) -> Case:
    case = open_case(person)
    if case.stage != "offered":
        raise Refused(
            "NOT_OFFERED",
            f"There is no offer to answer: the case is {case.stage}. Record OfferAssistance first."
            if case.stage == "requested"
            else "The person has accepted before. Nothing to answer.",
        )
    return case


def _is_child(command: Described) -> bool:
    """Who may be a child is treated as one (Council of Europe Convention 197, art. 10.3)."""
    return command.minor or _has_childs_band(command)


def _has_childs_band(command: Described) -> bool:
    return code_list("age_band").attribute(command.age_band, "group") == "child"


def _registered(command: Described, detection_channel: str) -> PersonRegistered:
    return PersonRegistered(
        person_ref=command.person_ref,
        region=command.region,
        age_band=command.age_band,
        sex=command.sex,
        language=command.language,
        minor=_is_child(command),
        detection_channel=detection_channel,
        registered_on=command.occurred_on,
    )


def note_profile_correction(command: NoteProfileCorrection, person: Person) -> Decision:
    """What others described rightly in the end; of the age, what is known here stays, but for a nearer band."""
    if person.profile is None:
        return []
    group = code_list("age_band").attribute
    nearer = group(command.age_band, "group") == group(person.profile.age_band, "group")
    band = command.age_band if nearer else person.profile.age_band
    return [ProfileCorrected(command.person_ref, command.region, band, command.sex, command.language)]


def _opened(
    command: AboutPerson, person: Person, case_id: str, source: str, needs: Needs, *, minor: bool
) -> list[object]:
    opened = CaseOpened(command.person_ref, case_id, source, needs, command.agency, command.occurred_on)
    asked = person.transfer_to is not None  # in an earlier case, and not answered yet
    due = [
        "assistance_offer",
        *(["best_interest_assessment"] if minor else []),
        *(["transfer_answer"] if asked else []),
    ]
    return [opened, *(deadlines.by_policy(command, kind) for kind in due), *awaiting(command, person)]
