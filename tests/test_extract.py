"""The draft of a plan from a text: all that it states, nothing that it does not, however written."""

from __future__ import annotations

import dataclasses
import random
import re
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from siting.cli import main
from siting.errors import InputError
from siting.plan import read_plan
from siting.plan.model import SHEETS
from siting.reader import extract_facts, extract_plan, read_document, verify_plan, write_draft
from tests import altered
from tests.absent import brought
from tests.altered import KINDS, facts

PLANS = ("shanghai-2022", "jiading-2023")
# Made up: another district, another industry, other wordings and styles than those of the two plans.
TEXT = """青府发〔2031〕4号

青浦区灯彩产业行动方案（2031—2034年）

为做强灯彩，制定本方案。

一、工作目标

截至2030年底，全区已有灯坊90家，产值60亿元。力争到2034年，灯彩产业规模突破150亿元，累计引进龙头灯坊5家以上，
新增上市企业3家，建成不少于2个灯彩园区，研发投入占比达到8%左右。
——办好灯会。到2033年，举办12场以上大型灯会，培育约30名传灯人，设立规模20亿元的基金。
——做优服务。建设百灯馆、千灯坊2个展馆，形成具有海派气质的灯彩品牌10个左右。

二、重点发展方向

（一）走马灯
布局在华新镇、白鹤镇，突破转轴难题。
（1）竹骨走马灯。用于医疗、养老等领域。
（2）电动走马灯：在灯会、展会等场景示范。
（二）水上灯
依托朱家角、金泽等镇，打造水上灯制作基地。
（1）荷花灯。提升防水水平。
（2）9K 灯船。突破10项关键技术。
（三）光影戏
支持徐泾、赵巷、虚构镇等区域建设示范点。以皮影、投影和全息影为主攻方向。

三、专项任务

（一）匠人“薪火行动”
对获奖匠人给予最高100万元奖励，每年支持10名左右匠人。
（二）灯坊“归巢工程”
聚焦老街、码头等，打造灯彩先导区。

四、保障措施
一是加强领导。二是加大投入。

2031年3月9日印发
"""


@pytest.fixture
def sources() -> Path:
    found = Path(__file__).parents[2] / "shared" / "sources"
    if not found.is_dir():
        pytest.skip("the two documents are not here")
    return found


