"""Units change after a plan is written: figures and plans on other units, nothing lost or guessed."""

from __future__ import annotations

import warnings
from dataclasses import replace
from math import fsum

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from siting.crs import to_metric
from siting.errors import InputError, SitingWarning
from siting.maps import plan_map
from siting.maps.page import page
from siting.overlap import incidence
from siting.places import apportion, crosswalk, read_places
from siting.plan import Plan, carry_plan, read_plan, write_template
from siting.study import study_plan

PARK, MALU, LOUTANG = "310114501", "310114106", "310114990"  # 嘉定工业区, 马陆, 娄塘
TABLE = pd.DataFrame(
    {"from_id": ["a", "a", "b"], "to_id": ["x", "y", "y"], "share": [0.25, 0.75, 1.0]}
)


def there() -> pd.DataFrame:
    return crosswalk(2023, 2026, within="嘉定区")


def back() -> pd.DataFrame:
    return crosswalk(2026, 2023, within="嘉定区")


def carry(plan: Plan, table: pd.DataFrame) -> Plan:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SitingWarning)
        return carry_plan(plan, table)


@st.composite
def crosswalks(draw: st.DrawFn) -> tuple[pd.DataFrame, pd.Series]:
    """Give up to five units with up to four parts each, and a whole number for each unit."""
    rows = []
    units = draw(st.integers(1, 5))
    for unit in range(units):
        parts = draw(st.lists(st.integers(1, 10**6), min_size=1, max_size=4))
        for k, part in enumerate(parts):
            rows.append((f"u{unit}", f"v{(unit + k) % 5}", part / sum(parts)))
    numbers = draw(st.lists(st.integers(-(10**15), 10**15), min_size=units, max_size=units))
    values = pd.Series(numbers, index=[f"u{i}" for i in range(units)], dtype="int64")
    return pd.DataFrame(rows, columns=["from_id", "to_id", "share"]), values


