"""``make bench``: the whole run side by side with scripts and floors."""

from __future__ import annotations

import sys

from benchmarks.side_by_side import SIZES, main

if __name__ == "__main__":
    main((*SIZES, 100_000, 1_000_000) if "--full" in sys.argv else SIZES)
