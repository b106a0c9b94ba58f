"""A question written out whole for one call of HiGHS: zones, capacities of coverage, and a second way to any answer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import sparse

from siting.layout.milp import Answer, Program, solve_milp
from siting.layout.question import Question
from siting.layout.rows import RELATIVE, Floats, Ints, Progress, SiteRows, Solved, Stopped
from siting.layout.watch import Watch
from siting.layout.world import stack

NOT_BEGUN = Answer(None, -np.inf, "memory", 0)
UNIT = 2.0**20  # prices are scaled to this, so that no tolerance of the solver hides one


def prices(question: Question) -> tuple[Floats, float]:
    """Return the price of each column, and -1 where the objective is its highest value, else 1."""
    world = question.world
    price = np.zeros(world.width)
    rows, sites, first = question.pairs
    served = slice(first, first + rows.size)
    if question.model == "assign_zones":
        price[: world.n_sites] = question.value
        return -price, -1.0
    if question.model == "set_coverage":
        price[: world.n_sites] = 1.0
        price[question.existing] = 0.0
        return price, 1.0
    if question.model == "max_coverage":
        price[served] = question.weights[rows]
        return -price, -1.0
    price[served] = question.weights[rows] * question.cost[rows, sites]
    return price, 1.0


def solve_spelled(
    question: Question,
    rows: SiteRows,
    *,
    cutoff: float | None = None,
    deadline: float | None = None,
    memory_mb: float | None = None,
    progress: Progress | None = None,
) -> Solved:
    """
    Return the best choice of sites under `rows`, by one program with all columns of the world.

    Parameters
    ----------
    question
        Any but a centre.
    rows
        Conditions on sites.
    cutoff
        Only choices at least as good are wanted.
    deadline
        Value of `time.monotonic` at which to stop [s].
    memory_mb
        Memory of the program above which it is not begun [MB].
    progress
        Called with the best objective and the bound at the end.

    Returns
    -------
    Solved
        With the assignment where the world has serving columns.
    """
    watch = Watch(deadline, memory_mb, progress)
    price, sense = prices(question)
    top = float(np.abs(price).max(initial=0.0))
    scale = 2.0 ** np.floor(np.log2(UNIT / top)) if top > 0 else 1.0
    limit = None if cutoff is None else sense * cutoff
    program = spelled(question, rows, price * scale)
    if limit is not None:
        row = sparse.csr_array((price * scale)[None, :])
        size = abs(limit) + float(np.abs(price).max(initial=0.0))
        end = (limit + RELATIVE * size) * scale
        program = with_rows(program, row, np.array([-np.inf]), np.array([end]))
    watch.count(program.matrix.nnz)
    answer = solve_milp(program, watch) if watch.over != "memory" else NOT_BEGUN
    if answer.stopped == "infeasible":
        none: Stopped = "infeasible" if cutoff is None else "cutoff"
        return Solved(
            None, np.nan, np.inf * sense, proven=True, stopped=none, seconds=watch.seconds
        )
    bound = sense * answer.bound / scale
    if answer.x is None:
        return Solved(
            None, np.nan, bound, proven=False, stopped=answer.stopped, seconds=watch.seconds
        )
    n = rows.n_sites
    sites = np.flatnonzero(answer.x[:n] > 0.5)
    objective = sense * float(price @ np.round(answer.x))
    proven = answer.stopped == "optimal"
    watch.tell(objective, bound)
    return Solved(
        sites,
        objective,
        objective if proven else bound,
        proven=proven,
        stopped=answer.stopped,
        seconds=watch.seconds,
        assignment=None if question.capacity is None else assignment(question, answer.x),
        notes={"nodes": answer.nodes, "interrupted": watch.interrupted},
    )


def assignment(question: Question, x: Floats) -> Ints:
    """Return the site that serves each demand row, -1 where none does."""
    rows, sites, first = question.pairs
    serving = x[first : first + rows.size] > 0.5
    of = np.full(len(question.demand), -1, dtype=np.intp)
    of[rows[serving]] = sites[serving]
    return of


def spelled(question: Question, rows: SiteRows, price: Floats) -> Program:
    """Return the program of all columns under `rows` and the conditions that sites alone do not hold."""
    world = question.world
    matrix, lower, upper = world.apart()
    beside = np.zeros(world.width - world.n_sites)
    return Program(
        price,
        stack([rows.matrix, matrix], world.width),
        np.concatenate([rows.lower, lower]),
        np.concatenate([rows.upper, upper]),
        np.concatenate([rows.least.astype(float), beside]),
        np.concatenate([rows.most.astype(float), beside + 1.0]),
        world.whole,
    )


def with_rows(program: Program, matrix: sparse.csr_array, lower: Floats, upper: Floats) -> Program:
    """Return `program` with more rows."""
    return Program(
        program.cost,
        stack([program.matrix, matrix], program.cost.size),
        np.concatenate([program.lower, lower]),
        np.concatenate([program.upper, upper]),
        program.least,
        program.most,
        program.whole,
    )


def solve_spelled_centre(
    question: Question,
    rows: SiteRows,
    *,
    cutoff: float | None = None,
    deadline: float | None = None,
    memory_mb: float | None = None,
    progress: Progress | None = None,
) -> Solved:
    """
    Return the choice whose farthest demand is served from as near as possible, capacities included.

    Halves the list of distances: each step asks whether all demand can be served from within one.
    """
    watch = Watch(deadline, memory_mb, progress)
    pair_rows, pair_sites, first = question.pairs
    far = question.cost[pair_rows, pair_sites]
    counted = question.weights[pair_rows] > 0
    levels = np.unique(far[counted])
    if cutoff is not None:
        levels = levels[levels <= cutoff * (1 + RELATIVE)][-1:]
    low, high = 0, len(levels) - 1
    best: Solved | None = None
    while low <= high:
        # The widest first: without it there is no answer at all.
        middle = high if best is None else (low + high) // 2
        program = spelled(question, rows, np.zeros(question.world.width))
        program.most[first : first + far.size][counted & (far > levels[middle])] = 0.0
        watch.count(program.matrix.nnz)
        answer = solve_milp(program, watch) if watch.over != "memory" else NOT_BEGUN
        if answer.x is not None:
            of = assignment(question, answer.x)
            reached = far[(of[pair_rows] == pair_sites) & counted].max(initial=0.0)
            sites = np.flatnonzero(answer.x[: rows.n_sites] > 0.5)
            best = Solved(
                sites,
                float(reached),
                float(reached),
                proven=True,
                stopped="optimal",
                seconds=watch.seconds,
                assignment=of,
            )
            high = int(np.searchsorted(levels, reached)) - 1
            watch.tell(float(reached), float(levels[low]))
        elif answer.stopped == "infeasible":
            low = middle + 1
        else:
            break
    if best is None and low > high:
        none: Stopped = "infeasible" if cutoff is None else "cutoff"
        return Solved(None, np.nan, np.inf, proven=True, stopped=none, seconds=watch.seconds)
    if best is None:
        best = Solved(None, np.nan, np.inf, proven=False, stopped="time", seconds=watch.seconds)
    if low <= high:
        why = watch.over or "time"
        best = replace(best, bound=float(levels[low]), proven=False, stopped=why)
    return replace(best, seconds=watch.seconds)