class TestApportion:
    @given(crosswalks())
    def test_counts_are_conserved_to_the_unit_and_each_part_is_within_one_of_its_share(
        self, drawn: tuple[pd.DataFrame, pd.Series]
    ) -> None:
        table, values = drawn
        assert apportion(values, table).sum() == values.sum()
        for unit, value in zip(map(str, values.index), values, strict=True):
            rows = table[table["from_id"] == unit]
            parts = apportion(values[[unit]], rows)
            assert parts.sum() == value
            share = rows.set_index("to_id")["share"].reindex(parts.index)
            # 1e15 times a share in double precision is off by 1/8 at most
            assert (parts - value * share).abs().max() < 1.2

    @given(crosswalks(), st.floats(1e-6, 1e9))
    def test_amounts_are_conserved_to_twelve_digits(
        self, drawn: tuple[pd.DataFrame, pd.Series], scale: float
    ) -> None:
        table, values = drawn
        amounts = values.abs() / 7 * scale
        assert fsum(apportion(amounts, table)) == pytest.approx(fsum(amounts), rel=1e-12)

    def test_a_tie_goes_to_the_lower_code_and_the_rest_to_the_largest_remainder(self) -> None:
        # 10 is 2.5 and 7.5: floors 2 and 7, one left, remainders equal: x. 7 is 1.75 and 5.25: x.
        assert apportion(pd.Series({"a": 10, "b": 0}), TABLE).to_dict() == {"x": 3, "y": 7}
        assert apportion(pd.Series({"a": 7, "b": 0}), TABLE).to_dict() == {"x": 2, "y": 5}
        # 1 is 0.25 and 0.75: y
        assert apportion(pd.Series({"a": 1, "b": 0}), TABLE).to_dict() == {"x": 0, "y": 1}

    def test_the_order_of_rows_is_of_no_matter_and_nothing_given_is_changed(self) -> None:
        values = pd.DataFrame({"n": [5, 11], "km2": [0.5, 1.5]}, index=["b", "a"])
        kept, table = values.copy(), TABLE.iloc[::-1]
        answer = apportion(values, table)
        pd.testing.assert_frame_equal(answer, apportion(values.iloc[::-1], TABLE))
        pd.testing.assert_frame_equal(values, kept)
        assert answer.dtypes.astype(str).to_dict() == {"n": "int64", "km2": "float64"}
        assert answer["km2"].tolist() == [0.375, 1.625]  # 1.5 / 4; 1.5 x 3 / 4 + 0.5

    def test_there_and_back_every_total_is_exact_and_every_area_as_it_was(self) -> None:
        old, new = (read_places("town", vintage=year) for year in (2023, 2026))
        rng = np.random.default_rng(3)
        counts = pd.DataFrame(
            rng.integers(0, 10**6, (12, 3)), index=old.index, columns=["people", "jobs", "firms"]
        )
        forth = apportion(counts, there())
        assert forth.index.tolist() == sorted(new.index)
        assert (forth.sum() == counts.sum()).all()
        assert (apportion(forth, back()).sum() == counts.sum()).all()
        # What was not divided is what it was.
        kept = [i for i in counts.index if i in forth.index and i != MALU]
        assert forth.loc[kept].equals(counts.loc[kept])
        ground = (to_metric(one).area for one in (old, new))
        before, after = (one.sort_index() for one in ground)
        moved = apportion(before, there())
        assert moved.to_numpy() == pytest.approx(after.to_numpy(), rel=1e-9)
        home = apportion(moved, back())
        assert home.index.equals(before.index)
        assert home.to_numpy() == pytest.approx(before.to_numpy(), rel=1e-9)

    def test_a_density_is_the_amount_over_the_base_on_both_sides(self) -> None:
        area = pd.Series({"a": 4.0, "b": 1.0})
        people = pd.Series({"a": 40.0, "b": 1.0})
        found = apportion(people / area, TABLE, kind="intensive", weights=area)
        expected = apportion(people, TABLE) / apportion(area, TABLE)
        assert found.to_numpy() == pytest.approx(expected.to_numpy(), rel=1e-14)

    def test_a_density_of_nothing_is_undefined_with_the_reason(self) -> None:
        table = pd.DataFrame({"from_id": ["a", "b"], "to_id": ["x", "y"], "share": [1.0, 1.0]})
        found = apportion(
            pd.Series({"a": 0.3, "b": 0.5}),
            table,
            kind="intensive",
            weights=pd.Series({"a": 0.0, "b": 2.0}),
        )
        assert np.isnan(found["x"])
        assert found["y"] == 0.5
        assert set(found.attrs["undefined"]) == {"x"}

    def test_what_was_divided_is_said_to_be_an_estimate(self) -> None:
        answer = apportion(pd.Series({"a": 10, "b": 1}), TABLE)
        assert "a" in answer.attrs["notes_zh"][0]
        assert "b" not in answer.attrs["notes_zh"][0].split("：")[1]
        whole = apportion(pd.Series({"b": 1}), TABLE.iloc[2:])
        assert "notes_zh" not in whole.attrs

    def test_all_that_is_wrong_is_named_at_once(self) -> None:
        values = pd.DataFrame({"n": [1.0, np.nan, np.inf]}, index=["a", "c", "d"])
        with pytest.raises(InputError) as caught:
            apportion(values, TABLE)
        found = {(f.code, f.value) for f in caught.value.findings}
        assert found == {
            ("E-PLACE-10", "c"),
            ("E-PLACE-10", "d"),
            ("E-PLACE-11", "b"),
            ("E-PLACE-12", "c: nan"),
            ("E-PLACE-12", "d: inf"),
        }

    @pytest.mark.parametrize(
        "values",
        [
            pd.Series({"a": "1", "b": "2"}),
            pd.Series({"a": True, "b": False}),
            pd.Series([1, pd.NA], index=["a", "b"], dtype="Int64"),
            pd.Series([1, 2, 3], index=["a", "a", "b"]),
        ],
    )
    def test_what_is_no_number_is_refused(self, values: pd.Series) -> None:
        with pytest.raises(InputError):
            apportion(values, TABLE)

    def test_rates_need_weights_amounts_take_none_and_shares_must_be_whole(self) -> None:
        values = pd.Series({"a": 1.0, "b": 2.0})
        with pytest.raises(InputError, match="权重"):
            apportion(values, TABLE, kind="intensive")
        with pytest.raises(InputError, match="不用权重"):
            apportion(values, TABLE, weights=values)
        with pytest.raises(InputError, match="kind"):
            apportion(values, TABLE, kind="rate")
        for share in ([0.25, 0.7, 1.0], [-0.25, 1.25, 1.0], [0.25, np.nan, 1.0]):
            with pytest.raises(InputError, match="E-PLACE-09"):
                apportion(values, TABLE.assign(share=share))
        with pytest.raises(InputError, match="重复"):
            apportion(values, pd.concat([TABLE, TABLE]))


