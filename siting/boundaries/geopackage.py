"""GeoPackage files of polygons, read as a plain database and never for writing."""

from __future__ import annotations

import sqlite3
import struct
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from siting.boundaries.refusal import refuse
from siting.errors import Finding, Findings, stop

_refuse = partial(
    refuse,
    fix="请另存为只含一个面图层的 GeoPackage",
    fix_en="Save it as a GeoPackage with one polygon layer",
)

_TYPES = {"polygon": ("POLYGON", "SURFACE"), "point": ("POINT",)}  # how their names end
_MAGIC = b"SQLite format 3\x00"
_ENVELOPE_BYTES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
# Triggers that writers of GeoPackage add to keep counts and the spatial index; reading runs none.
_USUAL_TRIGGERS = (
    "rtree_",
    "trigger_insert_feature_count_",
    "trigger_delete_feature_count_",
    "gpkg_",
)


def read_geopackage(
    path: Path, *, layer: str | None = None, shape: str = "polygon"
) -> gpd.GeoDataFrame:
    """
    Read one feature table of a GeoPackage.

    Parameters
    ----------
    path
        An existing local file.
    layer
        Which one; without it the only one, or of several the only one of this `shape`.
    shape : {"polygon", "point"}
        What is looked for.

    Returns
    -------
    GeoDataFrame
        A row per feature, RangeIndex; attributes and ``geometry``; the CRS of the layer, or None if
        the file leaves it undefined. Remarks are in ``attrs["findings"]``.

    Raises
    ------
    InputError
        If it is no GeoPackage, is damaged or still open elsewhere; if it has views, virtual tables
        or triggers of its own making; if it has no feature table, or several that may be meant (they
        are named); if a geometry cannot be read.

    References
    ----------
    OGC 12-128r19, GeoPackage Encoding Standard 1.4, clauses 1.1.1 and 2.1.3.
    """
    with path.open("rb") as file:
        magic = file.read(16)
    if magic != _MAGIC:
        _refuse(path, "不是 GeoPackage（文件头不符）", "not a GeoPackage by its first bytes")
    log = path.with_name(path.name + "-wal")
    if log.exists() and log.stat().st_size:
        _refuse(
            path,
            "文件仍被别的程序打开，有未写入的改动",
            "another program holds it open with unsaved changes",
            fix="请先在 QGIS 等程序中保存并关闭",
            fix_en="Save and close it in QGIS or the like first",
        )
    try:
        with closing(
            sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        ) as db:
            db.execute("PRAGMA trusted_schema = OFF")
            layer, column, srs, findings = _layer(db, path, layer, shape)
            crs = _crs(db, srs, path)
            rows = db.execute(f"SELECT * FROM {_quoted(layer)}")  # noqa: S608
            frame = pd.DataFrame(rows.fetchall(), columns=[d[0] for d in rows.description])
    except (sqlite3.Error, UnicodeError, OverflowError) as error:
        zh, en = (
            f"数据库读取失败，文件可能不完整（{error}）",
            f"the database cannot be read ({error})",
        )
        _refuse(path, zh, en, fix="请重新下载或导出", fix_en="Download or export it again")
    if frame.empty:
        _refuse(path, f"图层 {layer} 没有要素", f"layer {layer} holds no feature")
    shapes = _shapes(frame[column], path, layer)
    attributes = frame.drop(columns=column).rename(columns={"geometry": "geometry_"})
    answer = gpd.GeoDataFrame(attributes, geometry=shapes, crs=crs)
    answer.attrs["findings"] = findings
    return answer


def _layer(
    db: sqlite3.Connection, path: Path, asked: str | None, shape: str
) -> tuple[str, str, int, Findings]:
    """Return the feature table, its geometry column, its reference system, and what was chosen."""
    kinds: dict[str, tuple[str, str]] = {}
    for kind, name, sql in db.execute("SELECT type, name, sql FROM sqlite_master"):
        kinds[name] = (kind, sql or "")
        if kind == "view" or (kind == "trigger" and not name.startswith(_USUAL_TRIGGERS)):
            zh = "视图" if kind == "view" else "触发器"
            _refuse(path, f"含有{zh}", f"it contains a {kind}", value=name)
    if not {"gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys"} <= kinds.keys():
        _refuse(path, "是数据库，但不是 GeoPackage", "a database, but not a GeoPackage")
    layers = db.execute(
        "SELECT c.table_name, g.column_name, g.srs_id, g.geometry_type_name FROM gpkg_contents c "
        "JOIN gpkg_geometry_columns g ON c.table_name = g.table_name "
        "WHERE c.data_type = 'features' ORDER BY c.table_name"
    ).fetchall()
    if not layers:
        _refuse(path, "没有任何图层", "it has no feature layer")
    findings = Findings()
    usable = [one for one in layers if one[0] == asked] if asked is not None else layers
    if len(usable) > 1 and not any(str(one[3]).upper() == "GEOMETRY" for one in layers):
        usable = [one for one in layers if str(one[3]).upper().endswith(_TYPES[shape])] or layers
    if len(usable) != 1:
        _which(path, asked, [str(one[0]) for one in layers], shape)
    layer, column, srs, _ = usable[0]
    if len(layers) > 1 and asked is None:
        findings.append(_chosen(path, str(layer), len(layers), shape))
    kind, sql = kinds.get(layer, ("", ""))
    if kind != "table" or sql.lstrip().upper().startswith("CREATE VIRTUAL"):
        _refuse(path, "图层不是普通的表", "its layer is no plain table", value=str(layer))
    return str(layer), str(column), int(srs), findings


