"""The story as slides: sentences, pictures and real tables, each to be edited on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PIL import Image

from siting.briefing.content import (
    FONT,
    Grid,
    letters,
    missing,
    name_package,
    parts,
    save_package,
    still,
    widths,
)
from siting.briefing.story import Story

ROWS = 12  # of a table on a slide; the workbook has all
_WIDE, _TALL = 12_192_000, 6_858_000  # 16:9 in EMU
_EDGE, _TOP = 500_000, 1_150_000
_ROOM = 1300  # widths of a letter that the sentences of a slide may take; a hanzi takes two
_TITLE, _SENTENCES, _TITLE_ONLY = 0, 1, 5  # layouts of the bundled template


def write_slides(story: Story, folder: Path, path: Path) -> Path:
    """
    Write a story as slides; the tables that the page folds are left to the document and the workbook.

    Parameters
    ----------
    story
        The story.
    folder
        Where its pictures stand already, as ``figures/*.png``.
    path
        The .pptx file.

    Raises
    ------
    InputError
        If python-pptx is not installed.
    OutputError
        If the file cannot be written.
    """
    try:
        import pptx  # noqa: PLC0415  (an extra)
    except ImportError:
        missing("python-pptx")
    show = pptx.Presentation()
    _widen(show)
    name_package(show.core_properties, story.title, story.lang)
    group = _Group(show, story)
    for kind, content in parts(story, folder):
        if kind in ("title", "lead"):
            _front(show, content, lead=kind == "lead")
        elif kind in ("chapter", "heading"):
            group.close()
            group.name(content)
        elif kind in ("text", "note", "item", "credit"):
            group.said.append((kind, content))
        elif kind != "folded":
            group.seen.append((kind, content))
    group.close()
    return save_package(path, lambda part: show.save(str(part)))


class _Group:
    """What stands under one heading: its sentences become the first slides, then come the pictures."""

    def __init__(self, show: Any, story: Story) -> None:
        self.show, self.story = show, story
        self.title = self.chapter = story.title
        self.colon = "：" if story.lang == "zh" else ": "
        self.said: list[tuple[str, str]] = []
        self.seen: list[tuple[str, Any]] = []

    def name(self, named: str | tuple[str, str]) -> None:
        """Begin a chapter by title and short name, or go on in it under another heading."""
        if isinstance(named, str):
            self.title = f"{self.chapter}{self.colon}{named}"
        else:
            self.title, self.chapter = named

    def close(self) -> None:
        """Write the slides; a line of small print before a table goes below the table."""
        short = [text for kind, text in self.said if kind == "note" and letters(text) < _ROOM // 2]
        below = ""
        if len(short) == len(self.said) == 1 and self.seen and self.seen[0][0] != "picture":
            below = short[0]
            self.said = []
        _sentences(self.show, self.title, self.said)
        for kind, content in self.seen:
            if kind == "picture":
                _picture(self.show, *content)
            else:
                _table(self.show, content, self.story, below)
                below = ""
        self.said, self.seen = [], []


def _widen(show: Any) -> None:
    """Make the template 16:9, and its theme one with a Chinese font."""
    from pptx.opc.constants import RELATIONSHIP_TYPE  # noqa: PLC0415  (an extra)

    factor = _WIDE / show.slide_width
    show.slide_width, show.slide_height = _WIDE, _TALL
    master = show.slide_master
    for holder in (master, *show.slide_layouts):
        for shape in holder.placeholders:
            if shape._element.spPr.xfrm is not None:  # noqa: SLF001  (inherited places follow)
                shape.left, shape.width = round(shape.left * factor), round(shape.width * factor)
    theme = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    text = theme.blob.decode("utf-8").replace('<a:ea typeface=""/>', f'<a:ea typeface="{FONT}"/>')
    theme._blob = text.encode("utf-8")  # noqa: SLF001  (python-pptx has no other way)


def _front(show: Any, text: str, *, lead: bool) -> None:
    if lead:
        _write(show.slides[0].placeholders[1].text_frame, [("note", text)], 18)
    else:
        slide = show.slides.add_slide(show.slide_layouts[_TITLE])
        _write(slide.shapes.title.text_frame, [("text", text)], 40)


def _slide(show: Any, title: str, layout: int) -> Any:
    slide = show.slides.add_slide(show.slide_layouts[layout])
    head = slide.shapes.title
    head.left, head.top, head.width, head.height = _EDGE, 250_000, _WIDE - 2 * _EDGE, 800_000
    _write(head.text_frame, [("text", title)], 24)
    return slide


def _sentences(show: Any, title: str, said: list[tuple[str, str]]) -> None:
    """Add as many slides as the sentences take, none for none."""
    page: list[tuple[str, str]] = []
    taken = 0
    for one in [*said, None]:
        needs = _ROOM + 1 if one is None else letters(one[1]) + 60
        if page and taken + needs > _ROOM:
            slide = _slide(show, title, _SENTENCES)
            body = slide.placeholders[1]
            body.left, body.top = _EDGE, _TOP
            body.width, body.height = _WIDE - 2 * _EDGE, _TALL - _TOP - 300_000
            _write(body.text_frame, page, 16)
            page, taken = [], 0
        if one is not None:
            page.append(one)
            taken += needs


def _picture(show: Any, caption: str, file: Path | None) -> None:
    if file is None:
        return
    slide = _slide(show, caption, _TITLE_ONLY)
    with Image.open(file) as image:
        wide, tall = image.size
    room_x, room_y = _WIDE - 2 * _EDGE, _TALL - _TOP - 200_000
    scale = min(room_x / wide, room_y / tall)
    size = round(wide * scale), round(tall * scale)
    shape = slide.shapes.add_picture(still(file), (_WIDE - size[0]) // 2, _TOP, *size)
    shape._element.nvPicPr.cNvPr.set("descr", caption)  # noqa: SLF001  (no other way)


def _table(show: Any, grid: Grid, story: Story, below: str) -> None:
    """Add a slide with a table and what is said `below` it; a long one is cut and says so."""
    slide = _slide(show, grid.title, _TITLE_ONLY)
    rows = grid.rows(ROWS)
    wide = _WIDE - 2 * _EDGE
    frame = slide.shapes.add_table(len(rows), len(rows[0]), _EDGE, _TOP, wide, 300_000 * len(rows))
    size = _letters(rows)
    for width, column in zip(
        widths(rows, wide, room=int(1800 / size)), frame.table.columns, strict=True
    ):
        column.width = width
    for i, line in enumerate(rows):
        for j, (text, colours) in enumerate(line):
            _cell(frame.table.cell(i, j), text, colours, size, head=i == 0)
    note = " ".join(one for one in (below, grid.rest(ROWS, story.lang), grid.basis) if one)
    if note:
        box = slide.shapes.add_textbox(_EDGE, _TALL - 550_000, wide, 450_000)
        _write(box.text_frame, [("note", note)], 12)


def _letters(rows: list[list[tuple[str, Any]]]) -> float:
    """Return the size of letters [pt] in which a table about fits on a slide."""
    long = sum(max(letters(text) for text, _ in line) / 40 for line in rows)
    return 12 if len(rows[0]) <= 5 and long < 12 else 10 if long < 20 and len(rows[0]) <= 8 else 8


def _cell(
    cell: Any, text: str, colours: tuple[str, str] | None, size: float, *, head: bool
) -> None:
    from pptx.dml.color import RGBColor  # noqa: PLC0415  (an extra)

    colour: Any = RGBColor  # python-pptx has no types

    ground, ink = colours or (("#DCE6F0", "#1B1B1B") if head else ("#FFFFFF", "#1B1B1B"))
    cell.fill.solid()
    cell.fill.fore_color.rgb = colour.from_string(ground.lstrip("#").upper())
    cell.margin_top = cell.margin_bottom = 20_000
    cell.margin_left = cell.margin_right = 50_000
    _write(cell.text_frame, [("text", text)], size)
    for run in cell.text_frame.paragraphs[0].runs:
        run.font.color.rgb = colour.from_string(ink.lstrip("#").upper())
        run.font.bold = head


def _write(frame: Any, sentences: list[tuple[str, str]], size: float) -> None:
    """Write sentences as paragraphs; notes are smaller."""
    from pptx.util import Pt  # noqa: PLC0415  (an extra)

    frame.word_wrap = True
    for i, (kind, text) in enumerate(sentences):
        paragraph = frame.paragraphs[0] if i == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = text.replace("\n", " ")
        run.font.size = Pt(size if kind != "note" else max(size - 4, 8))
