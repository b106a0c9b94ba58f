"""The story as a Word document: headings and contents, sentences, real tables, pictures; wide ones lie."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
from PIL import Image

from siting.briefing.content import HEAD, INK, LINE, Grid, parts, still
from siting.briefing.fitting import LEADING, Fit, fit
from siting.briefing.paper import (
    EDGE,
    LONG,
    SHORT,
    add_field,
    colour,
    element,
    new_paper,
    points,
    qualified,
)
from siting.briefing.story import Story

ROWS = 300  # of a table; the workbook has all
_TALLEST = 130.0  # of a row on an upright page [pt]
_TOGETHER = 340.0  # a table of at most this height stays on one page [pt]
_MARGIN = (4.0, 2.0)  # of a cell [pt]
_PARAGRAPHS = {
    "title": "Title",
    "lead": "Subtitle",
    "chapter": "Heading 1",
    "heading": "Heading 2",
    "text": "Normal",
    "note": "Note",
    "item": "List Bullet",
    "credit": "Note",
}


def new_document(story: Story, folder: Path) -> Any:
    """Return the document; its contents, captions and page numbers are fields, right as they stand."""
    pages = _Pages(story)
    told = list(parts(story, folder))
    headings = [
        (kind, content[0] if kind == "chapter" else content)
        for kind, content in told
        if kind in ("chapter", "heading")
    ]
    contents = False
    for kind, content in told:
        if kind == "chapter" and not contents:
            pages.contents(headings)
            contents = True
        if kind in ("chapter", "heading"):
            pages.heading(kind, content[0] if kind == "chapter" else content)
        elif kind in _PARAGRAPHS:
            pages.document.add_paragraph(content, style=_PARAGRAPHS[kind])
        elif kind == "picture":
            pages.picture(*content)
        else:
            pages.table(content)
    return pages.document


class _Pages:
    """The pages so far: which way the last lies, and how many headings, tables and pictures there are."""

    def __init__(self, story: Story) -> None:
        self.document, self.story, self.zh = new_paper(story.title), story, story.lang == "zh"
        self.lying = False
        self.count = {"heading": 0, "table": 0, "figure": 0}

    def turn(self, *, lying: bool) -> None:
        """Go on, on a new page, with pages that lie or stand, if the last one does not."""
        from docx.enum.section import WD_ORIENT  # noqa: PLC0415  (an extra)

        if lying != self.lying:
            page = self.document.add_section()
            page.orientation = WD_ORIENT.LANDSCAPE if lying else WD_ORIENT.PORTRAIT
            page.page_width, page.page_height = points(*sorted((SHORT, LONG), reverse=lying))
            self.lying = lying

    def contents(self, headings: list[tuple[str, str]]) -> None:
        """Add the list of contents: links to the headings; Word adds page numbers when it is asked to."""
        self.document.add_paragraph("目录" if self.zh else "Contents", style="TOC Heading")
        for i, (kind, text) in enumerate(headings):
            line = self.document.add_paragraph(style="toc 1" if kind == "chapter" else "toc 2")
            if i == 0:
                add_field(line, r' TOC \o "1-2" \h \z \u ', None)
            link = element("w:hyperlink", anchor=_bookmark(i), history="1")
            link.append(line.add_run(text)._r)  # noqa: SLF001  (python-docx has no other way)
            line._p.append(link)  # noqa: SLF001  (no other way)
            if i == len(headings) - 1:
                line.add_run()._r.append(element("w:fldChar", fldCharType="end"))  # noqa: SLF001  (no other way)

    def heading(self, kind: str, text: str) -> None:
        """Add a heading with the mark that the contents lead to."""
        self.turn(lying=False)
        line = self.document.add_paragraph(style=_PARAGRAPHS[kind])
        number = self.count["heading"]
        mark = element("w:bookmarkStart", id=str(number), name=_bookmark(number))
        line._p.append(mark)  # noqa: SLF001  (python-docx has no other way)
        line.add_run(text)
        line._p.append(element("w:bookmarkEnd", id=str(number)))  # noqa: SLF001  (no other way)
        self.count["heading"] += 1

    def caption(self, kind: str, text: str, style: str) -> Any:
        """Add a numbered caption."""
        self.count[kind] += 1
        zh, en = {"table": ("表", "Table"), "figure": ("图", "Figure")}[kind]
        line = self.document.add_paragraph(f"{zh if self.zh else en} ", style=style)
        add_field(line, rf" SEQ {en} \* ARABIC ", str(self.count[kind]))
        line.add_run(f"  {text}")
        return line

    def picture(self, caption: str, file: Path | None, basis: str) -> None:
        """Add a picture, and below it the caption and what the picture rests on."""
        self.turn(lying=False)
        if file is not None:
            with Image.open(file) as image:
                wide, tall = image.size
            width = min(SHORT - 2 * EDGE, 560 * wide / tall)
            shape = self.document.add_picture(still(file), width=points(width)[0])
            shape._inline.docPr.set("descr", caption)  # noqa: SLF001  (no other way)
            self.document.paragraphs[-1].paragraph_format.keep_with_next = True
        below = self.caption("figure", caption, "Figure caption")
        if basis:
            below.add_run(f" ({basis})" if not self.zh else f"（{basis}）")

    def table(self, grid: Grid) -> None:
        """Add a table on the page where its numbers and words stay whole; a long one is cut, and says so."""
        rows = grid.rows(ROWS)
        made, lying = _fitted(rows)
        self.turn(lying=lying or (self.lying and sum(made.heights) <= _TOGETHER))
        if self.lying != lying:  # it follows a wide one on pages that lie
            made = fit(rows, _room(lying=True), size=made.size, margin=_MARGIN)
        title = self.caption("table", grid.title, "Caption")
        title.paragraph_format.keep_with_next = True
        _draw(self.document, grid, rows, made)
        said = " ".join(one for one in (grid.rest(ROWS, self.story.lang), grid.basis) if one)
        after = self.document.add_paragraph(said, style="Note")
        after.paragraph_format.space_before, after.paragraph_format.space_after = points(3, 12)


def _room(*, lying: bool) -> float:
    return (LONG if lying else SHORT) - 2 * EDGE


def _fitted(rows: list[list[tuple[str, Any]]]) -> tuple[Fit, bool]:
    """Return how a table fits, and whether on a page that lies: upright if that breaks no word."""
    for lying, sizes in ((False, (9.0, 8.5, 8.0)), (True, (9.0, 8.5, 8.0, 7.5, 7.0))):
        made = [fit(rows, _room(lying=lying), size=one, margin=_MARGIN) for one in sizes]
        whole = [one for one in made if not one.breaks]
        low = [one for one in whole if max(one.heights) <= _TALLEST]
        if low:
            return low[0], lying
    return (whole or made)[-1], True


def _draw(document: Any, grid: Grid, rows: list[list[tuple[str, Any]]], made: Fit) -> None:
    """Draw a table: its headings stand on each page, no row is split, a short one stays whole."""
    table = document.add_table(len(rows), len(rows[0]), style="Table Grid")
    table.autofit = False
    _lines(table)
    description = element("w:tblDescription", val=grid.title)
    table._tbl.tblPr.append(description)  # noqa: SLF001  (python-docx has no other way)
    right = [pd.api.types.is_numeric_dtype(one) for one in grid.frame.dtypes]
    together = sum(made.heights) <= _TOGETHER
    widths = points(*made.widths)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width  # LibreOffice reads these, Word those of the cells
    for i, (line, drawn) in enumerate(zip(rows, table.rows, strict=True)):
        kept = drawn._tr.get_or_add_trPr()  # noqa: SLF001  (python-docx has no other way)
        kept.append(element("w:cantSplit"))
        if i == 0:
            kept.append(element("w:tblHeader"))
        for j, ((text, colours), cell) in enumerate(zip(line, drawn.cells, strict=True)):
            cell.width = widths[j]
            _cell(
                cell,
                text,
                colours or ((HEAD, INK) if i == 0 else None),
                made.size,
                bold=i == 0,
                right=right[j],
                kept=i == 0 or (together and i < len(rows) - 1),
            )


def _cell(
    cell: Any,
    text: str,
    colours: tuple[str, str] | None,
    size: float,
    *,
    bold: bool,
    right: bool,
    kept: bool,
) -> None:
    """Write a cell; `kept` with the row below on one page."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415  (an extra)

    paragraph = cell.paragraphs[0]
    place = paragraph.paragraph_format
    (place.line_spacing,) = points(size * LEADING)
    place.space_before, place.space_after = points(_MARGIN[1], _MARGIN[1])
    place.keep_with_next = kept
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = paragraph.add_run(text)
    (run.font.size,) = points(size)
    run.bold = bold
    if colours is not None:
        ground, ink = colours
        shade = element("w:shd", val="clear", color="auto", fill=ground[1:])
        cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001  (python-docx has no other way)
        run.font.color.rgb = colour(ink)


def _lines(table: Any) -> None:
    """Draw the lines of a table thin and grey, so that the numbers are seen first; set its margins."""
    borders, margins = element("w:tblBorders"), element("w:tblCellMar")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(element(f"w:{side}", val="single", sz="4", space="0", color=LINE[1:]))
    for side in ("left", "right"):
        margins.append(element(f"w:{side}", w=str(round(_MARGIN[0] * 20)), type="dxa"))
    for one, after in ((borders, "w:tblLayout"), (margins, "w:tblLook")):  # in this order
        table._tbl.tblPr.find(qualified(after)).addprevious(one)  # noqa: SLF001  (no other way)


def _bookmark(number: int) -> str:
    return f"_Toc{number + 1:06d}"
