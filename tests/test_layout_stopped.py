"""What ends a search, and what the result says then: proof, time, memory, a hand; ties looked at or not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from siting.layout import (
    assign_zones,
    max_coverage,
    p_center,
    p_median,
    set_coverage,
    ties,
)


def plane(n: int, seed: int = 3) -> pd.DataFrame:
    """Return distances between places drawn on a plane."""
    xy = np.random.default_rng(seed).random((n, 2)) * 100
    ids = [f"t{k:03d}" for k in range(n)]
    return pd.DataFrame(np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)), ids, ids)


FAR = plane(80)
ASKED: dict[str, Any] = {
    "p_median": lambda **more: p_median(FAR, 8, **more),
    "p_center": lambda **more: p_center(FAR, 8, **more),
    "max_coverage": lambda **more: max_coverage(FAR, 12, 8, **more),
    "set_coverage": lambda **more: set_coverage(FAR, 12, **more),
    "zones": lambda **more: assign_zones(FAR.iloc[:, :5], 9, per_cluster=1, **more),
    "capacitated centre": lambda **more: p_center(
        FAR.iloc[:20, :20], 4, capacity=[6.0] * 20, **more
    ),
}


@pytest.mark.parametrize("asked", ASKED)
def test_at_the_memory_limit_the_best_so_far_comes_with_bound_gap_and_a_sentence(
    asked: str,
) -> None:
    best = ASKED[asked]()
    assert (best.status, best.ending) == ("optimal", "已证明最优")
    found = ASKED[asked](memory_limit_mb=1e-4)  # less than two coefficients
    assert found.status == "feasible"
    assert found.ending == "内存上限已到：这是此前找到的最好方案"
    assert "memory limit" in found.ending.en
    worse = found.objective - best.objective
    maximised = asked in ("max_coverage", "zones")
    assert (worse <= 0) if maximised else (worse >= 0)
    assert (found.bound >= best.objective) if maximised else (found.bound <= best.objective)
    assert found.gap == abs(found.objective - found.bound) / abs(found.objective)
    assert found.tie.words == "没有证明最优，未查并列"


def test_memory_that_suffices_changes_nothing() -> None:
    free, held = ASKED["p_median"](), ASKED["p_median"](memory_limit_mb=500)
    assert (held.status, held.sites, held.objective) == ("optimal", free.sites, free.objective)


def test_the_same_question_stops_at_the_same_point() -> None:
    # What is counted is the question's own size, not the machine's memory.
    one, two = (ASKED["p_median"](memory_limit_mb=0.2) for _ in range(2))
    assert (one.sites, one.bound, one.notes) == (two.sites, two.bound, two.notes)


def test_a_search_that_time_ends_says_so() -> None:
    found = ASKED["p_median"](time_limit_s=1e-9)
    assert found.ending == "时限已到：这是此前找到的最好方案"


def test_a_search_that_is_interrupted_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("siting.layout.master.Master.solve", interrupt)
    found = ASKED["p_median"]()
    assert (found.status, found.ending) == ("feasible", "求解被中断：这是此前找到的最好方案")
    assert len(found.sites) == 8


# Ties: squares far apart, each with four corners of which any two serve it equally well


def squares(n: int) -> pd.DataFrame:
    """Return distances of 4 n places at the corners of squares of 1, 100 apart; unlike in weight."""
    corners = np.array([[0, 0], [0, 1], [1, 1], [1, 0]], dtype=float)
    xy = np.concatenate([corners + np.array([100.0 * k, 0.0]) for k in range(n)])
    far = np.abs(xy[:, None] - xy[None]).sum(axis=2)
    ids = [f"s{k:03d}" for k in range(4 * n)]
    return pd.DataFrame(far, ids, ids)


def test_beyond_300_sites_ties_are_left_alone_and_the_result_says_so() -> None:
    table = squares(76)  # 304 sites
    found = p_median(table, 76)
    # One corner of each square: its own four lie 0 + 1 + 1 + 2 away.
    assert (found.status, found.objective) == ("optimal", 304.0)
    assert (found.tie.unique, found.tie.broken, found.tie.solves) == (None, False, 0)
    assert found.tie.words == "候选点 304 个，超过 300 个，未查并列；要查请给 ties=True"
    assert "304 sites, more than 300" in found.tie.words.en


def test_beyond_300_sites_ties_are_looked_at_on_request() -> None:
    order = np.random.default_rng(1).permutation(304)
    table = squares(76).iloc[order, order[::-1]]
    found = p_median(table, 76, ties=True)
    assert (found.tie.unique, found.tie.broken) == (False, True)
    # The smallest id of each square.
    assert found.sites == [f"s{k:03d}" for k in range(0, 304, 4)]
    assert found.tie.words == "有同样好的其他方案；最优解不止一个时，取编号最小的一组"


def test_ties_are_looked_at_up_to_300_sites_by_themselves() -> None:
    # One site for one demand: t000 and the last are both at 0, the others at 1.
    for n, known in ((300, False), (301, None)):
        table = pd.DataFrame(1.0, ["x"], [f"t{k:03d}" for k in range(n)])
        table.iloc[0, [0, -1]] = 0.0
        found = p_median(table, 1)
        assert (found.objective, found.tie.unique) == (0.0, known)
    assert found.tie.left is not None
    assert p_median(table, 1, ties=False).tie.words == "按要求未查并列"
    asked = p_median(table, 1, ties=True)
    assert (asked.sites, asked.tie.unique, asked.tie.left) == (["t000"], False, None)


def test_a_unique_optimum_is_called_so() -> None:
    one = p_median(pd.DataFrame({"a": [1.0], "b": [2.0]}), 1)
    assert (one.tie.unique, one.tie.words) == (True, "没有同样好的其他方案")


def test_ties_that_were_not_settled_in_time_are_said_to_be_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from siting.layout import ties

    def late(*_: object) -> None:
        raise TimeoutError

    monkeypatch.setattr(ties._Walk, "walk", late)
    found = p_median(squares(3), 3)
    assert (found.tie.unique, found.tie.broken) == (False, False)
    assert found.tie.words == "有同样好的其他方案；求解停下前没有查完编号最小的一组"


def test_ties_of_a_capacitated_layout_are_by_default_not_searched_longer_than_the_answer_took(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # a square: any two corners cost the same, so that there is a tie to look for
    square = pd.DataFrame([[0.0, 1, 2, 1], [1, 0, 1, 2], [2, 1, 0, 1], [1, 2, 1, 0]])
    full: dict[str, Any] = {"capacity": [2.0] * 4}
    assert p_median(square, 2, **full).tie.broken
    search = ties._Walk.as_good
    allowed: list[float | None] = []

    def slow(walk: Any, rows: Any) -> Any:
        allowed.append(walk.solver.deadline)
        if walk.solver.deadline is not None:
            raise TimeoutError
        return search(walk, rows)

    monkeypatch.setattr(ties._Walk, "as_good", slow)
    cut = p_median(square, 2, **full)
    assert cut.status == "optimal"
    assert (cut.tie.unique, cut.tie.broken) == (None, False)
    assert "ties=True" in cut.tie.words
    assert "ties=True" in cut.tie.words.en
    allowed.clear()
    whole = p_median(square, 2, **full, ties=True)
    assert (whole.sites, whole.tie.broken, whole.tie.unique) == ([0, 1], True, False)
    assert set(allowed) == {None}
    assert p_median(square, 2).tie.broken  # without capacities as before
    # a limit of the caller's that comes sooner stays, and is what is told
    soon = p_median(square, 2, **full, time_limit_s=ties.LEAST_S / 2)
    assert soon.tie.words == ties.UNSETTLED
