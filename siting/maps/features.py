"""The features of a folium GeoJson as plain shapes, each with its style and what it says."""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Iterator
from typing import Any

import folium
from folium.features import GeoJson, GeoJsonDetail, GeoJsonPopup, GeoJsonTooltip

from siting.errors import Findings
from siting.maps.path import path_style, pin_colour, positions

Shape = dict[str, Any]
_PLAIN = {"color": "#3388ff", "weight": 3, "opacity": 1.0, "fillOpacity": 0.2}
_KINDS = {folium.Circle: "circle", folium.CircleMarker: "dot"}


def feature_shapes(
    layer: GeoJson,
    tooltip: GeoJsonTooltip | None,
    popup: GeoJsonPopup | None,
    findings: Findings,
) -> list[Shape]:
    """
    Return each feature's geometry, style, hover style, tooltip table and popup table.

    Style functions are called with copies of the features, so that the data stay as they are.
    """
    shapes: list[Shape] = []
    for feature in _features(layer.data):
        facts = feature.get("properties") or {}
        said: Shape = {}
        if tooltip is not None:
            said["tip"] = {
                "content": _table(tooltip, facts),
                "options": {"sticky": tooltip.tooltip_options.get("sticky", True) is not False},
            }
        if popup is not None:
            said["popup"] = {"content": _table(popup, facts), "options": {"maxWidth": 340}}
        style = _style(layer, feature, facts, findings)
        if layer.highlight:
            hover = layer.highlight_function(copy.deepcopy(feature))
            said["hover"] = path_style(hover, findings)
        if layer.zoom_on_click:
            said["zoom"] = True
        for shape in _geometry(feature.get("geometry"), layer.marker, findings):
            drawn = {**shape, **said}
            if "style" in shape or shape["kind"] != "marker":
                drawn["style"] = {**_PLAIN, **shape.get("style", {}), **style}
            else:
                drawn.pop("hover", None)
            shapes.append(drawn)
    return shapes


def _features(data: dict[str, Any]) -> list[dict[str, Any]]:
    if data.get("type") == "FeatureCollection":
        return list(data.get("features") or [])
    if data.get("type") == "Feature":
        return [data]
    return [{"geometry": data, "properties": {}}]


def _style(
    layer: GeoJson, feature: dict[str, Any], facts: dict[str, Any], findings: Findings
) -> Shape:
    """Return a feature's style: what the function says, or its property ``style`` as folium has it."""
    told = layer.style_function(copy.deepcopy(feature)) if layer.style else facts.get("style")
    return path_style(told, findings) if isinstance(told, dict) else {}


def _geometry(geometry: Any, marker: Any, findings: Findings) -> Iterator[Shape]:
    """Yield the shapes of a GeoJSON geometry, in [lat, lon]."""
    kind = (geometry or {}).get("type")
    if kind == "GeometryCollection":
        for part in geometry.get("geometries", ()):
            yield from _geometry(part, marker, findings)
        return
    where = positions((geometry or {}).get("coordinates", []), "GeoJson", findings)
    if not where:
        return
    if kind == "Point":
        yield _point(where, marker, findings)
    elif kind == "MultiPoint":
        for one in where:
            yield _point(one, marker, findings)
    elif kind in ("LineString", "MultiLineString"):
        yield {"kind": "line", "points": _turned(where)}
    elif kind in ("Polygon", "MultiPolygon"):
        yield {"kind": "polygon", "points": _turned(where), "style": {"fill": True}}


def _point(where: list[float], marker: Any, findings: Findings) -> Shape:
    at = [where[1], where[0]]
    if type(marker) in _KINDS:
        style = path_style(marker.options, findings)
        return {"kind": _KINDS[type(marker)], "at": at, "style": style}
    return {"kind": "marker", "at": at, "colour": pin_colour(getattr(marker, "icon", None))}


def _turned(where: Any) -> Any:
    """Return positions with latitude first, at any depth."""
    if where and isinstance(where[0], int | float):
        return [where[1], where[0]]
    return [_turned(one) for one in where]


def _table(part: GeoJsonDetail, facts: dict[str, Any]) -> list[list[str | None]]:
    """Return rows of label (or None) and value as text."""
    return [
        [str(alias) if part.labels else None, _value(facts.get(field), localize=part.localize)]
        for field, alias in zip(part.fields, part.aliases, strict=True)
    ]


def _value(value: Any, *, localize: bool) -> str:
    """Return a property as folium's own tooltip would print it."""
    if isinstance(value, str):
        return value
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if localize and isinstance(value, int | float) and not isinstance(value, bool):
        return f"{round(value, 3):,}".removesuffix(".0")
    return json.dumps(value, ensure_ascii=False, default=str)
