"""The functions of `layout` as a user calls them: published instances, worlds of 217 and 3000 sites, and spopt beside them."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse.csgraph import floyd_warshall

from siting.layout import Layout, max_coverage, p_center, p_median
from tests.benchmarks.measure import HEAD, Row

ORACLES = Path(__file__).resolve().parents[3] / "shared" / "reference" / "oracles"
MEDIAN = {1: 5819, 2: 4093, 3: 4250, 4: 3034, 5: 1355, 15: 1729}  # Beasley (1985)
CENTRE = {1: 127, 2: 98, 3: 93, 4: 74, 5: 48}  # Pullan (2008)
COVERED = (5461, 8790, 11604, 12106, 12152)  # SJC324, p = 1..5, Lorena and Pereira (2002)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return the seconds of one call and its answer."""
    start = time.perf_counter()
    answer = work()
    return time.perf_counter() - start, answer


def alone(what: str, seconds: float, target: str, reached: bool) -> Row:
    """Return a line without a peer."""
    return Row(what, seconds, "s", math.nan, "no peer", target, reached)


def pmed(number: int) -> tuple[np.ndarray, int]:
    """Read an OR-Library file: the last of several edges wins, then shortest paths."""
    lines = np.loadtxt(ORACLES / "orlib" / f"pmed{number}.txt")
    n, _, p = (int(v) for v in lines[0])
    length = np.full((n, n), np.inf)
    for a, b, value in lines[1:]:
        length[int(a) - 1, int(b) - 1] = length[int(b) - 1, int(a) - 1] = value
    np.fill_diagonal(length, 0)
    return floyd_warshall(length, directed=False), p


