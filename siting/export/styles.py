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
    opacity: float = 1.0,
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
    opacity
        Of the layer [0..1]: footprints that overlap shall all be seen.

    Examples
    --------
    >>> 'value="甲" symbol="0"' in categorised("cluster", {"甲": "#8a1538"})
    True
    """
    qml, renderer = _document("categorizedSymbol", column, opacity)
    listed = SubElement(renderer, "categories")
    symbols = SubElement(renderer, "symbols")
    for i, (value, colour) in enumerate(colours.items()):
        called = (labels or {}).get(value, value)
        said = {"value": _clean(value), "symbol": str(i), "label": _clean(called)}
        SubElement(listed, "category", {**said, "type": "string", "render": "true"})
        _symbol(symbols, str(i), colour, geometry)
    return tostring(qml, encoding="unicode")


def graduated(
    column: str, ranges: Sequence[tuple[float, float]], colours: Sequence[str], *, unit: str = ""
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

    Examples
    --------
    >>> 'label="1–2 个"' in graduated("clusters", [(1, 2)], ["#9abfdc"], unit=" 个")
    True
    """
    qml, renderer = _document("graduatedSymbol", column, 1.0)
    renderer.set("graduatedMethod", "GraduatedColor")
    listed = SubElement(renderer, "ranges")
    symbols = SubElement(renderer, "symbols")
    for i, ((low, high), colour) in enumerate(zip(ranges, colours, strict=True)):
        called = f"{low:g}{unit}" if low == high else f"{low:g}–{high:g}{unit}"
        said = {"lower": f"{low:.15f}", "upper": f"{high:.15f}", "symbol": str(i)}
        SubElement(listed, "range", {**said, "label": _clean(called), "render": "true"})
        _symbol(symbols, str(i), colour, "Polygon")
    return tostring(qml, encoding="unicode")


def _document(kind: str, column: str, opacity: float) -> tuple[Element, Element]:
    qml = Element("qgis", {"version": "3.22.0", "styleCategories": "Symbology"})
    said = {"type": kind, "attr": _clean(column), "symbollevels": "0", "forceraster": "0"}
    renderer = SubElement(qml, "renderer-v2", {**said, "enableorderby": "0"})
    SubElement(qml, "blendMode").text = "0"
    SubElement(qml, "featureBlendMode").text = "0"
    SubElement(qml, "layerOpacity").text = f"{opacity:g}"
    return qml, renderer


def _symbol(parent: Element, name: str, colour: str, geometry: str) -> None:
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
    listed = SubElement(layer, "Option", {"type": "Map"})
    for key, value in options.items():
        SubElement(listed, "Option", {"name": key, "value": value, "type": "QString"})
        SubElement(layer, "prop", {"k": key, "v": value})  # QGIS before 3.26 reads these


def _clean(text: object) -> str:
    return _UNFIT.sub("\ufffd", str(text))
