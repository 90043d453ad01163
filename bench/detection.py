"""The measured command: somebody is found, who may be a victim. All people are invented, and visibly so."""

from functools import cache
from uuid import uuid4

from nrm_contracts.identification.v1.persons_pb2 import DetectPersonRequest
from nrm_contracts.vault.v1.vault_pb2 import Identity, PersonalData

PATH = "/nrm.identification.v1.IdentificationService/DetectPerson"
_ID_FIELD = b"\x0a\x24"
"""How a request begins on the wire: field 1, a text of 36 bytes."""
_IDENTITY = PersonalData(
    identity=Identity(
        given_names="Invented Given-Name",
        family_name="Invented Family-Name",
        birth_date="1990-01-01",
        citizenships=["XA"],
    )
)


@cache
def body(*, named: bool) -> bytes:
    """The request's bytes behind its id; ``named`` has it carry the person's identity, which the vault seals."""
    request = DetectPersonRequest(
        detection_channel="raid",
        region="GB-LND",
        age_band="24-26",
        sex="female",
        language="und",
        immediate_needs=["shelter", "medical"],
        identity=_IDENTITY if named else None,
    )
    return request.SerializeToString()


def with_fresh_id(rest: bytes) -> bytes:
    """A whole request, never sent before."""
    return _ID_FIELD + str(uuid4()).encode() + rest
