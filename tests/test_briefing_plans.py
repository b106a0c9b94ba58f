"""The chapter on one plan, where the plan is smaller than those that come with the library."""

from __future__ import annotations

from dataclasses import replace

import pytest

from siting.briefing.plans import plan_chapter
from siting.briefing.story import Picture, Table, Text
from siting.plan import read_plan
from siting.schema import Lang
from siting.study import study_plan


@pytest.mark.parametrize(
    ("lang", "said"),
    [("zh", "没有重叠可言"), ("en", "nothing overlaps")],
)
def test_a_plan_of_one_cluster_has_a_chapter_without_pairs(lang: Lang, said: str) -> None:
    plan = read_plan("jiading-2023")
    only = plan.clusters.index[0]
    alone = replace(
        plan,
        clusters=plan.clusters.loc[[only]],
        fields=plan.fields[plan.fields["cluster_id"] == only],
        assignments=plan.assignments[plan.assignments["cluster_id"] == only],
    )
    blocks = plan_chapter(study_plan(alone), lang, set(), number=1).blocks
    assert sum(said in one.text for one in blocks if isinstance(one, Text)) == 1
    keys = [one.key for one in blocks if isinstance(one, Table)]
    assert "incidence" in "".join(keys)
    assert not [key for key in keys if key.endswith("pairs") and "field" not in key]
    for one in blocks:
        if isinstance(one, Picture) and one.figure is not None:
            one.figure()  # each can be drawn
