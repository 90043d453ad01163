"""The audit reader as a service: it reads what holders have, and its looks are on record. It commands nothing."""

from collections.abc import Sequence
from pathlib import Path

from nrm_audit.rpc import Answers, Look
from nrm_audit.shown import Shows
from nrm_kernel.ledger.trust import Trusted
from nrm_kernel.service import Service


def build(paths: Sequence[Path], trust: Trusted, views: Sequence[Shows], look: Look) -> Service:
    """What to serve: `paths` hold the logs' copies, `views` are all that is shown and can be compared with them."""
    return Service(kind="audit", doors=[Answers(paths, trust, views, look).door()])
