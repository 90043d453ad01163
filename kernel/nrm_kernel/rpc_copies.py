"""The door for what is still owed to others: whatever was kept of their data, and erased there since, is to go."""

from dataclasses import dataclass

from nrm_contracts.vault.v1.vault_pb2 import (
    ErasureToConfirm,
    GetErasuresToConfirmRequest,
    GetErasuresToConfirmResponse,
)
from nrm_kernel.asked import reference
from nrm_kernel.copies import COPIES, ConfirmCopiesErased, Copies, Word, confirm_copies_erased
from nrm_kernel.decider import At, Streams
from nrm_kernel.errors import NotFound
from nrm_kernel.identity import Caller
from nrm_kernel.pieces import Files
from nrm_kernel.service import Read, Write


@dataclass(frozen=True)
class CopiesHere:
    """Looks up what this agency was told of erasures elsewhere."""

    files: Files

    def methods(self) -> tuple[Read, Write]:
        """A query and the command that answers what it finds."""
        return (
            Read("GetErasuresToConfirm", self.get_erasures_to_confirm),
            Write(ConfirmCopiesErased, confirm_copies_erased, self._streams),
        )

    async def get_erasures_to_confirm(
        self, request: GetErasuresToConfirmRequest, _caller: Caller
    ) -> GetErasuresToConfirmResponse:
        """See the contract."""
        person_ref = reference("person_ref", request.person_ref)
        if not (await self.files.person(person_ref)).entries:
            raise NotFound
        found = [one for record in await self._records(person_ref) for one in await self._owed(record)]
        return GetErasuresToConfirmResponse(erasures=found)

    async def _records(self, person_ref: str) -> list[str]:
        """All of this agency's references that it knows to be of one person."""
        sight = self.files.sight
        streams = await sight.keeping.streams(person_ref)
        others = [at.key for at in streams if at.fold.category == sight.person.category]
        return list(dict.fromkeys([person_ref, *others]))

    async def _owed(self, person_ref: str) -> list[ErasureToConfirm]:
        copies: Copies = COPIES.state(entry.event for entry in await self.files.store.stream(COPIES.stream(person_ref)))
        return [_shown(person_ref, erasure_id, word) for erasure_id, word in copies.open_here()]

    def _streams(self, command: ConfirmCopiesErased) -> Streams:
        return [At(self.files.sight.person, command.person_ref), At(COPIES, command.person_ref)]


def _shown(person_ref: str, erasure_id: str, word: Word) -> ErasureToConfirm:
    return ErasureToConfirm(
        person_ref=person_ref,
        erasure_id=erasure_id,
        sender=word.other,
        data_classes=word.data_classes,
        told_on=word.told_on.isoformat() if word.told_on else "",
        due_on=word.due_on.isoformat() if word.due_on else "",
    )
