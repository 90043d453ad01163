"""The server of one agency: its doors, made from tables, and how it starts and drains.

A method of a contract without a row in the tables, a row without a method, a method without a row in the access table,
a command that does not fit its request: each is an error here, before anything listens.
"""

from collections.abc import Iterable, Mapping, Sequence

import grpc
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor

from nrm_kernel import access
from nrm_kernel.access import AccessTable
from nrm_kernel.identity import Caller
from nrm_kernel.rpc_gate import Admitted, Gate, Limits
from nrm_kernel.rpc_identity import Entrance
from nrm_kernel.rpc_itself import HEALTH, Health, reflection_handlers
from nrm_kernel.rpc_method import Run, Spot, running, streaming, unary
from nrm_kernel.rpc_office import Office
from nrm_kernel.rpc_request import MESSAGE_BYTES_MAX, FormInvalid
from nrm_kernel.service import Door, Read, Watch, Write

Row = Write | Read | Watch


class Server:
    """Serves the doors of one agency."""

    def __init__(
        self,
        office: Office,
        doors: Sequence[Door],
        entrance: Entrance,
        limits: Limits | None = None,
        *,
        reflects: bool = False,
        tables: Mapping[str, AccessTable] | None = None,
    ) -> None:
        """Build every method. ``tables`` are access tables by service, read from the contracts where left out.

        Raises FormInvalid or AccessInvalid for doors that cannot be served.
        """
        self._office = office
        self._entrance = entrance
        self._limits = limits or Limits()
        self._gate = Gate(office.origin, entrance, self._limits)
        self._server = grpc.aio.server(options=_options(self._limits))
        self._names = [door.descriptor.full_name for door in doors]
        self._health = Health(self._names)
        self._halted = False
        self._runs: dict[str, tuple[AccessTable, Run]] = {}
        self._server.add_generic_rpc_handlers((self._health.handlers(),))
        for service, group in _by_service(doors).items():
            table = (tables or {}).get(service) or access.load(service)
            access.check(table, [door.descriptor for door in group])
            for door in group:
                self._server.add_generic_rpc_handlers((self._handlers(door, table),))
        if reflects:
            self._server.add_generic_rpc_handlers((reflection_handlers([*self._names, HEALTH]),))

    async def start(self) -> int:
        """Listen and serve; gives the port."""
        port = self._entrance.open(self._server)
        await self._server.start()
        if not self._halted:
            await self._health.serve()
        self._office.telemetry.log.info(
            "serving", origin=self._office.origin, mode=self._entrance.mode, address=str(port), count=len(self._names)
        )
        return port

    async def call(self, path: str, raw: bytes, caller: Caller) -> bytes:
        """A unary call from this very process, which vouches for the caller: all that a call passes but the wire.

        ``path`` is ``/<service>/<method>``. Raises the errors of :mod:`nrm_kernel.errors`, KeyError for no such method.
        """
        table, run = self._runs[path]
        rule = table.decide(caller, path.rpartition("/")[2], self._office.origin)
        return await run(raw, Admitted(caller, rule))

    async def halt(self) -> None:
        """Tell whoever asks for its health that it does not serve. Queries are answered, with what was recorded."""
        self._halted = True
        await self._health.halt()

    async def drain(self, grace_s: float) -> None:
        """Take no new calls, let those inside end within the grace, then close. Streams end UNAVAILABLE."""
        await self._health.drain()
        await self._server.stop(grace_s)

    async def wait(self) -> None:
        """Until the server was drained."""
        await self._server.wait_for_termination()

    def _handlers(self, door: Door, table: AccessTable) -> grpc.GenericRpcHandler:
        handlers: dict[str, grpc.RpcMethodHandler[bytes, bytes]] = {}
        for method, row in _matched(door):
            spot = Spot(method, table, self._gate, self._office)
            if isinstance(row, Watch):
                handlers[method.name] = grpc.unary_stream_rpc_method_handler(streaming(row, spot))
            else:
                run = running(row, spot)
                self._runs[f"/{door.descriptor.full_name}/{method.name}"] = (table, run)
                handlers[method.name] = grpc.unary_unary_rpc_method_handler(unary(run, spot))
        return grpc.method_handlers_generic_handler(door.descriptor.full_name, handlers)


def _by_service(doors: Iterable[Door]) -> dict[str, list[Door]]:
    """Doors by the service of the contracts they stand in: the part of the wire package after ``nrm``."""
    found: dict[str, list[Door]] = {}
    for door in doors:
        found.setdefault(service_of(door.descriptor), []).append(door)
    return found


def service_of(descriptor: ServiceDescriptor) -> str:
    """The service of the contracts that a gRPC service belongs to."""
    return str(descriptor.file.package).split(".")[1]


def _matched(door: Door) -> list[tuple[MethodDescriptor, Row]]:
    """Each method of the contract with its row. Raises FormInvalid for one without the other."""
    rows = {row.name: row for row in door.methods}
    methods = {method.name: method for method in door.descriptor.methods}
    name = door.descriptor.full_name
    if len(rows) != len(door.methods):
        raise FormInvalid(f"{name}: a method has two rows")
    if missing := sorted(methods.keys() - rows.keys()):
        raise FormInvalid(f"{name}: no row for {', '.join(missing)}")
    if unknown := sorted(rows.keys() - methods.keys()):
        raise FormInvalid(f"{name}: no such method: {', '.join(unknown)}")
    for method in methods.values():
        if method.client_streaming or method.server_streaming != isinstance(rows[method.name], Watch):
            raise FormInvalid(f"{method.full_name}: a Watch answers with a stream, and nothing else does")
    return [(methods[each], rows[each]) for each in methods]


def _options(limits: Limits) -> list[tuple[str, int]]:
    """What the library itself limits, against floods, slow handshakes and idle callers."""
    ping_ms = int(limits.ping_interval_s * 1000)
    return [
        ("grpc.max_receive_message_length", MESSAGE_BYTES_MAX),
        ("grpc.max_send_message_length", 4 * MESSAGE_BYTES_MAX),
        ("grpc.max_metadata_size", limits.metadata_soft),
        ("grpc.absolute_max_metadata_size", limits.metadata),
        ("grpc.server_handshake_timeout_ms", int(limits.handshake_s * 1000)),
        ("grpc.max_connection_age_ms", int(limits.connection_age_s * 1000)),
        ("grpc.max_connection_age_grace_ms", int(limits.connection_age_s * 1000)),
        ("grpc.http2.min_recv_ping_interval_without_data_ms", ping_ms),
        ("grpc.http2.max_ping_strikes", 2),
        ("grpc.keepalive_time_ms", 6 * ping_ms),
        ("grpc.keepalive_timeout_ms", ping_ms),
        ("grpc.max_concurrent_streams", limits.connection_streams),
        ("grpc.so_reuseport", 0),
    ]
