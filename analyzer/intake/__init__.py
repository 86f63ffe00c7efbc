"""A messy file to an Inventory: open any format, find the table, map the headers, read the values."""

from analyzer.intake.decisions import read_decisions
from analyzer.intake.reading import read

__all__ = ["read", "read_decisions"]
