"""The page of a briefing as a reader meets it: read, sorted, filtered, enlarged, printed, offline."""

from __future__ import annotations

import base64
import re
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from siting.schema import Lang
from tests.browser import chromium, complaints, requests, resize, visit
from tests.made_briefings import made_briefing

pytestmark = pytest.mark.browser
LANGS: tuple[Lang, Lang] = ("zh", "en")


@pytest.fixture(scope="module")
def window() -> Iterator[webdriver.Chrome]:
    with chromium() as opened:
        yield opened


def index(window: webdriver.Chrome, lang: Lang = "zh", width: int = 1280) -> None:
    resize(window, width, 800)
    visit(window, made_briefing(lang) / "index.html")


def asked(window: webdriver.Chrome) -> list[str]:
    """What was asked of the network: pictures inside the page are none of it."""
    return [url for url in requests(window) if not url.startswith("data:")]


def until(window: webdriver.Chrome, truth: str) -> None:
    """Wait until a JavaScript expression is true."""
    WebDriverWait(window, 20).until(lambda w: w.execute_script(f"return Boolean({truth})"))


# --- as it opens ----------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("width", [1280, 640, 390])  # 640 is 1280 at a zoom of 200 %
def test_the_page_asks_for_nothing_says_nothing_and_fits(
    window: webdriver.Chrome, lang: Lang, width: int
) -> None:
    index(window, lang, width)
    window.execute_script(
        "document.querySelectorAll('details').forEach((one) => { one.open = true; })"
    )
    time.sleep(0.3)
    assert window.execute_script("return document.documentElement.dataset.ready") == "yes"
    assert window.execute_script("return document.documentElement.scrollWidth") == width
    assert asked(window) == []
    assert complaints(window) == []


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_is_small_and_its_files_and_targets_are_there(
    window: webdriver.Chrome, lang: Lang
) -> None:
    page = made_briefing(lang) / "index.html"
    assert page.stat().st_size <= 5_000_000
    index(window, lang)
    ids = window.execute_script("return [...document.querySelectorAll('[id]')].map((n) => n.id)")
    assert len(ids) == len(set(ids))
    links = window.execute_script(
        "return [...document.querySelectorAll('a')].map((a) => a.getAttribute('href'))"
    )
    inside = {link[1:] for link in links if link.startswith("#")}
    files = {link for link in links if not link.startswith(("#", "https://", "http://"))}
    assert inside <= set(ids)
    assert {"tables.xlsx", "layers.gpkg", "manifest.json"} <= files
    assert [link for link in files if not (page.parent / unquote(link)).exists()] == []


@pytest.mark.parametrize("lang", LANGS)
def test_the_sources_can_be_clicked_and_no_click_tells_where_it_comes_from(
    window: webdriver.Chrome, lang: Lang
) -> None:
    index(window, lang)
    links = window.execute_script(
        "return [...document.querySelectorAll('a')].filter((a) => !a.getAttribute('href').startsWith('#'))"
        ".map((a) => [a.closest('figure')?.id ?? '', a.getAttribute('href'), a.textContent, a.rel, a.target])"
    )
    outside = [one for one in links if "://" in one[1]]
    assert {one[0] for one in outside} == {"p1-zones", "sources-sources"}
    assert len([one for one in outside if one[0] == "sources-sources"]) == 10  # one for each source
    for _, address, text, rel, target in outside:
        assert address == text
        assert address.startswith(("https://", "http://"))
        assert (rel, target) == ("noopener noreferrer", "_blank")
    # nor is the name of a host looked up before the click
    assert window.execute_script(
        "return document.querySelector('meta[http-equiv=x-dns-prefetch-control]').content === 'off'"
    )
    assert asked(window) == []