class TestCarry:
    def test_what_was_planned_in_the_divided_unit_is_shown_in_both_parts_and_said(self) -> None:
        plan = read_plan("jiading-2023")
        with pytest.warns(SitingWarning) as told:
            carried = carry_plan(plan, there())
        assert sum("原文没有说是哪一部分" in str(one.message) for one in told) == 4
        rows = carried.assignments
        # By hand from the register: 嘉定工业区 is in 智能, 能源, 材料 and 空间, 马陆 in 健康 and 空间.
        both = ["future-intelligence", "future-energy", "future-materials", "future-space"]
        for place, expected in ((LOUTANG, both), (MALU, [*both, "future-health"])):
            assert sorted(rows[rows["place_id"] == place]["cluster_id"]) == sorted(expected)
        # 17 rows, 4 of them divided in two, one of those met by the row of 马陆.
        assert len(rows) == 17 + 4 - 1
        codes = pd.Series([f.code for f in carried.findings]).value_counts().to_dict()
        assert codes == {"W-PLAN-51": 4, "W-PLAN-52": 1, "N-PLAN-54": 1, "N-PLAN-56": 1}
        assert not {PARK, "310114401"} & set(rows["place_id"])

    def test_names_clauses_and_open_lists_stay_as_written(self) -> None:
        plan = read_plan("jiading-2023")
        rows = carry(plan, there()).assignments.set_index(["cluster_id", "place_id"])
        assert rows.loc[("future-materials", LOUTANG), "place_as_written"] == "工业区"
        assert rows.loc[("future-materials", LOUTANG), "clause"] == "二（二）1"
        assert rows.loc[("future-space", MALU), "place_as_written"] == "嘉定工业区、马陆"
        assert rows.loc[("future-space", MALU), "place_id_as_written"] == f"{PARK}、{MALU}"
        assert not rows["is_exhaustive"].any()

    def test_a_finding_names_the_parts_with_their_ground_and_the_clause(self) -> None:
        plan = read_plan("jiading-2023")
        carried = carry(plan, there())
        first = next(f for f in carried.findings if f.code == "W-PLAN-51")
        share = there().set_index(["from_id", "to_id"])["share"]
        assert f"马陆镇（面积 {share[PARK, MALU]:.0%}）" in first.reason
        assert f"娄塘镇（面积 {share[PARK, LOUTANG]:.0%}）" in first.reason
        assert first.value == "future-intelligence 嘉定工业区 二（一）1"
        widened = next(f for f in carried.findings if f.code == "W-PLAN-52")
        assert widened.value == "future-health 马陆 二（二）2"

    def test_nothing_but_the_places_changes(self) -> None:
        plan = read_plan("jiading-2023")
        carried = carry(plan, there())
        for name in ("clusters", "fields", "targets", "programmes", "zones"):
            assert getattr(carried, name).equals(getattr(plan, name))
        assert (carried.id, carried.title) == (plan.id, plan.title)
        assert plan == read_plan("jiading-2023")

    def test_a_carried_plan_goes_back_to_what_it_was(self) -> None:
        plan = read_plan("jiading-2023")
        home = carry(carry(plan, there()), back())
        keys = ["cluster_id", "place_id"]
        found, expected = (
            one.assignments.sort_values(keys, ignore_index=True) for one in (home, plan)
        )
        pd.testing.assert_frame_equal(found, expected)
        assert sum(f.code == "N-PLAN-53" for f in home.findings) == 5  # clusters in 马陆

    def test_a_plan_written_on_the_new_units_goes_back_to_all_that_it_may_mean(self) -> None:
        # As if the five clusters' rows in 马陆镇 had been written in 2026: nothing remembered.
        carried = carry(read_plan("jiading-2023"), there())
        rows = carried.assignments.drop(columns="place_id_as_written")
        written = type(carried)(
            id="new",
            title="新",
            level="town",
            parent_id="310114",
            clusters=carried.clusters,
            fields=carried.fields,
            assignments=rows,
            targets=carried.targets,
            programmes=carried.programmes,
            zones=carried.zones,
        )
        with pytest.warns(SitingWarning, match="分属"):
            home = carry_plan(written, back())
        health = home.assignments[home.assignments["cluster_id"] == "future-health"]
        assert {MALU, PARK} <= set(health["place_id"])
        assert sum(f.code == "W-PLAN-51" for f in home.findings) == 5

    def test_a_plan_on_other_units_than_the_crosswalk_starts_from_is_stopped(self) -> None:
        with pytest.raises(InputError) as caught:
            carry_plan(read_plan("jiading-2023"), back())
        assert {f.value for f in caught.value.findings} == {PARK, "310114401"}
        with pytest.raises(InputError, match="310115"):
            carry_plan(read_plan("shanghai-2022"), there())

    def test_a_zone_in_a_divided_unit_loses_its_unit_and_says_so(self) -> None:
        plan = read_plan("jiading-2023")
        row = {"name_zh": "虚构园", "name_en": "", "lon": 121.2, "lat": 31.4, "clause": "三"}
        zones = pd.DataFrame(
            [{"zone_id": z, "place_id": p, "source": "虚构", "note": "", **row}
             for z, p in (("one", PARK), ("two", "310114401"))]
        )  # fmt: skip
        with pytest.warns(SitingWarning) as told:
            carried = carry_plan(replace(plan, zones=zones), there())
        assert sum("先导区" in str(one.message) for one in told) == 1
        assert carried.zones["place_id"].to_dict() == {"one": "", "two": "310114005"}

    def test_the_map_and_the_study_take_it_and_the_footer_says_from_when(self) -> None:
        carried = carry(read_plan("jiading-2023"), there())
        places = read_places("town", vintage=2026)
        drawn = plan_map(carried, places)
        text = page(drawn)
        assert "规划由 2023 年区划换算到 2026 年区划示出" in text
        assert "区划口径：2026" in text
        assert "Plan carried from units of 2023 to 2026" in page(
            plan_map(carried, places, lang="en")
        )
        study = study_plan(carried, vintage=2026)
        assert study.by_cluster.equals(incidence(carried, places))
        assert int(study.stack[LOUTANG]) == 4

    def test_without_carrying_the_study_stops_and_names_what_carries(self) -> None:
        with pytest.raises(InputError, match="carry_plan") as caught:
            study_plan("jiading-2023", vintage=2026)
        assert {f.value.split()[0] for f in caught.value.findings} == {PARK, "310114401"}

    def test_a_carried_plan_written_to_a_workbook_is_not_taken_for_a_written_one(
        self, tmp_path: object
    ) -> None:
        # 嘉定工业区 beside the code of 娄塘镇: name and code disagree, and reading says so.
        file = write_template(f"{tmp_path}/x.xlsx", plan=carry(read_plan("jiading-2023"), there()))
        with pytest.raises(InputError, match="E-PLAN-11"):
            read_plan(file)