def rows(frame: pd.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    return list(frame[list(columns)].itertuples(index=False, name=None))


@pytest.mark.parametrize("name", PLANS)
def test_the_draft_of_a_source_document_is_its_register(sources: Path, name: str) -> None:
    text = (sources / f"{name}.txt").read_text("utf-8")
    draft, register = extract_plan(text), read_plan(name)
    assert facts(draft) == facts(register)
    assert rows(draft.zones, "name_zh", "clause") == rows(register.zones, "name_zh", "clause")
    assert (draft.title, draft.level, draft.parent_id) == (
        register.title, register.level, register.parent_id,
    )  # fmt: skip
    assert (verify_plan(draft, text)["status"] == "found").all()


def test_two_hundred_altered_documents_are_read_as_well(sources: Path) -> None:
    hits, wanted, got = Counter[str](), Counter[str](), Counter[str]()
    texts = {p: (sources / f"{p}.txt").read_text("utf-8") for p in PLANS}
    plans = {p: read_plan(p) for p in PLANS}
    for seed in range(200):
        name = PLANS[seed % 2]
        text, said = altered.variant(texts[name], plans[name], seed)
        found = facts(extract_plan(text))
        for kind in KINDS:
            hits[kind] += len(said[kind] & found[kind])
            wanted[kind] += len(said[kind])
            got[kind] += len(found[kind])
    for kind in KINDS:
        assert hits[kind] / wanted[kind] >= 0.99, kind  # recall
        assert hits[kind] / got[kind] >= 0.99, kind  # precision


def test_a_hundred_altered_facts_are_caught(sources: Path) -> None:
    draw = random.Random(3)
    for number in range(100):
        name = PLANS[number % 2]
        text = (sources / f"{name}.txt").read_text("utf-8")
        found = extract_facts(text)
        fact = found[~found["kind"].isin(["plan"])].iloc[draw.randrange(len(found) - 4)]
        start, end = int(fact["start"]), int(fact["end"])
        changed = _changed(text[start:end], draw)
        # A cluster may be named twice in its clause: a change of its name is one of all of them.
        other = text[:start] + changed + text[end:]
        if fact["kind"] == "cluster":
            other = text.replace(text[start:end], changed)
        checked = verify_plan(read_plan(name), other)
        assert (checked["status"] == "missing").any(), (name, text[start:end], changed)


def _changed(said: str, draw: random.Random) -> str:
    """Return a fact with one thing changed: a figure, the qualifier, or a character of a name."""
    number = re.search(r"\d+(?= ?[^\d ])", said)
    if number and draw.random() < 0.6:
        return said.replace(number[0], str(int(number[0]) + draw.choice([1, 5, 10])), 1)
    for word, other in (("左右", "以上"), ("以上", "左右"), ("超过", "达到"), ("不少于", "约")):
        if word in said:
            return said.replace(word, other)
    hanzi = [i for i, c in enumerate(said) if "\u4e00" <= c <= "\u9fff"]
    at = draw.choice(hanzi)
    return said[:at] + ("甲" if said[at] != "甲" else "乙") + said[at + 1 :]


def test_a_document_of_another_district_is_read() -> None:
    plan = extract_plan(TEXT)
    assert (plan.level, plan.parent_id, plan.published) == ("town", "310118", "2031-03-09")
    assert plan.title == "青浦区灯彩产业行动方案（2031—2034年）"
    assert plan.document_no == "青府发〔2031〕4号"
    assert rows(plan.clusters, "name_zh", "tier", "clause") == [
        ("走马灯", "方向", "二（一）"), ("水上灯", "方向", "二（二）"), ("光影戏", "方向", "二（三）"),
    ]  # fmt: skip
    assert rows(plan.fields, "cluster_id", "name_zh", "clause") == [
        ("cluster-1", "竹骨走马灯", "二（一）（1）"), ("cluster-1", "电动走马灯", "二（一）（2）"),
        ("cluster-2", "荷花灯", "二（二）（1）"), ("cluster-2", "9K 灯船", "二（二）（2）"),
        ("cluster-3", "皮影", "二（三）"), ("cluster-3", "投影", "二（三）"), ("cluster-3", "全息影", "二（三）"),
    ]  # fmt: skip
    # Codes of the gazetteer; the made-up name has none, and none is guessed.
    assert rows(plan.assignments, "cluster_id", "place_id", "place_as_written", "is_exhaustive") == [
        ("cluster-1", "310118107", "华新镇", True), ("cluster-1", "310118110", "白鹤镇", True),
        ("cluster-2", "310118102", "朱家角", False), ("cluster-2", "310118104", "金泽", False),
        ("cluster-3", "310118106", "徐泾", False), ("cluster-3", "310118105", "赵巷", False),
        ("cluster-3", "", "虚构镇", False),
    ]  # fmt: skip
    assert rows(plan.programmes, "name_zh", "clause") == [
        ("匠人“薪火行动”", "三（一）"), ("灯坊“归巢工程”", "三（二）"),
    ]  # fmt: skip
    assert plan.zones["name_zh"].tolist() == ["老街", "码头"]


# Made up as well, and read by nobody before: decimal headings and brackets; a label before each list;
# a blank behind each title, the places in the heading, a sum whose name stands in the sentence before.
OTHERS: dict[str, tuple[str, dict[str, tuple[str, str]], list[tuple[object, ...]], list[str]]] = {
    "decimals": (
        """浦东新区促进智能产业发展三年行动方案（2026—2028年）
1 总体目标
到2028年，智能产业规模达到5000亿元左右，集聚重点企业1500家以上，建成开放实验室40个。
2 重点领域
2.1 智能芯片产业集群
在张江镇、康桥镇和川沙新镇等区域布局，打造智能芯片产业集群。
【车规芯片】提升可靠性设计能力，推进上车验证。
【存算一体】突破架构和工具链。
【光子芯片】建设中试线。
2.2 智能软件产业集群
在金桥镇、高行镇等区域布局，打造智能软件产业集群。
【工业软件】攻关求解器和内核。
【操作系统】培育开源社区。
2.3 智能医疗产业集群
在周浦镇、航头镇等区域布局，打造智能医疗产业集群。
【手术机器人】推动多科室应用。
【影像诊断】开放医疗数据集。
3 重点行动
3.1 算力筑基行动
新增智能算力20000P以上。
3.2 模型攀登行动
培育行业大模型不少于30个，形成标杆应用约100个。
4 保障措施
4.1 组织领导
建立联席会议。
4.2 政策支持
落实人才政策。
""",
        {
            "智能芯片": ("车规芯片 存算一体 光子芯片", "张江镇 康桥镇 川沙新镇"),
            "智能软件": ("工业软件 操作系统", "金桥镇 高行镇"),
            "智能医疗": ("手术机器人 影像诊断", "周浦镇 航头镇"),
        },
        [
            ("智能产业规模", 5000, "亿元", "about", 2028),
            ("重点企业", 1500, "家", "at_least", 2028),
            ("开放实验室", 40, "个", "exactly", 2028),
            ("智能算力", 20000, "P", "at_least", 2028),
            ("行业大模型", 30, "个", "at_least", 2028),
            ("标杆应用", 100, "个", "about", 2028),
        ],
        ["算力筑基行动", "模型攀登行动"],
    ),
    "labels": (
        """金山区推动化工新材料等产业链高质量发展行动方案（2026-2028年）

一、行动目标
到2028年，全区四条重点产业链规模合计达到1800亿元，链主企业10家以上，本地配套率提高到45%，制定标准50项。
二、主要任务
（一）高性能纤维产业链
主攻方向：碳纤维、芳纶、玄武岩纤维。
布局区域：金山卫镇、漕泾镇、碳谷绿湾产业园。
主要举措：推动原丝国产化，建设复材中心。
（二）电子化学品产业链
主攻方向：湿电子化学品、封装材料、抛光液。
布局区域：山阳镇、金山工业区。
主要举措：建设共享实验室，打通验证通道。
（三）无人系统产业链
主攻方向：无人机、无人船、反制设备。
布局区域：朱泾镇、亭林镇等镇。
主要举措：开放空域，拓展巡查场景。
（四）乐动文创产业链
主攻方向：积木玩具、沉浸演艺。
布局区域：枫泾镇、石化街道。
主要举措：引进品牌首店20家以上。
三、专项工程
1. 补链工程：到2027年，引进补链项目60个左右，总投资超过300亿元。
2. 数链工程：建成数字化车间100个，上云企业突破2000家。
3. 绿链工程：万元产值能耗下降10%以上。
四、保障措施
1. 加强统筹。建立链长制。
2. 强化支撑。用好产业基金。
""",
        {
            "高性能纤维": ("碳纤维 芳纶 玄武岩纤维", "金山卫镇 漕泾镇 碳谷绿湾产业园"),
            "电子化学品": ("湿电子化学品 封装材料 抛光液", "山阳镇 金山工业区"),
            "无人系统": ("无人机 无人船 反制设备", "朱泾镇 亭林镇"),
            "乐动文创": ("积木玩具 沉浸演艺", "枫泾镇 石化街道"),
        },
        [
            ("四条重点产业链规模", 1800, "亿元", "exactly", 2028),
            ("链主企业", 10, "家", "at_least", 2028),
            ("本地配套率", 45, "%", "exactly", 2028),
            ("标准", 50, "项", "exactly", 2028),
            ("品牌首店", 20, "家", "at_least", 2028),
            ("补链项目", 60, "个", "about", 2027),
            ("总投资", 300, "亿元", "more_than", 2027),
            ("数字化车间", 100, "个", "exactly", 2028),
            ("上云企业", 2000, "家", "more_than", 2028),
            ("万元产值能耗下降", 10, "%", "at_least", 2028),
        ],
        ["补链工程", "数链工程", "绿链工程"],
    ),
    "blanks": (
        """上海市灯彩绿色产业行动方案（2026—2028年）
为贯彻部署，制定本方案：
青浦、崇明先行。
一、发展目标
1. 规模：到2028年，达到1.2万亿元左右；到2030年，达到2万亿元。
2. 企业。2027年底前，布局创新平台30个左右，突破关键技术不少于80项，引进重点企业5家。
3. 愿景。到2035年，成为策源地。
二、重点任务
（一）打造纸灯产业集群，推动浦东新区、崇明区联动发展
1. 竹骨纸灯 推进轻量化设计，提升叶片、灯罩等部件水平。
2. 绢面纸灯 完善染色工艺，建设试验场。
（二）打造水灯产业集群，推动宝山区、长宁区联动发展
1. 荷花灯 探索商业模式，拓展海外市场。
2. 游船灯 利用旧船，发展夜游。
三、推进措施
（一）实施薪火计划。到2027年，建成灯坊5个以上，每月召开例会2次。
（二）实施归巢计划。开展评选10项。
""",
        {
            "纸灯": ("竹骨纸灯 绢面纸灯", "浦东新区 崇明区"),
            "水灯": ("荷花灯 游船灯", "宝山区 长宁区"),
        },
        [
            ("规模", 1.2, "万亿元", "about", 2028),
            ("规模", 2, "万亿元", "exactly", 2030),
            ("创新平台", 30, "个", "about", 2027),
            ("关键技术", 80, "项", "at_least", 2027),
            ("重点企业", 5, "家", "exactly", 2027),
            ("评选", 10, "项", "exactly", 2028),
        ],
        ["实施薪火计划", "实施归巢计划"],
    ),
}


@pytest.mark.parametrize("name", OTHERS)
def test_plans_in_other_styles_are_read_whole(name: str) -> None:
    text, clusters, targets, programmes = OTHERS[name]
    plan = extract_plan(text)
    names = plan.clusters["name_zh"]
    assert names.tolist() == list(clusters)
    fields = [(names[r.cluster_id], r.name_zh) for r in plan.fields.itertuples()]
    assert fields == [(key, one) for key, (said, _) in clusters.items() for one in said.split()]
    pairs = [(names[r.cluster_id], r.place_as_written) for r in plan.assignments.itertuples()]
    assert pairs == [(key, one) for key, (_, said) in clusters.items() for one in said.split()]
    said = rows(plan.targets, "name_zh", "quantity", "unit", "qualifier", "year")
    assert said == targets
    assert plan.programmes["name_zh"].tolist() == programmes


def test_targets_keep_their_qualifiers_and_what_is_no_target_stays_out() -> None:
    # Left out: what is (90 家, 60 亿元), what is counted (2 个展馆), attributes (20 亿元的), grants.
    assert rows(extract_plan(TEXT).targets, "name_zh", "quantity", "unit", "qualifier", "year") == [
        ("灯彩产业规模", 150.0, "亿元", "more_than", 2034),
        ("龙头灯坊", 5.0, "家", "at_least", 2034),
        ("上市企业", 3.0, "家", "exactly", 2034),
        ("灯彩园区", 2.0, "个", "at_least", 2034),
        ("研发投入占比", 8.0, "%", "about", 2034),
        ("大型灯会", 12.0, "场", "at_least", 2033),
        ("传灯人", 30.0, "名", "about", 2033),
        ("灯彩品牌", 10.0, "个", "about", 2033),
        ("关键技术", 10.0, "项", "exactly", 2034),  # no year in its clause: that of the title
    ]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("产值达到5000亿元左右", ("产值", 5000, "亿元", "about")),
        ("产业规模突破1.2万亿元", ("产业规模", 1.2, "万亿元", "more_than")),
        ("突破100项核心技术", ("核心技术", 100, "项", "exactly")),
        ("建设不少于 5 个园区", ("园区", 5, "个", "at_least")),
        ("能耗降幅不低于 12%", ("能耗降幅", 12, "%", "at_least")),
        ("企业总数超过 1,200 家", ("企业总数", 1200, "家", "more_than")),
        ("培育百余家企业，推动 10 家左右企业向海外布局", ("企业", 10, "家", "about")),
        ("新增上市企业约３家", ("上市企业", 3, "家", "about")),
        ("产业规模达到千亿元", ("产业规模", 1000, "亿元", "exactly")),
    ],
)
def test_quantities_are_read_in_many_wordings(
    said: str, expected: tuple[str, float, str, str]
) -> None:
    plan = extract_plan(f"一、目标\n到2030年，{said}。")
    found = rows(plan.targets, "name_zh", "quantity", "unit", "qualifier")
    assert expected in found
    assert plan.targets["year"].eq(2030).all()


