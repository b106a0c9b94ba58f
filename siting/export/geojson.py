"""GeoJSON for web maps: DataV's keys for ECharts, or all columns, in WGS-84 or GCJ-02 as asked."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from siting.crs import convert_geometry, to_wgs84
from siting.errors import Finding, Findings
from siting.escape import safe_json
from siting.export.names import check_suffix
from siting.files import write_text
from siting.schema import Lang, check_choice, check_lang, require_columns

_DIGITS = 6  # about 0.1 m
_COUNTRY = 100000


def save_geojson(
    places: gpd.GeoDataFrame,
    path: str | os.PathLike[str],
    *,
    frame: Literal["wgs84", "gcj02"] = "wgs84",
    style: Literal["datav", "plain"] = "datav",
    lang: Lang = "zh",
    overwrite: bool = True,
) -> Path:
    """
    Write places as GeoJSON that ECharts takes as a map, or any layer with all its columns.

    Parameters
    ----------
    places
        A layer with a CRS. For ``datav``: polygons with index place_id, ``name_zh`` and ``parent_id``,
        as `siting.places.read_places` gives them.
    path
        The file, .geojson or .json.
    frame
        Frame of the coordinates: ``gcj02`` to lie on Amap's tiles or beside DataV's own files.
    style
        ``datav``: the properties adcode, name, center, centroid, childrenNum, level, acroutes, parent of
        DataV's area files. ``plain``: the index, where it has a name, and all columns.
    lang
        Language of the names of ``datav``.
    overwrite
        Whether an existing file may be replaced.

    Returns
    -------
    path

    Raises
    ------
    InputError
        If there is no CRS, a geometry is missing or empty or, for ``datav``, no polygon; if a place_id is
        no number; if two places share a name, which ECharts could not tell apart.
    OutputError, ExistingOutputError
        If the file cannot be written.

    Notes
    -----
    Coordinates have six decimals; outer rings run counter-clockwise (RFC 7946, section 3.1.6). A file
    in GCJ-02 says so in its member ``frame``: RFC 7946 itself knows only WGS-84. ``center`` lies in
    the place, ``centroid`` may not. ``childrenNum`` counts the children among `places`.

    References
    ----------
    Butler, H. et al. (2016). The GeoJSON Format. RFC 7946.

    Examples
    --------
    >>> import json, tempfile
    >>> from siting.places import read_places
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = save_geojson(read_places("district"), Path(folder, "sh.geojson"))
    ...     first = json.loads(file.read_text("utf-8"))["features"][0]["properties"]
    >>> first["adcode"], first["name"], first["parent"], first["acroutes"]
    (310101, '黄浦区', {'adcode': 310000}, [100000, 310000])
    """
    check_suffix(path, ".geojson", ".json")
    check_choice(frame, ("wgs84", "gcj02"), "frame")
    datav = check_choice(style, ("datav", "plain"), "style") == "datav"
    check_lang(lang)
    if datav:
        require_columns(places, ("name_zh", "parent_id"), "places")
    names = _names(places, lang) if datav else None
    _check(places, names, Path(path).name)
    here = to_wgs84(places).geometry
    shapes = here if frame == "wgs84" else convert_geometry(here, source="wgs84", target=frame)
    shapes = shapely.orient_polygons(np.asarray(shapes, dtype="object"))
    properties = _datav(places, shapes, names) if names is not None else _plain(places)
    whole = {
        "type": "FeatureCollection",
        "frame": frame,
        "features": [
            {"type": "Feature", "properties": one, "geometry": _geometry(shape)}
            for one, shape in zip(properties, shapes, strict=True)
        ],
    }
    return write_text(path, safe_json(whole) + "\n", overwrite=overwrite)


def _datav(places: gpd.GeoDataFrame, shapes: Any, names: pd.Series) -> list[dict[str, Any]]:
    """Return the properties that DataV's area files have."""
    levels = places["level"] if "level" in places else [places.attrs.get("level", "")] * len(places)
    children = places["parent_id"].value_counts()
    centers, centroids = shapely.point_on_surface(shapes), shapely.centroid(shapes)
    found = []
    for i, key in enumerate(places.index):
        parent = str(places["parent_id"].iloc[i])
        routes = [_COUNTRY, int(f"{parent[:2]}0000"), int(parent)]
        found.append(
            {
                "adcode": int(key),
                "name": names.iloc[i],
                "center": _position(centers[i].coords[0]),
                "centroid": _position(centroids[i].coords[0]),
                "childrenNum": int(children.get(key, 0)),
                "level": str(levels.iloc[i] if isinstance(levels, pd.Series) else levels[i]),
                "subFeatureIndex": i,
                "acroutes": list(dict.fromkeys(routes)),
                "parent": {"adcode": int(parent)},
            }
        )
    return found


