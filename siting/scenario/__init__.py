"""
A scenario file (.toml) to a layout: a bundled case, scores of one's own, or one of four models; several side by side.

Every file that a key names stands beside the .toml. Places go by name or code, clusters by name or id.
Tables are .csv or .xlsx: names in the first column and the first row, numbers elsewhere.

For all: ``title``, ``fixed``, ``forbidden`` (names, or ``[place, cluster]`` for zones), ``groups`` (a
table, or a file of two columns), ``group_min``, ``group_max`` (a number, or a table by group),
``within`` (share of the objective that counts as nearly as good), ``ties``, ``time_limit_s``, ``memory_limit_mb``.

``case = "city"`` or ``"district"``: the bundled studies. ``plan``, ``boundaries``, ``frame``,
``n_zones``, ``per_cluster`` (a number, ``[least, most]``, or a table by cluster; clusters that a table
leaves out keep theirs), ``per_place``, ``min_spacing_km``, ``weights`` (of jobs, evidence, land). In
the city the groups are its districts; ``fixed`` takes the place of the zones that the plan names.

``scores = "scores.csv"``: places x clusters, blank where no zone is allowed. ``n_zones``,
``per_cluster``, ``per_place``, ``distance`` (places x places [m]), ``min_spacing_km``.

``model = "p_median"``, ``"max_coverage"``, ``"set_coverage"`` or ``"p_center"``: ``distance`` (demand x
sites [m]), ``p``, ``radius_m``, ``weights``, ``capacity``, ``demand`` (tables, or files of two columns),
``existing``, ``site_distance`` (sites x sites [m]), ``min_spacing_km``, ``cover_within_m``,
``cover_share``, ``unreachable``.
"""

from siting.scenario.comparing import Comparison, compare_scenarios
from siting.scenario.reading import read_scenario
from siting.scenario.solving import Answer, solve_scenario
from siting.scenario.values import Question

__all__ = [
    "Answer",
    "Comparison",
    "Question",
    "compare_scenarios",
    "read_scenario",
    "solve_scenario",
]
