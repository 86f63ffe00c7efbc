"""``make bench``: every benchmark that measures speed, one after another.

``python -m benchmarks`` takes some minutes; ``python -m benchmarks --full`` goes on to a million rows. What proves that
nothing is lost (``lossless``, ``fuzz``, ``kill_sweep``, ``drop_folder``, ``corpus_check``, ``real_inventories``,
``mapping``, ``headers``, ``mutation``) are commands of their own.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys

USUAL = ("side_by_side 1000 10000 100000", "stages 100000", "splice 100000", "tagging 250000", "values", "hostile")
FULL = ("side_by_side 100000 1000000", "stages 1000000", "splice 1000000", "tagging", "unattended")
BROWSER = "page"


def main(*, full: bool) -> int:
    """Status 1 where one of them missed a bound that it holds itself."""
    commands = [*USUAL, *(FULL if full else ())]
    if importlib.util.find_spec("selenium") and shutil.which("chromium"):
        commands.append(BROWSER)
    worst = 0
    for command in commands:
        print(f"\n## python -m benchmarks.{command}", flush=True)
        name, *arguments = command.split()
        ended = subprocess.run([sys.executable, "-m", f"benchmarks.{name}", *arguments], check=False)
        worst = max(worst, ended.returncode)
    return worst


if __name__ == "__main__":
    sys.exit(main(full="--full" in sys.argv))
