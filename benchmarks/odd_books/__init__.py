"""Odd but valid workbooks, each a small plain one with one twist; and some that have to be refused."""

from benchmarks.odd_books.base import Odd
from benchmarks.odd_books.markup import MARKUP
from benchmarks.odd_books.names import NAMED
from benchmarks.odd_books.parts import FURTHER
from benchmarks.odd_books.sheets import SHEETS
from benchmarks.odd_books.zips import ZIPS

ODD_BOOKS: tuple[Odd, ...] = (Odd("plain"), *MARKUP, *SHEETS, *NAMED, *FURTHER, *ZIPS)

__all__ = ["ODD_BOOKS", "Odd"]
