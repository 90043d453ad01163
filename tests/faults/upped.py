"""`nrm up` as processes that are there to be killed; starting one costs a fork, for its zygote imported everything.

``python -m tests.faults.upped zygote`` forks a child for each job, see :mod:`tests.faults.driver`: ``folder`` holds the
configuration ``NAME.toml``, and what the process prints goes to ``NAME.out`` and ``NAME.err`` there.
"""

import os
import sys
from functools import partial

from tests.faults.driver import Job, zygote

import nrm.distributed
import nrm.http_status
import nrm_kernel.relay
from nrm import up
from nrm.cli import main
from nrm_kernel import failpoints
from nrm_kernel.adapters import postgres_access
from nrm_kernel.adapters.lease_postgres import PostgresLeases
from nrm_kernel.adapters.postgres_access import Patience

IMPORTED = (nrm.http_status, up)
"""What `nrm up` imports late."""


def sooner() -> None:
    """Here nobody is waited for as long as in earnest."""
    for module, name, value in (
        (nrm_kernel.relay, "HEARTBEAT_S", 1.0),
        (nrm.distributed, "PostgresLeases", partial(PostgresLeases, lease_s=3.0)),
        (postgres_access, "Patience", partial(Patience, idle_s=1.0)),
    ):
        setattr(module, name, value)
    os.environ["OTEL_BSP_SCHEDULE_DELAY"] = "200"


def do(job: Job) -> int:
    """Run it until it is stopped; gives the exit status."""
    for number, suffix in ((1, "out"), (2, "err")):
        file = os.open(job.place / f"{job.name}.{suffix}", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(file, number)
    failpoints.arm(job.failpoint)
    try:
        main(["up", "--config", str(job.place / f"{job.name}.toml")])
    except SystemExit as ended:
        return int(ended.code or 0)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


if __name__ == "__main__":
    sooner()
    zygote(do)
