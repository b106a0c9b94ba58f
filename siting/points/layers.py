"""Layers of points: GeoJSON, GeoPackage and shapefiles, read without a driver that sniffs."""

from __future__ import annotations

import json
import struct
import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from siting.boundaries import geojson, shapefile, whereabouts
from siting.boundaries.geopackage import read_geopackage
from siting.boundaries.refusal import refuse
from siting.errors import Finding, Findings, InputError
from siting.points.cellular import Cells

_refuse = partial(
    refuse,
    fix="请导出为点图层（GeoJSON、GeoPackage 或 Shapefile），或 CSV",
    fix_en="Export it as a layer of points (GeoJSON, GeoPackage or shapefile), or as CSV",
)
_AGAIN = {
    "fix": "请重新下载或复制整套文件，或由原数据重新导出",
    "fix_en": "Download or copy all its files again, or export the data anew",
}
_POINT_BYTES = {1: 20, 11: 36, 21: 28}  # content of a record by shape type: point, Z, M
Floats = NDArray[np.float64]


def read_geojson_points(path: Path) -> Cells:
    """
    Read the points of a GeoJSON file; a feature that is no point has no coordinates.

    Raises
    ------
    InputError
        If the text is cut off, no GeoJSON, or has a CRS that cannot be converted.
    """
    findings = Findings()
    document = geojson.parsed_document(path, findings)
    features = [document] if document["type"] == "Feature" else document.get("features")
    if not isinstance(features, list) or not features:
        _refuse(path, "没有任何要素", "it holds no feature")
    rows: list[dict[str, Any]] = []
    for feature in features:
        given = feature.get("properties") if isinstance(feature, dict) else None
        row = dict(given) if isinstance(given, dict) else {}
        if isinstance(feature, dict) and "id" in feature:
            row.setdefault("id", feature["id"])
        rows.append(row)
    held = [_geometry(feature) for feature in features]
    _check_types(path, [kind for kind, _ in held])
    lon, lat = np.array([_position(*one) for one in held], dtype="float64").T
    crs = geojson.document_crs(document, path)
    names = list(dict.fromkeys(key for row in rows for key in row))
    texts = [[_text(row.get(name)) for row in rows] for name in names]
    return _cells(path, (names, texts), (lon, lat), crs, findings)


def read_geopackage_points(path: Path, *, layer: str | None = None) -> Cells:
    """
    Read the points of one layer of a GeoPackage: `layer`, or the only one of points.

    Raises
    ------
    InputError
        As `siting.boundaries.geopackage.read_geopackage`; or if the CRS cannot be converted.
    """
    try:
        frame = read_geopackage(path, layer=layer, shape="point")
    except InputError as error:
        raise InputError(map(_of_points, error.findings)) from None
    shapes = np.array([_single(shape) for shape in frame.geometry.to_numpy()], dtype=object)
    _check_types(path, [None if shape is None else shape.geom_type for shape in shapes])
    points = np.array([shape is not None and shape.geom_type == "Point" for shape in shapes])
    x, y = np.full(len(shapes), np.nan), np.full(len(shapes), np.nan)
    x[points], y[points] = shapely.get_x(shapes[points]), shapely.get_y(shapes[points])
    plain = pd.DataFrame(frame.drop(columns="geometry"))
    texts = [[_text(value) for value in plain[name].astype("object")] for name in plain]
    names = [str(name) for name in plain]
    return _cells(path, (names, texts), (x, y), frame.crs, Findings(frame.attrs["findings"]))


