"""Names to places, places with their outlines, and one vintage against the other."""

import re
import warnings
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from siting import geodata, places
from siting.crs import area_km2, to_metric
from siting.errors import AmbiguousPlaceError, InputError, SitingWarning, UnknownPlaceError
from siting.places import Gazetteer, Where, crosswalk, find_places, read_places, resolve

DISTRICTS = {
    "310101": "黄浦区",
    "310104": "徐汇区",
    "310105": "长宁区",
    "310106": "静安区",
    "310107": "普陀区",
    "310109": "虹口区",
    "310110": "杨浦区",
    "310112": "闵行区",
    "310113": "宝山区",
    "310114": "嘉定区",
    "310115": "浦东新区",
    "310116": "金山区",
    "310117": "松江区",
    "310118": "青浦区",
    "310120": "奉贤区",
    "310151": "崇明区",
}
UNITS_2023 = {
    "310114001": "新成路街道",
    "310114002": "真新街道",
    "310114004": "嘉定镇街道",
    "310114102": "南翔镇",
    "310114103": "安亭镇",
    "310114106": "马陆镇",
    "310114109": "徐行镇",
    "310114111": "华亭镇",
    "310114114": "外冈镇",
    "310114118": "江桥镇",
    "310114401": "菊园新区",
    "310114501": "嘉定工业区",
}
# GB/T 2260 and the State Council's decisions: which district holds the ground of the old one.
ABOLISHED = {
    "南汇区": ("310115", "2009"),
    "南汇": ("310115", "2009"),
    "310119": ("310115", "2009"),
    "南汇县": ("310115", "2001"),
    "卢湾区": ("310101", "2011"),
    "卢湾": ("310101", "2011"),
    "南市区": ("310101", "2000"),
    "闸北区": ("310106", "2015"),
    "崇明县": ("310151", "2016"),
    "310230": ("310151", "2016"),
    "嘉定县": ("310114", "1992"),
    "川沙县": ("310115", "1992"),
    "上海县": ("310112", "1992"),
    "金山县": ("310116", "1997"),
    "松江县": ("310117", "1998"),
    "青浦县": ("310118", "1999"),
    "奉贤县": ("310120", "2001"),
    "宝山县": ("310113", "1988"),
    "吴淞区": ("310113", "1988"),
}


def error_of(names: object, **asked: object) -> InputError:
    with pytest.raises(InputError) as caught:
        resolve(names, **asked)
    return caught.value


