"""What is asked of the points: the checks that come before any measure, all findings at once."""

from __future__ import annotations

import operator
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from siting.dispersion.windows import Floats, is_rectangle
from siting.errors import Finding, Findings, visible
from siting.schema import check_choice

Flags = npt.NDArray[np.bool_]
CORRECTIONS = ("translation", "isotropic", "none")
_CHINA = ((73.0, 136.0), (17.0, 54.0))  # longitudes and latitudes [deg]
_MANY, _CLOSE = 10, 5.0  # points, or degrees apart, from which it is no accident to be in there
_ON_BORDER = 1e-9  # of the largest coordinate: what rounding may put outside


@dataclass(frozen=True, slots=True)
class Sites:
    """
    Points that were checked, in an order of their own, so that the order of rows changes nothing.

    Parameters
    ----------
    xy
        Coordinates [m, shape (n, 2)].
    kind
        Number of the kind of each point, or zeros.
    kinds
        The kinds, by number.
    weight
        Weight of each point, or ones.
    """

    xy: Floats
    kind: npt.NDArray[np.intp]
    kinds: tuple[Hashable, ...]
    weight: Floats

    def are(self, kind: Hashable) -> Flags:
        """Tell which points are of a kind."""
        mine: Flags = self.kind == self.kinds.index(kind)
        return mine

    def of(self, kept: Flags) -> Sites:
        """Return some of the points."""
        return Sites(self.xy[kept], self.kind[kept], self.kinds, self.weight[kept])


def check_sites(
    x: Any,
    y: Any,
    *,
    kind: Any = None,
    weights: Any = None,
    window: Any = None,
    named: dict[str, Hashable | None] | None = None,
) -> Sites:
    """
    Return the points, or raise InputError with every finding.

    Parameters
    ----------
    x, y
        Coordinates [m].
    kind
        Kind of each point; None where kinds do not matter.
    weights
        Weight of each point, at least 0; None for 1 each.
    window
        Polygon that holds all points; None where there is none.
    named
        Arguments that name a kind; one that is None is not asked for, but ``case`` always is.
    """
    findings = Findings()
    columns = {"x": x, "y": y, "kind": kind, "weights": weights}
    given = {name: one for name, one in columns.items() if one is not None or name in "xy"}
    _same_rows(given, findings)
    findings.stop()
    n = len(x)
    xy = np.stack([_numbers(given[name], name, findings) for name in "xy"], axis=1)
    weight = np.ones(n)
    if weights is not None:
        weight = _numbers(weights, "weights", findings)
        for i in np.flatnonzero(weight < 0):
            findings.append(_refused("02", "weights", weight[i], _NEGATIVE, row=int(i) + 2))
    codes, kinds = _kinds(kind, n, findings)
    for name, wanted in (named or {}).items():
        asked = wanted is not None or (name == "case" and kind is not None)
        if asked and wanted not in kinds:
            known = "、".join(visible(one) for one in kinds[:20])
            fix = (f"已有的类别：{known}", f"Kinds found: {known.replace('、', ', ')}")
            findings.append(
                _refused("04", name, wanted, ("没有这一类的点", "no point is of this kind", *fix))
            )
    _metres(xy, window, findings)
    if window is not None:
        _inside(xy, window, findings)
    findings.stop()
    order = np.lexsort((weight, codes, xy[:, 1], xy[:, 0]))
    return Sites(xy[order], codes[order], kinds, weight[order])


_NEGATIVE = (
    "权重为负",
    "the weight is negative",
    "请给出不小于 0 的数",
    "Give a number of at least 0",
)


def check_radii(radii: Any) -> Floats:
    """Return distances [m] as an array if they are finite, at least 0 and increasing."""
    try:
        numbers = np.atleast_1d(np.asarray(radii, dtype="float64"))
    except (TypeError, ValueError):
        numbers = np.empty(0)
    sound = numbers.ndim == 1 and numbers.size > 0 and bool(np.isfinite(numbers).all())
    if not sound or numbers[0] < 0 or not (np.diff(numbers) > 0).all():
        Findings(
            [
                _refused(
                    "05",
                    "radii",
                    radii,
                    (
                        "距离应为有限数，不小于 0，逐个增大",
                        "the distances should be finite, at least 0, each larger than the one before",
                        "例如 [500, 1000, 2000]，单位为米",
                        "For example [500, 1000, 2000], in metres",
                    ),
                )
            ]
        ).stop()
    return numbers


def check_window(window: Any, correction: str) -> Any:
    """Return the window if it is a valid polygon that the correction can use."""
    check_choice(correction, CORRECTIONS, "correction")
    polygonal = isinstance(window, (shapely.Polygon, shapely.MultiPolygon))
    said: tuple[str, str, str, str] | None = None
    if not polygonal:
        said = (
            "研究范围应为 shapely 的面",
            "the window should be a shapely Polygon or MultiPolygon",
            "请给出研究范围的边界，坐标与点相同，以米计",
            "Give the border of the study area, in the same metres as the points",
        )
    elif window.is_empty or not window.is_valid or window.area <= 0:
        why = shapely.is_valid_reason(window)
        said = (
            f"研究范围为空或无效：{why}",
            f"the window is empty or invalid: {why}",
            "请先修复，例如 shapely.make_valid",
            "Repair it first, for example with shapely.make_valid",
        )
    elif correction == "isotropic" and not is_rectangle(window):
        said = (
            "各向同性校正只用于正放的矩形",
            "the isotropic correction is for upright rectangles only",
            "请用 correction='translation'，任何多边形都可以",
            "Use correction='translation', which takes any polygon",
        )
    if said:
        Findings([_refused("06", "window", getattr(window, "geom_type", window), said)]).stop()
    return window


