"""One offline page from any folium map: what is read, what is refused, and nothing changed."""

from __future__ import annotations

import base64
import copy
import hashlib
import html
import json
import re
from typing import Any

import branca.colormap
import folium
import pytest
from folium.plugins import MarkerCluster

from siting.errors import InputError, SitingWarning
from siting.maps import plan_map
from siting.maps.lean import LeanMap
from siting.maps.page import page
from siting.maps.tree import read_tree
from tests.small_maps import row_of_squares, small_plan

SQUARE = [[121.0, 31.0], [121.1, 31.0], [121.1, 31.1], [121.0, 31.0]]
FEATURES = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"名称": "甲", "面积": 1234.5678, "空": None, "表": {"a": 1}},
            "geometry": {"type": "Polygon", "coordinates": [SQUARE]},
        },
        {
            "type": "Feature",
            "properties": {"名称": "乙", "面积": 2, "空": None, "表": None},
            "geometry": {"type": "MultiPoint", "coordinates": [[121.0, 31.0], [121.2, 31.2]]},
        },
    ],
}


def bare(**options: Any) -> folium.Map:
    return folium.Map(location=[31.2, 121.5], tiles=None, **options)


def small() -> LeanMap:
    return plan_map(small_plan(), row_of_squares(["甲区", "乙区", "丙区"]))


def scene_of(text: str) -> dict[str, Any]:
    found = re.search(r'id="siting-scene">(.*?)</script>', text, re.DOTALL)
    assert found
    return json.loads(found.group(1))


def shapes(folium_map: folium.Map) -> list[dict[str, Any]]:
    return read_tree(folium_map, lang="zh")["shapes"]


# --- the page -------------------------------------------------------------------------------


def test_the_same_map_gives_the_same_bytes() -> None:
    def made() -> folium.Map:
        drawn = bare()
        folium.Marker([31.2, 121.5], tooltip="甲", popup="乙").add_to(drawn)
        folium.GeoJson(copy.deepcopy(FEATURES), name="面").add_to(drawn)
        return drawn

    assert page(made()) == page(made())
    assert page(small()) == page(small())


def test_the_page_links_to_nothing() -> None:
    text = page(small())
    outside = re.sub(r"(?s)<script.*?</script>", "", text)
    assert not re.search(r"(?i)\b(src|href|url|@import)\b\s*[=(:]", outside)
    assert "sourceMappingURL" not in text
    assert len(text.encode()) < 400_000


def test_the_policy_allows_exactly_the_scripts_and_the_style_of_the_page() -> None:
    text = page(small())
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert "unsafe" not in policy
    assert "http" not in policy

    def hashes(pattern: str) -> list[str]:
        inside = re.findall(pattern, text, re.DOTALL)
        sums = (hashlib.sha256(part.encode()).digest() for part in inside)
        return [f"'sha256-{base64.b64encode(one).decode()}'" for one in sums]

    assert rules["script-src"].split() == hashes(r"<script>(.*?)</script>")
    assert rules["style-src"].split() == hashes(r"<style>(.*?)</style>")


def test_the_title_is_the_one_given_or_the_one_of_the_map() -> None:
    assert "<title>小方案：集群布局示意图</title>" in page(small())
    assert "<title>别名</title>" in page(small(), title="别名")
    assert "<title>地图</title>" in page(bare())
    titled = bare()
    titled.get_root().title = "我的图"
    assert "<title>我的图</title>" in page(titled)


def test_whoever_renders_a_lean_map_gets_the_offline_page() -> None:
    drawn = small()
    text = page(drawn)
    assert drawn.get_root().render() == text
    frame = drawn._repr_html_()
    assert 'sandbox="allow-scripts"' in frame
    (inside,) = re.findall(r'srcdoc="([^"]*)"', frame)
    assert html.unescape(inside) == text


def test_a_lean_map_in_a_figure_of_others_is_a_frame_that_no_template_touches() -> None:
    drawn = plan_map(
        small_plan(lambda sink: "{{ 6*7 }}{% raw %}"), row_of_squares(["甲", "乙", "丙"])
    )
    figure = folium.Figure()
    figure.add_child(drawn)
    (inside,) = re.findall(r'srcdoc="([^"]*)"', figure.render())
    assert html.unescape(inside) == page(drawn)


def test_half_characters_do_not_break_the_page() -> None:
    drawn = bare()
    folium.Marker([31.2, 121.5], tooltip="甲\ud800乙").add_to(drawn)
    text = page(drawn, title="\udfff")
    assert scene_of(text)["shapes"][0]["tip"]["content"] == "甲\ud800乙"
    assert text.encode()


# --- what is read ---------------------------------------------------------------------------


