"""Hostile text in every place of a map where text goes: nothing runs, everything is shown as written."""

from __future__ import annotations

import os
import unicodedata
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import folium
import pandas as pd
import pytest
from selenium import webdriver

from siting.export import save_html
from siting.maps import category_map, layout_map, measure_map, plan_map, point_map
from tests.browser import chromium, complaints, requests, visit
from tests.small_maps import row_of_squares, small_plan

JS = "window.__pwn=(window.__pwn||0)+1"
PY = "cycler.__init__.__globals__.os.environ.__setitem__('PWN','1')"
PAYLOADS = (
    # markup
    f"<script>{JS}</script>",
    f"</script><script>{JS}</script>",
    f"<img src=x onerror={JS}>",
    f"<svg/onload={JS}>",
    f"<svg><script>{JS}</script></svg>",
    f"<svg><animate onbegin={JS} attributeName=x dur=1s>",
    f"</style><script>{JS}</script><style>",
    f"</title><script>{JS}</script>",
    f"</textarea><img src=x onerror={JS}>",
    f"</noscript><img src=x onerror={JS}>",
    f"<iframe srcdoc='<script>parent.{JS}</script>'></iframe>",
    f"<details open ontoggle={JS}>",
    f"<body onload={JS}>",
    f"<input autofocus onfocus={JS}>",
    f"<a href='javascript:{JS}'>x</a>",
    f"javascript:{JS}",
    "<link rel=stylesheet href=http://127.0.0.1:9/x.css>",
    "<img src=http://127.0.0.1:9/x.png>",
    "<meta http-equiv=refresh content='0;url=http://127.0.0.1:9/'>",
    "<base href=http://127.0.0.1:9/>",
    f"<math><mtext><table><mglyph><style><img src=x onerror={JS}>",
    "<!--",
    "--><b>x</b>",
    "]]><b>x</b>",
    "<![CDATA[<b>x</b>]]>",
    # templates, JavaScript
    f"{{{{ {PY} }}}}",
    f"{{% set x = {PY} %}}",
    "{% for i in range(3) %}x{% endfor %}",
    "{% raw %}",
    "{% endraw %}{{ 7*7 }}",
    "{{ 7*7 }}",
    "{{",
    "{# gone #}",
    "{#",
    f"${{{JS}}}",
    f"`+({JS})+`",
    f"\\`;{JS}//",
    f"';{JS};//",
    f'";{JS};//',
    f'" onmouseover="{JS}" x="',
    f"' onfocus='{JS}' tabindex='0",
    "{0}{name}{place}%s%(x)s",
    # style, entities, invisible characters
    f"x;background:expression({JS});url(javascript:{JS})",
    "@import 'http://127.0.0.1:9/x.css';",
    "&lt;b&gt;&#60;b&#62;&amp;nbsp;",
    "&#x3c;script&#x3e;&NewLine;&Tab;",
    "前\u2028后\u2029末",
    "甲\u202e乙\u2066丙\u200b丁\ufeff",
    "空\x00字\x07\x1b[31m",
    "两行\r\n一列\t列",
    "\\u003cscript\\u003e \\x3c \\",
    "e\u0301 é 𠮷 👨‍👩‍👧 ﷽",
    f"{{{{x}}}}${{x}}`<img src=x onerror={JS}>'\"--></script></title>{{%x%}}{{#x#}}",
)

