"""Curves of a measure: the observed one, and those of patterns drawn under a null hypothesis."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from siting.dispersion.asking import Sites
from siting.dispersion.density import kd_curve
from siting.dispersion.relative import m_curves
from siting.dispersion.ripley import k_curves
from siting.dispersion.windows import EXACT_WORK, Floats, edge_weight, uniform_points

_AT_ONCE = 100  # labellings counted together


@dataclass(frozen=True, slots=True)
class Question:
    """
    What is measured.

    Parameters
    ----------
    measure
        ``k``, ``l``, ``m``, ``kd`` or ``d``.
    radii
        Distances [m].
    case, neighbour
        The kind in question, and the kind looked for around it.
    weighted
        Whether sizes count.
    window, correction, bandwidth
        As the measures take them.
    """

    measure: str
    radii: Floats
    case: Hashable | None
    neighbour: Hashable | None
    weighted: bool
    window: Any
    correction: str
    bandwidth: float | None


def even_curves(ask: Question, sites: Sites, drawn: int, random: np.random.Generator) -> Floats:
    """Return the observed curve, and those of as many points evenly over the window."""
    xy = sites.xy if ask.case is None else sites.xy[sites.are(ask.case)]
    frame = (ask.window, ask.radii, ask.correction)
    weigh = edge_weight(ask.window, ask.correction, ask.radii[-1], exact_work=EXACT_WORK // drawn)
    curves = [k_curves(xy, *frame)]
    for _ in range(drawn):
        pattern = uniform_points(ask.window, len(xy), random)
        curves.append(k_curves(pattern, *frame, weigh=weigh))
    return _as_asked(ask, np.concatenate(curves))


def redrawn_curves(
    ask: Question, sites: Sites, null: str, drawn: int, random: np.random.Generator
) -> Floats:
    """Return the observed curve, and those with kinds, or kinds and sizes, dealt out anew."""
    n = len(sites.xy)
    deals = np.empty((drawn + 1, n), dtype="intp")
    deals[0] = np.arange(n)
    for row in deals[1:]:
        row[:] = random.permutation(n)
    found = []
    for first in range(0, drawn + 1, _AT_ONCE):
        deal = deals[first : first + _AT_ONCE].T
        weight = sites.weight[deal] if null == "random_location" else sites.weight[:, None]
        found.append(_curves(ask, sites, sites.kind[deal], weight))
    return _as_asked(ask, np.concatenate(found))


def _curves(ask: Question, sites: Sites, kind: npt.NDArray[np.intp], weight: Floats) -> Floats:
    """Return the curves of some labellings: `kind` has one in each column, `weight` one or each."""
    cases = kind == sites.kinds.index(ask.case)
    if ask.measure == "kd":
        sizes = np.broadcast_to(weight, kind.shape)
        picked = ((mine, size[mine]) for mine, size in zip(cases.T, sizes.T, strict=True))
        return np.stack(
            [
                kd_curve(sites.xy[mine], ask.radii, size if ask.weighted else None, ask.bandwidth)[
                    0
                ]
                for mine, size in picked
            ]
        )
    if ask.measure == "m":
        uniform = not ask.weighted
        sizes = weight[:, :1] if uniform else weight
        sought = cases
        if ask.neighbour is not None:
            sought = kind == sites.kinds.index(ask.neighbour)
        return m_curves(sites.xy, ask.radii, cases, sought * sizes, sizes)
    frame = (sites.xy, ask.window, ask.radii, ask.correction)
    curves = k_curves(*frame, cases.astype("float64"))
    if ask.measure == "d":
        curves = curves - k_curves(*frame, (~cases).astype("float64"))
    return curves


def _as_asked(ask: Question, curves: Floats) -> Floats:
    """Return L in place of K where L was asked for."""
    return np.sqrt(curves / np.pi) if ask.measure == "l" else curves
