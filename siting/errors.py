"""The named errors of siting, and the finding that every one of them carries."""

from __future__ import annotations

import unicodedata
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NoReturn

Severity = Literal["error", "repaired", "warning", "note"]
SHOWN = 50  # findings printed in one message; all of them stay in `.findings`


class SitingWarning(UserWarning):
    """Something was repaired, or deserves a look; the result stands."""


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One thing found in an input: where it is, why it is wrong, and how to mend it.

    Parameters
    ----------
    code
        Stable name of the rule, such as ``E-PLAN-05``.
    reason, fix
        What is wrong and what to do, in Chinese.
    reason_en, fix_en
        The same in English.
    severity
        ``error`` stops the work, ``repaired`` and ``warning`` are reported, ``note`` is only kept.
    file, sheet, column, value
        The place and the offending value as the user sees them; empty where they do not apply.
    row
        The row number that a spreadsheet shows (the header is row 1), or None.
    doubt
        Whether it makes what is counted doubtful, so that whoever reads the result has to know it.
    """

    code: str
    reason: str
    fix: str
    reason_en: str
    fix_en: str
    severity: Severity = "error"
    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    value: str = ""
    doubt: bool = False

    def text(self, lang: str = "zh") -> str:
        """Return the finding as one line of ``zh`` or ``en``."""
        shown = visible(self.value)
        if lang == "en":
            parts = [
                self.code,
                visible(self.file),
                self.sheet and f"sheet '{visible(self.sheet)}'",
                "" if self.row is None else f"row {self.row}",
                self.column and f"column '{visible(self.column)}'",
            ]
            said = f'"{shown}" ' if shown else ""
            return f"{' '.join(p for p in parts if p)}: {said}{self.reason_en}. {self.fix_en}."
        parts = [
            self.code,
            visible(self.file),
            self.sheet and f"表「{visible(self.sheet)}」",
            "" if self.row is None else f"第 {self.row} 行",
            self.column and f"列「{visible(self.column)}」",
        ]
        said = f"“{shown}” " if shown else ""
        return f"{' '.join(p for p in parts if p)}：{said}{self.reason}。{self.fix}。"


class SitingError(Exception):
    """
    The base of all errors that siting raises on purpose.

    `findings` holds every finding (not only the first); `exit_code` is what the command line returns.
    """

    exit_code = 70

    def __init__(self, findings: Finding | Iterable[Finding]) -> None:
        self.findings: tuple[Finding, ...] = (
            (findings,) if isinstance(findings, Finding) else tuple(findings)
        )
        super().__init__(self.text())

    def text(self, lang: str | None = None) -> str:
        """Return all findings as text: Chinese first and then English, or one language alone."""
        langs = ("zh", "en") if lang is None else (lang,)
        blocks = ["\n".join(f.text(one) for f in self.findings[:SHOWN]) for one in langs]
        more = len(self.findings) - SHOWN
        if more > 0:
            blocks.append(f"… 另有 {more} 条 / and {more} more")
        return "\n".join(blocks)


class InputError(SitingError, ValueError):
    """What was given cannot be used as it is."""

    exit_code = 2


class UnknownPlaceError(InputError):
    """A name that no place has; the findings offer the nearest names."""


class AmbiguousPlaceError(InputError):
    """A name that several places have; the findings list them."""


class ExistingOutputError(InputError):
    """The output is there already and nobody said that it may be replaced."""


class InfeasibleLayoutError(InputError):
    """
    No layout meets all conditions.

    `conflict` is the smallest set of conditions that clash, in words; `relaxation` is the least
    change that works, one record for each condition that changes, and `relaxation_proven` says
    whether it is proven to be the least or only the least that was found in the time.
    """

    exit_code = 3

    def __init__(
        self,
        findings: Finding | Iterable[Finding],
        conflict: Iterable[str] = (),
        relaxation: Iterable[object] = (),
        *,
        relaxation_proven: bool = True,
    ) -> None:
        super().__init__(findings)
        self.conflict = tuple(conflict)
        self.relaxation = tuple(relaxation)
        self.relaxation_proven = relaxation_proven


class SolverError(SitingError):
    """A solver failed, or its answer did not pass the independent check."""


class OutputError(SitingError):
    """The result cannot be written where it was asked for."""

    exit_code = 4


class Findings(list[Finding]):
    """Findings as they are gathered; `stop` raises the errors among them, `warn` tells the rest."""

    def stop(self, error: type[InputError] = InputError) -> None:
        """Raise `error` with all findings of severity error, if there are any."""
        errors = [f for f in self if f.severity == "error"]
        if errors:
            raise error(errors)

    def warn(self, stacklevel: int = 3) -> None:
        """Give each repaired thing and each warning as a SitingWarning."""
        for finding in self:
            if finding.severity in ("repaired", "warning"):
                warnings.warn(finding.text() + "\n" + finding.text("en"), SitingWarning, stacklevel)


def stop(error: type[SitingError] = InputError, **finding: object) -> NoReturn:
    """Raise `error` with one finding made of the keywords."""
    raise error(Finding(**finding))  # type: ignore[arg-type]


def visible(text: object, width: int = 60) -> str:
    """
    Return `text` cut to `width` characters, with control and invisible characters shown as codes.

    Examples
    --------
    >>> visible("浦东" + chr(27) + "[2J")
    '浦东<U+001B>[2J'
    """
    shown = "".join(
        f"<U+{ord(c):04X}>" if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") else c
        for c in str(text)
    )
    return shown if len(shown) <= width else shown[: width - 1] + "…"
