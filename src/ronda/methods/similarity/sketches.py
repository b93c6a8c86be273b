"""MinHash sketches and the keys under which like sketches meet (docs/methods/similarity.md)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

HASHES = 64  # smallest hashes kept of a text
BANDS, ROWS = 16, 3  # keys, and hashes in each: the first 48
_PRIME = np.uint64((1 << 31) - 1)


def _permutations() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Multipliers and shifts, drawn from a hash of their number: the same on every machine and in every version."""
    drawn = [
        int.from_bytes(blake2b(f"ronda minhash {n}".encode(), digest_size=8).digest())
        for n in range(2 * HASHES)
    ]
    low = int(_PRIME)
    multipliers = [1 + value % (low - 1) for value in drawn[:HASHES]]
    shifts = [value % low for value in drawn[HASHES:]]
    return np.array(multipliers, np.uint64)[:, None], np.array(shifts, np.uint64)[:, None]


_MULTIPLY, _SHIFT = _permutations()


@dataclass(frozen=True)
class Sketch:
    """A text in 64 numbers.

    Parameters
    ----------
    values : uint32 array of shape (64,)
        Smallest hash of the text's features under each permutation.
    size : int
        How many features there were; 0 for a text without any.

    Examples
    --------
    >>> len(sketch(["bagi"]).to_bytes())
    128
    """

    values: NDArray[np.uint32]
    size: int

    def to_bytes(self) -> bytes:
        """The low 16 bits of each value, 128 bytes: enough to estimate with."""
        return bytes((self.values & 0xFFFF).astype("<u2").tobytes())


def sketch(found: Iterable[str]) -> Sketch:
    """The MinHash sketch of a set of features.

    Parameters
    ----------
    found : iterable of str
        Features of a text, from `features`; order and repetition are irrelevant.

    Returns
    -------
    Sketch
        64 values; all zero with size 0 when there are no features.

    References
    ----------
    Broder (1997), "On the resemblance and containment of documents". Method note: docs/methods/similarity.md.

    Examples
    --------
    >>> sketch(["bagi", "amplop"]).size
    2
    >>> bool((sketch(["a", "b"]).values == sketch(["b", "a", "a"]).values).all())
    True
    """
    words = sorted(set(found))
    if not words:
        return Sketch(np.zeros(HASHES, np.uint32), 0)
    hashed = [int.from_bytes(blake2b(word.encode(), digest_size=8).digest()) % int(_PRIME) for word in words]
    values = (_MULTIPLY * np.array(hashed, np.uint64)[None, :] + _SHIFT) % _PRIME
    return Sketch(values.min(axis=1).astype(np.uint32), len(words))


def band_keys(of: Sketch) -> tuple[int, ...]:
    """Keys of which two like sketches share at least one.

    Parameters
    ----------
    of : Sketch
        From `sketch`.

    Returns
    -------
    tuple of int
        16 signed 64-bit numbers, the first telling the band from the others; empty for a sketch of size 0.

    Notes
    -----
    Two texts with Jaccard similarity s share a key with probability 1 - (1 - s^3)^16: 0.35 at 0.3, 0.88 at 0.5,
    0.998 at 0.7.

    Examples
    --------
    >>> len(band_keys(sketch(["bagi", "amplop"])))
    16
    >>> band_keys(sketch([]))
    ()
    """
    if not of.size:
        return ()
    rows = of.values[: BANDS * ROWS].astype("<u4").reshape(BANDS, ROWS)
    digests = (
        blake2b(bytes([band]) + row.tobytes(), digest_size=8).digest() for band, row in enumerate(rows)
    )
    return tuple(int.from_bytes(digest, signed=True) for digest in digests)


def estimated_jaccard(one: bytes, other: bytes) -> float:
    """Share of features that two texts have in common, from their stored sketches.

    Parameters
    ----------
    one, other : bytes
        From `Sketch.to_bytes`, 128 bytes each.

    Returns
    -------
    float
        In [0, 1]; its standard error is at most 0.0625.

    Raises
    ------
    ValueError
        If a sketch has another length; the message gives both.

    Examples
    --------
    >>> whole = sketch(["bagi", "amplop", "warung"]).to_bytes()
    >>> estimated_jaccard(whole, whole)
    1.0
    """
    if len(one) != 2 * HASHES or len(other) != 2 * HASHES:
        raise ValueError(f"wanted two sketches of {2 * HASHES} bytes, came {len(one)} and {len(other)}")
    same = np.frombuffer(one, "<u2") == np.frombuffer(other, "<u2")
    return float(np.count_nonzero(same)) / HASHES
