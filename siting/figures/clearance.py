"""What touches what on a page: boxes of labels, and lines that lead from them to their places."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Row = tuple[float, float, float, float]
_CHUNK = 48  # places looked at together; mostly one of the first is free


@dataclass(frozen=True)
class Choice:
    """Places for one label, the best first: rows x0 y0 x1 y1 of boxes, and of lines if it has any."""

    kinds: npt.NDArray[np.int64]  # which setting of the label each box is for
    boxes: Numbers
    lines: Numbers | None = None


@dataclass
class Taken:
    """What is on the page already, as rows x0 y0 x1 y1: boxes, marks, and lines that lead to places."""

    boxes: list[Row]
    marks: list[Row]  # lines may start in these, labels may not cover them
    lines: list[Row] = field(default_factory=list)

    def first(self, choice: Choice) -> int | None:
        """Return which place is the best that touches nothing, and take it; None without one."""
        for start in range(0, len(choice.boxes), _CHUNK):
            free = self._free(choice, slice(start, start + _CHUNK))
            if free.any():
                best = start + int(np.argmax(free))
                self.boxes.append(_row(choice.boxes[best]))
                if choice.lines is not None:
                    self.lines.append(_row(choice.lines[best]))
                return best
        return None

    def _free(self, choice: Choice, part: slice) -> npt.NDArray[np.bool_]:
        boxes = choice.boxes[part]
        free = np.ones(len(boxes), dtype=bool)
        free &= ~meet(boxes, _rows([*self.boxes, *self.marks])).any(axis=1)
        lines = _rows(self.lines)
        free[free] = ~enters(lines, boxes[free]).any(axis=0)
        if choice.lines is not None:
            mine = choice.lines[part]
            free[free] = ~enters(mine[free], _rows(self.boxes)).any(axis=1)
            free[free] = ~crosses(mine[free], lines).any(axis=1)
        return free


def _rows(rows: list[Row]) -> Numbers:
    return np.array(rows, dtype="float64").reshape(-1, 4)


def _row(numbers: Numbers) -> Row:
    a, b, c, d = (float(v) for v in numbers)
    return a, b, c, d


def meet(a: Numbers, b: Numbers) -> npt.NDArray[np.bool_]:
    """
    Return for each two boxes (rows of `a`, rows of `b`) whether they share ground.

    Examples
    --------
    >>> meet(np.array([[0.0, 0, 2, 2]]), np.array([[1.0, 1, 3, 3], [2, 0, 4, 2]])).tolist()
    [[True, False]]
    """
    a, b = a[:, None, :], b[None, :, :]
    across = (a[..., 0] < b[..., 2]) & (b[..., 0] < a[..., 2])
    return across & (a[..., 1] < b[..., 3]) & (b[..., 1] < a[..., 3])


def enters(lines: Numbers, boxes: Numbers) -> npt.NDArray[np.bool_]:
    """
    Return for each line and each box whether the line enters the box.

    References
    ----------
    Liang, Y.-D. and Barsky, B. A. (1984). A New Concept and Method for Line Clipping. ACM
    Transactions on Graphics 3(1), 1-22.

    Examples
    --------
    >>> lines = np.array([[0.0, 0, 4, 4], [0, 0, 0, 4]])
    >>> enters(lines, np.array([[1.0, 1, 2, 2]])).tolist()
    [[True], [False]]
    """
    start, end = lines[:, None, :2], lines[:, None, 2:]
    low, high = boxes[None, :, :2], boxes[None, :, 2:]
    step = np.where(np.abs(end - start) < 1e-12, 1e-12, end - start)
    one, other = (low - start) / step, (high - start) / step
    first, last = np.minimum(one, other), np.maximum(one, other)
    enter = np.maximum(np.maximum(first[..., 0], first[..., 1]), 0.0)
    leave = np.minimum(np.minimum(last[..., 0], last[..., 1]), 1.0)
    return np.asarray(enter < leave)


def crosses(a: Numbers, b: Numbers) -> npt.NDArray[np.bool_]:
    """
    Return for each two lines (rows of `a`, rows of `b`) whether they cross or touch.

    Examples
    --------
    >>> crosses(np.array([[0.0, 0, 2, 2]]), np.array([[0.0, 2, 2, 0], [3, 0, 3, 9]])).tolist()
    [[True, False]]
    """
    p, q = a[:, None, :2], a[:, None, 2:]
    r, t = b[None, :, :2], b[None, :, 2:]

    def side(u: Numbers, v: Numbers, w: Numbers) -> Numbers:
        d, e = v - u, w - u
        return np.asarray(d[..., 0] * e[..., 1] - d[..., 1] * e[..., 0])

    apart = side(p, q, r) * side(p, q, t) > 0
    return np.asarray(~(apart | (side(r, t, p) * side(r, t, q) > 0)))
