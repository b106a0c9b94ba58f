"""One call of HiGHS with arrays: the best whole solution, a bound, and why it stopped."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from siting.layout.highs import highspy
from siting.layout.rows import Flags, Floats, Ints, SiteRows, Stopped
from siting.layout.watch import GRACE_S, Watch

_GLANCE_S = 0.2  # between two looks for Ctrl-C while a programme runs
FEASIBLE = 1e-9  # how exactly HiGHS has to meet rows and prices
_STOPPED: dict[str, Stopped] = {
    "kOptimal": "optimal",
    "kInfeasible": "infeasible",
    "kUnboundedOrInfeasible": "infeasible",
    "kMemoryLimit": "memory",
}


@dataclass(frozen=True)
class Program:
    """
    Minimise ``cost @ x`` under ``lower <= matrix @ x <= upper`` and ``least <= x <= most``.

    `whole` marks the variables that take whole numbers only.
    """

    cost: Floats
    matrix: sparse.csr_array
    lower: Floats
    upper: Floats
    least: Floats
    most: Floats
    whole: Flags


@dataclass(frozen=True)
class Answer:
    """The best `x` found (None: none), a valid lower `bound`, why it `stopped`, and the nodes."""

    x: Floats | None
    bound: float
    stopped: Stopped
    nodes: int


def quiet() -> Any:
    """Return a HiGHS that says nothing and gives the same answer each time."""
    solver = highspy.Highs()
    for name, value in (
        ("output_flag", False),
        ("threads", 1),
        ("random_seed", 0),
        ("primal_feasibility_tolerance", FEASIBLE),
        ("dual_feasibility_tolerance", FEASIBLE),
        ("mip_feasibility_tolerance", FEASIBLE),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", 0.0),
    ):
        solver.setOptionValue(name, value)
    return solver


def add_rows(solver: Any, matrix: sparse.csr_array, lower: Floats, upper: Floats) -> None:
    """Append the rows of `matrix` to the model."""
    if matrix.shape[0]:
        status = solver.addRows(
            matrix.shape[0],
            lower,
            upper,
            matrix.nnz,
            matrix.indptr[:-1].astype(np.int32),
            matrix.indices.astype(np.int32),
            matrix.data.astype(float),
        )
        if status == highspy.HighsStatus.kError:
            msg = "HiGHS refused rows"
            raise RuntimeError(msg)


def solve_milp(
    program: Program,
    watch: Watch,
    *,
    start: Floats | None = None,
    gap: float = 0.0,
    limit: float = math.inf,
    first_found: bool = False,
    least_seconds: float = 0.0,
) -> Answer:
    """
    Solve `program`.

    Parameters
    ----------
    program
        Arrays.
    watch
        Time left.
    start
        A first x, where one is known.
    gap
        Absolute gap that counts as proven, such as 0.999 where all objectives are whole numbers.
    limit
        Only solutions up to this are wanted; ``infeasible`` then says that there is none.
    first_found
        Any solution will do.
    least_seconds
        Time [s] that it may take even where `watch` is over.
    """
    solver = quiet()
    n = program.cost.size
    every = np.arange(n, dtype=np.int32)
    solver.addVars(n, program.least, program.most)
    solver.changeColsCost(n, every, program.cost)
    kinds = np.where(program.whole, 1, 0).astype(np.uint8)
    solver.changeColsIntegrality(n, every, kinds)
    add_rows(solver, program.matrix, program.lower, program.upper)
    solver.setOptionValue("mip_abs_gap", gap)
    if math.isfinite(limit):
        solver.setOptionValue("objective_bound", limit)
    if first_found:
        solver.setOptionValue("mip_max_improving_sols", 1)
    seconds = max(watch.left, least_seconds)
    if math.isfinite(seconds):
        solver.setOptionValue("time_limit", seconds)
    if start is not None:
        solution = highspy.HighsSolution()
        solution.col_value = list(start)
        solver.setSolution(solution)
    _run(solver, watch)
    info = solver.getInfo()
    stopped = _STOPPED.get(solver.getModelStatus().name, "time")
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    x = np.array(solver.getSolution().col_value) if found else None
    bound = math.inf if stopped == "infeasible" else float(info.mip_dual_bound)
    if not program.whole.any() and stopped == "optimal":
        bound = float(info.objective_function_value)
    if math.isfinite(limit):  # beyond it HiGHS prunes in silence, and its bound means nothing
        if x is not None and float(program.cost @ x) > limit:
            x = None
        if stopped == "optimal" and x is None:
            stopped = "infeasible"
        bound = min(bound, limit)
    return Answer(x, bound, stopped, max(0, int(info.mip_node_count)))


def _run(solver: Any, watch: Watch) -> None:
    """Run beside the main thread, so that Ctrl-C ends the search and keeps what it has."""

    def ask(event: Any) -> None:
        if watch.interrupted:
            event.interrupt()

    def work() -> None:
        try:
            solver.run()
        except Exception as error:  # noqa: BLE001  # whatever it is, it is raised again below
            faults.append(error)
        finally:
            done.set()

    faults: list[Exception] = []
    done = threading.Event()  # a join that is interrupted would believe the thread has ended
    solver.cbMipInterrupt += ask
    threading.Thread(target=work).start()
    while not done.is_set():
        try:
            done.wait(_GLANCE_S)
        except KeyboardInterrupt:
            watch.interrupted = True
    if faults:
        raise faults[0]


def site_program(rows: SiteRows, price: npt.ArrayLike) -> Program:
    """Return the program of the cheapest choice of sites under `rows`."""
    return Program(
        np.asarray(price, float),
        rows.matrix,
        rows.lower,
        rows.upper,
        rows.least.astype(float),
        rows.most.astype(float),
        np.ones(rows.n_sites, np.bool_),
    )


def cheapest_sites(
    rows: SiteRows, price: npt.ArrayLike, watch: Watch
) -> tuple[Ints | None, Stopped]:
    """Return a choice that meets `rows` with a small sum of `price`, or None and why not."""
    answer = solve_milp(
        site_program(rows, price), watch, gap=float(np.ptp(price)), least_seconds=GRACE_S
    )
    if answer.x is None:
        return None, answer.stopped
    sites = np.flatnonzero(answer.x > 0.5)
    return (sites, answer.stopped) if rows.hold(sites) else (None, "time")
