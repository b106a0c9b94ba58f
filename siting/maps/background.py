"""A picture of the ground below a map, only where it is asked for by name: such a page asks a server."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from siting import crs
from siting.errors import Finding, Findings, stop
from siting.maps.lean import LeanMap
from siting.maps.scene import Scene

_STEP = 1e5
_HOST = re.compile(r"(https?://[^/?#\s]+)/")
_TIANDITU = (
    "https://t{s}.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
    "&LAYER={layer}&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles"
    "&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={key}"
)
_GAODE = "https://webrd0{s}.is.autonavi.com/appmaptile?lang=zh_cn&size=1&scale=1&style=8&x={x}&y={y}&z={z}"


@dataclass(frozen=True)
class Background:
    """
    Tiles that a browser fetches when it shows the page.

    Parameters
    ----------
    name
        What the notes of the map call it.
    urls
        Addresses with ``{z} {x} {y}``, and ``{s}`` for one of `subdomains`; drawn one over another.
    subdomains
        Characters that take the place of ``{s}``.
    frame
        What the tiles are in: ``wgs84`` (CGCS2000 too), or ``gcj02``, into which the map is moved.
    secret
        Whether the addresses carry a key of the user.
    """

    name: str
    urls: tuple[str, ...]
    subdomains: str = ""
    frame: str = "wgs84"
    secret: bool = False

    @property
    def hosts(self) -> list[str]:
        """The servers that the page may ask for pictures."""
        found = []
        for url in self.urls:
            for one in self.subdomains or " ":
                match = _HOST.match(url.replace("{s}", one.strip()))
                found += [match.group(1)] if match else []
        return list(dict.fromkeys(found))


def tianditu(key: str, *, image: bool = False) -> Background:
    """
    Return the official web map of China, for which every user needs a key of their own.

    Parameters
    ----------
    key
        The key; letters and digits. The page that is written carries it.
    image
        Satellite pictures instead of the street map.

    Examples
    --------
    >>> tianditu("0123456789abcdef").hosts[0]
    'https://t0.tianditu.gov.cn'
    """
    if not isinstance(key, str) or not re.fullmatch(r"[0-9A-Za-z]{8,64}", key):
        stop(
            code="E-MAP-12",
            column="key",
            reason="不是天地图的密钥",
            reason_en="not a key of Tianditu",
            fix="密钥由字母和数字组成，可在天地图网站申请",
            fix_en="A key is made of letters and digits; apply for one at Tianditu",
        )
    layers = ("img", "cia") if image else ("vec", "cva")
    urls = tuple(_TIANDITU.format(s="{s}", layer=layer, key=key) for layer in layers)
    return Background("天地图", urls, subdomains="01234567", secret=True)


def gaode() -> Background:
    """
    Return Gaode's street map, which is in GCJ-02: the map is moved by some 475 m to fit on it.

    Examples
    --------
    >>> gaode().frame
    'gcj02'
    """
    return Background("高德", (_GAODE,), subdomains="1234", frame="gcj02")


def tile_server(url: str, *, name: str, frame: str = "wgs84") -> Background:
    """
    Return a tile server, such as one inside an intranet.

    Parameters
    ----------
    url
        ``http(s)://...`` with ``{z}``, ``{x}`` and ``{y}`` (XYZ, or WMTS with its tile parameters
        written so), in web Mercator.
    name
        What the notes of the map call it.
    frame
        ``wgs84`` or ``gcj02``.

    Examples
    --------
    >>> tile_server("http://maps.example/t/{z}/{x}/{y}.png", name="内网").hosts
    ['http://maps.example']
    """
    findings = Findings()
    asked = (
        (_HOST.match(str(url)) and all(part in url for part in ("{z}", "{x}", "{y}")), "url", url),
        (frame in ("wgs84", "gcj02"), "frame", frame),
    )
    for good, column, value in asked:
        if not good:
            findings.append(
                Finding(
                    code="E-MAP-12",
                    column=column,
                    value=str(value),
                    reason="不是可用的底图地址或坐标系",
                    reason_en="not an address of tiles, or not a frame of theirs",
                    fix="地址须以 http(s):// 开头并含 {z}、{x}、{y}；坐标系用 wgs84 或 gcj02",
                    fix_en="An address starts with http(s):// and has {z}, {x}, {y}; a frame is wgs84 or gcj02",
                )
            )
    findings.stop()
    return Background(name, (url,), frame=frame)


def on_background(drawn: LeanMap, background: Background) -> LeanMap:
    """
    Return a map on a background; the one given is not changed.

    Parameters
    ----------
    drawn
        A map of `siting.maps`.
    background
        What `tianditu`, `gaode` or `tile_server` give.

    Returns
    -------
    map

    Warns
    -----
    SitingWarning
        That the page asks a server, and that it carries the user's key where it does.

    Notes
    -----
    The content policy of the page allows pictures from these servers and nothing else. On tiles in
    GCJ-02 every coordinate of the map is moved into GCJ-02.

    Examples
    --------
    >>> import warnings
    >>> from siting.maps import measure_map
    >>> from siting.places import read_places
    >>> districts = read_places("district")
    >>> drawn = measure_map(districts["area_official_km2"], districts, title="面积")
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     moved = on_background(drawn, gaode())
    >>> moved is drawn
    False
    """
    scene = dict(drawn.scene)
    if background.frame != "wgs84":
        scene = _moved(scene, background.frame)
    zh = scene["lang"] == "zh"
    said = (
        f"底图：{background.name}（联网取图）" if zh else f"Background: {background.name} (online)"
    )
    scene["background"] = {"urls": list(background.urls), "subdomains": background.subdomains}
    scene["hosts"] = background.hosts
    scene["notes"] = [said, *scene["notes"]]
    findings = Findings()
    findings.append(
        Finding(
            code="W-MAP-13",
            severity="warning",
            value="、".join(background.hosts[:1]),
            reason="打开此图时浏览器会向底图服务器取图"
            + ("，网页里带有您的密钥，分发前请考虑" if background.secret else ""),
            reason_en="the page asks a server for its background"
            + (" and carries your key: think before you hand it on" if background.secret else ""),
            fix="离线使用请不要加底图",
            fix_en="Leave the background out for use offline",
        )
    )
    findings.warn()
    return LeanMap(scene)


def _moved(scene: Scene, frame: str) -> Scene:
    """Return a copy of a scene with every coordinate in another frame."""

    def move(lonlat: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        lon, lat = crs.convert(lonlat[:, 0], lonlat[:, 1], source="wgs84", target=frame)
        return np.column_stack([lon, lat])

    def at(point: list[float]) -> list[float]:
        ((lon, lat),) = move(np.array([[point[1], point[0]]]))
        return [round(float(lat), 6), round(float(lon), 6)]

    def steps(flat: list[int]) -> list[int]:
        points = np.cumsum(np.array(flat, dtype="int64").reshape(-1, 2), axis=0) / _STEP
        whole = np.rint(move(points) * _STEP).astype("int64")
        return np.diff(whole, axis=0, prepend=np.zeros((1, 2), dtype="int64")).ravel().tolist()

    places = [
        {**p, "at": at(p["at"]), "rings": [[steps(ring) for ring in poly] for poly in p["rings"]]}
        for p in scene["places"]
    ]
    shapes = [
        {**s, **({"at": at(s["at"])} if "at" in s else {}), **_points(s, at)}
        for s in scene["shapes"]
    ]
    made = {**scene, "places": places, "shapes": shapes}
    made["zones"] = [{**zone, "at": at(zone["at"])} for zone in scene["zones"]]
    for key in ("bounds", "inset"):
        made[key] = scene[key] and [at(corner) for corner in scene[key]]
    if "dots" in scene:
        made["dots"] = {**scene["dots"], "steps": steps(scene["dots"]["steps"])}
    return made


def _points(shape: dict[str, Any], at: Any) -> dict[str, Any]:
    return {"points": [at(one) for one in shape["points"]]} if "points" in shape else {}
