"""A printed page: one set of axes in points, on which text, boxes and lines are put by hand."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Literal, NamedTuple, ParamSpec, TypeVar

import matplotlib as mpl
import numpy as np
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as Outline
from matplotlib.patheffects import Stroke
from matplotlib.text import Text
from shapely.geometry.base import BaseGeometry

from siting.errors import Findings, stop
from siting.figures.lettering import LEADING, SMALLEST, font, missing, shown, width, wrap

A4 = (842.0, 595.0)  # [pt], landscape
HALF = (595.0, 421.0)  # [pt], half of an A4 page, landscape
MARGIN = 28.0
DOT = "·"  # between parts of a line; the font's is as wide as a hanzi
INK, GREY, RULE, PAPER = "#1b1b1b", "#55606b", "#9aa5b1", "#ffffff"
FIELD, GRID = "#fbfcfd", "#dde2e7"  # of charts

_P = ParamSpec("_P")
_R = TypeVar("_R")
_ENGINE = {"backend", "backend_fallback", "interactive", "toolbar", "timezone", "webagg.port"}
_SAVED: dict[str, Any] = {
    "svg.fonttype": "path",  # letters as outlines: they look the same where the font is not
    "svg.hashsalt": "siting",
    # The font is OpenType with CFF outlines. matplotlib's Type 42 writes those into a stream that
    # says TrueType (poppler: "mismatch between font type and embedded font file"), which is no valid
    # PDF. Type 3 embeds the outlines, and the text can be searched and copied; it is a quarter larger.
    "pdf.fonttype": 3,
}
_DRAWN: dict[str, Any] = {"text.hinting": "none"}  # letters as wide as the font says
_METADATA: dict[str, dict[str, str | None]] = {
    ".png": {"Software": "siting"},
    ".svg": {"Date": None, "Creator": "siting"},
    ".pdf": {"CreationDate": None, "Creator": "siting", "Producer": "siting"},
}


class Box(NamedTuple):
    """A rectangle on the page [pt], from its left lower corner; y grows upwards."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right side."""
        return self.x + self.width

    @property
    def top(self) -> float:
        """The upper side."""
        return self.y + self.height


class PrintFigure(Figure):
    """A matplotlib Figure that a notebook shows as it will be printed."""

    def _repr_png_(self) -> bytes:
        return render(self, ".png", dpi=110)


class RimmedText(Text):
    """Text with a paper-coloured rim, and still text in a PDF."""

    def draw(self, renderer: Any) -> None:
        """Draw the rim, then the letters."""
        self.set_path_effects([Stroke(linewidth=1.5, foreground=PAPER, alpha=0.85)])
        super().draw(renderer)
        self.set_path_effects([])
        super().draw(renderer)


