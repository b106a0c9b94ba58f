"""The colour scales that folium takes from branca, as a legend of plain data."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from branca.colormap import LinearColormap, StepColormap

from siting.colours import written


def legend_of(scale: LinearColormap | StepColormap) -> dict[str, Any]:
    """
    Return caption and classes of a colour scale; a smooth one is shown at its own colours.

    Examples
    --------
    >>> steps = StepColormap(["#ffffff", "#000000"], index=[0, 1, 2], caption="份额")
    >>> legend_of(steps)["items"][0]
    {'fill': '#000000', 'label': '1 – 2'}
    """
    knots = [float(one) for one in scale.index]
    texts = written(knots)
    colours = [_hex(colour) for colour in scale.colors]
    if isinstance(scale, StepColormap) and len(knots) == len(colours) + 1:
        labels = [f"{low} – {high}" for low, high in pairwise(texts)]
    else:
        labels = texts
    items = [{"fill": f, "label": label} for f, label in zip(colours, labels, strict=False)]
    return {"title": str(scale.caption), "rule": "", "items": items[::-1]}


def _hex(colour: tuple[float, ...]) -> str:
    return "#" + "".join(f"{round(255 * part):02x}" for part in colour[:3])