def world(n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return places in a square of 1000, their distances, and the cost of demands 1..99."""
    rng = np.random.default_rng(1)
    xy = rng.random((n, 2)) * 1000
    distance = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    return xy, distance, distance * rng.integers(1, 100, n)[:, None]


def proven(layout: Layout) -> bool:
    """Tell whether a layout is optimal and says so."""
    return layout.status == "optimal" and layout.bound == layout.objective


def spopt_median(cost: np.ndarray, p: int, solver: str) -> tuple[float, float]:
    """Return seconds and objective of spopt, building included; NaN where it is not installed."""
    try:
        import pulp
        from spopt.locate import PMedian
    except ImportError:
        return math.nan, math.nan
    tool = pulp.PULP_CBC_CMD(msg=False) if solver == "CBC" else pulp.HiGHS(msg=False)
    seconds, solved = timed(
        lambda: PMedian.from_cost_matrix(cost, np.ones(len(cost)), p_facilities=p).solve(tool)
    )
    return seconds, float(solved.problem.objective.value())


def spopt_centre(distance: np.ndarray, p: int) -> tuple[float, float]:
    """Return seconds and objective of spopt's p-centre with CBC."""
    try:
        import pulp
        from spopt.locate import PCenter
    except ImportError:
        return math.nan, math.nan
    tool = pulp.PULP_CBC_CMD(msg=False)
    seconds, solved = timed(lambda: PCenter.from_cost_matrix(distance, p_facilities=p).solve(tool))
    return seconds, float(solved.problem.objective.value())


def _median(numbers: range, target: str, limit: float) -> Row:
    total, right = 0.0, True
    for number in numbers:
        cost, p = pmed(number)
        table = pd.DataFrame(cost)
        seconds, found = timed(lambda c=table, p=p: p_median(c, p))
        total += seconds
        right &= proven(found) and found.objective == MEDIAN.get(number, found.objective)
    return alone(
        f"p-median, OR-Library {target}", total, f"{limit:g} s, proven", right and total <= limit
    )


def pmed6() -> Iterator[Row]:
    """Instance 6, which exact models find hard."""
    yield _median(range(6, 7), "pmed6", 1)


def pmed_all() -> Iterator[Row]:
    """All 40 instances together."""
    yield _median(range(1, 41), "1-40 together", 150)


def grid() -> Iterator[Row]:
    """217 places against spopt with CBC and with HiGHS; same objective, ties looked at too."""
    cost = world(217)[2]
    table = pd.DataFrame(cost)
    for p in (5, 15, 50):
        mine = [timed(lambda p=p: p_median(table, p)) for _ in range(5)]
        seconds, found = float(np.median([m[0] for m in mine])), mine[0][1]
        for solver in ("CBC", "HiGHS"):
            theirs, value = spopt_median(cost, p, solver)
            same = math.isnan(value) or abs(value / found.objective - 1) < 1e-6
            ok = proven(found) and same and not theirs < 30 * seconds
            target = "x30, same value" if same else "VALUES DIFFER"
            yield Row(
                f"p-median 217 x 217, p = {p}", seconds, "s", theirs, f"spopt, {solver}", target, ok
            )


def large() -> Iterator[Row]:
    """3000 places; run alone for the memory of this process."""
    import resource

    cost = pd.DataFrame(world(3000)[2])
    for p in (5, 15, 50):
        seconds, found = timed(lambda p=p: p_median(cost, p, time_limit_s=200))
        used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        ok = proven(found) and seconds <= 60 and used <= 1.5
        what = f"p-median 3000 x 3000, p = {p} ({used:.2f} GB, gap {found.gap:.1e})"
        yield alone(what, seconds, "60 s, 1.5 GB", ok)


def conditions(xy: np.ndarray, distance: np.ndarray, p: int, spacing: float) -> dict[str, Any]:
    """Return p sites apart by `spacing`, at most p/12 in each of 16 districts, 3 fixed, 10 % forbidden."""
    m = len(xy)
    rng = np.random.default_rng(2)
    district = (xy // 250).astype(int) @ [4, 1]
    forbidden = set(rng.choice(m, m // 10, replace=False).tolist())
    fixed: list[int] = []
    for j in rng.permutation(m).tolist():
        if j not in forbidden and len(fixed) < 3 and district[j] not in district[fixed]:
            fixed += [j] if (distance[j, fixed] >= spacing).all() else []
    return {
        "fixed": fixed,
        "forbidden": sorted(forbidden),
        "groups": dict(enumerate(district.tolist())),
        "group_min": int(p >= 32),
        "group_max": max(1, math.ceil(p / 12)),
        "site_distance": pd.DataFrame(distance),
        "min_spacing_m": spacing,
    }


def _sided(n: int, p: int, spacing: float) -> Row:
    xy, distance, cost = world(n)
    table, asked = pd.DataFrame(cost), conditions(xy, distance, p, spacing)
    free, _ = timed(lambda: p_median(table, p, time_limit_s=200))
    seconds, found = timed(lambda: p_median(table, p, time_limit_s=600, **asked))
    return Row(
        f"p-median {n} x {n}, p = {p}, with conditions",
        seconds,
        "s",
        free,
        "the free model",
        "10 x free",
        proven(found) and seconds <= 10 * free,
    )


def side() -> Iterator[Row]:
    """Fixed, forbidden, district and spacing conditions on 1000 places."""
    yield _sided(1000, 40, 40)


def side_large() -> Iterator[Row]:
    """The same on 3000 places."""
    yield _sided(3000, 50, 30)


def centre() -> Iterator[Row]:
    """Instance 1 against spopt; ties looked at too."""
    distance, p = pmed(1)
    table = pd.DataFrame(distance)
    seconds, found = min((timed(lambda: p_center(table, p)) for _ in range(3)), key=lambda m: m[0])
    theirs, value = spopt_centre(distance, p)
    same = math.isnan(value) or abs(value - found.objective) < 1e-6
    ok = proven(found) and found.objective == CENTRE[1] and same and not theirs < 10 * seconds
    yield Row("p-centre, pmed1", seconds, "s", theirs, "spopt, CBC", "x10, same value", ok)


def centre_all() -> Iterator[Row]:
    """All 40 instances together."""
    total, right = 0.0, True
    for number in range(1, 41):
        distance, p = pmed(number)
        table = pd.DataFrame(distance)
        seconds, found = timed(lambda d=table, p=p: p_center(d, p))
        total += seconds
        right &= proven(found) and found.objective == CENTRE.get(number, found.objective)
    yield alone(
        "p-centre, OR-Library 1-40 together", total, "300 s, proven", right and total <= 300
    )


def capacitated_instance(number: int) -> tuple[np.ndarray, np.ndarray, float, int]:
    """Read an instance of Osman and Christofides: distances rounded down, sizes, capacity, p."""
    words = (ORACLES / "pmedcap" / f"pmedcap1_{number}.txt").read_text().split()
    n, p, capacity = int(words[2]), int(words[3]), float(words[4])
    table = np.array(words[5 : 5 + 4 * n], float).reshape(n, 4)
    xy = table[:, 1:3]
    return (
        np.floor(np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))),
        table[:, 3],
        capacity,
        p,
    )


def _capacitated(number: int) -> Row:
    cost, size, capacity, p = capacitated_instance(number)
    rooms = np.full(len(cost), capacity)
    seconds, found = timed(
        lambda: p_median(pd.DataFrame(cost), p, capacity=rooms, demand=size, time_limit_s=60)
    )
    what = f"capacitated {number}: {found.objective:g}, gap {100 * found.gap:.2f} %"
    return alone(what, seconds, "proven or 0.5 %", found.gap <= 0.005)


def capacitated() -> Iterator[Row]:
    """Two instances of 50 and two of 100, the last the hardest of all."""
    yield from map(_capacitated, (2, 5, 11, 20))


def capacitated_all() -> Iterator[Row]:
    """All 20."""
    yield from map(_capacitated, range(1, 21))


def mclp() -> Iterator[Row]:
    """Coverage in São José dos Campos, radius 800 m, p = 1..5."""
    for n in (324, 402, 500, 708, 818):
        xy = np.loadtxt(ORACLES / "mclp" / f"SJC{n}.txt", skiprows=1)
        weights = np.loadtxt(ORACLES / "mclp" / f"demand-SJC{n}.dat")
        distance = pd.DataFrame(np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)))
        longest, right = 0.0, True
        for p in range(1, 6):
            seconds, found = timed(
                lambda d=distance, w=weights, p=p: max_coverage(d, 800, p, weights=w)
            )
            longest = max(longest, seconds)
            right &= proven(found) and (n != 324 or found.objective == COVERED[p - 1])
        yield alone(
            f"MCLP SJC{n}, slowest of p = 1..5", longest, "10 s, proven", right and longest <= 10
        )


SHORT = (pmed6, grid, side, centre, capacitated, mclp)
LONG = (pmed_all, large, side_large, centre_all, capacitated_all)
PLAIN = (grid, large, side, side_large)  # need no published instance


def rows(asked: tuple[Callable[[], Iterator[Row]], ...] = SHORT) -> Iterator[Row]:
    """Measure the short set, or those asked for; without the instances only drawn worlds."""
    for block in asked:
        if block in PLAIN or ORACLES.is_dir():
            yield from block()
        else:
            yield Row(
                block.__name__, math.nan, "s", math.nan, "instances absent", "-", reached=False
            )


def main() -> None:
    """Print the blocks named on the command line; ``all`` for every one."""
    blocks = {block.__name__: block for block in (*SHORT, *LONG)}
    names = sys.argv[1:] or [block.__name__ for block in SHORT]
    if names == ["all"]:
        names = list(blocks)
    if unknown := set(names) - set(blocks):
        sys.exit(f"no such block: {', '.join(sorted(unknown))}; there are {', '.join(blocks)}")
    print(HEAD, flush=True)
    for row in rows(tuple(blocks[name] for name in names)):
        print(row.text(), flush=True)


if __name__ == "__main__":
    main()
