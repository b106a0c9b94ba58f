"""The options of lines, areas and pins that may pass from folium to the page: values, not code."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from siting.errors import Finding, Findings

_COLOURS = ("color", "fillColor")
_NUMBERS = ("weight", "opacity", "fillOpacity", "radius", "smoothFactor")
_SWITCHES = ("stroke", "fill", "noClip")
_WORDS = ("lineCap", "lineJoin", "fillRule")
_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}|[a-zA-Z]{3,24}|(rgb|hsl)a?\([\d\s.,%/]{1,40}\)")
_DASHES = re.compile(r"[\d\s.,]{1,60}")
# folium's marker colours as colours of a plain pin
_PINS = {
    "red": "#c0392b",
    "darkred": "#8b1a1a",
    "lightred": "#e8776b",
    "orange": "#d9822b",
    "beige": "#c8a97e",
    "green": "#4f8a10",
    "darkgreen": "#2e5d34",
    "lightgreen": "#7fb03a",
    "blue": "#2a81cb",
    "darkblue": "#0b4f8a",
    "cadetblue": "#436978",
    "lightblue": "#5bb0d8",
    "purple": "#a63fb0",
    "darkpurple": "#5b396b",
    "pink": "#d668a5",
    "white": "#f2f2f2",
    "gray": "#575757",
    "lightgray": "#8a8a8a",
    "black": "#231f20",
}


def path_style(options: dict[str, Any], findings: Findings) -> dict[str, Any]:
    """
    Return the options of a path that are plain values of their kind; the rest is dropped.

    A colour that is none is dropped with a warning, since it may be text from data.

    Examples
    --------
    >>> path_style({"color": "red", "weight": 2, "onclick": "x()"}, Findings())
    {'color': 'red', 'weight': 2}
    """
    style: dict[str, Any] = {}
    for key, value in options.items():
        if key in _COLOURS and isinstance(value, str):
            if _COLOUR.fullmatch(value.strip()):
                style[key] = value.strip()
            else:
                findings.append(_no_colour(key, value))
        elif (
            (key in _NUMBERS and _is_number(value))
            or (key in _SWITCHES and isinstance(value, bool))
            or (key in _WORDS and value in ("butt", "round", "square", "bevel", "miter"))
            or (key in _WORDS and value in ("evenodd", "nonzero"))
        ):
            style[key] = value
        elif key in ("dashArray", "dashOffset") and _DASHES.fullmatch(str(value)):
            style[key] = str(value)
    return style


def pin_colour(icon: Any) -> str:
    """Return the colour of a marker's pin: that of its folium icon, else blue."""
    options = getattr(icon, "options", {})
    named = options.get("marker_color", options.get("markerColor", "blue"))
    return _PINS.get(named, _PINS["blue"])


def numbers(value: Any) -> Any:
    """Return lists, tuples and arrays as lists, numpy numbers as numbers, and drop other objects."""
    if isinstance(value, dict):
        return {str(k): numbers(v) for k, v in value.items() if v is not None}
    if isinstance(value, list | tuple | np.ndarray):
        return [numbers(one) for one in value]
    if isinstance(value, np.generic):
        return value.item()
    return value if isinstance(value, bool | int | float) else None


def positions(value: Any, what: str, findings: Findings) -> Any:
    """Return coordinates as nested lists of finite numbers, or note that they are something else."""
    found = numbers(value)
    if _all_finite(found):
        return found
    findings.append(
        Finding(
            code="E-PAGE-05",
            column="folium_map",
            value=f"{what}: {value}",
            reason="坐标缺失，或不是有限的数",
            reason_en="a coordinate is missing or not a finite number",
            fix="请补上经纬度，以数字给出",
            fix_en="Give longitude and latitude as numbers",
        )
    )
    return []


def _all_finite(value: Any) -> bool:
    if isinstance(value, list):
        return all(map(_all_finite, value))
    return _is_number(value)


def size_pair(value: Any) -> list[float] | None:
    """Return a pair of numbers, or None."""
    if isinstance(value, list | tuple) and len(value) == 2 and all(map(_is_number, value)):
        return [float(one) for one in value]
    return None


def _is_number(value: Any) -> bool:
    return (
        isinstance(value, int | float) and not isinstance(value, bool) and bool(np.isfinite(value))
    )


def _no_colour(key: str, value: str) -> Finding:
    return Finding(
        code="W-PAGE-04",
        severity="warning",
        column=key,
        value=value,
        reason="不是颜色，已改用默认颜色",
        reason_en="not a colour; the default is used",
        fix="请用 #rrggbb 或颜色名",
        fix_en="Use #rrggbb or the name of a colour",
    )
