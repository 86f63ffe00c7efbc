"""Bounds on one package, and the sentences of those that break them."""

from __future__ import annotations

from dataclasses import dataclass

MB = 1 << 20
GRACE = 100 * 1024  # bytes a part may unpack to before its ratio counts, as Apache POI's ZipSecureFile

MAX_ROWS = 1_048_576  # of a sheet: support.microsoft.com, "Excel specifications and limits"
MAX_COLUMNS = 16_384
MAX_TEXT = 32_767  # UTF-16 units in a cell
MAX_LINKS = 65_530  # hyperlinks in a sheet
MAX_STYLES = 65_490  # cell formats in a workbook


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one input. Sizes in bytes; ``ratio`` is unpacked to packed size of a part; ``cells`` a sheet's area.

    Ratio and grace are Apache POI's (100:1 after 100 KiB); the others are settable for honest giants.
    """

    file_bytes: int = 512 * MB
    unpacked_bytes: int = 2048 * MB
    ratio: float = 100.0
    entries: int = 5000
    cells: int = 40_000_000
