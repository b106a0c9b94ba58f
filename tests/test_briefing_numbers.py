"""Each number is the same in page, workbook, document and slides, is the library's, and leads somewhere."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import docx
import numpy as np
import openpyxl
import pandas as pd
import pptx
import pytest
from lxml import html

from siting import alignment, concentration, overlap, study
from siting.briefing.content import WIDEST, digits, shown
from siting.briefing.slides import ROWS
from siting.places import read_places
from siting.plan import read_plan
from siting.schema import Lang
from tests.letters import broken, rows_of_slide, too_tall
from tests.made_briefings import made_briefing

LANGS: tuple[Lang, Lang] = ("zh", "en")
HAN = re.compile("[\u3000-\u9fff\uff00-\uffef]")
# What an English reader needs as the document has it, to find it there.
AS_WRITTEN = re.compile(
    r"[一二三四]（[一二三四五六]）(?:\d|—\d|（\d）)*|—\d|二（三）1|"
    r"[沪嘉]府发?〔\d{4}〕\d+号|等 \(and others\)|\(上海市(?:嘉定区)?人民政府\)"
)
Rows = list[list[str]]
EXCEL = 1e-14  # a workbook keeps 16 digits


@cache
def page(lang: Lang) -> Any:
    return html.parse(str(made_briefing(lang) / "index.html")).getroot()


def text(node: Any) -> str:
    return "".join(node.itertext()).strip()


def tables_of_page(lang: Lang) -> dict[str, Rows]:
    """Give the tables of the page by id, in its order, headings first."""
    return {
        one.get("id"): [[text(cell) for cell in row.iter("th", "td")] for row in one.iter("tr")]
        for one in page(lang).iter("figure")
        if one.get("class") == "table"
    }


@cache
def sheets(lang: Lang) -> dict[str, list[list[Any]]]:
    book = openpyxl.load_workbook(made_briefing(lang) / "tables.xlsx", read_only=True)
    return {one.title: [list(row) for row in one.iter_rows(values_only=True)] for one in book}


def in_sheet(rows: list[list[Any]], heads: list[str]) -> list[list[Any]] | None:
    """Give the rows below these headings, or None where a sheet does not have them."""
    for i, row in enumerate(rows):
        if [str(one) for one in row[: len(heads)]] == heads:
            return [
                line[: len(heads)] for line in rows[i + 1 :] if any(c is not None for c in line)
            ]
    return None


def says(written: str, cell: Any, decimals: int) -> bool:
    """Tell whether a cell says what is written; a workbook keeps no point in a whole number."""
    ways = {shown(cell, decimals)}
    ways |= {shown(float(cell), decimals)} if isinstance(cell, int) else set()
    return " ".join(written.split()) in {" ".join(one.split()) for one in ways}


def same(one: Rows, other: list[list[Any]]) -> bool:
    places = digits(pd.DataFrame(other, dtype="object"))
    return [len(row) for row in one] == [len(row) for row in other] and all(
        says(written, cell, decimals)
        for row, line in zip(one, other, strict=True)
        for written, cell, decimals in zip(row, line, places, strict=True)
    )


def numbers(key: str, heads: dict[str, str]) -> pd.DataFrame:
    """Give columns of a table of the Chinese workbook by new names."""
    (found,) = [
        pd.DataFrame(below, columns=list(columns))
        for rows in sheets("zh").values()
        for columns in [tables_of_page("zh")[key][0]]
        for below in [in_sheet(rows, columns)]
        if below is not None and same(tables_of_page("zh")[key][1:], below)
    ]
    return found[list(heads)].rename(columns=heads)


@pytest.mark.parametrize("lang", LANGS)
def test_every_table_of_the_page_stands_in_the_workbook_cell_by_cell(lang: Lang) -> None:
    found = tables_of_page(lang)
    assert len(found) > 35
    for key, (heads, *body) in found.items():
        under = [in_sheet(rows, heads) for rows in sheets(lang).values()]
        assert any(one is not None and same(body, one) for one in under), key


@pytest.mark.parametrize("lang", LANGS)
def test_every_table_of_the_page_stands_whole_in_the_document(lang: Lang) -> None:
    made = docx.Document(str(made_briefing(lang) / "briefing.docx"))
    there = [[[cell.text for cell in row.cells] for row in one.rows] for one in made.tables]
    cards = [one for one in there if one[0][0] in ("指标", "Figure")]
    assert len(cards) == 2
    told = [one for one in there if one not in cards]
    for (key, rows), other in zip(tables_of_page(lang).items(), told, strict=True):
        assert same([row[:WIDEST] for row in rows], other), key


def tables_of_slides(lang: Lang) -> list[Rows]:
    """Give the tables of the slides; one that goes on over several slides is one."""
    show = pptx.Presentation(str(made_briefing(lang) / "briefing.pptx"))
    made: list[Rows] = []
    for slide in show.slides:
        heads, *body = rows_of_slide(slide) or [[]]
        if re.search(r"（续 \d|\(continued, \d", slide.shapes.title.text) and heads:
            assert made[-1][0] == heads
            made[-1] += body
        elif heads:
            made.append([heads, *body])
    return made


@pytest.mark.parametrize("lang", LANGS)
def test_every_open_table_of_the_page_stands_on_slides(lang: Lang) -> None:
    there = tables_of_slides(lang)
    folded = {one.get("id") for one in page(lang).xpath("//details//figure")}
    for key, rows in tables_of_page(lang).items():
        if key not in folded:
            begins = [row[:WIDEST] for row in rows[: ROWS + 1]]
            assert any(same(begins, other) for other in there), key


@pytest.mark.parametrize("lang", LANGS)
def test_no_number_and_no_word_of_a_table_for_word_or_slides_is_broken(lang: Lang) -> None:
    made = docx.Document(str(made_briefing(lang) / "briefing.docx"))
    assert [word for one in made.tables for word in broken(one)] == []
    show = pptx.Presentation(str(made_briefing(lang) / "briefing.pptx"))
    there = [s.table for slide in show.slides for s in slide.shapes if s.has_table]
    assert [word for one in there for word in broken(one, margin=5.0)] == []
    assert [text for slide in show.slides for text in too_tall(slide)] == []


@pytest.mark.parametrize("lang", LANGS)
def test_cards_say_the_same_everywhere(lang: Lang) -> None:
    cards = [
        [text(card.find(part)) for part in ("span", "strong", "small")]
        for card in page(lang).xpath("//ul[@class='cards']/li")
    ]
    made = docx.Document(str(made_briefing(lang) / "briefing.docx"))
    told = [
        [cell.text for cell in row.cells]
        for one in made.tables
        if one.cell(0, 0).text in ("指标", "Figure")
        for row in one.rows[1:]
    ]
    assert cards == told
    held = sheets(lang)["要点" if lang == "zh" else "Key figures"][1:]
    assert [[row[1], *row[4:6]] for row in held] == cards  # as the page writes them
    # and the same as numbers, each with its unit; the page writes shares to 0.1 %, half of that is 0.05
    for _, _, number, unit, said, _ in held:
        found = re.search(r"[\d,.]+", said)
        assert found is not None
        assert number == pytest.approx(float(found.group().replace(",", "")), abs=0.05), said
        assert unit, said


def test_overlaps_are_those_of_the_contract() -> None:
    plan, places = read_plan("shanghai-2022"), read_places("district")
    incidence = overlap.incidence(plan, places)
    heads = {"共有": "shared", "并集": "union", "杰卡德系数": "jaccard", "重叠系数": "overlap_coefficient",
             "随机期望": "expected", "精确 p 值": "p", "FDR 校正 q 值": "q"}  # fmt: skip
    wanted = overlap.pairs(incidence).sort_values("p", kind="stable")
    found = numbers("p1-pairs", heads)
    np.testing.assert_allclose(found.astype(float), wanted[list(heads.values())], rtol=EXCEL)
    stack = numbers("p1-places", {"区划代码": "id", "集群数": "n"}).set_index("id")["n"]
    assert stack.to_dict() == overlap.stack(incidence).to_dict()


def test_quotients_and_concentration_are_those_of_the_contract() -> None:
    table = study.census_table()
    named = table.attrs["names_zh"]
    heads = {named[key]: key for key in table.columns}
    places = read_places("district")["name_zh"]
    found = numbers("concentration-quotients", {"地区": "place"} | heads).set_index("place")
    wanted = concentration.location_quotient(table).rename(index=places)
    np.testing.assert_allclose(
        found.astype(float), wanted.loc[found.index, found.columns], rtol=EXCEL
    )
    spread = numbers(
        "concentration-sectors",
        {"门类": "sector", "区位基尼系数（洛伦兹）": "gini", "赫芬达尔指数（按地区）": "hhi"},
    ).set_index("sector")
    gini = concentration.locational_gini(table, variant="lorenz").rename(named)
    hhi = concentration.hhi(table, over="places").rename(named)
    np.testing.assert_allclose(spread["gini"].astype(float), gini[spread.index], rtol=EXCEL)
    np.testing.assert_allclose(spread["hhi"].astype(float), hhi[spread.index], rtol=EXCEL)


def test_shares_of_the_targets_are_those_of_the_contract() -> None:
    shares = alignment.target_shares(read_plan("shanghai-2022"), read_plan("jiading-2023"))
    known = shares[shares["status"] == "comparable"].set_index("name_zh")
    found = numbers(
        "alignment-target_shares", {"项目": "name", "份额下限": "low", "份额上限": "high"}
    )
    found = found.dropna().set_index("name")
    assert set(found.index) == set(known.index)
    for ours, theirs in (("low", "share_lower"), ("high", "share_upper")):
        np.testing.assert_allclose(
            found[ours].astype(float), known[theirs][found.index], rtol=EXCEL
        )


def test_the_scores_of_the_zones_are_sums_of_their_parts_and_total_what_the_text_says() -> None:
    for case in ("city", "district"):
        (rows,) = [v for k, v in tables_of_page("zh").items() if k == f"zones-{case}_layout"]
        parts = {one: one for one in rows[0] if one.startswith("其中")}
        found = numbers(f"zones-{case}_layout", {"得分": "得分"} | parts).astype(float)
        np.testing.assert_allclose(found[list(parts)].sum(axis=1), found["得分"], atol=1e-9)
        assert f"总分 {found['得分'].sum():.3f}，已证明最优" in text(page("zh"))


@pytest.mark.parametrize("lang", LANGS)
def test_every_table_card_and_sentence_with_a_number_leads_somewhere(lang: Lang) -> None:
    ids = {one.get("id") for one in page(lang).iter() if one.get("id")}
    figures = [one for one in page(lang).iter("figure") if one.get("class") == "table"]
    cards = page(lang).xpath("//ul[@class='cards']/li")
    sentences = [
        one
        for one in page(lang).xpath("//main//section/p[not(@class)]")
        if re.search(r"\d", text(one))
    ]
    assert len(cards) >= 18
    assert len(sentences) >= 8
    for one in [*figures, *cards, *sentences]:
        links = [a.get("href") for a in one.iter("a") if a.get("class") != "u"]  # inside the page
        listed = one.get("id") == "sources-sources"  # the sources themselves
        assert links or listed, (one.get("id"), text(one)[:80])
        assert all(link[1:] in ids for link in links), links


@pytest.mark.parametrize("lang", LANGS)
def test_a_column_of_clauses_has_a_link_in_every_cell_that_names_one(lang: Lang) -> None:
    for one in page(lang).iter("figure"):
        if one.get("class") != "table" or (one.get("id") or "").endswith("-facts"):
            continue
        heads = [text(cell) for cell in one.iter("th")]
        at = [i for i, head in enumerate(heads) if "条款" in head or "lause" in head]
        for row in one.xpath(".//tbody/tr"):
            for i in at:
                assert not text(row[i]) or row[i].find("a") is not None, text(row)


def test_the_english_briefing_is_english_but_for_what_is_quoted() -> None:
    for script in page("en").xpath("//script|//style"):
        script.text = ""
    said = [text(page("en"))]
    said += [str(v) for one in page("en").iter() for v in one.values() if isinstance(v, str)]
    said += [str(c) for rows in sheets("en").values() for row in rows for c in row if c is not None]
    made = docx.Document(str(made_briefing("en") / "briefing.docx"))
    said += [p.text for p in made.paragraphs]
    show = pptx.Presentation(str(made_briefing("en") / "briefing.pptx"))
    said += [s.text_frame.text for slide in show.slides for s in slide.shapes if s.has_text_frame]
    left = [AS_WRITTEN.sub("", one) for one in said]
    assert [one[:120] for one in left if HAN.search(one)] == []


def test_the_files_are_small_enough_to_send(tmp_path: Path) -> None:
    for lang in LANGS:
        folder = made_briefing(lang)
        assert (folder / "index.html").stat().st_size <= 5_000_000  # with all maps inside
        for name in ("briefing.docx", "briefing.pptx"):
            assert (folder / name).stat().st_size <= 3_000_000
