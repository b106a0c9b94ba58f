"""The reader: clauses at all levels, and every altered fact caught, in the plan or in the text."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siting.errors import InputError
from siting.plan import Plan, read_plan
from siting.reader import clauses, verify_plan
from siting.reader.clauses import tokens
from siting.reader.folded import fold, needle

PLANS = ("shanghai-2022", "jiading-2023")
# A made-up document: every kind of heading, a page break inside a sentence, mixed widths.
TEXT = """灯会办〔2031〕7号

灯会之城行动方案

为办好灯会，制定本方案。
一、总体要求
（一）指导思想
坚持手艺为先。
（二）发展目标
到 ２０３５ 年，灯彩产值达到 30 亿元左右。到2040年，成为样本。
——做强主体。到 2035 年，引育灯彩企业、纸坊总数超过 2
00 家，培育不少于 5 家
灯坊。
——办好节庆。举办 12 场以上灯会，建设 3 个灯彩集群。
二、布局产业
(一)打造走马灯产业集群
在静安、长宁、嘉定
等区域，打造走马灯产业集群。
1.纸灯。以竹为骨。
2. 5G 灯。以芯为骨，亮度达到
3.5 万流明。
3、机关灯（ＪＧ）。以轮为骨。
（二）探索龙灯产业方向
在浦东新区、崇明区，探索龙灯产业方向。
（1）布龙。以布为身。
三、专项行动
（一）手艺“传灯计划”
聚焦城隍庙、豫园等，传授手艺。
四、保障
1. 加强领导。
2. 加强宣传。

