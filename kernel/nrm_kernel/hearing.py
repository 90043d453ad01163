"""Which agencies are heard: their signed heartbeats, read by somebody who notices when one is missing.

An agency that has nothing to record beats on; one that is cut off, or does not run, falls silent.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from structlog.typing import FilteringBoundLogger

from nrm_kernel.clock import Clock
from nrm_kernel.errors import Unavailable
from nrm_kernel.ledger.note import Heartbeat, NoteInvalid, stated_heartbeat, verify_heartbeat
from nrm_kernel.ledger.trust import NotTrusted, Trusted
from nrm_kernel.log import SharedLog
from nrm_kernel.relay import HEARTBEAT_S
from nrm_kernel.views import Completeness

LISTEN_S = HEARTBEAT_S / 2
SILENT_AFTER_S = 3 * HEARTBEAT_S
SILENT = "AGENCY_SILENT"


@dataclass(frozen=True, slots=True)
class Heard:
    """When an agency was heard last, by the listener's clock; ``silent_since`` while that is too long ago."""

    at: datetime | None = None
    silent_since: datetime | None = None


Hears = Callable[[], Mapping[str, Heard]]
"""What is known of every agency that was listened to, by origin."""


def nobody() -> Mapping[str, Heard]:
    """Who does not listen knows of nobody."""
    return {}


@dataclass(slots=True)
class _Ear:
    """One agency's beats so far; ``floor`` is a size that a beat which is new at the next look cannot be below."""

    since: datetime
    note: str = ""
    beat: Heartbeat | None = None
    at: datetime | None = None
    fault: str = ""
    seen: int = 0
    floor: int = 0
    told: str = ""


class Hearing:
    """Listens to every other agency of the trust file; ``reached`` says how far each log was read and verified."""

    def __init__(
        self,
        log: SharedLog,
        trust: Trusted,
        listener: str,
        reached: Callable[[], Awaitable[Completeness]],
        clock: Clock,
        lines: FilteringBoundLogger,
        silent_after_s: float = SILENT_AFTER_S,
    ) -> None:
        self._log = log
        self._trust = trust
        self._listener = listener
        self._reached = reached
        self._clock = clock
        self._lines = lines
        self._silent_after = timedelta(seconds=silent_after_s)
        self._ears = {origin: _Ear(clock.now()) for origin in trust.origins() if origin != listener}

    async def run(self) -> None:
        """Listen for ever. While the log is away nobody is heard, and after a while everybody is silent from here."""
        while True:
            try:
                await self.listen()
            except Unavailable:
                self._tell_all()
            await self._clock.sleep(LISTEN_S)

    async def listen(self) -> None:
        """Look once at every agency's newest heartbeat. Raises Unavailable."""
        reached = (await self._reached()).sizes
        for origin in self._trust.origins():
            if origin != self._listener:
                ear = self._ears.setdefault(origin, _Ear(self._clock.now()))
                note = await self._log.last_beat(origin)
                if note is not None and note != ear.note:
                    self._hear(origin, ear, note)
                # One look more is left between: a beat may have been on its way when a checkpoint overtook it.
                ear.floor, ear.seen = ear.seen, reached.get(origin, 0)
        self._tell_all()

    def everybody(self) -> Mapping[str, Heard]:
        """What is known now of every agency, the listener's own left out."""
        return {origin: self._heard(ear) for origin, ear in self._ears.items()}

    def _heard(self, ear: _Ear) -> Heard:
        last = ear.at or ear.since
        return Heard(ear.at, last if self._clock.now() - last > self._silent_after else None)

    def _hear(self, origin: str, ear: _Ear, note: str) -> None:
        is_first, ear.note = not ear.note, note
        try:
            beat = self._believed(origin, ear, note)
        except (NoteInvalid, NotTrusted) as fault:
            ear.fault = fault.reason
            return
        now = self._clock.now()
        ear.beat, ear.fault = beat, ""
        ear.at = min(now, beat.at) if is_first else now  # what lay there already may be old

    def _believed(self, origin: str, ear: _Ear, note: str) -> Heartbeat:
        """The heartbeat, if it was signed by its agency and says less of its log than was seen of it nowhere."""
        beat = verify_heartbeat(note, self._trust.verifier(origin, stated_heartbeat(note).size))
        if ear.beat is not None and beat.at <= ear.beat.at:
            raise NoteInvalid("HEARTBEAT_OLD", f"{origin}: a heartbeat from before the last one")
        if beat.size < max(ear.floor, ear.beat.size if ear.beat else 0):
            raise NoteInvalid("HEARTBEAT_BELOW_CHECKPOINT", f"{origin}: a heartbeat below what was signed before it")
        return beat

    def _tell_all(self) -> None:
        for origin, ear in self._ears.items():
            state = ear.fault or (SILENT if self._heard(ear).silent_since else "")
            if state == ear.told:
                continue
            ear.told = state
            if state:
                self._lines.warning("agency_not_heard", origin=origin, reason=state)
            else:
                self._lines.info("agency_heard", origin=origin)
