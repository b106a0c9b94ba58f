"""Every public function says what it takes, gives and raises, in the form that readers know (numpydoc)."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator

import pytest
from numpydoc.validate import validate

import siting

# What is held: a docstring at all, a one-line summary that ends with a stop, every parameter
# described and none invented, in the order of the signature, and a description of what is returned.
HELD = {"GL08", "SS02", "SS03", "PR01", "PR02", "PR03"}
# Small words on the floor and one-line tables, whose summary says it all.
SHORT = ("siting.tables.", "siting.maps.", "siting.errors.", "siting.escape.", "siting.schema.")


def public() -> Iterator[str]:
    """Yield the full names of the public functions of the public rooms."""
    for room in siting.__all__:
        module = importlib.import_module(f"siting.{room}")
        for name, thing in vars(module).items():
            if name.startswith("_") or not inspect.isfunction(thing):
                continue
            if name not in getattr(module, "__all__", [name]):
                continue
            if thing.__module__.startswith(f"siting.{room}"):
                yield f"siting.{room}.{name}"


@pytest.mark.parametrize("name", sorted(public()))
def test_a_public_function_is_documented(name: str) -> None:
    found = {code: text for code, text in validate(name)["errors"] if code in HELD}
    if name.startswith(SHORT):
        found.pop("PR01", None)
    assert found == {}


def test_the_doors_of_the_contract_have_an_example() -> None:
    for name in (
        "plan.read_plan",
        "places.resolve",
        "places.read_places",
        "crs.convert",
        "crs.area_km2",
        "overlap.incidence",
        "overlap.stack",
        "overlap.pairs",
        "overlap.depth",
        "footprint.trace",
        "chance.hypergeometric_p",
        "chance.false_discovery",
        "reader.verify_plan",
    ):
        room, function = name.split(".")
        documented = getattr(importlib.import_module(f"siting.{room}"), function).__doc__
        assert ">>>" in documented, name
