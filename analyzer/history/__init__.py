"""Last period and this: tasks found again, decisions carried over, what moved. Pure: files are read elsewhere."""

from analyzer.history.matching import match, merge
from analyzer.history.moving import compare

__all__ = ["compare", "match", "merge"]
