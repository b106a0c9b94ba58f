"""How good a choice of sites is, from the arrays of a question, and which single exchanges are better."""

from __future__ import annotations

from collections.abc import Iterator
from math import fsum

import numpy as np

from siting.layout.conditions import Condition
from siting.layout.question import Question
from siting.layout.rows import RELATIVE, SLACK, Floats, Ints

WORK = 4e9  # numbers that are looked at for exchanges; a question beyond this goes without
LOOKED = 2000  # exchanges whose conditions are looked at, the best first


def value(question: Question, sites: Ints, assignment: Ints | None) -> float:
    """Return the objective of `sites`; `assignment` says who serves whom where capacities do."""
    if question.model == "assign_zones":
        assert question.value is not None
        return fsum(question.value[sites])
    if question.model == "set_coverage":
        return float(np.setdiff1d(sites, question.existing).size)
    counted = question.weights > 0
    weights = question.weights[counted]
    if assignment is not None:
        of = assignment[counted]
        served = of >= 0
        far = np.where(served, question.cost[counted, np.where(served, of, 0)], np.inf)
    else:
        far = question.cost[np.ix_(counted, sites)].min(axis=1)
    if question.model == "p_median":
        return fsum(weights * far)
    if question.model == "p_center":
        return float(far.max())
    assert question.radius is not None
    return fsum(weights[far <= question.radius])


def scale(question: Question, sites: Ints, objective: float) -> float:
    """Return what a difference is held against: the sum of the parts of an objective, all above 0."""
    if question.value is None:
        return abs(objective)
    return fsum(np.abs(question.value[sites]))  # scores below 0 may make the sum itself vanish


def exchanges(question: Question, sites: Ints, objective: float) -> tuple[Ints, Floats] | None:
    """
    Return the sites that may be closed, and what each exchange is worth [closed x opened].

    Conditions are not looked at. None where capacities decide who serves whom, where all sites are
    needed for cover, or where the question is too large to look.
    """
    moved = np.setdiff1d(sites, question.existing)
    if question.capacity is not None or question.model == "set_coverage":
        return None
    if not moved.size or moved.size * question.cost.size > WORK:
        return None
    if question.value is not None:
        gains = question.value - question.value[moved][:, None]
    elif question.model == "p_center":
        gains = np.stack([_center_gains(question, sites, k, objective) for k in moved])
    else:
        gains = _median_gains(question, sites, moved)
    gains[:, sites] = -np.inf
    return moved, gains


def better(question: Question, sites: Ints, objective: float) -> Iterator[Ints]:
    """Give each choice that differs by one exchange and has a better objective, the best first."""
    if question.model == "set_coverage" and question.capacity is None:
        for k in np.setdiff1d(sites, question.existing):
            yield np.setdiff1d(sites, [k])
    found = exchanges(question, sites, objective)
    if found is None:
        return
    moved, gains = found
    order = np.argsort(-gains, axis=None, kind="stable")[:LOOKED]
    enough = 4 * RELATIVE * scale(question, sites, objective)
    for k, j in np.column_stack(np.unravel_index(order, gains.shape)):
        if gains[k, j] <= enough:
            return
        yield np.union1d(np.setdiff1d(sites, moved[[k]]), [j])


def smaller_equal(question: Question, sites: Ints, objective: float) -> Ints | None:
    """Return a choice as good with smaller ids that one exchange gives, or None."""
    found = exchanges(question, sites, objective)
    if found is None:
        return None
    moved, gains = found
    same = np.abs(gains) <= RELATIVE * scale(question, sites, objective)
    opened, closed = np.nonzero((same & (np.arange(gains.shape[1]) < moved[:, None])).T)
    for j, k in zip(opened[:LOOKED], closed[:LOOKED], strict=True):
        other = np.union1d(np.setdiff1d(sites, moved[[k]]), [j])
        if not broken(question, other):
            return other
    return None


def _center_gains(question: Question, sites: Ints, closed: int, objective: float) -> Floats:
    """Return for each site what opening it in the place of `closed` takes off the largest distance."""
    cost = question.cost[question.weights > 0]
    near = cost[:, np.setdiff1d(sites, [closed])].min(axis=1, initial=np.inf)
    far: Floats = np.minimum(cost, near[:, None]).max(axis=0)
    return objective - far


def _median_gains(question: Question, sites: Ints, moved: Ints) -> Floats:
    """
    Return what each exchange takes off the sum of weight x nearest cost [closed x opened].

    A demand gains what the opened site is nearer than its own; that of a closed site loses up to its
    second nearest (Whitaker 1983, INFOR 21:95-108).
    """
    counted = question.weights > 0
    weights, cost = question.weights[counted], question.cost[counted]
    if question.model == "max_coverage":  # the cost of a demand out of reach is its weight
        cost = (cost > (question.radius or 0.0)).astype(float)
    opened = cost[:, sites]
    own = sites[opened.argmin(axis=1)]
    two = np.partition(np.column_stack([opened, np.full(len(cost), np.inf)]), 1, axis=1)
    first, second = two[:, :1], two[:, 1:2]
    nearer: Floats = weights @ np.maximum(first - cost, 0)
    gains = np.tile(nearer, (moved.size, 1))
    for row, k in enumerate(moved):
        left = own == k
        lost = np.maximum(np.minimum(second[left], cost[left]) - first[left], 0)
        gains[row] -= weights[left] @ lost
    return gains


def broken(question: Question, sites: Ints) -> list[Condition]:
    """Return the conditions that `sites` break; capacities are not looked at."""
    values = question.world.values(sites)
    lost: list[Condition] = []
    for one in question.world.conditions:
        if one.kind in ("capacity", "served"):
            continue
        if one.kind == "radius":
            near = question.cost[np.ix_(question.weights > 0, sites)] <= (question.radius or 0.0)
            if not near.any(axis=1).all():
                lost.append(one)
            continue
        matrix, lower, upper = one.tight or (one.matrix, one.lower, one.upper)
        activity = matrix @ values[: matrix.shape[1]]
        if (activity < lower - SLACK).any() or (activity > upper + SLACK).any():
            lost.append(one)
    return lost
