"""Which records of an agency are one person: each that was merged with one of them, however often."""

from collections.abc import Callable, Iterable, Mapping

from nrm_kernel.decider import Fold, S
from nrm_kernel.service import Lookup


async def same_person(
    lookup: Lookup, fold: Fold[S, object], ref: str, merged: Callable[[S], Iterable[str]]
) -> Mapping[str, S]:
    """The states of all records of one person by reference, this one first; ``merged`` names the next ones of each."""
    found: dict[str, S] = {}
    waiting = [ref]
    while waiting:
        if (one := waiting.pop()) not in found:
            found[one], _version = await lookup.state(fold, one)
            waiting += sorted(merged(found[one]))
    return found
