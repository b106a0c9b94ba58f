"""Names find their place on a printed map: inside it or on a line, never over each other."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from siting.figures.clearance import crosses, enters, meet
from siting.figures.labels import Name, Spot, arrange
from siting.figures.page import Box

PAGE = Box(0, 0, 400, 300)


def name(key: str, x: float, y: float, w: float, h: float, *, text: str = "浦东新区") -> Name:
    return Name(key, shapely.box(x, y, x + w, y + h), (x + w / 2, y + h / 2), text)


def grid(columns: int, rows: int, text: str = "浦东新区") -> list[Name]:
    w, h = PAGE.width / columns, PAGE.height / rows
    return [
        name(f"{i}", (i % columns) * w, (i // columns) * h, w, h, text=text)
        for i in range(columns * rows)
    ]


def overlapping(spots) -> int:
    boxes = [shapely.box(s.box.x, s.box.y, s.box.right, s.box.top) for s in spots if s is not None]
    return sum(a.intersection(b).area > 1e-6 for i, a in enumerate(boxes) for b in boxes[i + 1 :])


def test_a_name_that_fits_stands_at_its_label_point() -> None:
    spot = arrange([name("a", 100, 100, 100, 60)], PAGE)[0]
    assert spot.line is None
    assert spot.block.size == 9
    assert spot.box.x + spot.box.width / 2 == pytest.approx(150)
    assert spot.box.y + spot.box.height / 2 == pytest.approx(130)


def test_a_name_that_does_not_fit_stands_outside_on_a_line_from_its_place() -> None:
    small = name("a", 100, 100, 8, 8)
    spot = arrange([small], PAGE)[0]
    assert spot.line[0] == small.at
    box = shapely.box(spot.box.x, spot.box.y, spot.box.right, spot.box.top)
    assert not box.intersects(small.home)
    assert box.distance(shapely.Point(spot.line[1])) == pytest.approx(0, abs=1e-9)


def test_names_shrink_before_one_is_lost() -> None:
    # cells of 100 x 30 points hold four hanzi of 9 points; cells of 33.3 x 15 do not hold those of
    # 8 (4 x 8 + 3 = 35 points with the air around), but those of 7 (31 points)
    for columns, rows, size in ((4, 10, 9.0), (12, 20, 7.0)):
        spots = arrange(grid(columns, rows), PAGE)
        assert {spot.block.size for spot in spots if spot is not None} == {size}
        assert all(spot is not None for spot in spots)


def test_a_long_word_is_not_broken_but_a_name_of_hanzi_may_be() -> None:
    narrow = [
        name("a", 100, 100, 40, 60, text="Jiadingzhen"),
        name("b", 200, 100, 30, 60, text="嘉定镇街道"),
    ]
    word, hanzi = arrange(narrow, PAGE)
    assert word.block.lines == ["Jiadingzhen"]
    assert "".join(hanzi.block.lines) == "嘉定镇街道"
    assert len(hanzi.block.lines) == 2


def test_nothing_covers_what_is_taken() -> None:
    taken = Box(100, 100, 100, 60)
    spot = arrange([name("a", 50, 100, 200, 60)], PAGE, [taken])[0]
    assert overlapping([spot, Spot(spot.block, taken)]) == 0
    assert spot.line is None  # beside it there is room in the place


def test_a_point_has_its_name_beside_its_mark() -> None:
    point = Name("z", shapely.Polygon(), (200, 150), "临港")
    mark = Box(195, 145, 10, 10)
    spot = arrange([point], PAGE, marks=[mark])[0]
    assert spot.line is None
    assert spot.box.x >= mark.right
    assert spot.box.x - mark.right < 2


def test_the_order_of_the_names_does_not_matter() -> None:
    names = grid(9, 9)
    expected = dict(zip([n.key for n in names], arrange(names, PAGE), strict=True))
    mixed = random.Random(3).sample(names, len(names))
    assert dict(zip([n.key for n in mixed], arrange(mixed, PAGE), strict=True)) == expected


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.integers(1, 25))
def test_names_never_overlap_and_never_leave_the_frame(seed, count) -> None:
    chance = random.Random(seed)
    names = [
        name(
            str(i),
            chance.uniform(0, 380),
            chance.uniform(0, 280),
            chance.uniform(2, 120),
            chance.uniform(2, 120),
            text="".join(chance.choices("浦东新区嘉定 ab", k=chance.randint(0, 14))),
        )
        for i in range(count)
    ]
    spots = arrange(names, PAGE)
    assert overlapping(spots) == 0
    for spot in spots:
        if spot is not None:
            assert spot.box.x >= 0
            assert spot.box.y >= 0
            assert spot.box.right <= 400
            assert spot.box.top <= 300
            assert spot.block.size >= 6


@given(st.lists(st.integers(-6, 6), min_size=8, max_size=8))
def test_crossing_and_entering_are_what_shapely_says(numbers) -> None:
    x0, y0, x1, y1, *rest = (float(n) for n in numbers)
    if (x0, y0) == (x1, y1) or rest[:2] == rest[2:]:
        return
    one, other = shapely.LineString([(x0, y0), (x1, y1)]), shapely.LineString([rest[:2], rest[2:]])
    a, b = np.array([[x0, y0, x1, y1]]), np.array([rest])
    straight = (x1 - x0) * (rest[3] - rest[1]) == (y1 - y0) * (rest[2] - rest[0])
    if not straight:  # lines on one line are taken for touching, which is safe
        assert bool(crosses(a, b)[0, 0]) == one.intersects(other)
    box = np.array(
        [
            [
                min(rest[0], rest[2]),
                min(rest[1], rest[3]),
                max(rest[0], rest[2]),
                max(rest[1], rest[3]),
            ]
        ]
    )
    low, high = box[0, :2], box[0, 2:]
    if (low < high).all():
        entered = bool(enters(a, box)[0, 0])  # a line along an edge may count, which is safe
        if one.intersects(shapely.box(*box[0]).buffer(-1e-6)):
            assert entered
        if not one.intersects(shapely.box(*box[0])):
            assert not entered


def test_boxes_that_only_touch_do_not_meet() -> None:
    a = np.array([[0.0, 0, 2, 2]])
    assert not meet(a, np.array([[2.0, 0, 4, 2]]))[0, 0]
    assert meet(a, np.array([[1.999, 1.999, 4, 4]]))[0, 0]


def test_a_line_never_passes_under_another_name() -> None:
    # a wall of names between a small place and the free ground
    wall = [name(f"w{i}", 120 * i, 140, 110, 20, text="一二三四五六七八") for i in range(3)]
    spots = arrange([*wall, name("s", 180, 100, 6, 6)], PAGE)
    line = shapely.LineString(spots[-1].line)
    for spot in spots[:3]:
        assert not shapely.box(spot.box.x, spot.box.y, spot.box.right, spot.box.top).intersects(
            line
        )
    assert math.dist(*spots[-1].line) > 3
