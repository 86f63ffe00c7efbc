"""The labelled texts of ``tests/labelled``: how sure the readers are, and that they are seldom silently wrong."""

from __future__ import annotations

import pytest

from benchmarks.values import SILENT, SURE_ENOUGH, answer, cases, verdict


@pytest.mark.parametrize("name", ["frozen_places", "frozen_values"])
def test_labelled_texts_are_right_or_rightly_flagged(name: str) -> None:
    labelled = cases(name)
    verdicts = [verdict(case, answer(case)) for case in labelled]
    assert sum(one.startswith("right") for one in verdicts) >= SURE_ENOUGH * len(labelled)
    assert verdicts.count("silently wrong") <= SILENT * len(labelled)
