"""Why no layout is possible: the smallest set of conditions that clash, and the least change that works."""

from __future__ import annotations

import time
from collections.abc import Collection
from typing import NoReturn

import numpy as np
from scipy import sparse

from siting.errors import Finding, InfeasibleLayoutError, SolverError, stop
from siting.layout.conditions import incidence
from siting.layout.highs import faults_named
from siting.layout.labels import Words
from siting.layout.milp import Program, solve_milp
from siting.layout.question import Question
from siting.layout.record import Change
from siting.layout.rows import Floats, Ints
from siting.layout.watch import Watch
from siting.layout.world import World

Part = tuple[sparse.csr_array, Floats, Floats]
EXPLAIN_S, LEAST_S = 60.0, 10.0  # time of an explanation; with a time limit, the least it may take
TILT = 1e-6


class Rows:
    """Rows of a program as they are added: parts of one sparse matrix."""

    def __init__(self, world: World, extra: int) -> None:
        self.width = world.width + extra
        self.height = 0
        self.rows: list[Ints] = []
        self.columns: list[Ints] = []
        self.data: list[Floats] = []
        self.lower: list[Floats] = []
        self.upper: list[Floats] = []
        self.add(world.matrix, world.lower, world.upper)
        if all(one.kind != "radius" for one in world.conditions):  # which asks for sites by itself
            every = np.arange(world.n_sites)
            some = incidence(np.zeros(world.n_sites, np.intp), every, 1, world.width)
            self.add(some, np.ones(1), np.full(1, np.inf))  # a layout of no site is none

    def add(self, matrix: sparse.csr_array, lower: Floats, upper: Floats) -> None:
        """Add rows as they are."""
        n = matrix.shape[0]
        self.rows.append(self.height + np.repeat(np.arange(n), np.diff(matrix.indptr)))
        self.columns.append(matrix.indices.astype(np.intp))
        self.data.append(matrix.data.astype(float))
        self.lower.append(lower)
        self.upper.append(upper)
        self.height += n

    def soft(self, part: Part, column: int, up: Floats, down: Floats) -> None:
        """Add rows that `column` loosens: by `up` above, by `down` below."""
        matrix, lower, upper = part
        for ends, by, sign in ((upper, up, -1.0), (lower, down, 1.0)):
            if not np.isfinite(ends).any():
                continue
            free = np.full(ends.size, sign * np.inf)
            at = self.height + np.arange(ends.size)
            self.add(matrix, *((free, ends) if sign < 0 else (ends, free)))
            self.rows.append(at)
            self.columns.append(np.full(ends.size, column))
            self.data.append(sign * by)

    def program(self, price: Floats, world: World, most: Floats, whole: Floats) -> Program:
        """Return the program that minimises `price`; `most` and `whole` are of the added columns."""
        cells = (np.concatenate(self.rows), np.concatenate(self.columns))
        return Program(
            price,
            sparse.csr_array((np.concatenate(self.data), cells), shape=(self.height, self.width)),
            np.concatenate(self.lower),
            np.concatenate(self.upper),
            np.zeros(self.width),
            np.concatenate([np.ones(world.width), most]),
            np.concatenate([world.whole, whole.astype(bool)]),
        )


def _reach(matrix: sparse.csr_array) -> tuple[Floats, Floats]:
    """Return the least and the greatest value of each row where all columns lie in 0..1."""
    n = matrix.shape[0]
    rows = np.repeat(np.arange(n), np.diff(matrix.indptr))
    low = np.bincount(rows, np.minimum(matrix.data, 0), n).astype(float)
    return low, np.bincount(rows, np.maximum(matrix.data, 0), n).astype(float)