# Opens every tooltip and popup, switches every layer, and returns every text that was ever shown.
READ = r"""
const found = new Set();
const look = () => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    if (!walker.currentNode.parentElement.closest('script, style')) found.add(walker.currentNode.data);
  }
};
look();
document.querySelectorAll('.leaflet-control-layers-selector').forEach((box) => { box.click(); look(); });
document.querySelectorAll('.leaflet-control-layers-selector').forEach((box) => {
  if (!box.checked) box.click();
});
const here = { bubbles: true, clientX: 300, clientY: 300, view: window };
document.querySelectorAll('.leaflet-interactive').forEach((node) => {
  node.dispatchEvent(new MouseEvent('mouseover', here));
  node.dispatchEvent(new MouseEvent('mousemove', here));
  look();
  node.dispatchEvent(new MouseEvent('mouseout', here));
  node.dispatchEvent(new MouseEvent('click', here));
  look();
});
const names = [...document.querySelectorAll('[aria-label]')].map((n) => n.getAttribute('aria-label'));
return {
  drawn: document.documentElement.dataset.drawn,
  texts: [...found], names, title: document.querySelector('title').textContent,
  pwn: window.__pwn === undefined ? null : window.__pwn,
  tags: document.querySelectorAll(
    'img, iframe, input:not(.leaflet-control-layers-selector, .search > input, .legend input), link, base, details:not(.fold), object'
  ).length,
};
"""


def tagged(payload: str) -> Callable[[str], str]:
    """Return what gives the payload with a mark of the sink at its end, and remembers the sinks."""

    def say(sink: str) -> str:
        sinks.append(sink)
        return f"{payload}⟦{sink}⟧"

    sinks: list[str] = []
    say.sinks = sinks
    return say


def chinese_plan(say: Callable[[str], str]) -> folium.Map:
    places = row_of_squares([say("place"), say("place_2"), say("place_3")])
    places.attrs = {
        "vintage": say("vintage"),
        "sources": [say("attribution")],
        "notes_zh": [say("note")],
    }
    english = {"cluster_en", "field_en", "zone_en"}
    plan = small_plan(lambda sink: "x" if sink in english else say(sink))
    return plan_map(plan, places)


def english_plan(say: Callable[[str], str]) -> folium.Map:
    places = row_of_squares(["甲", "乙", "丙"], english=[say("place_en"), say("place_en_2"), ""])
    english = {"cluster_en", "field_en", "zone_en"}
    plan = small_plan(lambda sink: say(sink) if sink in english else "x")
    return plan_map(plan, places, lang="en", title=say("title"), layers=["future-health"])


def measured(say: Callable[[str], str]) -> folium.Map:
    places = row_of_squares(["甲", "乙", "丙"])
    values = pd.Series([1.0, 2.5], index=places.index[:2])
    values.attrs["undefined"] = {"310003": say("reason")}
    return measure_map(
        values, places, title=say("measure_title"), unit=say("unit"), source=say("source")
    )


def categorised(say: Callable[[str], str]) -> folium.Map:
    places = row_of_squares(["甲", "乙", "丙"])
    key = say("category")  # shown by its label alone
    kinds = pd.Series([key, key], index=places.index[:2])
    kinds.attrs["undefined"] = {"310003": say("category_reason")}
    return category_map(
        kinds,
        places,
        title=say("category_title"),
        labels={key: say("category_label")},
        notes=pd.Series({"310001": say("category_note")}),
        source=say("category_source"),
    )


def zoned(say: Callable[[str], str]) -> folium.Map:
    places = row_of_squares([say("zone_place"), "乙", "丙"])
    sites = pd.DataFrame(
        {
            "name_zh": [places["name_zh"].iloc[0], say("zone_site")],
            "place_id": ["310001", "310002"],
            "lon": [121.01, 121.03],
            "lat": [31.01, 31.01],
        },
        index=["310001", "z"],
    )
    clusters = pd.DataFrame({"name_zh": [say("zone_cluster"), "乙群"]}, index=["u", "v"])
    layout = SimpleNamespace(sites=[("310001", "u"), ("z", "v")], status="feasible", gap=0.01)
    return layout_map(
        layout,
        places,
        clusters=clusters,
        sites=sites,
        title=say("zone_title"),
        source=say("zone_source"),
    )


