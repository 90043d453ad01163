"""What other agencies' notices make this one do: the only door in beside gRPC."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from nrm_contracts.assistance.events import ContactFound, ContactLost
from nrm_contracts.identification.events import (
    ConsentNotified,
    RecordsMergedNotified,
    RecoveryNotified,
    StatusNotified,
    VictimReported,
)
from nrm_kernel.decider import At, Decision
from nrm_kernel.entry import Entry
from nrm_kernel.service import Ask, Asking, Reaction
from nrm_prosecution.domain.told import (
    NoteConsent,
    NoteContact,
    NoteMerge,
    NoteRecovery,
    NoteReport,
    NoteStatus,
    Teller,
    note_consent,
    note_contact,
    note_merge,
    note_recovery,
    note_report,
    note_status,
)
from nrm_prosecution.domain.victim import VICTIMS
