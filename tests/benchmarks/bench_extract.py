"""`reader.extract_plan` on a made-up document of fifty pages; no peer reads such documents."""

from __future__ import annotations

from siting.reader import extract_plan
from tests.benchmarks.measure import Row, median_s
from tests.test_extract import TEXT

PAGE = 700  # characters on a page of a Chinese official document
TARGET_S = 2.0


def long_document(pages: int = 50) -> str:
    """Return the made-up document of the tests with its chapters repeated to so many pages."""
    head, _, body = TEXT.partition("一、")
    filler = "坚持应用牵引，推进协同攻关，完善服务体系，营造良好环境，促进成果转化。" * 12
    padded = "\n".join(line + filler if line.endswith("。") else line for line in body.splitlines())
    times = -(-pages * PAGE // len(padded))
    return head + "\n".join("一、" + padded for _ in range(times))


def rows() -> list[Row]:
    """Measure the extraction of fifty pages."""
    text = long_document()
    extract_plan(TEXT)  # the gazetteer is read once
    took = median_s(lambda: extract_plan(text), 5)
    what = f"extract_plan, {len(text) // PAGE} pages"
    return [Row(what, took, "s", float("nan"), "no peer", f"<= {TARGET_S:.0f} s", took <= TARGET_S)]
