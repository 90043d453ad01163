"""Notices about a person: under which name an agency knows them, and who may hear what."""

from collections.abc import Callable, Iterator
from datetime import date

from nrm_contracts.identification.events import ConsentNotified, RecoveryNotified, StatusNotified
from nrm_contracts.identification.terms import ConsentChange
from nrm_contracts.record.events import HandoverMinted
from nrm_identification.domain.standing import covered
from nrm_identification.domain.state.consents import ASSISTANCE, PROCEEDINGS, REFERRAL
from nrm_identification.domain.state.person import Person
from nrm_kernel.decider import Notice
from nrm_kernel.identity import service_of


def handover(person: Person, to: str, fresh: str) -> tuple[str, list[object]]:
    """The id by which that agency knows the person: at the first time the fresh one, and the fact of it."""
    known = person.handovers.get(to)
    if known is not None:
        return known, []
    return fresh, [HandoverMinted(person.person_ref, to, fresh)]


def tell(person: Person, agencies: list[str], form: Callable[[str], object]) -> Iterator[Notice]:
    """The same news to several agencies, to each under every name by which it knows the person."""
    for agency in agencies:
        for name in _names_at(person, agency):
            yield Notice(to=agency, about=name, event=form(name))


def consent_news(
    person: Person, scope: str, change: ConsentChange, on: date, *, share_with: str | None = None, but_not: str = ""
) -> Iterator[Notice]:
    """To everyone who received something under that scope: the consent changed."""
    receivers = sorted(person.consents.receivers(scope, share_with) - {but_not})
    yield from tell(person, receivers, lambda name: ConsentNotified(name, scope, change, on))


def entitled(person: Person, own_agency: str, on: date) -> list[str]:
    """Who may hear of status and recovery: referrers, and those who were asked for help or told of the victim."""
    referrers = {one.peer for one in person.referrals.by_id.values() if one.here and one.phase != "ended"}
    others = {known.agency for merged in person.absorbed.values() for known in merged.absorbed_known}
    referrers |= others - person.consents.withdrawn_at
    return sorted((referrers | set(brought_in(person, on))) - {own_agency})


def deciding(person: Person) -> list[str]:
    """Those to whom this agency referred the person to decide, unless an adult has said no to it since."""
    if person.consents.said_no(REFERRAL) and not person.childhood.is_child:
        return []
    sent = (one for one in person.referrals.by_id.values() if not one.here)
    return sorted({one.peer for one in sent if one.phase not in ("ended", "returned")})


def caring(person: Person, own_agency: str, on: date) -> list[str]:
    """Who hears of the person's safety: all who may hear of them but prosecutors, from whom such news comes."""
    agencies = {*entitled(person, own_agency, on), *deciding(person)}
    return sorted(one for one in agencies if service_of(one) != "prosecution")


def brought_in(person: Person, on: date) -> list[str]:
    """Those whom this agency asked for help or told of the victim, as far as they may still hear of the person."""
    helping = {one.to for one in person.asked.values() if covered(person, ASSISTANCE, one.basis, on)}
    prosecuting = {one.to for one in person.reported.values() if covered(person, PROCEEDINGS, one.basis, on)}
    return sorted(helping | prosecuting)


def status_news(person: Person, agencies: list[str], news: StatusNotified) -> Iterator[Notice]:
    """A decision; ``news`` is filled in with each receiver's own name for the person."""
    yield from tell(
        person,
        agencies,
        lambda name: StatusNotified(name, news.stage, news.outcome, news.final, news.decided_on, news.exit_on),
    )


def recovery_news(person: Person, agencies: list[str], news: RecoveryNotified) -> Iterator[Notice]:
    """A change of the recovery period, likewise."""
    yield from tell(person, agencies, lambda name: RecoveryNotified(name, news.change, news.starts_on, news.ends_on))


def _names_at(person: Person, agency: str) -> Iterator[str]:
    if own := person.handovers.get(agency):
        yield own
    for merged in person.absorbed.values():
        yield from (known.handover_id for known in merged.absorbed_known if known.agency == agency)
