"""The door to erasure: what must be looked up before the rules of :mod:`nrm_kernel.erasing` can decide.

Whatever is recorded in the person's stream between the look and the decision makes the command stale, so that no key
is left out; and the erasure makes stale whatever is about to be sealed under a key that it takes away.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from nrm_contracts.record.events import ErasureProposed
from nrm_kernel.clock import Clock
from nrm_kernel.copies import COPIES
from nrm_kernel.decider import At, Streams
from nrm_kernel.erasing import PROPOSALS, ConfirmErasure, Held, ProposeErasure, confirm_erasure, propose_erasure
from nrm_kernel.errors import NotFound
from nrm_kernel.pieces import Filed, Files
from nrm_kernel.service import Beside, Write
from nrm_kernel.showings import showings
from nrm_kernel.vault import Vault


@dataclass(frozen=True)
class Erasing:
    """Looks up what is held of somebody, who was shown it, and what takes its keys away; ``today`` is the country's."""

    files: Files
    vault: Vault
    clock: Clock
    today: Callable[[], date]

    def methods(self) -> tuple[Write, Write]:
        """The two commands of the vault's door."""
        return (
            Write(ProposeErasure, propose_erasure, _proposals, beside=self._held),
            Write(ConfirmErasure, confirm_erasure, _and_copies, beside=self._with_keys),
        )

    async def _held(self, command: ProposeErasure | ConfirmErasure) -> Beside[Held]:
        return await self._of(command, await self._filed(command.person_ref))

    async def _filed(self, person_ref: str) -> Filed:
        """Raises NotFound for somebody of whom nothing was ever sealed here."""
        filed = await self.files.anybody(person_ref)
        if not filed.pieces:
            raise NotFound
        return filed

    async def _of(self, command: ProposeErasure | ConfirmErasure, filed: Filed) -> Beside[Held]:
        keeping = self.files.sight.keeping
        streams = await keeping.streams(command.person_ref)
        held = Held(
            data_classes=frozenset(piece.data_class for piece in filed.pieces if piece.erased is None),
            last_entry_on=date.fromisoformat((await self.files.last_recorded_at(streams))[:10]),
            today=self.today(),
            kept=keeping.kept,
            proposed=await self.files.proposed(command.person_ref, filed),
        )
        return Beside(held, streams)

    async def _with_keys(self, command: ConfirmErasure) -> Beside[Held]:
        filed = await self._filed(command.person_ref)
        beside = await self._of(command, filed)
        proposed = beside.found.proposed
        classes = proposed.data_classes if proposed else ()
        shown = await showings(self.files.store, filed, classes, self.clock.now().date())
        return Beside(
            replace(beside.found, showings=shown),
            [*beside.streams, *shown.streams],
            await self.vault.erasing(command.person_ref, classes),
        )


def _and_copies(command: ConfirmErasure) -> Streams:
    return [*_proposals(command), At(COPIES, command.person_ref)]


def _proposals(command: ProposeErasure | ConfirmErasure) -> list[At[ErasureProposed | None, ErasureProposed]]:
    return [At(PROPOSALS, command.person_ref)]