def least_dropped(world: World, kept: Collection[int], watch: Watch) -> list[int] | None:
    """
    Return the fewest conditions to drop, none of them in `kept`, so that the others can hold.

    None where those in `kept` clash by themselves.
    """
    n = len(world.conditions)
    rows = Rows(world, n)
    for k, one in enumerate(world.conditions):
        matrix, lower, upper = one.tight or (one.matrix, one.lower, one.upper)
        if k in kept:
            rows.add(matrix, lower, upper)
            continue
        low, high = _reach(matrix)
        up, down = np.maximum(high - upper, 0), np.maximum(lower - low, 0)
        rows.soft((matrix, lower, upper), world.width + k, up, down)
    price = np.concatenate([np.zeros(world.width), np.ones(n)])
    answer = solve_milp(rows.program(price, world, np.ones(n), np.ones(n)), watch, gap=0.999)
    if answer.stopped == "infeasible":
        return None
    if answer.x is None or answer.stopped != "optimal":
        raise TimeoutError
    return [k for k in range(n) if answer.x[world.width + k] > 0.5]


def clash(world: World, watch: Watch) -> list[int] | None:
    """
    Return the fewest conditions that cannot hold together; None where all can.

    References
    ----------
    Ignatiev, A., Previti, A., Liffiton, M. and Marques-Silva, J. (2015). Smallest MUS Extraction
    with Minimal Hitting Set Dualization. CP 2015, LNCS 9255, 173-182: a set of conditions clashes
    where it meets each set whose loss would make all others hold; the smallest set that meets all
    of those found so far either clashes, or shows another one.
    """
    # Of equally many those without the number of sites: what is forbidden says more to a reader.
    price = np.array([2.0 + (one.kind == "count") for one in world.conditions])
    known: list[list[int]] = []
    while True:
        kept = _meeting(known, price, watch)
        lost = least_dropped(world, kept, watch)
        if lost is None:
            return kept
        if not lost:
            return None
        known.append(lost)


def _meeting(sets: list[list[int]], price: Floats, watch: Watch) -> list[int]:
    """Return the numbers of least whole `price` in sum that meet each of `sets`."""
    if not sets:
        return []
    n = price.size
    matrix = np.zeros((len(sets), n))
    for row, one in zip(matrix, sets, strict=True):
        row[one] = 1.0
    ends = np.full(len(sets), np.inf)
    program = Program(
        price,
        sparse.csr_array(matrix),
        np.ones(len(sets)),
        ends,
        np.zeros(n),
        np.ones(n),
        np.ones(n, bool),
    )
    answer = solve_milp(program, watch, gap=0.999)
    if answer.x is None or answer.stopped != "optimal":
        raise TimeoutError
    return [k for k in range(n) if answer.x[k] > 0.5]


def least_change(world: World, watch: Watch) -> tuple[tuple[Change, ...], bool]:
    """
    Return the changes of least total weight after which a layout exists; empty where none do.

    Also returns whether they are proven to be the least, not only the least found in the time.
    """
    n = len(world.conditions)
    rows = Rows(world, n)
    price, most, whole = np.zeros(world.width + n), np.zeros(n), np.zeros(n)
    for k, one in enumerate(world.conditions):
        if one.ease is None:
            rows.add(one.matrix, one.lower, one.upper)
            continue
        if one.kind == "count":  # none at all is no question
            rows.add(one.matrix, np.ones(1), np.full(1, np.inf))
        part = (one.matrix, one.lower, one.upper)
        rows.soft(part, world.width + k, one.ease.give, one.ease.give)
        # Of equal changes that of the condition named first, on every machine.
        price[world.width + k] = one.ease.price * (1 + TILT * k / n)
        most[k] = one.ease.most
        whole[k] = one.ease.whole
    answer = solve_milp(rows.program(price, world, most, whole), watch)
    if answer.x is None:
        return (), False
    x = np.where(world.whole, np.round(answer.x[: world.width]), answer.x[: world.width])
    changes: list[Change] = []
    for one in world.conditions:
        ease = one.ease
        if ease is None:
            continue
        activity = one.matrix @ x[: one.matrix.shape[1]]
        gives = ease.give > 0  # a row that cannot give is kept as it is
        over, under = np.zeros(gives.size), np.zeros(gives.size)
        np.divide(activity - one.upper, ease.give, out=over, where=gives)
        np.divide(one.lower - activity, ease.give, out=under, where=gives)
        t = max(float(over.max(initial=0)), float(under.max(initial=0)))
        if t > 1e-7:
            # Fewer than asked is a change downwards where a number is both floor and ceiling.
            signed = -t if one.kind == "count" and under.max() > over.max() else t
            new = ease.number(signed)
            if ease.levels is not None:
                new = float(ease.levels[activity > 0.5].max())
            changes.append(Change(one.kind, one.key, one.words, ease.words(new), new))
    return tuple(changes), answer.stopped == "optimal"


