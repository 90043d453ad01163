"""Named places where a process can be made to die, so that tests can show what survives.

``NRM_FAILPOINT=relay.after_sign`` kills the process with SIGKILL when it gets there; ``=relay.after_sign:3`` the third
time; ``=relay.after_sign:3:STOP`` only stops it, until somebody lets it go on. Nothing else reads the variable, and
without it a failpoint costs one comparison.
"""

import os
import signal
from collections.abc import Callable

NAMES = (
    "append.before_commit",
    "append.after_commit",
    "store.in_commit",
    "relay.after_read",
    "relay.after_sign",
    "relay.after_publish",
    "react.before_submit",
    "react.after_submit",
    "project.before_commit",
    "project.after_commit",
    "project.before_replace",
    "access.after_commit",
)


class _Armed:
    """The one failpoint that is armed, and how many more times it lets pass."""

    def __init__(self, setting: str, strike: Callable[[], None] | None = None) -> None:
        self.name, times, sent = setting.split(":") + ["1", "KILL"][setting.count(":") :]
        assert self.name in NAMES, f"NRM_FAILPOINT={setting}: there is no such failpoint; there are {', '.join(NAMES)}"
        self._left = int(times)
        self._sent = signal.Signals[f"SIG{sent}"]
        self._strike = strike or self._send

    def reached(self) -> None:
        self._left -= 1
        if self._left == 0:
            self._strike()

    def _send(self) -> None:
        os.kill(os.getpid(), self._sent)


_setting = os.environ.get("NRM_FAILPOINT", "")


class _Now:
    armed = _Armed(_setting) if _setting else None


_now = _Now()


def arm(setting: str, strike: Callable[[], None] | None = None) -> None:
    """Arm a failpoint in this process, with something milder than death if need be; an empty setting disarms."""
    _now.armed = _Armed(setting, strike) if setting else None


def failpoint(name: str) -> None:
    """A place where the process may die."""
    if _now.armed is not None and _now.armed.name == name:
        _now.armed.reached()
