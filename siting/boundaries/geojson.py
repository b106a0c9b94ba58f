"""GeoJSON files of polygons, read by their text alone: no driver, no guess, every bad feature named."""

from __future__ import annotations

import json
import re
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
from siting.errors import Finding, Findings

_refuse = partial(
    refuse,
    fix="请导出为 GeoJSON（FeatureCollection）",
    fix_en="Export it as GeoJSON (FeatureCollection)",
)

LIMIT_BYTES = 200_000_000
_CRS_NAME = re.compile(r"(?:urn:ogc:def:crs:)?(EPSG|OGC)(?::[0-9.]*:|:)([A-Za-z0-9]{2,10})")
_OTHERS = {
    "Topology": ("这是 TopoJSON", "this is TopoJSON"),
    "gdal_streamed_alg": ("这是 GDAL 的指令文件", "this is a GDAL instruction file"),
}


class _BadFeatureError(ValueError):
    """A feature that is no polygon; carries the reason in Chinese and in English."""


def read_geojson(path: Path) -> gpd.GeoDataFrame:
    """
    Read the polygons of a GeoJSON file.

    Parameters
    ----------
    path
        An existing local file. Only FeatureCollection and Feature are accepted, in UTF-8, or in
        GB18030 or UTF-16 with a remark.

    Returns
    -------
    GeoDataFrame
        A row per feature, RangeIndex; the properties as columns, and ``geometry``. The CRS is
        EPSG:4326 unless an (old style) ``crs`` member names another one by its EPSG number; it is
        None where that member is null. Remarks are in ``attrs["findings"]``.

    Raises
    ------
    InputError
        If the text is cut off, no JSON, another kind of JSON or too large; if a feature is no
        polygon, has coordinates that are no finite numbers, or rings of fewer than 4 points.

    References
    ----------
    RFC 7946: The GeoJSON Format, sections 3 and 4.
    """
    findings = Findings()
    document = parsed_document(path, findings)
    features = [document] if document["type"] == "Feature" else document.get("features")
    if not isinstance(features, list) or not features:
        _refuse(
            path,
            "没有任何要素",
            "it holds no feature",
            fix="请检查导出的图层",
            fix_en="Check the layer",
        )
    rows: list[dict[str, Any]] = []
    shapes: list[Any] = []
    remarks: dict[str, list[int]] = {"z": [], "open": []}
    for number, feature in enumerate(features, start=1):
        try:
            rows.append(_properties(feature))
            shapes.append(_geometry(feature.get("geometry"), remarks, number))
        except _BadFeatureError as bad:
            reason, reason_en = bad.args
            findings.append(
                Finding(
                    code="E-BND-06",
                    reason=f"第 {number} 个要素：{reason}",
                    reason_en=f"feature {number}: {reason_en}",
                    fix="请在绘图软件中改正后重新导出",
                    fix_en="Correct it and export the layer again",
                    file=path.name,
                    row=number,
                    column="geometry",
                    value=_label(feature),
                )
            )
    findings.stop()
    findings.extend(_remarks(path, remarks))
    frame = gpd.GeoDataFrame(pd.DataFrame(rows), geometry=shapes, crs=document_crs(document, path))
    frame.attrs["findings"] = findings
    return frame


def parsed_document(path: Path, findings: Findings) -> dict[str, Any]:
    """Return the parsed text if it is a FeatureCollection or a Feature."""
    if path.stat().st_size > LIMIT_BYTES:
        size = f"{path.stat().st_size / 1e6:.0f} MB"
        zh, en = f"文件太大（{size}）", f"the file is too large ({size})"
        _refuse(path, zh, en, fix="请简化边界后再用", fix_en="Simplify the boundaries first")
    text = _decoded(path, findings)
    if text.lstrip()[:1] == "<":
        _refuse(path, "不是 GeoJSON，而是 XML（如 VRT、KML）", "it is XML (VRT, KML), not GeoJSON")
    try:
        document = json.loads(text, parse_constant=_no_constant)
    except RecursionError:
        _refuse(path, "括号嵌套过深，不是 GeoJSON", "nested too deep to be GeoJSON")
    except ValueError as error:
        at = getattr(error, "pos", 0)
        if at >= len(text.rstrip()) - 1 or not text.rstrip().endswith("}"):
            zh, en = "文件不完整，在中途断开", "the file is cut off before its end"
            _refuse(path, zh, en, fix="请重新下载或导出", fix_en="Download or export it again")
        _refuse(path, f"不是有效的 JSON（{error}）", f"not valid JSON ({error})")
    kind = document.get("type") if isinstance(document, dict) else None
    if kind not in ("FeatureCollection", "Feature"):
        zh, en = _OTHERS.get(str(kind), ("不是 GeoJSON 要素集", "not a GeoJSON FeatureCollection"))
        _refuse(path, zh, en, value=str(kind or ""))
    return dict(document)


