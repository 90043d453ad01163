"""Every method of assistance answers wrong requests as the table says, and records nothing of them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import grpc
import pytest
from tests.assistance.story import AGENCIES, POLICY, US

from nrm_assistance.service import build
from nrm_kernel.reactions import StoreLookup
from nrm_kernel.testing import serving
from nrm_kernel.testing.bad_inputs import bad_inputs


class NoViews:
    """Nothing wrong gets as far as the lists."""

    async def rows(self, query: object) -> Sequence[Any]:
        raise AssertionError(query)

    async def completeness(self) -> Any:  # noqa: ANN401
        raise AssertionError


@pytest.mark.slow
async def test_every_wrong_request_is_refused_for_what_is_wrong_with_it(tmp_path: Path) -> None:
    worker = serving.says(US, "case_worker", "assist")
    async with serving.agency(tmp_path, US, AGENCIES, policy=lambda _day: POLICY) as agency:
        service = build(StoreLookup(agency.store), NoViews())
        [door] = service.doors
        async with (
            serving.served(agency.office, service.doors) as port,
            grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel,
        ):
            wrong = []
            for bad in bad_inputs(door):
                got = await serving.outcome(channel, bad.path, bad.raw, worker)
                if got.code is not bad.code or (bad.reason and got.reason != bad.reason):
                    wrong.append((str(bad), got.code.name, got.reason, bad.reason))
            assert wrong == []
        assert await agency.store.size() == 0
