"""Where a user's boundaries lie: the CRS they claim against the numbers they hold."""

from __future__ import annotations

import re
from typing import Any, NoReturn

import geopandas as gpd
import numpy as np
import shapely
from pyproj import CRS, Transformer

from siting.crs import convert_geometry
from siting.errors import Finding, Findings, stop

REGION = (120.6, 30.4, 122.6, 32.1)  # [deg] Shanghai and its sea, with room for any shift
_DATUMS = ("worldgeodeticsystem1984", "wgs1984", "wgs84", "china2000", "cgcs2000")
_KNOWN = {
    4549: "CGCS2000 3 度带，中央经线 120°E",
    4528: "CGCS2000 3 度带，40 带（横坐标带 40 前缀）",
    4550: "CGCS2000 3 度带，中央经线 123°E",
    4529: "CGCS2000 3 度带，41 带（横坐标带 41 前缀）",
    4509: "CGCS2000 6 度带，中央经线 123°E",
    4498: "CGCS2000 6 度带，21 带（横坐标带 21 前缀）",
    32651: "WGS 84 / UTM 51N",
    3857: "Web 墨卡托",
}


def locate(frame: gpd.GeoDataFrame, names: list[str], *, declared: str, file: str) -> Any:
    """
    Return the boundaries in WGS-84, or stop with what their numbers say.

    Parameters
    ----------
    frame
        Boundaries as the file has them; the CRS may be None.
    names
        What to call each row in a message.
    declared
        The frame that the user says the degrees are in: wgs84, cgcs2000, gcj02 or bd09.
    file
        The file, for messages.

    Returns
    -------
    GeoDataFrame
        In EPSG:4326, index kept.

    Raises
    ------
    InputError
        If the CRS is missing (with the range found and the systems that would fit), of a datum
        that cannot be converted exactly, or contradicted by the numbers; if the axes are swapped;
        if a unit lies outside the Shanghai region.
    """
    numbers = shapely.get_coordinates(frame.geometry.to_numpy())
    if not np.isfinite(numbers).all():
        _refuse(file, "E-BND-06", "坐标含无穷大或非数值", "a coordinate is not finite")
    if frame.crs is None:
        refuse_no_crs(numbers, file)
    check_datum(frame.crs, file)
    degrees = _degrees(frame, numbers, file)
    _check_region(degrees, names, file)
    plain = degrees.set_crs(4326, allow_override=True)
    if declared in ("gcj02", "bd09"):
        moved = convert_geometry(plain.geometry.to_numpy(), source=declared, target="wgs84")
        plain = plain.set_geometry(gpd.GeoSeries(moved, index=plain.index, crs=4326))
    return plain


def fitting(numbers: np.ndarray) -> list[str]:
    """Return the systems in which `numbers` would lie in the Shanghai region, best known first."""
    low, high = numbers.min(axis=0), numbers.max(axis=0)
    x, y = (low + high) / 2
    fits = ["EPSG:4326（经纬度）"] if _inside(np.array([[x, y]])).all() else []
    if abs(x) <= 180 and abs(y) <= 90:
        return fits
    for code, title in _KNOWN.items():
        lon, lat = Transformer.from_crs(code, 4326, always_xy=True).transform(x, y)
        if np.isfinite([lon, lat]).all() and _inside(np.array([[lon, lat]])).all():
            fits.append(f"EPSG:{code}（{title}）")
    return fits


def _inside(points: np.ndarray) -> np.ndarray:
    west, south, east, north = REGION
    across = (points[:, 0] >= west) & (points[:, 0] <= east)
    inside: np.ndarray = across & (points[:, 1] >= south) & (points[:, 1] <= north)
    return inside


def _range(numbers: np.ndarray) -> str:
    low, high = numbers.min(axis=0), numbers.max(axis=0)
    return f"x {low[0]:.10g}..{high[0]:.10g}, y {low[1]:.10g}..{high[1]:.10g}"


def _suggestion(numbers: np.ndarray) -> tuple[str, str]:
    fits = fitting(numbers)
    if fits:
        listed = "、".join(fits)
        return (
            f"能使它落在上海的坐标系：{listed}；请核实后声明",
            f"It would lie in Shanghai as {listed}; check and declare it",
        )
    zh = "若为上海城市坐标系等地方坐标，请由测绘部门转换为 CGCS2000 后再用"
    return zh, "If it is a local grid such as Shanghai 2000, have it converted to CGCS2000 first"


def refuse_no_crs(numbers: np.ndarray, file: str) -> NoReturn:
    """Raise InputError for a file without a CRS, with those that would fit its numbers."""
    fix, fix_en = _suggestion(numbers)
    zh, en = f"缺少坐标系（坐标范围 {_range(numbers)}）", f"no CRS (range {_range(numbers)})"
    _refuse(file, "E-BND-03", zh, en, fix=fix, fix_en=fix_en)


