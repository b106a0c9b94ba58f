"""An empty Word document in the look of the page: upright A4, its styles, a foot with the page number."""

from __future__ import annotations

from typing import Any

from siting.briefing.content import ACCENT, FONT, INK, SOFT

SHORT, LONG, EDGE = 595.3, 841.9, 56.7  # A4 and its margins [pt]


def new_paper(title: str) -> Any:
    """Return a document without a word but the title in its foot."""
    import docx  # noqa: PLC0415  (an extra)

    paper = docx.Document()
    _style(paper)
    page = paper.sections[0]
    page.page_width, page.page_height = points(SHORT, LONG)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(page, side, points(EDGE)[0])
    _foot(page, title)
    return paper


def _style(document: Any) -> None:
    """Set letters for every style, a font with hanzi among them; theme fonts would win over it."""
    from docx.enum.style import WD_STYLE_TYPE  # noqa: PLC0415  (an extra)
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415  (an extra)

    styles = document.styles
    for name, base in (
        ("Note", "Normal"),
        ("Figure caption", "Note"),
        ("toc 1", "Normal"),
        ("toc 2", "Normal"),
    ):
        styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = styles[base]
    for name, size, ink, bold, before, after in (
        ("Normal", 10.5, INK, False, 0, 6),
        ("Title", 24, ACCENT, True, 0, 8),
        ("Subtitle", 12, SOFT, False, 0, 12),
        ("TOC Heading", 13, ACCENT, True, 14, 6),
        ("toc 1", 10.5, INK, False, 4, 0),
        ("toc 2", 9.5, SOFT, False, 0, 0),
        ("Heading 1", 17, ACCENT, True, 0, 8),
        ("Heading 2", 13, ACCENT, True, 14, 6),
        ("Caption", 10, ACCENT, True, 6, 4),
        ("Note", 9, SOFT, False, 0, 6),
        ("Figure caption", 9, SOFT, False, 4, 12),
        ("Footer", 9, SOFT, False, 0, 0),
    ):
        style = styles[name]
        (style.font.size,) = points(size)
        style.font.color.rgb, style.font.bold, style.font.italic = colour(ink), bold, False
        place = style.paragraph_format
        place.space_before, place.space_after = points(before, after)
    styles["Heading 1"].paragraph_format.page_break_before = True
    styles["TOC Heading"].paragraph_format.page_break_before = False
    styles["Figure caption"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    (styles["toc 2"].paragraph_format.left_indent,) = points(14)
    for fonts in styles.element.iter(qualified("w:rFonts")):
        for name in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.attrib.pop(qualified(f"w:{name}Theme"), None)
            fonts.set(qualified(f"w:{name}"), FONT)
    for style in styles.element.iter(qualified("w:lang")):
        style.set(qualified("w:eastAsia"), "zh-CN")


def _foot(page: Any, title: str) -> None:
    """Put the title and the page number below each page."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415  (an extra)

    line = page.footer.paragraphs[0]
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line.add_run(f"{title} · ")
    add_field(line, " PAGE ", "1")


def add_field(line: Any, what: str, shown: str | None) -> None:
    """Add a field that shows a text until it is brought up to date; None leaves it open."""
    for kind in ("begin", "separate"):
        run = line.add_run()._r  # noqa: SLF001  (python-docx has no other way)
        run.append(element("w:fldChar", fldCharType=kind))
        if kind == "begin":
            told = element("w:instrText")
            told.text = what
            told.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            line.add_run()._r.append(told)  # noqa: SLF001  (no other way)
    if shown is not None:
        line.add_run(shown)
        line.add_run()._r.append(element("w:fldChar", fldCharType="end"))  # noqa: SLF001  (no other way)


def element(tag: str, **values: str) -> Any:
    """Return an element of the file with its values."""
    from docx.oxml import OxmlElement  # noqa: PLC0415  (an extra)

    made = OxmlElement(tag)
    for name, value in values.items():
        made.set(qualified(f"w:{name}"), value)
    return made


def qualified(tag: str) -> Any:
    """Return the name of an element or a value as the file has it."""
    from docx.oxml.ns import qn  # noqa: PLC0415  (an extra)

    return qn(tag)


def colour(text: str) -> Any:
    """Return a colour as the package has it."""
    from docx.shared import RGBColor  # noqa: PLC0415  (an extra)

    return RGBColor.from_string(text[1:].upper())


def points(*sizes: float) -> list[Any]:
    """Return sizes [pt] as the package has them."""
    from docx.shared import Pt  # noqa: PLC0415  (an extra)

    return [Pt(one) for one in sizes]
