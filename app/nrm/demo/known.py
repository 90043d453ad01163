"""What the script's labels stand for: learnt from replies, and from each agency's own log as its own IT would."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import cast

from google.protobuf.message import Message

from nrm_contracts.record.v1.receipt_pb2 import Receipt
from nrm_kernel.entry import Entry

Ref = str
Agency = str


@dataclass(slots=True)
class Claim:
    """A claimed unit as the fund has it."""

    claim_id: Ref
    handover_id: Ref
    amount_minor: int
    payable: bool = True
    verified: bool = False


class Known:
    """References by agency and label, versions by agency and stream, and what has been done."""

    def __init__(self) -> None:
        self.marks: set[str] = {""}
        self.claims: dict[Ref, dict[Ref, Claim]] = {}
        self.sizes: dict[Agency, int] = {}
        self.notices_refused = 0
        self._refs: dict[tuple[Agency, str], Ref] = {}
        self._holders: dict[str, list[Agency]] = {}
        self._versions: dict[tuple[Agency, str], int] = {}
        self._handovers: dict[tuple[Agency, Ref, Agency], Ref] = {}
        self._names: dict[tuple[Agency, Ref], Ref] = {}
        self._shared: dict[tuple[Agency, Ref], Ref] = {}

    @property
    def entries(self) -> int:
        """How many entries there are in all logs."""
        return sum(self.sizes.values())

    def version(self, agency: Agency, stream: str) -> int:
        """How many entries the stream has; 0 for one that is not there."""
        return self._versions.get((agency, stream), 0)

    def recorded(self, agency: Agency, receipt: Receipt) -> None:
        """A reply told the new version of a stream."""
        self._versions[agency, receipt.stream] = receipt.version

    def moved(self, agency: Agency, stream: str) -> None:
        """One entry more stands in a stream of which no reply told."""
        self._versions[agency, stream] = self.version(agency, stream) + 1

    def name(self, agency: Agency, label: str, ref: Ref) -> None:
        """From now on the label stands for this at that agency."""
        self._refs[agency, label] = ref
        self._holders.setdefault(label, []).append(agency)

    def handover(self, agency: Agency, person_ref: Ref, other: Agency) -> Ref:
        """By which handover id the two agencies speak of the person. Raises KeyError."""
        return self._handovers[agency, person_ref, other]

    def find(self, agency: Agency, label: str) -> Ref | None:
        """What the label stands for at an agency, also where another agency told it; None as long as it did not."""
        ref = self._refs.get((agency, label))
        if ref is not None:
            return ref
        for holder in self._holders.get(label, ()):
            told = self._told(agency, holder, self._refs[holder, label])
            if told is not None:
                self.name(agency, label, told)
                return told
        return None

    def filled(self, agency: Agency, request: Message) -> Message | None:
        """The request with every label replaced by what it stands for; None as long as one stands for nothing."""
        full = type(request)()
        full.CopyFrom(request)
        return full if self._fill(agency, full) else None

    def _fill(self, agency: Agency, message: Message) -> bool:
        for field, value in message.ListFields():
            if field.type == field.TYPE_STRING:
                texts = list(value) if field.is_repeated else [value]
                found = [self.find(agency, text) if text.startswith("@") else text for text in texts]
                if None in found:
                    return False
                if field.is_repeated:
                    value[:] = found
                else:
                    setattr(message, field.name, found[0])
            elif field.type == field.TYPE_MESSAGE and not all(
                self._fill(agency, one) for one in (value if field.is_repeated else (value,))
            ):
                return False
        return True

    def _told(self, agency: Agency, holder: Agency, ref: Ref) -> Ref | None:
        handover = self._handovers.get((holder, ref, agency))
        if handover is not None:
            return self._names.get((agency, handover))
        shared = self._shared.get((holder, ref), ref)
        return self._names.get((agency, shared))

    def learn(self, entries: Iterable[Entry]) -> None:
        """Read on in an agency's own log."""
        for entry in entries:
            self.sizes[entry.origin] = entry.position + 1
            self._versions[entry.origin, entry.stream] = entry.seq + 1
            learn = _LEARN.get(entry.type)
            if learn is not None:
                learn(self, entry.origin, cast(dict[str, str], entry.envelope["data"]))

    def _handover_minted(self, agency: Agency, data: dict[str, str]) -> None:
        self._handovers[agency, data["person_ref"], data["to"]] = data["handover_id"]

    def _handover_received(self, agency: Agency, data: dict[str, str]) -> None:
        self._names[agency, data["handover_id"]] = data["person_ref"]

    def _referral_submitted(self, agency: Agency, data: dict[str, str]) -> None:
        self._shared[agency, data["referral_id"]] = data["shared_ref"]

    def _referral_received(self, agency: Agency, data: dict[str, str]) -> None:
        self._names[agency, data["shared_ref"]] = data["referral_id"]

    def _incident_shared(self, agency: Agency, data: dict[str, str]) -> None:
        self._shared[agency, data["incident_id"]] = data["shared_ref"]

    def _victim_reported(self, agency: Agency, data: dict[str, str]) -> None:
        if "incident_shared_ref" in data:
            self._names[agency, data["incident_shared_ref"]] = data["incident_shared_ref"]

    def _contract_recorded(self, agency: Agency, data: dict[str, str]) -> None:
        self._names[agency, data["contract_ref"]] = data["contract_ref"]

    def _claimed(self, _agency: Agency, data: dict[str, str]) -> None:
        claim = Claim(data["claim_id"], data["handover_id"], int(data.get("amount_minor", 0)))
        self.claims.setdefault(data["contract_ref"], {})[claim.claim_id] = claim

    def _not_payable(self, _agency: Agency, data: dict[str, str]) -> None:
        self.claims[data["contract_ref"]][data["claim_id"]].payable = False

    def _refused(self, _agency: Agency, _data: dict[str, str]) -> None:
        self.notices_refused += 1

    def unverified(self, contract_ref: Ref) -> Iterator[Claim]:
        """Claims that may be verified."""
        claims = self.claims.get(contract_ref, {}).values()
        return (claim for claim in claims if claim.payable and not claim.verified)


_LEARN = {
    "record.HandoverMinted": Known._handover_minted,
    "record.HandoverReceived": Known._handover_received,
    "record.ReactionRefused": Known._refused,
    "identification.ReferralSubmitted": Known._referral_submitted,
    "identification.ReferralReceived": Known._referral_received,
    "identification.IncidentShared": Known._incident_shared,
    "prosecution.VictimReportReceived": Known._victim_reported,
    "assistance.ContractRecorded": Known._contract_recorded,
    "funding.ClaimableUnitRecorded": Known._claimed,
    "funding.UnfundedLiabilityRecorded": Known._not_payable,
    "funding.UnitVoided": Known._not_payable,
}