def check_datum(crs: CRS, file: str) -> None:
    """Accept WGS-84 and CGCS2000 only: PROJ would shift others by nothing and say nothing."""
    base = crs.geodetic_crs
    datum = base.datum.name if base is not None and base.datum is not None else crs.name
    plain = re.sub(r"[^a-z0-9]", "", datum.lower())
    if any(known in plain for known in _DATUMS):
        return
    _refuse(
        file,
        "E-BND-04",
        f"坐标系的基准（{datum}）没有公开的精确转换参数",
        f"its datum ({datum}) has no exact published way to WGS-84",
        fix="请由测绘部门转换为 CGCS2000（EPSG:4490）后再用",
        fix_en="Have it converted to CGCS2000 (EPSG:4490) first",
        value=crs.name,
    )


def _degrees(frame: gpd.GeoDataFrame, numbers: np.ndarray, file: str) -> gpd.GeoDataFrame:
    """Return the boundaries in degrees if label and numbers agree on what they are."""
    in_degrees = bool((np.abs(numbers[:, 0]) <= 180).all() and (np.abs(numbers[:, 1]) <= 90).all())
    label = frame.crs.to_string() if len(frame.crs.to_string()) < 40 else frame.crs.name
    fix, fix_en = _suggestion(numbers)
    if frame.crs.is_geographic:
        if not in_degrees and not _inside(numbers[:, ::-1]).all():
            zh = f"标为经纬度（{label}），坐标却是米（{_range(numbers)}）"
            en = f"labelled as degrees ({label}), yet the numbers are metres ({_range(numbers)})"
            _refuse(file, "E-BND-05", zh, en, fix=fix, fix_en=fix_en)
        return frame
    if not frame.crs.is_projected:
        _refuse(file, "E-BND-04", "不是平面或经纬度坐标系", "its CRS is not a map's", value=label)
    if in_degrees:
        zh = f"标为投影坐标（{label}），坐标却是经纬度（{_range(numbers)}）"
        en = f"labelled as projected ({label}), yet the numbers are degrees ({_range(numbers)})"
        _refuse(file, "E-BND-05", zh, en, fix=fix, fix_en=fix_en)
    answer = frame.to_crs(4326)
    lonlat = shapely.get_coordinates(answer.geometry.to_numpy())
    if not np.isfinite(lonlat).all() or not _inside(lonlat).any():
        zh = f"按 {label} 换算后不在上海（坐标范围 {_range(numbers)}）"
        en = f"as {label} it does not lie in Shanghai (range {_range(numbers)})"
        _refuse(file, "E-BND-05", zh, en, fix=fix, fix_en=fix_en)
    return answer


def _check_region(frame: gpd.GeoDataFrame, names: list[str], file: str) -> None:
    """Stop if a unit leaves the region; if swapping the axes would bring it back, prove it."""
    shapes = frame.geometry.to_numpy()
    inside = [bool(_inside(shapely.get_coordinates(one)).all()) for one in shapes]
    if all(inside):
        return
    swapped = sum(bool(_inside(shapely.get_coordinates(one)[:, ::-1]).all()) for one in shapes)
    if swapped == len(shapes):
        _refuse(
            file,
            "E-BND-08",
            f"经纬度颠倒：交换后 {swapped}/{len(shapes)} 个单元落入上海",
            f"the axes are swapped: {swapped} of {len(shapes)} units fall in Shanghai when swapped",
            fix="请交换经度与纬度后重新导出（经度在前）",
            fix_en="Swap longitude and latitude (longitude first) and export again",
        )
    Findings(
        Finding(
            code="E-BND-09",
            reason=f"超出上海及近海范围（{_range(shapely.get_coordinates(shapes[i]))}）",
            reason_en="outside Shanghai and its sea",
            fix="请只保留上海的单元，或核对坐标系",
            fix_en="Keep units of Shanghai only, or check the CRS",
            file=file,
            row=i + 1,
            column="geometry",
            value=names[i],
        )
        for i, good in enumerate(inside)
        if not good
    ).stop()


def _refuse(
    file: str,
    code: str,
    zh: str,
    en: str,
    *,
    fix: str = "请按 EPSG:4326 或 EPSG:4490 重新导出",
    fix_en: str = "Export it as EPSG:4326 or EPSG:4490",
    value: str = "",
) -> NoReturn:
    stop(code=code, file=file, value=value, reason=zh, reason_en=en, fix=fix, fix_en=fix_en)
