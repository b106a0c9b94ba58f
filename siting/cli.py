"""Words on the command line, and nothing else: each word calls one function of the library."""

from __future__ import annotations

import argparse
import os
import sys
import traceback
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from siting import __version__
from siting.errors import SitingError, SitingWarning, visible

if TYPE_CHECKING:
    import pandas as pd

OK, MISSING_FACTS, FAULT, STOPPED = 0, 2, 70, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return its exit code: 0, 2 bad input, 3 infeasible, 4 cannot write, 70."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    asked = _parser().parse_args(argv)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("always", SitingWarning)
        warnings.showwarning = _show_warning
        try:
            return int(asked.run(asked) or OK)
        except SitingError as error:
            _debug(asked)
            _say(error.text(asked.lang))
            return error.exit_code
        except KeyboardInterrupt:
            _say("已中断，没有留下不完整的文件 / stopped; no half-written file is left")
            return STOPPED
        except BrokenPipeError:  # the reader of our output had enough, as `| head` does
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return OK
        except Exception as error:  # noqa: BLE001
            _debug(asked)
            _say(
                f"程序出错（{type(error).__name__}: {visible(error)}），这是 siting 的缺陷；加 --debug 看详情\n"
                "A fault of siting; add --debug to see where"
            )
            return FAULT


def _say(text: str) -> None:
    print(text, file=sys.stderr)


def _debug(asked: argparse.Namespace) -> None:
    if asked.debug:
        traceback.print_exc()


def _show_warning(message: Warning | str, *_: object, **__: object) -> None:
    _say(f"注意 / note: {message}")


def _print_frame(frame: pd.DataFrame) -> None:
    """Print a frame as lines with tabs, which both people and spreadsheets take."""
    print("\t".join(visible(c, 400) for c in frame.columns))
    for row in frame.itertuples(index=False):
        print("\t".join("" if cell is None else visible(cell, 400) for cell in row))


def _briefing(asked: argparse.Namespace) -> None:
    from siting.briefing import write_briefing

    out = write_briefing(
        asked.out,
        city=asked.city,
        district=asked.district,
        boundaries=asked.boundaries,
        frame=asked.frame,
        lang=asked.lang,
        overwrite=asked.overwrite,
        progress=_say,
    )
    print(out / "index.html")


def _plan_list(asked: argparse.Namespace) -> None:
    from siting.plan import list_plans

    _print_frame(list_plans().reset_index())


def _plan_show(asked: argparse.Namespace) -> None:
    from siting import tables
    from siting.study import study_plan

    study = study_plan(asked.plan)
    print(visible(f"{study.plan.title} {study.plan.document_no} {study.plan.published}", 400))
    _print_frame(tables.cluster_table(study.plan, study.places, lang=asked.lang))


def _plan_verify(asked: argparse.Namespace) -> int:
    from siting.files import local_file
    from siting.plan import read_plan
    from siting.reader import verify_plan
    from siting.sheets import read_text

    text = read_text(local_file(asked.text, suffixes=(".txt",)))
    checked = verify_plan(read_plan(asked.plan), text)
    missing = checked[checked["status"] != "found"]
    _print_frame(missing if asked.missing else checked)
    _say(
        f"{len(checked)} 条事实，{len(missing)} 条未找到 / {len(checked)} facts, {len(missing)} missing"
    )
    return MISSING_FACTS if len(missing) else OK


def _plan_template(asked: argparse.Namespace) -> None:
    from siting.plan import write_template

    print(write_template(asked.out, plan=asked.plan, overwrite=asked.overwrite))


def _plan_extract(asked: argparse.Namespace) -> None:
    from siting.reader import read_document, write_draft

    out = asked.out or Path(asked.text).with_suffix(".xlsx").name
    made, plan = write_draft(
        out, read_document(asked.text), lang=asked.lang, overwrite=asked.overwrite
    )
    _say(f"{visible(plan, 400)}；{len(plan.findings)} 处待核对 / {len(plan.findings)} to check")
    print(made)


