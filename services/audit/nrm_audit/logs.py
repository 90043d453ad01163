"""One origin's log over all its copies: signatures, roots, extent, and whether the copies agree."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from nrm_audit.copies import Copy, Damaged, Nothing
from nrm_audit.findings import Finding, Findings, Kind
from nrm_audit.history import History, Known
from nrm_audit.report import CopyReport
from nrm_audit.sealed import VaultCheck
from nrm_audit.signatures import Note, believed
from nrm_audit.workers import Workers
from nrm_kernel.ledger import note as notes
from nrm_kernel.ledger.merkle import EMPTY_ROOT, Frontier
from nrm_kernel.ledger.note import Checkpoint, NoteInvalid
from nrm_kernel.ledger.trust import NotTrusted, Trusted

PIECE = 10
"""So many signatures take about as long as a stretch of entries."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A root that the agency signed, and who keeps the note."""

    root: bytes
    holder: str


@dataclass(slots=True)
class LogCheck:
    """One origin's log over all its copies."""

    origin: str
    copies: Sequence[Copy]
    trust: Trusted
    findings: Findings
    workers: Workers
    signed: dict[int, Signed] = field(default_factory=dict)
    kept: dict[str, set[int]] = field(default_factory=dict)  # holder -> sizes of the valid checkpoints it keeps itself
    believed: dict[str, Checkpoint] = field(default_factory=dict)  # notes whose signature was checked
    known: Known = field(default_factory=Known)
    histories: list[History] = field(default_factory=list)

    def run(self) -> list[CopyReport]:
        """Check the signatures first, then every copy against every signed root, then the copies against each other."""
        for copy in self.copies:
            self._read_checkpoints(copy)
        in_order = sorted((copy for copy in self.copies if not copy.signs_only), key=lambda copy: not copy.of_record)
        self.histories = [History(copy, self.known, self.findings).read(self.workers) for copy in in_order]
        roots = [self._check_roots(history) for history in self.histories]
        for history in self.histories:
            self._check_extent(history)
        self._check_witnesses()
        self._compare(roots)
        return [self._report(history, good) for history, good in zip(self.histories, roots, strict=True)]

    def _read_checkpoints(self, copy: Copy) -> None:
        kept = self.kept.setdefault(copy.holder, set())
        if self.origin not in self.trust.origins():
            self._found(Kind.SIG, copy, "the trust file does not name this log: nobody vouches for it", certain=False)
        try:
            kept_there = copy.source.checkpoints()
            self._believe_many(kept_there)
            for size, note in kept_there:
                checkpoint = self._believe(copy, size, note)
                if checkpoint is not None:
                    kept.add(size)
                    self._sign(copy, checkpoint)
        except Damaged as fault:
            self._found(Kind.UNREADABLE, copy, f"its checkpoints cannot be read: {fault}")

    def _believe_many(self, notes: Sequence[tuple[int, str]]) -> None:
        """Checkpoints of which nothing is wrong with the signature. The others are looked at one by one."""
        new: dict[str, Note] = {}
        for size, note in notes:
            if note not in self.believed:
                with suppress(NotTrusted):
                    new[note] = note, self.trust.verifier(self.origin, size)
        all_of_them = list(new.values())
        pieces = [all_of_them[at : at + PIECE] for at in range(0, len(all_of_them), PIECE)]
        for piece, checkpoints in self.workers.in_order(believed, pieces):
            self.believed |= {note: checkpoint for (note, _), checkpoint in zip(piece, checkpoints or (), strict=False)}

    def _believe(self, copy: Copy, size: int, note: str) -> Checkpoint | None:
        """The checkpoint, if the key that the trust file names for this size signed it."""
        checkpoint = self.believed.get(note)
        if checkpoint is None:
            try:
                checkpoint = notes.verify(note, self.trust.verifier(self.origin, size))
            except NoteInvalid as fault:
                self._found(Kind.SIG, copy, f"checkpoint {size}: {fault}", size)
                return None
            except NotTrusted as fault:
                if self.origin in self.trust.origins():
                    self._found(Kind.SIG, copy, f"checkpoint {size}: {fault}", size)
                return None
            self.believed[note] = checkpoint
        if checkpoint.size != size:
            self._found(Kind.SIG, copy, f"the checkpoint of size {checkpoint.size} is filed under {size}", size)
            return None
        return checkpoint

    def _sign(self, copy: Copy, checkpoint: Checkpoint) -> None:
        signed = self.signed.setdefault(checkpoint.size, Signed(checkpoint.root, copy.holder))
        if signed.root != checkpoint.root:
            text = f"the agency's key signed two histories of {checkpoint.size} entries"
            self._found(Kind.FORK, copy, text, checkpoint.size, contradicted_by=signed.holder)

    def _check_roots(self, history: History) -> int:
        """Compare with every signed root the copy reaches; the largest size up to which it is what was signed."""
        leaves, frontier, good, wrong = history.leaves, Frontier(), 0, 0
        for size in sorted(size for size in self.signed if size <= len(leaves)):
            frontier = frontier.extend(leaves[frontier.size : size])
            if frontier.root() == self.signed[size].root:
                good = size if not wrong else good
            else:
                wrong = wrong or size
        if wrong:
            text = f"something in positions {good} to {wrong - 1} is not what the agency signed at {wrong}"
            history.found(Kind.ROOT, text, good, self._other(history.copy, self.signed[wrong].holder))
        if history.unbroken:
            self._check_head(history, frontier.extend(leaves[frontier.size :]))
        return good

    def _check_extent(self, history: History) -> None:
        """Everything signed for must be there, and everything there should be signed for."""
        copy, size = history.copy, history.size
        largest = max(self.signed, default=0)
        if max(size, largest) < copy.stated_size:
            self._found(Kind.MISSING, copy, f"its manifest counts {copy.stated_size} entries", size)
        elif size < largest:
            text = f"entries {size} to {largest - 1} are signed for, but not here"
            by = self._other(copy, self.signed[largest].holder)
            certain = copy.of_record or size < self._owed(copy)
            self._found(Kind.MISSING, copy, text, size, contradicted_by=by, certain=certain)
        elif all(isinstance(each.source, Nothing) for each in self.copies):
            self._found(Kind.MISSING, copy, "no copy given here has any of this log", certain=False)
        elif size > largest:
            text = f"{size - largest:,} entries are not covered by a signed checkpoint"
            self._found(Kind.BEYOND, copy, text, largest, certain=False)

    def _check_witnesses(self) -> None:
        """What an agency keeps outside its database must be there once anything was signed."""
        for copy in self.copies:
            if copy.signs_only and isinstance(copy.source, Nothing) and not copy.source.checkpoints() and self.signed:
                text = "the checkpoint that is kept outside the database is gone: a store put back to an older copy "
                self._found(Kind.MISSING, copy, f"{text}would not show", certain=False)

    def _owed(self, copy: Copy) -> int:
        """How many entries a copy that may lag behind the store must have even so."""
        relayed = 0 if copy.stated_size else max(each.handed_over for each in self.copies)
        return max(copy.stated_size, relayed, *self.kept[copy.holder])

    def _check_head(self, history: History, frontier: Frontier) -> None:
        """What a store continues from must be what its entries come to."""
        try:
            stored = history.copy.source.head()
            head = frontier if stored is None else Frontier.from_bytes(stored)
        except (Damaged, ValueError) as fault:
            self._found(Kind.UNREADABLE, history.copy, f"its head row: {fault}")
            return
        if head.size > frontier.size:
            history.found(Kind.MISSING, f"its head row counts {head.size} entries", frontier.size)
        elif head != frontier:
            history.found(Kind.ROOT, "its head row does not fit its entries", None)

    def _compare(self, roots: Sequence[int]) -> None:
        """Name the first entry in which a copy differs from the one that reaches the largest signed root."""
        reach = {number: (roots[number], history.size) for number, history in enumerate(self.histories)}
        right = self.histories[max(reach, key=reach.__getitem__)] if reach else None
        for history in self.histories:
            position = _first_difference(history.leaves, right.leaves) if right else None
            if right and position is not None:
                text = f"this entry is another one in {right.copy.holder}"
                history.found(Kind.FORK, text, position, right.copy.holder)

    def _report(self, history: History, good: int) -> CopyReport:
        holder = history.copy.holder
        root = self.signed[good].root if good else EMPTY_ROOT
        vault = history.copy.vault
        check = VaultCheck(history.copy, vault, self.findings) if vault else None
        sealed = check.run(history.seals, history.erases) if check else None
        return CopyReport(self.origin, holder, history.entries, len(self.kept[holder]), good, root, sealed)

    def _other(self, copy: Copy, holder: str) -> str:
        return "" if holder == copy.holder else holder

    def _found(
        self,
        kind: Kind,
        copy: Copy,
        text: str,
        position: int | None = None,
        *,
        contradicted_by: str = "",
        certain: bool = True,
    ) -> None:
        self.findings.add(Finding(kind, self.origin, copy.holder, text, position, contradicted_by, certain))


def _first_difference(leaves: Sequence[bytes], others: Sequence[bytes]) -> int | None:
    shorter = min(len(leaves), len(others))
    if leaves[:shorter] == others[:shorter]:
        return None
    return next(position for position in range(shorter) if leaves[position] != others[position])
