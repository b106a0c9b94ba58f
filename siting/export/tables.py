"""Tables as CSV that a spreadsheet opens as Chinese text and never as formulas."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pandas as pd

from siting.export.names import check_suffix
from siting.files import write_text

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def save_csv(frame: pd.DataFrame, path: str | os.PathLike[str], *, overwrite: bool = True) -> Path:
    """
    Write a frame as CSV that Excel opens as Chinese text (UTF-8 with BOM, LF).

    Parameters
    ----------
    frame
        What to write; the index is not written. A text that a spreadsheet would take for a formula
        gets a leading ``'`` (OWASP, CSV injection).
    path
        The .csv file.
    overwrite
        Whether an existing file may be replaced.

    Raises
    ------
    OutputError, ExistingOutputError
        If the file cannot be written.
    """
    check_suffix(path, ".csv")

    def guard(value: Any) -> Any:
        risky = isinstance(value, str) and value.startswith(_FORMULA_STARTS)
        return f"'{value}" if risky else value

    safe = frame.map(guard)
    safe.columns = pd.Index([guard(column) for column in frame.columns])
    text = safe.to_csv(index=False, lineterminator="\n")
    return write_text(path, "\ufeff" + text, overwrite=overwrite)
