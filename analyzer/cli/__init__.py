"""The command line: commands, options, messages. Each command's module is imported when it is called."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from analyzer import __version__
from analyzer.cli.boundary import guarded

COMMANDS: dict[str, tuple[str, str]] = {  # name: module, what it does
    "run": ("analyzer.cli.run", "Annotate inventories: a workbook, a report and a summary each."),
    "check": ("analyzer.cli.check", "Show how a file is read and what would be assumed; writes nothing."),
    "explain": ("analyzer.cli.explain", "Show every rule for one task: what fired, what did not, and why."),
    "init": ("analyzer.cli.init", "Write analyzer.toml with the guessed mapping, ready to edit."),
    "template": ("analyzer.cli.template", "Write a blank inventory workbook with the fields explained."),
    "policy": ("analyzer.cli.policy", "Show, check, test and compare the rules."),
    "watch": ("analyzer.cli.watch", "Watch a drop folder and annotate what arrives."),
    "send": ("analyzer.cli.send", "Mail a finished result."),
    "schedule": ("analyzer.cli.schedule", "Print a ready scheduler file; installs nothing."),
    "doctor": ("analyzer.cli.doctor", "Show the settings found, the limits, optional parts and unresolved places."),
}


class Commands(click.Group):
    """A group that imports a command only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """All names, in the order of work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, imported now."""
        if cmd_name not in COMMANDS:
            if cmd_name.startswith("-"):
                return None
            raise click.exceptions.NoSuchCommand(cmd_name, possibilities=COMMANDS, ctx=ctx)
        module = import_module(COMMANDS[cmd_name][0])
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """The list of commands, from the table and not from their modules."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


_HELP = """Tag a company's task inventory with sourcing quadrants and risks.

\b
    analyzer run inventory.xlsx --home GB
"""


@click.group(
    cls=Commands, help=_HELP, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, "-V", "--version", message="analyzer %(version)s")
@click.pass_context
def analyzer(ctx: click.Context) -> None:
    """The command line: all commands hang below it."""
    if "NO_COLOR" in os.environ:
        ctx.color = False


def run_command_line(arguments: list[str]) -> int:
    """Run one command line; the exit status comes back, every error already said."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # redirected output on Windows is cp1252
            stream.reconfigure(errors="replace")
    return guarded(lambda: analyzer.main(arguments, prog_name="analyzer", standalone_mode=False))
