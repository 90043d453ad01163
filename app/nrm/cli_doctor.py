"""`nrm doctor`: what an installation lacks, and what to do about it."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer


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
    raise typer.Exit(code)
