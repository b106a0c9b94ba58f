"""Units that shall tile the ground: broken rings, overlaps and gaps among a user's boundaries."""

from __future__ import annotations

import re

import geopandas as gpd
import numpy as np
import shapely

from siting.crs import to_metric
from siting.errors import Finding, Findings

OVERLAP_SHARE = 0.005  # of the smaller unit; careful town maps stay below 0.0035
SPECK_M2 = 1.0
_WHY = {
    "Self-intersection": "边界自相交",
    "Ring Self-intersection": "边界在一点自接",
    "Hole lies outside shell": "洞在外环之外",
    "Holes are nested": "洞套洞",
    "Nested shells": "部分互相包含",
    "Interior is disconnected": "内部被洞切断",
    "Too few points in geometry component": "点数不足",
    "Duplicate Rings": "环重复",
}
_REASON = re.compile(r"(.+?)\[(\S+) (\S+)\]")


def check_shapes(frame: gpd.GeoDataFrame, names: list[str], *, file: str) -> None:
    """Stop with every unit that is missing, empty, no polygon or broken, and where it is broken."""
    findings = Findings()
    shapes = frame.geometry.to_numpy()
    for i, shape in enumerate(shapes):
        says: tuple[str, str] | None = None
        code = "E-BND-06"
        if shape is None or shape.is_empty:
            says = ("没有图形", "it has no geometry")
        elif shape.geom_type not in ("Polygon", "MultiPolygon"):
            says = (
                f"应为面，实为 {shape.geom_type}",
                f"a polygon is needed, not {shape.geom_type}",
            )
        elif not shape.is_valid:
            code, says = "E-BND-07", _broken(shape)
        if says:
            findings.append(
                Finding(
                    code=code,
                    reason=says[0],
                    reason_en=says[1],
                    fix="请在绘图软件中修复该单元（QGIS：修复几何图形）后重新导出",
                    fix_en="Mend this unit (QGIS: Fix geometries) and export again",
                    file=file,
                    row=i + 1,
                    column="geometry",
                    value=names[i],
                )
            )
    findings.stop()


def check_tiling(frame: gpd.GeoDataFrame, names: list[str], *, file: str) -> list[Finding]:
    """
    Return warnings for small overlaps and for gaps; stop at overlaps that count ground twice.

    Parameters
    ----------
    frame
        Valid polygons with a CRS.
    names
        What to call each row.
    file
        The file, for messages.

    Raises
    ------
    InputError
        If two units share more than `OVERLAP_SHARE` of the smaller one.
    """
    shapes = to_metric(frame).geometry.to_numpy()
    areas = shapely.area(shapes)
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    first, second = first[first < second], second[first < second]
    shared = shapely.area(shapely.intersection(shapes[first], shapes[second]))
    smaller = np.minimum(areas[first], areas[second])
    findings = Findings()
    for i, j, area in zip(first, second, shared, strict=True):
        if area <= OVERLAP_SHARE * min(areas[i], areas[j]):
            continue
        findings.append(
            Finding(
                code="E-BND-10",
                reason=f"与“{names[j]}”（第 {j + 1} 个）重叠 {_km2(area)} 平方公里，会重复计算",
                reason_en=f'overlaps "{names[j]}" (unit {j + 1}) by {_km2(area)} km2, counted twice',
                fix="请改正公共边界后重新导出",
                fix_en="Correct the shared border and export again",
                file=file,
                row=int(i) + 1,
                column="geometry",
                value=names[i],
            )
        )
    findings.stop()
    small = shared[(shared > SPECK_M2) & (shared <= OVERLAP_SHARE * smaller)]
    answer = []
    if small.size:
        zh = f"相邻单元间有 {small.size} 处细小重叠，共 {_km2(small.sum())} 平方公里"
        en = f"{small.size} small overlaps between neighbours, {_km2(small.sum())} km2 in all"
        answer.append(_warning("W-BND-03", zh, en, file))
    gaps = _gaps(shapes)
    if gaps.size:
        zh = f"单元之间有 {gaps.size} 处缝隙，共 {_km2(gaps.sum())} 平方公里，最大 {_km2(gaps.max())}"
        en = f"{gaps.size} gaps between units, {_km2(gaps.sum())} km2 in all, largest {_km2(gaps.max())}"
        answer.append(_warning("W-BND-04", zh, en, file))
    return answer


def _gaps(shapes: np.ndarray) -> np.ndarray:
    """Areas [m2] of the holes that the union has and no unit has by itself."""
    whole = shapely.get_parts(shapely.union_all(shapes))
    rings = np.concatenate([shapely.get_rings(part)[1:] for part in whole])
    if not rings.size:
        return np.empty(0)
    holes = shapely.polygons(rings)
    areas: np.ndarray = shapely.area(holes)
    return areas[areas > SPECK_M2]


def _broken(shape: shapely.Geometry) -> tuple[str, str]:
    reason = str(shapely.is_valid_reason(shape))
    match = _REASON.fullmatch(reason)
    if not match:
        return f"图形无效（{reason}）", f"the geometry is invalid ({reason})"
    why, x, y = match[1], match[2], match[3]
    return f"{_WHY.get(why, why)}，位于 {x}, {y}", f"{why} at {x}, {y}"


def _km2(area_m2: float) -> str:
    return f"{area_m2 / 1e6:.4g}"


def _warning(code: str, zh: str, en: str, file: str) -> Finding:
    return Finding(
        code=code,
        reason=zh,
        reason_en=en,
        fix="如需精确，请在绘图软件中做拓扑检查",
        fix_en="If it matters, run a topology check in a GIS",
        severity="warning",
        file=file,
    )
