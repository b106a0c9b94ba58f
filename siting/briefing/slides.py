"""The story as slides: answers as titles, pictures and real tables, each to be edited on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
from PIL import Image

from siting.briefing.content import HEAD, INK, LINE, Grid, parts, still
from siting.briefing.deck import (
    BOTTOM,
    COVER,
    EDGE,
    GAP,
    SECTION,
    SEEN,
    SENTENCES,
    SOURCE,
    TOP,
    WIDE,
    colour,
    edge_line,
    fill,
    new_deck,
    new_slide,
    size_of,
    write,
)
from siting.briefing.fitting import LEADING, Fit, clipped, fit, pages, pieces, wrap
from siting.briefing.story import Story
from siting.briefing.words import first_sentence

ROWS = 36  # of a table over all its slides; the workbook has all
_ROOM = WIDE - 2 * EDGE
_SMALL = 10.0  # letters of the line below a table
_MARGIN = (5.0, 2.5)  # of a cell
_STYLE = "{http://schemas.openxmlformats.org/drawingml/2006/main}tableStyleId"

Said = list[tuple[str, str]]


def new_slides(story: Story, folder: Path) -> Any:
    """Return the slides; the tables that the page folds are left to the document and the workbook."""
    deck = new_deck()
    group = _Group(deck, story)
    for kind, content in parts(story, folder):
        if kind == "title":
            new_slide(deck, COVER, content)
        elif kind == "lead":
            fill(deck.slides[0], 1, content, 18)
        elif kind == "chapter":
            group.close()
            group.begin(*content)
        elif kind == "heading":
            group.close()
            group.title, group.headed = content, True
        elif kind in ("text", "note", "item", "credit"):
            group.said.append((kind, content))
        elif kind != "folded":
            group.seen.append((kind, content))
    group.close()
    return deck


class _Group:
    """What stands under one heading: its sentences, beside its first picture if they fit, and the rest."""

    def __init__(self, deck: Any, story: Story) -> None:
        self.deck, self.story, self.zh = deck, story, story.lang == "zh"
        self.title = "主要结论" if self.zh else "Main findings"
        self.chapter, self.headed = "", False
        self.said: Said = []
        self.seen: list[tuple[str, Any]] = []

    def begin(self, title: str, short: str, answer: str) -> None:
        """Begin a chapter with a slide that says its answer."""
        self.title, self.chapter, self.headed = title, short, False
        slide = self.slide(SECTION, answer or title)
        fill(slide, 1, clipped(title, (_ROOM - 72) / 16, 2) if answer else "", 16)

    def slide(self, layout: int, title: str) -> Any:
        """Return a new slide under this heading."""
        own = self.title not in (title, self.chapter) and not self.title.startswith(self.chapter)
        kicker = " · ".join(one for one in (self.chapter, self.title if own else "") if one)
        return new_slide(self.deck, layout, title, kicker=kicker, foot=self.story.title)

    def close(self) -> None:
        """Write the slides; a line of small print before a table goes below the table."""
        title, said = self._message()
        below = ""
        if self.seen and self.seen[0][0] == "picture":
            caption, file, basis = self.seen[0][1]
            size = _fits(said, _ROOM - _beside(file), BOTTOM - TOP - 18, (14, 13, 12, 11))
            if said and file is not None and size:
                self.picture(title, caption, file, basis, said=said, size=size)
                self.seen, said = self.seen[1:], []
        elif self.seen and len(said) == 1 and said[0][0] == "note":
            line = said[0][1]
            if len(wrap(line, _ROOM / _SMALL)) <= 2:
                below, said = line, []
        self.sentences(title, said)
        for kind, content in self.seen:
            if kind != "picture":
                self.table(content, below)
                below = ""
            elif content[1] is not None:
                self.picture(content[0], *content)
        self.said, self.seen = [], []

    def _message(self) -> tuple[str, Said]:
        """Return the answer under a heading as a title, and what else is said there."""
        for i, (kind, text) in enumerate(self.said):
            if kind == "text" and self.headed:
                message = first_sentence(text)
                rest = [(kind, text[len(message) :].strip())] if message != text else []
                return message, [*self.said[:i], *rest, *self.said[i + 1 :]]
        return self.title, self.said

    def sentences(self, title: str, said: Said) -> None:
        """Add as many slides as the sentences take, none for none."""
        room, tall = _ROOM, BOTTOM - TOP - 10
        size = _fits(said, room, tall, (20, 18, 16, 14)) or 14
        cut = [
            (kind, piece)
            for kind, text in said
            for piece in pieces(text, _ems(kind, room, size), int((tall - GAP) / size / LEADING))
        ]
        heights = [0.0, *(_height([one], room, size) for one in cut)]
        groups = pages(heights, tall) if cut else []
        for i, rows in enumerate(groups):
            slide = self.slide(SENTENCES, self.named(title, i, len(groups)))
            write(slide.placeholders[1].text_frame, [cut[j - 1] for j in rows[1:]], size)

    def named(self, title: str, i: int, of: int) -> str:
        """Return the title of a slide among those that go on with it."""
        if i == 0:
            return title
        return f"{title}（续 {i + 1}/{of}）" if self.zh else f"{title} (continued, {i + 1}/{of})"

    def picture(
        self,
        title: str,
        caption: str,
        file: Path,
        basis: str,
        *,
        said: Said | None = None,
        size: float = 0,
    ) -> None:
        """Add a slide with a picture; what is `said` stands beside it, what it rests on below."""
        slide = self.slide(SEEN, title)
        wide, tall = _drawn(file)
        left = WIDE - EDGE - wide if said else (WIDE - wide) / 2
        shape = slide.shapes.add_picture(still(file), *_emu(left, TOP, wide, tall))
        shape._element.nvPicPr.cNvPr.set("descr", caption)  # noqa: SLF001  (no other way)
        if said:
            box = slide.shapes.add_textbox(*_emu(EDGE, TOP, left - EDGE - 12, tall))
            for side in ("margin_left", "margin_right", "margin_top", "margin_bottom"):
                setattr(box.text_frame, side, 0)
            write(box.text_frame, said, size)
        below = [one for one in (caption if caption != title else "", basis) if one]
        fill(slide, SOURCE, clipped(" · ".join(below), _ROOM / _SMALL, 1), _SMALL)

    def table(self, grid: Grid, below: str) -> None:
        """Add slides with a table, its headings on each; what it rests on and is cut stands below."""
        rows = grid.rows(ROWS)
        said = [one for one in (below, grid.rest(ROWS, self.story.lang), grid.basis) if one]
        lines = len(wrap(" ".join(said), _ROOM / _SMALL)) if said else 0
        tall = BOTTOM - TOP - (min(lines, 3) + 1) * _SMALL * LEADING
        made = _fitted(rows, tall)
        room = [(one - 2 * _MARGIN[0] - 1) / made.size * 0.9 for one in made.widths]
        most = int((tall - min(made.heights[0], tall / 3)) / made.size / LEADING) - 1
        short = [
            [
                (clipped(text, ems, most // 3 if i == 0 else most), paint)
                for (text, paint), ems in zip(line, room, strict=True)
            ]
            for i, line in enumerate(rows)
        ]
        if short != rows:
            made = _fitted(short, tall, sizes=(made.size,))
            cut = "末尾有“…”的格，全文见 tables.xlsx。"
            said = [cut if self.zh else "Cells that end in … stand whole in tables.xlsx.", *said]
        note = clipped(" ".join(said), _ROOM / _SMALL, 3)
        title = grid.title.removeprefix(f"{self.chapter} · ")
        groups = pages(made.heights, tall)
        for i, on in enumerate(groups):
            slide = self.slide(SEEN, self.named(title, i, len(groups)))
            _draw(slide, grid, [short[j] for j in on], made, [made.heights[j] for j in on])
            if note:
                write(slide.placeholders[SOURCE].text_frame, [("title", note)], _SMALL)
            else:
                fill(slide, SOURCE, "", _SMALL)


def _ems(kind: str, room: float, size: float) -> float:
    return (room - (27 if kind == "item" else 15)) / size_of(kind, size)


def _height(said: Said, room: float, size: float) -> float:
    return sum(
        len(wrap(text, _ems(kind, room, size))) * size_of(kind, size) * LEADING + GAP
        for kind, text in said
    )


def _fits(said: Said, room: float, tall: float, sizes: tuple[int, ...]) -> float:
    """Return the largest of the sizes in which the sentences fit, 0 if they fit in none."""
    return next((one for one in sizes if _height(said, room, one) <= tall), 0)


def _drawn(file: Path) -> tuple[float, float]:
    """Return the size of a picture on a slide [pt]."""
    with Image.open(file) as image:
        wide, tall = image.size
    scale = min(_ROOM / wide, (BOTTOM - TOP - 18) / tall)
    return wide * scale, tall * scale


def _beside(file: Path | None) -> float:
    return 0.0 if file is None else _drawn(file)[0] + 12


def _fitted(
    rows: list[list[tuple[str, Any]]],
    tall: float,
    *,
    sizes: tuple[float, ...] = (14, 12, 11, 10, 9),
) -> Fit:
    """Return the largest letters in which a table fits on a slide, else those for several slides."""
    made = [fit(rows, _ROOM, size=one, margin=_MARGIN) for one in sizes]
    whole = [one for one in made if not one.breaks and sum(one.heights) <= tall]
    if whole:
        return whole[0]
    several = [one for one in made if not one.breaks and one.size <= 10] or made[-1:]
    return min(several, key=lambda one: len(pages(one.heights, tall)))


def _draw(
    slide: Any, grid: Grid, rows: list[list[tuple[str, Any]]], made: Fit, heights: list[float]
) -> None:
    """Draw rows of a table on a slide; numbers stand right."""
    frame = slide.shapes.add_table(len(rows), len(rows[0]), *_emu(EDGE, TOP, _ROOM, sum(heights)))
    frame._element.nvGraphicFramePr.cNvPr.set("descr", grid.title)  # noqa: SLF001  (no other way)
    table = frame.table
    style = table._tbl.tblPr.find(_STYLE)  # noqa: SLF001  (python-pptx has no other way)
    style.text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # plain: no lines, no grounds of its own
    for column, width in zip(table.columns, made.widths, strict=True):
        (column.width,) = _emu(width)
    for row, height in zip(table.rows, heights, strict=True):
        (row.height,) = _emu(height)
    right = [pd.api.types.is_numeric_dtype(one) for one in grid.frame.dtypes]
    for i, line in enumerate(rows):
        for j, (text, colours) in enumerate(line):
            plain = (HEAD, INK) if i == 0 else ("#ffffff", INK)
            _cell(table.cell(i, j), text, colours or plain, made.size, head=i == 0, right=right[j])


def _cell(
    cell: Any, text: str, colours: tuple[str, str], size: float, *, head: bool, right: bool
) -> None:
    from pptx.enum.text import PP_ALIGN  # noqa: PLC0415  (an extra)

    wide, tall = _emu(*_MARGIN)
    cell.margin_left = cell.margin_right = wide
    cell.margin_top = cell.margin_bottom = tall
    cell.fill.solid()
    cell.fill.fore_color.rgb = colour(colours[0])
    edge_line(cell, LINE)
    write(cell.text_frame, [("cell", text)], size)
    paragraph = cell.text_frame.paragraphs[0]
    if right:
        paragraph.alignment = PP_ALIGN.RIGHT
    for run in paragraph.runs:  # none in an empty cell
        run.font.color.rgb = colour(colours[1])
        run.font.bold = head


def _emu(*points: float) -> list[int]:
    return [round(one * 12700) for one in points]