def test_common_elements_become_plain_shapes() -> None:
    drawn = bare(control_scale=True, zoom_start=11)
    folium.CircleMarker([31, 121], radius=5, color="red", tooltip="点").add_to(drawn)
    folium.Circle([31, 121], radius=500, popup="圆").add_to(drawn)
    folium.PolyLine([[31, 121], [31.1, 121.1]], weight=2).add_to(drawn)
    folium.Polygon([[31, 121], [31.1, 121], [31.1, 121.1]], fill=True).add_to(drawn)
    folium.Rectangle([[31, 121], [31.1, 121.1]]).add_to(drawn)
    scene = read_tree(drawn, lang="zh")
    assert [s["kind"] for s in scene["shapes"]] == ["dot", "circle", "line", "polygon", "rectangle"]
    dot = scene["shapes"][0]
    assert (dot["at"], dot["style"]["color"], dot["style"]["radius"]) == ([31, 121], "red", 5)
    assert dot["tip"]["content"] == "点"
    assert scene["shapes"][1]["popup"]["content"] == "圆"
    assert scene["scale"]
    assert scene["view"]["zoom"] == 11


def test_groups_keep_names_order_and_whether_they_are_shown() -> None:
    drawn = bare()
    group = folium.FeatureGroup("组", show=False).add_to(drawn)
    folium.Marker([31, 121], icon=folium.DivIcon(html="<b>字</b>", icon_size=(20, 10))).add_to(
        group
    )
    folium.LayerControl(collapsed=False).add_to(drawn)
    scene = read_tree(drawn, lang="zh")
    (found,) = scene["shapes"]
    assert (found["name"], found["shown"], found["overlay"]) == ("组", False, True)
    assert found["children"][0]["text"] == "<b>字</b>"
    assert scene["layer_control"] == {"position": "topright", "collapsed": False}


def test_features_carry_style_table_and_turned_coordinates() -> None:
    drawn = bare()
    folium.GeoJson(
        copy.deepcopy(FEATURES),
        style_function=lambda f: {
            "fillColor": "#ff0000" if f["properties"]["名称"] == "甲" else "blue"
        },
        highlight_function=lambda _: {"weight": 5},
        tooltip=folium.GeoJsonTooltip(["名称", "面积"], aliases=["名", "积"], localize=True),
        popup=folium.GeoJsonPopup(["空", "表"], labels=False),
    ).add_to(drawn)
    (layer,) = shapes(drawn)
    polygon, one, other = layer["children"]
    assert polygon["points"][0][1] == [31.0, 121.1]
    assert polygon["style"]["fillColor"] == "#ff0000"
    assert polygon["hover"] == {"weight": 5}
    assert polygon["tip"]["content"] == [["名", "甲"], ["积", "1,234.568"]]
    assert polygon["popup"]["content"] == [[None, ""], [None, '{"a": 1}']]
    assert (one["kind"], one["at"], other["at"]) == ("marker", [31.0, 121.0], [31.2, 121.2])
    assert "hover" not in one


def test_a_choropleth_brings_its_colour_scale_as_a_legend() -> None:
    drawn = bare()
    folium.Choropleth(
        copy.deepcopy(FEATURES),
        data={"甲": 1.0, "乙": 5.0},
        key_on="feature.properties.名称",
        bins=3,
        legend_name="份额",
    ).add_to(drawn)
    scene = read_tree(drawn, lang="zh")
    assert scene["legends"][0]["title"] == "份额"
    assert [i["label"] for i in scene["legends"][0]["items"]] == [
        "3.67 – 5",
        "2.33 – 3.67",
        "1 – 2.33",
    ]
    assert scene["shapes"][0]["kind"] == "group"
    branca.colormap.LinearColormap(["red", "blue"], vmin=0, vmax=1, caption="温").add_to(drawn)
    assert [one["title"] for one in read_tree(drawn, lang="zh")["legends"]] == ["份额", "温"]


def test_elements_added_to_a_plan_map_are_drawn_on_it() -> None:
    drawn = small()
    folium.Marker([31.01, 121.01], tooltip="此处").add_to(drawn)
    scene = scene_of(page(drawn))
    assert len(scene["places"]) == 3
    assert scene["shapes"][0]["tip"]["content"] == "此处"


def test_a_map_that_was_rendered_before_gives_the_same_page() -> None:
    drawn = bare()
    folium.Marker([31, 121], tooltip="甲", icon=folium.DivIcon(html="字")).add_to(drawn)
    folium.GeoJson(copy.deepcopy(FEATURES), tooltip=folium.GeoJsonTooltip(["名称"])).add_to(drawn)
    before = page(drawn)
    drawn.get_root().render()
    assert page(drawn) == before


def test_the_map_is_not_changed() -> None:
    drawn = bare()

    def style(feature: dict[str, Any]) -> dict[str, Any]:
        feature["properties"]["名称"] = "换了"
        return {"color": "red"}

    data = copy.deepcopy(FEATURES)
    folium.GeoJson(data, tooltip="甲").add_to(drawn)
    before = drawn.to_dict(), copy.deepcopy(data)
    page(drawn)
    assert (drawn.to_dict(), data) == before
    other = bare()
    layer = folium.GeoJson(copy.deepcopy(FEATURES), style_function=style).add_to(other)
    named = copy.deepcopy(layer.data)
    page(other)
    assert layer.data == named


