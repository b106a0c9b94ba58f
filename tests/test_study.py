"""A study is one plan taken through every room, its frames in step with one another."""

from __future__ import annotations

import pytest

from siting.plan import read_plan
from siting.study import study_plan


@pytest.mark.parametrize(
    ("source", "places", "clusters", "fields"),
    [("shanghai-2022", 16, 5, 16), ("jiading-2023", 12, 5, 12)],
)
def test_all_places_and_all_clusters_are_in_step(
    source: str, places: int, clusters: int, fields: int
) -> None:
    study = study_plan(source)
    assert study.by_cluster.shape == (places, clusters)
    assert study.by_field.shape == (places, fields)
    assert study.stack.index.equals(study.places.index)
    assert study.stack.sum() == len(study.plan.assignments) == len(study.footprints)
    # 5 clusters make 10 pairs; f fields make f(f-1)/2.
    assert len(study.cluster_pairs) == 10
    assert len(study.field_pairs) == fields * (fields - 1) // 2
    assert "area_official_km2" in study.weighted_pairs


def test_five_districts_have_no_cluster_and_are_there_all_the_same() -> None:
    study = study_plan("shanghai-2022")
    none = study.places.loc[study.stack == 0, "name_zh"]
    assert set(none) == {"黄浦区", "长宁区", "静安区", "普陀区", "虹口区"}


def test_a_plan_that_was_read_already_is_taken_as_it_is() -> None:
    plan = read_plan("jiading-2023")
    assert study_plan(plan).plan is plan


def test_the_ground_of_the_pieces_is_the_ground_of_the_clusters() -> None:
    study = study_plan("shanghai-2022")
    ground = study.footprints.area.sum() / 1e6
    assert float((study.depth["depth"] * study.depth["area_km2"]).sum()) == pytest.approx(
        ground, rel=1e-9
    )