class TestNames:
    @pytest.mark.parametrize(("code", "name"), DISTRICTS.items())
    def test_a_district_is_found_by_name_code_short_form_and_with_the_city(
        self, code: str, name: str
    ) -> None:
        short = name.removesuffix("新区") if name.endswith("新区") else name.removesuffix("区")
        asked = [
            name,
            code,
            short,
            f"上海市{name}",
            f"上海{short}",
            f" {name}\u200b",
            f"{code}000000",
        ]
        assert resolve(asked, level="district").tolist() == [code] * 7

    @pytest.mark.parametrize(("code", "name"), UNITS_2023.items())
    def test_a_unit_of_jiading_is_found_by_name_code_and_behind_its_district(
        self, code: str, name: str
    ) -> None:
        asked = [name, code, f"{code}000", f"嘉定区{name}", f"上海市嘉定区{name}"]
        assert resolve(asked, level="town", within="嘉定区").tolist() == [code] * 5

    def test_the_names_of_the_jiading_plan_are_found(self) -> None:
        written = [
            "安亭",
            "外冈",
            "嘉定工业区",
            "徐行",
            "菊园",
            "工业区",
            "南翔",
            "江桥",
            "马陆",
            "真新",
        ]
        expected = ["103", "114", "501", "109", "401", "501", "102", "118", "106", "002"]
        found = resolve(written, level="town", within="310114").tolist()
        assert found == [f"310114{end}" for end in expected]

    def test_names_of_both_vintages_are_known(self) -> None:
        found = resolve(["菊园新区", "菊园街道", "菊园", "娄塘镇", "娄塘"]).tolist()
        assert found == ["310114401", "310114005", "310114401", "310114990", "310114990"]

    def test_every_known_place_is_found_by_its_own_name_and_code(self) -> None:
        known = places.bundled.gazetteer().name
        for code, name in known.items():
            parent = places.bundled.gazetteer().parent[code]
            within = parent if len(code) == 9 else None
            level = "town" if len(code) == 9 else "district"
            asked = [name, code]
            assert resolve(asked, level=level, within=within).tolist() == [code, code]

    @pytest.mark.parametrize(("name", "then"), ABOLISHED.items())
    def test_an_abolished_name_leads_to_its_successor_and_says_when(
        self, name: str, then: tuple[str, str]
    ) -> None:
        with pytest.warns(SitingWarning, match=then[1]) as warned:
            found = resolve([name], level="district")
        assert found.tolist() == [then[0]]
        assert DISTRICTS[then[0]] in str(warned[0].message)
        (finding,) = found.attrs["findings"]
        assert (finding.severity, finding.value, finding.row) == ("warning", name, 1)

    def test_nanhui_district_is_never_xuhui_and_nanhui_new_city_is_a_town_of_its_own(self) -> None:
        with pytest.warns(SitingWarning):
            assert resolve(["南汇区"]).tolist() == ["310115"]
        assert resolve(["南汇新城镇"]).tolist() == ["310115145"]
        assert resolve(["徐汇区"]).tolist() == ["310104"]

    def test_a_generic_name_stops_with_all_its_places(self) -> None:
        error = error_of(["工业区"])
        assert isinstance(error, AmbiguousPlaceError)
        for name in ("嘉定工业区", "莘庄工业区", "松江工业区"):
            assert name in str(error)
        assert "within" in error.findings[0].fix

    def test_a_name_of_several_kinds_of_place_stops(self) -> None:
        for name, one, other in (
            ("张江", "张江镇", "张江高科技园区"),
            ("虹桥", "虹桥街道", "虹桥镇"),
            ("金桥", "金桥镇", "金桥经济技术开发区"),
        ):
            error = error_of([name])
            assert isinstance(error, AmbiguousPlaceError)
            assert one in str(error)
            assert other in str(error)

    def test_a_district_where_a_town_is_asked_for_is_named_as_such(self) -> None:
        error = error_of(["嘉定"], level="town")
        assert isinstance(error, UnknownPlaceError)
        assert "是区（310114），这里要求街镇" in str(error)
        assert "is a district (310114); towns are asked for" in str(error)
        assert "嘉定镇街道" in error.findings[0].fix

    def test_a_town_where_a_district_is_asked_for_is_named_with_its_district(self) -> None:
        error = error_of(["嘉定镇街道"], level="district")
        assert isinstance(error, UnknownPlaceError)
        assert "is a town (310114004); districts are asked for" in str(error)
        assert "its district is 嘉定区 (310114)" in str(error)

    def test_a_town_of_another_district_is_not_taken(self) -> None:
        error = error_of(["张江镇"], within="嘉定区")
        assert isinstance(error, UnknownPlaceError)
        assert "浦东新区" in str(error)

    def test_the_nearest_names_are_offered_and_never_taken(self) -> None:
        error = error_of(["张江镇XX", "徐会区", "安亭真"])
        assert [f.value for f in error.findings] == ["张江镇XX", "徐会区", "安亭真"]
        for finding, near in zip(error.findings, ("张江镇", "徐汇区", "安亭镇"), strict=True):
            assert near in finding.fix
            assert near in finding.fix_en
            assert finding.fix.count("（") <= 3

    def test_a_misspelled_old_name_offers_its_successor_first(self) -> None:
        assert error_of(["卢弯区"]).findings[0].fix.startswith("最接近的名称：黄浦区")

    @pytest.mark.parametrize("name", ["新", "镇", "区", "上海市", "定区", "安亭镇街道", "桥镇"])
    def test_a_part_of_a_name_is_no_name(self, name: str) -> None:
        assert isinstance(error_of([name]), UnknownPlaceError)

    def test_all_bad_names_come_in_one_error_with_their_rows(self) -> None:
        bad = ["浦东", None, "没有此地", float("nan"), 310115, " \u200b", "工业区", pd.NA]
        error = error_of(bad)
        assert isinstance(error, UnknownPlaceError)
        assert [f.row for f in error.findings] == [2, 3, 4, 5, 6, 7, 8]
        assert error.findings[3].value == "310115"
        assert "文字" in error.findings[3].reason

    def test_blank_names_alone_are_bad_input_but_not_unknown_places(self) -> None:
        error = error_of([None, ""])
        assert type(error) is InputError

    def test_a_within_that_is_no_district_stops(self) -> None:
        with pytest.raises(UnknownPlaceError, match="安亭"):
            resolve(["安亭"], within="安亭镇")

    def test_the_index_of_the_question_is_kept(self) -> None:
        asked = pd.Series(["浦东", "嘉定"], index=["x", "y"], name="区")
        found = resolve(asked)
        assert found.index.tolist() == ["x", "y"]
        assert found.name == "place_id"
        assert asked.tolist() == ["浦东", "嘉定"]
        assert resolve("浦东").index.tolist() == [0]
        assert resolve([]).empty

    def test_what_was_read_between_the_lines_is_on_record_and_full_names_are_not(self) -> None:
        found = resolve(["浦东", "浦东新区", "徐匯區"])
        noted = [(f.row, f.severity, f.value) for f in found.attrs["findings"]]
        assert noted == [(1, "note", "浦东"), (3, "note", "徐匯區")]

    def test_a_name_of_hostile_length_is_refused_at_once(self) -> None:
        assert "请写全称或代码" in error_of(["（" * 100_000]).findings[0].fix

    @given(st.text(max_size=12))
    def test_any_text_gives_a_place_or_a_named_error(self, text: str) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SitingWarning)
            try:
                (code,) = resolve([text])
            except InputError:
                return
        assert code in places.bundled.gazetteer().name


