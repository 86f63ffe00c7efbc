"""The annotated workbook: a module for each sheet and each part of the Summary, one palette, one kind of paper."""
