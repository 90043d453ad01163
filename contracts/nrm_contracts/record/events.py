"""Events that any agency's log may hold: handovers between two agencies, looks at data, erasures, refused reactions."""

from dataclasses import dataclass
from typing import Annotated

from nrm_contracts.catalogue import Audience, event
from nrm_contracts.fields import Code, Day, Origin, Ref


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class HandoverMinted:
    """This agency will name its person to that agency by this handover id, and to no other agency."""

    person_ref: Ref
    to: Origin
    handover_id: Ref


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class HandoverReceived:
    """The other side of a handover: the person behind the id has this reference here."""

    person_ref: Ref
    sender: Origin
    handover_id: Ref


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class DataAccessed:
    """Somebody looked: durable before the data left. ``subject`` is a reference of a person, or a query's name."""

    subject: str
    reader: Origin
    officer: str
    purpose: Annotated[str, Code("access_purpose")]
    basis: Annotated[str, Code("legal_basis")]
    classes: tuple[str, ...]
    rule: str


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class ErasureProposed:
    """An officer wants sealed data of these classes gone, on this ground; nothing is gone yet."""

    person_ref: Ref
    data_classes: tuple[Annotated[str, Code("data_class")], ...]
    ground: Annotated[str, Code("erasure_ground")]
    officer: str


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class PersonalDataErased:
    """The keys of these classes are destroyed: what was sealed under them before this entry is never read again.

    ``rule`` says why the data did not have to stay: ``retention``, the policy's term was over; ``retention_not_set``,
    the policy names none; ``court_order``. ``officer`` confirmed what another one proposed.
    """

    person_ref: Ref
    data_classes: tuple[Annotated[str, Code("data_class")], ...]
    ground: Annotated[str, Code("erasure_ground")]
    rule: str
    proposed_by: str
    officer: str


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class ErasureTold:
    """An agency that was shown what is erased now is told so, and owes the word that whatever it kept is gone too."""

    person_ref: Ref
    to: Origin
    handover_id: Ref
    erasure_id: Ref
    data_classes: tuple[Annotated[str, Code("data_class")], ...]


@event(version=1, audience=Audience.NOTICE, sensitivity=2)
@dataclass(frozen=True, slots=True)
class ErasureNotified:
    """What you were shown of these classes under this handover is erased at its owner: erase what you kept of it.

    ``erasure_id`` is fresh for each agency that is told; the answer says it again.
    """

    handover_id: Ref
    erasure_id: Ref
    data_classes: tuple[Annotated[str, Code("data_class")], ...]


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class ErasureNoted:
    """The other side: that agency erased what it had shown here of this person."""

    person_ref: Ref
    sender: Origin
    handover_id: Ref
    erasure_id: Ref
    data_classes: tuple[Annotated[str, Code("data_class")], ...]


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class CopiesErased:
    """An officer says that whatever was kept here of what was erased elsewhere is gone, or that nothing was kept."""

    person_ref: Ref
    erasure_id: Ref
    officer: str


@event(version=1, audience=Audience.NOTICE, sensitivity=2)
@dataclass(frozen=True, slots=True)
class CopiesErasedNotified:
    """The answer to :class:`ErasureNotified`: nothing of it is kept here any more."""

    handover_id: Ref
    erasure_id: Ref


@event(version=1, audience=Audience.OWN, sensitivity=2)
@dataclass(frozen=True, slots=True)
class CopiesErasedReceived:
    """An agency that was told of an erasure said that nothing of it is kept there any more."""

    person_ref: Ref
    sender: Origin
    erasure_id: Ref


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class DeadlineSet:
    """Something is due that agencies of every kind may owe. ``about`` is the erasure; ``owner`` is whose duty it is.

    ``due_on`` is absent where the policy sets no time: the task is open all the same.
    """

    person_ref: Ref
    kind: Annotated[str, Code("deadline_kind")]
    about: Ref
    anchor: str
    anchor_on: Day
    rule_id: str
    owner: Origin
    due_on: Day | None = None


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class DeadlineMet:
    """What was due is done, in time or late."""

    person_ref: Ref
    kind: Annotated[str, Code("deadline_kind")]
    about: Ref
    met_on: Day


@event(version=1, audience=Audience.OWN, sensitivity=1)
@dataclass(frozen=True, slots=True)
class ReactionRefused:
    """Another agency's notice asked for something that this agency's rules refuse; a person must look at it."""

    cause_origin: Origin
    cause_id: Ref
    reaction: str
    code: str
