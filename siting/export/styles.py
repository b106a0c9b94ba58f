"""Styles in which QGIS opens a layer: one colour per value, or one per class of numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_LINE = "90,98,110,255"
_KINDS = {"Polygon": ("fill", "SimpleFill"), "Point": ("marker", "SimpleMarker")}


def categorised(
    column: str,
    colours: Mapping[str, str],
    *,
    labels: Mapping[str, str] | None = None,
    geometry: str = "Polygon",
    hatched: bool = False,
    names: str = "",
    aliases: Mapping[str, str] | None = None,
) -> str:
    """
    Return the QML of a layer in which each value of a column has its colour.

    Parameters
    ----------
    column
        The column.
    colours
        ``#rrggbb`` by value.
    labels
        What the legend calls a value; the value itself without one.
    geometry
        ``Polygon`` or ``Point``.
    hatched
        Lines instead of areas, at another angle for each value, so that areas on each other are all seen.
    names
        The column whose text is written on the map; none if empty.
    aliases
        What the table of attributes calls a column.

    Examples
    --------
    >>> 'value="甲" symbol="0"' in categorised("cluster", {"甲": "#8a1538"})
    True
    """
    qml, renderer = _document("categorizedSymbol", column, names, aliases or {}, geometry)
    listed = SubElement(renderer, "categories")
    symbols = SubElement(renderer, "symbols")
    for i, (value, colour) in enumerate(colours.items()):
        called = (labels or {}).get(value, value)
        said = {"value": _clean(value), "symbol": str(i), "label": _clean(called)}
        SubElement(listed, "category", {**said, "type": "string", "render": "true"})
        angle = 180 * i / len(colours) if hatched else None
        _symbol(symbols, str(i), colour, geometry, angle)
    return tostring(qml, encoding="unicode")


def graduated(
    column: str,
    ranges: Sequence[tuple[float, float]],
    colours: Sequence[str],
    *,
    unit: str = "",
    names: str = "",
    aliases: Mapping[str, str] | None = None,
) -> str:
    """
    Return the QML of polygons in which each class of a column of numbers has its colour.

    Parameters
    ----------
    column
        The column.
    ranges
        Least and greatest value of each class, both in it.
    colours
        ``#rrggbb`` per class.
    unit
        What follows the numbers in the legend.
    names, aliases
        As in `categorised`.

    Examples
    --------
    >>> 'label="1–2 个"' in graduated("clusters", [(1, 2)], ["#9abfdc"], unit=" 个")
    True
    """
    qml, renderer = _document("graduatedSymbol", column, names, aliases or {})
    renderer.set("graduatedMethod", "GraduatedColor")
    listed = SubElement(renderer, "ranges")
    symbols = SubElement(renderer, "symbols")
    for i, ((low, high), colour) in enumerate(zip(ranges, colours, strict=True)):
        called = f"{low:g}{unit}" if low == high else f"{low:g}–{high:g}{unit}"
        said = {"lower": f"{low:.15f}", "upper": f"{high:.15f}", "symbol": str(i)}
        SubElement(listed, "range", {**said, "label": _clean(called), "render": "true"})
        _symbol(symbols, str(i), colour, "Polygon")
    return tostring(qml, encoding="unicode")


def _document(
    kind: str, column: str, names: str, aliases: Mapping[str, str], geometry: str = "Polygon"
) -> tuple[Element, Element]:
    about = {"version": "3.22.0", "styleCategories": "Symbology|Labeling|Fields"}
    qml = Element("qgis", {**about, "labelsEnabled": str(int(bool(names)))})
    said = {"type": kind, "attr": _clean(column), "symbollevels": "0", "forceraster": "0"}
    renderer = SubElement(qml, "renderer-v2", {**said, "enableorderby": "0"})
    if names:
        _labels(qml, names, point=geometry == "Point")
    listed = SubElement(qml, "aliases")
    for field, alias in aliases.items():
        SubElement(listed, "alias", {"field": _clean(field), "name": _clean(alias), "index": "-1"})
    for mode in ("blendMode", "featureBlendMode"):
        SubElement(qml, mode).text = "0"
    SubElement(qml, "layerOpacity").text = "1"
    return qml, renderer


def _labels(qml: Element, names: str, *, point: bool) -> None:
    """Write a column on the map, dark on a white edge: legible on each colour."""
    settings = SubElement(SubElement(qml, "labeling", {"type": "simple"}), "settings")
    ink = {"textColor": "33,33,33,255", "fontSize": "9", "fontSizeUnit": "Point"}
    text = SubElement(settings, "text-style", {"fieldName": _clean(names), **ink})
    edge = {"bufferDraw": "1", "bufferSize": "0.8", "bufferSizeUnits": "MM"}
    SubElement(text, "text-buffer", {**edge, "bufferColor": "255,255,255,255"})
    # as QGIS numbers the ways: 6 beside a point, so that its sign is seen; 1 over an area
    spread = {"dist": "1.5", "distUnits": "MM", "centroidInside": "1"}
    SubElement(settings, "placement", {"placement": "6" if point else "1", **spread})
    SubElement(settings, "rendering", {"labelPerPart": "0"})


def _symbol(
    parent: Element, name: str, colour: str, geometry: str, angle: float | None = None
) -> None:
    kind, drawn = _KINDS[geometry]
    said = {"name": name, "type": kind, "alpha": "1", "clip_to_extent": "1", "force_rhr": "0"}
    symbol = SubElement(parent, "symbol", said)
    settings = {"class": drawn, "enabled": "1", "locked": "0", "pass": "0"}
    layer = SubElement(symbol, "layer", settings)
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    options = {
        "color": f"{red},{green},{blue},255",
        "outline_color": _LINE,
        "outline_style": "solid",
        "outline_width": "0.26",
        "outline_width_unit": "MM",
        "style": "solid",
    }
    if geometry == "Point":
        options |= {"name": "circle", "size": "3.6", "size_unit": "MM"}
    if angle is not None:
        options["style"] = "no"
        _lines(symbol, options["color"], angle)
    _settings(layer, options)


def _lines(symbol: Element, colour: str, angle: float) -> None:
    """Fill a symbol with parallel lines of a colour."""
    layer = SubElement(symbol, "layer", {"class": "LinePatternFill", "enabled": "1", "pass": "0"})
    spread = {"angle": f"{angle:g}", "distance": "4", "distance_unit": "MM"}
    _settings(layer, {**spread, "color": colour, "line_width": "0.7", "line_width_unit": "MM"})
    said = {"name": f"@{symbol.get('name')}@1", "type": "line", "alpha": "1"}
    line = SubElement(layer, "symbol", {**said, "clip_to_extent": "1", "force_rhr": "0"})
    drawn = SubElement(line, "layer", {"class": "SimpleLine", "enabled": "1", "pass": "0"})
    _settings(drawn, {"line_color": colour, "line_width": "0.7", "line_width_unit": "MM"})


def _settings(layer: Element, options: Mapping[str, str]) -> None:
    listed = SubElement(layer, "Option", {"type": "Map"})
    for key, value in options.items():
        SubElement(listed, "Option", {"name": key, "value": value, "type": "QString"})
        SubElement(layer, "prop", {"k": key, "v": value})  # QGIS before 3.26 reads these


def _clean(text: object) -> str:
    return _UNFIT.sub("\ufffd", str(text))