class TestOwnTable:
    TABLE = pd.DataFrame(
        {
            "place_id": ["a", "b", "a1", "b1"],
            "name_zh": ["东城区", "西城区", "和平街道", "和平镇"],
            "level": ["district", "district", "town", "town"],
            "parent_id": ["", "", "a", "b"],
        }
    )

    def test_a_table_of_the_users_own_is_searched_the_same_way(self) -> None:
        book = Gazetteer(self.TABLE)
        assert find_places(["東城", "和平镇", "西城区和平"], book).tolist() == ["a", "b1", "b1"]
        assert find_places(["和平"], book, within="a").tolist() == ["a1"]
        with pytest.raises(AmbiguousPlaceError, match="和平街道"):
            find_places(["和平"], book)

    def test_messages_carry_the_place_in_the_users_file(self) -> None:
        where = Where(file="规划.xlsx", sheet="集群", column="地点", rows=[12])
        with pytest.raises(UnknownPlaceError) as caught:
            find_places(["南城区"], Gazetteer(self.TABLE), where=where)
        text = str(caught.value)
        assert "规划.xlsx 表「集群」 第 12 行 列「地点」：“南城区”" in text
        assert "row 12 column '地点'" in text

    def test_a_table_without_a_needed_column_or_with_a_place_twice_stops(self) -> None:
        with pytest.raises(InputError, match="parent_id"):
            Gazetteer(self.TABLE.drop(columns="parent_id"))
        with pytest.raises(InputError, match="a1"):
            Gazetteer(pd.concat([self.TABLE, self.TABLE.iloc[[2]]]))


class TestAliases:
    def test_every_alias_leads_to_a_known_place_and_every_date_has_a_source(self) -> None:
        table = pd.read_csv(geodata.path("tables/aliases.csv"), dtype=str, keep_default_na=False)
        assert set(table["place_id"]) <= set(places.bundled.gazetteer().name)
        dated = table[table["until"] != ""]
        assert dated["until"].str.fullmatch(r"(19|20)\d\d").all()
        assert (dated["source"] != "").all()
        assert (dated[["note_zh", "note_en"]] != "").all(axis=None)
        assert not table.duplicated(["alias", "place_id"]).any()

    def test_no_alias_is_the_full_name_of_another_place(self) -> None:
        known = places.bundled.gazetteer()
        names = {name: code for code, name in known.name.items()}
        for alias in places.bundled.aliases().to_dict("records"):
            assert names.get(alias["alias"], alias["place_id"]) == alias["place_id"]


