"""Empty slides in the look of the page: 16:9, a bar for the title, a source line, a page number."""

from __future__ import annotations

import copy
import re
from typing import Any

from siting.briefing.content import ACCENT, FONT, SOFT
from siting.briefing.fitting import LEADING, clipped, wrap

WIDE, TALL, EDGE = 960.0, 540.0, 36.0  # points
TOP, BOTTOM = 90.0, 502.0  # of what stands below the bar and above the page number
COVER, SENTENCES, SECTION, SEEN = 0, 1, 2, 5  # layouts of the bundled template that are kept
KICKER, SOURCE = 13, 14  # the lines above the title and below a table
_BAR = 76.0
_TITLES = {COVER: (800, 150, (36, 30, 24, 20, 16)), SECTION: (800, 220, (30, 26, 22, 18))}
_BOLD = 1.12
_PALE = "#c9dded"  # on the accent
_NAMES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
_SHAPE = f"""<p:sp {_NAMES}><p:nvSpPr><p:cNvPr id="{{number}}" name="{{name}}"/><p:cNvSpPr/>
<p:nvPr>{{role}}</p:nvPr></p:nvSpPr><p:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></a:xfrm>
<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr><p:txBody><a:bodyPr><a:noAutofit/></a:bodyPr>
<a:lstStyle/><a:p><a:r><a:rPr lang="en-US"/><a:t>{{name}}</a:t></a:r></a:p></p:txBody></p:sp>"""


def new_deck() -> Any:
    """Return a presentation without slides; each of its layouts can be edited in the slide master."""
    import pptx  # noqa: PLC0415  (an extra)

    deck: Any = pptx.Presentation()
    deck.slide_width, deck.slide_height = _emu(WIDE), _emu(TALL)
    layouts = list(deck.slide_layouts)
    for i, layout in enumerate(layouts):
        if i not in (COVER, SENTENCES, SECTION, SEEN):
            deck.slide_layouts.remove(layout)
    _theme(deck.slide_master)
    _master(deck.slide_master)
    _front(layouts[COVER], title=(140, 150, 36), below=(300, 100, 18))
    _front(layouts[SECTION], title=(170, 220, 30), below=(120, 40, 16))
    for layout in (layouts[SENTENCES], layouts[SEEN]):
        for shape in layout.placeholders:
            if shape.placeholder_format.idx > 1:
                _letters(shape, 9, SOFT, "ctr")
        _holder(layout, KICKER, "Chapter", (EDGE, 9, WIDE - 2 * EDGE, 16), (11, _PALE, "ctr"))
    _holder(layouts[SEEN], SOURCE, "Source", (EDGE, 460, WIDE - 2 * EDGE, 42), (10, SOFT, "b"))
    return deck


def new_slide(deck: Any, layout: int, title: str, *, kicker: str = "", foot: str = "") -> Any:
    """Return a new slide with a title that fits, the line above it, and the foot with its number."""
    kept = [COVER, SENTENCES, SECTION, SEEN]
    slide = deck.slides.add_slide(deck.slide_layouts[kept.index(layout)])
    room, tall, sizes = _TITLES.get(layout, (WIDE - 2 * EDGE - 8, 47, (22, 20, 18, 16, 14)))
    size, most = next(
        (
            (one, most)
            for one in sizes
            for most in [int(tall / one / LEADING)]
            if len(wrap(title, room / one / _BOLD)) <= most
        ),
        (sizes[-1], int(tall / sizes[-1] / LEADING)),
    )
    title = clipped(title, room / size / _BOLD, most)
    write(slide.shapes.title.text_frame, [("title", title)], size)
    if layout != COVER:
        _foot(slide, foot, len(deck.slides))
    if layout in (SENTENCES, SEEN):
        line = clipped(kicker, (WIDE - 2 * EDGE) / 11, 1)
        fill(slide, KICKER, line, 11)
    return slide


def fill(slide: Any, number: int, text: str, size: float) -> None:
    """Write a text at its place on a slide; without one the place goes, it would ask to be filled."""
    if text:
        write(slide.placeholders[number].text_frame, [("title", text)], size)
    else:
        element = slide.placeholders[number]._element  # noqa: SLF001  (no other way)
        element.getparent().remove(element)


