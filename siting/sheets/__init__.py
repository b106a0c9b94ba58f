"""Table files as text: what stands in each cell, and the row number that a spreadsheet shows for it."""

from __future__ import annotations

from siting.sheets.encoding import BIG5, decode, read_text
from siting.sheets.records import heading_key, records
from siting.sheets.table import Table, read_csv_text
from siting.sheets.workbook import read_workbook_text

__all__ = [
    "BIG5",
    "Table",
    "decode",
    "heading_key",
    "read_csv_text",
    "read_text",
    "read_workbook_text",
    "records",
]
