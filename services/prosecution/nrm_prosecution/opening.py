"""Another agency never looks into a prosecutor's vault: what a prosecution needs to share, a court orders."""

from nrm_kernel.errors import Refused
from nrm_kernel.vault import Look, Sight
from nrm_prosecution.domain.victim import VICTIMS, Victim


def may_open(_victim: Victim, _look: Look) -> str:
    """Refuses always, with NO_LIVE_BASIS."""
    raise Refused("NO_LIVE_BASIS", "A prosecutor's file is opened to no other agency.")


SIGHT = Sight(VICTIMS, may_open)