def sited(say: Callable[[str], str]) -> folium.Map:
    places = row_of_squares(["甲", say("served_place"), "丙"])
    sites = pd.DataFrame(
        {"name_zh": [say("site_name")], "lon": [121.01], "lat": [31.01]}, index=["s"]
    )
    served = pd.Series(["s", "s", None], index=places.index)
    layout = SimpleNamespace(sites=["s"], assignment=served, status="optimal", gap=0.0)
    return layout_map(
        layout,
        places,
        sites=sites,
        radius_m=900.0,
        title=say("site_title"),
        source=say("site_source"),
    )


def pointed(say: Callable[[str], str]) -> folium.Map:
    rows = pd.DataFrame({"lon": [121.01, 121.03], "lat": 31.01, "kind": [say("dot_kind"), None]})
    rows["firm"] = say("dot_name")  # shown under the mouse: see test_map_tools
    drawn = rows.rename(columns={"kind": say("dot_by")})
    return point_map(
        drawn,
        row_of_squares(["甲", "乙", "丙"]),
        title=say("dot_title"),
        by=drawn.columns[2],
        name="firm",
        source=say("dot_source"),
    )


def plain(say: Callable[[str], str]) -> folium.Map:
    drawn = folium.Map(location=[31.01, 121.03], zoom_start=13, tiles=None)
    hidden = say("figure_title")
    drawn.get_root().title = hidden
    group = folium.FeatureGroup(say("group")).add_to(drawn)
    folium.Marker([31.01, 121.01], tooltip=say("tooltip"), popup=say("popup")).add_to(group)
    popup = folium.Popup(say("parsed"), parse_html=True, lazy=True)
    folium.CircleMarker([31.01, 121.02], popup=popup, tooltip=say("dot")).add_to(group)
    folium.PolyLine([[31, 121], [31.01, 121.05]], tooltip=say("line")).add_to(group)
    folium.Polygon([[31, 121], [31.01, 121.0], [31.01, 121.01]], popup=say("polygon")).add_to(group)
    icon = folium.DivIcon(html=say("icon"))
    folium.Marker([31.02, 121.03], icon=icon).add_to(drawn)
    key, unseen = say("key"), f"{say('unseen')}"
    feature = {
        "type": "Feature",
        "properties": {key: say("value"), "b": {say("inner"): 1}, unseen: unseen},
        "geometry": {"type": "Polygon", "coordinates": [[[121, 31], [121.1, 31], [121.1, 31.1]]]},
    }
    folium.GeoJson(
        {"type": "FeatureCollection", "features": [feature]},
        name=say("layer"),
        tooltip=folium.GeoJsonTooltip([key, key], aliases=[key, say("alias")]),
        popup=folium.GeoJsonPopup([key], aliases=[say("popup_alias")]),
        style_function=lambda _: {"color": say("style"), "className": say("class")},
    ).add_to(drawn)
    folium.TileLayer("http://127.0.0.1:9/{z}", attr=say("tile_attr"), name=say("tile")).add_to(
        drawn
    )
    folium.LayerControl().add_to(drawn)
    return drawn


MAPS: dict[str, Callable[[Callable[[str], str]], folium.Map]] = {
    "chinese_plan": chinese_plan,
    "english_plan": english_plan,
    "measured": measured,
    "categorised": categorised,
    "zoned": zoned,
    "sited": sited,
    "pointed": pointed,
    "plain": plain,
}
# Text that is no text of the page: styles that are no colours, tiles that are not there, and data
# that nobody asked to see; `inner` is shown as JSON writes it.
NOT_SHOWN = {
    "style",
    "class",
    "tile",
    "tile_attr",
    "unseen",
    "figure_title",
    "inner",
    "category",
    "dot_name",
}


@pytest.fixture(scope="module")
def window() -> Iterator[webdriver.Chrome]:
    with chromium(900, 700) as opened:
        yield opened


def as_title(text: str) -> str:
    """Return what HTML itself makes of the text of a title: NUL and CR replaced."""
    return text.replace("\0", "\ufffd").replace("\r\n", "\n").replace("\r", "\n")