def refuse_infeasible(question: Question, deadline: float | None) -> NoReturn:
    """Raise the InfeasibleLayoutError that says which conditions clash and what would do."""
    world = question.world
    now = time.monotonic()
    end = now + EXPLAIN_S if deadline is None else max(now + LEAST_S, deadline)
    smallest = True
    with faults_named():
        try:
            kept = clash(world, Watch((now + end) / 2))  # the other half is for the change
        except TimeoutError:
            smallest, kept = False, list(range(len(world.conditions)))
    if kept is None:
        stop(
            SolverError,
            code="E-LAY-70",
            reason="求解器称无解，但各项条件可以同时满足",
            fix="请把输入报告给我们",
            reason_en="the solver found no layout, and yet the conditions can all hold",
            fix_en="Report the input to us",
        )
    words = [world.conditions[k].words for k in kept]
    with faults_named():
        changes, least = least_change(world, Watch(end))
    raise InfeasibleLayoutError(
        [_finding(words, changes, smallest=smallest, least=least), *_too_near(question)],
        words,
        changes,
        relaxation_proven=least,
    )


def _finding(
    words: list[Words], changes: tuple[Change, ...], *, smallest: bool, least: bool
) -> Finding:
    """Return the finding of the clash."""
    zh, en = "；".join(words), "; ".join(word.en for word in words)
    fix = "；".join(f"“{one.asked}”改为“{one.words}”" for one in changes)
    fix_en = "; ".join(f'"{one.asked.en}" to "{one.words.en}"' for one in changes)
    works = ("最小的改动", "The least change that works")
    if not least:
        works = ("可行的改动（时限内未证明最小）", "A change that works (not proven least in time)")
    some = ("以下条件", "these conditions clash")
    if not smallest:
        some = (
            "全部条件中有些（时限内未能找出最小的一组）",
            "some of all conditions clash (the smallest set was not found in time)",
        )
    return Finding(
        code="E-LAY-30",
        reason=f"没有可行的方案：{some[0]}不能同时满足：{zh}",
        fix=f"{works[0]}：{fix}" if changes else "请去掉其中一项",
        reason_en=f"no layout is possible: {some[1]}: {en}",
        fix_en=f"{works[1]}: {fix_en}" if changes else "Drop one of them",
    )


def _too_near(question: Question) -> list[Finding]:
    """Return what the words of the conditions do not say: which fixed sites are too near each other."""
    parts = question.world.conditions
    near = next((one for one in parts if one.kind in ("spacing", "same_point")), None)
    if near is None or question.apart is None:
        return []
    held = [one for one in parts if one.kind in ("fixed", "existing")]
    limit, same = float(near.key), near.kind == "same_point"  # type: ignore[arg-type]
    found: list[Finding] = []
    for a in range(len(held)):
        for b in range(a + 1, len(held)):
            between = question.between(held[a].key, held[b].key)
            apart = question.place(held[a].key) != question.place(held[b].key)
            if apart and (between < limit or (same and between == 0)):
                pair = f"{question.names(held[a].key)}, {question.names(held[b].key)}"
                zh = "在同一地点" if same else f"相距 {between:g} 米，小于间距 {limit:g} 米"
                en = "at one point" if same else f"{between:g} m apart, less than {limit:g} m"
                found.append(
                    Finding(
                        code="E-LAY-20",
                        value=pair,
                        reason=f"固定的两点{zh}",
                        fix=f"请取消固定其中一个，或{'给 min_spacing_m=0' if same else '减小间距'}",
                        reason_en=f"two fixed sites are {en}",
                        fix_en=f"Unfix one, or {'pass min_spacing_m=0' if same else 'space less'}",
                    )
                )
    return found