def read_shapefile_points(path: Path) -> Cells:
    """
    Read a shapefile of points, zipped or not: shapes and dBase text straight from their bytes.

    Raises
    ------
    InputError
        If a part is missing, cut off, of another shape type or disagrees with the others; if the
        archive holds anything else, or inflates beyond the limits.

    References
    ----------
    ESRI Shapefile Technical Description (1998), pages 3-5 and 15-16.
    """
    findings = Findings()
    with tempfile.TemporaryDirectory(prefix="siting-") as folder:
        zipped = path.suffix.lower() == ".zip"
        collect = shapefile.unpack if zipped else shapefile.collect
        parts = collect(path, Path(folder))
        missing = [suffix for suffix in (".shp", ".dbf") if suffix not in parts]
        if missing:
            listed = "、".join(missing)
            _refuse(path, f"缺少 {listed} 文件", f"the {', '.join(missing)} file is missing")
        x, y = _shapes(path, parts[".shp"].read_bytes())
        try:
            encoding = shapefile.text_encoding(path, parts, findings)
            names, texts, deleted = _dbase(path, parts[".dbf"].read_bytes(), encoding)
        except InputError:
            raise
        except (struct.error, IndexError, ValueError, LookupError) as error:
            _refuse(path, f".dbf 无法读取（{error}）", f"its .dbf cannot be read ({error})")
        crs = shapefile.stated_crs(path, parts.get(".prj"))
    if len(x) != len(deleted):
        _refuse(
            path,
            f"图形 {len(x)} 个，属性 {len(deleted)} 行",
            f"{len(x)} shapes, {len(deleted)} rows",
        )
    cells = _cells(path, (names, texts), (x, y), crs, findings)
    if deleted.any() and cells.lonlat is not None:  # a layer always has coordinates
        cells.findings.append(shapefile.note_deleted(path, int(deleted.sum())))
        kept = np.flatnonzero(~deleted)
        cells.texts = [[column[i] for i in kept] for column in cells.texts]
        cells.numbers = [cells.numbers[i] for i in kept]
        cells.lonlat = (cells.lonlat[0][kept], cells.lonlat[1][kept])
    return cells


def _of_points(finding: Finding) -> Finding:
    """Return what is said of a GeoPackage of boundaries in words for one of points."""
    if "面图层" not in finding.fix:
        return finding
    return replace(
        finding,
        fix="请另存为只含一个点图层的 GeoPackage，或把要用的图层导出为 GeoJSON 或 CSV",
        fix_en="Save it as a GeoPackage with one layer of points, or export the layer as GeoJSON or CSV",
    )


def _geometry(feature: Any) -> tuple[str | None, Any]:
    """Return the type and the coordinates of a feature; a MultiPoint of one counts as a point."""
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    if not isinstance(geometry, dict):
        return None, None
    named, at = geometry.get("type"), geometry.get("coordinates")
    if named == "MultiPoint" and isinstance(at, list) and len(at) == 1:
        return "Point", at[0]
    return (named if isinstance(named, str) else None), at


def _single(shape: Any) -> Any:
    """Return the point of a MultiPoint that has one alone; anything else as it is."""
    alone = shape is not None and shape.geom_type == "MultiPoint" and len(shape.geoms) == 1
    return shape.geoms[0] if alone else shape


def _check_types(path: Path, types: list[str | None]) -> None:
    """Raise InputError that names the features that are something else than points."""
    wrong = [
        (i, one) for i, one in enumerate(types) if one not in (None, "Point", "GeometryCollection")
    ]
    Findings(
        Finding(
            code="E-PNT-19",
            file=path.name,
            row=i + 1,
            value=str(one),
            reason="不是点",
            reason_en="not a point",
            fix="这里只读点；面请用 siting.candidates.parks，或先取其中的点",
            fix_en="Points are read here; take polygons to siting.candidates.parks, or a point of each",
        )
        for i, one in wrong
    ).stop()


def _position(kind: str | None, at: Any) -> tuple[float, float]:
    """Return the coordinates of a point geometry, NaN where it is none."""
    told = kind == "Point" and isinstance(at, list) and len(at) >= 2
    if not told or not {type(one) for one in at[:2]} <= {int, float}:
        return np.nan, np.nan
    try:
        return float(at[0]), float(at[1])
    except OverflowError:
        return np.inf, np.inf


def _text(value: Any) -> str:
    """Return a value of a layer as it would be typed."""
    if value is None or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value).strip()