@pytest.mark.parametrize(
    "said", ["建设2—3个园区", "能耗不超过5万吨", "给予最高50万元奖励", "目前已有8家企业"]
)
def test_what_the_vocabulary_has_no_word_for_is_left_out(said: str) -> None:
    assert extract_plan(f"一、目标\n到2030年，{said}。").targets.empty


def test_a_target_without_a_year_says_so() -> None:
    plan = extract_plan("一、目标\n建设 5 个园区。")
    assert plan.targets["year"].tolist() == [0]
    assert [f.code for f in plan.findings if f.sheet == "targets"] == ["W-READ-01"]


def test_the_name_of_two_places_gets_no_code() -> None:
    # 张江 may be the town or the high-tech park, both in Pudong.
    text = "浦东新区灯彩行动方案\n一、布局\n（一）打造灯彩产业集群\n在张江、川沙等区域，打造灯彩产业集群。"
    found = extract_plan(text).assignments.set_index("place_as_written")["place_id"]
    assert found["张江"] == ""


def test_every_fact_stands_where_it_is_said_to() -> None:
    found = extract_facts(TEXT)
    named = found[(found["kind"] != "target") & found["name"].ne("") & (found["kind"] != "plan")]
    for row in named.itertuples():
        assert TEXT[row.start : row.end] == row.name
    for row in found[found["kind"] == "target"].itertuples():
        assert re.search(r"\d", TEXT[row.start : row.end])
        assert row.name in TEXT
    assert found["confidence"].between(0, 1).all()
    unknown = found[found["name"] == "虚构镇"].iloc[0]
    assert unknown["confidence"] < 0.7
    assert unknown["note"]