def missing(seen: dict[str, Any], payload: str, sinks: list[str]) -> list[str]:
    """Return the sinks whose text is nowhere on the page as it was written."""
    lost = []
    for sink in sinks:
        if sink in NOT_SHOWN:
            continue
        wanted = f"{payload}⟦{sink}⟧"
        if sink in {"popup", "polygon", "parsed"}:  # folium itself hides the backslash in \`
            wanted = wanted.replace("\\`", "`")
        if not any(wanted in text for text in seen["texts"]):
            lost.append(sink)
    return lost


@pytest.mark.browser
@pytest.mark.parametrize("kind", MAPS)
def test_hostile_text_is_shown_as_written_and_never_runs(
    kind: str, window: webdriver.Chrome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    cases = 0
    for i, payload in enumerate(PAYLOADS):
        say = tagged(payload)
        drawn = MAPS[kind](say)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # dropped tiles and colours, see test_page
            target = save_html(drawn, tmp_path / f"{i}.html")
        visit(window, target)
        seen = window.execute_script(READ)
        sinks = list(dict.fromkeys(say.sinks))
        cases += len(sinks)
        assert seen["drawn"] == "yes", payload
        assert seen["pwn"] is None, payload
        assert seen["tags"] == 0, payload
        assert missing(seen, payload, sinks) == [], payload
        if kind == "chinese_plan":  # what a screen reader is told
            assert any(f"{payload}⟦place⟧" in name for name in seen["names"]), payload
        if kind == "plain":
            assert seen["title"] == as_title(f"{payload}⟦figure_title⟧")
        assert requests(window) == [], payload
        assert complaints(window) == [], payload
        assert window.execute_script("return window.__pwn === undefined")
        target.unlink()
    assert "PWN" not in os.environ
    assert list(tmp_path.iterdir()) == []
    assert cases >= 40 * 5


@pytest.mark.browser
def test_a_notebook_frame_is_as_deaf_as_the_page(window: webdriver.Chrome, tmp_path: Path) -> None:
    frames = [chinese_plan(tagged(payload))._repr_html_() for payload in PAYLOADS[::6]]
    target = tmp_path / "notebook.html"
    target.write_text("<!DOCTYPE html><meta charset=utf-8>" + "".join(frames), encoding="utf-8")
    visit(window, target)
    for frame in window.find_elements("css selector", "iframe"):
        window.switch_to.frame(frame)
        assert window.execute_script("return document.documentElement.dataset.drawn") == "yes"
        assert window.execute_script("return window.__pwn === undefined")
        window.switch_to.default_content()
    assert window.execute_script("return window.__pwn === undefined")
    assert requests(window) == []
    assert complaints(window) == []


def test_there_are_enough_payloads_and_sinks() -> None:
    say = tagged("x")
    for make in MAPS.values():
        make(say)
    assert len(set(PAYLOADS)) >= 40
    assert len(set(say.sinks)) >= 40


def test_the_check_sees_a_page_that_lets_text_run() -> None:
    # the fixture of the tests is itself held against a bad example: text normalised or cut
    seen = {"texts": ["<b>⟦place⟧", unicodedata.normalize("NFKC", "ﷺ⟦zone⟧")]}
    assert missing(seen, "<b>", ["place"]) == []
    assert missing(seen, "ﷺ", ["zone"]) == ["zone"]
    assert missing(seen, "<i>", ["place"]) == ["place"]


@pytest.mark.browser
def test_the_browser_would_notice_an_execution(window: webdriver.Chrome, tmp_path: Path) -> None:
    target = tmp_path / "bad.html"
    target.write_text(f"<body>{PAYLOADS[2]}<img src='http://127.0.0.1:9/x.png'>", encoding="utf-8")
    visit(window, target)
    assert window.execute_script("return window.__pwn") == 1
    assert any("127.0.0.1:9" in url for url in requests(window))
    assert complaints(window)