def _cells(
    path: Path,
    columns: tuple[list[str], list[list[str]]],
    xy: tuple[Floats, Floats],
    crs: CRS | None,
    findings: Findings,
) -> Cells:
    """Return a layer as cells, its coordinates in degrees."""
    lon, lat = xy
    known = np.isfinite(lon) & np.isfinite(lat)
    span = np.column_stack([lon[known], lat[known]])
    degrees = bool((np.abs(span) <= (180.0, 90.0)).all())
    if crs is None:
        if not degrees:
            with np.errstate(all="ignore"):  # numbers beyond any map
                whereabouts.refuse_no_crs(span, path.name)
        findings.append(
            Finding(
                "W-PNT-07",
                "文件没有坐标系，坐标按经纬度读入",
                "请附上 .prj，或核对坐标系",
                "no CRS in the file; the numbers are taken as degrees",
                "Add the .prj, or check the frame",
                severity="warning",
                file=path.name,
            )
        )
    else:
        whereabouts.check_datum(crs, path.name)
        if crs.is_projected and known.any():
            turn = Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)
            lon, lat = lon.copy(), lat.copy()
            lon[known], lat[known] = turn.transform(lon[known], lat[known])
    names, texts = columns
    names = [name.strip() or f"列{i + 1}" for i, name in enumerate(names)]
    for i, name in enumerate(names):
        while names.count(names[i]) > 1:
            names[i] = f"{name}_{i + 1}"
            name = names[i]  # noqa: PLW2901
    numbers = list(range(1, len(lon) + 1))
    return Cells(path.name, "", names, texts, numbers, lonlat=(lon, lat), findings=findings)


def _shapes(path: Path, raw: bytes) -> tuple[Floats, Floats]:
    """Return the coordinates of the records of a .shp of points; NaN for a null shape."""
    if len(raw) < 100 or raw[:4] != b"\x00\x00\x27\x0a":
        _refuse(path, ".shp 不是 Shapefile 文件", "its .shp is no shapefile part")
    said = 2 * struct.unpack(">i", raw[24:28])[0]
    if said < 100 or len(raw) < said:
        _refuse(
            path,
            f".shp 文件不完整（字节 {len(raw)}/{said}）",
            f"its .shp is cut off ({len(raw)}/{said} bytes)",
            **_AGAIN,
        )
    (kind,) = struct.unpack("<i", raw[32:36])
    if kind not in _POINT_BYTES:
        _refuse(
            path, f"应为点图层，实为类型 {kind}", f"points are needed, its shape type is {kind}"
        )
    x: list[float] = []
    y: list[float] = []
    at = 100
    while at + 12 <= said:
        size = 2 * struct.unpack(">i", raw[at + 4 : at + 8])[0]
        (one,) = struct.unpack("<i", raw[at + 8 : at + 12])
        if size < 4 or at + 8 + size > said or (one and size < 20):
            _refuse(
                path,
                f".shp 第 {len(x) + 1} 条记录损坏",
                f"record {len(x) + 1} of its .shp is broken",
                **_AGAIN,
            )
        here = struct.unpack("<dd", raw[at + 12 : at + 28]) if one else (np.nan, np.nan)
        x.append(here[0])
        y.append(here[1])
        at += 8 + size
    return np.array(x), np.array(y)


def _dbase(
    path: Path, raw: bytes, encoding: str
) -> tuple[list[str], list[list[str]], NDArray[np.bool_]]:
    """Return names, cells by column and which records are marked as deleted, all as text."""
    records, head, size = struct.unpack("<IHH", raw[4:12])
    if len(raw) < head + records * size or size < 1:
        _refuse(path, ".dbf 文件不完整", "its .dbf is cut off", **_AGAIN)
    names: list[str] = []
    texts: list[list[str]] = []
    at = 1
    for field in range(32, head - 1, 32):
        if raw[field] == 0x0D:
            break
        names.append(raw[field : field + 11].split(b"\0")[0].decode(encoding, "replace"))
        width = raw[field + 16]
        if raw[field + 11 : field + 12] == b"C":  # a long text uses the byte for decimals too
            width += 256 * raw[field + 17] if at + width + 256 * raw[field + 17] <= size else 0
        cut = [raw[head + i * size + at : head + i * size + at + width] for i in range(records)]
        texts.append([one.rstrip(b" \0\x1a").decode(encoding, "replace").strip() for one in cut])
        at += width
    marks = np.array(
        [raw[head + i * size : head + i * size + 1] == b"*" for i in range(records)], bool
    )
    return names, texts, marks
