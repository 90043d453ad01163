"""The command `nrm`: one command for every service, the demo, the coordinator's office and the auditors.

Exit codes: 0 yes, 1 no, 2 cannot tell, 3 the question was wrong.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from traceback import print_exc
from typing import Annotated

import typer
from typer._click.exceptions import Abort, ClickException

from nrm import cli_admin, cli_audit, cli_doctor, cli_read
from nrm.errors_shown import CANNOT_TELL, USAGE, YES, FileUnusable, exit_code, shown
from nrm_kernel.errors import NrmError

app = typer.Typer(
    name="nrm",
    help="A National Referral Mechanism: agencies with their own logs, one pathway, a history nobody can rewrite.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
)
app.add_typer(cli_audit.app, name="audit")
app.add_typer(cli_admin.app, name="admin")
app.command("doctor")(cli_doctor.doctor)
app.command("pathway")(cli_read.pathway)
app.command("list")(cli_read.persons)
app.command("funnel")(cli_read.funnel)
app.command("overdue")(cli_read.overdue)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"nrm {version('nrm')}")
        raise typer.Exit(YES)


@app.callback()
def _nrm(
    _asked: Annotated[
        bool, typer.Option("--version", help="Say which release this is.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    pass


@app.command()
def demo(
    directory: Annotated[Path, typer.Option("--dir", help="Folder for the files; kept at the end.")] = Path("nrm-demo"),
    seed: Annotated[int, typer.Option(help="Same seed, same world.")] = 1,
    persons: Annotated[int, typer.Option(help="How many invented persons.", min=50)] = 2_000,
    still: Annotated[bool, typer.Option("--still", help="No new events after the history.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Call and verify everything, then end.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="With --check: one JSON object on standard output.")] = False,
    distributed: Annotated[bool, typer.Option("--distributed", help="With --check: on PostgreSQL and Kafka.")] = False,
) -> None:
    """Run all agencies in one process on SQLite files, with an invented caseload. Ctrl-C ends; the files are kept."""
    if (as_json or distributed) and not check:
        raise typer.BadParameter("goes with --check", param_hint="--json" if as_json else "--distributed")
    # Imported late: the other commands do not pay for it, and the first line is there before the rest.
    from nrm.demo.screen import Screen

    screen = Screen(to_stderr=as_json)
    screen.head(directory, distributed=distributed)
    if check:
        from nrm.demo.check import check as checked

        asked = {"seed": seed, "persons": persons}
        raise typer.Exit(checked(directory, screen, **asked, as_json=as_json, distributed=distributed))
    from nrm.demo.run import run

    raise typer.Exit(run(directory, screen, seed=seed, persons=persons, still=still))


@app.command()
def up(config: Annotated[Path, typer.Option(help="The configuration, a TOML file.")]) -> None:
    """Run the agencies of a configuration until Ctrl-C or SIGTERM; calls under way are ended first."""
    # Else gRPC's core prints a line of its own for each caller that does not greet as TLS asks, as any scanner does.
    # It looks when it is imported; what an operator set stays.
    os.environ.setdefault("GRPC_VERBOSITY", "ERROR")
    from nrm.up import run

    raise typer.Exit(run(config))


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and leave with its exit code."""
    try:
        code = app(args=arguments, standalone_mode=False)
    except Abort:  # somebody broke it off: what was asked has no answer, and above all no "no"
        code = CANNOT_TELL
    except ClickException as wrong:
        wrong.show()
        code = USAGE
    except NrmError as error:
        code = _told(error)
    except SystemExit:  # so it is ended when whoever reads has gone before the answer was out
        code = CANNOT_TELL
    except OSError as fault:
        code = _told(FileUnusable(fault))
    except Exception:  # noqa: BLE001 - a fault of ours: the interpreter's own exit code for it would say "no"
        print_exc()
        code = CANNOT_TELL
    sys.exit(code if isinstance(code, int) else YES)


def _told(error: NrmError) -> int:
    typer.echo(shown(error), err=True)
    return exit_code(error)
