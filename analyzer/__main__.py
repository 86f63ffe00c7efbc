"""``python -m analyzer`` and the ``analyzer`` command."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; its exit status is the process's."""
    from analyzer.cli import run_command_line  # noqa: PLC0415 - `import analyzer.__main__` stays free of click

    sys.exit(run_command_line(sys.argv[1:]))


if __name__ == "__main__":
    main()
