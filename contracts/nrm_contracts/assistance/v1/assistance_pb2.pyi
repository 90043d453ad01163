from nrm_contracts.assistance.v1 import care_pb2 as _care_pb2
from nrm_contracts.assistance.v1 import closing_pb2 as _closing_pb2
from nrm_contracts.assistance.v1 import consents_pb2 as _consents_pb2
from nrm_contracts.assistance.v1 import contact_pb2 as _contact_pb2
from nrm_contracts.assistance.v1 import intake_pb2 as _intake_pb2
from nrm_contracts.assistance.v1 import placements_pb2 as _placements_pb2
from nrm_contracts.assistance.v1 import queries_pb2 as _queries_pb2
from nrm_contracts.assistance.v1 import returns_pb2 as _returns_pb2
from nrm_contracts.assistance.v1 import units_pb2 as _units_pb2
from google.protobuf import descriptor as _descriptor
from typing import ClassVar as _ClassVar

DESCRIPTOR: _descriptor.FileDescriptor
