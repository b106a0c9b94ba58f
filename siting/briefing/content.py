"""What Word and slides show of a story, in order; cells as the page shows them; files without an hour."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from siting import tables
from siting.briefing.story import Cards, Heading, Items, Picture, Story, Table, Text
from siting.briefing.workbook import merged_colours, painter
from siting.errors import stop
from siting.files import Paint, write_atomic
from siting.schema import Lang

FONT = "Microsoft YaHei"  # on every Chinese Windows; elsewhere the next font with hanzi
WIDEST = 12  # columns of a table outside the workbook
_DATE = datetime(2000, 1, 1)  # noqa: DTZ001  (the same content must give the same bytes)
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def shown(value: Any) -> str:
    """
    Return a cell as the page shows it.

    Examples
    --------
    >>> [shown(one) for one in (1447.123, 0.25, 12000, "甲", float("nan"))]
    ['1,447.12', '0.2500', '12,000', '甲', '']
    """
    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        if value != value:  # noqa: PLR0124  (a NaN)
            return ""
        return f"{value:.4f}" if -10 < value < 10 else f"{value:,.2f}"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return plain(value)


def plain(text: object) -> str:
    """Return a text with the mark U+FFFD for each character that XML cannot hold."""
    return _UNFIT.sub("\ufffd", str(text).replace("\r\n", "\n").replace("\r", "\n"))


@dataclass(frozen=True, eq=False)
class Grid:
    """A table to show: its title, its frame, and the colours of its cells."""

    title: str
    frame: pd.DataFrame
    paint: Paint

    def rows(self, most: int) -> list[list[tuple[str, tuple[str, str] | None]]]:
        """Return text and colours of each cell, the headings first, of at most so many rows."""
        part = self.frame.iloc[:most, :WIDEST]
        heads = [str(column) for column in part.columns]
        body = [
            [(shown(cell), self.paint(head, cell)) for head, cell in zip(heads, row, strict=True)]
            for row in part.itertuples(index=False, name=None)
        ]
        return [[(plain(head), self.paint(head, head)) for head in heads], *body]

    def rest(self, most: int, lang: Lang) -> str:
        """Return the sentence that says where the rest is; empty if all of it is shown."""
        tall, wide = self.frame.shape
        if tall <= most and wide <= WIDEST:
            return ""
        if lang == "zh":
            return (
                f"此处为前 {min(tall, most)} 行、前 {min(wide, WIDEST)} 列，全表共 {tall} 行 {wide} 列，"
                "见 tables.xlsx。"
            )
        return (
            f"The first {min(tall, most)} rows and {min(wide, WIDEST)} columns; the whole table of "
            f"{tall} rows and {wide} columns is in tables.xlsx."
        )


def parts(story: Story, folder: Path) -> Iterator[tuple[str, Any]]:
    """
    Give what a document shows, in order: pairs of a kind and its content.

    The kinds are title, lead, chapter, heading, text, note, item, cards, table and folded (a `Grid`),
    picture (caption and file) and credit. Tables that stand in the workbook alone are left to it.
    """
    colours = merged_colours(story.chapters)
    yield "title", plain(story.title)
    yield "lead", plain(story.lead)
    for chapter in story.chapters:
        yield "chapter", plain(chapter.title)
        for block in chapter.blocks:
            if isinstance(block, Heading):
                yield "heading", plain(block.text)
            elif isinstance(block, Text):
                yield ("note" if block.note else "text"), plain(block.text)
            elif isinstance(block, Items):
                yield from (("item", plain(one)) for one in block.sentences)
            elif isinstance(block, Cards):
                yield "cards", Grid(plain(chapter.short), block.frame, lambda _head, _cell: None)
            elif isinstance(block, Picture):
                file = folder / "figures" / f"{block.name}.png"
                yield "picture", (plain(block.caption), file if file.is_file() else None)
            elif isinstance(block, Table) and block.shown != "workbook":
                title = tables.table_title(block.key, lang=story.lang)
                paint = painter(block, {**colours, **chapter.colours})
                yield (
                    ("folded" if block.shown == "folded" else "table"),
                    Grid(f"{plain(chapter.short)} · {title}", block.frame, paint),
                )
    yield "credit", plain(story.credit)


def letters(text: str) -> int:
    """Return the width of a text in letters: a hanzi takes two."""
    return sum(2 if ord(c) > 0x2E80 else 1 for c in text)


def widths(rows: list[list[tuple[str, Any]]], whole: int) -> list[int]:
    """Share a width among the columns of a table by their longest texts, held back where very long."""
    head, *body = rows
    longest = [
        min(max([min(letters(head[j][0]), 12), *(letters(line[j][0]) for line in body), 6]), 24) + 7
        for j in range(len(head))
    ]
    return [whole * one // sum(longest) for one in longest]


def missing(package: str) -> None:
    """Stop and say how to install what Word and slides need."""
    stop(
        code="E-OFF-01",
        value=package,
        reason="没有安装写 Word 和幻灯片所需的软件包",
        reason_en="the package that writes Word and slides is not installed",
        fix="请运行 pip install 'siting[office]'",
        fix_en="Run pip install 'siting[office]'",
    )


def save_package(path: Path, save: Callable[[Path], object]) -> Path:
    """Write an office file so that the same content gives the same bytes: no hour is kept in it."""

    def write(part: Path) -> None:
        raw = part.with_suffix(".raw")
        try:
            save(raw)
            with zipfile.ZipFile(raw) as made, zipfile.ZipFile(part, "w") as fixed:
                for name in made.namelist():
                    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                    entry.compress_type = zipfile.ZIP_DEFLATED
                    fixed.writestr(entry, made.read(name))
        finally:
            raw.unlink(missing_ok=True)

    return write_atomic(path, write)


def name_package(properties: Any, title: str, lang: str) -> None:
    """Set the properties of an office file: its title, a fixed date, nobody's name."""
    properties.title = title[:255]
    properties.author = properties.last_modified_by = "siting"
    properties.comments = properties.keywords = properties.subject = ""
    properties.language = "zh-CN" if lang == "zh" else "en"
    properties.created = properties.modified = properties.last_printed = _DATE
    properties.revision = 1
