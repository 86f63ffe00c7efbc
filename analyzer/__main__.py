"""``python -m analyzer`` and the ``analyzer`` command."""

from __future__ import annotations

import sys

from analyzer.runs.launch import waiting

_TALK = {"--help", "-h", "--dry-run"}  # what is said without a worker


def main() -> None:
    """Run the command line; its exit status is the process's."""
    arguments = sys.argv[1:]
    with waiting(needed="run" in arguments[:1] and not _TALK.intersection(arguments)):
        from analyzer.cli import run_command_line  # noqa: PLC0415 - `import analyzer.__main__` stays free of click

        sys.exit(run_command_line(arguments))


if __name__ == "__main__":
    main()
