"""The page on paper: A4 sheets that hold every table, no word or row in two pieces, headings with what follows."""

from __future__ import annotations

import base64
import io
import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from pypdf import PdfReader
from selenium import webdriver

from siting.schema import Lang
from tests.browser import chromium, resize, visit
from tests.made_briefings import made_briefing

pytestmark = pytest.mark.browser
UPRIGHT, TURNED = 680, 1009  # A4 without its margins of 15 mm, in CSS pixels: 180 and 267 mm
LANGS: tuple[Lang, Lang] = ("zh", "en")

# Words, numbers and clauses that stand on more than one line, and what is wider than the sheet.
CUT = r"""
const lines = (rects) => new Set([...rects].filter((r) => r.width).map((r) => Math.round(r.top))).size;
const cut = [];
const turned = arguments[0];
const here = (node) => (getComputedStyle(node.closest("figure")).page === "turned") === turned;
for (const cell of document.querySelectorAll("td, thead th")) {
  if (!here(cell)) continue;
  for (const link of cell.querySelectorAll("a:not(.u)")) {
    if (lines(link.getClientRects()) > 1) cut.push(link.textContent);
  }
  const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    if (text.parentElement.closest(".u")) continue;
    for (const word of text.data.matchAll(/[A-Za-z0-9][A-Za-z0-9.,%]*/g)) {
      const range = document.createRange();
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      if (lines(range.getClientRects()) > 1) cut.push(word[0]);
    }
  }
}
const wide = [...document.querySelectorAll("table, .picture img")].filter(here)
  .filter((n) => n.getBoundingClientRect().right > innerWidth + 0.5).map((n) => n.closest("figure").id);
return [cut, wide, document.querySelectorAll("td").length];
"""
# A mark in each heading and first cell of a row, so that the sheets tell where they came to lie.
MARK = """
document.querySelectorAll("figure.table").forEach((figure, t) => {
  figure.querySelector("figcaption").append(` X${t}H `);
  figure.querySelectorAll("tbody tr").forEach((row, r) => row.cells[0].append(` X${t}R${r}E `));
});
document.querySelectorAll("h3").forEach((head, n) => {
  head.append(` Y${n}H `);
  const next = head.nextElementSibling.querySelector("figcaption") ?? head.nextElementSibling;
  next.append(` Y${n}N `);
});
"""


@pytest.fixture(scope="module")
def window() -> Iterator[webdriver.Chrome]:
    with chromium() as opened:
        yield opened


def plain(text: str) -> str:
    """A text as it can be compared: letters alone, without ligatures and blanks."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def opened(window: webdriver.Chrome, path: Path, width: int = 1280) -> None:
    resize(window, width, 800)
    visit(window, path)


def printed(window: webdriver.Chrome) -> PdfReader:
    made = window.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})
    return PdfReader(io.BytesIO(base64.b64decode(made["data"])))


@pytest.mark.parametrize("lang", LANGS)
def test_the_sheets_are_a4_and_hold_every_table_with_its_headings(
    window: webdriver.Chrome, lang: Lang
) -> None:
    opened(window, made_briefing(lang) / "index.html")
    folded = window.execute_script(
        "return [...document.querySelectorAll('details figcaption')].map((f) => f.firstChild.data)"
    )
    pictures = window.execute_script("return document.querySelectorAll('.picture img').length")
    sheets = printed(window).pages
    # 210 x 297 mm in points; the widest tables have theirs turned
    sizes = {(round(p.mediabox.width), round(p.mediabox.height)) for p in sheets}
    assert sizes == {(595, 842), (842, 595)}
    texts = [plain(page.extract_text()) for page in sheets]
    assert len(folded) > 4
    assert [one for one in folded if plain(one) not in "".join(texts)] == []
    assert sum(len(page.images) for page in sheets) == pictures
    # the list of hot spots runs over several sheets: each has the headings
    heading = "Gi*的z" if lang == "zh" else "zofGi*"
    assert sum(heading in text for text in texts) >= 3
    # after printing, what was folded is folded again
    assert window.execute_script("return document.querySelector('details[open]')") is None


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("width", [UPRIGHT, TURNED])
def test_no_word_number_or_clause_is_cut_and_nothing_is_wider_than_its_sheet(
    window: webdriver.Chrome, lang: Lang, width: int
) -> None:
    opened(window, made_briefing(lang) / "index.html", width)
    window.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        window.execute_script(
            "document.querySelectorAll('details').forEach((one) => { one.open = true; })"
        )
        cut, wide, cells = window.execute_script(CUT, width == TURNED)
        assert cells > 1000
        assert cut == []
        assert wide == []
    finally:
        window.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


@pytest.mark.parametrize("lang", LANGS)
def test_short_tables_stay_whole_and_headings_stand_with_the_first_rows(
    window: webdriver.Chrome, lang: Lang
) -> None:
    opened(window, made_briefing(lang) / "index.html")
    window.execute_script(MARK)
    heads: dict[str, int] = {}  # mark: the sheet on which it stands
    rows: dict[str, dict[int, int]] = {}
    for number, sheet in enumerate(printed(window).pages):
        text = plain(sheet.extract_text())
        heads |= dict.fromkeys(re.findall(r"X\d+H|Y\d+[HN]", text), number)
        for table, row in re.findall(r"X(\d+)R(\d+)E", text):
            assert int(row) not in rows.setdefault(table, {}), "a row in two pieces"
            rows[table][int(row)] = number
    assert len(rows) > 25
    for table, at in rows.items():
        assert sorted(at) == list(range(len(at)))  # every row is on paper
        sheets = [at[row] for row in range(len(at))]
        assert heads[f"X{table}H"] == sheets[0], table
        if len(at) <= 12:
            assert len(set(sheets)) == 1, table
        else:  # no row stands alone, at the foot of one sheet or the head of the next
            cuts = [k for k, (one, next_) in enumerate(pairwise(sheets), 1) if one != next_]
            assert all(3 <= k <= len(at) - 3 for k in cuts), (table, cuts)
    for head in [one for one in heads if re.fullmatch(r"Y\d+H", one)]:
        assert heads[head] == heads[f"{head[:-1]}N"], head
