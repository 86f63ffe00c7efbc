"""Placement to Assessment: what is a risk of each task, how much it weighs, and why."""

from analyzer.risks.assessing import assess
from analyzer.risks.differences import differences
from analyzer.risks.examples import try_examples
from analyzer.risks.explaining import explain, find

__all__ = ["assess", "differences", "explain", "find", "try_examples"]
