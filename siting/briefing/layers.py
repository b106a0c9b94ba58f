"""The layers of a story as one GeoPackage that QGIS opens in the colours of the page."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd

from siting import crs, export
from siting.briefing.story import Chapter, Story
from siting.colours import NEUTRAL, ramp
from siting.export.styles import categorised, graduated
from siting.schema import Lang, label
from siting.tables import place_names

_POINT = "#c8553d"


def write_layers(story: Story, path: Path) -> Path | None:
    """Write the layers of all chapters, and how each is drawn; None where there is none."""
    layers: dict[str, gpd.GeoDataFrame] = {}
    styles: dict[str, str] = {}
    for chapter in story.chapters:
        for name, layer in chapter.layers.items():
            layers[name] = crs.to_wgs84(layer)
            style = _style(layer, chapter, story.lang)
            if style:
                styles[name] = style
    return export.save_layers(layers, path, styles=styles) if layers else None


def _style(layer: gpd.GeoDataFrame, chapter: Chapter, lang: Lang) -> str:
    """Return the style of a layer by what its columns hold; empty where nothing is to be coloured."""
    unit = " 个集群" if lang == "zh" else " clusters"
    written = next((one for one in (f"name_{lang}", "name_zh") if one in layer), "")
    columns = layer.reset_index().columns.drop("geometry")
    aliases = {one: label(one, lang) for one in columns if label(one, lang) != one}
    if "cluster_id" in layer and chapter.colours:
        drawn = {one: chapter.colours.get(one, NEUTRAL) for one in layer["cluster_id"].unique()}
        named = layer["cluster"] if "cluster" in layer else layer["cluster_id"]
        labels = dict(zip(layer["cluster_id"], named.astype(str), strict=True))
        return categorised("cluster_id", drawn, labels=labels, hatched=True, aliases=aliases)
    for column in ("clusters", "depth"):
        if column in layer:
            most = int(layer[column].max())
            shades = [NEUTRAL, *ramp(most)]
            counts = range(column == "depth", most + 1)
            ranges = [(float(one), float(one)) for one in counts]
            return graduated(
                column,
                ranges,
                [shades[one] for one in counts],
                unit=unit,
                names=written,
                aliases=aliases,
            )
    if "zone_id" in layer.reset_index() and (layer.geom_type == "Point").all():
        ids = layer.reset_index()["zone_id"].astype(str)
        called = place_names(layer.reset_index().set_index("zone_id"), lang).astype(str)
        names = dict(zip(ids, called, strict=True))
        signs = dict.fromkeys(ids, _POINT)
        return categorised(
            "zone_id", signs, labels=names, geometry="Point", names=written, aliases=aliases
        )
    return ""
