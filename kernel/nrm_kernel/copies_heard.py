"""What every agency that seals data does on hearing of an erasure elsewhere, and on hearing an answer to its own."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from nrm_contracts.record.events import CopiesErasedNotified, ErasureNotified
from nrm_kernel.copies import COPIES, NoteCopiesErased, NoteErasure, note_copies_erased, note_erasure
from nrm_kernel.decider import At
from nrm_kernel.entry import Entry
from nrm_kernel.service import Ask, Asking, Reaction, Service, known_person


async def on_erasure_notified(notice: ErasureNotified, entry: Entry, asking: Asking) -> Sequence[Ask]:
    """A duty of this agency's own."""
    command = NoteErasure(
        person_ref=await known_person(notice.handover_id, asking),
        sender=entry.origin,
        handover_id=notice.handover_id,
        erasure_id=notice.erasure_id,
        data_classes=notice.data_classes,
        today=asking.now.date(),
        agency=asking.agency,
        policy=asking.policy,
    )
    return [Ask(command, note_erasure, [At(COPIES, command.person_ref)])]


async def on_copies_erased_notified(notice: CopiesErasedNotified, entry: Entry, asking: Asking) -> Sequence[Ask]:
    """The other agency's duty ends here too."""
    command = NoteCopiesErased(
        person_ref=await known_person(notice.handover_id, asking),
        sender=entry.origin,
        handover_id=notice.handover_id,
        erasure_id=notice.erasure_id,
        occurred_on=date.fromisoformat(entry.occurred_at[:10]),
    )
    return [Ask(command, note_copies_erased, [At(COPIES, command.person_ref)])]


REACTIONS = (
    Reaction("erasure-notified", ErasureNotified, on_erasure_notified),
    Reaction("copies-erased-notified", CopiesErasedNotified, on_copies_erased_notified),
)


def with_vault(service: Service) -> Service:
    """The same service, hearing of erasures if it seals data: whoever opens others' data does."""
    return replace(service, reactions=[*service.reactions, *REACTIONS]) if service.sight else service
