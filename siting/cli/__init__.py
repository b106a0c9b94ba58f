"""Words on the command line, and nothing else: each word calls one function of the library."""

from __future__ import annotations

import os
import sys
import traceback
import warnings
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from siting.cli.parser import language, parser
from siting.cli.telling import say, spoken, warned
from siting.errors import SitingError, SitingWarning, visible

if TYPE_CHECKING:
    import argparse

OK, FAULT, STOPPED = 0, 70, 130


def main(argv: Sequence[str] | None = None) -> int:
    """
    Run the command line, and return its exit code.

    Parameters
    ----------
    argv
        The words; those of the process without it.

    Returns
    -------
    int
        0 done; 2 bad input, facts that were not found, or an output that is there already and may
        not be replaced; 3 no layout is possible; 4 cannot be written; 70 a fault of siting; 130
        stopped by the user.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    words = list(sys.argv[1:] if argv is None else argv)
    asked = parser(language(words)).parse_args(words)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("always", SitingWarning)
        warnings.showwarning = partial(warned, lang=asked.lang, flags=asked.flags)
        try:
            return int(asked.run(asked) or OK)
        except SitingError as error:
            _debug(asked)
            say(spoken(error.text(asked.lang), asked.flags))
            return error.exit_code
        except KeyboardInterrupt:
            say("已中断，没有留下不完整的文件 / stopped; no half-written file is left", asked.lang)
            return STOPPED
        except BrokenPipeError:  # the reader of our output had enough, as `| head` does
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return OK
        except Exception as error:  # noqa: BLE001
            _debug(asked)
            shown = f"{type(error).__name__}: {visible(error)}"
            say(
                f"程序出错（{shown}），这是 siting 的缺陷；加 --debug 看详情"
                if asked.lang == "zh"
                else f"A fault of siting ({shown}); add --debug to see where"
            )
            return FAULT


def _debug(asked: argparse.Namespace) -> None:
    if asked.debug:
        traceback.print_exc()
