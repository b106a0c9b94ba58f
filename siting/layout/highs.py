"""HiGHS, the solver: taken where it is installed, and asked for in plain words where it is not."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from siting.errors import Findings
from siting.layout.settings import refuse

LEAST = (1, 15)  # the release that the proofs were tested with
__all__ = ["LEAST", "highspy", "needed"]

highspy: Any = None
fault = ""
try:
    highspy = import_module("highspy")
except (ImportError, OSError, AttributeError, RuntimeError, SystemError) as error:
    # A broken or foreign binary fails in more ways than a missing one.
    fault = f"{type(error).__name__}: {error}"


def needed(found: Findings) -> None:
    """Refuse to go on without HiGHS, or with one that is too old."""
    try:
        there = "" if highspy is None else str(highspy.Highs().version())
    except (OSError, AttributeError, RuntimeError, SystemError, TypeError) as error:
        there = f"{type(error).__name__}: {error}"
    numbers = [int(part) for part in there.split(".")[:2] if part.isdecimal()]
    if tuple(numbers) >= LEAST:
        return
    least = ".".join(map(str, LEAST))
    install = f"pip install 'highspy>={least}'"
    refuse(
        found,
        "E-LAY-73",
        (f"求解器 HiGHS 没有安装、无法启动或版本过旧（需要 {least} 以上）", f"请运行 {install}"),
        (
            f"the solver HiGHS is missing, does not start or is too old (at least {least} is needed)",
            f"Run {install}",
        ),
        value=there or fault,
    )