class TestBundledPlaces:
    def test_the_sixteen_districts_carry_names_official_areas_and_people(self) -> None:
        found = read_places("district")
        assert dict(found["name_zh"]) == DISTRICTS
        assert found.index.name == "place_id"
        assert found.index.is_monotonic_increasing
        # Published totals: 6340.50 km2, and 24 870 895 persons in the census of 2020.
        assert found["area_official_km2"].sum() == pytest.approx(6340.50, abs=1e-6)
        assert found["population_2020"].sum() == 24_870_895
        assert (found["level"] == "district").all()
        assert (found["parent_id"] == "310000").all()
        assert found.crs.to_epsg() == 4326
        assert found.attrs["generalised"] is False
        assert found.attrs["sources"] == ["districts.geojson", "tables/districts.csv"]

    def test_label_points_lie_in_their_places(self) -> None:
        for found in (read_places("district"), read_places("town")):
            points = shapely.points(found["label_lon"], found["label_lat"])
            assert shapely.contains(found.geometry.to_numpy(), points).all()

    def test_jiading_has_twelve_units_in_each_vintage(self) -> None:
        old, new = read_places("town"), read_places("town", vintage=2026)
        assert dict(old["name_zh"]) == UNITS_2023
        assert old.attrs["vintage"] == 2023
        assert new.attrs["vintage"] == 2026
        gone, came = set(old.index) - set(new.index), set(new.index) - set(old.index)
        assert gone == {"310114401", "310114501"}
        assert set(new.loc[sorted(came), "name_zh"]) == {"菊园街道", "娄塘镇"}
        assert old.attrs["generalised"] is True
        assert "暂用代码：310114990" in new.attrs["notes_zh"]
        # No gap and no overlap: the parts are as large as the whole, in both vintages alike.
        whole = {round(float(area_km2(one).sum()), 6) for one in (old, new)}
        assert len(whole) == 1
        union = shapely.union_all(to_metric(old).geometry.to_numpy())
        assert union.area == pytest.approx(to_metric(old).area.sum(), rel=1e-12)

    def test_the_outlines_come_in_the_same_coordinates_twice_and_are_not_shared(self) -> None:
        first = read_places("district")
        first["name_zh"] = "x"
        assert read_places("district").loc["310101", "name_zh"] == "黄浦区"

    def test_within_narrows_districts_and_towns(self) -> None:
        assert read_places("district", within="浦东").index.tolist() == ["310115"]
        assert len(read_places("district", within="310000")) == 16
        assert len(read_places("town", within="嘉定")) == 12

    def test_towns_of_another_district_need_a_file(self) -> None:
        with pytest.raises(InputError, match="boundaries=") as caught:
            read_places("town", within="静安区")
        assert caught.value.findings[0].value == "静安区"

    @pytest.mark.parametrize("vintage", [2024, 0, True, "2023"])
    def test_an_unknown_vintage_stops(self, vintage: object) -> None:
        with pytest.raises(InputError, match="2023"):
            read_places("district", vintage=vintage)

    def test_an_unknown_level_stops(self) -> None:
        with pytest.raises(InputError, match="town"):
            read_places("village")


class TestCrosswalk:
    def test_the_industrial_zone_was_divided_and_the_rest_kept(self) -> None:
        table = crosswalk(2023, 2026, within="嘉定区")
        sums = table.groupby("from_id")["share"].sum()
        assert sorted(sums.index) == sorted(UNITS_2023)
        assert np.abs(sums - 1).max() <= 1e-12
        divided = table[table["from_id"] == "310114501"].set_index("to_id")["share"]
        assert set(divided.index) == {"310114990", "310114106"}
        assert divided["310114990"] > divided["310114106"] > 0
        renamed = table[table["from_id"] == "310114401"]
        assert renamed["to_id"].tolist() == ["310114005"]
        kept = table[~table["from_id"].isin(["310114501", "310114401"])]
        assert (kept["from_id"] == kept["to_id"]).all()
        assert (kept["share"] == 1).all()

    def test_ground_carried_over_equals_the_ground_that_is_there(self) -> None:
        # Old areas times shares, summed by new unit, are the areas of the new units.
        old, new = (to_metric(read_places("town", vintage=v)).area for v in (2023, 2026))
        table = crosswalk(2023, 2026, within="310114")
        moved = (table["from_id"].map(old) * table["share"]).groupby(table["to_id"]).sum()
        assert moved.sort_index().to_numpy() == pytest.approx(new.sort_index().to_numpy(), rel=1e-9)

    def test_the_way_back_divides_malu(self) -> None:
        table = crosswalk(2026, 2023, within="嘉定区")
        malu = table[table["from_id"] == "310114106"]
        assert set(malu["to_id"]) == {"310114106", "310114501"}
        assert np.abs(table.groupby("from_id")["share"].sum() - 1).max() <= 1e-12

    def test_a_vintage_to_itself_is_one_to_one(self) -> None:
        table = crosswalk(2023, 2023, within="嘉定区")
        assert (table["from_id"] == table["to_id"]).all()
        assert (table["share"] == 1).all()

    def test_a_district_with_one_division_stops(self) -> None:
        with pytest.raises(InputError, match="嘉定区"):
            crosswalk(2023, 2026, within="浦东新区")


