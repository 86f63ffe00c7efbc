"""A folder through ``analyzer check``, each file in its own process: ``python -m benchmarks.corpus_check FOLDER``.

A file passes where the command ends within 20 s with status 0, 2 or 3, says in words why it refuses, and lets through
no exception's own text. Prints the files that fail and the counts; status 0 only where all pass.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

SECONDS = 20
EXPECTED = {0, 2, 3}  # done; home country missing; refused
RAW = re.compile(
    r"Traceback|PanicException|panicked at|\b\w+(?:Error|Exception)\b(?!:? \()|BadZipFile|Internal error|struct\.error|"
    r"0x[0-9a-f]{6,}|calamine|openpyxl|fastexcel|polars",
)
_WORKERS = 2


def check(path: Path) -> tuple[str, str, float]:
    """Verdict, what was said, and seconds."""
    started = time.monotonic()
    command = [sys.executable, "-m", "analyzer", "check", str(path)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return "hang", "", float(SECONDS)
    said = (done.stdout + done.stderr).decode("utf-8", "replace")
    seconds = time.monotonic() - started
    if done.returncode < 0:
        return "abort", said, seconds
    if done.returncode not in EXPECTED:
        return f"status {done.returncode}", said, seconds
    talk = done.stderr.decode("utf-8", "replace")
    if raw := RAW.search(talk.replace(path.name, "").replace(path.stem, "")):
        return f"raw text: {raw[0]}", said, seconds
    return {0: "read", 2: "read, home missing", 3: "refused"}[done.returncode], said, seconds


def main(folder: Path) -> int:
    """Check all files; print what fails and how many did what."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    with ThreadPoolExecutor(_WORKERS) as pool:
        results = list(pool.map(check, files))
    good = {"read", "read, home missing", "refused"}
    for path, (verdict, said, seconds) in zip(files, results, strict=True):
        if verdict not in good or "--all" in sys.argv:
            last = next((line for line in reversed(said.splitlines()) if line.strip()), "")
            first = next((line for line in said.splitlines() if line.startswith("Error")), last)
            print(f"{verdict}: {path.relative_to(folder)} ({seconds:.1f} s) {first[:200]}")
    counts = Counter(verdict for verdict, _, _ in results)
    slowest = max(results, key=lambda result: result[2], default=("", "", 0.0))[2]
    print(
        f"{len(files)} files: "
        + ", ".join(f"{n} {name}" for name, n in counts.most_common())
        + f"; slowest {slowest:.1f} s"
    )
    return 0 if set(counts) <= good else 1


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("python -m benchmarks.corpus_check FOLDER [--all]")
    sys.exit(main(Path(sys.argv[1])))
