"""What one record of a person knows counts in the other as long as the two are one, and no longer.

Nobody is treated as an adult, decided against or left without review for what stands in the other record. Whoever helps
the person by the one has to know what endangers them by the other (Palermo Protocol art. 6.5); nothing is told to whom
the person does not let hear of them by that very record.
"""

from collections.abc import Iterator
from datetime import date
from functools import reduce

from nrm_contracts.identification.deadline_events import DeadlineLifted
from nrm_contracts.identification.joined_events import OtherContactLossReceived, OtherVictimChargeReceived
from nrm_identification.domain.child import presumed
from nrm_identification.domain.command import AboutPerson
from nrm_identification.domain.hearing import fast_track, review, search
from nrm_identification.domain.lasting import learned, taken_back
from nrm_identification.domain.state.childhood import Childhood
from nrm_identification.domain.state.deadlines import LOST, NON_PUNISHMENT, lifted
from nrm_identification.domain.state.person import Person, is_of
from nrm_identification.domain.state.safety import Safety, evolve, in_another
from nrm_identification.domain.telling import caring, tell
from nrm_kernel.decider import Notice


def carried_over(command: AboutPerson, kept: Person, absorbed: Person) -> Iterator[object]:
    """That the person may be a child, is missing or was charged with an offence; and what is due for it."""
    if _doubtful(kept.childhood, absorbed.childhood):
        yield from presumed(command, kept, "age_not_known")
    if absorbed.missing is not None and kept.missing is None:
        lost = OtherContactLossReceived(
            command.person_ref, absorbed.missing.sender, absorbed.missing.lost_on, told_for=absorbed.person_ref
        )
        yield lost
        yield search(command, lost)
    if absorbed.charge is not None and kept.charge is None:
        charge = OtherVictimChargeReceived(
            command.person_ref, absorbed.charge.sender, absorbed.charge.charged_on, told_for=absorbed.person_ref
        )
        yield charge
        if (NON_PUNISHMENT, absorbed.person_ref) in absorbed.owed:
            yield review(command, charge)
        yield from fast_track(command, kept, charge.charged_on)


def _doubtful(known: Childhood, other: Childhood) -> bool:
    """An adult here, by the other record perhaps a child; an assessment counts for more than what nobody assessed."""
    return not known.is_child and other.is_child and (other.assessed or not known.assessed)


def owed_no_more(command: AboutPerson, kept: Person, absorbed_ref: str) -> Iterator[DeadlineLifted]:
    """What was due for what the other record knew. An age once in doubt stays so until it is assessed."""
    owed = {LOST: kept.missing, NON_PUNISHMENT: kept.charge}
    kinds = [kind for kind, fact in owed.items() if is_of(absorbed_ref, fact)]
    yield from lifted(kept.deadlines, command.occurred_on, command.person_ref, *kinds)


def told_as_joined(agency: str, on: date, one: Person, other: Person) -> Iterator[object]:
    """What was told of the other record counts here, as long as the two are one person's."""
    facts = [in_another(fact, one.person_ref, other.person_ref) for fact in other.safety.own(on)]
    yield from facts
    known = reduce(evolve, facts, one.safety)
    for form in learned(one.safety, known, on):
        yield from tell(one, caring(one, agency, on), form)


def told_as_parted(agency: str, on: date, before: Safety, one: Person) -> Iterator[Notice]:
    """What had been told of the other record alone was never this person's; ``before``: what was known until now."""
    for form in taken_back(before, one.safety, on):
        yield from tell(one, caring(one, agency, on), form)