def test_the_notes_speak_english_too() -> None:
    assert extract_facts(TEXT, lang="en")["note"].str.contains("gazetteer").any()
    with pytest.raises(InputError):
        extract_facts(TEXT, lang="fr")


@pytest.mark.parametrize(
    "text", ["", "\n\n", "今天天气很好。", "一、\n二、\n（一）", "在北京、上海等地开会。" * 50]
)
def test_nothing_is_made_of_nothing(text: str) -> None:
    plan = extract_plan(text)
    assert all(len(getattr(plan, kind)) == 0 for kind in ("clusters", "fields", "assignments"))


def test_the_draft_has_the_columns_of_a_plan_and_no_others() -> None:
    plan = extract_plan(TEXT)
    for sheet in ("clusters", "fields", "assignments", "targets", "programmes", "zones"):
        columns = list(SHEETS[sheet])
        assert list(getattr(plan, sheet).columns) == columns[sheet != "assignments" :]
    assert extract_plan(TEXT) == plan


def test_the_workbook_is_read_back_once_the_gaps_are_filled(tmp_path: Path) -> None:
    import openpyxl

    path, plan = write_draft(tmp_path / "draft.xlsx", TEXT)
    with pytest.raises(InputError, match="虚构镇"):
        read_plan(path)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[-1] == "核对"
    shown = [row[0].value for row in book["核对"].iter_rows(min_row=2)]
    assert Counter(shown)["target"] == len(plan.targets)
    for name in ("clusters", "fields", "assignments", "targets", "programmes", "zones"):
        *_, remarks = book[name].iter_cols(values_only=True)
        assert remarks[0].startswith("核对"), name
        assert all("把握" in remark for remark in remarks[1:]), name
    for row in book["assignments"].iter_rows(min_row=2):
        doubted = row[2].value == "虚构镇"
        assert ("请核对" in row[-1].value and "不在名录" in row[-1].value) == doubted
        if doubted:
            row[2].value = "练塘镇"
    for row in book["zones"].iter_rows(min_row=2):
        row[3].value = "朱家角"
    book.save(path)
    again = read_plan(path)
    assert again.clusters.equals(plan.clusters)
    assert again.targets.equals(plan.targets)
    assert again.assignments["place_id"].tolist()[-1].startswith("310118")


