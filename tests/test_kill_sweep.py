"""Killed while it replaces a report: every file is the old one or the new one; the next run finishes and cleans up."""

from benchmarks import kill_sweep


def test_e3_g3_a_killed_run_tears_nothing() -> None:
    seen, finished = kill_sweep.sweep(points=6, rows=60)
    assert seen["torn"] == 0
    assert sum(seen.values()) == 6 * 3
    assert finished
