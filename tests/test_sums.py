"""Sums of amounts by group: the same to the last digit however often they are made."""

import polars as pl
import pytest

from analyzer.sums import total

ROWS = range(1500)
TASKS = pl.DataFrame({"provider": [row * row % 307 for row in ROWS], "cost": [row * 7919 % 99_991 / 3 for row in ROWS]})


def test_the_same_rows_give_the_same_sum_to_the_last_digit() -> None:
    sums = [TASKS.group_by("provider").agg(total("cost")).sort("provider") for _ in range(200)]
    assert all(again.equals(sums[0]) for again in sums)


@pytest.mark.parametrize(("amounts", "wanted"), [([1.5, None, 2.0], 3.5), ([None, None], 0.0)])
def test_what_is_unknown_adds_nothing(amounts: list[float | None], wanted: float) -> None:
    frame = pl.DataFrame({"cost": amounts}, schema={"cost": pl.Float64})
    assert frame.group_by(pl.lit(1)).agg(total("cost"))["cost"].item() == wanted
