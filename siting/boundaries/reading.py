"""One door for a user's boundaries: the file is what it claims, and lies where it says."""

from __future__ import annotations

import os
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from siting.boundaries.geojson import read_geojson
from siting.boundaries.geopackage import read_geopackage
from siting.boundaries.outline import judge
from siting.boundaries.shapefile import read_shapefile
from siting.boundaries.tiling import check_shapes, check_tiling
from siting.boundaries.whereabouts import locate
from siting.crs import FRAMES
from siting.errors import Finding, Findings, stop
from siting.files import local_file
from siting.names import canonical
from siting.schema import check_choice

SUFFIXES = (".geojson", ".json", ".gpkg", ".zip", ".shp")
CODE_COLUMNS = (
    "place_id",
    "adcode",
    "code",
    "区划代码",
    "行政区划代码",
    "代码",
    "gb",
    "区划码",
    "xzqdm",
)
NAME_COLUMNS = (
    "name_zh",
    "name",
    "名称",
    "街镇",
    "街镇名称",
    "区名",
    "xzqmc",
    "地名",
    "镇名",
    "乡镇名称",
)


def read_boundaries(
    source: str | os.PathLike[str] | gpd.GeoDataFrame, *, frame: str = "wgs84", units: bool = True
) -> gpd.GeoDataFrame:
    """
    Read polygons from a user's file, opened only if it is what it claims to be.

    Parameters
    ----------
    source
        A local ``.geojson``, ``.json``, ``.gpkg``, ``.zip`` (one shapefile) or ``.shp`` file; or a
        GeoDataFrame with a CRS. Of a GeoPackage with several layers one is named as QGIS writes it:
        ``file.gpkg|layername=towns``.
    frame : {"wgs84", "cgcs2000", "gcj02", "bd09"}
        What the longitudes and latitudes are in. Amap and DataV give ``gcj02``, Baidu ``bd09``.
    units
        Whether these are units that lie side by side, to be held against each other and against the
        bundled borders; parks, say, are not.

    Returns
    -------
    GeoDataFrame
        In EPSG:4326 (WGS-84), all columns of the file and ``geometry``, a RangeIndex in the order
        of the file. ``attrs["file"]`` is the name of the file, ``attrs["findings"]`` what was found
        on the way.

    Raises
    ------
    InputError
        If it is no local file, or another thing than its ending says (a VRT, an instruction file, a
        bomb, cut off, several layers); if the CRS is missing, of a datum that cannot be converted,
        or contradicted by the numbers; if the axes are swapped; if a unit is outside the Shanghai
        region, empty, no polygon or broken; if a code occurs twice; if units overlap by more than
        0.5 % of the smaller one.

    Warns
    -----
    SitingWarning
        If the borders are off the bundled ones by more than 150 m, with the shift measured and the
        frame that explains it; of gaps and small overlaps; of repairs.

    Notes
    -----
    GeoJSON and GeoPackage are read without GDAL, which picks its driver by the content and can be
    led to other files; shapefiles reach it only as four files of fixed names in a new folder.

    Examples
    --------
    >>> square = shapely.box(121.2, 31.3, 121.3, 31.4)
    >>> units = gpd.GeoDataFrame({"name": ["甲"]}, geometry=[square], crs=4326)
    >>> read_boundaries(units)["name"].tolist()
    ['甲']
    """
    check_choice(frame, FRAMES, "frame")
    raw, file = _opened(source)
    if raw.empty:
        stop(
            code="E-BND-01",
            file=file,
            reason="没有任何要素",
            reason_en="it holds no feature",
            fix="请检查导出的图层",
            fix_en="Check the layer",
        )
    findings = Findings(raw.attrs.get("findings", ()))
    names = unit_names(raw)
    check_shapes(raw, names, file=file)
    flat, dropped = _flat(raw)
    if dropped:
        findings.append(_heights(file, dropped))
    _check_codes(flat, names, file)
    plain = locate(flat, names, declared=frame, file=file)
    if units:
        findings.extend(check_tiling(plain, names, file=file))
        findings.extend(judge(plain, declared=frame, file=file))
    findings.warn()
    answer = plain.reset_index(drop=True)
    answer.attrs = {"file": file, "findings": findings}
    return answer


