"""A messy file to an Inventory: open any format, find the table, map the headers, read the values."""

from analyzer.intake.reading import read, read_decisions, read_with_decisions

__all__ = ["read", "read_decisions", "read_with_decisions"]
