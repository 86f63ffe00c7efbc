"""``analyzer schedule``: a ready scheduler file on stdout."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import click

from analyzer.runs.schedule import FORMS, Monthly
from analyzer.settings import FILE_NAME


@click.command("schedule")
@click.argument("folder", type=click.Path(path_type=Path), default=Path())
@click.option("--cron", "form", flag_value="cron", help="A crontab line.")
@click.option("--systemd", "form", flag_value="systemd", default="systemd", help="A service and a timer.")
@click.option("--windows", "form", flag_value="windows", help="A Task Scheduler file.")
@click.option("--github", "form", flag_value="github", help="A CI workflow.")
@click.option(
    "--config", type=click.Path(path_type=Path), default=Path(FILE_NAME), help="The settings file of the run."
)
def command(folder: Path, form: str, config: Path) -> None:
    """Print a ready scheduler file for the monthly run over FOLDER; nothing is installed."""
    program = str(Path(shutil.which("analyzer") or sys.argv[0]).absolute())
    if form == "github":
        job = Monthly("analyzer", str(folder), str(config), ".")
    else:
        job = Monthly(program, str(folder.absolute()), str(config.absolute()), str(folder.absolute()))
    click.echo(FORMS[form](job), nl=False)
