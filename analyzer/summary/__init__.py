"""All stages to the numbers of every output, computed once."""

from analyzer.summary.counting import Counted, count
from analyzer.summary.summing import summarise

__all__ = ["Counted", "count", "summarise"]
