"""Whether rows lie in the places, and in those they name, or would rather do so in another frame."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from siting.crs import FRAMES, convert
from siting.errors import Finding, Findings
from siting.points.locating import Locator
from siting.points.record import Points
from siting.sheets import heading_key

ROWS = 10  # that another frame must bring home: fewer may be chance
TIMES = 3  # as many as it takes away
FEW, MANY = 5, 0.1  # rows outside all places, and share of all rows, from which on they are told
PLACES = 3  # to which it must bring rows home: one crowd at one border proves nothing
_NAMES = ("name_zh", "name_en")

Flags = npt.NDArray[np.bool_]


def frame_doubts(points: Points, places: Any) -> Findings:
    """
    Return a warning if many rows lie in no place, or in the place they name in another frame only.

    Parameters
    ----------
    points
        What `siting.points.read_points` gives; the second doubt needs a column for the role
        ``place``.
    places : GeoDataFrame
        Polygons with ids as index, and ``name_zh`` and ``name_en`` where they are known. A cell
        that is none of them says nothing.

    Returns
    -------
    Findings
        A warning if more than a tenth of the rows, and 5 at least, lie in no place
        (`siting.points.left_out` lists them); a warning with the rows that lie elsewhere in either
        frame.

    Raises
    ------
    InputError
        If the places are not fit: see `siting.points.assign`.

    Notes
    -----
    GCJ-02 points that are read as WGS-84 lie some 475 m off in Shanghai, mostly still inside the
    city, and the numbers do not show it. A table that names the place of each row does: along every
    border there are points on the wrong side. A frame is named that brings home at least 10 rows
    and 3 times as many as it takes away, and that is better for at least 3 places and 3 times as
    many as it is worse for. Firms that are registered in one place and work in another change
    nothing: they are elsewhere in either frame. Without such a column an undeclared frame cannot be
    told; nor where the rows are few, or far from every border.

    Examples
    --------
    The sample is in WGS-84; read as GCJ-02, it is moved some 475 m:

    >>> from siting import geodata
    >>> from siting.places import read_places
    >>> from siting.points import read_points
    >>> table, towns = geodata.path("tables/synthetic_firms.csv"), read_places("town", within="310114")
    >>> [found.value for found in frame_doubts(read_points(table, frame="gcj02"), towns)]
    ['gcj02 73, wgs84 0 / 600']
    >>> frame_doubts(read_points(table), towns)
    []
    """
    locator = Locator.of(places)
    findings = _outside(points, locator)
    heading = points.report.columns.get("place")
    if heading is None:
        return findings
    ranks = points.frame[heading].map(heading_key).map(_ranks(places, locator)).dropna()
    rows, named = points.frame.loc[ranks.index], np.asarray(ranks, dtype=np.int64)
    declared = points.report.frame
    home = _at_home(rows, named, declared, locator)
    best = max(home, key=lambda one: int(home[one].sum()))  # the first of equals
    if not _clearly(home[declared], home[best], named):
        return findings
    first = int((home[best] & ~home[declared]).argmax())
    off = {one: int((~home[one]).sum()) for one in (declared, best)}
    findings.append(
        Finding(
            "W-PNT-15",
            f"按 {declared} 读取，{len(rows)} 行中有 {off[declared]} 行不在所写的地区内；"
            f"按 {best} 只有 {off[best]} 行",
            f'请核对坐标的来源；如确是，请用 frame="{best}" 重新读取',
            f"read as {declared}, {off[declared]} of {len(rows)} rows lie outside the place they "
            f"name; as {best}, only {off[best]}",
            f'Find out where the coordinates come from; if so, read again with frame="{best}"',
            severity="warning",
            file=points.report.file,
            sheet=points.report.sheet,
            row=int(rows["source_row"].iloc[first]),
            column=heading,
            value=f"{declared} {off[declared]}, {best} {off[best]} / {len(rows)}",
        )
    )
    return findings


def _outside(points: Points, locator: Locator) -> Findings:
    """Return a warning if many of the rows lie in none of the places."""
    frame = points.frame
    outside = locator.ranks(frame["lon"].to_numpy(), frame["lat"].to_numpy())[0] < 0
    count = int(outside.sum())
    if count < FEW or count <= MANY * len(frame):
        return Findings()
    return Findings(
        [
            Finding(
                "W-PNT-16",
                f"{len(frame)} 行中有 {count} 行不在任何所给地区内，不计入各地区",
                "请核对坐标系，以及所给的地区、层级；siting.points.left_out 列出这些行",
                f"{count} of {len(frame)} rows lie in none of the places and count for none of them",
                "Check the frame, and which places were given; siting.points.left_out lists the rows",
                severity="warning",
                file=points.report.file,
                sheet=points.report.sheet,
                row=int(frame["source_row"].iloc[int(outside.argmax())]),
                value=f"{count} / {len(frame)}",
            )
        ]
    )


def _ranks(places: Any, locator: Locator) -> dict[str, int]:
    """Return the position in `locator.ids` of the one place that a text names."""
    known = places if isinstance(places, gpd.GeoDataFrame) else pd.DataFrame(index=locator.order)
    ranks: dict[str, set[int]] = {}
    for texts in (known.index, *(known[name] for name in _NAMES if name in known)):
        for text, rank in zip(texts, locator.ids.get_indexer(known.index).tolist(), strict=True):
            ranks.setdefault(heading_key(str(text)), set()).add(rank)
    return {text: min(those) for text, those in ranks.items() if len(those) == 1}


def _at_home(
    rows: pd.DataFrame, named: npt.NDArray[np.int64], declared: str, locator: Locator
) -> dict[str, Flags]:
    """Return which rows lie in the place they name, for each frame they may have been written in."""
    written = convert(
        rows["lon"].to_numpy(), rows["lat"].to_numpy(), source="wgs84", target=declared
    )
    return {
        frame: locator.ranks(*convert(*written, source=frame, target="wgs84"))[0] == named
        for frame in FRAMES
    }


def _clearly(now: Flags, then: Flags, named: npt.NDArray[np.int64]) -> bool:
    """Whether far more rows, of far more places, come home than leave it."""
    gained, lost = then & ~now, now & ~then
    balance = np.bincount(named[gained], minlength=1 + named.max(initial=0))
    balance -= np.bincount(named[lost], minlength=balance.size)
    better, worse = int((balance > 0).sum()), int((balance < 0).sum())
    enough = gained.sum() >= max(ROWS, TIMES * int(lost.sum()))
    return bool(enough and better >= max(PLACES, TIMES * worse))
