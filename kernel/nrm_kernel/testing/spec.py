"""Given these events, when this command, then these events: rules told as sentences. No I/O, no clock, no mocks."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from nrm_kernel.decider import Decision, Fold, In, Notice
from nrm_kernel.errors import Refused


@dataclass(frozen=True)
class Spec:
    """The rules under test: the fold of the command's own stream, and how it decides."""

    fold: Fold[Any, Any]
    decide: Callable[..., Decision]
    past: tuple[object, ...] = ()
    others: tuple[object, ...] = ()

    def given(self, *events: object) -> "Spec":
        """What happened in the command's own stream before."""
        return replace(self, past=self.past + events)

    def also(self, fold: Fold[Any, Any], *events: object) -> "Spec":
        """What happened in another stream that the command reads; in the order in which it reads them."""
        return replace(self, others=(*self.others, fold.state(events)))

    def when(self, command: object) -> "Decided":
        """Lets the rules decide."""
        try:
            outcome = list(self.decide(command, self.fold.state(self.past), *self.others))
        except Refused as refusal:
            return Decided((), refusal)
        return Decided(tuple(outcome), None)

    @property
    def state(self) -> object:
        """The state that the given events make up."""
        return self.fold.state(self.past)


@dataclass(frozen=True)
class Decided:
    """What came of it."""

    outcome: Decision
    refusal: Refused | None

    def then(self, *expected: object) -> None:
        """Exactly these, in this order: events, :class:`In` and :class:`Notice`."""
        assert self.refusal is None, f"refused: {self.refusal.reason}: {self.refusal.text}"
        assert tuple(self.outcome) == expected

    def then_refused(self, reason: str) -> None:
        """Refused, with this reason, and nothing happened."""
        assert self.refusal is not None, f"not refused: {self.outcome}"
        assert self.refusal.reason == reason, f"refused with {self.refusal.reason}: {self.refusal.text}"

    @property
    def events(self) -> tuple[object, ...]:
        """The events of the command's own stream alone."""
        assert self.refusal is None, f"refused: {self.refusal.reason}: {self.refusal.text}"
        return tuple(one for one in self.outcome if not isinstance(one, In | Notice))

    @property
    def notices(self) -> tuple[Notice, ...]:
        """The notices alone."""
        assert self.refusal is None, f"refused: {self.refusal.reason}: {self.refusal.text}"
        return tuple(one for one in self.outcome if isinstance(one, Notice))