def test_the_command_writes_the_workbook(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.txt").write_bytes(TEXT.encode("gb18030"))
    out = tmp_path / "a.xlsx"
    assert main(["plan", "extract", str(tmp_path / "a.txt"), str(out)]) == 0
    assert capsys.readouterr().out.strip() == str(out)
    assert out.exists()
    assert main(["plan", "extract", str(tmp_path / "a.txt"), str(out)]) == 2  # it is there already


def docx(path: Path, body: str, **more: str) -> Path:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        head = more.get("head", "")
        package.writestr(
            "word/document.xml", f"{head}<w:document {space}><w:body>{body}</w:body></w:document>"
        )
        if "numbering" in more:
            package.writestr(
                "word/numbering.xml", f"<w:numbering {space}>{more['numbering']}</w:numbering>"
            )
    return path


def paragraph(*runs: str, level: int | None = None) -> str:
    number = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="7"/></w:numPr>'
    properties = "" if level is None else f"<w:pPr>{number}</w:pPr>"
    return f"<w:p>{properties}{''.join(f'<w:r><w:t>{r}</w:t></w:r>' for r in runs)}</w:p>"


def test_a_docx_gives_the_same_draft_as_its_text(tmp_path: Path) -> None:
    # A run may end anywhere inside a word.
    body = "".join(paragraph(line[:5], line[5:]) for line in TEXT.splitlines())
    assert extract_plan(read_document(docx(tmp_path / "a.docx", body))) == extract_plan(TEXT)


def test_numbers_that_word_counts_are_written_out(tmp_path: Path) -> None:
    body = paragraph("目标", level=0) + paragraph("布局", level=0) + paragraph("灯彩", level=1)
    assert read_document(docx(tmp_path / "a.docx", body)) == "一、目标\n二、布局\n（一）灯彩"


def test_deleted_words_of_a_docx_are_left_out(tmp_path: Path) -> None:
    deleted = (
        "<w:p><w:r><w:t>留下</w:t></w:r><w:del><w:r><w:delText>删去</w:delText></w:r></w:del></w:p>"
    )
    assert read_document(docx(tmp_path / "a.docx", deleted)) == "留下"


@pytest.mark.parametrize(
    "head", ['<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>', "<!DOCTYPE a>"]
)
def test_a_docx_with_entities_is_refused(tmp_path: Path, head: str) -> None:
    with pytest.raises(InputError, match="E-READ-03"):
        read_document(docx(tmp_path / "a.docx", paragraph("灯"), head=head))


def test_a_docx_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("siting.reader.opening.MAX_BYTES", 10_000)
    with pytest.raises(InputError, match="E-READ-03"):
        read_document(docx(tmp_path / "a.docx", paragraph("灯" * 20_000)))


@pytest.mark.parametrize("raw", [b"", b"PK\x03\x04 broken", b"<html>", b"\xd0\xcf\x11\xe0"])
def test_a_file_that_is_no_docx_is_refused(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "a.docx").write_bytes(raw)
    with pytest.raises(InputError):
        read_document(tmp_path / "a.docx")


def test_other_files_and_addresses_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.doc").write_bytes(b"x")
    for path in (tmp_path / "a.doc", tmp_path, tmp_path / "none.txt", "https://example.org/a.pdf"):
        with pytest.raises(InputError):
            read_document(path)


def pdf(path: Path, pages: list[list[str]]) -> Path:
    """Write a .pdf by hand: a font whose codes are UTF-16, with the map that says so."""
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def\n"
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        "1 beginbfrange <0000> <FFFF> <0000> endbfrange endcmap end end"
    )
    kids = " ".join(f"{6 + 2 * i} 0 R" for i in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>",
        (
            "<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H "
            "/DescendantFonts [4 0 R] /ToUnicode 5 0 R >>"
        ),
        (
            "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /DW 1000 "
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>"
        ),
        f"<< /Length {len(cmap)} >> stream\n{cmap}\nendstream",
    ]
    for i, lines in enumerate(pages):
        shown = " ".join(f"<{line.encode('utf-16-be').hex()}> Tj 0 -20 Td" for line in lines)
        drawn = f"BT /F 12 Tf 50 780 Td {shown} ET"
        objects += [
            (
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {7 + 2 * i} 0 R "
                "/Resources << /Font << /F 3 0 R >> >> >>"
            ),
            f"<< /Length {len(drawn)} >> stream\n{drawn}\nendstream",
        ]
    out, at = "%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        at.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in at)
    size = len(objects) + 1
    out += f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer << /Size {size} /Root 1 0 R >>\n"
    path.write_bytes((out + f"startxref\n{out.index('xref')}\n%%EOF").encode("ascii"))
    return path