def _plain(places: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """Return the named levels of the index and all columns but the geometry, as JSON values."""
    named = [name for name in places.index.names if name is not None]
    table = pd.DataFrame(places.drop(columns=places.geometry.name))
    if named:
        table = table.reset_index()
    rows = table.itertuples(index=False, name=None)
    heads = [str(column) for column in table.columns]
    return [dict(zip(heads, map(_value, row), strict=True)) for row in rows]


def _value(value: Any) -> Any:
    """Return a cell as JSON holds it: missing and infinite numbers are null, what it lacks is text."""
    if isinstance(value, (tuple, list)):
        return [_value(one) for one in value]
    if isinstance(value, Mapping):
        return {str(key): _value(one) for key, one in value.items()}
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if isinstance(value, (bool, int, str)) else str(value)


def _geometry(shape: Any) -> Any:
    """Return a geometry as GeoJSON, rounded."""
    made: dict[str, Any] = shapely.geometry.mapping(shape)
    if "geometries" in made:
        return {"type": made["type"], "geometries": [_geometry(one) for one in shape.geoms]}
    return {"type": made["type"], "coordinates": _rounded(made["coordinates"])}


def _rounded(coordinates: Any) -> Any:
    if coordinates and isinstance(coordinates[0], (int, float)):
        return _position(coordinates)
    return [_rounded(one) for one in coordinates]


def _position(pair: Any) -> list[float]:
    return [round(float(one), _DIGITS) for one in pair]


def _names(places: gpd.GeoDataFrame, lang: Lang) -> pd.Series:
    """Return the names of places; the Chinese one stands in for a blank English one."""
    names: pd.Series = places["name_zh"]
    if lang == "en" and "name_en" in places:
        english = places["name_en"]
        names = english.where(english.notna() & (english != ""), names)
    return names.astype(str)


def _check(places: gpd.GeoDataFrame, names: pd.Series | None, file: str) -> None:
    """Stop with all that keeps a layer from being such a file; `names` are those of ``datav``."""
    findings = Findings()

    def add(code: str, value: object, said: tuple[str, str], fix: tuple[str, str]) -> None:
        (zh, en), (fix_zh, fix_en) = said, fix
        findings.append(Finding(code, zh, fix_zh, en, fix_en, file=file, value=str(value)))

    if places.crs is None:
        fix = ("请先用 set_crs 声明坐标系", "Declare one with set_crs")
        add("E-GEOJSON-01", "", ("图层没有坐标系", "the layer has no CRS"), fix)
    for key, shape in places.geometry.items():
        if shape is None or shape.is_empty:
            fix = ("请补上图形或去掉这一行", "Add its geometry or leave out the row")
            add("E-GEOJSON-02", key, ("没有图形", "it has no geometry"), fix)
        elif names is not None and shape.geom_type not in ("Polygon", "MultiPolygon"):
            fix = ('style="plain" 可写任何图形', 'style="plain" takes any geometry')
            add("E-GEOJSON-03", key, ("不是面", "it is no polygon"), fix)
    if names is not None:
        fix = ("请用区划代码作索引和 parent_id", "Use place codes as index and as parent_id")
        codes = pd.Series([*places.index, *places["parent_id"]], dtype="object").astype(str)
        for one in codes[~codes.str.fullmatch("[0-9]+")].unique():
            add("E-GEOJSON-04", one, ("代码不是数字", "the code is no number"), fix)
        fix = ("请改成不同的名称", "Give them different names")
        for one in names[names.duplicated()].unique():
            said = ("重名，ECharts 无法区分", "two places of one name: ECharts takes them for one")
            add("E-GEOJSON-05", one, said, fix)
    findings.stop()