def check_count(value: object, name: str, least: int) -> int:
    """Return `value` if it is a whole number of at least `least`."""
    try:
        number = operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        number = least - 1
    if number < least:
        fix = (f"请给出不小于 {least} 的整数", f"Give a whole number of at least {least}")
        said = ("不是可用的整数", "not a whole number that can be used")
        Findings([_refused("07", name, value, (*said, *fix))]).stop()
    return number


def check_fraction(value: Any, name: str) -> float:
    """Return `value` if it lies between 0 and 1, both excluded."""
    if not isinstance(value, (int, float, np.number)) or not 0 < value < 1:
        said = ("应在 0 与 1 之间", "should lie between 0 and 1", "例如 0.05", "For example 0.05")
        Findings([_refused("07", name, value, said)]).stop()
    return float(value)


def check_size(value: Any, name: str) -> float:
    """Return `value` if it is a finite number above 0."""
    if not isinstance(value, (int, float, np.number)) or not 0 < value < np.inf:
        said = ("应为大于 0 的数", "should be a number above 0", "以米计", "In metres")
        Findings([_refused("07", name, value, said)]).stop()
    return float(value)


def _same_rows(given: dict[str, Any], findings: Findings) -> None:
    """Find columns that are no columns, of another length, or labelled otherwise than x."""
    index = next((one.index for one in given.values() if isinstance(one, pd.Series)), None)
    length = None
    for name, one in given.items():
        shape: tuple[int, ...] = np.shape(one) if not isinstance(one, str) else ()
        if len(shape) != 1:
            said = ("应为一列值", "should be one column of values")
            findings.append(_refused("01", name, type(one).__name__, (*said, *_ONE_EACH)))
            continue
        length = shape[0] if length is None else length
        other = isinstance(one, pd.Series) and index is not None and not one.index.equals(index)
        if shape[0] != length or other:
            said = ("与其他列的行不一致", "its rows are not those of the other columns")
            findings.append(_refused("01", name, shape[0], (*said, *_ONE_EACH)))


_FILL = ("请补上，或先去掉这一行", "Fill it in, or leave the row out")
_ONE_EACH = ("请为每个点给出一个值，次序相同", "Give one value for each point, in the same order")


def _numbers(column: Any, name: str, findings: Findings) -> Floats:
    """Return a column as floats, each value that is no finite number found."""
    numbers = pd.to_numeric(pd.Series(np.asarray(column)), errors="coerce")
    values = numbers.to_numpy(dtype="float64", na_value=np.nan)
    said = ("缺失，或不是有限的数", "missing, or not a finite number")
    raw = list(column)
    for i in np.flatnonzero(~np.isfinite(values)):
        findings.append(_refused("02", name, raw[i], (*said, *_FILL), row=int(i) + 2))
    return values


def _kinds(
    kind: Any, n: int, findings: Findings
) -> tuple[npt.NDArray[np.intp], tuple[Hashable, ...]]:
    """Return the number of the kind of each point, and the kinds, sorted by their text."""
    if kind is None:
        return np.zeros(n, dtype="intp"), ()
    codes, labels = pd.factorize(np.asarray(kind, dtype=object))
    for i in np.flatnonzero(codes < 0):
        said = ("没有类别", "the point has no kind", *_FILL)
        findings.append(_refused("03", "kind", "", said, row=int(i) + 2))
    order = sorted(range(len(labels)), key=lambda k: str(labels[k]))
    place = np.empty(len(labels) + 1, dtype="intp")
    place[order] = np.arange(len(labels))
    return place[codes], tuple(labels[k] for k in order)


def _metres(xy: Floats, window: Any, findings: Findings) -> None:
    """Find coordinates that can only be degrees: fractions within China's, many or close by."""
    corners = xy if window is None else np.vstack([xy, np.reshape(window.bounds, (2, 2))])
    if not len(xy) or not np.isfinite(xy).all() or (xy == np.rint(xy)).all():
        return
    if len(xy) < _MANY and np.ptp(corners, axis=0).max() >= _CLOSE:
        return
    low, high = np.transpose(_CHINA)
    for pair in (corners, corners[:, ::-1]):
        if (pair >= low).all() and (pair <= high).all():
            said = ("坐标是经纬度（度），不是米", "the coordinates are degrees, not metres")
            fix = ("请先用 siting.crs.to_metric 换成米", "Use siting.crs.to_metric first")
            value = f"{xy[0, 0]}, {xy[0, 1]}"
            findings.append(_refused("08", "x, y", value, (*said, *fix)))


def _inside(xy: Floats, window: Any, findings: Findings) -> None:
    """Find points outside the window; its border is part of it."""
    shapely.prepare(window)
    known = np.isfinite(xy).all(axis=1)
    out = np.flatnonzero(known & ~shapely.intersects_xy(window, xy[:, 0], xy[:, 1]))
    slack = _ON_BORDER * float(np.abs(window.bounds).max())
    for i in out[shapely.distance(window, shapely.points(xy[out])) > slack]:
        said = ("点在研究范围之外", "the point is outside the window")
        fix = ("请核对坐标，或先去掉这一行", "Check the coordinates, or leave the row out")
        findings.append(
            _refused("09", "x, y", f"{xy[i, 0]}, {xy[i, 1]}", (*said, *fix), row=int(i) + 2)
        )


def _refused(
    code: str, column: str, value: object, said: tuple[str, str, str, str], row: int | None = None
) -> Finding:
    """Return one finding of this room; `said` is reason and fix, each in Chinese and English."""
    reason, reason_en, fix, fix_en = said
    return Finding(
        code=f"E-DSP-{code}",
        column=column,
        value=str(value),
        reason=reason,
        reason_en=reason_en,
        fix=fix,
        fix_en=fix_en,
        row=row,
    )
