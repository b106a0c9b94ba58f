"""The name of a file that leaves says what is in it."""

from __future__ import annotations

import os
from pathlib import Path

from siting.errors import stop


def check_suffix(path: str | os.PathLike[str], *suffixes: str) -> None:
    """Stop if the name of a file promises something else than what will be in it."""
    if Path(path).suffix.lower() not in suffixes:
        stop(
            code="E-OUT-03",
            file=Path(path).name,
            value=Path(path).suffix,
            reason="文件名的后缀与内容不符",
            reason_en="the ending of the name does not say what is in the file",
            fix=f"请以 {'、'.join(suffixes)} 结尾",
            fix_en=f"Let it end in {', '.join(suffixes)}",
        )
