"""Measures the texts of Word and slides with the letters of a real font, to see what breaks or overruns."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
from PIL import ImageFont

POINT = 12700  # EMU
_FONTS = Path(mpl.get_data_path()) / "fonts" / "ttf"
_HAN = re.compile("[\u2e80-\uffff]")
_WORD = re.compile(r"[^\s\u2e80-\uffff]+")
ADDRESS = re.compile(r"[/_@]|\w{19}")  # what may break


@cache
def _font(*, bold: bool) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(_FONTS / f"DejaVuSans{'-Bold' * bold}.ttf"), 100)


def measured(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a text is [pt] in DejaVu Sans, which is wide; it has no hanzi: they take one em."""
    return size * (len(_HAN.findall(text)) + _font(bold=bold).getlength(_HAN.sub("", text)) / 100)


def lines(text: str, size: float, room: float, *, bold: bool) -> int:
    """Return how many lines a text takes: words go on the next one, hanzi wherever there is room."""
    count, taken = 1, 0.0
    for step in re.findall(r"[^\s\u2e80-\uffff]+|\s|.", text):
        needs = measured(step, size, bold=bold)
        if taken and taken + needs > room and not step.isspace():
            count, taken = count + 1, 0.0
        count += int(needs / room)
        taken += needs % room
    return count


def rows_of_slide(slide: Any) -> list[list[str]]:
    """Return the texts of the table of a slide; none if it has none."""
    for shape in slide.shapes:
        if shape.has_table:
            return [[cell.text for cell in row.cells] for row in shape.table.rows]
    return []


def too_tall(slide: Any) -> list[str]:
    """Return the texts of a slide that take more room than they have, or lie outside it."""
    found = []
    wide, tall = 960 * POINT, 540 * POINT
    lowest = min(
        [one.top for one in slide.placeholders if one.placeholder_format.idx == 14 and one.text]
        or [tall]
    )
    for shape in slide.shapes:
        inside = shape.left >= 0 and shape.left + shape.width <= wide + 1
        if not inside or shape.top < 0 or shape.top + shape.height > tall + 1:
            found.append(shape.name)
        if shape.has_text_frame and shape.text_frame.text:
            frame = shape.text_frame
            room = (shape.width - frame.margin_left - frame.margin_right) / POINT
            needs = sum(_height(one, room) for one in frame.paragraphs)
            if needs > shape.height / POINT + 1:
                found.append(frame.text)
        if shape.has_table:
            found += _too_tall_rows(shape, lowest)
    return found


def _height(paragraph: Any, room: float) -> float:
    if not paragraph.runs:
        return 0.0  # the number of the page
    (run,) = paragraph.runs
    size, bold = run.font.size.pt, bool(run.font.bold)
    indent = int(paragraph._p.pPr.get("marL") or 0) / POINT
    count = lines(run.text, size, room - indent, bold=bold)
    after = paragraph.space_after.pt if paragraph.space_after is not None else 0.0
    return float(count * paragraph.line_spacing.pt + after)


def _too_tall_rows(shape: Any, lowest: int) -> list[str]:
    table, found = shape.table, []
    if shape.top + sum(row.height for row in table.rows) > lowest + POINT * 30:
        found.append("the table runs into the line below it")
    for row in table.rows:
        for column, cell in zip(table.columns, row.cells, strict=True):
            room = (column.width - cell.margin_left - cell.margin_right) / POINT
            (paragraph,) = cell.text_frame.paragraphs
            (end,) = re.findall(r'endParaRPr[^>]* sz="(\d+)"', paragraph._p.xml) or ["1800"]
            empty = (
                int(end) / 100 * 1.2
            )  # what an empty cell takes, which has no letters of its own
            needs = max(_height(paragraph, room), empty) * POINT
            if needs + cell.margin_top + cell.margin_bottom > row.height + POINT:
                found.append(cell.text)
    return found


def broken(table: Any, *, margin: float = 4.0) -> list[str]:
    """Return the words and numbers of a table, of Word or of a slide, that its columns are too narrow for."""
    found = []
    for row in table.rows:
        for column, cell in zip(table.columns, row.cells, strict=True):
            paragraph = getattr(cell, "text_frame", cell).paragraphs[0]
            for run in paragraph.runs:
                room = column.width / POINT - 2 * margin
                found += [
                    word
                    for word in _WORD.findall(run.text)
                    if measured(word, run.font.size.pt, bold=bool(run.font.bold)) > room
                    and not ADDRESS.search(word)
                ]
    return found
