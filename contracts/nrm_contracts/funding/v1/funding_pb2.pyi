from nrm_contracts.funding.v1 import budgets_pb2 as _budgets_pb2
from nrm_contracts.funding.v1 import claims_pb2 as _claims_pb2
from nrm_contracts.funding.v1 import contracts_pb2 as _contracts_pb2
from nrm_contracts.funding.v1 import invoices_pb2 as _invoices_pb2
from nrm_contracts.funding.v1 import payments_pb2 as _payments_pb2
from nrm_contracts.funding.v1 import queries_pb2 as _queries_pb2
from google.protobuf import descriptor as _descriptor
from typing import ClassVar as _ClassVar

DESCRIPTOR: _descriptor.FileDescriptor
