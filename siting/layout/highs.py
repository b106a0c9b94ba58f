"""HiGHS, the solver: taken where it is installed, asked for where it is not, its faults in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from siting.errors import Findings, SitingError, SolverError, stop
from siting.layout.settings import refuse

LEAST = (1, 15)  # the release that the proofs were tested with
__all__ = ["LEAST", "faults_named", "highspy", "needed"]
_FAULTS = (
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SystemError,
    TypeError,
    ValueError,
)

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


@contextmanager
def faults_named() -> Iterator[None]:
    """Turn whatever a solver raises into a SolverError."""
    try:
        yield
    except SitingError:
        raise
    except _FAULTS as fault:
        stop(
            SolverError,
            code="E-LAY-71",
            reason=f"求解器出错：{type(fault).__name__}",
            fix="请换小一些的问题再试，并把输入报告给我们",
            reason_en=f"the solver failed: {type(fault).__name__}",
            fix_en="Try a smaller question, and report the input to us",
            value=str(fault),
        )