def _which(path: Path, asked: str | None, names: list[str], shape: str) -> NoReturn:
    """Stop where the layer that was asked for is not there, or several may be meant."""
    zh, en = f"有 {len(names)} 个图层：{'、'.join(names)}", f"it has the layers {', '.join(names)}"
    if asked is not None:
        zh, en = f"没有这个图层；{zh}", f"no such layer; {en}"
    said = f'"{path.name}|layername={names[0]}"' if shape == "polygon" else f'sheet="{names[0]}"'
    stop(
        code="E-BND-17",
        file=path.name,
        value=asked or "",
        reason=zh,
        reason_en=en,
        fix=f"请用 {said} 这样的写法指明一个，或在 QGIS 中只导出要用的图层",
        fix_en=f"Name one, as in {said}, or export the layer that is meant alone from QGIS",
    )


def _chosen(path: Path, layer: str, count: int, shape: str) -> Finding:
    """Return the warning that of several layers the only one of a shape was taken."""
    zh, en = ("面", "polygons") if shape == "polygon" else ("点", "points")
    return Finding(
        code="W-BND-17",
        reason=f"有 {count} 个图层，只有这一个是{zh}图层，已取用",
        reason_en=f"the only one of {count} layers with {en}, and so taken",
        fix="请核对是否要用的图层",
        fix_en="Check that it is the layer that is meant",
        severity="warning",
        file=path.name,
        sheet=layer,
    )


def _crs(db: sqlite3.Connection, srs: int, path: Path) -> CRS | None:
    if srs <= 0:  # the standard's two undefined systems
        return None
    row = db.execute(
        "SELECT organization, organization_coordsys_id, definition "
        "FROM gpkg_spatial_ref_sys WHERE srs_id = ?",
        (srs,),
    ).fetchone()
    if row is None:
        return None
    try:
        crs = CRS.from_epsg(int(row[1])) if str(row[0]).upper() == "EPSG" else CRS.from_wkt(row[2])
    except (CRSError, TypeError, ValueError):
        zh, en = "坐标系定义无法识别", "its CRS definition is not understood"
        _refuse(path, zh, en, value=str(row[0]))
    # GDAL writes a system of its own, neither of the two kinds, for a layer that has none.
    return crs if crs.is_geographic or crs.is_projected else None


def _shapes(blobs: pd.Series, path: Path, layer: str) -> np.ndarray:
    findings = Findings()
    shapes: list[Any] = []
    for number, blob in enumerate(blobs, start=1):
        try:
            shapes.append(_shape(blob))
        except (ValueError, struct.error, shapely.errors.GEOSException) as error:
            findings.append(
                Finding(
                    code="E-BND-06",
                    reason=f"第 {number} 个要素的图形无法读取（{error}）",
                    reason_en=f"feature {number}: its geometry cannot be read ({error})",
                    fix="请在绘图软件中改正后重新导出",
                    fix_en="Correct it and export the layer again",
                    file=path.name,
                    sheet=layer,
                    row=number,
                    column="geometry",
                )
            )
    findings.stop()
    return np.asarray(shapes, dtype=object)


def _shape(blob: Any) -> Any:
    """Return the geometry of a GeoPackage blob: a header of known length, then WKB."""
    if blob is None:
        return None
    if not isinstance(blob, bytes) or blob[:2] != b"GP" or len(blob) < 8:
        msg = "not a GeoPackage geometry"
        raise ValueError(msg)
    kind = (blob[3] >> 1) & 0b111
    if kind not in _ENVELOPE_BYTES:
        msg = "its envelope is of an unknown kind"
        raise ValueError(msg)
    return shapely.from_wkb(blob[8 + _ENVELOPE_BYTES[kind] :])


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
