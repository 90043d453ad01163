from nrm_contracts.identification.v1 import children_pb2 as _children_pb2
from nrm_contracts.identification.v1 import consents_pb2 as _consents_pb2
from nrm_contracts.identification.v1 import decisions_pb2 as _decisions_pb2
from nrm_contracts.identification.v1 import incidents_pb2 as _incidents_pb2
from nrm_contracts.identification.v1 import persons_pb2 as _persons_pb2
from nrm_contracts.identification.v1 import queries_pb2 as _queries_pb2
from nrm_contracts.identification.v1 import recovery_pb2 as _recovery_pb2
from nrm_contracts.identification.v1 import referrals_pb2 as _referrals_pb2
from nrm_contracts.identification.v1 import sharing_pb2 as _sharing_pb2
from google.protobuf import descriptor as _descriptor
from typing import ClassVar as _ClassVar

DESCRIPTOR: _descriptor.FileDescriptor
