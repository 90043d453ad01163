"""What the doctor says of the disk on which an agency keeps its checkpoint."""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from nrm.config_distributed import DistributedAgency
from nrm.doctor.examination import of_disk
from nrm.doctor.findings import State


def agency(folder: Path) -> DistributedAgency:
    return DistributedAgency(
        origin="demo/assistance/ngo-dawn",
        folder=folder,
        listen="127.0.0.1:0",
        store="postgresql://a@localhost/b",
        signing_key=folder / "s.key",
        vault_key=folder / "v.key",
    )


def test_a_disk_that_can_be_written_is_fine(tmp_path: Path) -> None:
    found = of_disk(agency(tmp_path))
    assert "GB free" in found.text


def test_a_disk_that_can_only_be_read_is_told_with_what_follows_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks = {"f_frsize": 1, "f_blocks": 1, "f_bfree": 1, "f_bavail": 1}
    monkeypatch.setattr(os, "statvfs", lambda _: SimpleNamespace(f_flag=os.ST_RDONLY, **blocks))
    found = of_disk(agency(tmp_path))
    assert (found.state, "can only be read" in found.text) == (State.ACT, True)
    assert "publishes nothing" in found.action


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    found = of_disk(agency(tmp_path / "nowhere"))
    assert (found.state, str(tmp_path / "nowhere") in found.text) == (State.ACT, True)
