"""The perceptual hash: signs of the low frequencies of a small grey picture (docs/methods/photos.md)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

HASH_SIDE = 32  # rows and columns of the grey picture that is hashed
LOW = 8  # frequencies kept in each direction


def _cosines(side: int) -> NDArray[np.float64]:
    """The first rows of the orthonormal DCT-II of `side` points."""
    k, n = np.arange(LOW + 1)[:, None], np.arange(side)[None, :]
    rows: NDArray[np.float64] = np.cos(np.pi * (2 * n + 1) * k / (2 * side)) * np.sqrt(2 / side)
    rows[0] /= np.sqrt(2)
    return rows


_COSINES = _cosines(HASH_SIDE)


def photo_hash(grey: NDArray[np.uint8]) -> int:
    """Hash of a grey picture of 32 x 32 pixels.

    Parameters
    ----------
    grey : uint8 array of shape (32, 32)
        Rows by columns, 0 black to 255 white, the photo upright. Not changed.

    Returns
    -------
    int
        64 bits: one for each of the 8 x 8 lowest frequencies without the mean rows, set where it is above their median.

    Raises
    ------
    ValueError
        If the picture has another shape.

    Notes
    -----
    A picture of one colour has no frequencies: its hash says nothing (all bits equal) and should not be searched.

    References
    ----------
    The DCT hash as described by N. Krawetz, "Looks like it" (2011). Method note: docs/methods/photos.md.

    Examples
    --------
    >>> import numpy as np
    >>> ramp = np.tile(np.arange(0, 256, 8, dtype=np.uint8), (32, 1))
    >>> hash_distance(photo_hash(ramp), photo_hash(ramp // 2))
    0
    """
    if grey.shape != (HASH_SIDE, HASH_SIDE):
        raise ValueError(f"wanted {HASH_SIDE} x {HASH_SIDE} pixels, came {grey.shape}")
    low = (_COSINES @ grey.astype(np.float64) @ _COSINES.T)[1:, 1:]
    bits = (low > np.median(low)).ravel()
    return int("".join("1" if bit else "0" for bit in bits), 2)


def hash_distance(first: int, second: int) -> int:
    """How many of the 64 bits differ.

    Parameters
    ----------
    first, second : int
        Hashes of `photo_hash`.

    Returns
    -------
    int
        0 to 64; about 32 for two pictures that have nothing to do with each other.

    Examples
    --------
    >>> hash_distance(0b1011, 0b0010)
    2
    """
    return (first ^ second).bit_count()


def hash_bytes(value: int) -> tuple[int, ...]:
    """The eight bytes of a hash: two hashes with at most seven bits apart share at least one of them.

    Parameters
    ----------
    value : int
        Hash of `photo_hash`.

    Returns
    -------
    tuple of int
        Eight numbers 0 to 255, the highest byte first. By them near hashes are found with plain indexes.

    Examples
    --------
    >>> hash_bytes(258)
    (0, 0, 0, 0, 0, 0, 1, 2)
    """
    return tuple(value.to_bytes(8, "big"))
