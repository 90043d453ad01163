"""`nrm admin …`: what an operator of the distributed mode sets up."""

import typer

from nrm import cli_certs

app = typer.Typer(help="Set up and look after the distributed mode.", no_args_is_help=True)
app.add_typer(cli_certs.app, name="certs")