def own(level: str = "district", **asked: object) -> gpd.GeoDataFrame:
    """Outlines as a user may have them: no index, only geometry and what a test adds."""
    shapes = read_places(level, **asked)
    return gpd.GeoDataFrame(geometry=shapes.geometry.to_numpy(), crs=4326)


class TestOwnBoundaries:
    @pytest.mark.parametrize(
        ("column", "write"),
        [
            ("adcode", int),
            ("code", float),
            ("code", lambda code: f"{code}.0"),
            ("区划代码", lambda code: f"{code}000000"),
            ("gb", lambda code: f"156{code}"),
            ("Code", lambda code: f" {code} "),
        ],
    )
    def test_codes_of_any_type_are_matched_as_text(
        self, column: str, write: object, tmp_path: Path
    ) -> None:
        units = own()
        units[column] = [write(code) for code in DISTRICTS]
        shuffled = units.iloc[::-1].reset_index(drop=True)
        file = tmp_path / "区.geojson"
        file.write_text(shuffled.to_json(), encoding="utf-8")
        found = read_places("district", boundaries=file)
        plain = read_places("district")
        assert found.index.tolist() == plain.index.tolist()
        assert found.columns.tolist() == plain.columns.tolist()
        assert shapely.equals_exact(
            found.geometry.to_numpy(), plain.geometry.to_numpy(), tolerance=1e-12
        ).all()
        assert found.attrs["sources"][0] == "区.geojson"
        assert found.attrs["generalised"] is False
        assert found.attrs["level"] == "district"

    def test_names_are_matched_where_there_is_no_code(self) -> None:
        units = own("town")
        units["名称"] = ["新成路", *list(UNITS_2023.values())[1:10], "菊园新区管委会", "工业区"]
        found = read_places("town", boundaries=units)
        assert dict(found["name_zh"]) == UNITS_2023
        assert found.attrs["sources"][0] == "GeoDataFrame"

    def test_the_new_vintage_is_matched_by_name_where_codes_are_unknown(self) -> None:
        units = own("town", vintage=2026)
        units["code"] = None
        units["name"] = read_places("town", vintage=2026)["name_zh"].tolist()
        units.loc[units["name"] == "娄塘镇", "code"] = "310114119"
        found = read_places("town", vintage=2026, boundaries=units)
        assert "310114990" in found.index
        assert any("310114119" in f.reason for f in found.attrs["findings"])

    def test_each_mismatch_is_named_at_once(self) -> None:
        units = own()
        units["name"] = list(DISTRICTS.values())
        units.loc[0, "name"] = "某某区"
        units.loc[15, "name"] = "徐汇区"
        with pytest.raises(InputError) as caught:
            read_places("district", boundaries=units)
        found = {(f.code, f.row, f.value) for f in caught.value.findings}
        assert found == {
            ("E-BND-14", 1, "某某区"),
            ("E-BND-11", 16, "徐汇区"),
            ("E-BND-12", None, "黄浦区"),
            ("E-BND-12", None, "崇明区"),
        }

    def test_a_code_and_a_name_that_disagree_stop(self) -> None:
        units = own()
        units["adcode"] = list(DISTRICTS)
        units["name"] = list(DISTRICTS.values())
        units.loc[0, "name"], units.loc[1, "name"] = "徐汇区", "黄浦区"
        with pytest.raises(InputError, match="与名称不符") as caught:
            read_places("district", boundaries=units)
        assert [f.row for f in caught.value.findings if f.code == "E-BND-13"] == [1, 2]

    def test_a_file_without_codes_and_names_says_which_columns_it_has(self) -> None:
        units = own()
        units["面积"] = 1.0
        with pytest.raises(InputError, match="面积"):
            read_places("district", boundaries=units)

    def test_units_of_other_districts_are_left_out_with_a_note(self, reference: Path) -> None:
        file = reference / "geodata" / "shanghai_towns229_mit_wgs84.geojson"
        towns = gpd.read_file(file)
        chosen = towns[towns["district"].isin(["静安区", "普陀区"])]
        with pytest.warns(SitingWarning, match="重叠|缝隙"):  # of the file itself, and true
            found = read_places("town", within="静安区", boundaries=chosen)
        expected = towns[towns["district"] == "静安区"]["code"]
        assert found.index.tolist() == sorted(expected)
        assert found["area_official_km2"].isna().all()
        left = [f for f in found.attrs["findings"] if f.code == "N-BND-05"]
        assert len(left) == (towns["district"] == "普陀区").sum()

    def test_amap_coordinates_are_converted_when_declared_and_measured_when_not(
        self, reference: Path
    ) -> None:
        from siting.crs import convert_geometry

        file = reference / "geodata" / "shanghai_districts_osm_wgs84.geojson"
        true = gpd.read_file(file)[["adcode", "name", "geometry"]]
        amap = true.copy()
        amap["geometry"] = convert_geometry(
            true.geometry.to_numpy(), source="wgs84", target="gcj02"
        )
        amap = amap.set_crs(4326, allow_override=True)
        with pytest.warns(SitingWarning, match='frame="gcj02"'):
            read_places("district", boundaries=amap)
        found = read_places("district", boundaries=amap, frame="gcj02")
        back = true.set_index("adcode").geometry.reindex(found.index)
        # The inverse is exact to 1e-6 m, that is 1e-11 degrees.
        assert shapely.equals_exact(
            found.geometry.to_numpy(), back.to_numpy(), tolerance=1e-10
        ).all()


