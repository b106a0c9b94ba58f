"""From one division of a district into units to another: shares of ground, rows summing to one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from siting.crs import to_metric
from siting.errors import stop
from siting.places import bundled
from siting.places.reading import check_vintage, district_id

SLIVER = 1e-6  # smaller shares are the noise of the overlay


def crosswalk(from_vintage: int, to_vintage: int, *, within: str) -> pd.DataFrame:
    """
    Return which share of the ground of each unit of one vintage lies in each unit of another.

    Parameters
    ----------
    from_vintage, to_vintage : {2023, 2026}
        The two divisions.
    within : str
        The district, by name or code: 嘉定区 is the only one with two.

    Returns
    -------
    DataFrame
        Columns ``from_id``, ``to_id`` and ``share`` (0..1, of the area of ``from_id``), sorted; the
        shares of one ``from_id`` sum to 1. Shares below 1e-6 are dropped. ``attrs`` has
        ``from_vintage`` and ``to_vintage``.

    Raises
    ------
    InputError
        If a vintage is another, or the district has only one.

    Notes
    -----
    Areas are in an equal-area projection of the bundled, generalised outlines. A share of ground is
    not a share of people or jobs.

    Examples
    --------
    嘉定工业区 was divided between the new 娄塘镇 and 马陆镇:

    >>> table = crosswalk(2023, 2026, within="嘉定区")
    >>> table.loc[table["from_id"] == "310114501", "to_id"].tolist()
    ['310114106', '310114990']
    """
    old, new = check_vintage(from_vintage), check_vintage(to_vintage)
    district = district_id(within)
    if district != bundled.JIADING:
        stop(
            code="E-PLACE-08",
            column="within",
            value=str(within),
            reason="只有嘉定区有两个年份的街镇划分",
            reason_en="only Jiading has units of two vintages",
            fix='请用 within="嘉定区"',
            fix_en='Use within="嘉定区"',
        )
    before, after = (to_metric(bundled.outlines(bundled.unit_files(v)[0])) for v in (old, new))
    shapes, others = before.to_numpy(), after.to_numpy()
    i, j = shapely.STRtree(others).query(shapes, predicate="intersects")
    areas = shapely.area(shapely.intersection(shapes[i], others[j]))
    table = pd.DataFrame(
        {
            "from_id": before.index.to_numpy()[i],
            "to_id": after.index.to_numpy()[j],
            "share": areas / shapely.area(shapes)[i],
        }
    )
    table = table[table["share"] >= SLIVER].sort_values(["from_id", "to_id"], ignore_index=True)
    total = table.groupby("from_id")["share"].transform("sum")
    answer = table.assign(share=np.minimum(table["share"] / total, 1.0))
    answer.attrs = {"from_vintage": old, "to_vintage": new}
    return answer
