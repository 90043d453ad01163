"""One Kafka and one PostgreSQL for all tests here."""

from tests.distributed.conftest import servers

__all__ = ["servers"]
