"""Lossless editing of an .xlsx or .xlsm package: what is not edited is copied compressed, byte for byte.

``inspect`` says what a package holds and refuses a hostile one; ``apply`` makes an ``Edit``; ``fresh`` builds a new
package with the same row builder; ``compare`` proves that a result kept everything of its source.
"""

from analyzer.xlsx.compare import Differences, compare
from analyzer.xlsx.edit import (
    Codec,
    Column,
    Conditional,
    Edit,
    Graft,
    Name,
    Note,
    Outcome,
    Splice,
    Style,
    Validation,
    Value,
)
from analyzer.xlsx.editing import apply
from analyzer.xlsx.facts import (
    ACTIVE,
    Extent,
    Feature,
    NameFacts,
    PackageFacts,
    SheetFacts,
    State,
    TableFacts,
)
from analyzer.xlsx.fresh import Page, fresh, pages
from analyzer.xlsx.inspection import cell_formats, free_column, inspect
from analyzer.xlsx.limits import Limits

__all__ = [
    "ACTIVE",
    "Codec",
    "Column",
    "Conditional",
    "Differences",
    "Edit",
    "Extent",
    "Feature",
    "Graft",
    "Limits",
    "Name",
    "NameFacts",
    "Note",
    "Outcome",
    "PackageFacts",
    "Page",
    "SheetFacts",
    "Splice",
    "State",
    "Style",
    "TableFacts",
    "Validation",
    "Value",
    "apply",
    "cell_formats",
    "compare",
    "free_column",
    "fresh",
    "inspect",
    "pages",
]
