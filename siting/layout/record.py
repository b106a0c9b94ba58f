"""What a layout is: the chosen sites, how good they are, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from siting.layout.labels import Label, Words
from siting.layout.question import Model, Question

RULE = Words(
    "最优解不止一个时，取编号最小的一组", "of several optima the one with the smallest ids"
)
ENDINGS = {
    "optimal": Words("已证明最优", "proven optimal"),
    "time": Words(
        "时限已到：这是此前找到的最好方案", "the time was over: this is the best found until then"
    ),
    "memory": Words(
        "内存上限已到：这是此前找到的最好方案",
        "the memory limit was reached: this is the best found until then",
    ),
    "interrupted": Words(
        "求解被中断：这是此前找到的最好方案",
        "the search was interrupted: this is the best found until then",
    ),
}


@dataclass(frozen=True)
class Tie:
    """
    Whether other choices are as good, and whether the rule of the smallest ids was applied.

    Parameters
    ----------
    unique
        True: no other choice is as good; False: there are others; None: not looked at.
    broken
        True where the sites are those of the rule, whatever the order of the tables.
    rule
        The rule in words.
    solves
        How many further questions it took.
    left
        Why ties were not looked at, or not to the end; None where they were.
    """

    unique: bool | None
    broken: bool
    rule: Words = RULE
    solves: int = 0
    left: Words | None = None

    @property
    def words(self) -> Words:
        """What is known of other optima, and which one this is."""
        if self.unique:
            return Words("没有同样好的其他方案", "no other layout is as good")
        more = self.left or self.rule
        if self.unique is None:
            return more
        return Words(f"有同样好的其他方案；{more}", f"other layouts are as good; {more.en}")


@dataclass(frozen=True)
class Change:
    """
    One condition that has to give, in the least change that works.

    Parameters
    ----------
    kind, key
        Which condition: such as ``group_max`` and the group.
    asked
        Its words as they were.
    words
        Its words as they would have to be.
    value
        Its new number: sites, metres, a radius, a share, or the factor of capacities; 0 for a site no
        longer fixed, 1 for one that is allowed.
    """

    kind: str
    key: object
    asked: Words
    words: Words
    value: float

    def __str__(self) -> str:
        """Return the words of the change."""
        return f"{self.asked} → {self.words}"


@dataclass(frozen=True, eq=False)
class Layout:
    """
    Where the sites go.

    Two are equal where model, status, sites, objective and assignment are.

    Parameters
    ----------
    model
        ``p_median max_coverage set_coverage p_center assign_zones``.
    status
        ``optimal``: proven; ``feasible``: the best found before the time was over.
    sites
        Chosen ids in their order; for zones pairs (place, cluster). Existing sites are not listed.
    objective
        Computed afresh from `sites` and the tables as they were given.
    bound
        No layout is better than this.
    gap
        ``|objective - bound| / |objective|``; 0 where optimal.
    assignment
        Demand -> its site: the nearest open one (of several the smallest id), or, with capacities,
        the one that serves it (missing where none does). For zones place -> cluster, a row per zone.
    served
        Demand -> whether it is served: within the radius where there is one.
    binding
        Words of the conditions of which each alone stands in the way of a better layout that
        differs in one site. (A condition may cost something and yet not be listed.)
    conditions
        Words of all conditions that were set.
    existing
        Sites that were open already.
    tie
        Whether there are other optima.
    time_s
        Time taken [s].
    notes
        Counts of the solver.
    question
        What was asked, in arrays: `siting.robustness` asks it again.
    """

    model: Model
    status: Literal["optimal", "feasible"]
    sites: list[Label]
    objective: float
    bound: float
    gap: float
    assignment: pd.Series
    served: pd.Series
    binding: tuple[Words, ...]
    conditions: tuple[Words, ...]
    existing: tuple[Label, ...]
    tie: Tie
    time_s: float
    notes: Mapping[str, Any] = field(default_factory=dict)
    question: Question | None = field(default=None, repr=False)

    def __eq__(self, other: object) -> bool:
        """Tell whether another layout gives the same answer, whatever time it took."""
        if not isinstance(other, Layout):
            return NotImplemented
        return self._answer == other._answer and self.assignment.equals(other.assignment)

    def __hash__(self) -> int:
        """Return the same number for equal layouts."""
        return hash(self._answer)

    @property
    def _answer(self) -> tuple[object, ...]:
        """What is compared and can be hashed."""
        return self.model, self.status, tuple(self.sites), self.existing, self.objective

    @property
    def ending(self) -> Words:
        """Why the search ended: proven, or stopped by time, memory or hand."""
        if self.status == "optimal":
            return ENDINGS["optimal"]
        if self.notes.get("interrupted"):
            return ENDINGS["interrupted"]
        return ENDINGS["memory" if self.notes.get("stopped") == "memory" else "time"]
