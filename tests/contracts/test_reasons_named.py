"""Every reason for which the rules may refuse a command is named in the comment of its method, or of its service.

An integrator learns from the comments alone what a command may be refused for. The reasons are read out of the rules:
whatever stands as one in a function that the command's ``decide`` can come to.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import get_type_hints

import pytest

import nrm_assistance.rpc
import nrm_funding.rpc
import nrm_identification.commands
import nrm_prosecution.rpc_commands
from nrm_contracts.codes import code_list
from nrm_kernel.service import Write

CONTRACTS = Path(__file__).parents[2] / "contracts" / "nrm_contracts"
COMMANDS = {
    "assistance": nrm_assistance.rpc.WRITES,
    "funding": nrm_funding.rpc.WRITES,
    "identification": nrm_identification.commands.COMMANDS,
    "prosecution": nrm_prosecution.rpc_commands.COMMANDS,
}
NO_LITERALS = {"FAILED_PRECONDITION", *(f"UNIT_{code.upper()}" for code in code_list("unit_rejection_reason"))}
"""What comments name beside the reasons that stand in rules: a status, and reasons that a rule makes of a code."""
REASON = re.compile(r"\b[A-Z]{2,}(?:_[A-Z0-9]+)+\b")
ALSO = re.compile(r"reasons of ((?:[A-Z]\w+(?:, | and )?)+)")
"""Where a comment says that a method has the reasons of others too."""

FRESH = {"PERSON_KNOWN", "INCIDENT_KNOWN"}
"""What nobody is ever told: the reference of somebody or something new is drawn, and no caller's to choose."""

RPC = re.compile(r"((?:^ *//.*\n)*)^ *(?:rpc|service) (\w+)", re.MULTILINE)


def named(text: str) -> dict[str, set[str]]:
    """The reasons in the comment of each method, and of the service itself, of a .proto file."""
    comments = {name: comment.replace("//", "") for comment, name in RPC.findall(text)}
    own = {name: set(REASON.findall(comment)) for name, comment in comments.items()}
    others = {name: re.findall(r"\w{4,}", " ".join(ALSO.findall(comments[name]))) for name in own}
    return {name: own[name].union(*(own[other] for other in others[name])) for name in own}


def reasons(decide: FunctionType) -> set[str]:
    """Every reason in the functions of the domain that this one can come to."""
    ahead, seen, found = [decide], {decide}, set[str]()
    while ahead:
        function = ahead.pop()
        names, constants = parts(function.__code__)
        found |= {one for one in constants if REASON.fullmatch(one)}
        for other in called(function, names):
            if other not in seen:
                seen.add(other)
                ahead.append(other)
    return found


def parts(code: CodeType) -> tuple[set[str], set[str]]:
    """The names and the texts in a function, and in those inside it."""
    names, texts = set(code.co_names), {one for one in code.co_consts if isinstance(one, str)}
    for inner in (one for one in code.co_consts if isinstance(one, CodeType)):
        more_names, more_texts = parts(inner)
        names, texts = names | more_names, texts | more_texts
    return names, texts


def called(function: FunctionType, names: set[str]) -> Iterator[FunctionType]:
    """The functions of domains that it names or wraps, by themselves or as members of a module or a state."""
    known = function.__globals__
    wrapped = [cell.cell_contents for cell in function.__closure__ or ()]
    taken = [*get_type_hints(function).values(), known.get(function.__qualname__.partition(".")[0])]
    for thing in (*wrapped, *taken, *(known[name] for name in names & known.keys())):
        members = [vars(thing).get(one) for one in names] if isinstance(thing, ModuleType | type) else [thing]
        for one in members:
            plain = getattr(one, "fget", one)
            if isinstance(plain, FunctionType) and ".domain" in plain.__module__:
                yield plain


ALL = [
    pytest.param(service, write, id=f"{service}.{write.name}") for service in COMMANDS for write in COMMANDS[service]
]


@pytest.mark.parametrize(("service", "write"), ALL)
def test_every_reason_that_the_rules_have_is_named(service: str, write: Write) -> None:
    assert isinstance(write.decide, FunctionType)
    told = named((CONTRACTS / service / "v1" / f"{service}.proto").read_text("utf-8"))
    assert reasons(write.decide) - told[write.name] - told[f"{service.capitalize()}Service"] == FRESH & reasons(
        write.decide
    )


def test_no_method_names_a_reason_that_no_rule_of_its_service_has() -> None:
    for service, writes in COMMANDS.items():
        told = named((CONTRACTS / service / "v1" / f"{service}.proto").read_text("utf-8"))
        of_rules = set().union(*(reasons(write.decide) for write in writes if isinstance(write.decide, FunctionType)))
        of_methods = {reason for write in writes for reason in told[write.name]}
        assert of_methods - of_rules - NO_LITERALS == set(), service


def test_a_reason_some_calls_below_is_found_and_one_of_another_command_is_not() -> None:
    [refer] = [write.decide for write in COMMANDS["identification"] if write.name == "SubmitReferral"]
    assert isinstance(refer, FunctionType)
    found = reasons(refer)
    assert {"NOT_A_DECIDER", "CONSENT_MISSING", "NEW_INCIDENT_REQUIRED"} <= found
    assert "PLAN_EXISTS" not in found


def test_reasons_are_read_out_of_comments_and_of_those_that_they_point_to() -> None:
    lines = [
        "// FOR_ALL",
        "service T {",
        "  // WHY_NOT: x.",
        "  rpc Open(R)",
        "  // Else the reasons of Open.",
        "  rpc Shut(R)",
    ]
    assert named("\n".join(lines)) == {"T": {"FOR_ALL"}, "Open": {"WHY_NOT"}, "Shut": {"WHY_NOT"}}
