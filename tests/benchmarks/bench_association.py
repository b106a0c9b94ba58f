"""Moran, local Moran and Gi* against esda, at equal draws: sixteen districts, towns, fine cells."""

from __future__ import annotations

import tracemalloc
import warnings
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.spatial import Delaunay

from siting.association import getis_ord, local_moran, moran
from siting.errors import SitingWarning
from tests.benchmarks.measure import Row, median_s

DRAWS = 9_999
MB = 2**20
ABSENT = float("nan")


def neighbours(n: int) -> SimpleNamespace:
    """Return the graph of n random places, each beside those that a triangulation joins it to."""
    points = np.random.default_rng(n).random((n, 2))
    corners = Delaunay(points).simplices
    focal = corners[:, [0, 1, 2, 1, 2, 0]].ravel()
    other = corners[:, [1, 2, 0, 0, 1, 2]].ravel()
    matrix = sparse.csr_array((np.ones(focal.size), (focal, other)), shape=(n, n))
    matrix.data[:] = 1.0
    return SimpleNamespace(sparse=matrix, unique_ids=pd.Index([f"{i:06}" for i in range(n)]))


def peers(graph: SimpleNamespace, x: pd.Series) -> dict[str, Callable[[], Any]]:
    """Return what esda does with the same, compiled already; nothing where it is not installed."""
    try:
        import esda
        from libpysal.graph import Graph
    except ImportError:
        return {}
    links = graph.sparse.tocoo()
    ids = graph.unique_ids.to_numpy()
    same = Graph.from_arrays(ids[links.row], ids[links.col], links.data)
    row = same.transform("r")
    local = {"permutations": DRAWS, "seed": 0}
    return {
        "moran": lambda: esda.Moran(x, row, permutations=DRAWS),
        "local moran": lambda: esda.Moran_Local(x, row, **local),
        "Gi*": lambda: esda.G_Local(x, same, transform="B", star=True, **local),
    }


def peak_mb(work: Callable[[], Any]) -> float:
    """Return the most memory [MB] that a call holds above what was there."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / MB


def rows() -> list[Row]:
    """Measure 16 places exactly, 217 and 40,000 with draws, and the memory of the last."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of esda; and SitingWarning says that draws are too few
        warnings.simplefilter("ignore", SitingWarning)
        return [*exact(), *drawn(217, 7, 3), *drawn(40_000, 3, 50)]


def exact() -> list[Row]:
    """Measure the 16 districts with every arrangement counted."""
    graph = neighbours(16)
    values = pd.Series(np.random.default_rng(0).normal(size=16), graph.unique_ids)
    held = (values > values.median()).astype(int)
    found = []
    for name, work in (
        ("local moran", lambda: local_moran(values, graph)),
        ("Gi*", lambda: getis_ord(values, graph)),
        ("moran of 0/1", lambda: moran(held, graph)),
    ):
        answer = work()
        methods = {answer.method} if name == "moran of 0/1" else set(answer["method"])
        seconds = median_s(work, 5)
        done = methods == {"exact"} and seconds <= 1
        what = f"{name}, n = 16, every arrangement"
        found.append(Row(what, seconds, "s", ABSENT, "no peer", "<= 1 s", done))
    return found


def drawn(n: int, runs: int, factor: int) -> list[Row]:
    """Measure n places with as many draws as esda."""
    graph = neighbours(n)
    values = pd.Series(np.random.default_rng(1).normal(size=n), graph.unique_ids)
    theirs = peers(graph, values)
    works: dict[str, Callable[[], Any]] = {
        "moran": lambda: moran(values, graph, permutations=DRAWS),
        "local moran": lambda: local_moran(values, graph, permutations=DRAWS),
        "Gi*": lambda: getis_ord(values, graph, permutations=DRAWS),
    }
    if n > 1000:
        del works["moran"]
    found = []
    for name, work in works.items():
        mine = median_s(work, runs)
        what = f"{name}, n = {n}, {DRAWS} draws"
        if not theirs:
            found.append(Row(what, mine, "s", ABSENT, "esda absent", f"x{factor}", reached=False))
            continue
        if n <= 1000:
            theirs[name]()  # compiles
        peer = median_s(theirs[name], 1 if n > 1000 else 3)
        found.append(Row(what, mine, "s", peer, "esda, warm", f"x{factor}", peer >= factor * mine))
    if n > 1000:
        held = peak_mb(works["local moran"])
        what = f"local moran, n = {n}, memory"
        found.append(Row(what, held, "MB", ABSENT, "no peer", "<= 500 MB", held <= 500))
    return found
