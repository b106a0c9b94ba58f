"""Plants thrown at places: a table of plants and a reference, checked and summed up by sector."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from siting.concentration.checking import (
    FloatArray,
    as_floats,
    bad_amount,
    checked_reference,
    gathered,
    refuse_empty,
    refuse_type,
    repeated,
)
from siting.concentration.sharing import ordered_sum, shares
from siting.concentration.theil import sorted_codes
from siting.errors import Finding, Findings
from siting.schema import require_columns

COLUMNS = ("place_id", "sector", "size")


@dataclass(frozen=True, slots=True)
class Darts:
    """The plants of each sector, thrown on the places: what every index here is made of."""

    sectors: pd.Index
    gap: FloatArray  # s - x, sectors x places; NaN for a sector without plants
    reference: FloatArray  # x
    herfindahl: FloatArray
    fourth: FloatArray
    n_plants: npt.NDArray[np.int64]
    amount: FloatArray  # size of each sector, in a common unit
    dropped: dict[Any, int]

    @property
    def room(self) -> float:
        """Return 1 - X, the room that the reference leaves for concentration."""
        return 1 - float(ordered_sum(self.reference[:, None] ** 2, 0)[0, 0])


def thrown(plants: pd.DataFrame, reference: pd.Series) -> Darts:
    """Check plants and reference together, and sum the plants up by sector and place."""
    place, sector, size, sectors, base = _checked(plants, reference)
    n, m = len(sectors), base.size
    dropped = np.bincount(sector[size == 0], minlength=n)
    # By size, so that no sum depends on the order of the rows: plants of one size are alike.
    order = np.argsort(size)
    order = order[np.searchsorted(size[order], 0, side="right") :]
    place, sector, size = place[order], sector[order], size[order]
    counts = np.bincount(sector, minlength=n)
    peak = np.zeros(n)
    peak[sector] = size  # the last one written is the largest
    exponent = np.frexp(peak)[1]
    scaled = np.ldexp(size, -exponent[sector])  # exact, and no sum can overflow
    total = np.bincount(sector, scaled, minlength=n).astype("float64")
    z = scaled / total[sector]
    # bincount of nothing counts in whole numbers, which cannot be NaN.
    cells = np.bincount(sector * m + place, z, minlength=n * m).astype("float64").reshape(n, m)
    cells[counts == 0] = np.nan
    top = exponent[counts > 0].max(initial=-2000)
    named = {sectors[i]: int(dropped[i]) for i in np.flatnonzero(dropped).tolist()}
    empty = counts == 0
    return Darts(
        sectors=sectors,
        gap=cells - base,
        reference=base,
        herfindahl=np.where(empty, np.nan, np.bincount(sector, z**2, minlength=n)),
        fourth=np.where(empty, np.nan, np.bincount(sector, z**4, minlength=n)),
        n_plants=counts.astype("int64"),
        amount=np.ldexp(total, exponent - top),
        dropped=named,
    )


def _checked(
    plants: pd.DataFrame, reference: pd.Series
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], FloatArray, pd.Index, FloatArray]:
    """Return place and sector numbers, sizes, the sectors, and the shares of the reference."""
    if not isinstance(plants, pd.DataFrame):
        refuse_type("plants", plants, "企业表 DataFrame", "a DataFrame of plants")
    if isinstance(reference, Mapping):
        reference = pd.Series(reference)
    if not isinstance(reference, pd.Series):
        refuse_type("reference", reference, "按地区代码的 Series", "a Series by place_id")
    require_columns(plants, COLUMNS, "plants")
    if len(plants) == 0:
        refuse_empty("plants")
    findings = Findings(repeated(reference.index, "reference"))
    findings += gathered(checked_reference, reference)
    size = as_floats(plants[["size"]]).ravel()
    for i in np.flatnonzero(~(np.isfinite(size) & (size >= 0))):
        cell = plants["size"].iloc[i]
        findings.append(bad_amount("plants", int(i), "size", str(cell), cell))
    for column in COLUMNS[:2]:
        missing = np.flatnonzero(plants[column].isna().to_numpy())
        findings += [_missing_name(int(i), column) for i in missing]
    place = np.full(len(plants), -1)
    if reference.index.is_unique:
        place = reference.index.get_indexer(pd.Index(plants["place_id"]))
        findings += _outside(plants["place_id"], place)
    findings.stop()
    sector, sectors = sorted_codes(plants["sector"])
    # Places in the order of their codes, so that the order of the reference cannot show in a sum.
    code, _ = sorted_codes(pd.Series(reference.index, name="reference"))
    base = np.empty(len(code))
    base[code], _ = checked_reference(reference)
    return code[place], sector, size, sectors.rename("sector"), shares(base[:, None], 0).ravel()


def _outside(places: pd.Series, found: npt.NDArray[np.intp]) -> list[Finding]:
    """Return a finding for each place that the reference does not have, at its first row."""
    rows = np.flatnonzero((found < 0) & places.notna().to_numpy())
    counts = places.iloc[rows].value_counts()
    first = places.iloc[rows].drop_duplicates()
    position = rows[(~places.iloc[rows].duplicated()).to_numpy()]
    return [
        Finding(
            code="E-CON-13",
            sheet="plants",
            row=int(i) + 2,
            column="place_id",
            value=str(place),
            reason=f"参照里没有这个地区（共 {counts[place]} 行）",
            reason_en=f"the reference does not have this place ({counts[place]} rows)",
            fix="请补上该地区的参照数，或改正代码",
            fix_en="Add the place to the reference, or mend the code",
        )
        for i, place in zip(position, first, strict=True)
    ]


def _missing_name(position: int, column: str) -> Finding:
    """Return the finding about a plant without place or sector."""
    return Finding(
        code="E-CON-14",
        sheet="plants",
        row=position + 2,
        column=column,
        reason="缺少地区或行业",
        reason_en="place or sector missing",
        fix="请补上，或先删去这一行",
        fix_en="Put it in, or take the row out first",
    )