def test_a_pdf_gives_the_same_draft_across_its_pages(tmp_path: Path) -> None:
    brought("pypdf")
    lines = [part for line in TEXT.splitlines() if line for part in _wrapped(line, 28)]
    pages = [
        [*lines[i : i + 12], f"— {number} —"]
        for number, i in enumerate(range(0, len(lines), 12), start=1)
    ]
    read = extract_plan(read_document(pdf(tmp_path / "a.pdf", pages)))
    assert facts(read) == facts(extract_plan(TEXT))


def _wrapped(line: str, width: int) -> list[str]:
    return [line[i : i + width] for i in range(0, len(line), width)]


def test_a_scanned_pdf_is_refused_with_advice(tmp_path: Path) -> None:
    pypdf = brought("pypdf")
    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    writer.write(tmp_path / "a.pdf")
    with pytest.raises(InputError, match="OCR"):
        read_document(tmp_path / "a.pdf")


def test_a_broken_pdf_is_refused(tmp_path: Path) -> None:
    brought("pypdf")
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4 nothing")
    with pytest.raises(InputError, match="E-READ-03"):
        read_document(tmp_path / "a.pdf")


def test_without_pypdf_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdf", None)
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4")
    with pytest.raises(InputError, match=r"siting\[reader\]"):
        read_document(tmp_path / "a.pdf")


