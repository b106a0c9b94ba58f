"""The layers of a story as one GeoPackage that QGIS opens in the colours of the page."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd

from siting import export
from siting.briefing.story import Chapter, Story
from siting.colours import NEUTRAL, classify, ramp
from siting.export.styles import categorised, graduated

_SEEN_THROUGH = 0.6  # footprints lie on each other
_POINT = "#c8553d"


def write_layers(story: Story, path: Path) -> Path | None:
    """Write the layers of all chapters, and how each is drawn; None where there is none."""
    layers: dict[str, gpd.GeoDataFrame] = {}
    styles: dict[str, str] = {}
    for chapter in story.chapters:
        for name, layer in chapter.layers.items():
            layers[name] = layer
            style = _style(layer, chapter, story.lang == "zh")
            if style:
                styles[name] = style
    return export.save_layers(layers, path, styles=styles) if layers else None


def _style(layer: gpd.GeoDataFrame, chapter: Chapter, zh: bool) -> str:
    """Return the style of a layer by what its columns hold; empty where nothing is to be coloured."""
    unit = " 个集群" if zh else " clusters"
    if "cluster_id" in layer and chapter.colours:
        drawn = {one: chapter.colours.get(one, NEUTRAL) for one in layer["cluster_id"].unique()}
        named = layer["cluster"] if "cluster" in layer else layer["cluster_id"]
        labels = dict(zip(layer["cluster_id"], named.astype(str), strict=True))
        return categorised("cluster_id", drawn, labels=labels, opacity=_SEEN_THROUGH)
    for column in ("clusters", "depth"):
        if column in layer:
            classes = classify(layer[column])
            colours = ramp(len(classes.ranges))
            if classes.ranges and classes.ranges[0] == (0.0, 0.0):
                colours = [NEUTRAL, *ramp(len(classes.ranges) - 1)]
            return graduated(column, classes.ranges, colours, unit=unit)
    if "zone_id" in layer.reset_index() and (layer.geom_type == "Point").all():
        ids = layer.reset_index()["zone_id"].astype(str)
        names = dict(zip(ids, layer["name_zh"].astype(str), strict=True))
        return categorised("zone_id", dict.fromkeys(ids, _POINT), labels=names, geometry="Point")
    return ""
