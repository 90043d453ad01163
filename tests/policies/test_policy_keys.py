"""Every key of a national policy is read by a service or the kernel; else it would promise what nobody holds."""

import ast
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from nrm_contracts.policy import NationalPolicy
from nrm_kernel.policy import PolicyHistory

ROOT = Path(__file__).parents[2]
BEHIND = {
    "recovery": {"recovery_min", "recovery_regions"},
    "stage_due": {"stages"},
    "due": {"deadlines"},
    "kept_until": {"retention"},
}
"""Methods of a policy, and the keys that they read."""
HEADER = {"country", "version", "hash", "valid_from", "instrument", "calendar", "sources"}
"""What a policy is, rather than what it says."""


def sources() -> Iterator[str]:
    """What decides by a policy; not what reads the file."""
    for folder in ("services", "kernel/nrm_kernel", "contracts/nrm_contracts"):
        for path in (ROOT / folder).rglob("*.py"):
            if not path.name.startswith("policy") and "_pb2" not in path.name:
                yield path.read_text(encoding="utf-8")


def read_of(source: str) -> set[str]:
    """What is asked of something called policy, by attribute."""
    asked = {
        node.attr
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute)
        and (getattr(node.value, "id", "") == "policy" or getattr(node.value, "attr", "") == "policy")
    }
    return asked.union(*(BEHIND.get(name, set()) for name in asked))


def test_every_key_of_a_policy_is_read(gb: PolicyHistory, kz: PolicyHistory) -> None:
    written = list(sources())
    keys = {field.name for field in fields(NationalPolicy)} - HEADER
    assert keys - set().union(*(read_of(source) for source in written if "policy." in source)) == set()
    kinds = {*gb.newest.deadlines, *kz.newest.deadlines}
    assert {kind for kind in kinds if not any(f'"{kind}"' in source for source in written)} == set()


@pytest.mark.parametrize(
    ("source", "keys"),
    [
        ("days = command.policy.status_term", {"status_term"}),
        ("term = policy.recovery(region)", {"recovery", "recovery_min", "recovery_regions"}),
        ("days = terms.status_term", set()),
    ],
)
def test_a_key_is_read_where_a_policy_is_asked_for_it(source: str, keys: set[str]) -> None:
    assert read_of(source) == keys
