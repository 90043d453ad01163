"""One person's pathway: everything that any agency recorded, in one timeline, with what is open and what is due."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from nrm_coordinator import tables as t
from nrm_coordinator.alerts import Alert, TimelineStep, alerts
from nrm_coordinator.moment import AsOf
from nrm_coordinator.overdue import OpenDeadline, open_deadlines
from nrm_coordinator.people import references
from nrm_coordinator.spending import Spend, spending
from nrm_coordinator.standing import Fact, Standing, standing
from nrm_kernel.errors import NotFound
from nrm_kernel.views import ViewReader


@dataclass(frozen=True, slots=True)
class LiveConsent:
    """A consent that holds: its scope, never its content."""

    origin: str
    scope: str
    given_on: str
    expires_on: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known beyond references: coarse codes, the newest of each."""

    region: str = ""
    sex: str = ""
    age_band: str = ""
    language: str = ""
    detection_channel: str = ""
    minor: bool = False


@dataclass(frozen=True, slots=True)
class Pathway:
    """One person across the agencies, as of one moment."""

    person: str
    references: Sequence[tuple[str, str]]
    profile: Profile
    standing: Standing
    timeline: Sequence[TimelineStep]
    deadlines: Sequence[OpenDeadline]
    consents: Sequence[LiveConsent]
    money: Sequence[Spend]
    alerts: Sequence[Alert]


async def pathway(reader: ViewReader, ref: str, as_of: AsOf) -> Pathway:
    """The pathway of the person behind any reference. Raises NotFound when nobody has recorded anything about it."""
    refs = await references(reader, ref, as_of)
    timeline = await _timeline(reader, refs, as_of)
    if not timeline:
        raise NotFound
    known = sorted({(step.origin, subject) for step, subject in timeline})
    steps = [step for step, _ in timeline]
    deadlines = await open_deadlines(reader, refs | await _charges(reader, refs), as_of)
    money = await spending(reader, refs, as_of)
    return Pathway(
        person=min(subject for _, subject in known),
        references=known,
        profile=await _profile(reader, refs, as_of),
        standing=standing(Fact(s.occurred_on, s.recorded_at, s.position, s.kind, s.detail) for s in steps),
        timeline=steps,
        deadlines=deadlines,
        consents=await _consents(reader, refs, as_of),
        money=money,
        alerts=alerts(steps, deadlines, money, as_of.day),
    )


async def _timeline(reader: ViewReader, refs: Collection[str], as_of: AsOf) -> list[tuple[TimelineStep, str]]:
    c = t.step.c
    rows = await reader.rows(
        select(c.origin, c.position, c.kind, c.detail, c.occurred_on, c.recorded_at, c.subject)
        .where(c.subject.in_(refs), c.recorded_at <= as_of.moment)
        .order_by(c.occurred_on, c.recorded_at, c.origin, c.position)
    )
    return [(TimelineStep(*tuple(row)[:6]), row.subject) for row in rows]


async def _charges(reader: ViewReader, refs: Collection[str]) -> set[str]:
    """What deadlines may be about instead of the person: charges brought against them."""
    c = t.step.c
    query = select(c.other).where(c.subject.in_(refs), c.kind == "prosecution.VictimCharged")
    return {row.other for row in await reader.rows(query)}


async def _profile(reader: ViewReader, refs: Collection[str], as_of: AsOf) -> Profile:
    c = t.profile.c
    rows = await reader.rows(
        select(c.region, c.sex, c.age_band, c.language, c.detection_channel, c.minor)
        .where(c.person_ref.in_(refs), c.recorded_at <= as_of.moment)
        .order_by(c.recorded_at.desc(), c.origin, c.position)
    )
    if not rows:
        return Profile()
    channel = next((row.detection_channel for row in rows if row.detection_channel), "")
    newest = rows[0]
    return Profile(newest.region, newest.sex, newest.age_band, newest.language, channel, newest.minor)


async def _consents(reader: ViewReader, refs: Collection[str], as_of: AsOf) -> list[LiveConsent]:
    c, day = t.consent.c, as_of.day.isoformat()
    revoked = select(t.revocation.c.consent_id).where(
        t.revocation.c.recorded_at <= as_of.moment, t.revocation.c.effective_on <= day
    )
    rows = await reader.rows(
        select(c.origin, c.scope, c.given_on, c.expires_on)
        .where(c.person_ref.in_(refs), c.recorded_at <= as_of.moment, c.consent_id.not_in(revoked))
        .where((c.expires_on.is_(None)) | (c.expires_on >= day))
        .order_by(c.given_on, c.origin, c.scope)
    )
    return [LiveConsent(row.origin, row.scope, row.given_on, row.expires_on or "") for row in rows]
