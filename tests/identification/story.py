"""Ways to a point in the story: what happened to somebody before a test begins. Everybody here is invented."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeVar

from tests.identification.memory import Agency
from tests.identification.scene import ALL_POINTS, AUTHORITY, POLICE, PROSECUTOR, SECOND_POLICE, SHELTER, SIGNS, UK, ref

from nrm_contracts.assistance.events import ContactLost
from nrm_contracts.identification.events import StageDecided
from nrm_contracts.policy import NationalPolicy
from nrm_identification.domain.consent import GiveConsent
from nrm_identification.domain.deciding import DecideStage
from nrm_identification.domain.detection import DetectPerson, Screen
from nrm_identification.domain.incident import LinkPersonToIncident, OpenIncident
from nrm_identification.domain.recovery import StartRecovery
from nrm_identification.domain.referral import AcknowledgeReferral, SubmitReferral
from nrm_identification.domain.sharing import ReportVictim, RequestAssistance
from nrm_kernel.decider import Notice

T = TypeVar("T")


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

    def report(self, person_ref: str, incident_id: str, to: str = PROSECUTOR) -> None:
        """The police told a prosecutor of the person with an incident."""
        asked = {"person_ref": person_ref, "to": to, "incident_id": incident_id, "legal_basis": "legal_obligation"}
        self.police.do(ReportVictim, **asked)

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
