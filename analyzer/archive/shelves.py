"""Where a period's file lies: by company, period and source."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

from analyzer.errors import UsageError
from analyzer.period import Period, without_month

NO_COMPANY = "none"
_UNSAFE = re.compile(r"[^\w .()-]")


def shelf(folder: Path, company: str) -> Path:
    """A company's folder; characters that some file system refuses become underscores."""
    return folder / f"company={_UNSAFE.sub('_', company) or NO_COMPANY}"


def place(folder: Path, company: str, period: Period, source: str) -> Path:
    """The file of a source in a period. Each month's export of one name is one source: its month is left out."""
    bare = without_month(Path(source).stem.removesuffix(".annotated"))
    name = _UNSAFE.sub("_", bare).strip(" .") or "inventory"
    return shelf(folder, company) / f"period={period}" / f"{name}.parquet"


def periods(folder: Path, company: str) -> list[Period]:
    """The periods kept of a company, oldest first; folders that are none of ours are passed over."""
    return sorted(_periods(shelf(folder, company)))


def _periods(company: Path) -> Iterator[Period]:
    for path in company.glob("period=*"):
        with contextlib.suppress(UsageError):
            yield Period.parse(path.name.removeprefix("period="))


def stored_files(folder: Path, company: str) -> list[Path]:
    """All files kept of a company, in order of period and name."""
    return sorted(shelf(folder, company).glob("period=*/*.parquet"))


def retain(newest: Path, kept: int | None) -> None:
    """Remove the oldest periods of one source beyond the number kept; other sources and strangers' files stay."""
    if kept is None:
        return
    others = sorted(newest.parent.parent.glob(f"period=????-??/{_literal(newest.name)}"))
    for old in others[: -max(kept, 1)]:
        old.unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # another source's file is in it
            old.parent.rmdir()


def _literal(name: str) -> str:
    return re.sub(r"([*?[])", r"[\1]", name)
