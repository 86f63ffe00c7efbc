"""Two real watchers over one inbox with a hostile file in the middle: nothing twice, nothing lost."""

from pathlib import Path

from benchmarks import drop_folder


def test_f7_g1_two_watchers_and_a_hostile_file(tmp_path: Path) -> None:
    counted = drop_folder.measure(tmp_path, files=7, poison=True, workers=1)
    assert (counted.doubles, counted.lost) == (0, 0)
    assert (counted.done, counted.refused) == (6, 1)
    assert sorted(counted.statuses) == [0, 3]
    assert (tmp_path / "inbox" / "refused" / "tasks 00003.xlsx.txt").is_file()
