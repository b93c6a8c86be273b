"""What every screen says beside its numbers, and the only words that may describe a unit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Word(StrEnum):
    """The fixed ladder. Nothing above it exists: a screen orders paper checks, it never proves anything."""

    MATCH = "cocok"
    LOOK = "perlu dicek"
    DOCUMENTS = "dokumen tidak konsisten"


@dataclass(frozen=True)
class Basis:
    """What a screen assumed and how often it looked.

    Parameters
    ----------
    null_model : str
        One sentence: what the figures would look like without anything to look at.
    tests : int
        Units or statistics that were tested, >= 0; the more, the more stand out by chance.
    seed : int or None
        Of the random numbers; None when none were used.
    innocent : str
        What else explains a unit that stands out.

    Examples
    --------
    >>> Basis("last digits are uniform", 1, None, "few large counts").tests
    1
    """

    null_model: str
    tests: int
    seed: int | None
    innocent: str


def benjamini_hochberg(p_values: Floats, *, rate: float = 0.05) -> Bools:
    """Units that stand out when many are tested, with a bound on the share of false ones among them.

    Parameters
    ----------
    p_values : float array of shape (n_tests,)
        In [0, 1]; NaN where a unit could not be tested: it never stands out and does not count as a test.
    rate : float, default=0.05
        Expected share of false ones among those that stand out, in (0, 1).

    Returns
    -------
    stands_out : bool array of shape (n_tests,)

    Raises
    ------
    ValueError
        If the rate is not in (0, 1).

    References
    ----------
    Benjamini & Hochberg (1995), JRSS B 57, 289-300. Method note: docs/methods/screens.md.

    Examples
    --------
    >>> benjamini_hochberg(np.array([0.001, 0.2, 0.03, np.nan, 0.9])).tolist()
    [True, False, False, False, False]
    """
    if not 0 < rate < 1:
        raise ValueError(f"wanted a rate in (0, 1); came {rate}")
    tested = np.flatnonzero(~np.isnan(p_values))
    order = tested[np.argsort(p_values[tested], kind="stable")]
    below = p_values[order] <= rate * np.arange(1, order.size + 1) / max(order.size, 1)
    stands_out = np.zeros(p_values.shape, np.bool_)
    if below.any():
        stands_out[order[: int(np.flatnonzero(below)[-1]) + 1]] = True
    return stands_out