def _decoded(path: Path, findings: Findings) -> str:
    raw = path.read_bytes()
    wide = raw[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ["utf-16"] if wide else ["utf-8-sig", "gb18030"]:
        try:
            text = raw.decode(encoding)
        except UnicodeError:
            continue
        if encoding != "utf-8-sig":
            findings.append(
                Finding(
                    code="N-BND-01",
                    reason=f"文件编码为 {encoding}，已按此读取",
                    reason_en=f"the text is {encoding} and was read so",
                    fix="GeoJSON 应为 UTF-8",
                    fix_en="GeoJSON should be UTF-8",
                    severity="note",
                    file=path.name,
                )
            )
        return text
    _refuse(path, "文字编码无法识别", "the encoding of the text is not known")


def _no_constant(word: str) -> NoReturn:
    msg = f"{word} is no number in JSON"
    raise ValueError(msg)


def _properties(feature: Any) -> dict[str, Any]:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        _bad("不是 GeoJSON 要素", "not a GeoJSON feature")
    given = feature.get("properties") or {}
    if not isinstance(given, dict):
        _bad("属性不是键值对", "its properties are no object")
    flat = {
        ("geometry_" if key == "geometry" else key): json.dumps(value, ensure_ascii=False)
        if isinstance(value, (dict, list))
        else value
        for key, value in given.items()
    }
    if "id" in feature:
        flat.setdefault("id", feature["id"])
    return flat


def _geometry(given: Any, remarks: dict[str, list[int]], number: int) -> Any:
    """Return the polygon of a geometry object, drawn from its first two coordinates."""
    kind = given.get("type") if isinstance(given, dict) else None
    if given is None or (kind in ("Polygon", "MultiPolygon") and not given.get("coordinates")):
        _bad("没有图形", "it has no geometry")
    if kind not in ("Polygon", "MultiPolygon"):
        _bad(f"应为面，实为 {kind}", f"a polygon is needed, not {kind}")
    parts = given["coordinates"] if kind == "MultiPolygon" else [given["coordinates"]]
    if not isinstance(parts, list) or not all(isinstance(p, list) and p for p in parts):
        _bad("坐标的层次不对", "its coordinates are nested wrongly")
    polygons = []
    for part in parts:
        rings = [_ring(ring, remarks, number) for ring in part]
        polygons.append(shapely.Polygon(rings[0], rings[1:]))
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)


def _ring(positions: Any, remarks: dict[str, list[int]], number: int) -> np.ndarray:
    try:
        if len({len(p) for p in positions}) > 1:  # heights here and there
            remarks["z"].append(number)
            positions = [p[:2] for p in positions]
        array = np.asarray(positions)
    except (TypeError, ValueError):
        array = np.empty(0)
    if array.ndim != 2 or array.dtype.kind not in "iuf" or not 2 <= array.shape[1] <= 4:
        _bad("坐标不是成对的数字", "a position is no pair of numbers")
    if array.shape[1] > 2:
        remarks["z"].append(number)
    ring = array[:, :2].astype("float64")
    if not np.isfinite(ring).all():
        _bad("坐标含无穷大或非数值", "a coordinate is not finite")
    if not np.array_equal(ring[0], ring[-1]):
        remarks["open"].append(number)
        ring = np.vstack([ring, ring[:1]])
    if len(ring) < 4:
        _bad("环少于 4 个点", "a ring has fewer than 4 points")
    return ring


def _remarks(path: Path, remarks: dict[str, list[int]]) -> list[Finding]:
    says = {
        "z": ("note", "高程已去掉，只用平面坐标", "heights were dropped"),
        "open": ("repaired", "未闭合的环已补上起点", "open rings were closed"),
    }
    return [
        Finding(
            code="N-BND-02" if severity == "note" else "R-BND-01",
            reason=f"{zh}（{len(set(remarks[key]))} 个要素）",
            reason_en=f"{en} ({len(set(remarks[key]))} features)",
            fix="无需处理",
            fix_en="Nothing to do",
            severity=severity,  # type: ignore[arg-type]
            file=path.name,
            row=remarks[key][0],
        )
        for key, (severity, zh, en) in says.items()
        if remarks[key]
    ]


def document_crs(document: dict[str, Any], path: Path) -> CRS | None:
    """Return the CRS: WGS-84 by the standard, or the one that the old ``crs`` member names."""
    if "crs" not in document:
        return CRS.from_epsg(4326)
    member = document["crs"]
    if member is None:
        return None
    properties = member.get("properties") if isinstance(member, dict) else None
    name = str(properties.get("name", "")) if isinstance(properties, dict) else ""
    match = _CRS_NAME.fullmatch(name)
    if match:
        if match[2] in ("CRS84", "CRS84h"):
            return CRS.from_epsg(4326)
        try:
            return CRS.from_user_input(f"{match[1]}:{match[2]}")
        except CRSError:
            pass
    _refuse(
        path,
        "crs 成员不是 EPSG 代码",
        "its crs member names no EPSG code",
        fix="请按 EPSG:4326 重新导出",
        fix_en="Export it as EPSG:4326",
        value=name or str(member),
    )


def _bad(zh: str, en: str) -> NoReturn:
    raise _BadFeatureError(zh, en)


def _label(feature: Any) -> str:
    given = feature.get("properties") if isinstance(feature, dict) else None
    names = [v for v in given.values() if isinstance(v, str)] if isinstance(given, dict) else []
    return names[0] if names else ""
