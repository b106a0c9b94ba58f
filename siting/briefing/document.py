"""The story as a Word document: headings, sentences, real tables, pictures; no field that changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
from PIL import Image

from siting.briefing.content import (
    FONT,
    Grid,
    missing,
    name_package,
    parts,
    save_package,
    still,
    widths,
)
from siting.briefing.story import Story

ROWS = 300  # of a table; the workbook has all
_WIDE_CM, _TALL_CM = 17.0, 20.0
_LINE = "#B8C2CC"


def write_document(story: Story, folder: Path, path: Path) -> Path:
    """
    Write a story as a Word document.

    Parameters
    ----------
    story
        The story.
    folder
        Where its pictures stand already, as ``figures/*.png``.
    path
        The .docx file.

    Raises
    ------
    InputError
        If python-docx is not installed.
    OutputError
        If the file cannot be written.
    """
    try:
        import docx  # noqa: PLC0415  (an extra)
    except ImportError:
        missing("python-docx")
    document = docx.Document()
    _style(document)
    name_package(document.core_properties, story.title, story.lang)
    for kind, content in parts(story, folder):
        if kind in _PARAGRAPHS:
            text = content[0] if kind == "chapter" else content
            document.add_paragraph(text, style=_PARAGRAPHS[kind])
        elif kind == "picture":
            _picture(document, *content)
        else:
            _table(document, content, story)
    return save_package(path, lambda part: document.save(str(part)))


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


def _style(document: Any) -> None:
    """Set A4 and a font with hanzi for every style; theme fonts would win over it."""
    from docx.enum.style import WD_STYLE_TYPE  # noqa: PLC0415  (an extra)
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415  (an extra)
    from docx.oxml.ns import qn  # noqa: PLC0415  (an extra)
    from docx.shared import Cm, Pt, RGBColor  # noqa: PLC0415  (an extra)

    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(2)
    note = document.styles.add_style("Note", WD_STYLE_TYPE.PARAGRAPH)
    note.base_style = document.styles["Normal"]
    note.font.size, note.font.color.rgb = Pt(9), RGBColor(0x4A, 0x55, 0x60)
    document.styles["Normal"].font.size = Pt(10.5)
    figure = document.styles.add_style("Figure caption", WD_STYLE_TYPE.PARAGRAPH)
    figure.base_style = note
    figure.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for style in document.styles.element.iter(qn("w:rFonts")):
        for name in ("ascii", "hAnsi", "eastAsia", "cs"):
            style.attrib.pop(qn(f"w:{name}Theme"), None)
            style.set(qn(f"w:{name}"), FONT)
    for style in document.styles.element.iter(qn("w:lang")):
        style.set(qn("w:eastAsia"), "zh-CN")
    for name in ("Title", "Subtitle", "Heading 1", "Heading 2", "Caption"):
        document.styles[name].font.color.rgb = RGBColor(0x1F, 0x3A, 0x5F)
        document.styles[name].font.italic = False


def _picture(document: Any, caption: str, file: Path | None) -> None:
    from docx.shared import Cm  # noqa: PLC0415  (an extra)

    if file is not None:
        with Image.open(file) as image:
            wide, tall = image.size
        width = min(_WIDE_CM, _TALL_CM * wide / tall)
        shape = document.add_picture(still(file), width=Cm(width))
        shape._inline.docPr.set("descr", caption)  # noqa: SLF001  (python-docx has no other way)
        document.paragraphs[-1].paragraph_format.keep_with_next = True
    document.add_paragraph(caption, style="Figure caption")


def _table(document: Any, grid: Grid, story: Story) -> None:
    """Add a table whose headings are repeated on each page; a long one is cut and says so."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415  (an extra)
    from docx.oxml import OxmlElement  # noqa: PLC0415  (an extra)
    from docx.shared import Cm, Pt  # noqa: PLC0415  (an extra)

    title = document.add_paragraph(grid.title, style="Caption")
    title.paragraph_format.keep_with_next = True
    rows = grid.rows(ROWS)
    table = document.add_table(len(rows), len(rows[0]), style="Table Grid")
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001  (no other way)
    _lines(table)
    size = 9.0 if len(rows[0]) <= 6 else 8.0 if len(rows[0]) <= 8 else 7.0
    table.autofit = False
    # A letter is about half as wide as it is high; a centimetre has 28.35 points.
    shares = widths(rows, int(Cm(_WIDE_CM)), room=int(_WIDE_CM * 28.35 / (size * 0.52)))
    numeric = [pd.api.types.is_numeric_dtype(one) for one in grid.frame.dtypes]
    for column, share in zip(table.columns, shares, strict=True):
        column.width = share  # LibreOffice reads these, Word those of the cells
    for i, (line, drawn) in enumerate(zip(rows, table.rows, strict=True)):
        drawn._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001  (no other way)
        for j, ((text, colours), cell, share) in enumerate(
            zip(line, drawn.cells, shares, strict=True)
        ):
            cell.width = share
            if numeric[j]:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
            _cell(
                cell,
                text,
                colours or (("#E8EEF4", "#1B1B1B") if i == 0 else None),
                size,
                bold=i == 0,
            )
    said = " ".join(one for one in (grid.rest(ROWS, story.lang), grid.basis) if one)
    after = document.add_paragraph(said, style="Note")
    after.paragraph_format.space_after = Pt(12)


def _lines(table: Any) -> None:
    """Draw the lines of a table thin and grey, so that the numbers are seen first."""
    from docx.oxml import OxmlElement  # noqa: PLC0415  (an extra)
    from docx.oxml.ns import qn  # noqa: PLC0415  (an extra)

    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", _LINE[1:])):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    table._tbl.tblPr.append(borders)  # noqa: SLF001  (python-docx has no other way)


def _cell(
    cell: Any, text: str, colours: tuple[str, str] | None, size: float, *, bold: bool
) -> None:
    from docx.oxml import OxmlElement  # noqa: PLC0415  (an extra)
    from docx.oxml.ns import qn  # noqa: PLC0415  (an extra)
    from docx.shared import Pt, RGBColor  # noqa: PLC0415  (an extra)

    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(size), bold
    if colours is not None:
        ground, ink = colours
        shade = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", ground.lstrip("#"))):
            shade.set(qn(f"w:{name}"), value)
        cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001  (no other way)
        run.font.color.rgb = RGBColor.from_string(ink.lstrip("#").upper())