def _places(asked: argparse.Namespace) -> None:
    from siting.places import read_places, resolve

    if asked.names:
        answer = resolve(asked.names, level=asked.level, within=asked.within)
        _print_frame(answer.to_frame("place_id").assign(name=asked.names)[["name", "place_id"]])
        return
    places = read_places(
        asked.level or "district",
        vintage=asked.vintage,
        within=asked.within,
        boundaries=asked.boundaries,
        frame=asked.frame,
    )
    _print_frame(places.drop(columns="geometry").reset_index())


def _parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="siting",
        description="产业规划落图：规划了什么、在哪里、哪里重叠。 Industrial plans on the map.",
    )
    top.add_argument("--version", action="version", version=f"siting {__version__}")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--lang", choices=("zh", "en"), default="zh", help="语言 language")
    common.add_argument("--debug", action="store_true", help="出错时显示详情 show tracebacks")
    words = top.add_subparsers(required=True, metavar="WORD")

    def word(
        under: argparse._SubParsersAction[argparse.ArgumentParser],
        name: str,
        run: Callable[[argparse.Namespace], int | None],
        text: str,
    ) -> argparse.ArgumentParser:
        made = under.add_parser(name, help=text, description=text, parents=[common])
        made.set_defaults(run=run)
        return made

    one = word(words, "briefing", _briefing, "写出简报文件夹 write the folder of maps and tables")
    one.add_argument("out", nargs="?", type=Path, default=Path("briefing"), help="文件夹 folder")
    one.add_argument("--city", default="shanghai-2022", help="市级规划 id, folder or .xlsx")
    one.add_argument("--district", default="jiading-2023", help="区级规划 id, folder or .xlsx")
    one.add_argument("--boundaries", help="该区街镇的边界文件 outlines of the district's towns")
    one.add_argument("--frame", default="wgs84", help="边界坐标系 wgs84, gcj02, cgcs2000")
    one.add_argument("--overwrite", action="store_true", help="可以覆盖 replace what is there")

    plans = words.add_parser("plan", help="规划 plans").add_subparsers(
        required=True, metavar="WORD"
    )
    word(plans, "list", _plan_list, "列出自带的规划 the bundled plans")
    one = word(
        plans, "show", _plan_show, "集群、领域、地区和条款 clusters, fields, places, clauses"
    )
    one.add_argument("plan", help="id, folder or .xlsx")
    one = word(plans, "verify", _plan_verify, "逐条核对原文 hold every fact against the text")
    one.add_argument("plan", help="id, folder or .xlsx")
    one.add_argument("text", help="原文 .txt the document's text")
    one.add_argument("--missing", action="store_true", help="只列未找到的 only what is missing")
    one = word(plans, "template", _plan_template, "写出填报模板 an .xlsx to fill in")
    one.add_argument("out", type=Path, help=".xlsx")
    one.add_argument("--plan", help="把已有规划写进模板 start from this plan")
    one.add_argument("--overwrite", action="store_true", help="可以覆盖 replace what is there")

    one = word(plans, "extract", _plan_extract, "从原文读出规划草稿 a draft from a document")
    one.add_argument("text", help="原文 .txt .docx .pdf the document")
    one.add_argument("out", nargs="?", type=Path, help=".xlsx")
    one.add_argument("--overwrite", action="store_true", help="可以覆盖 replace what is there")

    one = word(words, "places", _places, "地区名录，或把地名对到代码 places, or names to codes")
    one.add_argument("names", nargs="*", help="地名 names")
    one.add_argument("--level", choices=("district", "town"))
    one.add_argument("--within", help="所在区 the district")
    one.add_argument("--vintage", type=int, choices=(2023, 2026))
    one.add_argument("--boundaries", help="自备边界文件 a boundary file of your own")
    one.add_argument("--frame", default="wgs84", help="边界坐标系 wgs84, gcj02, cgcs2000")
    return top


if __name__ == "__main__":
    sys.exit(main())
