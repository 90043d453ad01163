"""The audit service's gRPC methods: each records the look, asks the library, and answers. It decides nothing."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from nrm_audit.compare import TableReport
from nrm_audit.copies import Damaged
from nrm_audit.findings import Finding
from nrm_audit.proofs import Proofs
from nrm_audit.replay import Until, UntilInvalid, replay
from nrm_audit.report import Verdict
from nrm_audit.sealed import Sealed
from nrm_audit.shown import Shows
from nrm_audit.stored import BeyondEnd, NoSuchLog, stored_entries
from nrm_audit.verify import verify
from nrm_contracts.audit.v1 import audit_pb2 as pb
from nrm_kernel.asked import origin
from nrm_kernel.errors import DataLoss, Invalid, NotFound
from nrm_kernel.identity import Caller
from nrm_kernel.ledger.trust import Trusted
from nrm_kernel.service import Door, Read

T = TypeVar("T")
RULE = "AU-01"
PAGE_BYTES_MAX = 1_000_000
Look = Callable[[Caller, str, str], Awaitable[None]]
"""Records a look: who, at what, under which rule."""

_VERDICTS = {
    Verdict.VERIFIED: pb.VERDICT_VERIFIED,
    Verdict.NOT_VERIFIED: pb.VERDICT_NOT_VERIFIED,
    Verdict.CANNOT_TELL: pb.VERDICT_CANNOT_TELL,
}


@dataclass(frozen=True, slots=True)
class _Page:
    """Entries, and whether there are more behind them."""

    bodies: list[bytes] = field(default_factory=list)
    more: bool = False


@dataclass(frozen=True)
class Answers:
    """Answers an auditor's questions from the files that hold the logs; reading them never holds up the server."""

    paths: Sequence[Path]
    trust: Trusted
    views: Sequence[Shows]
    look: Look
    whole: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held by the one question at a time that reads everything, on every core."""

    def door(self) -> Door:
        """The service's methods."""
        return Door(
            pb.DESCRIPTOR.services_by_name["AuditService"],
            [
                Read("Verify", self.verify),
                Read("ListEntries", self.list_entries),
                Read("GetCheckpoint", self.get_checkpoint),
                Read("GetInclusionProof", self.get_inclusion_proof),
                Read("GetConsistencyProof", self.get_consistency_proof),
                Read("CompareViews", self.compare_views),
            ],
        )

    async def verify(self, request: pb.VerifyRequest, caller: Caller) -> pb.VerifyResponse:
        """All copies, alone and against each other."""
        await self.look(caller, "Verify", RULE)
        async with self.whole:
            report = await _reading(lambda: verify(self.paths, self.trust))
        return pb.VerifyResponse(
            verdict=_VERDICTS[report.verdict],
            copies=[
                pb.LogCopy(
                    origin=copy.origin,
                    holder=copy.holder,
                    entries=copy.entries,
                    checkpoints=copy.checkpoints,
                    signed_size=copy.signed_size,
                    root=copy.root,
                    sealed=_sealed(copy.sealed),
                )
                for copy in report.copies
            ],
            findings=[_finding(finding) for finding in report.findings.kept],
            found=sum(report.findings.counted.values()),
        )

    async def list_entries(self, request: pb.ListEntriesRequest, caller: Caller) -> pb.ListEntriesResponse:
        """A page of entries as stored; the cursor is the next page's first position."""
        first = (
            int(request.page_token) if request.page_token else _at_least(0, "first_position", request.first_position)
        )
        await self.look(caller, origin("origin", request.origin), RULE)
        page = await _reading(lambda: self._page(request.origin, first, request.page_size))
        return pb.ListEntriesResponse(
            entries=[pb.StoredEntry(position=first + nth, body=body) for nth, body in enumerate(page.bodies)],
            next_page_token=str(first + len(page.bodies)) if page.more else "",
        )

    async def get_checkpoint(self, request: pb.GetCheckpointRequest, caller: Caller) -> pb.GetCheckpointResponse:
        """A checkpoint whose signature was checked."""
        size = _at_least(0, "size", request.size)
        await self.look(caller, origin("origin", request.origin), RULE)
        found = await _reading(lambda: self._proofs.checkpoint(request.origin, size))
        return pb.GetCheckpointResponse(size=found.checkpoint.size, note=found.note)

    async def get_inclusion_proof(
        self, request: pb.GetInclusionProofRequest, caller: Caller
    ) -> pb.GetInclusionProofResponse:
        """An entry in a checkpoint."""
        position, size = _at_least(0, "position", request.position), _at_least(0, "size", request.size)
        await self.look(caller, origin("origin", request.origin), RULE)
        proof = await _reading(lambda: self._proofs.inclusion(request.origin, position, size))
        return pb.GetInclusionProofResponse(
            leaf_hash=proof.leaf, path=proof.path, size=proof.within.checkpoint.size, note=proof.within.note
        )

    async def get_consistency_proof(
        self, request: pb.GetConsistencyProofRequest, caller: Caller
    ) -> pb.GetConsistencyProofResponse:
        """One checkpoint in a later one."""
        old_size, new_size = _at_least(1, "old_size", request.old_size), _at_least(0, "new_size", request.new_size)
        await self.look(caller, origin("origin", request.origin), RULE)
        proof = await _reading(lambda: self._proofs.consistency(request.origin, old_size, new_size))
        return pb.GetConsistencyProofResponse(
            path=proof.path, old_note=proof.old.note, new_note=proof.new.note, new_size=proof.new.checkpoint.size
        )

    async def compare_views(self, request: pb.CompareViewsRequest, caller: Caller) -> pb.CompareViewsResponse:
        """Everything shown against the entries."""
        try:
            until = Until.parse(request.until) if request.until else None
        except UntilInvalid as fault:
            raise Invalid(fault.reason, fault.text, {"until": "is no date and no position"}) from None
        await self.look(caller, "CompareViews", RULE)
        try:
            async with self.whole:
                report = await _reading(lambda: replay(self.paths, self.trust, self.views, until))
        except BeyondEnd as fault:
            raise Invalid(fault.reason, fault.text, {"until": "lies beyond the end"}) from None
        return pb.CompareViewsResponse(
            verdict=_VERDICTS[report.verdict], tables=[_compared(table) for table in report.tables]
        )

    @property
    def _proofs(self) -> Proofs:
        return Proofs(self.paths, self.trust)

    def _page(self, origin: str, first: int, size: int) -> _Page:
        """As many entries as fit a page; one more is looked for, to know whether there is another page."""
        page, room = _Page(), PAGE_BYTES_MAX
        for body in stored_entries(self.paths, origin, first, size + 1):
            room -= len(body)
            if len(page.bodies) == size or (room < 0 and page.bodies):
                return _Page(page.bodies, more=True)
            page.bodies.append(body)
        return page


