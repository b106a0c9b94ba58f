"""A picture in few colours, so that it is small: flat areas keep theirs exactly, rare ones are kept."""

from __future__ import annotations

import io
from functools import lru_cache

import numpy as np
from PIL import Image
from scipy.spatial import cKDTree

_OFTEN = 128  # of 256
_ACROSS = 1500  # pixels of a picture inside a page or a document


@lru_cache(maxsize=32)  # page, document and slides show the same pictures
def small_picture(picture: bytes) -> bytes:
    """Return a picture file as a PNG of at most 1,500 pixels across, in few colours."""
    with Image.open(io.BytesIO(picture)) as whole:
        wide = min(_ACROSS, whole.width)
        size = wide, round(whole.height * wide / whole.width)
        small = whole.convert("RGB").resize(size, Image.Resampling.LANCZOS)
    packed = io.BytesIO()
    few_colours(small).save(packed, "PNG", optimize=True)
    return packed.getvalue()


def few_colours(picture: Image.Image) -> Image.Image:
    """
    Return a picture in at most 256 colours.

    Parameters
    ----------
    picture
        In any mode; transparency is not kept.

    Returns
    -------
    picture
        With a palette: the colours seen most often, exactly, so that white stays white, and those of
        a tree of all colours, so that a small sign in a colour of its own is not lost. Each pixel
        takes the nearest.

    Examples
    --------
    >>> plain = Image.new("RGB", (9, 9), "#f2f5f7")
    >>> plain.putpixel((4, 4), (11, 58, 143))
    >>> sorted(few_colours(plain).convert("RGB").getcolors())
    [(1, (11, 58, 143)), (80, (242, 245, 247))]
    """
    plain = picture.convert("RGB")
    pixels = np.asarray(plain).reshape(-1, 3)
    weights = np.array([1 << 16, 1 << 8, 1])
    packed, place, count = np.unique(pixels @ weights, return_inverse=True, return_counts=True)
    colours = np.stack([packed >> 16, packed >> 8 & 255, packed & 255], axis=1)
    often = colours[np.argsort(-count, kind="stable")[:_OFTEN]]
    tree = plain.quantize(256 - _OFTEN, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    rare = np.array(tree.getpalette()).reshape(-1, 3)[: 256 - _OFTEN]
    palette = np.concatenate([often, rare])
    _, nearest = cKDTree(palette).query(colours)
    few = Image.fromarray(nearest[place].reshape(plain.height, plain.width).astype(np.uint8))
    few.putpalette(palette.astype(np.uint8).tobytes())
    return few
