"""What the command line says: results on the output, progress and warnings beside it, in one language."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from siting.errors import visible

if TYPE_CHECKING:
    import pandas as pd

_STEP = re.compile(r"(\d+/\d+ )?(.*?) / (.*)", re.DOTALL)


def say(text: str, lang: str | None = None) -> None:
    """Write a line beside the output; of one in both languages, only the part in `lang`."""
    print(text if lang is None else in_one(text, lang), file=sys.stderr, flush=True)


def in_one(text: str, lang: str) -> str:
    """
    Return the part in one language of a line "Chinese / English".

    Examples
    --------
    >>> in_one("2/5 写表格 / writing tables", "en"), in_one("2/5 写表格 / writing tables", "zh")
    ('2/5 writing tables', '2/5 写表格')
    """
    found = _STEP.fullmatch(text)
    if found is None:
        return text
    step, zh, en = found.groups()
    return (step or "") + (zh if lang == "zh" else en)


def warned(message: Warning | str, *_: object, lang: str, **__: object) -> None:
    """Write a warning beside the output: it says all in Chinese first, then all in English."""
    lines = str(message).split("\n")
    half = len(lines) // 2
    if len(lines) % 2 == 0:
        lines = lines[:half] if lang == "zh" else lines[half:]
    head = "注意：" if lang == "zh" else "note: "
    say(head + "\n".join(lines))


def print_frame(frame: pd.DataFrame) -> None:
    """Print a frame as lines with tabs, which both people and spreadsheets take."""
    print("\t".join(visible(c, 400) for c in frame.columns))
    for row in frame.itertuples(index=False):
        print("\t".join("" if cell is None else visible(cell, 400) for cell in row))
