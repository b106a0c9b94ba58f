"""Each row judged: used, repaired or rejected, and why; coordinates brought to WGS-84."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from siting.crs import convert
from siting.names import canonical
from siting.points.cellular import Cells
from siting.points.numbers import ERRORS, MISSING, Column, angle, figure, read_column
from siting.points.record import BITS, REASONS

SHANGHAI = (120.85, 30.65, 122.35, 31.9)  # [deg] the city with its islands, and a rim of some 5 km
_LIMITS = (180.0, 90.0)
_HUGE = 1e15  # no headcount, and beyond what sums hold exactly
_TOTALS = ("合计", "小计", "总计", "共计", "合計", "小計", "總計", "共計")
_TOTALS_EN = frozenset(("total", "sum", "subtotal", "grandtotal"))
# 3.10E+17 is a number that lost its digits. 3E12 can be a code, unless others in its column lost theirs.
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+[eE]\+?|[eE]\+)[0-9]{1,3}")
_LIKE_SCIENTIFIC = re.compile(r"[0-9][eE][0-9]{1,3}")
_WRAPPED = re.compile(
    r"\s*(?:POINT\s*(?:Z|M|ZM)?)?\s*[\[(（]?(.*?)[\])）]?\s*", re.IGNORECASE | re.DOTALL
)
_CODE = {reason: i for i, reason in enumerate(("", *REASONS))}
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Rules:
    """What the caller asked for; see `read_points`."""

    frame: str
    area: Any  # (west, south, east, north) [deg], or a polygon in WGS-84
    swap: str
    missing_weight: str
    dedupe: bool
    sectors: Collection[str] | None


@dataclass
class Verdict:
    """For each row: longitude and latitude [deg, WGS-84], weight, reason (0 is none), repairs."""

    lon: Floats
    lat: Floats
    weight: Floats | None
    reason: NDArray[np.int8]
    repairs: NDArray[np.int64]
    raw: tuple[Floats, Floats]
    notes: dict[str, Any] = field(default_factory=dict)

    def reject(self, which: Any, reason: str) -> None:
        """Reject the rows `which` (a mask or positions) that are not rejected yet."""
        mask = np.zeros(len(self.reason), dtype=bool)
        mask[which] = True
        self.reason[mask & (self.reason == 0)] = _CODE[reason]


def reason_name(code: int) -> str:
    """Return the name of a reason by its number."""
    return ("", *REASONS)[code]


def judge(cells: Cells, roles: dict[str, str], rules: Rules) -> Verdict:
    """Return what becomes of each row of `cells`; texts with invisible characters are mended there."""
    n = len(cells.numbers)
    repairs = _visible(cells)
    _error_texts(cells)
    _unmerge(cells, roles.get("weight"), repairs)
    lon, lat = _axes(cells, roles)
    verdict = Verdict(
        np.full(n, np.nan),
        np.full(n, np.nan),
        None,
        np.zeros(n, dtype="int8"),
        repairs | lon.repairs | lat.repairs,
        (lon.values, lat.values),
    )
    verdict.reject(_totals(cells), "total_row")
    position = {number: i for i, number in enumerate(cells.numbers)} if cells.faults else {}
    for (number, heading), reason in cells.faults.items():
        if heading in roles.values() and number in position:
            verdict.reject([position[number]], reason)
    for reason in ("error_cell", "unreadable", "not_finite", "missing"):
        rows = [i for axis in (lon, lat) for i, said in axis.reasons.items() if said == reason]
        verdict.reject(rows, reason)
    _place(verdict, lon, lat, rules)
    if "weight" in roles:
        _weigh(verdict, read_column(cells.column(roles["weight"]), figure), rules)
    if "id" in roles:
        verdict.reject(_lost_ids(cells.column(roles["id"])), "id_lost")
    if "sector" in roles and rules.sectors is not None:
        known = {str(one).strip() for one in rules.sectors}
        texts = cells.column(roles["sector"])
        verdict.reject([i for i, t in enumerate(texts) if t not in known], "unknown_sector")
    return verdict


def _lost_ids(texts: list[str]) -> list[int]:
    """Return the rows whose id a spreadsheet has written as a rounded number."""
    lost = [i for i, text in enumerate(texts) if _SCIENTIFIC.fullmatch(text)]
    if lost:
        lost += [i for i, text in enumerate(texts) if _LIKE_SCIENTIFIC.fullmatch(text)]
    return lost


def within(lon: Floats, lat: Floats, area: Any) -> NDArray[np.bool_]:
    """
    Return which points lie in a box (west, south, east, north) or a polygon, its border included.

    Examples
    --------
    >>> within(np.array([121.5, 120.6]), np.array([31.2, 31.3]), SHANGHAI).tolist()
    [True, False]
    """
    west, south, east, north = area if isinstance(area, tuple) else area.bounds
    inside: NDArray[np.bool_] = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    if not isinstance(area, tuple):
        shapely.prepare(area)
        inside[inside] = shapely.intersects_xy(area, lon[inside], lat[inside])
    return inside


def _axes(cells: Cells, roles: dict[str, str]) -> tuple[Column, Column]:
    """Return the two coordinates as the file gives them."""
    if cells.lonlat is not None:
        columns = []
        for values in cells.lonlat:
            none = {int(i): "missing" for i in np.flatnonzero(np.isnan(values))}
            wild = {int(i): "not_finite" for i in np.flatnonzero(np.isinf(values))}
            zeros = np.zeros(len(values), dtype="int64")
            columns.append(
                Column(np.where(np.isfinite(values), values, np.nan), zeros, none | wild, {})
            )
        return columns[0], columns[1]
    if "lonlat" in roles:
        pairs = [_pair(text) for text in cells.column(roles["lonlat"])]
        texts = [one for one, _ in pairs], [other for _, other in pairs]
    else:
        texts = cells.column(roles["lon"]), cells.column(roles["lat"])
    return read_column(texts[0], angle), read_column(texts[1], angle)


def _pair(text: str) -> tuple[str, str]:
    """
    Return the two parts of a cell such as ``121.47,31.23`` or ``POINT (121.47 31.23)``.

    Examples
    --------
    >>> _pair("121.47，31.23"), _pair("POINT (121.47 31.23)"), _pair("嘉定")
    (('121.47', '31.23'), ('121.47', '31.23'), ('嘉定', '嘉定'))
    """
    match = _WRAPPED.fullmatch(text[:300])
    inside = match[1].strip() if match else text
    for between in (r"\s*[,，;；]\s*", r"\s+"):
        parts = re.split(between, inside)
        if len(parts) in (2, 3):  # the third is a height
            return parts[0], parts[1]
    return text, text


def _place(verdict: Verdict, lon: Column, lat: Column, rules: Rules) -> None:
    """Fill in the coordinates that stand; reject the others with what their numbers look like."""
    x, y = lon.values, lat.values
    known = verdict.reason == 0
    verdict.reject(known & (x == 0) & (y == 0), "null_island")
    ahead = (np.abs(x) <= _LIMITS[0]) & (np.abs(y) <= _LIMITS[1])
    good, new_x, new_y = _inside(x, y, ahead & (verdict.reason == 0), rules)
    verdict.lon[good], verdict.lat[good] = new_x[good], new_y[good]
    rest = (verdict.reason == 0) & ~good
    crossed = [
        *(i for i, axis in lon.axes.items() if axis == "lat"),
        *(i for i, axis in lat.axes.items() if axis == "lon"),
    ]
    if crossed:  # N in the column of longitudes: the text itself says that they are swapped
        verdict.lon[crossed], verdict.lat[crossed] = np.nan, np.nan
        rest[[i for i in crossed if verdict.reason[i] == 0]] = True
        good[crossed] = False
    if not rest.any():
        return
    behind = rest & (np.abs(y) <= _LIMITS[0]) & (np.abs(x) <= _LIMITS[1])
    swapped, swap_x, swap_y = _inside(y, x, behind, rules)
    if rules.swap == "fix":
        verdict.lon[swapped], verdict.lat[swapped] = swap_x[swapped], swap_y[swapped]
        verdict.repairs[swapped] |= BITS["swapped"]
        rest &= ~swapped
    else:
        verdict.reject(swapped, "swapped")
    for power in (1e6, 1e7, 1e5, 1e4, 1e3, 3600.0):
        scaled, *_ = _inside(x / power, y / power, rest & (verdict.reason == 0), rules)
        if scaled.any():
            verdict.notes.setdefault("scaled", power)
        verdict.reject(scaled, "scaled")
    turned = rest & (np.abs(x) <= np.pi) & (np.abs(y) <= np.pi / 2)
    wide_x, wide_y = (np.degrees(np.where(turned, one, 0.0)) for one in (x, y))
    turned, *_ = _inside(wide_x, wide_y, turned & (verdict.reason == 0), rules)
    verdict.reject(turned, "radians")
    size = np.minimum(np.abs(x), np.abs(y)), np.maximum(np.abs(x), np.abs(y))
    verdict.reject(rest & ~ahead & (size[0] > 1e3) & (size[1] < 1e8), "metres")
    verdict.reject(rest & ~ahead, "out_of_range")
    verdict.reject(rest, "outside")


def _inside(
    x: Floats, y: Floats, which: NDArray[np.bool_], rules: Rules
) -> tuple[NDArray[np.bool_], Floats, Floats]:
    """Return which of the points `which` fall in the study area, and where, in WGS-84."""
    new_x, new_y = np.full(len(x), np.nan), np.full(len(x), np.nan)
    inside = np.zeros(len(x), dtype=bool)
    which = which & (np.abs(x) <= _LIMITS[0]) & (np.abs(y) <= _LIMITS[1])
    if which.any():
        new_x[which], new_y[which] = convert(x[which], y[which], source=rules.frame, target="wgs84")
        inside[which] = within(new_x[which], new_y[which], rules.area)
    return inside, new_x, new_y


def _weigh(verdict: Verdict, weight: Column, rules: Rules) -> None:
    values = weight.values.copy()
    lacking = [i for i, said in weight.reasons.items() if said == "missing"]
    for said, reason in (
        ("error_cell", "error_cell"),
        ("unreadable", "weight_unreadable"),
        ("not_finite", "weight_not_finite"),
    ):
        verdict.reject([i for i, one in weight.reasons.items() if one == said], reason)
    if rules.missing_weight == "reject":
        verdict.reject(lacking, "weight_missing")
    elif rules.missing_weight == "zero" and lacking:
        values[lacking] = 0.0
        verdict.repairs[lacking] |= BITS["weight_zero"]
    verdict.reject(values < 0, "weight_negative")
    huge = np.abs(values) > _HUGE
    verdict.reject(huge, "weight_not_finite")
    values[huge] = np.nan
    verdict.repairs |= weight.repairs
    verdict.weight = values


def _totals(cells: Cells) -> list[int]:
    """Return the rows whose first cell is a word for totals."""
    if not cells.texts:
        return []
    rows = []
    for i, text in enumerate(cells.texts[0]):
        first = text or next((column[i] for column in cells.texts if column[i]), "")
        said = canonical(first) if len(first) < 12 else ""
        if said.endswith(_TOTALS) or said.lower() in _TOTALS_EN:
            rows.append(i)
    return rows


def _error_texts(cells: Cells) -> None:
    """Note the cells that hold nothing but the text of a spreadsheet error, as a workbook does."""
    for heading, column in zip(cells.headings, cells.texts, strict=True):
        joined = "".join(column)
        if "#" not in joined and "rr:" not in joined:
            continue
        for number, text in zip(cells.numbers, column, strict=True):
            if ERRORS.fullmatch(text):
                cells.faults.setdefault((number, heading), "error_cell")


def _unmerge(cells: Cells, weight: str | None, repairs: NDArray[np.int64]) -> None:
    """Mark the rows with merged cells; a merged weight counts once, in the first of its rows."""
    position = {number: i for i, number in enumerate(cells.numbers)} if cells.filled else {}
    for number, heading in cells.filled:
        if number in position and heading == weight:
            cells.column(heading)[position[number]] = ""
        elif number in position:
            repairs[position[number]] |= BITS["merged"]


def _visible(cells: Cells) -> NDArray[np.int64]:
    """Take invisible characters out of the cells; return the bits of the rows where there were any."""
    repairs = np.zeros(len(cells.numbers), dtype="int64")
    for column in cells.texts:
        if "".join(column).isprintable():
            continue
        for i, text in enumerate(column):
            if text.isprintable():
                continue
            seen = "".join(
                c for c in text if c in "\n\r\t" or unicodedata.category(c) not in ("Cc", "Cf")
            ).strip()
            if seen != text:
                column[i] = seen
                repairs[i] |= BITS["invisible"]
    return repairs


def is_blank(text: str) -> bool:
    """Whether a cell says nothing."""
    return text.casefold() in MISSING
