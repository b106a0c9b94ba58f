"""Workbooks: frames as sheets that an office can use as they are, with contents and field notes."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from siting.export.names import check_suffix
from siting.files import Sheet, write_workbook
from siting.schema import Lang, check_lang, label

CONTENTS = ("目录", "Contents")
FIELD_NOTES = ("字段说明", "Field notes")
_HEADS = {
    "sheet": ("表", "Sheet"),
    "title": ("内容", "What it shows"),
    "rows": ("行数", "Rows"),
    "notes": ("说明", "Notes"),
    "column": ("列", "Column"),
    "unit": ("单位", "Unit"),
    "meaning": ("含义", "Meaning"),
}
_P = "[<0.0001]0.0E+00;0.0000"  # a small p is never shown as nought
_KNOWN = {
    label(column, lang): pattern
    for column, pattern in (
        *((name, "0.000000") for name in ("lon", "lat")),
        *((name, "0") for name in ("year",)),
        *((name, _P) for name in ("p", "q")),
    )
    for lang in ("zh", "en")
}
_PROBABILITY = re.compile(r"(?<![A-Za-z])[pq](?![A-Za-z])")


def save_workbook(
    frames: Mapping[str, pd.DataFrame | Sheet],
    path: str | os.PathLike[str],
    *,
    formats: Mapping[str, str] | None = None,
    contents: bool = False,
    lang: Lang = "zh",
    overwrite: bool = True,
) -> Path:
    """
    Write frames as the sheets of an .xlsx: texts are text cells, the same bytes each time.

    Parameters
    ----------
    frames
        Frames by sheet name; their columns are the headings, their index is not written. A `Sheet`
        says more of a frame: title, notes, units, meanings, widths, colours, marks.
    path
        The .xlsx file.
    formats
        Excel number format by heading, such as ``{"p": "0.0000"}``. Without one, a column of numbers
        gets the format of its kind: thousands for whole numbers, four decimals below 10, else two.
    contents
        Whether a sheet 目录 that links to the others comes first, to which the first heading of each
        leads back, and a sheet 字段说明 with the unit and the meaning of the columns last, where a
        `Sheet` says any.
    lang
        Language of these two sheets.
    overwrite
        Whether an existing file may be replaced.

    Returns
    -------
    path

    Raises
    ------
    InputError
        If Excel cannot hold the content.
    OutputError, ExistingOutputError
        If the file cannot be written.

    Notes
    -----
    The headings stand in row 1 of each sheet, so that any program reads the sheets as tables. They stay
    in view with the columns that name the rows, carry unit and meaning as a note, and are repeated
    in print. A title is printed above each page, name of the sheet and number of the page below.

    Examples
    --------
    >>> import tempfile
    >>> sheet = Sheet(pd.DataFrame({"p": [0.01]}), title="检验", meanings={"p": "精确概率"})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = save_workbook({"一": sheet}, Path(folder, "a.xlsx"), contents=True)
    ...     list(pd.read_excel(file, sheet_name=None))
    ['目录', '一', '字段说明']
    """
    check_suffix(path, ".xlsx")
    check_lang(lang)
    sheets = {
        name: _formatted(one if isinstance(one, Sheet) else Sheet(one), formats or {})
        for name, one in frames.items()
    }
    if contents:
        sheets = _surrounded(sheets, lang)
    return write_workbook(path, sheets, overwrite=overwrite)


def _formatted(sheet: Sheet, formats: Mapping[str, str]) -> Sheet:
    """Return a sheet with a number format for each column of numbers."""
    frame = sheet.frame
    kinds = {column: _kind(str(column), frame.iloc[:, j]) for j, column in enumerate(frame.columns)}
    asked = {column: one for column, one in formats.items() if column in kinds}
    return replace(sheet, formats={**kinds, **asked, **sheet.formats})


def _kind(heading: str, values: pd.Series) -> str:
    """Return the number format that suits a column."""
    if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        return "General"
    known = values.dropna().astype("float64")
    if heading in _KNOWN:
        return _KNOWN[heading]
    if (known == known.round()).all():
        return "#,##0"
    if _PROBABILITY.search(heading) and known.between(0, 1).all():
        return _P
    return "0.0000" if known.abs().max() < 10 else "#,##0.00"


def _surrounded(sheets: Mapping[str, Sheet], lang: Lang) -> dict[str, Sheet]:
    """Return the sheets between a list of them and a list of their columns."""
    word = {key: pair[lang != "zh"] for key, pair in _HEADS.items()}
    first, last = (pair[lang != "zh"] for pair in (CONTENTS, FIELD_NOTES))
    notes = pd.DataFrame(
        [
            (name, str(column), sheet.units.get(column, ""), sheet.meanings.get(column, ""))
            for name, sheet in sheets.items()
            for column in sheet.frame.columns
            if column in sheet.units or column in sheet.meanings
        ],
        columns=[word[key] for key in ("sheet", "column", "unit", "meaning")],
    )
    inner = dict(sheets)
    if len(notes):
        says = "各列的单位和含义" if lang == "zh" else "Unit and meaning of the columns"
        inner[last] = Sheet(notes, title=says, links=word["sheet"], filtered=True)
    listed = pd.DataFrame(
        [
            (name, sheet.title, len(sheet.frame), "\n".join(sheet.notes))
            for name, sheet in inner.items()
        ],
        columns=[word[key] for key in ("sheet", "title", "rows", "notes")],
    )
    whole = Sheet(listed, {word["rows"]: "#,##0"}, title=first, links=word["sheet"])
    return {first: whole} | {name: replace(sheet, back=first) for name, sheet in inner.items()}
