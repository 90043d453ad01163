"""The coordinator's questions in the terminal: a screen for people, one JSON object for programs, or a reason."""

import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
import pytest_asyncio
from tests.app.running import answered
from tests.pathways import stories
from tests.pathways.deployment import AUTHORITY, COORDINATOR, POLICE, POLICY, deployed, eventually

from nrm.founding import CONFIG, found

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def known(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Path, str]]:
    """The folder of a deployment that has ended, and the police's reference of the one person it knows."""
    folder = tmp_path_factory.mktemp("reading") / "deployment"
    async with deployed(folder) as deployment:
        ref = await stories.detected(deployment)
        await stories.referred(deployment, ref)
        await eventually(
            lambda: deployment.ask(COORDINATOR, "GetPathway", person_ref=ref),
            lambda pathway: {one.origin for one in pathway.complete_to} >= {POLICE, AUTHORITY},
        )
    yield folder, ref


async def _shown(*arguments: str) -> str:
    code, told = await answered(*arguments)
    assert code == 0, told
    return told


async def _object(*arguments: str) -> Mapping[str, object]:
    read = json.loads(await _shown(*arguments, "--json"))
    assert isinstance(read, dict)
    return read


async def test_the_pathway_of_a_person_is_shown_with_every_agency_that_knows_it(known: tuple[Path, str]) -> None:
    folder, ref = known
    told = await _shown("pathway", ref, "--dir", str(folder))
    assert "referred" in told
    assert ref in told
    assert "Traceback" not in told
    read = await _object("pathway", ref, "--dir", str(folder))
    references = read["references"]
    assert isinstance(references, list)
    assert {one["origin"] for one in references} == {POLICE, AUTHORITY}


async def test_the_funnel_counts_the_person(known: tuple[Path, str]) -> None:
    folder, _ = known
    assert "Persons" in await _shown("funnel", "--dir", str(folder))
    counts = (await _object("funnel", "--dir", str(folder)))["persons"]
    assert isinstance(counts, list)
    assert counts[0]["count"] == 1


async def test_nothing_is_overdue_on_the_first_day_and_the_answer_says_how_far_it_knows(
    known: tuple[Path, str],
) -> None:
    folder, _ = known
    assert (await _shown("overdue", "--dir", str(folder))).strip()
    read = await _object("overdue", "--dir", str(folder))
    assert not read.get("deadlines")
    assert read["complete_to"]


async def test_an_unknown_person_is_a_no(known: tuple[Path, str]) -> None:
    code, told = await answered("pathway", "0" * 32, "--dir", str(known[0]))
    assert code == 1, told
    assert "(NOT_FOUND)" in told
    assert "Traceback" not in told


async def test_what_is_no_reference_is_a_wrong_question(known: tuple[Path, str]) -> None:
    code, told = await answered("pathway", "nobody-here", "--dir", str(known[0]))
    assert code == 3, told
    assert "(FIELD_INVALID)" in told


async def test_a_day_that_is_none_is_refused_with_the_field(known: tuple[Path, str]) -> None:
    code, told = await answered("funnel", "--as-of", "yesterday", "--dir", str(known[0]))
    assert code == 3
    assert "as_of" in told
    assert "Traceback" not in told


@pytest.mark.parametrize("command", [("pathway", "somebody"), ("funnel",), ("overdue",)])
async def test_a_folder_that_is_missing_is_named(command: tuple[str, ...], tmp_path: Path) -> None:
    missing = tmp_path / "nowhere"
    code, told = await answered(*command, "--dir", str(missing))
    assert code == 3
    assert f"{missing} holds no deployment: there is no {missing / CONFIG}" in told
    assert "(NO_DEPLOYMENT)" in told
    assert "Traceback" not in told
    assert not missing.exists()


async def test_a_deployment_without_a_coordinator_says_so(tmp_path: Path) -> None:
    config = found(tmp_path / "deployment", [POLICE], POLICY)
    code, told = await answered("funnel", "--dir", str(config.parent))
    assert code == 3
    assert "No coordinator is configured there, but demo/identification/police." in told
    assert "with --dir. (NO_COORDINATOR)" in told
