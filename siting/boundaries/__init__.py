"""A user's own boundary file, opened only if it is what it claims, and checked before it is used."""

from siting.boundaries.reading import (
    CODE_COLUMNS,
    NAME_COLUMNS,
    code_text,
    key_column,
    read_boundaries,
    split_layer,
    unit_names,
)

__all__ = [
    "CODE_COLUMNS",
    "NAME_COLUMNS",
    "code_text",
    "key_column",
    "read_boundaries",
    "split_layer",
    "unit_names",
]
