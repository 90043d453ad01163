"""The outcome of a verification: verified, not verified, or cannot tell; as text and as JSON."""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

import orjson

from nrm_audit.findings import Finding, Findings
from nrm_audit.sealed import Sealed


class Verdict(StrEnum):
    """The three outcomes."""

    VERIFIED = "VERIFIED"
    NOT_VERIFIED = "NOT VERIFIED"
    CANNOT_TELL = "CANNOT TELL"


EXIT_CODES = {Verdict.VERIFIED: 0, Verdict.NOT_VERIFIED: 1, Verdict.CANNOT_TELL: 2}
EXIT_USAGE = 3
MARKS = {Verdict.VERIFIED: "ok", Verdict.NOT_VERIFIED: "XX", Verdict.CANNOT_TELL: "??"}


def verdict_on(findings: Sequence[Finding]) -> Verdict:
    """What these findings amount to."""
    if any(finding.certain for finding in findings):
        return Verdict.NOT_VERIFIED
    return Verdict.CANNOT_TELL if findings else Verdict.VERIFIED


@dataclass(frozen=True, slots=True)
class CopyReport:
    """What one holder has of one origin: entries hashed again, the largest signed size reached, and the root there."""

    origin: str
    holder: str
    entries: int
    checkpoints: int
    signed_size: int
    root: bytes
    sealed: Sealed | None = None  # in an agency's own store alone


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """Everything a verification came to."""

    copies: Sequence[CopyReport]
    findings: Findings
    caution: str = ""  # what a reader of this report must know about the question itself

    @property
    def verdict(self) -> Verdict:
        """The outcome over all copies."""
        return verdict_on(self.findings.kept)

    @property
    def exit_code(self) -> int:
        """0 verified, 1 not verified, 2 cannot tell."""
        return EXIT_CODES[self.verdict]

    def signed_size(self, origin: str) -> int:
        """The largest size of a log up to which some copy is what its agency signed."""
        return max((copy.signed_size for copy in self.copies if copy.origin == origin), default=0)

    def text(self) -> str:
        """For people: a line for each copy, its findings below it, the verdict last."""
        caution = [f"CAUTION: {self.caution}"] if self.caution else []
        return "\n".join((*self._lines(), *caution, self._last_line())) + "\n"

    def json(self) -> bytes:
        """For tools: one JSON object."""
        document = {
            "verdict": self.verdict,
            "exit_code": self.exit_code,
            "caution": self.caution,
            "copies": [
                asdict(copy) | {"root": b64encode(copy.root).decode(), "verdict": self._verdict(copy)}
                for copy in self.copies
            ],
            "findings": [asdict(finding) for finding in self.findings.kept],
            "further_findings": [
                {"kind": kind, "origin": origin, "holder": holder, "count": count}
                for kind, origin, holder, count in self.findings.unkept()
            ],
        }
        return orjson.dumps(document, option=orjson.OPT_INDENT_2)

    def _verdict(self, copy: CopyReport) -> Verdict:
        return verdict_on(self._findings_of(copy.origin, copy.holder))

    def _findings_of(self, origin: str, holder: str) -> list[Finding]:
        return [finding for finding in self.findings.kept if (finding.origin, finding.holder) == (origin, holder)]

    def _lines(self) -> Iterator[str]:
        places = {(copy.origin, copy.holder) for copy in self.copies}
        for copy in self.copies:
            yield f" {MARKS[self._verdict(copy)]}  {copy.origin}  {copy.holder}  {_extent(copy)}"
            yield from self._finding_lines(copy.origin, copy.holder)
        for origin, holder in dict.fromkeys((finding.origin, finding.holder) for finding in self.findings.kept):
            if (origin, holder) not in places:
                yield f" {MARKS[verdict_on(self._findings_of(origin, holder))]}  {origin}  {holder}".rstrip()
                yield from self._finding_lines(origin, holder)

    def _finding_lines(self, origin: str, holder: str) -> Iterator[str]:
        for finding in self._findings_of(origin, holder):
            where = "" if finding.position is None else f"position {finding.position}: "
            by = f"; contradicted by {finding.contradicted_by}" if finding.contradicted_by else ""
            yield f"     {finding.kind:<10}  {where}{finding.text}{by}"
        for kind, of_origin, of_holder, count in self.findings.unkept():
            if (of_origin, of_holder) == (origin, holder):
                yield f"     {kind:<10}  and {count:,} more"

    def _last_line(self) -> str:
        entries = sum(copy.entries for copy in self.copies)
        seen = f"{entries:,} entries in {len(self.copies)} copies"
        counted = sum(self.findings.counted.values())
        found = "1 finding" if counted == 1 else f"{counted:,} findings"
        match self.verdict:
            case Verdict.VERIFIED:
                return f"VERIFIED: {seen}, nothing altered, removed, reordered or added."
            case Verdict.NOT_VERIFIED:
                return f"NOT VERIFIED: {seen}, {found}. Change nothing in these files: they are evidence."
        return f"CANNOT TELL: {seen}, nothing altered, but not shown of all: {found}."


def _extent(copy: CopyReport) -> str:
    hashed = f"{copy.entries:,} entries hashed again, {copy.checkpoints:,} checkpoints"
    signed = f", root {b64encode(copy.root).decode()} signed at {copy.signed_size:,}" if copy.signed_size else ""
    return f"{hashed}{signed}{_sealed(copy.sealed)}"


def _sealed(sealed: Sealed | None) -> str:
    if sealed is None or sealed == Sealed():
        return ""
    return f", sealed: {sealed.present:,} present, {sealed.erased:,} erased, {sealed.missing:,} missing"
