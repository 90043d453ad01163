"""What a stream of events comes to, read off the events themselves and not by the rules under test."""

from nrm_contracts.identification import events as happened


def open_referrals(stream: list[object]) -> set[str]:
    """The referrals that wait for an answer or a decision."""
    open_ids: set[str] = set()
    for event in stream:
        match event:
            case happened.ReferralSubmitted() | happened.ReferralReceived() | happened.ReconsiderationRequested():
                open_ids.add(event.referral_id)
            case happened.ReferralReturned() | happened.ReferralEnded() | happened.PersonDisqualified():
                open_ids.discard(event.referral_id)
            case happened.ReferralAnswerReceived(answer="returned"):
                open_ids.discard(event.referral_id)
            case happened.StageDecided(final=True):
                open_ids.discard(event.referral_id)
            case happened.StatusReceived():
                open_ids.clear() if event.final else None
    return open_ids
