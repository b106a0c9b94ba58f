"""A folium map's tree of elements as plain data: what is known is read, anything else is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import folium
from branca.colormap import LinearColormap, StepColormap
from branca.element import CssLink, Element, Figure, JavascriptLink
from folium.elements import ElementAddToElement
from folium.features import Choropleth, DivIcon, GeoJson, GeoJsonPopup, GeoJsonTooltip
from folium.map import FitBounds, Icon, Layer, LayerControl
from folium.utilities import camelize
from folium.vector_layers import Circle, CircleMarker, Polygon, PolyLine, Rectangle

from siting.errors import Finding, Findings
from siting.maps.colourbar import legend_of
from siting.maps.features import feature_shapes
from siting.maps.path import numbers, path_style, pin_colour, positions, size_pair
from siting.maps.words import word
from siting.schema import Lang

Shape = dict[str, Any]
# What folium links by default; Leaflet is in the page, and nothing that is read needs the others.
_LINKS = {
    *("leaflet", "jquery", "bootstrap", "awesome_markers", "leaflet_css", "bootstrap_css"),
    *("glyphicons_css", "awesome_markers_font_css", "awesome_markers_css", "awesome_rotate_css"),
    "d3",
}
_SETTINGS = ("zoom", "maxBounds", "preferCanvas", "dragging", "scrollWheelZoom")


class Reading:
    """One reading of one map: the scene as it grows, and what was found wrong."""

    def __init__(self, folium_map: folium.Map, lang: Lang) -> None:
        self.lang = lang
        self.findings = Findings()
        self.scene: dict[str, Any] = _empty(folium_map, lang)
        self.seen: set[str] = {folium_map.get_name()}
        for child in folium_map._children.values():  # noqa: SLF001  (branca has no other way)
            self.top(child)

    def top(self, element: Element) -> None:
        """Read a child of the map itself."""
        self.seen.add(element.get_name())
        scene = getattr(element, "scene", None)
        if type(element).__name__ == "SceneElement" and isinstance(scene, dict):
            shapes = [*scene["shapes"], *self.scene["shapes"]]
            self.scene = {**self.scene, **scene, "shapes": shapes}
        elif type(element) is LayerControl:
            options = {k: v for k, v in element.options.items() if k in ("position", "collapsed")}
            self.scene["layer_control"] = options
        elif type(element) is FitBounds:
            told = {"bounds": numbers(element.bounds), "options": numbers(element.options)}
            self.scene["fit"] = told
        elif isinstance(element, LinearColormap | StepColormap):
            self.scene["legends"] = [*self.scene["legends"], legend_of(element)]
        else:
            self.scene["shapes"] += self.shapes(element)

    def shapes(self, element: Element) -> list[Shape]:
        """Return what one element draws."""
        self.seen.add(element.get_name())
        if type(element) is ElementAddToElement:  # left by an earlier rendering of the map
            return []
        reader = _READERS.get(type(element))
        if reader is None:
            self.refuse(element)
            return []
        self.links(element)
        return reader(self, element)

    def links(self, element: Element) -> None:
        """Refuse links to scripts and styles that somebody added."""
        for name, url in (
            *getattr(element, "default_js", ()),
            *getattr(element, "default_css", ()),
        ):
            if name not in _LINKS:
                self.refuse(element, f"{type(element).__name__}: {name} {url}")

    def refuse(self, element: Element, value: str = "") -> None:
        """Note an element that cannot be shown as plain data."""
        self.findings.append(
            Finding(
                code="E-PAGE-01",
                column="folium_map",
                value=value or type(element).__name__,
                reason="离线页不支持这种 folium 元素：它会运行自带脚本或访问网络",
                reason_en="an offline page cannot hold this folium element: it brings its own script or needs a network",
                fix="请去掉它，或改用标记、线、面、GeoJson 等基本元素",
                fix_en="Leave it out, or use markers, lines, polygons or GeoJson",
            )
        )

    def left_out(self, value: str, reason: str, reason_en: str) -> None:
        """Note something that the page does without."""
        self.findings.append(
            Finding(
                code="W-PAGE-02",
                severity="warning",
                column="folium_map",
                value=value,
                reason=reason,
                reason_en=reason_en,
                fix="离线页照常生成",
                fix_en="The offline page is made without it",
            )
        )

    def said(self, element: Element, shape: Shape) -> Shape:
        """Return `shape` with the tooltip and the popup of its element, as text."""
        for child in element._children.values():  # noqa: SLF001
            self.seen.add(child.get_name())
            if type(child) is folium.Tooltip:
                shape["tip"] = {"content": child.text, "options": _tip_options(child.options)}
            elif type(child) is folium.Popup:
                shape["popup"] = self.popup(child)
            elif (
                child is not getattr(element, "icon", None)
                and type(child) is not folium.Marker.SetIcon
            ):
                self.refuse(child)
        return shape

    def popup(self, popup: folium.Popup) -> Shape:
        """Return a popup's text; a popup of other elements is refused."""
        texts = []
        for part in popup.html._children.values():  # noqa: SLF001
            if type(part) is folium.Html:
                # folium put a backslash before each backtick; the text is given back without it
                texts.append(str(part.data).replace("\\`", "`"))
            else:
                self.refuse(part)
        return {
            "content": "\n".join(texts),
            "open": popup.show is True,
            "options": {"maxWidth": 340},
        }


