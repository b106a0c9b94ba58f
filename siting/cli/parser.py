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
_FRAMES = "wgs84, gcj02, bd09, cgcs2000"
ROLES = ("lon", "lat", "lonlat", "name", "id", "weight", "sector", "place")
# What the words call the options that a message names as Python has them, see `telling.spoken`.
_PLACES = {"boundaries": "--boundaries", "frame": "--frame", "overwrite": "--overwrite"}
_READING = ("sheet", "encoding", "swap", "missing_weight", "dedupe")
_HEADS = {
    "positional arguments:": "参数",
    "options:": "选项",
    "show this help message and exit": "显示此帮助",
    "show program's version number and exit": "显示版本",
}
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

    def format_help(self) -> str:
        """Return the help with the words of argparse in both languages, as ours are."""
        text = super().format_help()
        for en, zh in _HEADS.items():
            text = text.replace(en, f"{zh} {en}")
        return text

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the words, and exit with 2."""
        if message.endswith("WORD"):  # none is said: all that can be said is listed
            self.print_help(sys.stderr)
        else:
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
    made.set_defaults(run=run, flags=_PLACES)
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
    _boundaries(one, "该区街镇的边界文件 outlines of the district's towns")
    one.add_argument(
        "--fields",
        metavar="FILE",
        help="市、区领域对照表，见 plan match which fields answer each other",
    )
    one.add_argument("--points", metavar="FILE", help="企业点表 a table of firms")
    one.add_argument("--points-by", metavar="COLUMN", help="点表的分类列 its categories")
    one.add_argument("--points-weight", metavar="COLUMN", help="点表的人数等列 its sizes")
    one.add_argument(
        "--points-frame",
        metavar="FRAME",
        help="点表的坐标系，与 --frame 分开写，两者都是 gcj02 就两个都写 of the firms, apart from --frame: "
        f"say both where both are gcj02; {_FRAMES}",
    )
    one.add_argument(
        "--points-over",
        choices=("city", "district"),
        help="按全市各区或该区街镇统计，不写时全市的点至少一半在该区就按街镇 districts of the city, or "
        "towns of the district: these without it where they hold at least half of the points",
    )
    _reading(one, "--points-")
    said = {
        name: f"--{name.replace('_', '-')}"
        for name in ("fields", "points", "points_by", "points_weight", "points_over")
    }
    one.set_defaults(flags=one.get_default("flags") | said | {"PNT.frame": "--points-frame"})
    _overwrite(one)
    _open(one)


def _plans(under: argparse._SubParsersAction[Parser]) -> None:
    _word(under, "list", plans.plan_list, "列出自带的规划 the bundled plans")
    one = _word(
        under, "show", plans.plan_show, "集群、领域、地区和条款 clusters, fields, places, clauses"
    )
    one.add_argument("plan", help="id, folder or .xlsx")
    _boundaries(one, "该区街镇的边界文件 outlines of the district's towns")
    one = _word(under, "verify", plans.plan_verify, "逐条核对原文 hold every fact against the text")
    one.add_argument("plan", help="id, folder or .xlsx")
    one.add_argument("text", help="原文 .txt the document's text")
    one.add_argument("--missing", action="store_true", help="只列未找到的 only what is missing")
    one = _word(
        under,
        "match",
        plans.plan_match,
        "写出市、区领域对照表，供修改 a crosswalk of fields to edit",
    )
    one.add_argument("city", help="id, folder or .xlsx")
    one.add_argument("district", help="id, folder or .xlsx")
    one.add_argument("out", type=Path, help=".csv")
    _overwrite(one)
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
        "--frame",
        metavar="FRAME",
        default="wgs84",
        help="点表的坐标系，边界另用 --boundaries-frame of the firms, not of the boundaries: "
        f"{_FRAMES}",
    )
    _reading(one, "--")
    _which(one, level="district")
    _boundaries(one, "自备边界文件 a boundary file of your own", frame="--boundaries-frame")
    one.set_defaults(flags=one.get_default("flags") | {"PNT.frame": "--frame"})
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
    _which(one, level=None)
    _boundaries(one, "自备边界文件 a boundary file of your own")


def _which(one: Parser, *, level: str | None) -> None:
    one.add_argument(
        "--level", choices=("district", "town"), default=level, help="区或街镇 districts or towns"
    )
    one.add_argument("--within", help="所在区 the district")
    one.add_argument("--vintage", type=int, choices=(2023, 2026), help="边界年份 of the outlines")
    one.set_defaults(flags=one.get_default("flags") | {"PLACE.within": "--within"})


def _boundaries(one: Parser, text: str, *, frame: str = "--frame") -> None:
    one.add_argument("--boundaries", metavar="FILE", help=text)
    text = f"边界文件的坐标系 of the boundary file: {_FRAMES}"
    one.add_argument(frame, metavar="FRAME", default="wgs84", help=text)
    one.set_defaults(flags=one.get_default("flags") | {"frame": frame})


def _reading(one: Parser, prefix: str) -> None:
    """Add how a table of firms is read, each option under its name in Python behind `prefix`."""
    one.add_argument(
        f"{prefix}column",
        action="append",
        type=_pair,
        metavar="ROLE=HEADING",
        help=f"指明一列，如 lon=经度；weight= 不用这一列 name a column, or none; ROLE: {', '.join(ROLES)}",
    )
    one.add_argument(f"{prefix}sheet", metavar="NAME", help="工作表或图层 sheet or layer")
    one.add_argument(f"{prefix}encoding", metavar="NAME", help="文本编码 encoding of a text file")
    one.add_argument(
        f"{prefix}swap", choices=("refuse", "fix"), help="经纬度颠倒的行 rows with swapped axes"
    )
    one.add_argument(
        f"{prefix}missing-weight",
        choices=("reject", "zero", "keep"),
        help="缺少人数等的行 rows without a size",
    )
    one.add_argument(
        f"{prefix}dedupe",
        action="store_const",
        const=True,
        help="完全相同的行只留一行 keep one of equal rows",
    )
    said = {name: prefix + name.replace("_", "-") for name in _READING}
    one.set_defaults(flags=one.get_default("flags") | said | {"columns": f"{prefix}column"})


def _pair(text: str) -> tuple[str, str | None]:
    """Return role and heading of ROLE=HEADING; no heading for no such column."""
    role, between, heading = text.partition("=")
    if not between or role not in ROLES:
        msg = f"{text!r}: ROLE=HEADING, ROLE: {', '.join(ROLES)}"
        raise argparse.ArgumentTypeError(msg)
    return role, heading or None