# From each block with a number in it, the links are followed until a clause or a source is reached.
ASTRAY = r"""
const end = (id) => /-[cs][0-9]+$/.test(id);
const leads = (node, seen = new Set()) => [...node.querySelectorAll("a[href^='#']")].some((link) => {
  const id = link.hash.slice(1);
  if (end(id)) return true;
  if (seen.has(id)) return false;
  seen.add(id);
  return leads(document.getElementById(id), seen);
});
const told = [...document.querySelectorAll("main figure, main .cards li, main p:not(.note, .up, .basis), main ul:not(.cards)")]
  .filter((node) => /[0-9]/.test(node.textContent) || node.matches(".picture"));
const where = (node) => node.nextElementSibling?.matches("p.basis") ? [node, node.nextElementSibling] : [node];
return [told.length, told.filter((node) => !where(node).some((one) => leads(one)))
  .map((node) => node.id || node.textContent.slice(0, 60))];
"""


@pytest.mark.parametrize("lang", LANGS)
def test_each_number_leads_by_links_to_a_clause_or_a_source(
    window: webdriver.Chrome, lang: Lang
) -> None:
    index(window, lang)
    count, astray = window.execute_script(ASTRAY)
    assert count > 70  # 29 tables, 17 pictures, 19 key figures, the sentences between them
    assert astray == ["sources-sources"]  # which is where they lead


@pytest.mark.parametrize("lang", LANGS)
def test_a_clause_leads_to_the_row_that_states_it_though_folded_away(
    window: webdriver.Chrome, lang: Lang
) -> None:
    index(window, lang)
    pairs = window.execute_script(
        "return [...document.querySelectorAll('td a[href^=\"#\"]')].map((a) => "
        "[a.textContent, document.querySelector(a.getAttribute('href')).textContent])"
    )
    assert len(pairs) > 100
    assert [pair for pair in pairs if pair[0] != pair[1]] == []
    link = window.find_element("css selector", "#p1-clusters td a")
    window.execute_script("arguments[0].click()", link)
    # a closed fold opens for the target of a link, so the row is seen
    until(window, "document.querySelector(':target')?.offsetHeight > 0")


@pytest.mark.parametrize("width", [1280, 390])
def test_the_contents_lead_to_the_top_of_each_chapter(window: webdriver.Chrome, width: int) -> None:
    resize(window, width, 900)
    index(window)
    links = window.execute_script(
        "return [...document.querySelectorAll('#contents li a[href^=\"#\"]')].map((a) => a.getAttribute('href'))"
    )
    assert len(links) >= 6
    for link in links:
        # from the top, before the pictures in between were seen
        window.execute_script("window.scrollTo({top: 0, behavior: 'instant'})")
        window.execute_script(f"document.querySelector('#contents a[href=\"{link}\"]').click()")
        until(
            window,
            f"Math.abs(document.querySelector('{link}').getBoundingClientRect().top) < 60 || "
            "window.scrollY + window.innerHeight >= document.documentElement.scrollHeight - 2",
        )


def test_the_amounts_in_words_sort_by_size(window: webdriver.Chrome) -> None:
    index(window, "en")
    head = window.find_element(
        "xpath", "//*[@id='p1-targets']//th[contains(., 'Quantity')]//button"
    )
    window.execute_script("arguments[0].click()", head)
    told = window.execute_script(
        "const t = document.querySelector('#p1-targets table');"
        "const j = [...t.tHead.rows[0].cells].findIndex((c) => c.textContent.includes('Quantity'));"
        "return [...t.tBodies[0].rows].map((r) => r.cells[j].textContent)"
    )
    amounts = [int(re.search(r"\d+", one.replace(",", "")).group()) for one in told]
    assert amounts == sorted(amounts)
    assert 1000 in amounts


def test_without_scripts_the_tables_and_pictures_are_all_there(window: webdriver.Chrome) -> None:
    window.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        index(window)
        shot = {"format": "png", "captureBeyondViewport": True}
        image = {"x": 0, "y": 0, "width": 1280, "height": 1600, "scale": 0.25}
        seen = window.execute_cdp_cmd("Page.captureScreenshot", {**shot, "clip": image})
        root = window.execute_cdp_cmd("DOM.getDocument", {})["root"]["nodeId"]

        def count(selector: str) -> int:
            found = window.execute_cdp_cmd(
                "DOM.querySelectorAll", {"nodeId": root, "selector": selector}
            )
            return len(found["nodeIds"])

        assert count("table tbody tr") > 300
        assert count("img[src^='data:image/png']") == count("figure.picture")
        assert count("a.still[href^='maps/']") > 4
        assert count("button") == 0  # nothing is offered that would not work
        assert len(base64.b64decode(seen["data"])) > 20_000  # the first map is drawn
    finally:
        window.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


