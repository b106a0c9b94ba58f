"""Indices on a million plants and on tables of a city, against a loop over groups and `inequality`."""

from __future__ import annotations

from math import nan

import numpy as np
import pandas as pd

from siting.concentration import ellison_glaeser, gini, location_quotient, locational_gini
from tests.benchmarks.measure import Row, median_s

PLANTS, SECTORS, PLACES = 1_000_000, 100, 220


def plants() -> tuple[pd.DataFrame, pd.Series]:
    """Return plants of random place, sector and size, and the size of every place."""
    rng = np.random.default_rng(1)
    codes = np.array([f"310114{i:03}" for i in range(PLACES)])
    frame = pd.DataFrame(
        {
            "place_id": codes[rng.integers(0, PLACES, PLANTS)],
            "sector": np.array([f"s{i:03}" for i in range(SECTORS)])[
                rng.integers(0, SECTORS, PLANTS)
            ],
            "size": rng.integers(1, 500, PLANTS),
        }
    )
    return frame, pd.Series(rng.integers(1000, 100_000, PLACES), index=codes)


def one_by_one(frame: pd.DataFrame, reference: pd.Series) -> pd.Series:
    """Return gamma sector by sector, as the formula is written."""
    x, gamma = reference / reference.sum(), {}
    room = 1 - (x**2).sum()
    for sector, own in frame.groupby("sector"):
        s = own.groupby("place_id")["size"].sum().reindex(x.index, fill_value=0)
        total, h = s.sum(), ((own["size"] / s.sum()) ** 2).sum()
        gamma[sector] = (((s / total - x) ** 2).sum() - room * h) / (room * (1 - h))
    return pd.Series(gamma)


def rows() -> list[Row]:
    """Measure Ellison-Glaeser, the Gini of a million values, and two tables of 220 x 100."""
    frame, reference = plants()
    same = np.allclose(
        ellison_glaeser(frame, reference=reference)["gamma"],
        one_by_one(frame, reference),
        rtol=1e-9,
        atol=1e-12,
    )
    mine = median_s(lambda: ellison_glaeser(frame, reference=reference), 5)
    theirs = median_s(lambda: one_by_one(frame, reference), 3)
    found = [
        Row("Ellison-Glaeser, 1e6 plants, 100 x 220", mine, "s", theirs, "groupby, a loop",
            "same, <= 1 s" if same else "VALUES DIFFER", same and mine <= 1)
    ]  # fmt: skip
    values = frame["size"].to_numpy(dtype=float)
    try:
        from inequality.gini import Gini
    except ImportError:
        theirs, same, peer = nan, True, "inequality, absent"
    else:
        theirs, peer = median_s(lambda: Gini(values), 3), "inequality"
        same = abs(Gini(values).g - gini(values)) < 1e-9
    mine = median_s(lambda: gini(values), 5)
    found.append(Row("Gini of 1e6 values", mine, "s", theirs, peer, "<= 1 s", same and mine <= 1))
    table = frame.pivot_table(
        index="place_id", columns="sector", values="size", aggfunc="sum", fill_value=0
    )
    for name, measure in (
        ("location quotients, 220 x 100", lambda: location_quotient(table)),
        ("locational Gini, 220 x 100", lambda: locational_gini(table, variant="lorenz")),
    ):
        mine = 1000 * median_s(measure, 9)
        found.append(Row(name, mine, "ms", nan, "none", "<= 20 ms", mine <= 20))
    return found
