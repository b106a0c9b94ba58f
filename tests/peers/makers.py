"""The same sixteen districts, coloured by their number of clusters, as each peer draws them by default."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd

from siting import export, maps
from siting.overlap import incidence, stack
from siting.study import study_plan

HOSTILE = '<img src=x onerror="window.ran=1">${window.ran=1}{{ 7*7 }}</script><script>window.ran=1</script>'
CENTRE = (31.23, 121.47)


def districts(*, hostile: bool) -> gpd.GeoDataFrame:
    """Return the districts with their name and number of clusters; one name may be hostile."""
    study = study_plan("shanghai-2022")
    frame = study.places[["name_zh", "geometry"]].copy()
    frame["clusters"] = stack(incidence(study.plan, study.places)).astype(int)
    frame = frame.rename(columns={"name_zh": "name"}).reset_index()
    frame.attrs = {}
    if hostile:
        frame.loc[frame["place_id"] == "310115", "name"] = HOSTILE
    return frame


def folium_page(path: Path, *, hostile: bool) -> None:
    """Stock folium: a choropleth with a tooltip."""
    import folium

    frame = districts(hostile=hostile)
    written = frame.set_index("place_id")["name"]["310115"]
    drawn = folium.Map(CENTRE, zoom_start=9)
    folium.Choropleth(
        frame.__geo_interface__,
        data=frame,
        columns=["place_id", "clusters"],
        key_on="feature.properties.place_id",
        legend_name="集群数",
    ).add_to(drawn)
    tip = folium.GeoJsonTooltip(["name", "clusters"])
    folium.GeoJson(frame, name=written, tooltip=tip).add_to(drawn)
    folium.LayerControl().add_to(drawn)
    drawn.save(path)


def explore_page(path: Path, *, hostile: bool) -> None:
    """GeoDataFrame.explore with classes and a legend."""
    import mapclassify  # noqa: F401  (explore needs it for classes)

    frame = districts(hostile=hostile)
    frame.explore("clusters", scheme="EqualInterval", k=5, tooltip=["name", "clusters"]).save(path)


def leafmap_page(path: Path, *, hostile: bool) -> None:
    """Show the districts in leafmap (its folium side) with classes and a legend."""
    import leafmap.foliumap as leafmap

    drawn = leafmap.Map(center=CENTRE, zoom=9)
    drawn.add_data(
        districts(hostile=hostile), column="clusters", scheme="EqualInterval", legend_title="集群数"
    )
    drawn.to_html(str(path))


def kepler_page(path: Path, *, hostile: bool) -> None:
    """Show the districts in kepler.gl."""
    import keplergl

    frame = districts(hostile=hostile)
    keplergl.KeplerGl(data={"districts": frame}).save_to_html(file_name=str(path))


def maplibre_page(path: Path, *, hostile: bool) -> None:
    """MapLibre: a fill by class, a tooltip, names as labels."""
    import maplibre
    from maplibre import Layer, LayerType
    from maplibre.sources import GeoJSONSource

    frame = districts(hostile=hostile)
    drawn = maplibre.Map(maplibre.MapOptions(center=CENTRE[::-1], zoom=8))
    drawn.add_source("districts", GeoJSONSource(data=frame.__geo_interface__))
    colour = ["interpolate", ["linear"], ["get", "clusters"], 0, "#f2efe4", 5, "#2b6ca3"]
    paint = {"fill-color": colour, "fill-outline-color": "#51606d"}
    drawn.add_layer(Layer(type=LayerType.FILL, id="fill", source="districts", paint=paint))
    text = {"text-field": ["get", "name"]}
    drawn.add_layer(Layer(type=LayerType.SYMBOL, id="names", source="districts", layout=text))
    drawn.add_tooltip("fill", "name")
    path.write_text(drawn.to_html(), "utf-8")


def siting_page(path: Path, *, hostile: bool) -> None:
    """Draw the plan with siting."""
    study = study_plan("shanghai-2022")
    places = study.places.copy()
    if hostile:
        places.loc["310115", "name_zh"] = HOSTILE
    export.save_html(maps.plan_map(study.plan, places), path)


MAKERS: dict[str, Callable[..., None]] = {
    "siting": siting_page,
    "folium": folium_page,
    "geopandas": explore_page,
    "leafmap": leafmap_page,
    "keplergl": kepler_page,
    "maplibre": maplibre_page,
}