# --- tables ---------------------------------------------------------------------------------


def column(window: webdriver.Chrome, table: str, at: int) -> list[str]:
    return window.execute_script(
        f"return [...document.querySelectorAll('#{table} tbody tr')].filter((r) => !r.hidden)"
        f".map((r) => r.cells[{at}].textContent)"
    )


def press(window: webdriver.Chrome, table: str, at: int) -> str | None:
    head = f"document.querySelectorAll('#{table} thead th')[{at}]"
    window.execute_script(f"{head}.querySelector('button').click()")
    return window.execute_script(f"return {head}.getAttribute('aria-sort')")


def test_numbers_sort_by_size_up_then_down_then_as_written(window: webdriver.Chrome) -> None:
    index(window)
    written = column(window, "p1-places", 5)
    sizes = sorted(written, key=lambda text: float(text.replace(",", "")))
    # 20.46 to 1,210.41: as text 1,185.49 would stand before 20.46
    assert (sizes[0], sizes[-1]) == ("20.46", "1,210.41")
    assert press(window, "p1-places", 5) == "ascending"
    assert column(window, "p1-places", 5) == sizes
    assert press(window, "p1-places", 5) == "descending"
    assert column(window, "p1-places", 5) == sizes[::-1]
    assert press(window, "p1-places", 5) is None
    assert column(window, "p1-places", 5) == written


def test_chinese_sorts_by_its_sound_and_what_is_empty_comes_last(window: webdriver.Chrome) -> None:
    index(window)
    press(window, "p1-places", 1)
    names = column(window, "p1-places", 1)
    # bao, chong, feng, hong; Unicode reads 长 as zhang, so 长宁 stands last
    assert names[:4] == ["宝山区", "崇明区", "奉贤区", "虹口区"]
    assert names[-1] == "长宁区"
    for _ in range(2):
        press(window, "p1-places", 3)
        clusters = column(window, "p1-places", 3)
        assert clusters.count("") == 5
        assert clusters[-5:] == [""] * 5


def test_a_filter_takes_several_words_in_any_width_and_says_how_many(
    window: webdriver.Chrome,
) -> None:
    index(window)

    def ask(text: str) -> str:
        return window.execute_script(
            "const i = document.querySelector('#p1-places input'); i.value = arguments[0];"
            "i.dispatchEvent(new Event('input'));"
            "return document.querySelector('#p1-places output').textContent",
            text,
        )

    assert ask("未来材料 宝山") == "1 / 16"
    assert column(window, "p1-places", 1) == ["宝山区"]
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in "310115")
    assert unicodedata.normalize("NFKC", wide) == "310115"
    assert ask(wide) == "1 / 16"
    assert column(window, "p1-places", 1) == ["浦东新区"]
    assert ask("没有这样的地方") == "0 / 16"
    assert ask("") == ""
    assert len(column(window, "p1-places", 1)) == 16


def test_a_filter_that_leaves_nothing_says_so_and_offers_the_way_back(
    window: webdriver.Chrome,
) -> None:
    index(window)
    js = window.execute_script
    shown = "document.querySelector('#p1-places .none').offsetHeight > 0"
    assert not js(f"return {shown}")
    field = window.find_element("css selector", "#p1-places input")
    field.send_keys("没有这样的地方")
    assert js(f"return {shown}")
    assert "没有符合的行" in js("return document.querySelector('#p1-places .none').innerText")
    assert column(window, "p1-places", 1) == []
    js("document.querySelector('#p1-places .clear').click()")
    assert not js(f"return {shown}")
    assert len(column(window, "p1-places", 1)) == 16
    assert js("return document.activeElement === arguments[0]", field)


