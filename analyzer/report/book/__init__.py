"""The annotated workbook, sheet by sheet: one module each, over one palette and one kind of paper."""
