"""Two or more maps as one offline page: beside each other, under a slider, or one at a time."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass

import folium

from siting.errors import stop
from siting.escape import safe_json, safe_text
from siting.maps.lean import shown_if_trusted
from siting.maps.page import Parts, assembled, content_hash, parts, web_file
from siting.maps.words import word
from siting.schema import Lang, check_choice, check_lang

MODES = ("side", "swipe", "switch")
_BODY = """{scenes}
<script type="text/plain" id="map-style">{map_style}</script>
<script type="text/plain" id="map-leaflet">{leaflet}</script>
<script type="text/plain" id="map-script">{map_script}</script>
<script type="application/json" id="words">{words}</script>
<script>{script}</script>
"""


@dataclass(frozen=True)
class ComparedMaps:
    """
    Maps to compare; `siting.export.save_html` writes them, a notebook shows them.

    Parameters
    ----------
    maps
        Maps by the words that tell them apart.
    mode
        ``side``, ``swipe`` or ``switch``.
    title, lang
        Of the page.
    """

    maps: Mapping[str, folium.Map]
    mode: str
    title: str
    lang: Lang

    def page(self) -> str:
        """Return the offline page."""
        made = {said: parts(one, lang=self.lang) for said, one in self.maps.items()}
        script = web_file("frames.js") + web_file("compare.js")
        shared: Parts = next(iter(made.values()))
        policy = (
            f"default-src 'none'; script-src {content_hash(script)} {shared.hashes}; "
            "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
        )
        scenes = "\n".join(
            f'<script type="application/json" id="scene-{i}" data-title="{safe_text(said)}">{one.scene}</script>'
            for i, (said, one) in enumerate(made.items())
        )
        words = {"mode": self.mode, "swipe": word("swipe", self.lang)}
        texts = {
            "scenes": scenes,
            "map_style": shared.style,
            "leaflet": shared.leaflet,
            "map_script": shared.script,
            "words": safe_json(words),
            "script": script,
        }
        style = web_file("compare.css")
        return assembled(_BODY, texts, title=self.title, lang=self.lang, policy=policy, style=style)

    def _repr_html_(self) -> str:
        page = html.escape(self.page())
        return shown_if_trusted(
            f'<iframe srcdoc="{page}" sandbox="allow-scripts" title="{safe_text(self.title)}" '
            'style="position:relative;width:100%;height:640px;border:0;background:#fff"></iframe>'
        )


def compare_maps(
    maps: Mapping[str, folium.Map], *, title: str, mode: str = "side", lang: Lang = "zh"
) -> ComparedMaps:
    """
    Put maps together so that they show the same ground: years, scenarios, city and district.

    Parameters
    ----------
    maps
        Two maps or more by the words that tell them apart; a slider takes exactly two.
    title
        Title of the page.
    mode
        ``side``: beside each other; ``swipe``: under a slider; ``switch``: one at a time.
    lang
        Language of the page.

    Returns
    -------
    ComparedMaps

    Raises
    ------
    InputError
        If there are too few or too many maps, or the mode is unknown.

    Examples
    --------
    >>> from siting.maps import measure_map
    >>> from siting.places import read_places
    >>> districts = read_places("district")
    >>> size = measure_map(districts["area_official_km2"], districts, title="面积")
    >>> people = measure_map(districts["population_2020"], districts, title="人口")
    >>> both = compare_maps({"面积": size, "人口": people}, title="面积与人口", mode="swipe")
    >>> both.page().count('<script type="application/json" id="scene-')
    2
    """
    check_choice(mode, MODES, "mode")
    if len(maps) < 2 or (mode == "swipe" and len(maps) > 2):
        stop(
            code="E-MAP-11",
            column="maps",
            value=str(len(maps)),
            reason="对比需要两幅地图，滑动对比只能两幅",
            reason_en="a comparison takes two maps, a slider exactly two",
            fix='请给出两幅地图，或用 mode="switch"',
            fix_en='Give two maps, or take mode="switch"',
        )
    return ComparedMaps(dict(maps), mode, title, check_lang(lang))
