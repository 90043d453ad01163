"""From entries to facts: what each event of any agency adds to the coordinator's tables. Pure."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import Table

from nrm_contracts.assistance import events as assistance
from nrm_contracts.funding import events as funding
from nrm_contracts.identification import events as identification
from nrm_contracts.prosecution import events as prosecution
from nrm_contracts.record import events as record
from nrm_coordinator import tables as t
from nrm_kernel.entry import Entry
from nrm_kernel.views import Add, Cells, View

SUBJECTS = ("person_ref", "criminal_case_id", "defendant_ref")
"""The counting units. They are never mixed: a reference is of one of them."""

DETAILS = (
    "stage",
    "final",
    "outcome",
    "scope",
    "change",
    "answer",
    "reason",
    "ground",
    "kind",
    "phase",
    "entitlement",
    "service_code",
    "qty_milli",
    "unit",
    "risk_level",
    "month",
    "capacity",
    "instance",
    "suspended",
    "in_contact",
    "goal",
    "terms",
    "detection_channel",
)
"""Fields of codes and figures that a pathway shows; one that is not named here is not shown: no place, no provider."""

NOT_STEPS = (
    record.HandoverMinted,
    record.HandoverReceived,
    identification.DeadlineSet,
    identification.DeadlineMet,
    identification.DeadlineLifted,
    assistance.DeadlineSet,
    assistance.DeadlineMet,
    assistance.DeadlineLifted,
    prosecution.DeadlineSet,
    prosecution.DeadlineMet,
    prosecution.DeadlineLifted,
)


def apply(entry: Entry) -> Iterator[Add]:
    """Every fact that an entry gives. Notices give none: what they tell stands in the sender's own facts."""
    if entry.to:
        return
    event = entry.event
    if not isinstance(event, NOT_STEPS):
        yield from _steps(entry, event)
    yield from _links(entry, event)
    yield from _profiles(entry, event)
    yield from _deadlines(entry, event)
    yield from _consents(entry, event)
    yield from _claims(entry, event)
    yield from _money(entry, event)
    if isinstance(event, record.ReactionRefused):
        yield _fact(t.refusal, entry, cause_origin=event.cause_origin, cause_id=event.cause_id, code=event.code)


def _fact(table: Table, entry: Entry, **cells: str | int | bool | None) -> Add:
    row: Cells = {"origin": entry.origin, "position": entry.position, "recorded_at": entry.recorded_at, **cells}
    return Add(table, row)


def _steps(entry: Entry, event: object) -> Iterator[Add]:
    subjects = [(name, getattr(event, name)) for name in SUBJECTS if hasattr(event, name)]
    detail = " ".join(
        f"{name}={_shown(getattr(event, name))}" for name in DETAILS if getattr(event, name, None) is not None
    )
    for name, subject in subjects:
        others = [ref for other, ref in subjects if other != name] or [getattr(event, "charge_id", "")]
        yield _fact(
            t.step,
            entry,
            subject=subject,
            kind=entry.type,
            detail=detail,
            other=others[0],
            occurred_on=entry.occurred_at[:10],
        )


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _links(entry: Entry, event: object) -> Iterator[Add]:
    match event:
        case record.HandoverMinted() | record.HandoverReceived():
            yield _fact(t.link, entry, one=event.person_ref, other=event.handover_id, joined=True)
        case identification.PersonRecordsMerged():
            yield _fact(t.link, entry, one=event.person_ref, other=event.absorbed_ref, joined=True)
        case identification.PersonRecordsUnmerged():
            yield _fact(t.link, entry, one=event.person_ref, other=event.absorbed_ref, joined=False)


def _profiles(entry: Entry, event: object) -> Iterator[Add]:
    match event:
        case (
            identification.PersonDetected()
            | identification.ReferralReceived()
            | identification.SuggestionReceived()
            | assistance.PersonRegistered()
        ):
            minor = event.minor_claimed if isinstance(event, identification.PersonDetected) else event.minor
            yield _fact(
                t.profile,
                entry,
                person_ref=event.person_ref,
                region=event.region,
                sex=event.sex,
                age_band=event.age_band,
                language=event.language,
                detection_channel=getattr(event, "detection_channel", ""),
                minor=minor,
            )


def _deadlines(entry: Entry, event: object) -> Iterator[Add]:
    change = {"DeadlineSet": "set", "DeadlineMet": "met", "DeadlineLifted": "lifted"}.get(type(event).__name__)
    if change is None:
        return
    about = getattr(event, "about", "") or str(getattr(event, "month", None) or "")
    due: date | None = getattr(event, "due_on", None)
    yield _fact(
        t.deadline,
        entry,
        subject=getattr(event, "person_ref", about),
        kind=getattr(event, "kind", ""),
        about=about,
        change=change,
        due_on=due.isoformat() if due else None,
        rule_id=getattr(event, "rule_id", ""),
        owner=getattr(event, "owner", entry.origin),
    )


def _consents(entry: Entry, event: object) -> Iterator[Add]:
    match event:
        case identification.ConsentGiven() | assistance.ConsentGiven():
            yield _fact(
                t.consent,
                entry,
                person_ref=event.person_ref,
                consent_id=event.consent_id,
                scope=event.scope,
                given_on=event.given_on.isoformat(),
                expires_on=event.expires_on.isoformat() if event.expires_on else None,
            )
        case identification.ConsentRevoked() | assistance.ConsentRevoked():
            yield _fact(t.revocation, entry, consent_id=event.consent_id, effective_on=event.effective_on.isoformat())


def _claims(entry: Entry, event: object) -> Iterator[Add]:
    match event:
        case assistance.DeliveryClaimed():
            yield _fact(t.claim, entry, person_ref=event.person_ref, claim_id=event.claim_id)
        case assistance.DeliveryUnfunded():
            yield _fact(t.claim, entry, person_ref=event.person_ref, claim_id="")


def _money(entry: Entry, event: object) -> Iterator[Add]:
    match event:
        case funding.ContractAwarded():
            yield _fact(t.contract, entry, contract_ref=event.contract_ref, ccy=event.ccy)
        case funding.ClaimableUnitRecorded():
            yield _moved(entry, "recorded", event.claim_id, event.contract_ref, event.amount_minor or 0)
        case funding.UnitVerified():
            yield _moved(entry, "verified", event.claim_id, event.contract_ref, event.amount_minor)
        case funding.UnitRejected() | funding.UnitVoided():
            yield _moved(entry, "withdrawn", event.claim_id, event.contract_ref, 0)
        case funding.InvoiceSubmitted():
            for claim_id in event.claim_ids:
                yield _moved(entry, "invoiced", claim_id, event.contract_ref, 0, event.invoice_id)
        case funding.PaymentMade():
            yield _moved(entry, "paid", "", event.contract_ref, event.amount_minor, event.invoice_id)
        case funding.PaymentReversed():
            yield _moved(entry, "reversed", "", event.contract_ref, event.amount_minor, event.invoice_id)


def _moved(entry: Entry, kind: str, claim_id: str, contract_ref: str, amount_minor: int, invoice_id: str = "") -> Add:
    return _fact(
        t.money,
        entry,
        claim_id=claim_id,
        kind=kind,
        amount_minor=amount_minor,
        contract_ref=contract_ref,
        invoice_id=invoice_id,
    )


NATIONAL = View(name="national", version=1, metadata=t.metadata, apply=apply)