def read_tree(folium_map: folium.Map, *, lang: Lang) -> dict[str, Any]:
    """
    Return the scene of a map; see `siting.maps.page.page` for what is known and what is refused.

    Raises
    ------
    InputError
        If the map holds elements that cannot be read; the findings name each of them.
    """
    reading = Reading(folium_map, lang)
    reading.links(folium_map)
    if folium_map.crs != "EPSG3857":
        reading.refuse(folium_map, f"Map(crs={folium_map.crs!r})")
    figure = folium_map.get_root()
    if isinstance(figure, Figure):
        _read_figure(figure, folium_map, reading)
    reading.findings.stop()
    reading.findings.warn(stacklevel=5)
    return reading.scene


def _read_figure(figure: Figure, folium_map: folium.Map, reading: Reading) -> None:
    """Refuse what somebody put beside the map; what an earlier rendering left there is ignored."""
    if figure.title:
        reading.scene["figure_title"] = str(figure.title)
    for child in figure._children.values():  # noqa: SLF001
        if child is not folium_map:
            reading.refuse(child)
    for part in (figure.header, figure.html, figure.script):
        for name, child in part._children.items():  # noqa: SLF001
            known = name == "meta_http" or name.removesuffix("tablestyle") in reading.seen
            if isinstance(child, JavascriptLink | CssLink):
                known = name in _LINKS
            if not known:
                reading.refuse(child, f"{type(child).__name__}: {name}")


def _empty(folium_map: folium.Map, lang: Lang) -> dict[str, Any]:
    """Return the scene of a map without elements."""
    options = {camelize(key): value for key, value in folium_map.options.items()}
    zoom_control = options.get("zoomControl") is not False or folium_map.zoom_control_position
    options = {key: options[key] for key in _SETTINGS if key in options}
    options["center"] = folium_map.location
    keys = ("zoom_in", "zoom_out", "close", "panel", "m", "km")
    return {
        "lang": lang,
        "title": "",
        "words": {key: word(key, lang) for key in keys},
        "view": numbers(options),
        "scale": bool(folium_map.control_scale),
        "zoom_control": bool(zoom_control),
        "places": [],
        "clusters": [],
        "zones": [],
        "legends": [],
        "shapes": [],
    }


def _tip_options(options: dict[str, Any]) -> dict[str, Any]:
    """Return the options of a tooltip that are plain switches."""
    kept = {key: options[key] for key in ("sticky", "permanent") if options.get(key) is not None}
    if options.get("direction") in ("left", "right", "top", "bottom", "center", "auto"):
        kept["direction"] = options["direction"]
    return kept


