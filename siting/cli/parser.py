"""The words that can be said, and what may follow each: nothing heavy is loaded to read them."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from siting import __version__
from siting.cli import folders, layouts, plans
from siting.cli.example import HELP
from siting.errors import visible

Run = Callable[[argparse.Namespace], int | None]
_SAID = (  # what argparse says, in Chinese
    (r"the following arguments are required: (.*)", "缺少参数：{}"),
    (r"unrecognized arguments: (.*)", "不认识的参数：{}"),
    (r"argument (.*): expected .*argument.*", "{} 后面要有一个值"),
    (r"argument (.*): invalid choice: (.*) \(choose from (.*)\)", "{}：{} 不是可选的值，可用 {}"),
    (r"argument (.*): invalid \S+ value: (.*)", "{}：{} 不是这里要的值"),
    (r"argument (.*): (.*)", "{}：{}"),
)


class Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in one language."""

    lang = "zh"

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the words, and exit with 2."""
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: {visible(_told(message, self.lang), 400)}\n")


class English(Parser):
    """The same in English."""

    lang = "en"


def _told(message: str, lang: str) -> str:
    if lang != "zh":
        return message
    for pattern, words in _SAID:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found:
            return words.format(*found.groups())
    return f"参数有误：{message}"


def language(words: Sequence[str]) -> str:
    """
    Return the language that the words ask for, before they are known to be right.

    Examples
    --------
    >>> language(["plan", "list", "--lang", "en"]), language(["--lang=en"]), language([])
    ('en', 'en', 'zh')
    """
    said = " ".join(words)
    return "en" if re.search(r"--lang[ =]en(?!\S)", said) else "zh"


def parser(lang: str = "zh") -> Parser:
    """Return the parser of all words."""
    made: type[Parser] = English if lang == "en" else Parser
    top = made(
        prog="siting",
        description="产业规划落图：规划了什么、在哪里、哪里重叠、放在哪里。 Industrial plans on the map.",
    )
    top.add_argument("--version", action="version", version=f"siting {__version__}")
    words = top.add_subparsers(required=True, metavar="WORD", parser_class=made)
    _briefing(
        _word(
            words,
            "briefing",
            folders.briefing,
            "写出简报文件夹 write the folder of maps and tables",
        )
    )
    under = words.add_parser("plan", help="规划 plans").add_subparsers(
        required=True, metavar="WORD", parser_class=made
    )
    _plans(under)
    _concentration(
        _word(
            words,
            "concentration",
            folders.concentration,
            "企业点表：集中在哪里 where the rows of a table lie",
        )
    )
    _layout(_word(words, "layout", layouts.layout, "按条件选址 choose sites under conditions"))
    under = words.add_parser("points", help="企业点表 tables of firms").add_subparsers(
        required=True, metavar="WORD", parser_class=made
    )
    one = _word(under, "template", plans.points_template, "写出企业填报模板 an .xlsx to fill in")
    one.add_argument("out", type=Path, help=".xlsx")
    _overwrite(one)
    _places(
        _word(words, "places", plans.places, "地区名录，或把地名对到代码 places, or names to codes")
    )
    return top


def _word(under: argparse._SubParsersAction[Parser], name: str, run: Run, text: str) -> Parser:
    made = under.add_parser(name, help=text, description=text)
    made.add_argument("--lang", choices=("zh", "en"), default="zh", help="语言 language")
    made.add_argument("--debug", action="store_true", help="出错时显示详情 show tracebacks")
    made.set_defaults(run=run)
    return made


def _overwrite(one: Parser) -> None:
    one.add_argument("--overwrite", action="store_true", help="可以覆盖 replace what is there")


def _open(one: Parser) -> None:
    one.add_argument(
        "--office", action="store_true", help="另写 Word 和幻灯 .docx and .pptx as well"
    )
    one.add_argument(
        "--open", action="store_true", help="写完后在浏览器中打开 show it in a browser"
    )


def _briefing(one: Parser) -> None:
    one.add_argument("out", nargs="?", type=Path, default=Path("briefing"), help="文件夹 folder")
    one.add_argument("--city", default="shanghai-2022", help="市级规划 id, folder or .xlsx")
    one.add_argument("--district", default="jiading-2023", help="区级规划 id, folder or .xlsx")
    one.add_argument("--boundaries", help="该区街镇的边界文件 outlines of the district's towns")
    one.add_argument("--frame", default="wgs84", help="边界坐标系 wgs84, gcj02, cgcs2000")
    one.add_argument("--points", metavar="FILE", help="企业点表 a table of firms")
    one.add_argument("--points-by", metavar="COLUMN", help="点表的分类列 its categories")
    one.add_argument("--points-weight", metavar="COLUMN", help="点表的人数等列 its sizes")
    one.add_argument("--points-frame", help="点的坐标系 wgs84, gcj02, bd09, cgcs2000")
    _overwrite(one)
    _open(one)


def _plans(under: argparse._SubParsersAction[Parser]) -> None:
    _word(under, "list", plans.plan_list, "列出自带的规划 the bundled plans")
    one = _word(
        under, "show", plans.plan_show, "集群、领域、地区和条款 clusters, fields, places, clauses"
    )
    one.add_argument("plan", help="id, folder or .xlsx")
    one = _word(under, "verify", plans.plan_verify, "逐条核对原文 hold every fact against the text")
    one.add_argument("plan", help="id, folder or .xlsx")
    one.add_argument("text", help="原文 .txt the document's text")
    one.add_argument("--missing", action="store_true", help="只列未找到的 only what is missing")
    one = _word(under, "template", plans.plan_template, "写出填报模板 an .xlsx to fill in")
    one.add_argument("out", type=Path, help=".xlsx")
    one.add_argument("--plan", help="把已有规划写进模板 start from this plan")
    _overwrite(one)
    one = _word(under, "extract", plans.plan_extract, "从原文读出规划草稿 a draft from a document")
    one.add_argument("text", help="原文 .txt .docx .pdf the document")
    one.add_argument("out", nargs="?", type=Path, help=".xlsx")
    _overwrite(one)


def _concentration(one: Parser) -> None:
    one.add_argument("file", help="点表 .csv .xlsx .geojson .gpkg .shp .zip")
    one.add_argument("--by", required=True, metavar="COLUMN", help="分类所在列 the categories")
    one.add_argument("--weight", metavar="COLUMN", help="人数等所在列 the sizes")
    one.add_argument("--out", type=Path, default=Path("concentration"), help="文件夹 folder")
    one.add_argument(
        "--column", action="append", type=_pair, metavar="ROLE=HEADING", help="如 lon=经度"
    )
    one.add_argument("--level", choices=("district", "town"), default="district")
    one.add_argument("--within", help="所在区 the district")
    one.add_argument("--vintage", type=int, choices=(2023, 2026))
    one.add_argument("--boundaries", help="自备边界文件 a boundary file of your own")
    one.add_argument("--frame", default="wgs84", help="点的坐标系 wgs84, gcj02, bd09, cgcs2000")
    one.add_argument("--encoding", help="文本编码 encoding")
    one.add_argument("--sheet", help="工作表 sheet")
    _overwrite(one)
    _open(one)


def _layout(one: Parser) -> None:
    one.formatter_class = argparse.RawDescriptionHelpFormatter
    one.epilog = HELP
    one.add_argument(
        "conditions",
        nargs="*",
        metavar="CONDITIONS.toml",
        help="条件文件，给几个就比较几个 conditions; several are compared",
    )
    one.add_argument("--out", type=Path, default=Path("layout"), help="文件夹 folder")
    one.add_argument("--example", action="store_true", help="打印带注释的例子 print an example")
    _overwrite(one)
    _open(one)


def _places(one: Parser) -> None:
    one.add_argument("names", nargs="*", help="地名 names")
    one.add_argument("--level", choices=("district", "town"))
    one.add_argument("--within", help="所在区 the district")
    one.add_argument("--vintage", type=int, choices=(2023, 2026))
    one.add_argument("--boundaries", help="自备边界文件 a boundary file of your own")
    one.add_argument("--frame", default="wgs84", help="边界坐标系 wgs84, gcj02, cgcs2000")


def _pair(text: str) -> str:
    """Return ROLE=HEADING as it is, if it is one."""
    if "=" not in text:
        msg = f"{text!r}: ROLE=HEADING, e.g. lon=经度"
        raise argparse.ArgumentTypeError(msg)
    return text
