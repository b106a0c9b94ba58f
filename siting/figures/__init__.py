"""Figures for print: maps and charts as PNG, SVG and PDF, with a Chinese font that a package brings."""

from siting.figures.combinations import upset_figure
from siting.figures.fronts import pareto_figure
from siting.figures.layouts import layout_figure
from siting.figures.matrix import overlap_matrix_figure
from siting.figures.measures import category_figure, measure_figure
from siting.figures.panels import small_multiples
from siting.figures.plans import plan_figure
from siting.figures.quotients import quotient_figure
from siting.figures.scenarios import scenario_figure

__all__ = [
    "category_figure",
    "layout_figure",
    "measure_figure",
    "overlap_matrix_figure",
    "pareto_figure",
    "plan_figure",
    "quotient_figure",
    "scenario_figure",
    "small_multiples",
    "upset_figure",
]