def write(frame: Any, sentences: list[tuple[str, str]], size: float) -> None:
    """Write sentences as paragraphs with lines of a fixed height; notes are smaller, items have bullets."""
    from pptx.util import Pt  # noqa: PLC0415  (an extra)

    frame.word_wrap = True
    for i, (kind, text) in enumerate(sentences):
        paragraph = frame.paragraphs[0] if i == 0 else frame.add_paragraph()
        letters = size_of(kind, size)
        paragraph.line_spacing = Pt(letters * LEADING)
        if kind in ("text", "note", "credit", "item"):
            paragraph.space_before, paragraph.space_after = Pt(0), Pt(GAP)
            place = paragraph._p.get_or_add_pPr()  # noqa: SLF001  (no other way)
            inset = 14 if kind == "item" else 0
            place.set("marL", str(_emu(inset)))
            place.set("indent", str(-_emu(inset)))
            _put(place, f'<a:buChar {_NAMES} char="•"/>' if inset else f"<a:buNone {_NAMES}/>")
        if text:
            run = paragraph.add_run()
            run.text = text.replace("\n", " ")
            run.font.size = Pt(letters)
        end = paragraph._p.get_or_add_endParaRPr()  # noqa: SLF001  (no other way)
        end.set("sz", str(round(letters * 100)))  # an empty line is as tall as this says


GAP = 7.0  # between sentences


def size_of(kind: str, size: float) -> float:
    """Return the size of the letters of a sentence of that kind [pt]."""
    return size if kind not in ("note", "credit") else max(size - 2, 10)


def colour(text: str) -> Any:
    """Return a colour as the package has it."""
    from pptx.dml.color import RGBColor  # noqa: PLC0415  (an extra)

    made: Any = RGBColor  # python-pptx has no types
    return made.from_string(text.lstrip("#").upper())


def edge_line(cell: Any, ink: str) -> None:
    """Draw a thin line below a cell."""
    place = cell._tc.get_or_add_tcPr()  # noqa: SLF001  (python-pptx has no other way)
    line = _put(
        place,
        f'<a:lnB {_NAMES} w="6350"><a:solidFill><a:srgbClr val="{ink[1:].upper()}"/>'
        "</a:solidFill></a:lnB>",
    )
    place.insert(0, line)  # lines stand before the fill


def _emu(points: float) -> int:
    return round(points * 12700)


def _put(parent: Any, text: str) -> Any:
    from pptx.oxml import parse_xml  # noqa: PLC0415  (an extra)

    made = parse_xml(text)
    parent.append(made)
    return made


def _theme(master: Any) -> None:
    """Give the theme the accent of the page and a Chinese font."""
    from pptx.opc.constants import RELATIONSHIP_TYPE  # noqa: PLC0415  (an extra)

    theme = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    text = theme.blob.decode("utf-8")
    text = re.sub(r'<a:(latin|ea) typeface="[^"]*"/>', rf'<a:\1 typeface="{FONT}"/>', text)
    for name, value in (("dk2", ACCENT), ("accent1", ACCENT)):
        text = re.sub(
            rf'(<a:{name}><a:srgbClr val=")[0-9A-F]{{6}}', rf"\g<1>{value[1:].upper()}", text
        )
    theme._blob = text.encode("utf-8")  # noqa: SLF001  (python-pptx has no other way)


def _master(master: Any) -> None:
    places = {
        "title": ((EDGE, 25, WIDE - 2 * EDGE, 48), (22, "#ffffff", "ctr")),
        "body": ((EDGE, TOP, WIDE - 2 * EDGE, BOTTOM - TOP), None),
        "dt": ((EDGE + 600, 510, 100, 18), (9, SOFT, "ctr")),
        "ftr": ((EDGE, 510, 600, 18), (9, SOFT, "ctr")),
        "sldNum": ((WIDE - EDGE - 100, 510, 100, 18), (10, SOFT, "ctr")),
    }
    for shape in master.placeholders:
        place, letters = places[shape._element.ph.get("type")]  # noqa: SLF001  (no other way)
        _place(shape, place)
        if letters is not None:
            _letters(shape, *letters)
            shape.text_frame._txBody.bodyPr.set("lIns", "0")  # noqa: SLF001  (no other way)
    bar = _put(master.shapes._spTree, _SHAPE.format(number=90, name="Bar", role=""))  # noqa: SLF001  (no other way)
    master.shapes._spTree.insert(2, bar)  # noqa: SLF001  (below all else)
    bar = master.shapes[0]
    _place(bar, (0, 0, WIDE, _BAR))
    bar.text_frame.text = ""
    bar.fill.solid()
    bar.fill.fore_color.rgb = colour(ACCENT)