def _opened(source: Any) -> tuple[gpd.GeoDataFrame, str]:
    """Return what the source holds, and what to call the source."""
    if isinstance(source, gpd.GeoDataFrame) and source.active_geometry_name is not None:
        plain = source.reset_index(drop=source.index.name is None)
        if source.active_geometry_name != "geometry":
            plain = plain.drop(columns="geometry", errors="ignore").rename_geometry("geometry")
        plain.attrs = {}
        return plain, "GeoDataFrame"
    if not isinstance(source, (str, os.PathLike)):
        stop(
            code="E-BND-01",
            value=type(source).__name__,
            reason="不是文件路径，也不是带图形的 GeoDataFrame",
            reason_en="neither the path of a file nor a GeoDataFrame with geometry",
            fix=f"请给出 {'、'.join(SUFFIXES)} 文件",
            fix_en=f"Give a {', '.join(SUFFIXES)} file",
        )
    given, layer = split_layer(source)
    path = local_file(given, suffixes=SUFFIXES)
    if path.suffix.lower() == ".gpkg":
        return read_geopackage(path, layer=layer), path.name
    return (read_geojson if "json" in path.suffix.lower() else read_shapefile)(path), path.name


def split_layer(source: str | os.PathLike[str]) -> tuple[str, str | None]:
    """
    Return the file and the layer that are named together as QGIS names them, None for no layer.

    Examples
    --------
    >>> split_layer("a.gpkg|layername=towns"), split_layer("a.geojson")
    (('a.gpkg', 'towns'), ('a.geojson', None))
    """
    file, between, layer = os.fspath(source).partition(".gpkg|layername=")
    return (file + ".gpkg", layer) if between else (file, None)


def key_column(frame: pd.DataFrame, choices: tuple[str, ...]) -> str | None:
    """Return the column of `frame` that is called like one of `choices`, the first in that order."""
    known = {canonical(str(column)).lower(): str(column) for column in reversed(frame.columns)}
    return next((known[one] for one in choices if one in known), None)


def code_text(value: Any) -> str:
    """
    Return a code as text, whatever type the file had it in; empty if there is none.

    Examples
    --------
    >>> code_text(310115.0), code_text("156310115"), code_text("310114501000"), code_text(None)
    ('310115', '310115', '310114501', '')
    """
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return ""
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        value = int(value)
    text = canonical(str(value)).removesuffix(".0")
    if not text.isdigit():
        return text
    if len(text) == 9 and text.startswith("156"):  # the national standard's country prefix
        text = text.removeprefix("156")
    if len(text) == 12:
        text = text.removesuffix("000")
        text = text.removesuffix("000") if len(text) == 9 else text
    return text


def unit_names(frame: pd.DataFrame) -> list[str]:
    """Return what to call each row in a message: its name, else its code, else its number."""
    columns = [key_column(frame, NAME_COLUMNS), key_column(frame, CODE_COLUMNS)]
    answer = []
    for i in range(len(frame)):
        said = [code_text(frame[column].iloc[i]) for column in columns if column is not None]
        answer.append(next((one for one in said if one), f"#{i + 1}"))
    return answer


def _flat(frame: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, int]:
    heights = int(shapely.has_z(frame.geometry.to_numpy()).sum())
    if not heights:
        return frame, 0
    flat = gpd.GeoSeries(shapely.force_2d(frame.geometry.to_numpy()), index=frame.index)
    return frame.set_geometry(flat.set_crs(frame.crs)), heights


def _heights(file: str, count: int) -> Finding:
    return Finding(
        code="N-BND-02",
        reason=f"高程已去掉，只用平面坐标（{count} 个要素）",
        reason_en=f"heights were dropped ({count} features)",
        fix="无需处理",
        fix_en="Nothing to do",
        severity="note",
        file=file,
    )


def _check_codes(frame: gpd.GeoDataFrame, names: list[str], file: str) -> None:
    column = key_column(frame, CODE_COLUMNS)
    if column is None:
        return
    codes = [code_text(value) for value in frame[column]]
    first: dict[str, int] = {}
    findings = Findings()
    for i, code in enumerate(codes):
        if code and code in first:
            findings.append(
                Finding(
                    code="E-BND-11",
                    reason=f"代码 {code} 重复：已用于第 {first[code] + 1} 个单元“{names[first[code]]}”",
                    reason_en=f"code {code} is that of unit {first[code] + 1} already",
                    fix="请合并为一个多部分面，或改正代码",
                    fix_en="Merge them into one multipart polygon, or correct the code",
                    file=file,
                    row=i + 1,
                    column=column,
                    value=names[i],
                )
            )
        first.setdefault(code, i)
    findings.stop()
