"""K, M and Kd of 10,000 firms with 199 simulations each; one K against `pointpats.k` where it is there."""

from __future__ import annotations

import importlib
from math import nan

import numpy as np
import shapely

from siting.dispersion import envelope, ripley_k
from tests.benchmarks.measure import Row, median_s

N, SECTORS, SIDE = 10_000, 10, 30_000.0
RADII = np.linspace(100, 2000, 20)
TARGET_S = 60.0


def rows() -> list[Row]:
    """Measure the three envelopes, their sum, an irregular window, and one K."""
    random = np.random.default_rng(1)
    x, y = random.random((2, N)) * SIDE
    kind = random.integers(0, SECTORS, N).astype(str)
    square = shapely.box(0, 0, SIDE, SIDE)
    angle = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    reach = SIDE * (1 + 0.1 * np.sin(5 * angle))
    round_window = shapely.Polygon(
        np.c_[SIDE / 2 + reach * np.cos(angle), SIDE / 2 + reach * np.sin(angle)]
    )
    firms = {"kind": kind, "case": "0"}
    asks = {
        "K, CSR, rectangle": ("k", {"window": square}),
        "M, 1,000 cases": ("m", firms),
        "Kd, 1,000 cases": ("kd", firms),
        "K, CSR, 60 corners": ("k", {"window": round_window}),
        "D, 1,000 cases": ("d", firms | {"window": square}),
    }
    found, total = [], 0.0
    for i, (what, (name, more)) in enumerate(asks.items()):
        spent = median_s(lambda name=name, more=more: envelope(name, x, y, RADII, **more), 1)
        found.append(_row(f"199 envelopes, {what}", spent))
        if i < 3:
            total += spent
    found.insert(3, _row("K, M and Kd together", total))
    mine = median_s(lambda: ripley_k(x, y, square, RADII), 5)
    try:
        peer = importlib.import_module("pointpats")
    except ImportError:
        found.append(Row("K once", mine, "s", nan, "pointpats is absent", "none", reached=True))
        return found
    theirs = median_s(lambda: peer.k(np.c_[x, y], support=RADII), 1)
    found.append(Row("K once", mine, "s", theirs, "pointpats.k, no window", "none", reached=True))
    return found


def _row(what: str, spent: float) -> Row:
    name = "no peer in Python"
    return Row(what, spent, "s", nan, name, f"<= {TARGET_S:.0f} s", spent <= TARGET_S)
