"""What other agencies' notices make this one do: the only door in beside gRPC.

Each notice becomes a command of this agency on the record that it was told for. Where that one rests, what is told of
the person counts in the record under which they go on, too.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import Any, TypedDict, TypeVar

from nrm_contracts.assistance.events import AssistanceAnswered, ContactFound, ContactLost, ReferralSuggested
from nrm_contracts.identification.events import (
    ConsentNotified,
    ProfileCorrectedNotified,
    RecordsMergedNotified,
    RecoveryNotified,
    ReferralAnswered,
    ReferralSent,
    StatusNotified,
)
from nrm_contracts.policy import NationalPolicy
from nrm_contracts.prosecution.events import (
    HearingCalledOffNotified,
    HearingNotified,
    NonPunishmentNotified,
    OffenderReleasedNotified,
    ProtectionMeasureNotified,
    VictimChargedNotified,
)
from nrm_identification.domain import arriving, describing, hearing, merging, safety
from nrm_identification.domain.state.person import PERSON, at
from nrm_kernel.decider import Decision
from nrm_kernel.entry import Entry
from nrm_kernel.errors import Refused
from nrm_kernel.service import Ask, Asking, Reaction, known_person

N = TypeVar("N")
React = Callable[[Any, Entry, Asking], Awaitable[Sequence[Ask]]]


class _Circumstances(TypedDict):
    occurred_on: date
    agency: str
    policy: NationalPolicy


def _circumstances(entry: Entry, asking: Asking) -> _Circumstances:
    return {
        "occurred_on": date.fromisoformat(entry.occurred_at[:10]),
        "agency": asking.agency,
        "policy": asking.policy,
    }


async def _goes_on(person_ref: str, asking: Asking) -> str:
    """The record under which the person goes on."""
    state, _version = await asking.state(PERSON, person_ref)
    return await _goes_on(state.merged_into, asking) if state.merged_into else person_ref


def _recording(command: type[Any], decide: Callable[..., Decision]) -> React:
    """The notice becomes a fact of the record it was told for, and of the one under which the person goes on."""

    async def react(notice: Any, entry: Entry, asking: Asking) -> Sequence[Ask]:  # noqa: ANN401 - one for all notices
        told_for = await known_person(notice.handover_id, asking)
        goes_on = await _goes_on(told_for, asking)
        told = {"sender": entry.origin, "notice": notice, **_circumstances(entry, asking)}
        both = [command(person_ref=told_for, **told)]
        if goes_on != told_for:
            both.append(command(person_ref=goes_on, told_for=told_for, **told))
        return [Ask(each, decide, [at(each.person_ref)]) for each in both]

    return react


def _from_authority(react: React) -> React:
    """What only the authority tells to which this agency referred the person. Refused with NOT_THE_AUTHORITY."""

    async def checked(notice: Any, entry: Entry, asking: Asking) -> Sequence[Ask]:  # noqa: ANN401 - one for two notices
        state, _version = await asking.state(PERSON, await known_person(notice.handover_id, asking))
        if state.referrals.sent_to(entry.origin) is None:
            raise Refused("NOT_THE_AUTHORITY", f"This agency did not refer the person to {entry.origin} to decide.")
        return await react(notice, entry, asking)

    return checked


def _passing_on(command: type[Any], decide: Callable[..., Decision]) -> React:
    """As :func:`_recording`, in one decision on all records of the person that can hear of it.

    What is told of the record that goes on counts in those that rest under it, too; what several would pass on is
    passed on once.
    """

    async def react(notice: Any, entry: Entry, asking: Asking) -> Sequence[Ask]:  # noqa: ANN401 - one for all notices
        told_for = await known_person(notice.handover_id, asking)
        goes_on = await _goes_on(told_for, asking)
        state, _version = await asking.state(PERSON, goes_on)
        records = dict.fromkeys((told_for, goes_on, *(sorted(state.absorbed) if goes_on == told_for else ())))
        told = command(person_ref=told_for, sender=entry.origin, notice=notice, **_circumstances(entry, asking))
        return [Ask(told, decide, [at(each) for each in records])]

    return react


def _answering(command: type[Any], decide: Callable[..., Decision]) -> React:
    """The notice answers what was asked for one record, also while that one rests."""

    async def react(notice: Any, entry: Entry, asking: Asking) -> Sequence[Ask]:  # noqa: ANN401 - one for all notices
        person_ref = await known_person(notice.handover_id, asking)
        given = _circumstances(entry, asking)
        asked = command(person_ref=person_ref, sender=entry.origin, notice=notice, **given)
        return [Ask(asked, decide, [at(person_ref)])]

    return react


async def _referral_sent(notice: ReferralSent, entry: Entry, asking: Asking) -> Sequence[Ask]:
    known = await asking.person_behind(notice.handover_id)
    person_ref = await _goes_on(known, asking) if known else asking.new_ref()
    command = arriving.ReceiveReferral(
        person_ref=person_ref,
        sender=entry.origin,
        notice=notice,
        referral_id=asking.new_ref(),
        first_contact=known is None,
        **_circumstances(entry, asking),
    )
    return [Ask(command, arriving.receive_referral, [at(person_ref)])]


async def _suggested(notice: ReferralSuggested, entry: Entry, asking: Asking) -> Sequence[Ask]:
    known = await asking.person_behind(notice.handover_id)
    person_ref = await _goes_on(known, asking) if known else asking.new_ref()
    command = arriving.ReceiveSuggestion(
        person_ref=person_ref,
        sender=entry.origin,
        notice=notice,
        first_contact=known is None,
        **_circumstances(entry, asking),
    )
    return [Ask(command, arriving.receive_suggestion, [at(person_ref)])]


async def _merged(notice: RecordsMergedNotified, entry: Entry, asking: Asking) -> Sequence[Ask]:
    """Another agency found two records to be one person's, or not: so they are here. Done already: nothing to do.

    Which of the two goes on here depends on what was granted here.
    """
    kept = await known_person(notice.handover_id, asking)
    absorbed = await known_person(notice.other_handover_id, asking)
    (goes_on, _), (rests, _) = await asking.state(PERSON, kept), await asking.state(PERSON, absorbed)
    if goes_on.merged_into == absorbed or merging.must_go_on(rests, goes_on):
        kept, absorbed, rests = absorbed, kept, goes_on
    given, streams = _circumstances(entry, asking), [at(kept), at(absorbed)]
    if notice.change == "unmerged" and rests.merged_into == kept:
        unmerge = merging.TakeOverUnmerge(person_ref=kept, absorbed_ref=absorbed, sender=entry.origin, **given)
        return [Ask(unmerge, merging.take_over_unmerge, streams)]
    if notice.change == "merged" and kept != absorbed and rests.merged_into is None:
        merge = merging.TakeOverMerge(person_ref=kept, absorbed_ref=absorbed, sender=entry.origin, **given)
        return [Ask(merge, merging.take_over_merge, streams)]
    return []


PASSED_ON = frozenset({"identification"})
"""Who tells news of a person's safety further: prosecutors do not know everybody who knows the person."""

