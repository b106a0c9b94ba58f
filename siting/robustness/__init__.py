"""How firm a layout is: near-best layouts, core and swing sites, replacement cost, regret, two aims at once."""

from siting.robustness.fronts import Front, pareto
from siting.robustness.near import NearOptima, near_optima
from siting.robustness.regrets import Regret, difference, regret
from siting.robustness.sites import importance

__all__ = [
    "Front",
    "NearOptima",
    "Regret",
    "difference",
    "importance",
    "near_optima",
    "pareto",
    "regret",
]
