"""All figures of both plans in Chinese, as PNG, SVG and PDF; the peer is a bare plot of the outlines."""

from __future__ import annotations

import tempfile
from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from siting.export import save_figure
from siting.figures import overlap_matrix_figure, plan_figure, small_multiples, upset_figure
from siting.study import Study, study_plan
from tests.benchmarks.measure import Row, median_s

PLANS = ("shanghai-2022", "jiading-2023")
MOST_S = 15.0


def write_all(studies: list[Study], folder: Path) -> None:
    """Write four figures per plan, each in three formats."""
    for study in studies:
        names, places = study.plan.clusters["name_zh"], study.places["name_zh"]
        figures = {
            "plan": plan_figure(study.plan, study.places),
            "panels": small_multiples(study.plan, study.places),
            "matrix": overlap_matrix_figure(study.cluster_pairs, names=names),
            "sets": upset_figure(study.by_cluster, names=names, places=places),
        }
        for name, figure in figures.items():
            for suffix in ("png", "svg", "pdf"):
                save_figure(figure, folder / f"{study.plan.id}-{name}.{suffix}")


def plot_bare(studies: list[Study], folder: Path) -> None:
    """Draw the outlines as geopandas does, without a title, legend, label or scale."""
    for study in studies:
        figure = Figure(figsize=(11.7, 8.3))
        FigureCanvasAgg(figure)
        study.places.plot(ax=figure.add_subplot())
        for suffix in ("png", "svg", "pdf"):
            figure.savefig(folder / f"bare.{suffix}", dpi=200)


def rows() -> list[Row]:
    """Measure the figures of both plans."""
    studies = [study_plan(plan) for plan in PLANS]
    with tempfile.TemporaryDirectory() as made:
        mine = median_s(lambda: write_all(studies, Path(made)), 3)
        peer = median_s(lambda: plot_bare(studies, Path(made)), 3)
    what = "8 figures of 2 plans, 24 files"
    return [Row(what, mine, "s", peer, "2 bare plots, 6 files", f"<= {MOST_S:g} s", mine <= MOST_S)]
