"""Histories by chance: a handful of persons whom several agencies know, and whatever may be recorded of them.

Nothing here asks whether an agency's rules would allow it. The coordinator must hold for every log that it can read.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from tests.coordinator.events import assistance, funding, identification, made, prosecution
from tests.coordinator.logs import AGENCIES, AUTHORITY, BORDER, CROWN, FUND, NGO, OTHER_NGO, POLICE, Logs, ref

from nrm_contracts.record.events import HandoverMinted, HandoverReceived

FIRST = date(2026, 1, 1)
DAYS = 90
PERSONS = 3
OWN = {origin: 10 * nth for nth, origin in enumerate(AGENCIES, start=1)}
"""Each agency's references of its persons follow this number."""

IDENTIFIERS, HELPERS = (POLICE, BORDER, AUTHORITY), (NGO, OTHER_NGO)
INCIDENTS = (ref(700), ref(701))
CONTRACT, CASES = ref(800), (ref(900), ref(901), ref(902))


@dataclass(frozen=True)
class Happening:
    """Something that an agency recorded on a day, and that happened some days before."""

    recorded_on: date
    occurred_on: date
    origin: str
    event: object


Make = Callable[["Draw", str, str], object]


class Draw:
    """Chance, and the names of things."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw

    def one(self, *options: Any) -> Any:  # noqa: ANN401 - whatever the options are
        return self._draw(st.sampled_from(options))

    def number(self, below: int) -> int:
        return self._draw(st.integers(0, below - 1))

    def person(self, origin: str) -> str:
        return ref(OWN[origin] + self.number(PERSONS))


def about_person(form: type[object], *, codes: Mapping[str, tuple[Any, ...]] | None = None, **ids: int) -> Make:
    """An event about a person, with codes by chance and ids among a few (from a number on)."""

    def make(chance: Draw, origin: str, on: str) -> object:
        told = {name: chance.one(*options) for name, options in (codes or {}).items()}
        numbers = {name: ref(first + chance.number(3)) for name, first in ids.items()}
        return made(form, on, person_ref=chance.person(origin), **told, **numbers)

    return make


def _merge(form: type[object], **codes: str) -> Make:
    def make(chance: Draw, origin: str, on: str) -> object:
        kept = chance.number(PERSONS)
        absorbed = (kept + 1 + chance.number(PERSONS - 1)) % PERSONS
        own = OWN[origin]
        return made(form, on, person_ref=ref(own + kept), absorbed_ref=ref(own + absorbed), **codes)

    return make


def _case(form: type[object], **codes: tuple[Any, ...]) -> Make:
    def make(chance: Draw, origin: str, on: str) -> object:
        told = {name: chance.one(*options) for name, options in codes.items()}
        return made(form, on, criminal_case_id=chance.one(*CASES), **told)

    return make


def _handover(chance: Draw, origin: str, on: str) -> object:
    """One id for each two agencies and person of the lesser one, so that the two sides often meet."""
    other = chance.one(*(one for one in AGENCIES if one not in (origin, FUND)))
    first, second = sorted((origin, other))
    handover_id = ref(OWN[first] * 1000 + OWN[second] * 10 + chance.number(PERSONS))
    if chance.one(True, False):
        return HandoverMinted(chance.person(origin), other, handover_id)
    return HandoverReceived(chance.person(origin), other, handover_id)


def _voiding(form: type[object], **told: Any) -> Make:  # noqa: ANN401 - the event's own fields
    def make(chance: Draw, origin: str, on: str) -> object:
        return made(form, on, incident_id=chance.one(*INCIDENTS), reason="typing_error", **told)

    return make


def _claim(form: type[object], **told: Any) -> Make:  # noqa: ANN401 - the event's own fields
    def make(chance: Draw, origin: str, on: str) -> object:
        return made(form, on, contract_ref=CONTRACT, claim_id=ref(300 + chance.number(4)), **told)

    return make


def _invoice(chance: Draw, origin: str, on: str) -> object:
    claims = tuple(ref(300 + nth) for nth in range(chance.number(3) + 1))
    signatory = funding.Signatory(NGO, "desk")
    told = {"contract_ref": CONTRACT, "ccy": "GBP", "submitted_by": signatory}
    invoice_id = ref(310 + chance.number(2))
    return made(funding.InvoiceSubmitted, on, **told, claim_ids=claims, total_minor=10, invoice_id=invoice_id)


def _payment(form: type[object], **told: str) -> Make:
    def make(chance: Draw, origin: str, on: str) -> object:
        own = {"contract_ref": CONTRACT, "ccy": "GBP", "payment_id": ref(82)}
        amount_minor = 10 * (1 + chance.number(4))
        return made(form, on, **own, **told, invoice_id=ref(310 + chance.number(2)), amount_minor=amount_minor)

    return make


_SCOPES = {"scope": ("referral", "assistance", "research")}
_KINDS = {"kind": ("screening", "referral_acknowledgement", "non_punishment_review"), "owner": (POLICE, AUTHORITY)}
_UNIT: dict[str, Any] = {"service_code": "shelter", "unit": "bed_night", "qty_milli": 1000, "handover_id": ref(4)}
_YES_NO = (True, False)

ACTS: tuple[tuple[tuple[str, ...], Make], ...] = (
    (IDENTIFIERS, about_person(identification.PersonDetected, codes={"minor_claimed": _YES_NO})),
    (IDENTIFIERS, about_person(identification.ConsentGiven, codes=_SCOPES, consent_id=400)),
    (IDENTIFIERS, about_person(identification.ConsentRefused, codes=_SCOPES)),
    (IDENTIFIERS, about_person(identification.ConsentRevoked, codes=_SCOPES, consent_id=400)),
    (IDENTIFIERS, about_person(identification.DeadlineSet, codes=_KINDS, about=420)),
    (IDENTIFIERS, about_person(identification.DeadlineMet, codes={"kind": _KINDS["kind"]}, about=420)),
    (
        IDENTIFIERS,
        about_person(identification.AgeAssessed, codes={"method": ("medical",), "result_band": ("9-17", "adult")}),
    ),
    (IDENTIFIERS, about_person(identification.GuardianAppointed, codes={"relation": ("parent",)}, guardian_ref=430)),
    (
        IDENTIFIERS,
        about_person(identification.PersonLinkedToIncident, codes={"role": ("victim",), "incident_id": INCIDENTS}),
    ),
    (IDENTIFIERS, _voiding(identification.IncidentVoided, corrects=99)),
    ((CROWN,), _voiding(prosecution.IncidentVoidingNoted, voided_by=POLICE)),
    (
        (CROWN,),
        about_person(
            prosecution.VictimReportReceived,
            codes={"reported_by": (POLICE,), "incident_shared_ref": (None, *INCIDENTS)},
            handover_id=490,
        ),
    ),
    ((POLICE,), _merge(identification.PersonRecordsMerged)),
    ((POLICE,), _merge(identification.PersonRecordsUnmerged, reason="merged_in_error")),
    (
        (POLICE, BORDER),
        about_person(identification.ReferralSubmitted, codes={"to": (AUTHORITY,)}, referral_id=440, shared_ref=450),
    ),
    (
        (AUTHORITY,),
        about_person(identification.ReferralReceived, codes={"sender": (POLICE,)}, referral_id=440, shared_ref=450),
    ),
    (
        (AUTHORITY,),
        about_person(
            identification.StageDecided,
            codes={"stage": (1, 2), "final": _YES_NO, "outcome": ("positive", "negative")},
            referral_id=440,
        ),
    ),
    (AGENCIES[:-1], _handover),
    (AGENCIES[:-1], _handover),
    (HELPERS, about_person(assistance.PersonRegistered, codes={"minor": _YES_NO})),
    (
        HELPERS,
        about_person(assistance.CaseOpened, codes={"source": ("walk_in", "requested"), "owner": (NGO,)}, case_id=460),
    ),
    (HELPERS, about_person(assistance.AssistanceOffered)),
    (HELPERS, about_person(assistance.AssistanceAccepted, consent_id=400)),
    (HELPERS, about_person(assistance.AssistanceDeclined, codes={"reason": ("family",)}, case_id=460)),
    (HELPERS, about_person(assistance.CaseClosed, codes={"outcome": ("goal_met", "other")}, case_id=460)),
    (HELPERS, about_person(assistance.PersonLost, codes={"last_contact_on": (FIRST,)})),
    (HELPERS, about_person(assistance.PersonFound)),
    (
        HELPERS,
        about_person(
            assistance.ServiceUnitDelivered,
            codes={name: (value,) for name, value in _UNIT.items() if name != "handover_id"},
            delivery_id=470,
        ),
    ),
    (
        HELPERS,
        about_person(
            assistance.DeliveryClaimed,
            codes={"contract_ref": (CONTRACT,), "handover_id": (ref(4),)},
            claim_id=300,
            delivery_id=470,
        ),
    ),
    (HELPERS, about_person(assistance.DeliveryUnfunded, codes={"reason": ("no_contract",)}, delivery_id=470)),
    (HELPERS, about_person(assistance.ServiceUnitVoided, codes={"reason": ("wrong_person",)}, delivery_id=470)),
    ((CROWN,), about_person(prosecution.VictimLinkedToCase, codes={"criminal_case_id": CASES})),
    ((CROWN,), about_person(prosecution.VictimCharged, charge_id=480)),
    (
        (CROWN,),
        about_person(prosecution.NonPunishmentReviewed, codes={"outcome": ("dropped", "penalised")}, charge_id=480),
    ),
    ((CROWN,), _case(prosecution.CriminalCaseRegistered, lead_org=(CROWN,))),
    ((CROWN,), _case(prosecution.CaseIndicted)),
    ((CROWN,), _case(prosecution.CasesMerged, into_case_id=CASES)),
    ((CROWN,), _case(prosecution.DefendantAdded, defendant_ref=(ref(950), ref(951)))),
    (
        (CROWN,),
        _case(prosecution.JudgmentBecameFinal, defendant_ref=(ref(950), ref(951)), outcome=("convicted", "acquitted")),
    ),
    ((FUND,), _claim(funding.ClaimableUnitRecorded, **_UNIT, price_minor=10, amount_minor=10)),
    ((FUND,), _claim(funding.UnitVerified, amount_minor=10, method="visit")),
    ((FUND,), _claim(funding.UnitRejected, reason="no_evidence")),
    ((FUND,), _invoice),
    ((FUND,), _payment(funding.PaymentMade)),
    ((FUND,), _payment(funding.PaymentReversed, reason="wrong_amount")),
)


@st.composite
def histories(draw: st.DrawFn, most: int = 40) -> Logs:
    """Logs in which each agency recorded in the order of days, often something that happened before."""
    chance = Draw(draw)
    happenings = [_happening(chance) for _ in range(draw(st.integers(5, most)))]
    return written(sorted(happenings, key=lambda one: one.recorded_on))


def _happening(chance: Draw) -> Happening:
    origins, make = chance.one(*ACTS)
    origin = chance.one(*origins)
    recorded_on = FIRST + timedelta(days=chance.number(DAYS))
    occurred_on = recorded_on - timedelta(days=chance.one(0, 0, 1, 20))
    return Happening(recorded_on, occurred_on, origin, make(chance, origin, occurred_on.isoformat()))


def written(happenings: Iterable[Happening]) -> Logs:
    """The logs, with the fund's contract in place."""
    logs = Logs()
    contract = made(funding.ContractAwarded, "2025-12-01", contract_ref=CONTRACT, provider=NGO, ccy="GBP")
    logs.record(FUND, "2025-12-01", contract)
    for one in happenings:
        recorded_on = one.recorded_on.isoformat()
        logs.record(one.origin, one.occurred_on.isoformat(), one.event, recorded_on=recorded_on)
    return logs


def every_reference() -> list[str]:
    """All references of persons that a history may hold."""
    return [ref(OWN[origin] + nth) for origin in AGENCIES[:-1] for nth in range(PERSONS)]