2031年2月3日印发
"""


def frame(sheet: str, *rows: tuple[object, ...]) -> pd.DataFrame:
    from siting.plan.model import SHEETS

    return pd.DataFrame(list(rows), columns=list(SHEETS[sheet]))


PLAN = Plan(
    id="lanterns",
    title="灯会之城行动方案",
    document_no="灯会办〔2031〕7号",
    published="2031-02-03",
    level="district",
    parent_id="310000",
    clusters=frame(
        "clusters",
        ("wheel", "走马灯", "", "集群", "二（一）"),
        ("dragon", "龙灯", "", "方向", "二（二）"),
    ),
    fields=frame(
        "fields",
        ("paper", "wheel", "纸灯", "", "二（一）1"),
        ("chip", "wheel", "5G 灯", "", "二（一）2"),
        ("gear", "wheel", "机关灯（JG）", "", "二（一）3"),
        ("cloth", "dragon", "布龙", "", "二（二）（1）"),
    ),
    assignments=frame(
        "assignments",
        ("wheel", "310106", "静安", "二（一）", False),
        ("wheel", "310105", "长宁", "二（一）", False),
        ("wheel", "310114", "嘉定", "二（一）", False),
        ("dragon", "310115", "浦东新区", "二（二）", True),
        ("dragon", "310151", "崇明区", "二（二）", True),
    ),
    targets=frame(
        "targets",
        ("output", "灯彩产值", "", 30, "亿元", "about", 2035, "一（二）"),
        ("firms", "灯彩企业、纸坊总数", "", 200, "家", "more_than", 2035, "一（二）—1"),
        ("shops", "灯坊", "", 5, "家", "at_least", 2035, "一（二）—1"),
        ("fairs", "灯会", "", 12, "场", "at_least", 2035, "一（二）—2"),
        ("clusters", "灯彩集群", "", 3, "个", "exactly", 2035, "一（二）—2"),
    ),
    programmes=frame("programmes", ("craft", "手艺“传灯计划”", "", "三（一）")),
    zones=frame(
        "zones",
        ("temple", "城隍庙", "", "310101", 121.49, 31.23, "三（一）", "示例", ""),
        ("garden", "豫园", "", "310101", 121.49, 31.23, "三（一）", "示例", ""),
    ),
)


@pytest.fixture
def sources() -> Path:
    found = Path(__file__).parents[2] / "shared" / "sources"
    if not found.is_dir():
        pytest.skip("the two documents are not here")
    return found


def missing(plan: Plan, text: str) -> pd.DataFrame:
    checked = verify_plan(plan, text)
    return checked[checked["status"] == "missing"]


def sources_and_plans(sources: Path) -> list[tuple[Plan, str]]:
    return [(read_plan(p), (sources / f"{p}.txt").read_text("utf-8")) for p in PLANS]


def test_clauses_join_the_headings_of_all_levels() -> None:
    assert clauses(TEXT)["clause"].tolist() == [
        "", "一", "一（一）", "一（二）", "一（二）—1", "一（二）—2", "二", "二（一）", "二（一）1",
        "二（一）2", "二（一）3", "二（二）", "二（二）（1）", "三", "三（一）", "四", "四1", "四2",
    ]  # fmt: skip


def test_a_decimal_at_a_line_start_is_no_heading_unless_it_is_next_in_the_count() -> None:
    found = clauses(TEXT).set_index("clause")["heading"]
    assert found["二（一）2"] == "5G 灯"  # the line "2. 5G 灯" after "1."
    assert found["二（一）3"] == "机关灯（ＪＧ）"  # and not "5 万流明" of the line "3.5 万流明"


def test_a_decimal_after_a_full_stop_is_no_heading_out_of_its_count() -> None:
    assert clauses("一、甲\n1. 好。\n3.5 万家。\n2.6G 好。")["clause"].tolist() == [
        "一",
        "一1",
        "一2",
    ]


def test_a_paragraph_after_the_dashes_counts_to_the_clause_as_well_as_to_the_dash() -> None:
    text = "一、目标\n到 2035 年，成立。\n——做强。办 2 场灯会。\n培育 5 家灯坊。\n二、其他"
    for clause in ("一", "一—1"):
        targets = frame("targets", ("shops", "灯坊", "", 5, "家", "exactly", 2035, clause))
        checked = verify_plan(dataclasses.replace(PLAN, targets=targets), text)
        assert checked.loc[checked["kind"] == "target", "status"].tolist() == ["found"]
    # What stands on the line of the dash is the dash's alone.
    targets = frame("targets", ("fairs", "灯会", "", 2, "场", "exactly", 2035, "一"))
    checked = verify_plan(dataclasses.replace(PLAN, targets=targets), text)
    assert checked.loc[checked["kind"] == "target", "detail"].item().endswith("它在 一—1")


def test_clauses_cover_the_text_in_order_without_overlap() -> None:
    found = clauses(TEXT)
    assert (found["start"].iloc[1:].to_numpy() >= found["end"].iloc[:-1].to_numpy()).all()
    between = [
        TEXT[a:b] for a, b in zip(found["end"].iloc[:-1], found["start"].iloc[1:], strict=True)
    ]
    assert all(not gap.strip() for gap in between)  # nothing but blanks is left out
    for row in found.itertuples():
        assert row.heading in TEXT[row.start : row.end]


def test_a_heading_in_the_middle_of_a_line_is_none() -> None:
    assert clauses("一、甲。见第二、（三）项和（一）项。")["clause"].tolist() == ["一"]


def test_a_line_break_inside_a_sentence_makes_no_heading() -> None:
    text = "一、甲\n按照上级文件第\n（二）项和\n（一）项办理。\n二、乙\n可。"
    # （二） cannot come first; （一） could be a first child, but the sentence before it is open.
    assert clauses(text)["clause"].tolist()[0] == "一"
    assert "二" in clauses(text)["clause"].tolist()
    assert "一（二）" not in clauses(text)["clause"].tolist()


def test_labels_are_read_however_they_are_written() -> None:
    assert tokens("二、（一）1.") == tokens("二(一)１") == ("二", "（一）", "1")
    assert tokens("一（二）——1") == tokens("一（二）—1") == ("一", "（二）", "—1")
    assert tokens("二（一）10") != tokens("二（一）1")


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="一二、（）(1)2.—\n\r 　。家ＡＧ①㈠㎡“”", max_size=60))
def test_folded_text_leads_back_to_the_original(text: str) -> None:
    page = fold(text)
    assert len(page.at) == len(page.text)
    assert page.at == sorted(page.at)
    for i in range(len(page.text)):
        start, end = page.span(i, i + 1)
        assert end == start + 1
        # What stands there, folded by itself, holds the character: 1:1 but for ligatures and commas.
        assert page.text[i] in needle(text[start:end]) + "，"
    frame_ = clauses(text)
    assert (frame_["start"] < frame_["end"]).all()


def test_every_fact_of_a_plan_is_found_in_its_text() -> None:
    checked = verify_plan(PLAN, TEXT)
    assert checked[checked["status"] == "missing"].empty
    # title, number, date; 2 clusters, 4 fields, 5 assignments, 5 targets, 1 programme, 2 zones
    assert checked["kind"].value_counts().to_dict() == {
        "plan": 3, "cluster": 2, "field": 4, "assignment": 5, "target": 5, "programme": 1, "zone": 2,
    }  # fmt: skip


def test_positions_lead_into_the_original_text() -> None:
    checked = verify_plan(PLAN, TEXT).set_index("key")
    spans = {key: TEXT[row.start : row.end] for key, row in checked.iterrows()}
    assert spans["output"] == "30 亿元左右"
    assert spans["firms"] == "超过 2\n00 家"  # broken by a page
    assert spans["chip"] == "5G 灯"
    assert spans["wheel:310114"] == "嘉定"
    assert spans["dragon"] == "龙灯产业方向"


def test_a_missing_fact_says_why_and_where_it_is() -> None:
    moved = dataclasses.replace(
        PLAN, fields=PLAN.fields.replace({"clause": {"二（一）1": "二（一）2"}})
    )
    row = missing(moved, TEXT).iloc[0]
    assert (row["kind"], row["key"]) == ("field", "paper")
    assert pd.isna(row["start"])
    assert "5G灯" in row["detail"]
    assert "二（一）1" in row["detail"]
    english = verify_plan(moved, TEXT, lang="en")
    assert "it is in 二（一）1" in english.loc[english["status"] == "missing", "detail"].iloc[0]


def test_a_place_that_the_text_lists_and_the_plan_lacks_is_told() -> None:
    less = dataclasses.replace(PLAN, assignments=PLAN.assignments.drop(index=1))
    checked = verify_plan(less, TEXT)
    assert checked.attrs["unlisted"] == {"wheel": ["长宁"]}
    assert "长宁" in checked.set_index("key").loc["wheel", "detail"]


def test_another_language_than_two_is_refused() -> None:
    with pytest.raises(InputError):
        verify_plan(PLAN, TEXT, lang="fr")


def test_a_text_that_states_no_number_is_not_asked_for_it() -> None:
    bare = TEXT.replace("灯会办〔2031〕7号", "").replace("2031年2月3日印发", "")
    checked = verify_plan(PLAN, bare)
    assert checked.loc[checked["kind"] == "plan", "key"].tolist() == ["title"]
    assert (checked["status"] == "found").all()


KIND = {
    "clusters": "cluster", "fields": "field", "assignments": "assignment", "targets": "target",
    "programmes": "programme", "zones": "zone",
}  # fmt: skip


def alterations(plan: Plan) -> list[tuple[str, object, str, int, object]]:
    """Return every way in which one fact is altered: sheet, row, column, which way, new value."""
    made: list[tuple[str, object, str, int, object]] = []

    def alter(sheet: str, key: object, column: str, values: list[object]) -> None:
        old = getattr(plan, sheet).loc[key, column]
        new = [value for value in values if value != old]
        made.extend((sheet, key, column, way, value) for way, value in enumerate(new))

    names = {"310104": "徐汇", "310109": "虹口", "310114111": "华亭", "310114001": "新成路"}
    clusters = plan.clusters["clause"].to_dict()
    for sheet in ("clusters", "fields", "targets", "programmes", "zones"):
        rows = getattr(plan, sheet)
        # A clause moves to the next one of its kind, and to one that is not there.
        labels = [*dict.fromkeys(rows["clause"]), "三（三）"]
        for key, row in rows.iterrows():
            name, half = row["name_zh"], len(row["name_zh"]) // 2
            swapped = name[:half] + "伪" + name[half + 1 :]
            alter(
                sheet,
                key,
                "name_zh",
                [swapped, name[:-1], name[1:], name + "业", "新" + name],
            )
            after = labels[labels.index(row["clause"]) + 1]
            alter(sheet, key, "clause", [after, "九", row["clause"] + "（九）"])
    for key in plan.clusters.index:
        alter("clusters", key, "tier", ["集群", "领域", "方向", "集"])
    for key, row in plan.fields.iterrows():
        alter("fields", key, "cluster_id", [c for c in clusters if c != row["cluster_id"]][:2])
    for key, row in plan.assignments.iterrows():
        own = set(
            plan.assignments.loc[plan.assignments["cluster_id"] == row["cluster_id"], "place_id"]
        )
        size = 6 if plan.level == "district" else 9
        place = next(p for p in names if len(p) == size and p not in own)
        written, other = (
            row["place_as_written"],
            next(c for c in clusters if c != row["cluster_id"]),
        )
        alter("assignments", key, "place_as_written", [names[place], written[:-1], written[1:]])
        alter("assignments", key, "place_id", [place])
        alter("assignments", key, "is_exhaustive", [not row["is_exhaustive"]])
        alter("assignments", key, "cluster_id", [other])
        alter("assignments", key, "clause", [clusters[other], "九"])
    for key, row in plan.targets.iterrows():
        number, year = row["quantity"], row["year"]
        alter("targets", key, "quantity", [number + 1, number * 10, number / 10])
        alter("targets", key, "unit", ["亿元", "亿", "万元", "家", "个", "件"])
        alter("targets", key, "qualifier", ["about", "at_least", "more_than", "exactly"])
        alter("targets", key, "year", [year + 5, year + 1, 2025])
    return made


def altered(plan: Plan, changes: list[tuple[str, object, str, int, object]]) -> Plan:
    """Return the plan with these changes."""
    frames = {sheet: getattr(plan, sheet) for sheet in KIND}
    for sheet, key, column, _, value in changes:
        frames[sheet].loc[key, column] = value
    return dataclasses.replace(plan, **frames)


def test_every_altered_fact_of_a_made_up_plan_is_caught() -> None:
    changes = alterations(PLAN)
    assert len(changes) > 150
    for change in changes:
        bad = missing(altered(PLAN, [change]), TEXT)
        assert KIND[change[0]] in set(bad["kind"]), change
    for column, value in (
        ("title", "灯会之城行动方"),
        ("document_no", "灯会办〔2031〕8号"),
        ("published", "2031-02-04"),
    ):
        bad = missing(dataclasses.replace(PLAN, **{column: value}), TEXT)
        assert bad["key"].tolist() == [column]


def test_every_altered_fact_of_the_two_plans_is_caught_and_no_other_is_blamed(
    sources: Path,
) -> None:
    for plan, text in sources_and_plans(sources):
        together: dict[tuple[str, str, int], list[tuple[str, object, str, int, object]]] = {}
        for change in alterations(plan):
            together.setdefault((change[0], change[2], change[3]), []).append(change)
        for (sheet, column, way), changes in together.items():
            checked = verify_plan(altered(plan, changes), text)
            own = checked[checked["kind"] == KIND[sheet]].reset_index(drop=True)
            keys = list(getattr(plan, sheet).index)
            hit = [keys.index(key) for _, key, *_ in changes]
            assert (own.loc[hit, "status"] == "missing").all(), (plan.id, sheet, column, way)
            assert (own.drop(index=hit)["status"] == "found").all(), (plan.id, sheet, column, way)
            if sheet != "clusters":  # a cluster that moves takes its fields and places along
                rest = checked[checked["kind"] != KIND[sheet]]
                assert (rest["status"] == "found").all(), (plan.id, sheet, column, way)


def test_the_two_documents_state_every_fact_of_the_two_plans(sources: Path) -> None:
    counts = {
        # 5 clusters, 16 fields, 25 pairs, 13 targets, 6 programmes, 3 zones; title
        "shanghai-2022": (5, 16, 25, 13, 6, 3, 1),
        # the number and the date of printing as well
        "jiading-2023": (5, 12, 17, 7, 5, 0, 3),
    }
    for plan, text in sources_and_plans(sources):
        checked = verify_plan(plan, text)
        assert checked.loc[checked["status"] == "missing", "key"].tolist() == []
        assert checked.attrs["unlisted"] == {}
        kinds = ("cluster", "field", "assignment", "target", "programme", "zone", "plan")
        assert tuple((checked["kind"] == kind).sum() for kind in kinds) == counts[plan.id]


def test_every_altered_place_and_number_of_the_texts_is_caught(sources: Path) -> None:
    for plan, text in sources_and_plans(sources):
        checked = verify_plan(plan, text)
        # A cluster may be named twice in its clause: in the heading and in the sentence.
        facts = checked[~checked["kind"].isin(["cluster", "plan"])]
        for row in facts.itertuples():
            said = text[row.start : row.end]
            digits = re.search(r"\d+", said) if row.kind == "target" else None
            if digits is None:
                changes = ["虚构", said[:-1] + "坞", "新" + said]
            else:
                number = digits.group()
                changes = [said.replace(number, n) for n in (number + "0", "9" + number, "7")]
                changes += [
                    re.sub("左右|以上", "以下", said),
                    "不超过" + said.removeprefix("超过").removeprefix("不少于"),
                    said.replace(" ", "")[:-1],
                ]
                changes = [c for c in changes if c != said]
            for change in changes:
                bad = missing(plan, text[: row.start] + change + text[row.end :])
                assert row.key in set(bad["key"]), (row.key, change)
        for year in re.finditer(r"到 2030 年", text):
            bad = missing(plan, text[: year.start()] + "到 2031 年" + text[year.end() :])
            assert len(bad) >= 1
        for openness in re.finditer("等区域", text):
            bad = missing(plan, text[: openness.start()] + "区域" + text[openness.end() :])
            assert set(bad["kind"]) == {"assignment"}


def disturbed(text: str) -> dict[str, str]:
    """Return the text as other programs would have given it."""
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    return {
        "windows line ends": text.replace("\n", "\r\n"),
        "no blank lines": re.sub(r"\n\s*\n", "\n", text),
        "no blanks": text.replace(" ", ""),
        "full-width digits": text.translate(wide),
        "half-width brackets": text.replace("（", "(").replace("）", ")"),
        "full-width brackets": text.replace("(", "（").replace(")", "）"),
        "straight quotes": text.replace("“", '"').replace("”", '"'),
        "other dashes": text.replace("——", "──"),
        "full-width dots": re.sub(r"(?m)^(\d)\.", r"\1．", text),
        "indented": re.sub(r"(?m)^", "　　", text),
    }


def broken(text: str, width: int) -> str:
    """Return the text with every line cut after `width` characters."""
    return "\n".join(
        line[i : i + width] for line in text.split("\n") for i in range(0, len(line) or 1, width)
    )


def test_other_line_breaks_and_widths_do_not_matter(sources: Path) -> None:
    for plan, text in [*sources_and_plans(sources), (PLAN, TEXT)]:
        for what, changed in disturbed(text).items():
            assert missing(plan, changed).empty, (plan.id, what)
        for width in (7, 16, 23, 28, 40):
            assert missing(plan, broken(text, width)).empty, (plan.id, width)


@pytest.mark.parametrize(
    ("said", "qualifier"),
    [
        ("5 家左右", "about"), ("约 5 家", "about"), ("5 家以上", "at_least"),
        ("至少 5 家", "at_least"), ("不低于 5 家", "at_least"), ("突破 5 家", "more_than"),
        ("5 余家", "more_than"), ("超过 5 家", "more_than"), ("5 家", "exactly"),
        ("不超过 5 家", None), ("5 家以内", None), ("15 家", None), ("5.5 家", None), ("1-5 家", None),
    ],
)  # fmt: skip
def test_qualifiers_are_read_as_they_are_worded(said: str, qualifier: str | None) -> None:
    text = f"一、目标\n到 2035 年，培育{said}灯坊。"
    for word in ("about", "at_least", "more_than", "exactly"):
        targets = frame("targets", ("shops", "灯坊", "", 5, "家", word, 2035, "一"))
        checked = verify_plan(dataclasses.replace(PLAN, targets=targets), text)
        found = checked.loc[checked["kind"] == "target", "status"].item() == "found"
        assert found == (word == qualifier)


def test_a_field_may_be_named_in_the_sentence_of_its_cluster() -> None:
    text = "一、布局\n（一）灯\n以纸灯、布龙为重点，在静安等区域，打造走马灯产业集群。"
    fields = frame("fields", ("paper", "wheel", "纸灯", "", "一（一）"))
    clusters = frame("clusters", ("wheel", "走马灯", "", "集群", "一（一）"))
    plan = dataclasses.replace(PLAN, clusters=clusters, fields=fields)
    assert verify_plan(plan, text).set_index("key").loc["paper", "status"] == "found"
    shorter = dataclasses.replace(plan, fields=fields.replace("纸灯", "纸"))
    assert verify_plan(shorter, text).set_index("key").loc["paper", "status"] == "missing"