# --- by key ---------------------------------------------------------------------------------


def tab_to(window: webdriver.Chrome, selector: str, limit: int = 80) -> None:
    """Press Tab until the focus stands on what `selector` names."""
    for _ in range(limit):
        ActionChains(window).send_keys(Keys.TAB).perform()
        if window.execute_script("return document.activeElement.matches(arguments[0])", selector):
            return
    pytest.fail(f"Tab does not reach {selector}")


def test_the_keys_alone_skip_sort_filter_enlarge_and_come_back(window: webdriver.Chrome) -> None:
    index(window)
    js = window.execute_script
    tab_to(window, ".skip", 1)
    tab_to(window, "#p1 a.still[data-scene]")
    ActionChains(window).send_keys(Keys.ENTER).perform()
    until(window, "document.querySelector('dialog')?.open")
    assert js("return document.activeElement.matches('.close')")
    # from within the map too: Tab goes into it, Esc leaves it
    window.switch_to.frame(window.find_element("css selector", "dialog iframe"))
    until(window, "document.querySelector('.map path[role=button]')")
    window.switch_to.default_content()
    ActionChains(window).send_keys(Keys.TAB, Keys.TAB).perform()
    assert js("return document.activeElement.tagName") == "IFRAME"
    ActionChains(window).send_keys(Keys.ESCAPE).perform()
    until(window, "!document.querySelector('dialog')")
    assert js("return document.activeElement.matches('#p1 a.still[data-scene]')")
    tab_to(window, "#p1-places .filter input")
    ActionChains(window).send_keys("浦东").perform()
    assert column(window, "p1-places", 1) == ["浦东新区"]
    ActionChains(window).send_keys(Keys.ESCAPE).perform()  # a search field clears
    tab_to(window, "#p1-places th .sort")
    ActionChains(window).send_keys(Keys.SPACE).perform()
    assert js("return document.querySelector('#p1-places th').ariaSort") == "ascending"
    assert complaints(window) == []


@pytest.mark.parametrize("width", [1280, 390])
def test_every_picture_opens_large_and_esc_closes_it(window: webdriver.Chrome, width: int) -> None:
    index(window, width=width)
    js = window.execute_script
    stills = window.find_elements("css selector", "a.still")
    assert len(stills) > 10
    for still in stills:
        js("arguments[0].click()", still)
        kind = "iframe" if still.get_attribute("data-scene") else ".sheet img"
        assert js("return document.querySelector('dialog').querySelector(arguments[0])", kind)
        ActionChains(window).send_keys(Keys.ESCAPE).perform()
        until(window, "!document.querySelector('dialog')")
        assert js("return document.activeElement === arguments[0]", still)
    assert asked(window) == []
    assert complaints(window) == []


def test_a_map_drawn_while_hidden_shows_all_its_places_once_it_is_seen(
    window: webdriver.Chrome, tmp_path: Path
) -> None:
    inner = made_briefing("zh") / "maps" / "shanghai-2022.html"
    frame = f'<iframe src="{inner.as_uri()}" style="width:900px;height:600px;display:none">'
    (tmp_path / "outer.html").write_text(f"<!DOCTYPE html>{frame}</iframe>", "utf-8")
    visit(window, tmp_path / "outer.html")
    time.sleep(0.5)
    window.execute_script("document.querySelector('iframe').style.display = 'block'")
    time.sleep(0.7)
    window.switch_to.frame(0)
    seen = window.execute_script(
        "const box = document.querySelector('.map').getBoundingClientRect();"
        "return [...document.querySelectorAll('.map > .leaflet-map-pane path[role=button]')]"
        ".map((p) => p.getBoundingClientRect()).filter((r) => r.width > 0 && r.left >= box.left"
        " && r.right <= box.right && r.top >= box.top && r.bottom <= box.bottom).length"
    )
    window.switch_to.default_content()
    assert seen == 16