async def _reading(read: Callable[[], T]) -> T:
    """Read files away from the server's loop. Raises NotFound for a log that is not there, DataLoss for damage."""
    try:
        return await asyncio.to_thread(read)
    except NoSuchLog:
        raise NotFound from None
    except Damaged as fault:
        raise DataLoss("FILE_DAMAGED", f"A file cannot be read: {fault}. Run Verify.") from None


def _at_least(least: int, name: str, number: int) -> int:
    if number < least:
        text = f"{name} is {number}; it is at least {least}."
        raise Invalid("NUMBER_TOO_SMALL", text, {name: f"is less than {least}"})
    return number


def _sealed(sealed: Sealed | None) -> pb.SealedPieces | None:
    if sealed is None:
        return None
    return pb.SealedPieces(present=sealed.present, erased=sealed.erased, missing=sealed.missing)


def _finding(finding: Finding) -> pb.Finding:
    return pb.Finding(
        kind=finding.kind,
        origin=finding.origin,
        holder=finding.holder,
        position=finding.position,
        text=finding.text,
        contradicted_by=finding.contradicted_by,
        certain=finding.certain,
    )


def _compared(table: TableReport) -> pb.ComparedTable:
    return pb.ComparedTable(
        views=table.views,
        table=table.table,
        rows=table.rows,
        differing=table.differing,
        text=table.first or table.fault or table.unclear,
        verdict=_VERDICTS[table.verdict],
    )
