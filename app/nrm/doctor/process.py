"""What `nrm doctor` finds in a process that runs: what it says of itself over HTTP."""

import json
from collections.abc import Iterator, Mapping
from http.client import HTTPException
from typing import Any, Final
from urllib.error import HTTPError
from urllib.request import urlopen

from prometheus_client.parser import text_string_to_metric_families

from nrm.doctor.findings import Finding, State

TIMEOUT_S = 20.0
"""It looks at its servers before it answers, and waits for one that is away."""

WORRIES: Final = {
    "nrm_alarms": (0, "Run nrm audit verify, and call the auditor. Restart nothing before."),
    "nrm_parked_entries": (0, "Look at them: nrm admin parked list, with --reader and the name of that agency."),
    "nrm_lag_seconds": (300, "See its log lines since: they say what it waits for."),
    "nrm_checkpoint_age_seconds": (120, "Ask that agency whether its service runs and reaches Kafka."),
    "nrm_kafka_away": (0, "See whether Kafka runs. What is recorded is published when it is back."),
    "nrm_store_away": (0, "See whether the database server runs."),
}
"""Figures of a running process, above what they are to be looked into, and how."""

HALTED: Final = (
    "Its log contradicts what was signed. Run nrm audit verify, with Kafka too, and call the auditor. Where the store "
    "is right, nrm admin topics refill makes the topic anew; then start the process again."
)
NOT_SERVING: Final = {
    "opening": (
        "has not opened its agencies yet, so it takes no commands",
        "Its log says which server it waits for (waits_for_server); bring that one back.",
    ),
    "draining": ("is about to end and takes no commands", "Start it again, if nobody meant to end it."),
}


def of_process(address: str) -> Iterator[Finding]:
    """What the process of this configuration says of itself, if it runs here."""
    if not address:
        text = "no address of it is configured, so lag, alarms and parked records are out of sight"
        yield Finding("process", State.UNSEEN, text, 'Give its configuration one, such as http = "127.0.0.1:9464".')
        return
    subject, host = f"process at {address}", address.replace("0.0.0.0", "127.0.0.1")
    try:
        ready, figures = _ready(host), _figures(host)
        found = [*_not_serving(subject, ready), *_halted(subject, ready), *_worrying(subject, figures)]
    except (OSError, HTTPException) as fault:
        action = "Start it with nrm up, or look where it runs."
        yield Finding(subject, State.UNSEEN, f"does not answer ({getattr(fault, 'reason', fault)})", action)
    except (ValueError, LookupError, TypeError, AttributeError):  # whatever a stranger may say
        action = "See who listens there, and name the address of nrm up."
        yield Finding(subject, State.UNSEEN, "answers, but not as nrm up does", action)
    else:
        yield from found or [Finding(subject, State.OK, "serves, without alarms or lag")]


def _not_serving(subject: str, ready: Mapping[str, Any]) -> Iterator[Finding]:
    if "agencies" not in ready:
        text, action = NOT_SERVING[ready["state"]]
        yield Finding(subject, State.ACT, text, action)


def _halted(subject: str, ready: Mapping[str, Any]) -> Iterator[Finding]:
    """Agencies of that process that record nothing any more, with why."""
    for origin, state in ready.get("agencies", {}).items():
        if state == "halted":
            reasons = ", ".join(ready["reasons"].get(origin, ())) or "an alarm"
            yield Finding(subject, State.ACT, f"{origin} has halted and records nothing any more ({reasons})", HALTED)


def _ready(host: str) -> Mapping[str, Any]:
    try:
        with urlopen(f"http://{host}/readyz", timeout=TIMEOUT_S) as answer:
            said: Mapping[str, Any] = json.load(answer)
    except HTTPError as not_ready:
        with not_ready:
            said = json.load(not_ready)
    return said


def _figures(host: str) -> str:
    with urlopen(f"http://{host}/metrics", timeout=TIMEOUT_S) as answer:
        text: str = answer.read().decode()
    return text


def _worrying(subject: str, text: str) -> Iterator[Finding]:
    for family in text_string_to_metric_families(text):
        most, action = WORRIES.get(family.name, (float("inf"), ""))
        for sample in family.samples:
            if sample.value > most:
                told = f"{family.name} is {sample.value:g} for {' '.join(sample.labels.values())}"
                yield Finding(subject, State.ACT, told, action)
