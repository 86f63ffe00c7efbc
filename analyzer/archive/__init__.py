"""Past periods as Parquet, read and written here only.

``FOLDER/company=<slug>/period=YYYY-MM/<source>.parquet`` holds a row per task: its tags, every field, and the text of
the cells. The columns are always the same, so that Polars, DuckDB or Spark read all periods as one table, and a past
month can be placed and assessed again under another policy. A run of the same company, period and source replaces it.
"""

from analyzer.archive.ledger import write_ledger
from analyzer.archive.loading import Stored, latest, load, trend, unreadable
from analyzer.archive.shelves import periods
from analyzer.archive.storing import SCHEMA_VERSION, store

__all__ = [
    "SCHEMA_VERSION",
    "Stored",
    "latest",
    "load",
    "periods",
    "store",
    "trend",
    "unreadable",
    "write_ledger",
]
