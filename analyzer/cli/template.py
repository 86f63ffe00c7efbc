"""``analyzer template``: a blank inventory."""

from __future__ import annotations

from pathlib import Path

import click

from analyzer.errors import UsageError


@click.command("template")
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False), default=Path("inventory.xlsx"))
@click.option("--force", is_flag=True, help="Replace a file that is there.")
def command(target: Path, *, force: bool) -> None:
    """Write a blank inventory workbook with the fields explained (inventory.xlsx unless named)."""
    if target.exists() and not force:
        raise UsageError("There is a file of this name already", where=str(target), hint="Name another, or --force")
    from analyzer.report.blank import write_blank  # noqa: PLC0415 - openpyxl is heavy

    write_blank(target)
    click.echo(f"Written {target}: fill in the sheet Tasks, then: analyzer run {target} --home GB")
