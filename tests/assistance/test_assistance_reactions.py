"""Notices from other agencies become commands here, on the right person, and stop no help."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TypeVar

import pytest
from tests.assistance.story import (
    ACCEPTED,
    AGENCIES,
    ANNA,
    AUTHORITY,
    DAY,
    DEAL,
    FUND,
    HANDOVER,
    OTHER_NGO,
    POLICE,
    POLICY,
    PROSECUTOR,
    RULES,
    US,
    World,
    asks,
    ref,
)

from nrm_assistance.domain.care import RaiseRiskAlert
from nrm_assistance.domain.closing import CloseCase, SuggestReferral, TransferCase
from nrm_assistance.domain.consents import GiveConsent
from nrm_assistance.domain.delivery import DeliverServiceUnit, VoidServiceUnit
from nrm_assistance.domain.intake import RegisterPerson
from nrm_assistance.domain.person import PERSON
from nrm_assistance.reactions import REACTIONS
from nrm_contracts.assistance.events import (
    AssistanceAnswered,
    CaseOpened,
    CeilingAlertRaised,
    ClaimAnswerRecorded,
    ContractLot,
    ContractRecorded,
    EntitlementChanged,
    HearingCallOffNoted,
    HearingNoted,
    ProfileCorrected,
    ProtectionChangeNoted,
    RecordsMerged,
    RecoveryRecorded,
    RiskAlertRaised,
    ServiceUnitDelivered,
    SharedConsentChanged,
    TransferAnswered,
    TransferRequested,
)
from nrm_contracts.funding.events import CeilingNearlyReached, ClaimAnswered, ContractNotified
from nrm_contracts.funding.parts import Lot
from nrm_contracts.identification.events import (
    AssistanceRequested,
    ConsentNotified,
    ProfileCorrectedNotified,
    RecordsMergedNotified,
    RecoveryNotified,
    StatusNotified,
)
from nrm_contracts.policy import NationalPolicy
from nrm_contracts.prosecution.events import (
    HearingCalledOffNotified,
    HearingNotified,
    OffenderReleasedNotified,
    ProtectionMeasureNotified,
    VictimChargedNotified,
)
from nrm_contracts.record.events import HandoverMinted, HandoverReceived
from nrm_kernel.decider import Fold
from nrm_kernel.entry import Entry, canonical
from nrm_kernel.errors import Refused

S = TypeVar("S")
E = TypeVar("E")
REACT = {reaction.notice: reaction.react for reaction in REACTIONS}
REQUEST = AssistanceRequested(HANDOVER, "KZ-75", "27-29", "female", "kaz", False, ("medical",), DAY)
SIGNED = ContractNotified(
    DEAL,
    "signed",
    (Lot("psychological", "session", 9_000, 10_000),),
    "KZT",
    DAY - timedelta(days=30),
    DAY + timedelta(days=300),
)


@dataclass
class Agency:
    """This agency as its reactions see it."""

    world: World = field(default_factory=World)
    policy: NationalPolicy = POLICY
    agency: str = US
    agencies: Mapping[str, str] = field(default_factory=lambda: AGENCIES)
    now: datetime = datetime(2026, 1, 9, tzinfo=UTC)
    numbers: "count[int]" = field(default_factory=lambda: count(10))

    async def state(self, fold: Fold[S, E], key: str) -> tuple[S, int]:
        events = self.world.events(fold.stream(key))
        return fold.state(events), len(events)  # type: ignore[arg-type]  # a stream holds its own events

    async def person_behind(self, handover_id: str) -> str | None:
        handovers = (event for _, event in self.world.log if isinstance(event, HandoverReceived | HandoverMinted))
        return next((one.person_ref for one in handovers if one.handover_id == handover_id), None)

    def new_ref(self) -> str:
        return f"{next(self.numbers):032x}"

    async def hear(self, notice: object, sender: str) -> list[object]:
        """React to a notice; gives what was recorded."""
        before = len(self.world.log)
        body = canonical({"origin": sender, "occurred_at": DAY.isoformat(), "data": {}})
        for ask in await REACT[type(notice)](notice, Entry.of(sender, 0, body), self):
            decide, streams = RULES[type(ask.command)]
            assert ask.decide is decide
            assert [at.stream for at in ask.streams] == [at.stream for at in streams(ask.command)]
            self.world.do(ask.command)
        return [event for _, event in self.world.log[before:]]


def told_as(recorded: list[object], kind: type[S]) -> list[S]:
    return [event for event in recorded if isinstance(event, kind)]


@pytest.fixture
def here() -> Agency:
    """An agency that knows nobody yet."""
    return Agency()


@pytest.fixture
def anna() -> Agency:
    """An agency that helps Anna, whom the authority's and the prosecutor's notices are about."""
    one = Agency()
    one.world.do(*ACCEPTED)
    for sender, handover_id in ((AUTHORITY, HANDOVER), (PROSECUTOR, ref("prosecutors"))):
        received = HandoverReceived(ANNA, sender, handover_id)
        one.world.log.append((PERSON.stream(ANNA), received))
        one.world.people[ANNA] = PERSON.evolve(one.world.person(), received)
    return one


async def test_a_request_opens_a_case_for_a_person_of_our_own_naming(here: Agency) -> None:
    [opened] = told_as(await here.hear(REQUEST, POLICE), CaseOpened)
    assert opened.person_ref not in (HANDOVER, ANNA)
    assert (opened.source, opened.needs) == ("requested", ("medical",))
    assert await here.person_behind(HANDOVER) == opened.person_ref


async def test_a_request_for_somebody_known_under_the_handover_is_about_the_same_person(here: Agency) -> None:
    await here.hear(ConsentNotified(HANDOVER, "assistance", "given", DAY), POLICE)
    [opened] = told_as(await here.hear(REQUEST, POLICE), CaseOpened)
    assert opened.person_ref == await here.person_behind(HANDOVER)
    assert len(here.world.people) == 1


@pytest.mark.parametrize(
    "notice",
    [
        StatusNotified(HANDOVER, 1, "positive", False, DAY),
        RecoveryNotified(HANDOVER, "started", DAY, DAY + timedelta(days=30)),
    ],
)
async def test_news_under_a_handover_that_the_sender_never_made_is_refused(here: Agency, notice: object) -> None:
    with pytest.raises(Refused, match="no person for"):
        await here.hear(notice, POLICE)
    assert not here.world.log


async def test_a_transfer_opens_a_case_and_asks_the_person_anew(here: Agency) -> None:
    asked = TransferRequested(HANDOVER, "KZ-75", "27-29", "female", "kaz", False, DAY)
    [opened] = told_as(await here.hear(asked, OTHER_NGO), CaseOpened)
    assert (opened.source, opened.needs) == ("transferred", ("not_asked",))


async def test_the_answer_to_our_transfer_is_kept_but_an_offer_is_no_answer(here: Agency) -> None:
    sharing = asks(GiveConsent, scope="share_with", share_with=OTHER_NGO, consent_id=ref("sharing"))
    here.world.do(*ACCEPTED, sharing, asks(TransferCase, to=OTHER_NGO))
    about = ref("fresh handover")
    assert await here.hear(AssistanceAnswered(about, "offered", DAY), OTHER_NGO) == []
    recorded = await here.hear(AssistanceAnswered(about, "accepted", DAY), OTHER_NGO)
    assert TransferAnswered(ANNA, OTHER_NGO, "accepted", DAY) in recorded


async def test_a_status_changes_what_help_rests_on_and_nothing_else(anna: Agency) -> None:
    told = StatusNotified(HANDOVER, 1, "negative", True, DAY, DAY + timedelta(days=9))
    recorded = await anna.hear(told, AUTHORITY)
    assert EntitlementChanged(ANNA, "ending", DAY) in recorded
    assert anna.world.refuses(asks(DeliverServiceUnit)) is None


async def test_a_recovery_period_is_kept(anna: Agency) -> None:
    ends_on = DAY + timedelta(days=30)
    recorded = await anna.hear(RecoveryNotified(HANDOVER, "started", DAY, ends_on), AUTHORITY)
    assert recorded == [RecoveryRecorded(ANNA, "started", DAY, ends_on)]


async def test_a_consent_that_changed_elsewhere_is_kept(anna: Agency) -> None:
    recorded = await anna.hear(ConsentNotified(HANDOVER, "assistance", "revoked", DAY), AUTHORITY)
    assert recorded == [SharedConsentChanged(ANNA, AUTHORITY, "assistance", "revoked", DAY)]


async def test_two_persons_told_to_be_one_are_linked(anna: Agency) -> None:
    await anna.hear(AssistanceRequested(ref("other"), "KZ-75", "adult", "female", "kaz", False, (), DAY), AUTHORITY)
    other_ref = await anna.person_behind(ref("other"))
    assert other_ref is not None
    recorded = await anna.hear(RecordsMergedNotified(HANDOVER, ref("other"), "merged"), AUTHORITY)
    assert told_as(recorded, RecordsMerged) == [
        RecordsMerged(ANNA, other_ref, "merged"),
        RecordsMerged(other_ref, ANNA, "merged"),
    ]
    assert await anna.hear(RecordsMergedNotified(HANDOVER, HANDOVER, "merged"), AUTHORITY) == []
    assert await anna.hear(RecordsMergedNotified(HANDOVER, ref("unheard of"), "merged"), AUTHORITY) == []


async def test_a_charge_is_a_danger_to_look_at(anna: Agency) -> None:
    recorded = await anna.hear(VictimChargedNotified(ref("prosecutors"), DAY), PROSECUTOR)
    assert told_as(recorded, RiskAlertRaised) == [RiskAlertRaised(ANNA, "victim_charged", DAY)]


async def test_a_charge_without_an_open_case_is_nobodys_to_look_at(anna: Agency) -> None:
    anna.world.do(asks(CloseCase, outcome="withdrew"))
    assert await anna.hear(VictimChargedNotified(ref("prosecutors"), DAY), PROSECUTOR) == []
    assert await anna.hear(VictimChargedNotified(ref("unheard of"), DAY), PROSECUTOR) == []


async def test_what_a_prosecutor_tells_of_safety_reaches_the_person(anna: Agency) -> None:
    about, court_day = ref("prosecutors"), DAY + timedelta(days=9)
    recorded = await anna.hear(OffenderReleasedNotified(about, DAY), PROSECUTOR)
    assert told_as(recorded, RiskAlertRaised) == [RiskAlertRaised(ANNA, "offender_released", DAY)]
    recorded = await anna.hear(HearingNotified(about, court_day, "trial"), PROSECUTOR)
    assert told_as(recorded, HearingNoted) == [HearingNoted(ANNA, "trial", court_day)]
    recorded = await anna.hear(HearingCalledOffNotified(about, court_day, "trial"), PROSECUTOR)
    assert told_as(recorded, HearingCallOffNoted) == [HearingCallOffNoted(ANNA, "trial", court_day)]
    ended = ProtectionMeasureNotified(about, "anonymity", "ended", DAY, DAY)
    assert ProtectionChangeNoted(ANNA, "anonymity", "ended", DAY, DAY) in await anna.hear(ended, PROSECUTOR)
    nobody = ref("unheard of")
    for notice in (
        OffenderReleasedNotified(nobody, DAY),
        HearingNotified(nobody, court_day, "trial"),
        HearingCalledOffNotified(nobody, court_day, "trial"),
        ProtectionMeasureNotified(nobody, "anonymity", "granted", DAY),
    ):
        assert await anna.hear(notice, PROSECUTOR) == []


async def test_what_was_told_wrongly_of_a_person_is_put_right_but_for_whether_they_are_a_child(anna: Agency) -> None:
    about = HANDOVER
    before = anna.world.person().profile
    assert before is not None
    right = ProfileCorrectedNotified(about, "KZ-75", "18-20", "male", "rus")
    assert await anna.hear(right, AUTHORITY) == [ProfileCorrected(ANNA, "KZ-75", "18-20", "male", "rus")]
    as_a_child = ProfileCorrectedNotified(about, "KZ-75", "9-17", "male", "rus")
    assert await anna.hear(as_a_child, AUTHORITY) == [ProfileCorrected(ANNA, "KZ-75", "18-20", "male", "rus")]
    after = anna.world.person().profile
    assert after is not None
    assert (after.region, after.minor) == ("KZ-75", before.minor)
    of_nobody = ProfileCorrectedNotified(ref("unheard of"), "KZ-75", "18-20", "male", "rus")
    assert await anna.hear(of_nobody, AUTHORITY) == []


async def test_a_contract_is_copied_and_a_ceiling_stops_nothing(anna: Agency) -> None:
    lot = ContractLot("psychological", "session", 9_000, 10_000)
    assert await anna.hear(SIGNED, FUND) == [
        ContractRecorded(DEAL, FUND, "signed", (lot,), "KZT", SIGNED.starts_on, SIGNED.ends_on)
    ]
    assert await anna.hear(CeilingNearlyReached(DEAL, 90), FUND) == [CeilingAlertRaised(DEAL, 90)]
    anna.world.do(asks(DeliverServiceUnit, contract_ref=DEAL))
    assert anna.world.person().deliveries[ref("delivery")].claim_id == ref("claim")


async def test_an_answer_to_a_claim_reaches_its_delivery(anna: Agency) -> None:
    await anna.hear(SIGNED, FUND)
    anna.world.do(asks(DeliverServiceUnit, contract_ref=DEAL))
    recorded = await anna.hear(ClaimAnswered(DEAL, ref("claim"), "paid"), FUND)
    assert recorded == [ClaimAnswerRecorded(ANNA, ref("delivery"), DEAL, ref("claim"), "paid")]


async def test_an_answer_to_a_claim_that_was_voided_needs_nothing(anna: Agency) -> None:
    await anna.hear(SIGNED, FUND)
    anna.world.do(
        asks(DeliverServiceUnit, contract_ref=DEAL),
        asks(VoidServiceUnit, reason="duplicate", contract_ref=DEAL),
    )
    assert await anna.hear(ClaimAnswered(DEAL, ref("claim"), "recorded"), FUND) == []


async def test_another_funder_cannot_change_a_contract(anna: Agency) -> None:
    await anna.hear(SIGNED, FUND)
    with pytest.raises(Refused, match="one with test/funding/fund-one"):
        await anna.hear(SIGNED, "test/funding/fund-two")


async def test_every_notice_to_assistance_leaves_crisis_care_possible(anna: Agency) -> None:
    await anna.hear(SIGNED, FUND)
    told = (
        (StatusNotified(HANDOVER, 1, "disqualified", True, DAY), AUTHORITY),
        (ConsentNotified(HANDOVER, "assistance", "revoked", DAY), AUTHORITY),
        (VictimChargedNotified(ref("prosecutors"), DAY), PROSECUTOR),
        (CeilingNearlyReached(DEAL, 100), FUND),
    )
    for notice, sender in told:
        await anna.hear(notice, sender)
    anna.world.do(asks(DeliverServiceUnit, legal_basis="vital_interest"), asks(RaiseRiskAlert, kind="threat"))
    assert told_as([event for _, event in anna.world.log], ServiceUnitDelivered)


async def test_the_authority_that_a_person_was_suggested_to_answers_under_our_handover(here: Agency) -> None:
    willing = asks(GiveConsent, scope="referral", consent_id=ref("willing"))
    here.world.do(asks(RegisterPerson), willing, asks(SuggestReferral, to=AUTHORITY))
    recorded = await here.hear(StatusNotified(ref("fresh handover"), 1, "positive", True, DAY), AUTHORITY)
    assert EntitlementChanged(ANNA, "confirmed", DAY) in recorded
    assert not told_as(recorded, HandoverReceived)