def _marker(reading: Reading, element: folium.Marker) -> list[Shape]:
    icon: Any = element.icon
    at = positions(element.location, "Marker", reading.findings)
    shape: Shape = {"kind": "marker", "at": at, "colour": pin_colour(icon)}
    if type(icon) is DivIcon:
        reading.seen.add(icon.get_name())
        shape["text"] = str(icon.options.get("html", ""))
        shape["size"] = size_pair(icon.options.get("icon_size", icon.options.get("iconSize")))
        shape["anchor"] = size_pair(icon.options.get("icon_anchor", icon.options.get("iconAnchor")))
    elif type(icon) is Icon:
        reading.seen.add(icon.get_name())
        reading.left_out(
            "Icon", "图标字体已换成单色图钉", "its picture font is replaced by a plain pin"
        )
    elif icon is not None:
        reading.refuse(icon)
    return [reading.said(element, shape)]


def _path(kind: str, key: str, attribute: str) -> Callable[[Reading, Any], list[Shape]]:
    def read(reading: Reading, element: Any) -> list[Shape]:
        style = path_style(element.options, reading.findings)
        where = positions(getattr(element, attribute), type(element).__name__, reading.findings)
        return [reading.said(element, {"kind": kind, key: where, "style": style})]

    return read


def _group(reading: Reading, element: Layer) -> list[Shape]:
    children: list[Shape] = []
    said: Shape = {}
    for child in element._children.values():  # noqa: SLF001
        if type(child) in (folium.Tooltip, folium.Popup):
            said |= reading.said(_only(child), {})
        elif isinstance(child, LinearColormap | StepColormap):
            reading.top(child)
        else:
            children += reading.shapes(child)
    return [_layer(element, children) | said]


def _layer(element: Layer, children: list[Shape]) -> Shape:
    """Return a layer with its name, or without one if the layer control shall not list it."""
    return {
        "kind": "group",
        "name": str(element.layer_name) if element.control else None,
        "overlay": bool(element.overlay),
        "shown": bool(element.show),
        "children": children,
    }


def _only(child: Element) -> Element:
    """Return a stand-in parent that holds one child alone."""
    holder = Element()
    holder._children[child.get_name()] = child  # noqa: SLF001  (add_child would change the child)
    return holder


def _geojson(reading: Reading, element: GeoJson) -> list[Shape]:
    for what, name in ((element.on_each_feature, "on_each_feature"), (element.embed_link, "embed")):
        if what is not None:
            reading.refuse(element, f"GeoJson({name}=…)")
    parts: dict[type, Any] = {}
    for child in element._children.values():  # noqa: SLF001
        reading.seen.add(child.get_name())
        if type(child) in (GeoJsonTooltip, GeoJsonPopup, folium.Tooltip, folium.Popup):
            parts[type(child)] = child
        elif type(child) is not ElementAddToElement:
            reading.refuse(child)
    plain = {type(c): c for c in parts.values() if type(c) in (folium.Tooltip, folium.Popup)}
    said: Shape = {}
    for child in plain.values():
        said |= reading.said(_only(child), {})
    shapes = feature_shapes(
        element, parts.get(GeoJsonTooltip), parts.get(GeoJsonPopup), reading.findings
    )
    return [_layer(element, shapes) | said]


def _tiles(reading: Reading, element: Any) -> list[Shape]:
    name = f"TileLayer {element.tile_name}"
    reading.left_out(name, "底图瓦片需要联网，已略去", "tiles need a network and are left out")
    return []


_READERS: dict[type, Callable[[Reading, Any], list[Shape]]] = {
    folium.Marker: _marker,
    Circle: _path("circle", "at", "location"),
    CircleMarker: _path("dot", "at", "location"),
    PolyLine: _path("line", "points", "locations"),
    Polygon: _path("polygon", "points", "locations"),
    Rectangle: _path("rectangle", "points", "locations"),
    folium.FeatureGroup: _group,
    Choropleth: _group,
    GeoJson: _geojson,
    folium.TileLayer: _tiles,
}
