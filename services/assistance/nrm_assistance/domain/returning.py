"""How far the return of a person to another country is: a part of the person's state, evolved event by event."""

from dataclasses import dataclass
from datetime import date
from functools import singledispatch
from typing import Final

from nrm_contracts.assistance import events as e
from nrm_kernel.changing import replace


@dataclass(frozen=True, slots=True)
class Return:
    """A return that was opened and not called off.

    ``doubted_from``: the day of the first danger seen since the assessment. ``consent_id`` names the consent to the
    risk as assessed last; ``receiver_ref`` who was asked and did not decline.
    """

    return_id: str
    to_country: str
    assessed: e.ReturnRiskAssessed | None = None
    doubted_from: date | None = None
    consent_id: str | None = None
    receiver_ref: str | None = None
    accepted_on: date | None = None
    returned_on: date | None = None
    confirmed: bool = False

    def risk(self, day: date) -> str | None:
        """What the risk was found to be, if an assessment counts on that day."""
        if self.assessed is None or day < self.assessed.assessed_on:
            return None
        return self.assessed.risk if self.doubted_from is None or day < self.doubted_from else None


def doubted(one: Return | None, day: date) -> Return | None:
    """A danger was seen on that day: from it the assessment counts no more."""
    if one is None or one.assessed is None or one.returned_on:
        return one
    return replace(one, doubted_from=min(one.doubted_from or day, day))


def opened(event: e.ReturnOpened) -> Return:
    """The return as it begins."""
    return Return(event.return_id, event.to_country)


@singledispatch
def after(_event: object, _one: Return) -> Return | None:
    """The return after one more fact of its own; none once it is called off."""
    return None


@after.register
def _(event: e.ReturnRiskAssessed, one: Return) -> Return:
    return replace(one, assessed=event, doubted_from=None, consent_id=None)


@after.register
def _(event: e.ReturnConsented, one: Return) -> Return:
    return replace(one, consent_id=event.consent_id)


@after.register
def _(event: e.TransnationalReferralSent, one: Return) -> Return:
    return replace(one, receiver_ref=event.receiver_ref)


@after.register
def _(event: e.TransnationalReferralAnswered, one: Return) -> Return:
    if event.answer == "accepted":
        return replace(one, accepted_on=event.answered_on)
    return replace(one, receiver_ref=None, accepted_on=None)


@after.register
def _(event: e.PersonReturned, one: Return) -> Return:
    return replace(one, returned_on=event.returned_on)


@after.register
def _(_event: e.ReintegrationHandoverConfirmed, one: Return) -> Return:
    return replace(one, confirmed=True)


LATER: Final = (
    e.ReturnRiskAssessed,
    e.ReturnConsented,
    e.TransnationalReferralSent,
    e.TransnationalReferralAnswered,
    e.PersonReturned,
    e.ReintegrationHandoverConfirmed,
    e.ReturnCalledOff,
)
"""The facts of a return that was opened."""
