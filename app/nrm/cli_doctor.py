"""`nrm doctor`: what an installation lacks, and what to do about it."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from nrm.doctor.findings import Finding


def summed_up(findings: "Sequence[Finding]") -> str:
    """The last line: what is to be done may stand far above it."""
    from nrm.doctor.findings import State

    states = [finding.state for finding in findings]
    act, unseen = states.count(State.ACT), states.count(State.UNSEEN)
    if not act and not unseen:
        return f"All well: {len(states):,} things looked at, nothing to do."
    return f"Of {len(states):,} things {act:,} (XX) want something done and {unseen:,} (??) could not be looked at."


def doctor(
    config: Annotated[Path, typer.Option(help="A configuration of the distributed mode.")],
    certs: Annotated[Path | None, typer.Option(help="Folder of the administrator's certificate.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """Look at servers, certificates, tables, topics and queues. Exit 0 all well, 1 act, 2 something unseen, 3 usage."""
    import asyncio

    from nrm.cli_topics import administrators
    from nrm.config_distributed import DistributedConfig
    from nrm.doctor.examination import examine
    from nrm.doctor.findings import State, exit_code
    from nrm_kernel.clock import SystemClock

    loaded = DistributedConfig.load(config)
    cluster = administrators(config, "", certs)
    is_known = cluster.tls is not None or loaded.agency[0].principal is None
    findings = asyncio.run(examine(loaded, cluster if is_known else None, SystemClock()))
    code = exit_code(findings)
    if as_json:
        typer.echo(json.dumps({"ok": code == 0, "findings": [asdict(finding) for finding in findings]}))
        raise typer.Exit(code)
    signs = {State.OK: "ok", State.ACT: "XX", State.UNSEEN: "??"}
    for finding in findings:
        typer.echo(f"{signs[finding.state]}  {finding.subject}: {finding.text}")
        if finding.action:
            typer.echo(f"      {finding.action}")
    typer.echo(summed_up(findings))
    raise typer.Exit(code)
