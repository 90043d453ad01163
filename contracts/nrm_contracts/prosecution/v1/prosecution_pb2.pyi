from nrm_contracts.prosecution.v1 import cases_pb2 as _cases_pb2
from nrm_contracts.prosecution.v1 import charges_pb2 as _charges_pb2
from nrm_contracts.prosecution.v1 import court_pb2 as _court_pb2
from nrm_contracts.prosecution.v1 import defendants_pb2 as _defendants_pb2
from nrm_contracts.prosecution.v1 import proceeds_pb2 as _proceeds_pb2
from nrm_contracts.prosecution.v1 import queries_pb2 as _queries_pb2
from nrm_contracts.prosecution.v1 import safety_pb2 as _safety_pb2
from nrm_contracts.prosecution.v1 import victims_pb2 as _victims_pb2
from google.protobuf import descriptor as _descriptor
from typing import ClassVar as _ClassVar

DESCRIPTOR: _descriptor.FileDescriptor
