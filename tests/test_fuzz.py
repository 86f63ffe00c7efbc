"""Twenty workbooks damaged at random: whatever the damage, a file is read or refused in a sentence."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from analyzer import intake
from benchmarks import fuzz


def test_d1_bytes_flipped_cut_or_doubled_end_in_a_sentence() -> None:
    seen = list(fuzz.sweep(range(500)))
    assert [one for one in seen if one.end in fuzz.BAD] == []
    counts = Counter(one.end for one in seen)
    assert counts.total() == 500
    assert min(counts[fuzz.READ], counts[fuzz.REFUSED]) > 100
    assert counts[fuzz.ABORTED] < 5


def test_d1_what_once_hung_or_raised_ends_in_a_sentence() -> None:
    seen = [one for seed in (1540, 1995, 4104, 4734, 4803) for one in fuzz.sweep(range(seed, seed + 1), 1)]
    assert [one for one in seen if one.end in {*fuzz.BAD, fuzz.ABORTED}] == []


@pytest.mark.parametrize("name", fuzz.WORKBOOKS)
def test_d1_before_the_damage_all_are_read_and_the_same_each_time(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(fuzz.workbook(name))
    assert intake.read(path, fuzz.SETTINGS).tasks.height > 0
    fuzz.workbook.cache_clear()
    assert fuzz.workbook(name) == path.read_bytes()


def test_d1_a_seed_damages_the_same_bytes_each_time() -> None:
    assert [fuzz.damaged(seed) for seed in range(40)] == [fuzz.damaged(seed) for seed in range(40)]
    assert all(fuzz.damaged(seed) != fuzz.workbook(fuzz.name_of(seed)) for seed in range(20))
