"""A folium map that draws one scene, and that renders as the offline page whoever asks for it."""

from __future__ import annotations

import html
from typing import Any, cast

import folium
from branca.element import Element, Figure, MacroElement

from siting.maps.page import page
from siting.maps.scene import Scene

_FRAME = (
    '<iframe srcdoc="{page}" sandbox="allow-scripts" title="{title}" '
    'style="position:relative;width:100%;height:{height};border:0;background:#fff"></iframe>'
)
# A notebook that is not trusted loses its frames: what lies behind the map is then seen.
_BEHIND = (
    '<div style="position:relative;min-height:4em">'
    '<p aria-hidden="true" style="position:absolute">'
    "此处有地图：请在菜单 File 中选 Trust Notebook（信任），或重新运行。<br>"
    "A map is here: trust this notebook (File, Trust Notebook) or run it again.</p>{frame}</div>"
)


def shown_if_trusted(frame: str) -> str:
    """Return a frame with a line behind it for readers whose notebook does not show frames."""
    return _BEHIND.format(frame=frame)


class SceneElement(MacroElement):
    """What is drawn, as plain data; it has no template, so nothing in it can be a template."""

    def __init__(self, scene: Scene) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Scene"
        self.scene = scene

    def _get_self_bounds(self) -> list[list[float | None]]:
        return [list(corner) for corner in self.scene["bounds"]]


class PageFigure(Figure):
    """The root of a lean map: it renders the offline page and no template."""

    def render(self, **_: Any) -> str:
        """Return the page of the map."""
        (only,) = self._children.values()
        return page(cast("folium.Map", only))


class LeanMap(folium.Map):
    """
    A folium map that shows one scene, with Leaflet alone and without tiles.

    Elements of folium can be added to it; `siting.maps.page` says which.
    """

    def __init__(self, scene: Scene) -> None:
        (south, west), (north, east) = scene["bounds"]
        middle = [(south + north) / 2, (west + east) / 2]
        super().__init__(location=middle, zoom_start=9, tiles=None)
        self.default_js = [("leaflet", "leaflet.js")]
        self.default_css = [("leaflet_css", "leaflet.css")]
        self.scene = scene
        PageFigure().add_child(self)
        self.add_child(SceneElement(scene))

    def render(self, **_: Any) -> str:
        """Put the page, framed, into whatever figure the map was added to."""
        # braces as entities, so that the templates of that figure leave the page alone
        frame = self._frame("100vh").replace("{", "&#123;").replace("}", "&#125;")
        root = cast("Figure", self.get_root())
        root.html.add_child(Element(frame), name=self.get_name())
        return ""

    def _repr_html_(self, **_: Any) -> str:
        return shown_if_trusted(self._frame("600px"))

    def _frame(self, height: str) -> str:
        text = page(self)
        title = text[text.index("<title>") + len("<title>") : text.index("</title>")]
        return _FRAME.format(page=html.escape(text), title=title, height=height)
