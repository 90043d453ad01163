"""The coordinator as a service: one national view, questions about it, and its own looks on record."""

from nrm_coordinator.facts import NATIONAL
from nrm_coordinator.rpc import Answers, Look
from nrm_kernel.clock import Clock
from nrm_kernel.hearing import Hears, nobody
from nrm_kernel.service import Service
from nrm_kernel.views import ViewReader


def build(views: ViewReader, look: Look, clock: Clock, hears: Hears = nobody) -> Service:
    """What to serve and what to run."""
    return Service(kind="coordinator", doors=[Answers(views, look, clock, hears).door()], national=[NATIONAL])