class Page:
    """
    A page as it is drawn: `finish` gives the figure, or says which characters have no glyph.

    Parameters
    ----------
    size
        Width and height [pt].
    """

    def __init__(self, size: tuple[float, float]) -> None:
        self.width, self.height = size
        self.figure = PrintFigure(figsize=(size[0] / 72, size[1] / 72), facecolor=PAPER)
        FigureCanvasAgg(self.figure)
        self.axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set_axis_off()
        self.axes.set_xlim(0, size[0])
        self.axes.set_ylim(0, size[1])
        self._findings = Findings()

    def finish(self) -> Figure:
        """Return the figure, or raise InputError for characters that the font lacks."""
        self._findings.stop()
        return self.figure

    def text(
        self,
        at: tuple[float, float],
        text: str,
        size: float,
        *,
        where: str,
        colour: str = INK,
        across: Literal["left", "center", "right"] = "left",
        rim: bool = False,
        layer: float = 5,
    ) -> None:
        """Write one line with its middle height at `at`; `where` says whose text it is."""
        said = shown(text)
        self._findings += missing(said, where)
        kind = RimmedText if rim else Text
        made = kind(
            at[0],
            at[1] - 0.36 * size,  # hanzi and capitals are centred on 0.36 of the size
            said,
            color=colour,
            fontproperties=font(max(size, SMALLEST)),
            horizontalalignment=across,
            verticalalignment="baseline",
            parse_math=False,
            usetex=False,
            zorder=layer,
            transform=self.axes.transData,
        )
        self.axes.add_artist(made)

    def paragraph(
        self,
        at: tuple[float, float],
        text: str,
        size: float,
        room: float,
        *,
        where: str,
        colour: str = INK,
        lines: int = 99,
    ) -> float:
        """Write text in lines below the height `at`, at most `room` wide; return the new height."""
        x, y = at
        self._findings += missing(shown(text), where)
        for line in wrap(shown(text), size, room, lines=lines):
            self.text((x, y - size * LEADING / 2), line, size, where=where, colour=colour)
            y -= size * LEADING
        return y

    def box(
        self,
        box: Box,
        *,
        fill: str = "none",
        line: str = "none",
        weight: float = 0.5,
        layer: float = 2,
    ) -> None:
        """Draw a rectangle."""
        self.axes.add_artist(
            Rectangle(
                (box.x, box.y),
                box.width,
                box.height,
                facecolor=fill,
                edgecolor=line,
                linewidth=weight,
                zorder=layer,
            )
        )

    def area(
        self,
        shape: BaseGeometry,
        *,
        fill: str = "none",
        line: str = "none",
        weight: float = 0.4,
        layer: float = 1,
    ) -> None:
        """Draw polygons given in points."""
        rings = [
            ring
            for part in shapely.get_parts(shape)
            if part.geom_type == "Polygon"
            for ring in (part.exterior, *part.interiors)
        ]
        if not rings:
            return
        path = Outline.make_compound_path(
            *(Outline(shapely.get_coordinates(ring), closed=True) for ring in rings)
        )
        self.axes.add_artist(
            PathPatch(
                path,
                facecolor=fill,
                edgecolor=line,
                linewidth=weight,
                joinstyle="round",
                zorder=layer,
            )
        )

    def lines(
        self,
        segments: list[list[tuple[float, float]]],
        *,
        colour: str = INK,
        weight: float = 0.5,
        layer: float = 3,
    ) -> None:
        """Draw lines through points."""
        self.axes.add_artist(
            LineCollection(segments, colors=colour, linewidths=weight, zorder=layer)
        )

    def hatch(self, shape: BaseGeometry, *, step: float = 4.0, layer: float = 1.5) -> None:
        """Hatch polygons given in points, with lines that any viewer draws alike."""
        if shape.is_empty:
            return
        left, low, right, high = shape.bounds
        rise = high - low
        starts = np.arange(np.floor((left - rise) / step) * step, right, step)
        strokes = shapely.linestrings([[(x, low), (x + rise, high)] for x in starts])
        inside = shapely.get_parts(shapely.intersection(strokes, shape))
        found = [part for one in inside for part in shapely.get_parts(one) if part.length > 0]
        self.lines(
            [list(map(tuple, shapely.get_coordinates(part))) for part in found],
            colour=GREY,
            weight=0.45,
            layer=layer,
        )


def fitted(text: str, room: float, sizes: tuple[float, ...]) -> float:
    """Return the largest of `sizes` at which one line of text fits, or the least."""
    return next((s for s in sizes if width(shown(text), s) <= room), sizes[-1])


def render(figure: Figure, suffix: str, *, dpi: int = 200) -> bytes:
    """
    Return a figure as the bytes of a .png, .svg or .pdf file: no date, the same bytes each time.

    Raises
    ------
    InputError
        If `figure` is no matplotlib Figure, or `dpi` is none that a printer has.
    """
    if not isinstance(figure, Figure):
        stop(
            code="E-FIG-03",
            column="figure",
            value=type(figure).__name__,
            reason="不是图（matplotlib Figure）",
            reason_en="not a matplotlib Figure",
            fix="请给出 siting.figures 返回的图",
            fix_en="Give what a function of siting.figures returned",
        )
    if isinstance(dpi, bool) or not isinstance(dpi, int) or not 30 <= dpi <= 1200:
        stop(
            code="E-FIG-15",
            column="dpi",
            value=str(dpi),
            reason="分辨率须为 30 到 1200 的整数",
            reason_en="the resolution must be a whole number from 30 to 1200",
            fix="打印一般用 200 到 300",
            fix_en="Take 200 to 300 for print",
        )
    made = io.BytesIO()
    kept = figure.canvas
    with defaults(_SAVED):
        if suffix == ".svg":
            canvas: Any = FigureCanvasSVG(figure)
            canvas.print_svg(made, metadata=_METADATA[suffix])
        elif suffix == ".pdf":
            canvas = FigureCanvasPdf(figure)
            canvas.print_pdf(made, metadata=_METADATA[suffix])
        else:
            before = figure.dpi
            figure.set_dpi(dpi)
            canvas = FigureCanvasAgg(figure)
            canvas.print_png(made, metadata=_METADATA[suffix])
            figure.set_dpi(before)
    figure.set_canvas(kept)
    return made.getvalue()


@contextmanager
def defaults(more: dict[str, Any] | None = None) -> Iterator[None]:
    """Set matplotlib's own settings for the length of a block, whatever style is in use outside."""
    plain = {k: v for k, v in mpl.rcParamsDefault.items() if k not in _ENGINE}
    settings: Any = {**plain, **_DRAWN, **(more or {})}
    with mpl.rc_context(settings):
        yield


def printed(draw: Callable[_P, _R]) -> Callable[_P, _R]:
    """Let a function draw with matplotlib's own settings."""

    @wraps(draw)
    def drawn(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        with defaults():
            return draw(*args, **kwargs)

    return drawn