REACTIONS = (
    Reaction("referral-sent", ReferralSent, _referral_sent),
    Reaction(
        "referral-answered",
        ReferralAnswered,
        _answering(arriving.RecordReferralAnswer, arriving.record_referral_answer),
    ),
    Reaction(
        "status-notified", StatusNotified, _from_authority(_recording(hearing.RecordStatus, hearing.record_status))
    ),
    Reaction(
        "recovery-notified",
        RecoveryNotified,
        _from_authority(_recording(hearing.RecordRecovery, hearing.record_recovery)),
    ),
    Reaction(
        "consent-notified",
        ConsentNotified,
        _recording(hearing.RecordConsentChange, hearing.record_consent_change),
    ),
    Reaction(
        "profile-corrected",
        ProfileCorrectedNotified,
        _recording(describing.RecordProfileCorrection, describing.record_profile_correction),
    ),
    Reaction("records-merged", RecordsMergedNotified, _merged),
    Reaction("referral-suggested", ReferralSuggested, _suggested),
    Reaction(
        "assistance-answered",
        AssistanceAnswered,
        _answering(hearing.RecordAssistanceAnswer, hearing.record_assistance_answer),
    ),
    Reaction("contact-lost", ContactLost, _recording(hearing.RecordContactLoss, hearing.record_contact_loss)),
    Reaction("contact-found", ContactFound, _recording(hearing.RecordContactReturn, hearing.record_contact_return)),
    Reaction("victim-charged", VictimChargedNotified, _recording(hearing.RecordCharge, hearing.record_charge)),
    Reaction(
        "non-punishment",
        NonPunishmentNotified,
        _recording(hearing.RecordNonPunishment, hearing.record_non_punishment),
    ),
    Reaction(
        "offender-released",
        OffenderReleasedNotified,
        _passing_on(safety.RecordOffenderRelease, safety.record_offender_release),
        PASSED_ON,
    ),
    Reaction("hearing", HearingNotified, _passing_on(safety.RecordHearing, safety.record_hearing), PASSED_ON),
    Reaction(
        "hearing-called-off",
        HearingCalledOffNotified,
        _passing_on(safety.RecordHearingCallOff, safety.record_hearing_call_off),
        PASSED_ON,
    ),
    Reaction(
        "protection-measure",
        ProtectionMeasureNotified,
        _passing_on(safety.RecordProtectionChange, safety.record_protection_change),
        PASSED_ON,
    ),
)
