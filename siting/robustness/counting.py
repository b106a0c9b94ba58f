"""Every choice of zones within a threshold, counted one by one: for objectives that are sums over sites."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from siting.layout.rows import SLACK, Floats, Ints
from siting.layout.value import broken
from siting.robustness.asking import Again

NODES = 3_000_000  # partial choices looked at; above, the question is too wide to count


@dataclass(frozen=True)
class _Search:
    """The allowed sites in falling order of value, and what the rest of them can still give."""

    columns: Ints
    value: Floats
    best: Floats  # sum of the first i values
    rows: list[Floats]
    lower: Floats
    upper: Floats
    room: list[Floats]  # most that the sites from i on can add to each row
    fixed: list[bool]
    wanted: int
    threshold: float


def count_all(again: Again, threshold: float) -> list[tuple[float, Ints]] | None:
    """
    Return every choice whose value reaches `threshold`, with its value; None if that is too many.

    Only questions whose objective is a sum over a given number of sites can be counted so.
    """
    question = again.question
    if question.value is None or question.count is None or question.existing.size:
        return None
    search = _search(again, threshold)
    found: list[tuple[float, Ints]] = []
    stack = [(0, 0, 0.0, np.zeros(search.lower.size), ())]
    nodes = 0
    while stack:
        at, held, total, sums, chosen = stack.pop()
        nodes += 1
        if nodes > NODES:
            return None
        need = search.wanted - held
        if need == 0:
            if not any(search.fixed[at:]) and (sums >= search.lower).all():
                sites = np.sort(search.columns[list(chosen)])
                if not broken(question, sites):
                    found.append((total, sites))
            continue
        if not _hopeful(search, at, need, total, sums):
            continue
        if not search.fixed[at]:
            stack.append((at + 1, held, total, sums, chosen))
        more = sums + search.rows[at]
        if (more <= search.upper).all():
            value = total + float(search.value[at])
            stack.append((at + 1, held + 1, value, more, (*chosen, at)))  # type: ignore[arg-type]
    return found


def _hopeful(search: _Search, at: int, need: int, total: float, sums: Floats) -> bool:
    """Tell whether the sites from `at` on can still reach the threshold and the rows."""
    if len(search.fixed) - at < need:
        return False
    reach = total + float(search.best[at + need] - search.best[at])
    return reach >= search.threshold and bool((sums + search.room[at] >= search.lower).all())


def _search(again: Again, threshold: float) -> _Search:
    question, rows = again.question, again.rows
    assert question.value is not None
    assert question.count is not None
    allowed = np.flatnonzero(rows.most == 1)
    columns = allowed[np.argsort(-question.value[allowed], kind="stable")]
    value = question.value[columns]
    matrix = rows.matrix[:, columns].toarray()
    room = np.zeros((columns.size + 1, matrix.shape[0]))
    room[:-1] = np.cumsum(np.maximum(matrix, 0)[:, ::-1], axis=1)[:, ::-1].T
    # a row whose coefficients may be negative could come back below its upper end: then no pruning
    upper = np.where((matrix < 0).any(axis=1), np.inf, rows.upper + SLACK)
    return _Search(
        columns,
        value,
        np.concatenate([[0.0], np.cumsum(value)]),
        list(matrix.T),
        rows.lower - SLACK,
        upper,
        list(room),
        [bool(one) for one in rows.least[columns]],
        question.count,
        threshold - again.slack,
    )