# --- what is left out, with a warning -------------------------------------------------------


def test_tiles_are_left_out_with_a_warning() -> None:
    with pytest.warns(SitingWarning, match="瓦片"):
        text = page(folium.Map(location=[31, 121]))
    assert "openstreetmap" not in text


def test_picture_fonts_become_plain_pins_with_a_warning() -> None:
    drawn = bare()
    folium.Marker([31, 121], icon=folium.Icon(color="red")).add_to(drawn)
    with pytest.warns(SitingWarning, match="图钉"):
        assert shapes(drawn)[0]["colour"] == "#c0392b"


@pytest.mark.parametrize(
    "colour",
    ["url(http://example.org/#a)", "red;background:url(x)", "${1}", "expression(alert(1))"],
)
def test_text_in_place_of_a_colour_is_dropped_with_a_warning(colour: str) -> None:
    drawn = bare()
    folium.CircleMarker([31, 121], color=colour).add_to(drawn)
    with pytest.warns(SitingWarning, match="不是颜色"):
        assert "color" not in shapes(drawn)[0]["style"]


def test_options_that_are_not_plain_values_are_dropped() -> None:
    drawn = bare()
    folium.CircleMarker([31, 121], className="leaflet-control", dash_array="4 2").add_to(drawn)
    style = shapes(drawn)[0]["style"]
    assert "className" not in style
    assert style["dashArray"] == "4 2"


# --- what is refused ------------------------------------------------------------------------


def add_cluster(drawn: folium.Map) -> None:
    MarkerCluster().add_to(drawn)


def add_script(drawn: folium.Map) -> None:
    drawn.get_root().html.add_child(folium.Element("<script>1</script>"))


def add_link(drawn: folium.Map) -> None:
    drawn.get_root().header.add_child(folium.JavascriptLink("https://example.org/x.js"), name="x")


def add_latlng(drawn: folium.Map) -> None:
    folium.LatLngPopup().add_to(drawn)


def add_code(drawn: folium.Map) -> None:
    code = folium.JsCode("(f, l) => {}")
    folium.GeoJson(copy.deepcopy(FEATURES), on_each_feature=code).add_to(drawn)


def add_framed_popup(drawn: folium.Map) -> None:
    folium.Marker([31, 121], popup=folium.Popup(folium.IFrame("x"))).add_to(drawn)


def add_picture(drawn: folium.Map) -> None:
    icon = folium.CustomIcon("https://example.org/a.png")
    folium.Marker([31, 121], icon=icon).add_to(drawn)


class Pin(folium.Marker):
    """A marker with a template of its own."""


def add_own_class(drawn: folium.Map) -> None:
    Pin([31, 121]).add_to(drawn)


def add_nowhere(drawn: folium.Map) -> None:
    folium.Marker().add_to(drawn)


def add_words_as_coordinates(drawn: folium.Map) -> None:
    shape = {"type": "Point", "coordinates": ["121", "31"]}
    folium.GeoJson({"type": "Feature", "properties": {}, "geometry": shape}).add_to(drawn)


@pytest.mark.parametrize(
    ("add", "named"),
    [
        (add_cluster, "MarkerCluster"),
        (add_script, "Element"),
        (add_link, "x"),
        (add_latlng, "LatLngPopup"),
        (add_code, "on_each_feature"),
        (add_framed_popup, "IFrame"),
        (add_picture, "CustomIcon"),
        (add_own_class, "Pin"),
        (add_nowhere, "Marker"),
        (add_words_as_coordinates, "GeoJson"),
    ],
)
def test_elements_that_cannot_be_plain_data_are_refused_by_name(add: Any, named: str) -> None:
    drawn = bare()
    add(drawn)
    with pytest.raises(InputError) as caught:
        page(drawn)
    (finding,) = caught.value.findings
    assert named in finding.value


def test_all_refusals_come_at_once() -> None:
    drawn = bare()
    add_cluster(drawn)
    add_latlng(drawn)
    with pytest.raises(InputError) as caught:
        page(drawn)
    assert len(caught.value.findings) == 2


def test_a_link_added_to_an_element_is_refused() -> None:
    drawn = bare()
    drawn.default_js = [*drawn.default_js, ("spy", "https://example.org/spy.js")]
    with pytest.raises(InputError, match=r"spy\.js"):
        page(drawn)


def test_another_projection_is_refused() -> None:
    with pytest.raises(InputError, match="EPSG4326"):
        page(bare(crs="EPSG4326"))


def test_numbers_that_are_not_finite_are_refused() -> None:
    drawn = bare()
    marker = folium.Marker([31, 121]).add_to(drawn)
    marker.location = [float("nan"), 121]
    with pytest.raises(InputError):
        page(drawn)
