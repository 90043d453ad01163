"""Access tables: closed by default, refused when anything in them is not understood."""

import pytest
from google.protobuf.descriptor import ServiceDescriptor
from hypothesis import given
from hypothesis import strategies as st

from nrm_contracts.codes import code_list
from nrm_contracts.feed.v1 import feed_pb2
from nrm_contracts.vault.v1 import vault_pb2
from nrm_kernel import access
from nrm_kernel.access import AccessInvalid
from nrm_kernel.errors import Forbidden
from nrm_kernel.identity import Caller
from nrm_kernel.testing.toy_door import CONTRACT, ORIGIN, OTHER, table

ROW = """
[[allow]]
rule = "R-1"
rpc = ["GetBoat"]
kind = ["boats"]
roles = ["case_worker", "shelter"]
purposes = ["assist"]
"""
ROLES = st.frozensets(st.sampled_from(code_list("access_role").codes), max_size=4)
PURPOSES = st.sampled_from(code_list("access_purpose").codes)
AGENCIES = st.sampled_from([ORIGIN, OTHER, "toy/harbours/east"])


def allowed(text: str, caller: Caller, method: str = "GetBoat") -> bool:
    try:
        access.parse(text.encode()).decide(caller, method, ORIGIN)
    except Forbidden:
        return False
    return True


@given(agency=AGENCIES, roles=ROLES, purpose=PURPOSES)
def test_a_row_lets_through_whom_it_names_and_nobody_else(agency: str, roles: frozenset[str], purpose: str) -> None:
    caller = Caller(agency, "officer-1", roles, purpose)
    expected = agency != "toy/harbours/east" and bool(roles & {"case_worker", "shelter"}) and purpose == "assist"
    assert allowed(ROW, caller) == expected
    assert not allowed(ROW, caller, "CloseBoat")


@given(agency=AGENCIES, roles=ROLES, purpose=PURPOSES)
def test_an_own_agency_row_lets_no_other_agency_through(agency: str, roles: frozenset[str], purpose: str) -> None:
    caller = Caller(agency, "officer-1", roles, purpose)
    if allowed(ROW.replace('kind = ["boats"]', "own_agency = true"), caller):
        assert agency == ORIGIN


@given(agency=AGENCIES, roles=ROLES, purpose=PURPOSES, lost=st.sampled_from(code_list("access_role").codes))
def test_losing_a_role_never_opens_anything(agency: str, roles: frozenset[str], purpose: str, lost: str) -> None:
    if allowed(ROW, Caller(agency, "officer-1", roles - {lost}, purpose)):
        assert allowed(ROW, Caller(agency, "officer-1", roles, purpose))


def test_the_first_row_that_fits_is_cited() -> None:
    both = access.parse((ROW + ROW.replace("R-1", "R-2")).encode())
    assert both.decide(Caller(OTHER, "o", frozenset({"shelter"}), "assist"), "GetBoat", ORIGIN) == "R-1"


def test_a_class_of_data_needs_a_row_of_its_own() -> None:
    parsed = access.parse((ROW + 'classes = ["identity"]').encode())
    caller = Caller(OTHER, "o", frozenset({"shelter"}), "assist")
    assert parsed.decide(caller, "GetBoat", ORIGIN, "identity") == "R-1"
    with pytest.raises(Forbidden):
        parsed.decide(caller, "GetBoat", ORIGIN, "location")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ROW + ROW, "stands twice"),
        (ROW.replace("roles", "rolls"), "did you mean 'roles'"),
        (ROW.replace('"case_worker"', '"case_wroker"'), "nearest code is 'case_worker'"),
        (ROW.replace('"assist"', '"snoop"'), "'snoop'"),
        (ROW.replace('kind = ["boats"]', ""), '"kind" is missing'),
        (ROW.replace('kind = ["boats"]', 'own_agency = "yes"'), "true or false"),
        (ROW.replace('rule = "R-1"', ""), '"rule" is missing'),
        (ROW.replace('["boats"]', "[]"), "not a list"),
        (ROW.replace('["boats"]', '["*"]'), "no kind of service"),
        (ROW + 'classes = ["gossip"]', "'gossip'"),
        ("[[permit]]", "unknown key 'permit'"),
        ("[[allow", "not TOML"),
    ],
)
def test_a_table_that_is_not_understood_is_refused(text: str, said: str) -> None:
    with pytest.raises(AccessInvalid) as fault:
        access.parse(text.encode())
    assert said in fault.value.text


def test_a_method_without_a_row_and_a_row_without_a_method_are_refused() -> None:
    access.check(table(), [CONTRACT])
    with pytest.raises(AccessInvalid, match="has no row"):
        access.check(access.parse(ROW.encode()), [CONTRACT])
    every = ", ".join(f'"{method.name}"' for method in CONTRACT.methods)
    with pytest.raises(AccessInvalid, match="did you mean 'GetBoat'"):
        access.check(access.parse(ROW.replace('"GetBoat"', f'{every}, "GetBoats"').encode()), [CONTRACT])


@pytest.mark.parametrize(
    ("service", "descriptor"),
    [
        ("vault", vault_pb2.DESCRIPTOR.services_by_name["VaultService"]),
        ("feed", feed_pb2.DESCRIPTOR.services_by_name["FeedService"]),
    ],
)
def test_the_kernels_own_doors_have_complete_tables(service: str, descriptor: ServiceDescriptor) -> None:
    access.check(access.load(service), [descriptor])


def test_a_service_without_a_table_cannot_be_called_by_anybody() -> None:
    with pytest.raises(AccessInvalid, match="without one nobody may call it"):
        access.load("record")


def test_personal_data_has_the_classes_of_the_code_list() -> None:
    classes = {field.name for field in vault_pb2.PersonalData.DESCRIPTOR.fields}
    assert classes == set(code_list("data_class").codes)