def _front(layout: Any, *, title: tuple[float, ...], below: tuple[float, ...]) -> None:
    """Make a layout all in the accent, without the bar: top, height and size of letters of its texts."""
    layout._element.set("showMasterSp", "0")  # noqa: SLF001  (no other way)
    layout.background.fill.solid()
    layout.background.fill.fore_color.rgb = colour(ACCENT)
    for shape in layout.placeholders:
        number = shape.placeholder_format.idx
        if number in (0, 1):
            top, tall, size = title if number == 0 else below
            _place(shape, (EDGE + 36, top, WIDE - 2 * EDGE - 72, tall))
            _letters(shape, size, "#ffffff" if number == 0 else _PALE, "b" if top < 150 else "t")
        else:
            _letters(shape, 9, _PALE, "ctr")


def _holder(
    layout: Any,
    number: int,
    name: str,
    place: tuple[float, ...],
    letters: tuple[float, str, str],
) -> None:
    """Add a place for a line of text to a layout; each slide made from it has one too."""
    role = f'<p:ph type="body" sz="quarter" idx="{number}"/>'
    _put(layout.shapes._spTree, _SHAPE.format(number=number + 80, name=name, role=role))  # noqa: SLF001  (no other way)
    shape = next(one for one in layout.placeholders if one.placeholder_format.idx == number)
    _place(shape, place)
    _letters(shape, *letters)
    for side in ("lIns", "tIns", "rIns", "bIns"):
        shape.text_frame._txBody.bodyPr.set(side, "0")  # noqa: SLF001  (no other way)


def _place(shape: Any, place: tuple[float, ...]) -> None:
    shape.left, shape.top, shape.width, shape.height = map(_emu, place)


def _letters(shape: Any, size: float, ink: str, anchor: str) -> None:
    """Set the letters of a place for text, for all slides."""
    body = shape.text_frame._txBody  # noqa: SLF001  (python-pptx has no other way)
    body.bodyPr.set("anchor", anchor)
    align = "r" if 'type="sldNum"' in shape._element.xml else "l"  # noqa: SLF001  (no other way)
    bold = ' b="1"' if shape.placeholder_format.idx == 0 else ""
    styles = body.find("{http://schemas.openxmlformats.org/drawingml/2006/main}lstStyle")
    styles.clear()
    _put(
        styles,
        f'<a:lvl1pPr {_NAMES} marL="0" indent="0" algn="{align}"><a:spcBef><a:spcPts val="0"/>'
        f'</a:spcBef><a:buNone/><a:defRPr sz="{round(size * 100)}"{bold}><a:solidFill>'
        f'<a:srgbClr val="{ink[1:].upper()}"/></a:solidFill></a:defRPr></a:lvl1pPr>',
    )


def _foot(slide: Any, text: str, number: int) -> None:
    """Put the foot and the page number of the layout on a slide; new slides come without."""
    for shape in slide.slide_layout.placeholders:
        kind = shape._element.ph.get("type")  # noqa: SLF001  (python-pptx has no other way)
        if kind in ("ftr", "sldNum"):
            made = copy.deepcopy(shape._element)  # noqa: SLF001  (no other way)
            made.nvSpPr.cNvPr.set("id", str(max(one.shape_id for one in slide.shapes) + 1))
            slide.shapes._spTree.append(made)  # noqa: SLF001  (no other way)
            frame = slide.shapes[-1].text_frame
            if kind == "ftr":
                write(frame, [("title", clipped(text, 600 / 9, 1))], 9)
            else:
                for one in made.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}t"):
                    one.text = str(number)