class TestOwnGround:
    """A user's outlines with right names on the wrong ground."""

    @staticmethod
    def towns():
        own = read_places("town", within="嘉定区")[["name_zh", "geometry"]]
        return own.rename_axis("code").reset_index()

    @pytest.mark.parametrize("east", [0.1, 0.5, 1.0])
    def test_outlines_that_lie_elsewhere_stop_with_the_distance(self, east: float) -> None:
        own = self.towns()
        own.geometry = own.geometry.translate(east, 0)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SitingWarning)
            with pytest.raises(InputError, match="E-BND-16") as raised:
                read_places("town", within="嘉定区", boundaries=own)
        # A degree of longitude is 111.32 km x cos(latitude): 95.1 km in Jiading, 31.24 to 31.47 N.
        said = [re.search(r"([\d.]+) km apart", f.reason_en) for f in raised.value.findings]
        assert len(said) == 12
        assert [float(one[1]) for one in said] == pytest.approx([95.1 * east] * 12, rel=0.01)

    def test_two_outlines_that_changed_places_are_both_named(self) -> None:
        own = self.towns()
        a, b = own.index[own["name_zh"].isin(["安亭镇", "真新街道"])]
        own.loc[[a, b], "geometry"] = own.loc[[b, a], "geometry"].to_numpy()
        with pytest.raises(InputError) as raised:
            read_places("town", within="嘉定区", boundaries=own)
        assert {f.value.split()[0] for f in raised.value.findings} == {"安亭镇", "真新街道"}

    def test_the_bundled_outlines_themselves_are_accepted(self) -> None:
        assert len(read_places("town", within="嘉定区", boundaries=self.towns())) == 12

    def test_a_frame_without_outlines_is_refused(self) -> None:
        with pytest.raises(InputError, match="E-PLACE-20"):
            read_places("town", frame="gcj02")

    def test_a_level_that_is_none_is_refused(self) -> None:
        with pytest.raises(InputError, match="district, town"):
            resolve(["浦东"], level="village")
