"""What Word and slides show of a story, in order; cells as the page shows them."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from siting import tables
from siting.briefing.links import Links
from siting.briefing.shades import small_picture
from siting.briefing.story import Cards, Chapter, Heading, Items, Picture, Story, Table, Text
from siting.briefing.workbook import merged_colours, painter
from siting.files import Paint
from siting.schema import Lang

FONT = "Microsoft YaHei"  # on every Chinese Windows; elsewhere the next font with hanzi
ACCENT, INK, SOFT, LINE, HEAD = "#0b5c8e", "#1c2733", "#4d5a66", "#b8c2cc", "#e8eef4"  # as the page
WIDEST = 12  # columns of a table outside the workbook
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def digits(frame: pd.DataFrame) -> list[int]:
    """
    Return how many decimals the numbers of each column have, the same in all its cells.

    Examples
    --------
    >>> digits(pd.DataFrame({"km2": [5.2, 89.02], "ratio": [0.25, 2.0], "sites": [3.0, 12.0]}))
    [2, 4, 0]
    >>> digits(pd.DataFrame({"expected": [0.0042, 10.67]}))  # two would make nothing of the first
    [4]
    """
    return [_digits(frame.iloc[:, j]) for j in range(frame.shape[1])]


def _digits(column: pd.Series) -> int:
    known = pd.to_numeric(column, errors="coerce").dropna().astype("float64")
    if (known == known.round()).all():
        return 0
    sizes = known[known != 0].abs()
    return 4 if sizes.max() < 10 or sizes.min() < 0.1 else 2


def shown(value: Any, decimals: int = 4) -> str:
    """
    Return a cell as the page shows it, a number that is not whole by kind with so many decimals.

    Examples
    --------
    >>> [shown(one) for one in (0.25, 12000, "甲", float("nan"))]
    ['0.2500', '12,000', '甲', '']
    >>> shown(1447.123, 2)
    '1,447.12'
    """
    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        if value != value:  # noqa: PLR0124  (a NaN)
            return ""
        return f"{value:,.{decimals}f}"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return plain(value)


def plain(text: object) -> str:
    """Return a text with the mark U+FFFD for each character that XML cannot hold."""
    return _UNFIT.sub("\ufffd", str(text).replace("\r\n", "\n").replace("\r", "\n"))


@dataclass(frozen=True, eq=False)
class Grid:
    """A table to show: its title, its frame, the colours of its cells, what its numbers rest on."""

    title: str
    frame: pd.DataFrame
    paint: Paint
    basis: str = ""

    def rows(self, most: int) -> list[list[tuple[str, tuple[str, str] | None]]]:
        """Return text and colours of each cell, the headings first, of at most so many rows."""
        part = self.frame.iloc[:most, :WIDEST]
        heads = [str(column) for column in part.columns]
        places = digits(self.frame)[:WIDEST]
        body = [
            [
                (shown(cell, decimals), self.paint(head, cell))
                for head, cell, decimals in zip(heads, row, places, strict=True)
            ]
            for row in part.itertuples(index=False, name=None)
        ]
        return [[(plain(head), self.paint(head, head)) for head in heads], *body]

    def rest(self, most: int, lang: Lang) -> str:
        """Return the sentence that says where the rest is; empty if all of it is shown."""
        tall, wide = self.frame.shape
        zh = lang == "zh"
        cut = []
        if tall > most:
            cut.append(f"前 {most} 行（共 {tall:,} 行）" if zh else f"{most} of {tall:,} rows")
        if wide > WIDEST:
            cut.append(f"前 {WIDEST} 列（共 {wide} 列）" if zh else f"{WIDEST} of {wide} columns")
        if not cut:
            return ""
        if zh:
            return f"此处为{'、'.join(cut)}，全表见 tables.xlsx。"
        return f"Shown: the first {' and '.join(cut)}; the whole table is in tables.xlsx."


def parts(story: Story, folder: Path) -> Iterator[tuple[str, Any]]:
    """
    Give what a document shows, in order: pairs of a kind and its content.

    The kinds are title, lead, chapter (title, short name and answer), heading, text, note, item, cards, table
    and folded (a `Grid`), picture (caption, file and basis) and credit. Tables that stand in the workbook alone are left to it.
    """
    links, colours = Links(story), merged_colours(story.chapters)
    yield "title", plain(story.title)
    yield "lead", plain(story.lead)
    colon = "：" if story.lang == "zh" else ": "
    answers = [one for one in story.chapters if one.answer]
    yield from (("item", plain(f"{one.short}{colon}{one.answer}")) for one in answers)
    for chapter in story.chapters:
        yield "chapter", (plain(chapter.title), plain(chapter.short), plain(chapter.answer))
        for block in chapter.blocks:
            if isinstance(block, Picture):
                file = folder / "figures" / f"{block.name}.png"
                basis = plain(links.basis_words(block, chapter))
                yield "picture", (plain(block.caption), file if file.is_file() else None, basis)
            elif isinstance(block, Table):
                if block.shown != "workbook":
                    paint = painter(block, {**colours, **chapter.colours})
                    yield (
                        ("folded" if block.shown == "folded" else "table"),
                        _grid(block, chapter, links, paint),
                    )
            else:
                yield from _said(block, chapter, links)
    yield "credit", plain(story.credit)


def _grid(table: Table, chapter: Chapter, links: Links, paint: Paint) -> Grid:
    title = tables.table_title(table.key, lang=links.lang)
    basis = plain(links.basis_words(table, chapter))
    return Grid(f"{plain(chapter.short)} · {title}", table.frame, paint, basis)


def _said(
    block: Heading | Text | Items | Cards, chapter: Chapter, links: Links
) -> Iterator[tuple[str, Any]]:
    """Give what a block without a picture or a table of its own says."""
    if isinstance(block, Heading):
        yield "heading", plain(block.text)
    elif isinstance(block, Items):
        yield from (("item", plain(one)) for one in block.sentences)
        if block.basis:
            yield "note", plain(links.basis_words(block, chapter))
    elif isinstance(block, Cards):
        title = f"{plain(chapter.short)} · {tables.table_title('key_figures', lang=links.lang)}"
        yield "cards", Grid(title, block.frame, lambda _head, _cell: None)
    else:
        basis = links.basis_words(block, chapter)
        told = f" ({basis})" if links.lang == "en" else f"（{basis}）"
        yield ("note" if block.note else "text"), plain(block.text + (told if basis else ""))


def still(file: Path) -> io.BytesIO:
    """Return a figure for a document: as large as a page needs, and in few colours."""
    return io.BytesIO(small_picture(file.read_bytes()))