def test_no_wording_keeps_the_reader_for_ever() -> None:
    # A pattern that backtracks without end would hang on one of these; a minute is an age for all four.
    said = (
        "打造" + "的" * 3000 + "集",
        "发展" * 5000,
        "在" + "甲、" * 9000 + "乙等区域",
        "支持在" * 2000 + "等区域",
    )
    code = (
        "import sys\nfrom siting.reader import extract_plan\n"
        "for one in sys.stdin.read().splitlines():\n"
        "    extract_plan('一、布局\\n在浦东、宝山等区域，' + one + '。')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        input="\n".join(said),
        encoding="utf-8",
        timeout=60,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_a_draft_that_is_changed_no_longer_verifies() -> None:
    plan = extract_plan(TEXT)
    assert (verify_plan(plan, TEXT)["status"] == "missing").sum() == 1  # the year of the title
    wrong = dataclasses.replace(plan, clusters=plan.clusters.replace("水上灯", "水下灯"))
    assert (verify_plan(wrong, TEXT)["status"] == "missing").sum() > 1


@pytest.mark.parametrize(
    ("said", "fields", "places"),
    [
        (
            "（一）打造纸鸢制造产业集群\n在徐泾、赵巷、华新等区域，加快整机研发。\n1.硬翅纸鸢。研发。\n",
            1,
            3,
        ),
        ("（一）打造纸鸢产业集群。在徐泾、赵巷、华新等区域，重点发展整机。\n", 0, 3),
        ("（一）建设纸鸢产业集群\n重点在徐泾、赵巷、华新等区域布局。\n1.硬翅。研发。\n", 1, 3),
        ("（一）打造纸鸢产业集群\n1.硬翅纸鸢。研发。\n2.软翅纸鸢。研发。\n", 2, 0),
    ],
)
def test_a_cluster_that_stands_alone_in_its_chapter_is_read_from_its_title(
    said: str, fields: int, places: int
) -> None:
    draft = extract_plan(f"青浦区行动方案\n\n一、总体目标\n发展。\n\n二、重点任务\n{said}")
    assert len(draft.clusters) == 1
    assert draft.clusters["name_zh"].iloc[0].startswith("纸鸢")
    assert (len(draft.fields), len(draft.assignments)) == (fields, places)
