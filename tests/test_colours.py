"""Colours are few, legible, and the same everywhere."""

from __future__ import annotations

import numpy as np
import pytest

from siting import colours
from siting.colours import CATEGORIES, NEUTRAL, cluster_colours, ink, ramp


def light(colour: str) -> float:
    rgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str) -> float:
    """Contrast ratio of WCAG 2.2."""
    dark, bright = sorted((light(one), light(other)))
    return (bright + 0.05) / (dark + 0.05)


def test_the_ratio_of_black_and_white_is_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("fill", [*CATEGORIES, NEUTRAL, *ramp(9)])
def test_dark_text_reads_on_every_fill(fill) -> None:
    assert contrast(fill, "#1b1b1b") >= 4.5


@pytest.mark.parametrize("colour", cluster_colours([f"c{i}" for i in range(12)]))
def test_the_letter_reads_on_the_colour_of_every_cluster(colour) -> None:
    assert contrast(colour, ink(colour)) >= 4.5


def test_the_sign_of_a_cluster_is_its_letter_on_its_fixed_colour() -> None:
    (sign,) = colours.cluster_signs(["future-energy"], ["未来能源"])
    assert (sign.letter, sign.colour) == ("未", cluster_colours(["future-energy"])[0])
    assert contrast(sign.colour, sign.ink) >= 4.5
