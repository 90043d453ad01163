"""The door to the vault. A look is an entry of the own log, and durable, before anything leaves.

Who may see, and that there is anything, is told to nobody who may not: unknown and forbidden are the same NOT_FOUND,
after the same work.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from nrm_contracts import codes
from nrm_contracts.vault.v1 import vault_pb2
from nrm_contracts.vault.v1.vault_pb2 import OpenedData, OpenOwnRequest, OpenSealedRequest, PersonalData
from nrm_kernel import access
from nrm_kernel.access import AccessTable
from nrm_kernel.asked import reference
from nrm_kernel.decider import At
from nrm_kernel.errors import Forbidden, Invalid, NotFound, Refused
from nrm_kernel.identity import Caller
from nrm_kernel.looks import Looks, Permit
from nrm_kernel.pieces import Files, Piece
from nrm_kernel.rpc_copies import CopiesHere
from nrm_kernel.rpc_erasing import Erasing
from nrm_kernel.rpc_office import Office
from nrm_kernel.service import Door, Read
from nrm_kernel.store import Store
from nrm_kernel.vault import BlobMissing, Look, Sight

NOBODY = "0" * 32
"""Stands for the person behind an unknown handover, so that the way to NOT_FOUND is as long as any other."""


def vault_door(office: Office, store: Store, sight: Sight) -> Door:
    """The agency's vault as a door of its server."""
    desk = _Desk(office, store, sight, access.load("vault"), Files(store, sight))
    return Door(
        vault_pb2.DESCRIPTOR.services_by_name["VaultService"],
        (
            Read("OpenSealed", desk.open_sealed),
            Read("OpenOwn", desk.open_own),
            *Erasing(desk.files, office.vault, office.clock, desk.today).methods(),
            *CopiesHere(desk.files).methods(),
        ),
    )


@dataclass(frozen=True)
class _Desk:
    office: Office
    store: Store
    sight: Sight
    table: AccessTable
    files: Files

    def today(self) -> date:
        """The day that it is in the country."""
        return self.office.clock.now().astimezone(self.office.zone).date()

    async def open_sealed(self, request: OpenSealedRequest, caller: Caller) -> vault_pb2.OpenSealedResponse:
        """See the contract."""
        look = self._look(request, caller)
        handover = reference("handover_id", request.handover_id)
        person = (await self.store.people_behind((handover,), caller.agency)).get(handover, NOBODY)
        filed = await self.files.person(person)
        permit = Permit((At(self.sight.person, person),), lambda state: self.sight.may_open(state, look))
        try:
            rule = self.table.decide(caller, "OpenSealed", self.office.origin, look.data_class)
            permit.ground(self.sight.person.state([entry.event for entry in filed.entries]))
            if (caller.agency, handover) not in filed.handovers:  # an id that leaked to a third agency opens nothing
                raise NotFound
            pieces = await self._looked(handover, rule, look, filed.pieces, permit)
        except (Forbidden, Refused):
            raise NotFound from None
        opened, erased = await self._opened(pieces)
        return vault_pb2.OpenSealedResponse(opened=opened, erased_count=erased)

    async def open_own(self, request: OpenOwnRequest, caller: Caller) -> vault_pb2.OpenOwnResponse:
        """See the contract."""
        look = self._look(request, caller)
        person = reference("person_ref", request.person_ref)
        try:
            rule = self.table.decide(caller, "OpenOwn", self.office.origin, look.data_class)
        except Forbidden:
            raise NotFound from None
        pieces = await self._looked(person, rule, look, (await self.files.anybody(person)).pieces)
        opened, erased = await self._opened(pieces)
        return vault_pb2.OpenOwnResponse(opened=opened, erased_count=erased)

    def _look(self, request: OpenSealedRequest | OpenOwnRequest, caller: Caller) -> Look:
        for name, text in (("data_class", request.data_class), ("legal_basis", request.legal_basis)):
            try:
                codes.check(name, text)
            except codes.UnknownCode as unknown:
                why = str(unknown)
                raise Invalid("CODE_UNKNOWN", f"{name}: {why}", {name: why}) from None
        return Look(caller, request.data_class, request.legal_basis, self.today())

    async def _looked(
        self, subject: str, rule: str, look: Look, pieces: Sequence[Piece], permit: Permit | None = None
    ) -> list[Piece]:
        """The pieces of that class, after the look is on record. Raises NotFound where there never were any."""
        found = [piece for piece in pieces if piece.data_class == look.data_class]
        if not found:
            raise NotFound
        looks = Looks(self.office.appender, self.office.clock, self.office.origin)
        await looks.record(look.caller, subject, rule, look.legal_basis, (look.data_class,), permit)
        return found

    async def _opened(self, pieces: Sequence[Piece]) -> tuple[list[OpenedData], int]:
        """What can be read, and how much was erased.

        Refused with PERSONAL_DATA_ERASED where all of it was; DataLoss for a piece that is gone without an erasure.
        """
        shown = []
        for piece in pieces:
            content = None if piece.erased else await self.office.vault.open(piece.commitment)
            if content is not None:
                data = PersonalData.FromString(content.reveal())
                shown.append(OpenedData(data=data, position=piece.entry.position, recorded_at=piece.entry.recorded_at))
            elif not piece.erased:
                raise BlobMissing(str(piece.commitment["h"]))
        erased = [piece.erased for piece in pieces if piece.erased]
        if not shown:
            raise Refused(
                "PERSONAL_DATA_ERASED",
                f"Nothing of this class is left to show: it was erased on the ground {erased[-1].ground}. It cannot be "
                "brought back.",
                ground=erased[-1].ground,
            )
        return shown, len(erased)
