"""A folium map as ONE offline page: read to plain data, drawn by our own script, nothing rendered.

folium and branca render by templates that run what they find in names, so no template of theirs is
used here. The tree of the map is read (`siting.maps.tree`), its strings travel as JSON, and the
page turns them into text nodes. The same map gives the same bytes.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import folium
import xstatic.pkg.leaflet as leaflet_package

from siting.errors import InputError, stop
from siting.escape import safe_json, safe_text
from siting.maps.tree import read_tree
from siting.maps.words import word
from siting.schema import Lang, check_lang

_LEAFLET = Path(leaflet_package.BASE_DIR)
_WEB = Path(__file__).parent / "web"
_SCRIPTS = ("dom", "places", "labels", "boxes", "shapes", "dots", "finding", "start")
_CODES = {"zh": "zh-CN", "en": "en"}
_HEAD = """<!DOCTYPE html>
<html lang="{code}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<noscript>{no_script}</noscript>
"""
_BODY = """<script type="application/json" id="siting-scene">{scene}</script>
<script>{leaflet}</script>
<script>{script}</script>
"""
_FOOT = """</body>
</html>
"""


def page(folium_map: folium.Map, *, title: str | None = None, lang: Lang = "zh") -> str:
    """
    Return a map as one HTML page that asks for nothing.

    Parameters
    ----------
    folium_map
        A map of `siting.maps`, or a plain folium map; it is read and not changed.
    title
        Title of the window; else the map's own.
    lang
        Language of the page; a map of `siting.maps` keeps its own.

    Returns
    -------
    html
        Leaflet, style and script inside; a content policy that allows these scripts and this style
        by their SHA-256 and nothing else: no request, no other script, no form, no base.

    Raises
    ------
    InputError
        If the map holds an element that cannot be shown as plain data; the findings name each.

    Warns
    -----
    SitingWarning
        For what is left out because it needs a network (tiles) or a picture font (icons).

    Notes
    -----
    Known are Marker (with Icon or DivIcon), Circle, CircleMarker, PolyLine, Polygon, Rectangle,
    GeoJson with its tooltip and popup, Choropleth and its colour scale, Tooltip, Popup,
    FeatureGroup, LayerControl and FitBounds. HTML in tooltips, popups and icons is shown as the
    text it is written with.
    """
    made = parts(folium_map, title=title, lang=lang)
    pictures = f"img-src {' '.join(made.hosts)}; " if made.hosts else ""
    policy = (
        f"default-src 'none'; script-src {made.hashes}; {pictures}"
        f"style-src {content_hash(made.style)}; base-uri 'none'; form-action 'none'"
    )
    texts = {"scene": made.scene, "leaflet": made.leaflet, "script": made.script}
    return assembled(
        _BODY, texts, title=made.title, lang=made.lang, policy=policy, style=made.style
    )


def assembled(
    body: str, texts: Mapping[str, str], *, title: str, lang: Lang, policy: str, style: str
) -> str:
    """Return a page: head, and `body` with `texts` in its blanks; `title` is escaped, no other."""
    head = {
        "code": _CODES[lang],
        "policy": policy,
        "title": safe_text(title),
        "style": style,
        "no_script": safe_text(word("no_script", lang)),
    }
    filled = {**head, **texts}
    return re.sub(r"\{(\w+)\}", lambda found: filled[found.group(1)], _HEAD + body + _FOOT)


@dataclass(frozen=True)
class Parts:
    """
    What the page of a map is put together from.

    Parameters
    ----------
    title, lang
        Of the window.
    scene
        JSON that is safe inside a script element.
    style, leaflet, script
        The same for every map.
    hosts
        Servers of the background; none without one.
    """

    title: str
    lang: Lang
    scene: str
    style: str
    leaflet: str
    script: str
    hosts: tuple[str, ...] = ()

    @property
    def hashes(self) -> str:
        """The scripts as sources of a content policy."""
        return f"{content_hash(self.leaflet)} {content_hash(self.script)}"


def parts(folium_map: folium.Map, *, title: str | None = None, lang: Lang = "zh") -> Parts:
    """Return the parts of a map's page, for a page that holds several maps; errors as `page`."""
    scene = read_tree(folium_map, lang=check_lang(lang))
    shown = title or scene["title"] or scene.pop("figure_title", None) or word("map", scene["lang"])
    hosts = tuple(safe_text(one) for one in scene.pop("hosts", ()))
    return Parts(shown, scene["lang"], _json(scene), _style(), _leaflet(), _script(), hosts)


def content_hash(text: str) -> str:
    """Return a text as a source of a content policy."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _json(scene: dict[str, Any]) -> str:
    """Return the scene as JSON for a script element."""
    try:
        return safe_json(scene)
    except (ValueError, TypeError) as error:
        stop(
            InputError,
            code="E-PAGE-03",
            value=str(error),
            reason="地图里有不是有限数的数，或无法写成数据的对象",
            reason_en="the map holds a number that is not finite, or an object that is no data",
            fix="请先清理这些值",
            fix_en="Clean these values first",
        )


@cache
def _leaflet() -> str:
    """Return Leaflet's script without the line that asks for its source map."""
    text = (_LEAFLET / "leaflet.js").read_text("utf-8")
    text = re.sub(r"(?m)^//# sourceMappingURL=.*$", "", text)
    return text.replace("</script", "<\\/script").replace("<!--", "<\\!--")


@cache
def _style() -> str:
    """Return Leaflet's style without its pictures, and ours."""
    text = (_LEAFLET / "leaflet.css").read_text("utf-8")
    text = re.sub(r"[\w-]+:\s*url\([^)]*\);?", "", text)
    return text + web_file("map.css")


@cache
def _script() -> str:
    """Return our script, one function of its own so that it leaves no name behind."""
    text = "\n".join(web_file(f"{name}.js") for name in _SCRIPTS)
    return f'(function () {{\n"use strict";\n{text}}})();'


def web_file(name: str) -> str:
    """Return one of our scripts or styles."""
    return (_WEB / name).read_text("utf-8")
