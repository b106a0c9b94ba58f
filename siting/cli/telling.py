"""What the command line says: results on the output, progress and warnings beside it, in one language."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from siting.errors import visible

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from siting.schema import Lang

_ROOM = re.compile(r"[A-Z]-([A-Z]+)-")
# An option as Python has it: swap="fix", dedupe=True, columns={"lon": "经度", "weight": None}, sheet=
_OPTION = re.compile(
    r"\b(columns|sheet|encoding|swap|missing_weight|dedupe|frame|boundaries|fields|within|points\w*|overwrite)="
    r"""(\{[^{}]*\}|"[^"]*"|True|)"""
)
_PAIR = re.compile(r""""(\w+)": (?:"([^"]*)"|None)""")
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


def spoken(text: str, flags: Mapping[str, str]) -> str:
    """
    Return a message with the options that it names as they are said on the command line.

    Parameters
    ----------
    text
        A finding in each line.
    flags
        What a word calls each option, by its name in Python, or by ``ROOM.name`` for the findings of
        one room. Others stay as they are.

    Examples
    --------
    >>> flags = {"swap": "--swap", "columns": "--column", "PNT.frame": "--points-frame"}
    >>> spoken('E-PNT-28: read with swap="fix"', flags)
    'E-PNT-28: read with --swap fix'
    >>> spoken('E-PNT-04: columns={"lon": "经度", "weight": None}; frame="bd09"', flags)
    'E-PNT-04: --column lon=经度 --column weight=; --points-frame bd09'
    """
    return "\n".join(_spoken(line, flags) for line in text.split("\n"))


def _spoken(line: str, flags: Mapping[str, str]) -> str:
    room = _ROOM.match(line)

    def said(found: re.Match[str]) -> str:
        name, value = found.groups()
        flag = flags.get(f"{room[1] if room else ''}.{name}") or flags.get(name)
        if flag is None:
            return found[0]
        if value.startswith("{"):
            return " ".join(f"{flag} {_quoted('='.join(pair))}" for pair in _PAIR.findall(value))
        return f"{flag} {_quoted(value[1:-1])}" if value.startswith('"') else flag

    return _OPTION.sub(said, line)


def _quoted(word: str) -> str:
    return f'"{word}"' if re.search(r"[\s&|<>()]", word) else word


def warned(
    message: Warning | str, *_: object, lang: str, flags: Mapping[str, str], **__: object
) -> None:
    """Write a warning beside the output: it says all in Chinese first, then all in English."""
    lines = str(message).split("\n")
    half = len(lines) // 2
    if len(lines) % 2 == 0:
        lines = lines[:half] if lang == "zh" else lines[half:]
    head = "注意：" if lang == "zh" else "note: "
    say(head + spoken("\n".join(lines), flags))


def print_frame(frame: pd.DataFrame, *, lang: Lang | None = None) -> None:
    """
    Print a frame as lines with tabs, which both people and spreadsheets take.

    Its columns have headings already, or with `lang` get those of `siting.schema.label`.
    """
    from siting.schema import label

    heads = frame.columns if lang is None else [label(one, lang) for one in frame.columns]
    print("\t".join(visible(c, 400) for c in heads))
    for row in frame.itertuples(index=False):
        print("\t".join("" if cell is None else visible(cell, 400) for cell in row))
