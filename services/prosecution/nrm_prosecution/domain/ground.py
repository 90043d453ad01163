"""Nothing about a victim may rest on a consent that was taken back; the law's own duties go on (CoE 197 art. 11)."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Annotated, Concatenate, ParamSpec, Protocol, TypeVar

from nrm_contracts.fields import Code
from nrm_kernel.decider import Decision
from nrm_kernel.errors import Refused
from nrm_prosecution.domain.victim import Victim

LegalBasis = Annotated[str, Code("legal_basis")]
"""Filled in from the request; empty when it names none."""

CONSENT = "consent"


class Grounded(Protocol):
    """A command about a victim, and the ground in law that it names."""

    @property
    def legal_basis(self) -> str: ...

    @property
    def occurred_on(self) -> date: ...


C = TypeVar("C", bound=Grounded)
P = ParamSpec("P")


def on_live_ground(
    decide: Callable[Concatenate[C, Victim, P], Decision],
) -> Callable[Concatenate[C, Victim, P], Decision]:
    """The rule, and before it: refused when the command names a consent that was taken back by that day."""

    @wraps(decide)
    def decided(command: C, victim: Victim, /, *args: P.args, **kwargs: P.kwargs) -> Decision:
        if command.legal_basis == CONSENT and not victim.consents(command.occurred_on):
            raise Refused(
                "CONSENT_REVOKED",
                f"Nothing was recorded: the person took back the consent from {victim.revoked_on} on, and the command "
                "rests on it. Ask the person anew, or name the duty by law that it rests on.",
                revoked_on=str(victim.revoked_on),
            )
        return decide(command, victim, *args, **kwargs)

    return decided
