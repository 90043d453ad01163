"""What must hold of the logs of a story, however often it was cut off and told again."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.faults.real import ACKNOWLEDGED
from tests.pathways.deployment import AUTHORITY, FUND, NGO, POLICE

from nrm_kernel.entry import Entry

ONCE_A_PERSON = {
    (POLICE, "identification.PersonDetected"): 1,
    (POLICE, "identification.ReferralSent"): 1,
    (POLICE, "identification.AssistanceRequested"): 1,
    (AUTHORITY, "identification.ReferralReceived"): 1,
    (POLICE, "identification.ReferralAnswerReceived"): 1,
    (NGO, "assistance.CaseOpened"): 1,
    (NGO, "assistance.ServiceUnitDelivered"): 1,
    (NGO, "assistance.ClaimableUnitSent"): 1,
    (FUND, "funding.ClaimableUnitRecorded"): 1,
    (FUND, "funding.ClaimAnswered"): 2,
    (NGO, "assistance.ClaimAnswerRecorded"): 2,
    (POLICE, "identification.AssistanceAnswerReceived"): 2,
}
"""How often each happens for one person in the whole story."""


def nothing_acknowledged_is_lost(folder: Path, logs: Mapping[str, Sequence[Entry]]) -> int:
    """Each answer that came is of an entry that stands where it said; gives how many came."""
    path = folder / ACKNOWLEDGED
    answers = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    for agency, request_id, position in answers:
        assert logs[agency][position].text("request_id") == request_id
    return len(answers)


def nothing_is_doubled(entries: Sequence[Entry]) -> None:
    """What a request, or a notice, makes happen was recorded in one piece: the id of a reaction follows from both."""
    places: dict[str, list[int]] = {}
    for entry in entries:
        if request_id := entry.text("request_id"):
            places.setdefault(request_id, []).append(entry.position)
    for request_id, found in places.items():
        others = [one for one in entries[found[0] : found[-1]] if one.text("request_id") not in ("", request_id)]
        assert not others, f"request {request_id} was recorded at {found}"


def happened_once_a_person(logs: Mapping[str, Sequence[Entry]], people: int) -> None:
    """Everything happened to each person as often as it should, and no notice was refused."""
    counted = Counter((origin, entry.type) for origin, entries in logs.items() for entry in entries)
    assert {what: counted[what] for what in ONCE_A_PERSON} == {
        what: times * people for what, times in ONCE_A_PERSON.items()
    }
    assert not any(kind == "record.ReactionRefused" for _, kind in counted)
